//! The timers: designations that were not taken up in time pass on, waiting texts expire.
//!
//! *Invariant:* a timer that fires late gives what one on time would have given, at the true instants; a kill at any
//! moment skips nothing and doubles nothing, because what is due is decided and written in one transaction. Any server
//! may fire any timer.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ciranda_domain::ids::{AccountId, ConversationId, TeamId};
use ciranda_domain::time::{Moment, Span};
use tokio::time::{Instant, sleep};

use super::teams::Teams;
use super::{Work, attempts, waiting};
use crate::app::App;
use crate::store;
use crate::store::due::{Due, beat, due, next};
use crate::store::team::{EXPIRY, Extent, OPENING};

/// Timers of one round.
const AT_ONCE: i64 = 100;
/// The longest sleep: another server may have armed something earlier.
const LONGEST: Duration = Duration::from_secs(1);
/// When another transaction was at work on what is due.
const SHORTLY: Duration = Duration::from_millis(20);

/// What came of a timer, the better first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fired {
    Done,
    /// Somebody else is at work there.
    Busy,
    /// It is tried again.
    Failed,
}

/// Gives the first sign of life, which tells whether the service was down, and starts the timers.
///
/// # Errors
/// When the database cannot be reached.
pub async fn spawn(app: &Arc<App>) -> Result<()> {
    sign_of_life(app).await?;
    let shared = Arc::clone(app);
    app.spawn(async move {
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = run(&shared) => {}
        }
    });
    Ok(())
}

async fn run(app: &App) {
    let mut last_beat = Instant::now();
    loop {
        let pause = match round(app, &mut last_beat).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!("timers could not be looked at: {error:#}");
                LONGEST
            }
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = app.wake.overflow.notified() => {}
        }
    }
}

/// Fires what is due; answers how long nothing more will be.
async fn round(app: &App, last_beat: &mut Instant) -> Result<Duration> {
    if last_beat.elapsed() >= LONGEST {
        sign_of_life(app).await?;
        *last_beat = Instant::now();
    }
    match fire_due(app).await? {
        Fired::Busy => return Ok(SHORTLY),
        Fired::Failed => return Ok(LONGEST),
        Fired::Done => {}
    }
    let wait = next(&app.pool).await?.map_or(LONGEST, duration);
    Ok(wait.min(LONGEST))
}

async fn sign_of_life(app: &App) -> Result<()> {
    if let Some(outage) = beat(&app.pool).await? {
        app.memory.was_down(outage);
    }
    Ok(())
}

/// Fires everything that is due now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn fire_due(app: &App) -> Result<Fired> {
    let mut fired = Fired::Done;
    for due in due(&app.pool, AT_ONCE).await? {
        let result = match due {
            Due::Overflow { account, team } => attempts(|| overflow(app, account, team)).await,
            Due::Fate { account, id } => {
                attempts(|| super::settings::fate::batch(app, account, id)).await.map(|state| match state {
                    super::settings::fate::State::Done => Fired::Done,
                    super::settings::fate::State::More | super::settings::fate::State::Busy => Fired::Busy,
                })
            }
            Due::Opening { account, at } => attempts(|| opening(app, account, at)).await,
            Due::Expiry { account, conversation } => attempts(|| expire(app, account, conversation)).await,
        };
        match result {
            Ok(other) => fired = fired.max(other),
            Err(error) => {
                tracing::error!(?due, "a timer failed and is tried again: {error:#}");
                fired = Fired::Failed;
            }
        }
    }
    Ok(fired)
}

/// Plays the deadlines of a team that have come.
async fn overflow(app: &App, account: AccountId, team: TeamId) -> Result<Fired> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut teams = if reference.has_limits() {
        Teams::lock(&mut scoped, &reference, [team].into(), Extent::Only(&[])).await?
    } else {
        let Some(row) = scoped.lock_idle_team(team).await? else { return Ok(Fired::Busy) };
        Teams::load(&mut scoped, &reference, vec![row], Extent::Only(&[])).await?
    };
    let mut work = Work::new(reference, scoped.now);
    let concerned: Vec<ConversationId> = teams.concerned().into_iter().collect();
    if !concerned.is_empty() {
        work.hold(scoped.lock_conversations(&concerned).await?);
    }
    teams.settle(&mut work)?;
    teams.finish(&mut scoped, &mut work).await?;
    work.commit(app, scoped).await?;
    Ok(Fired::Done)
}

/// Tells each designee, once, how many conversations were designated to them while the account was closed and are theirs
/// still (decision 4).
async fn opening(app: &App, account: AccountId, at: Moment) -> Result<Fired> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let all = reference.organisation.teams.keys().copied().collect();
    let mut teams = Teams::lock(&mut scoped, &reference, all, Extent::All).await?;
    let mut work = Work::new(reference, scoped.now);
    let concerned: Vec<ConversationId> = teams.concerned().into_iter().collect();
    if !concerned.is_empty() {
        work.hold(scoped.lock_conversations(&concerned).await?);
    }
    teams.settle(&mut work)?;
    work.notices = teams.overnight(at);
    work.timer(OPENING, account.0, None);
    // The hours may have been changed meanwhile: then this is not the opening, and the next one is armed again.
    teams.finish(&mut scoped, &mut work).await?;
    work.commit(app, scoped).await?;
    Ok(Fired::Done)
}

/// Cancels the waiting texts of a conversation that are too old.
async fn expire(app: &App, account: AccountId, conversation: ConversationId) -> Result<Fired> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(reference, scoped.now);
    work.hold(scoped.lock_conversations(&[conversation]).await?);
    if work.holds(conversation) {
        waiting::expire(&mut scoped, &mut work, conversation).await?;
    } else {
        work.timer(EXPIRY, conversation.0, None);
    }
    work.commit(app, scoped).await?;
    Ok(Fired::Done)
}

/// Nothing for an instant that has passed.
fn duration(span: Span) -> Duration {
    Duration::from_millis(u64::try_from(span.0).unwrap_or(0))
}
