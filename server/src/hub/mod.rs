//! Who is told of a commit, and in which order.
//!
//! *Invariant:* each account's commits are told in the order of its sequence without a hole. The log in the database is
//! the truth and a published commit only a quicker way to the same rows: what was not published here, because another
//! server wrote it or this one was interrupted, is read from the log. While the log cannot be read nobody is kept
//! listening: a screen that says it is live is. Nothing here waits for a socket: one that falls behind is told so and
//! catches up by itself.

mod account;
mod replay;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use ciranda_domain::ids::AccountId;
use ciranda_domain::time::Moment;
use ciranda_sync::filter::Commit;
use ciranda_sync::rows::Seq;
use ciranda_sync::serve::Encoded;
use tokio::sync::{Notify, broadcast};
use tokio::time::{Instant, sleep};

use crate::app::App;
use crate::auth::SessionId;
use crate::store;

use account::Sequencer;
pub use replay::{Snapshot, read};

/// Commits an account's sockets may lag behind before they have to read the log; they are shared, not copied.
const LAG: usize = 1024;
/// How often the database is asked what other servers wrote.
const POLL: Duration = Duration::from_millis(250);
/// How long a commit may wait for the one before it, which is on its way from another task of this server.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long the log may be out of reach before everybody is let go; they see it, come again and catch up.
const BLIND: Duration = Duration::from_secs(2);

/// What sockets are told.
#[derive(Clone, Debug)]
pub enum News {
    Commit(Arc<Encoded>),
    /// The demo's clock was moved.
    Clock(Moment),
    /// Somebody logged out.
    Ended(SessionId),
}

/// The accounts that somebody is connected to.
#[derive(Default)]
pub struct Hub {
    accounts: Mutex<BTreeMap<AccountId, Topic>>,
    /// Somebody came, or a commit waits for one before it.
    wake: Notify,
}

struct Topic {
    sequencer: Sequencer,
    news: broadcast::Sender<News>,
}

impl Hub {
    /// Tells what was committed. Never waits.
    pub fn publish(&self, account: AccountId, commit: Commit) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(topic) = accounts.get_mut(&account) else { return };
        for ready in topic.sequencer.take(commit) {
            topic.tell(ready);
        }
        if topic.sequencer.is_waiting() {
            self.wake.notify_one();
        }
    }

    /// Tells everybody that business time was moved.
    pub fn clock_changed(&self, now: Moment) {
        self.tell_all(&News::Clock(now));
    }

    /// Tells the sockets of a session that it has ended; those at other servers find out by themselves.
    pub fn session_ended(&self, session: SessionId) {
        self.tell_all(&News::Ended(session));
    }

    fn tell_all(&self, news: &News) {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in accounts.values() {
            topic.news.send(news.clone()).ok();
        }
    }

    /// Listens to an account. Whatever is committed after this call is told, or is in what the caller reads next.
    #[must_use]
    pub fn subscribe(&self, account: AccountId) -> broadcast::Receiver<News> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = accounts.entry(account).or_insert_with(Topic::new);
        self.wake.notify_one();
        topic.news.subscribe()
    }

    /// Ends every subscription.
    fn let_go(&self) {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The accounts somebody listens to; those that nobody does are forgotten.
    fn watched(&self) -> Vec<AccountId> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, topic| topic.news.receiver_count() > 0);
        accounts.keys().copied().collect()
    }

    /// Where the telling of an account stands; `None` when it has not begun.
    fn told(&self, account: AccountId) -> Option<Seq> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(&account).and_then(|topic| topic.sequencer.told())
    }

    fn begin(&self, account: AccountId, head: Seq) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(topic) = accounts.get_mut(&account) else { return };
        // A socket that was greeted before this number was read missed what lies between: a commit of nothing at the
        // head tells it that it is behind, and everybody else passes over it.
        topic.tell(Commit {
            from: head,
            to: head,
            client: None,
            changes: Vec::new(),
            rights: Vec::new(),
            notices: Vec::new(),
        });
        for ready in topic.sequencer.begin(head) {
            topic.tell(ready);
        }
    }
}

impl Topic {
    fn new() -> Self {
        Self { sequencer: Sequencer::default(), news: broadcast::channel(LAG).0 }
    }

    fn tell(&self, commit: Commit) {
        // Nobody listening is no fault: they may have left just now.
        self.news.send(News::Commit(Arc::new(Encoded::new(commit)))).ok();
    }
}

/// Starts the task that reads what was not published here.
pub fn spawn(app: &Arc<App>) {
    let worker = Arc::clone(app);
    app.spawn(async move {
        let mut blind = None;
        loop {
            tokio::select! {
                () = worker.stop.cancelled() => return,
                () = sleep(POLL) => {}
                () = worker.hub.wake.notified() => sleep(PATIENCE).await,
            }
            let begun = Instant::now();
            let Err(error) = heal(&worker).await else {
                blind = None;
                continue;
            };
            tracing::warn!("the accounts' sequences could not be read: {error:#}");
            if blind.get_or_insert(begun).elapsed() >= BLIND {
                worker.hub.let_go();
            }
        }
    });
}

/// Begins what is new and fills every hole from the log.
async fn heal(app: &App) -> Result<()> {
    let accounts = app.hub.watched();
    for (account, head) in store::log::heads(&app.pool, &accounts).await? {
        match app.hub.told(account) {
            None => app.hub.begin(account, head),
            Some(told) if told < head => {
                let mut scoped = store::snapshot(app, account).await?;
                let snapshot = read(app, &mut scoped, told).await?;
                scoped.commit().await?;
                app.hub.publish(account, snapshot.commit(told));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
