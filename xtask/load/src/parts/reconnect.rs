//! A desk that comes back after a thousand changes.

use std::time::Duration;

use anyhow::{Result, ensure};
use ciranda_simulator::load;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::to;
use crate::Effort;
use crate::attendant::{self, Attendant};
use crate::figures::{Figures, Latencies};
use crate::rig::Rig;
use crate::seed::{self, Handing};

/// Changes missed.
const MISSED: u32 = 1000;

/// Measures from opening the socket to being caught up, several times.
///
/// # Errors
/// When something is missing afterwards.
pub async fn measure(rig: &Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let seeded = seed::account(&rig.database, 1, 2, Handing::Open).await?;
    let team = &seeded.teams[0];
    let (seen, _watch) = broadcast::channel(16_384);
    let mut times = Latencies::default();
    for round in 0..effort.of(10) {
        let attendant = Attendant::connect(rig, &team.people[0], seen.clone()).await?;
        let cursor = attendant.cursor();
        let started = attendant::start(rig, &team.people[0]).await?;
        attendant.cut();
        let missed = to(rig, &team.number, u64::from(round) + 2_000_000, 250, MISSED / 250, MISSED);
        load::run(&missed, |_, _| {}).await?;
        sleep(Duration::from_secs(3)).await;
        let begun = Instant::now();
        let back = Attendant::resume(rig, &team.people[0], &started, cursor, seen.clone()).await?;
        times.push(begun.elapsed());
        ensure!(back.heads().len() >= MISSED as usize, "{} of {MISSED} conversations came", back.heads().len());
        back.cut();
    }
    figures.add("reconnect with 1,000 conversations changed", "200 ms", times.summary());
    Ok(())
}
