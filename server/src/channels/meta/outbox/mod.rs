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
use ciranda_domain::ids::{AccountId, ConversationId, IdentityId};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::graph::Graph;
use crate::app::App;
use crate::channels::passing;
use crate::store::outbox::{receipts_due, texts_due};
use limits::Limits;

/// Identities and conversations that are worked on at once.
const SIDE_BY_SIDE: usize = 32;
/// How often it looks without being woken: another server may have queued something, a pause may have ended.
const IDLE: Duration = Duration::from_millis(500);
/// After a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// At the end, calls that are under way may still be answered and recorded.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// What the tasks of the worker share.
pub struct Post {
    pub app: Arc<App>,
    pub graph: Graph,
    pub limits: Limits,
}

/// What a task works on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Job {
    Texts(IdentityId),
    Receipt(ConversationId),
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

/// Starts a task for each identity and conversation that is due and not worked on.
async fn start_due(post: &Arc<Post>, at_work: &mut BTreeSet<Job>, tasks: &mut JoinSet<Job>) -> Result<()> {
    let free = |at_work: &BTreeSet<Job>| i64::try_from(SIDE_BY_SIDE.saturating_sub(at_work.len())).unwrap_or(0);
    if free(at_work) == 0 {
        return Ok(());
    }
    let (texts, receipts) = split(at_work);
    for due in texts_due(&post.app.pool, &texts, free(at_work)).await? {
        start(post, at_work, tasks, due.account, Job::Texts(due.subject));
    }
    if free(at_work) > 0 {
        for due in receipts_due(&post.app.pool, &receipts, free(at_work)).await? {
            start(post, at_work, tasks, due.account, Job::Receipt(due.subject));
        }
    }
    Ok(())
}

fn split(at_work: &BTreeSet<Job>) -> (Vec<IdentityId>, Vec<ConversationId>) {
    let texts = at_work.iter().filter_map(|job| if let Job::Texts(identity) = job { Some(*identity) } else { None });
    let receipts =
        at_work.iter().filter_map(|job| if let Job::Receipt(conversation) = job { Some(*conversation) } else { None });
    (texts.collect(), receipts.collect())
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
        match work.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if passing(&error) => tracing::warn!(%account, "sending is tried again: {error:#}"),
            Ok(Err(error)) => {
                tracing::error!(%account, "sending failed: {error:#}");
                sleep(PAUSE).await;
            }
            Err(error) => {
                tracing::error!(%account, "sending ended early: {error}");
                sleep(PAUSE).await;
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
