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

/// Why webhooks cannot be taken, if they cannot (decision 24).
#[must_use]
pub fn problem(app: &crate::app::App) -> Option<&'static str> {
    let missing = app.config.meta.app_secret.is_none();
    missing.then_some("webhooks are refused until CIRANDA_META_APP_SECRET is set")
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod fuzz;
