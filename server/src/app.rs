//! What every part of the server shares, as one value behind an `Arc`.
//!
//! *Invariant:* tasks are started on `tasks` and end when `stop` is cancelled; nothing else outlives a request.

use std::sync::Arc;

use sqlx::PgPool;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Memory;
use crate::http::Health;
use crate::hub::Hub;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::presence::Presence;
use crate::secrets::Secrets;

/// A few: a machine has no more cores to count with, and a pool not so many connections.
const REPORTS: usize = 4;

/// The parts of a running server.
pub struct App {
    pub config: Config,
    pub pool: PgPool,
    pub clock: Clock,
    /// What is remembered of accounts' reference rows.
    pub memory: Memory,
    pub hub: Hub,
    pub presence: Presence,
    pub metrics: Metrics,
    pub secrets: Secrets,
    pub mail: Mailer,
    pub health: Health,
    pub wake: Wakes,
    /// Reports that are read at once: each takes two connections, and the desk always has the others.
    pub reports: Semaphore,
    pub tasks: TaskTracker,
    pub stop: CancellationToken,
}

/// Tells a worker that there is something to do. Only a hint: each worker also looks by itself now and then.
#[derive(Default)]
pub struct Wakes {
    pub overflow: Notify,
    pub outbox: Notify,
    pub ingress: Notify,
}

impl Wakes {
    /// Wakes every worker, as after the business clock was moved.
    pub fn all(&self) {
        self.overflow.notify_one();
        self.outbox.notify_one();
        self.ingress.notify_one();
    }
}

impl App {
    /// Puts the parts together; starts nothing.
    #[must_use]
    pub fn new(config: Config, pool: PgPool, clock: Clock, secrets: Secrets) -> Arc<Self> {
        Arc::new(Self {
            mail: Mailer::new(&config),
            health: Health::default(),
            config,
            pool,
            memory: Memory::default(),
            hub: Hub::default(),
            presence: Presence::new(clock.new_id()),
            clock,
            metrics: Metrics::default(),
            secrets,
            wake: Wakes::default(),
            reports: Semaphore::new(REPORTS),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        })
    }

    /// Starts a task that the shutdown waits for. It must end soon after `stop` is cancelled.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }
}
