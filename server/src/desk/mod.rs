//! The executor: loads what a decision needs, lets `ciranda_domain` decide, writes what follows in one transaction.
//!
//! *Invariant:* every transaction has one shape: lock in the order contacts, teams, conversations, the account's
//! sequence, each kind by ascending id; decide; take numbers and write in one statement; commit; tell the hub. No
//! network inside a transaction, and no decision that is not the domain's.
//!
//! Read in this order: `reference` (what is remembered), `work` (what a transaction gathers and how it is committed),
//! `teams` (distribution engines), then the doors: `inbound`, `calls`, `outgoing`, `overflow`.

pub mod board;
pub mod calls;
mod clean;
mod directory;
pub mod explain;
pub mod inbound;
pub mod outgoing;
pub mod overflow;
mod reference;
pub mod rights;
pub mod settings;
mod statuses;
mod teams;
mod waiting;
mod work;

use std::time::Duration;

use anyhow::Result;
use rand::Rng;

pub use overflow::spawn;
pub(crate) use reference::calendar_of;
pub use reference::{Memory, Reference};
pub use work::{Committed, Work};

/// Something that was read before the locks is not so any more: the transaction is begun again.
#[derive(Debug, thiserror::Error)]
#[error("what was read changed before it could be locked")]
pub struct Outdated;

/// How often a transaction is begun again before its failure counts.
const ATTEMPTS: u32 = 12;

/// Runs a transaction, again where it failed only because another one was faster.
async fn attempts<T, F: Future<Output = Result<T>>>(mut transaction: impl FnMut() -> F) -> Result<T> {
    for attempt in 1..ATTEMPTS {
        match transaction().await {
            Err(error) if overtaken(&error) => {
                tracing::debug!(attempt, "a transaction is begun again: {error:#}");
                pause(attempt).await;
            }
            other => return other,
        }
    }
    transaction().await
}

/// A moment before the next attempt, so that two do not meet again.
async fn pause(attempt: u32) {
    let pause = rand::rng().random_range(0..u64::from(attempt) * 4);
    tokio::time::sleep(Duration::from_millis(pause)).await;
}

/// Whether another transaction was faster: what was read is outdated, PostgreSQL chose this one to give way, or
/// another one made the same unfinished conversation, or gave somebody the same login, first.
fn overtaken(error: &anyhow::Error) -> bool {
    if error.downcast_ref::<Outdated>().is_some() {
        return true;
    }
    let Some(sqlx::Error::Database(database)) = error.downcast_ref::<sqlx::Error>() else { return false };
    let serialization = matches!(database.code().as_deref(), Some("40001" | "40P01"));
    serialization || matches!(database.constraint(), Some("conversation_unfinished" | "sign_in_pkey"))
}
