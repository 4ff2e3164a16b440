//! How late a conversation passes on, and how soon after a killed server is back.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::time::Moment;
use ciranda_simulator::load;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::{connect_all, to, wall_ms};
use crate::Effort;
use crate::attendant::Seen;
use crate::figures::{Figures, Latencies, milliseconds};
use crate::rig::Rig;
use crate::seed::{self, Handing};

const LIMIT_MS: i64 = 3_000;
const MAXIMUM_MS: i64 = 3_600_000;

/// Measures both.
///
/// # Errors
/// When the server does not come back.
pub async fn measure(server: &Path, graph_url: &str, effort: Effort, figures: &mut Figures) -> Result<()> {
    let mut rig = Rig::start(server, graph_url).await?;
    let seeded =
        seed::account(&rig.database, 1, 5, Handing::Circle { limit_ms: LIMIT_MS, maximum_ms: MAXIMUM_MS }).await?;
    let (seen, watch) = broadcast::channel(65_536);
    let attendants = connect_all(&rig, &seeded, &seen).await?;
    let watcher = tokio::spawn(lateness(watch));
    load::run(&to(&rig, &seeded.teams[0].number, 1, 10, 5, 50), |_, _| {}).await?;
    sleep(Duration::from_secs(u64::from(effort.of(60).max(10)))).await;
    drop(seen);
    for attendant in attendants.into_iter().flatten() {
        attendant.cut();
    }
    figures.add("overflow lateness, seen on the next attendant's socket", "under 1 s", watcher.await?.summary());

    rig.kill_and_restart(Duration::from_secs(5)).await?;
    let ready = Instant::now();
    while overdue(&rig).await? > 0 && ready.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(5)).await;
    }
    figures.add(
        "overdue overflows done after a kill -9 and a restart, from ready",
        "under 1 s",
        milliseconds(ready.elapsed()),
    );
    rig.stop().await;
    Ok(())
}

/// Notes how long after its deadline each hop was seen, until nobody sends any more.
async fn lateness(mut watch: broadcast::Receiver<Seen>) -> Latencies {
    let mut late = Latencies::default();
    loop {
        match watch.recv().await {
            Ok(event) => {
                if let State::Pending(Pending::Designated { since, attempt, .. }) = event.head.state
                    && attempt > 1
                {
                    late.push(since_then(since));
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return late,
        }
    }
}

/// A hop bears its true instant, which is the deadline before it.
fn since_then(instant: Moment) -> Duration {
    Duration::from_millis(u64::try_from(wall_ms() - instant.0).unwrap_or(0))
}

async fn overdue(rig: &Rig) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from conversation where phase = 2 and deadline <= (extract(epoch from clock_timestamp()) * 1000)::bigint")
        .fetch_one(&rig.database)
        .await?)
}
