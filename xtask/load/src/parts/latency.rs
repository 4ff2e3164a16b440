//! One message and one accept at a time, with a hundred sockets open.

use std::time::Duration;

use anyhow::Result;
use ciranda_simulator::load;
use ciranda_sync::calls::Call;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::{connect_all, megabytes, to, until_seen};
use crate::Effort;
use crate::figures::{Figures, Latencies};
use crate::rig::Rig;
use crate::seed::{self, Handing};

const TEAMS: u32 = 5;
const EACH: u32 = 20;

/// Measures both and the memory with the sockets open.
///
/// # Errors
/// When something that is waited for does not come.
pub async fn measure(rig: &Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let seeded = seed::account(&rig.database, TEAMS, EACH, Handing::Open).await?;
    let (seen, mut watch) = broadcast::channel(65_536);
    let mut teams = connect_all(rig, &seeded, &seen).await?;
    sleep(Duration::from_secs(2)).await;
    figures.add("memory of the server, 100 sockets open", "120 MB", megabytes(rig.memory()?));

    let number = &seeded.teams[0].number;
    let mut inbound = Latencies::default();
    for round in 0..effort.of(300) {
        let mut sent = None;
        let one = to(rig, number, u64::from(round) + 1, 1, 1, 1);
        let text = one.shot(0).text;
        let report = load::run(&one, |_, due| sent = Some(due)).await?;
        anyhow::ensure!(report.taken == 1, "the webhook was not taken");
        let at = until_seen(&mut watch, |seen| seen.text() == text).await?;
        inbound.push(at.saturating_duration_since(sent.unwrap_or(at)));
    }
    figures.add("inbound to another attendant's socket, one at a time", "p50 10 ms, p95 25 ms", inbound.summary());

    let many = effort.of(300);
    let fill = to(rig, number, 1_000_000, 50, many.div_ceil(50), many + 1);
    load::run(&fill, |_, _| {}).await?;
    sleep(Duration::from_secs(2)).await;
    let accepts = accept_each(&mut teams[0], &mut watch).await?;
    figures.add("accept to another attendant's socket, one at a time", "p50 8 ms, p95 20 ms", { accepts }.summary());
    Ok(())
}

async fn accept_each(
    team: &mut [crate::attendant::Attendant],
    watch: &mut broadcast::Receiver<crate::attendant::Seen>,
) -> Result<Latencies> {
    let mut accepts = Latencies::default();
    for head in team[1].heads() {
        let Some((first, _)) = team.split_first_mut() else { break };
        let begun = Instant::now();
        first.call(Call::Start { conversation: head.id }).await?;
        let me = first.person;
        let at = until_seen(watch, |seen| seen.by != me && seen.head.id == head.id && seen.in_progress()).await?;
        accepts.push(at.saturating_duration_since(begun));
    }
    Ok(accepts)
}
