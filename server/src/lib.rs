//! The server's end of Ciranda: one binary that answers the desk, takes Meta's webhooks and sends the answers.
//!
//! Read in this order: `config`, `app` (what every part shares), `store` (all SQL and the one transaction shape),
//! `desk` (commands, inbound, overflow: load, decide by `ciranda_domain`, write), `hub` and `sync_http` (who is told),
//! `channels` (Meta in and out), `reports`, `auth`, `http`, `postgres` (the private cluster), `demo`.

pub mod admin;
pub mod api;
pub mod app;
pub mod auth;
pub mod channels;
pub mod clock;
pub mod config;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod http;
pub mod hub;
mod in_words;
pub mod mail;
pub mod metrics;
pub mod postgres;
pub mod presence;
pub mod reports;
pub mod run;
pub mod secrets;
pub mod store;
pub mod sync_http;
