//! From kept bodies to the desk: in order, once, account by account.
//!
//! *Invariant:* one worker of all servers at a time takes the oldest open envelopes; an account applies them in batches,
//! each in one transaction that also marks them, so a crash at any moment loses none and repeats none. An envelope that
//! cannot be applied is set aside with a note and never holds up the others. This module must not know what an event
//! does to a conversation.

mod apply;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ciranda_domain::ids::AccountId;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::webhook::MAX_BODY;
use crate::app::App;
use crate::metrics::{Kind, Metric};
use crate::store::Result;
use crate::store::envelope::{self, Envelope, Fate, Settled};
use apply::{Done, apply};
use plan::{Piece, Plan, plan};

/// Envelopes and bytes of one pass.
const AT_ONCE: i64 = 512;
const BYTES_AT_ONCE: i64 = 16 * 1024 * 1024;
/// How often it looks without being woken: another server may have kept something.
const IDLE: Duration = Duration::from_secs(1);
/// After a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// How long envelopes are kept (decision 25), how often old ones are looked for, and how many go at a time.
const KEPT_DAYS: i32 = 30;
const CLEANING: Duration = Duration::from_secs(600);
const FORGOTTEN_AT_ONCE: i64 = 1_000;

static ENVELOPES: Metric = Metric {
    name: "ciranda_envelopes_total",
    help: "Webhook bodies that were processed, by what became of them.",
    kind: Kind::Counter,
};
static EVENTS: Metric = Metric {
    name: "ciranda_inbound_events_total",
    help: "Events read from webhook bodies, by kind.",
    kind: Kind::Counter,
};
static ASIDES: Metric = Metric {
    name: "ciranda_inbound_asides_total",
    help: "Parts of webhook bodies that are kept but not shown, by what they are.",
    kind: Kind::Counter,
};

/// Works until the server stops.
pub async fn run(app: Arc<App>) {
    let mut cleaned: Option<Instant> = None;
    while !app.stop.is_cancelled() {
        let rest = match pass(&app).await {
            Ok(Pass::More) => continue,
            Ok(Pass::Caught) => IDLE,
            Ok(Pass::Stuck) => PAUSE,
            Err(error) => {
                tracing::warn!("webhooks are waiting for the database: {error}");
                PAUSE
            }
        };
        if cleaned.is_none_or(|at| at.elapsed() >= CLEANING) {
            // As long as there is more, some go after every pass.
            cleaned = (clean(&app).await < FORGOTTEN_AT_ONCE.unsigned_abs()).then(Instant::now);
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = app.wake.ingress.notified() => {}
            () = sleep(rest) => {}
        }
    }
}

/// How a pass ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    /// Nothing is left.
    Caught,
    /// There may be more.
    More,
    /// Something has to be tried again later.
    Stuck,
}

/// Takes what is open and applies it.
///
/// # Errors
/// When the database cannot be reached; what was not applied stays open.
pub async fn pass(app: &Arc<App>) -> Result<Pass> {
    let mut turn = envelope::take_turn(&app.pool).await?;
    let envelopes = envelope::open(&mut turn, AT_ONCE, BYTES_AT_ONCE).await?;
    if envelopes.is_empty() {
        return Ok(Pass::Caught);
    }
    let (count, all) = (envelopes.len(), all(&envelopes));
    let Plan { accounts, mut settled, shared, counts } = plan(&mut turn, app.clock.business_now(), envelopes).await?;
    tracing::debug!(count, accounts = accounts.len(), "webhooks taken up");
    let applied = apply_all(app, accounts).await;
    let stuck = applied.values().any(|done| *done == Done::Later);
    settled.extend(shared.into_iter().filter_map(|one| one.settle(&applied)));
    settled.extend(refused(&applied));
    if !settled.is_empty() {
        envelope::settle(&mut turn, &settled).await?;
    }
    turn.commit().await?;
    counts.tell(app, &settled, &applied);
    Ok(match (stuck, all) {
        (true, _) => Pass::Stuck,
        (false, true) => Pass::Caught,
        (false, false) => Pass::More,
    })
}

/// Whether these are all that were open: another one would have fitted in.
fn all(envelopes: &[Envelope]) -> bool {
    let bytes: usize = envelopes.iter().map(|one| one.body.len()).sum();
    i64::try_from(envelopes.len()).is_ok_and(|count| count < AT_ONCE)
        && i64::try_from(bytes + MAX_BODY).is_ok_and(|bytes| bytes <= BYTES_AT_ONCE)
}

/// What became of each account's part of each envelope.
type Applied = BTreeMap<(i64, AccountId), Done>;

/// Accounts are independent of each other and go side by side, each in its own order.
async fn apply_all(app: &Arc<App>, accounts: BTreeMap<AccountId, Vec<Piece>>) -> Applied {
    const SIDE_BY_SIDE: usize = 4;
    let mut waiting = accounts.into_iter();
    let mut running = JoinSet::new();
    let mut applied = Applied::new();
    loop {
        while running.len() < SIDE_BY_SIDE
            && let Some((account, pieces)) = waiting.next()
        {
            running.spawn(apply(Arc::clone(app), account, pieces));
        }
        match running.join_next().await {
            Some(Ok(done)) => applied.extend(done),
            Some(Err(error)) => tracing::error!("applying webhooks ended early: {error}"),
            None => return applied,
        }
    }
}

/// Envelopes that cannot be applied, once no account has to try its part again.
fn refused(applied: &Applied) -> impl Iterator<Item = Settled> {
    let later: BTreeSet<i64> =
        applied.iter().filter(|(_, done)| **done == Done::Later).map(|((arrival, _), _)| *arrival).collect();
    applied.iter().filter_map(move |((arrival, _), done)| match done {
        Done::Refused(note) if !later.contains(arrival) => {
            Some(Settled { arrival: *arrival, fate: Fate::Broken, note: Some(note.clone()) })
        }
        Done::Refused(_) | Done::Applied | Done::Later => None,
    })
}

/// Deletes some envelopes that were kept long enough, and says how many.
async fn clean(app: &App) -> u64 {
    match envelope::forget(&app.pool, KEPT_DAYS, FORGOTTEN_AT_ONCE).await {
        Ok(count) => {
            if count > 0 {
                tracing::debug!(count, "envelopes older than {KEPT_DAYS} days were deleted");
            }
            count
        }
        Err(error) => {
            tracing::warn!("old envelopes could not be deleted: {error}");
            0
        }
    }
}
