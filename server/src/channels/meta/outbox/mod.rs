//! From the desk to the provider: who may leave, when, and what became of it.
//!
//! *Invariant:* a text is claimed in a transaction before the call, and sent at most once for a person's act: only what
//! certainly was not taken over is sent again. Texts of one identity leave one after the other, each after the previous
//! one's acceptance; identities do not wait for each other. This module must not know conversations: it tells
//! `desk::outgoing` what became of a text.

mod limits;
mod receipts;
mod send;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ciranda_domain::ids::AccountId;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::graph::Graph;
use crate::app::App;
use crate::channels::passing;
use crate::store::outbox::{Job, due};
use limits::Limits;

/// Identities and conversations that are worked on at once.
const SIDE_BY_SIDE: usize = 32;
/// How often it looks without being woken: another server may have queued something, a pause may have ended.
const IDLE: Duration = Duration::from_millis(500);
/// After a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// After a failure of another kind, which is likely to come again.
const LONG_PAUSE: Duration = Duration::from_secs(15);
/// At the end, calls that are under way may still be answered and recorded.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// What the tasks of the worker share.
pub struct Post {
    pub app: Arc<App>,
    pub graph: Graph,
    pub limits: Limits,
}

/// Works until the server stops.
pub async fn run(app: Arc<App>, graph: Graph) {
    let post = Arc::new(Post { app: Arc::clone(&app), graph, limits: Limits::default() });
    let mut at_work = BTreeSet::new();
    let mut tasks = JoinSet::new();
    while !app.stop.is_cancelled() {
        let rest = match start_due(&post, &mut at_work, &mut tasks).await {
            Ok(()) => IDLE,
            Err(error) => {
                tracing::warn!("outgoing texts are waiting for the database: {error:#}");
                PAUSE
            }
        };
        tokio::select! {
            () = app.stop.cancelled() => {}
            () = app.wake.outbox.notified() => {}
            () = sleep(rest) => {}
            Some(finished) = tasks.join_next() => finish(finished, &mut at_work),
        }
        while let Some(finished) = tasks.try_join_next() {
            finish(finished, &mut at_work);
        }
    }
    let last = async { while tasks.join_next().await.is_some() {} };
    if timeout(LAST_CALLS, last).await.is_err() {
        tracing::warn!("some outgoing texts were still under way at the end; their outcome is unknown");
    }
}

/// Starts a task for everything that is due and not worked on.
async fn start_due(post: &Arc<Post>, at_work: &mut BTreeSet<Job>, tasks: &mut JoinSet<Job>) -> Result<()> {
    let free = i64::try_from(SIDE_BY_SIDE.saturating_sub(at_work.len())).unwrap_or(0);
    if free > 0 {
        for (account, job) in due(&post.app.pool, at_work.iter().copied(), free).await? {
            start(post, at_work, tasks, account, job);
        }
    }
    Ok(())
}

fn start(post: &Arc<Post>, at_work: &mut BTreeSet<Job>, tasks: &mut JoinSet<Job>, account: AccountId, job: Job) {
    at_work.insert(job);
    let post = Arc::clone(post);
    tasks.spawn(async move {
        // A task of its own within, so that a panic still gives the job back.
        let work = tokio::spawn(async move {
            match job {
                Job::Texts(identity) => send::texts(&post, account, identity).await,
                Job::Receipt(conversation) => receipts::send(&post, account, conversation).await,
            }
        });
        // The job stays with this server while it rests, so a failure that lasts is not repeated without a pause.
        match work.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if passing(&error) => {
                tracing::warn!(%account, "sending is tried again: {error:#}");
                sleep(PAUSE).await;
            }
            Ok(Err(error)) => {
                tracing::error!(%account, "sending failed: {error:#}");
                sleep(LONG_PAUSE).await;
            }
            Err(error) => {
                tracing::error!(%account, "sending ended early: {error}");
                sleep(LONG_PAUSE).await;
            }
        }
        job
    });
}

fn finish(finished: Result<Job, tokio::task::JoinError>, at_work: &mut BTreeSet<Job>) {
    if let Ok(job) = finished {
        at_work.remove(&job);
    }
}
