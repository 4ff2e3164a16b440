//! One account applies its parts: in batches, singly where a batch fails, and setting aside what fails even so.
//!
//! *Invariant:* a failure of the database is never held against an envelope: it is tried again for as long as it takes.
//! Only one that fails by itself is set aside.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ciranda_domain::ids::AccountId;
use ciranda_domain::inbound::InboundEvent;
use ciranda_domain::time::Moment;
use tokio::time::timeout;

use super::super::parse::Heard;
use super::plan::Piece;
use crate::app::App;
use crate::channels::passing;
use crate::desk::inbound::{self, Arrived};

/// Envelopes of one transaction.
const BATCH: usize = 64;
/// Far more than a batch takes; what takes longer is stuck in something and tried again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of an account's part of an envelope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Done {
    Applied,
    /// To be tried again.
    Later,
    /// It cannot be applied; why, in bounded words.
    Refused(String),
}

enum Failure {
    Passing,
    Lasting(String),
}

/// Applies everything that the account has in this pass.
pub async fn apply(app: Arc<App>, account: AccountId, pieces: Vec<Piece>) -> BTreeMap<(i64, AccountId), Done> {
    let mut done = BTreeMap::new();
    let mut tell = |piece: &Piece, outcome: Done| done.insert((piece.arrival, account), outcome);
    let mut batches = pieces.chunks(BATCH);
    while let Some(batch) = batches.next() {
        match together(&app, account, batch).await {
            Ok(()) => batch.iter().for_each(|piece| drop(tell(piece, Done::Applied))),
            Err(Failure::Lasting(_)) => {
                for piece in batch {
                    tell(piece, alone(&app, account, piece).await);
                }
            }
            Err(Failure::Passing) => {
                // Later ones must not overtake these.
                batch.iter().chain(batches.by_ref().flatten()).for_each(|piece| drop(tell(piece, Done::Later)));
            }
        }
    }
    done
}

/// One envelope by itself, so that a bad one is told from its neighbours.
async fn alone(app: &Arc<App>, account: AccountId, piece: &Piece) -> Done {
    match together(app, account, std::slice::from_ref(piece)).await {
        Ok(()) => Done::Applied,
        Err(Failure::Passing) => Done::Later,
        Err(Failure::Lasting(why)) => {
            tracing::error!(%account, arrival = piece.arrival, "a webhook could not be applied and was set aside: {why}");
            Done::Refused(why)
        }
    }
}

async fn together(app: &Arc<App>, account: AccountId, batch: &[Piece]) -> Result<(), Failure> {
    let arrived = in_order(batch);
    let envelopes: Vec<i64> = batch.iter().filter(|piece| piece.sole).map(|piece| piece.arrival).collect();
    let shared = Arc::clone(app);
    // A task of its own, so that a panic over one envelope is that envelope's failure and not the worker's end.
    let mut work = tokio::spawn(async move { inbound::apply(&shared, account, &arrived, &envelopes).await });
    match timeout(PATIENCE, &mut work).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(error))) if passing(&error) => {
            tracing::warn!(%account, "applying webhooks is tried again: {error:#}");
            Err(Failure::Passing)
        }
        Ok(Ok(Err(error))) => Err(Failure::Lasting(format!("not applied: {}", bounded(&error)))),
        Ok(Err(_)) => Err(Failure::Lasting("not applied: it made the program panic".into())),
        Err(_) => {
            work.abort();
            tracing::warn!(%account, "applying webhooks took too long and is tried again");
            Err(Failure::Passing)
        }
    }
}

/// The class of an error, without values: a message of PostgreSQL may quote what somebody wrote.
fn bounded(error: &anyhow::Error) -> String {
    let database = error.chain().find_map(|cause| match cause.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(error)) => Some(error.code().unwrap_or_default().into_owned()),
        Some(_) | None => None,
    });
    database.map_or_else(|| "a row or a rule refused it".into(), |code| format!("SQLSTATE {code}"))
}

/// By Meta's second, then the position in the body, then arrival (decision 24).
fn in_order(batch: &[Piece]) -> Vec<Arrived> {
    let mut keyed: Vec<((Moment, usize, i64), Heard)> = batch
        .iter()
        .flat_map(|piece| {
            let numbered = piece.heard.iter().cloned().enumerate();
            numbered.map(|(position, heard)| ((instant(&heard.event), position, piece.arrival), heard))
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, Heard { event, raw })| Arrived { event, raw }).collect()
}

fn instant(event: &InboundEvent) -> Moment {
    match event {
        InboundEvent::Message(message) => message.at,
        InboundEvent::Status(update) => update.at,
        InboundEvent::IdentityChanged { at, .. } => *at,
    }
}
