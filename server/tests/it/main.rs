//! Tests of the server against a real PostgreSQL, as one binary so that it links once.
//!
//! `rig` gives each test a migrated database of its own and a running server.

mod rig;

mod api;
mod auth;
mod channels;
mod cluster;
mod demo;
mod desk;
mod doctor;
mod http;
mod kills;
mod live;
mod postgres;
mod reports;
mod settings;
mod webhook;
