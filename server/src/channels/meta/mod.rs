//! Meta's platform: webhooks in, Graph API out.
//!
//! Read in this order: [`signature`] and [`webhook`] (verify, store, answer), [`parse`] and [`whatsapp`] (a stored body
//! becomes events of the domain), `ingress` (in order, once), `graph` (the client) and `outbox` (who may leave, when).

pub mod graph;
pub mod ingress;
mod intake;
pub mod outbox;
pub mod parse;
pub mod signature;
pub mod webhook;
pub mod whatsapp;

pub use webhook::routes;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod fuzz;
