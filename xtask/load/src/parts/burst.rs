//! The most one number can bring, and what the same database takes at its best.

use std::time::Duration;

use anyhow::{Result, ensure};
use ciranda_simulator::load;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::{connect_all, to};
use crate::Effort;
use crate::figures::{Figures, milliseconds};
use crate::pgbench;
use crate::rig::Rig;
use crate::seed::{self, Handing};

/// Messages a second of the burst.
const RATE: u32 = 1000;

/// Measures the burst, what it takes until everything is processed, and pgbench's rate for the same writes.
///
/// # Errors
/// When a message is lost.
pub async fn measure(rig: &Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let seconds = effort.of(30);
    let seeded =
        seed::account(&rig.database, 1, 20, Handing::Circle { limit_ms: 600_000, maximum_ms: 3_600_000 }).await?;
    let (seen, mut watch) = broadcast::channel(16_384);
    let _sockets = connect_all(rig, &seeded, &seen).await?;
    tokio::spawn(async move { while !matches!(watch.recv().await, Err(broadcast::error::RecvError::Closed)) {} });

    let begun = Instant::now();
    let report = load::run(&to(rig, &seeded.teams[0].number, 9, RATE, seconds, 5000), |_, _| {}).await?;
    ensure!(report.taken == report.sent, "{} of {} webhooks were taken", report.taken, report.sent);
    figures.add(
        "burst of 1,000 messages/s, taken",
        "all, without loss",
        format!(
            "{} of {} in {:.0} s, p99 {}",
            report.taken,
            report.sent,
            report.elapsed.as_secs_f64(),
            milliseconds(report.latency.p99)
        ),
    );
    while stored(rig, &seeded).await? < i64::try_from(report.sent)? {
        ensure!(
            begun.elapsed() < Duration::from_secs(300),
            "{} of {} were processed in 5 minutes",
            stored(rig, &seeded).await?,
            report.sent
        );
        sleep(Duration::from_millis(100)).await;
    }
    let elapsed = begun.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    let rate = report.sent as f64 / elapsed;
    figures.add(
        "the same burst, processed: numbered, designated, pushed",
        "without loss",
        format!("{} in {elapsed:.1} s, {rate:.0}/s", report.sent),
    );
    let best = pgbench::rate(rig, effort.of(20)).await?;
    figures.add("pgbench, the same writes on the same database", "–", format!("{best:.0}/s"));
    figures.add("throughput as a share of pgbench's", "at least 50 %", format!("{:.0} %", rate / best * 100.0));
    Ok(())
}

async fn stored(rig: &Rig, seeded: &seed::Seeded) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from message where account_id = $1 and side = 1")
        .bind(seeded.account.0)
        .fetch_one(&rig.database)
        .await?)
}
