//! Channels: what comes in from providers and what goes out to them.
//!
//! *Invariant:* nothing is acknowledged to a provider before it is durable, nothing durable is processed twice, and a
//! message leaves at most once for a person's act. This module must not know how a conversation is routed or who sees
//! it: it hands events to `desk::inbound` and outcomes to `desk::outgoing`.

pub mod meta;

use std::sync::Arc;

use anyhow::Context;

use crate::app::App;

/// Starts the workers.
///
/// # Errors
/// When the client of the Graph API cannot be set up.
pub fn spawn(app: &Arc<App>) -> anyhow::Result<()> {
    let graph =
        meta::graph::Graph::new(&app.config.meta).context("the client of Meta's Graph API could not be set up")?;
    app.spawn(meta::ingress::run(Arc::clone(app)));
    app.spawn(meta::outbox::run(Arc::clone(app), graph));
    Ok(())
}

/// Whether a failure is the database's passing trouble, so that the same work may succeed later: no connection, a
/// restart, a lost race, a full disk.
fn passing(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<sqlx::Error>()).any(|error| match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
        }
        _ => false,
    })
}
