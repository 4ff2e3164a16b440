//! Keeps webhook bodies: many at once are written together, so that a burst costs few commits.
//!
//! *Invariant:* a body's sender is told that it is kept only after the commit that holds it. Bodies are written in the
//! order in which they were handed over, except that a few writes may be under way at the same time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::store::envelope;

/// Writes under way at once. PostgreSQL flushes concurrent commits together, so a few are better than one; the rest of
/// the pool stays free for the desk.
const WRITERS: usize = 4;
/// Bodies and bytes of one write.
const AT_ONCE: usize = 128;
const BYTES_AT_ONCE: usize = 8 * 1024 * 1024;
/// Bytes that may wait; beyond, senders are told to come again, which providers do.
const BYTES_WAITING: usize = 64 * 1024 * 1024;
/// Providers want an answer within five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// The body is not kept, or it is not known whether it is; the sender must send it again.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    #[error("too many webhooks are waiting to be written")]
    Full,
    #[error("the database did not answer in time")]
    Late,
    #[error("the database refused: {0}")]
    Database(String),
}

/// The way of webhook bodies into the database.
#[derive(Default)]
pub struct Intake {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<Waiting>,
    bytes: usize,
    writers: usize,
}

struct Waiting {
    body: Bytes,
    kept: oneshot::Sender<Result<(), NotKept>>,
}

impl Intake {
    /// Keeps a body; returns when it is durable.
    ///
    /// # Errors
    /// When it is not kept, or not known to be.
    pub async fn keep(self: &Arc<Self>, pool: &PgPool, body: Bytes) -> Result<(), NotKept> {
        let (kept, outcome) = oneshot::channel();
        if self.enlist(Waiting { body, kept })? {
            // A task of its own: the request that happens to write must not take the others with it when its client
            // goes away.
            tokio::spawn(write(Arc::clone(self), pool.clone()));
        }
        match timeout(PATIENCE, outcome).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(NotKept::Late),
        }
    }

    /// Adds a body and says whether a writer is wanted for it.
    fn enlist(&self, waiting: Waiting) -> Result<bool, NotKept> {
        let mut state = self.state();
        if state.bytes + waiting.body.len() > BYTES_WAITING {
            return Err(NotKept::Full);
        }
        state.bytes += waiting.body.len();
        state.waiting.push(waiting);
        let wanted = state.writers < WRITERS;
        state.writers += usize::from(wanted);
        Ok(wanted)
    }

    /// The next bodies to write; when there are none, the writer is counted out.
    fn next(&self) -> Vec<Waiting> {
        let mut state = self.state();
        // Nobody waits for these any more: their senders were told to come again.
        state.waiting.retain(|one| !one.kept.is_closed());
        let mut bytes = 0;
        let fit = state.waiting.iter().take(AT_ONCE).take_while(|one| {
            bytes += one.body.len();
            bytes <= BYTES_AT_ONCE
        });
        let count = fit.count();
        let next: Vec<Waiting> = state.waiting.drain(..count).collect();
        state.bytes = state.waiting.iter().map(|one| one.body.len()).sum();
        if next.is_empty() {
            state.writers -= 1;
        }
        next
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until nothing waits.
async fn write(intake: Arc<Intake>, pool: PgPool) {
    loop {
        let batch = intake.next();
        if batch.is_empty() {
            return;
        }
        let bodies: Vec<&[u8]> = batch.iter().map(|one| one.body.as_ref()).collect();
        let written = timeout(PATIENCE, envelope::keep(&pool, &bodies)).await;
        for one in batch {
            let told = match &written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(NotKept::Database(error.to_string())),
                Err(_) => Err(NotKept::Late),
            };
            // The sender may have gone away; then it sends again, and the second copy is recognised.
            let _ = one.kept.send(told);
        }
    }
}
