//! Two hundred attendants at work while messages come in.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::ConversationId;
use ciranda_simulator::load::{self, Report};
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::{connect_all, megabytes, to};
use crate::Effort;
use crate::attendant::{Attendant, Seen};
use crate::figures::{Figures, Latencies, milliseconds};
use crate::rig::Rig;
use crate::seed::{self, Handing, Seeded};

const TEAMS: u32 = 10;
const EACH: u32 = 20;
/// Customers of each number: with all of them in conversation the 10,000 of the memory's budget are open.
const CUSTOMERS: u32 = 1000;
/// Messages a second while those conversations are opened.
const OPENING: u32 = 300;

/// Measures webhooks, pushes, designations and memory.
///
/// # Errors
/// When messages are lost.
pub async fn measure(rig: &Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let open = seed::account(&rig.database, TEAMS, EACH, Handing::Open).await?;
    // Before the server has read the account: it remembers people until it is told that they changed.
    let supervisor = seed::supervisor(&rig.database, &open).await?;
    spread(rig, &open, 9, OPENING, effort.of(TEAMS * CUSTOMERS / OPENING + 1)).await?;
    let (seen, watch) = broadcast::channel(262_144);
    let sockets = connect_all(rig, &open, &seen).await?;
    let watcher = tokio::spawn(first_sights(watch));
    let (board, board_watch) = broadcast::channel(262_144);
    let supervisor = Attendant::connect(rig, &supervisor, board.clone()).await?;
    let board_watcher = tokio::spawn(first_sights(board_watch));
    let (plans, report) = spread(rig, &open, 1, 100, effort.of(30)).await?;
    figures.add("webhook to durable 200, at 100/s with 200 attendants", "p99 20 ms (at 200/s)", latency(&report));
    sleep(Duration::from_secs(3)).await;
    let conversations = conversations(rig, &open).await?;
    let title = format!("memory of the server, 200 attendants and {conversations} open conversations");
    figures.add(&title, "250 MB", megabytes(rig.memory()?));
    drop((seen, board));
    sockets.into_iter().flatten().for_each(Attendant::cut);
    supervisor.cut();
    let sights = watcher.await?;
    figures.add(
        "webhook to the board of a supervisor of all ten teams, 100/s",
        "under 1 s",
        between(&plans, &board_watcher.await?.texts)?.summary(),
    );
    figures.add(
        "webhook to another attendant's socket, 100/s, 200 attendants",
        "p99 250 ms",
        between(&plans, &sights.texts)?.summary(),
    );
    durable(rig, &open, effort, figures).await?;
    designations(rig, effort, figures).await
}

async fn durable(rig: &Rig, open: &Seeded, effort: Effort, figures: &mut Figures) -> Result<()> {
    let report = load::run(&to(rig, &open.teams[0].number, 7, 200, effort.of(30), CUSTOMERS), |_, _| {}).await?;
    figures.add("webhook to durable 200, at 200/s", "p99 20 ms", latency(&report));
    Ok(())
}

async fn designations(rig: &Rig, effort: Effort, figures: &mut Figures) -> Result<()> {
    let circle =
        seed::account(&rig.database, TEAMS, EACH, Handing::Circle { limit_ms: 600_000, maximum_ms: 3_600_000 }).await?;
    let (seen, watch) = broadcast::channel(262_144);
    let sockets = connect_all(rig, &circle, &seen).await?;
    let watcher = tokio::spawn(first_sights(watch));
    let (plans, _) = spread(rig, &circle, 3, 100, effort.of(20)).await?;
    sleep(Duration::from_secs(3)).await;
    drop(seen);
    sockets.into_iter().flatten().for_each(Attendant::cut);
    let sights = watcher.await?;
    figures.add(
        "arrival to designation, seen by the designee, 100/s",
        "p99 300 ms",
        between(&plans, &sights.designated)?.summary(),
    );
    Ok(())
}

/// The planned instant of each text.
type Plans = BTreeMap<String, Instant>;

/// Sends to every team at once, `rate` in all.
async fn spread(rig: &Rig, seeded: &Seeded, run: u64, rate: u32, seconds: u32) -> Result<(Plans, Report)> {
    let each = (rate / u32::try_from(seeded.teams.len())?).max(1);
    let mut tasks = Vec::new();
    for (index, team) in seeded.teams.iter().enumerate() {
        let one = to(rig, &team.number, run * 100 + index as u64, each, seconds, CUSTOMERS);
        tasks.push(tokio::spawn(async move {
            let mut plans = Plans::new();
            let report = load::run(&one, |shot, due| {
                plans.insert(shot.text.clone(), due);
            })
            .await;
            report.map(|report| (plans, report))
        }));
    }
    let (mut plans, mut worst) = (Plans::new(), Report::default());
    for task in tasks {
        let (some, report) = task.await??;
        plans.extend(some);
        anyhow::ensure!(
            report.failed == 0 && report.refused == 0,
            "{} webhooks were not taken",
            report.failed + report.refused
        );
        if report.latency.p99 >= worst.latency.p99 {
            worst = report;
        }
    }
    Ok((plans, worst))
}

/// When each text, and each designation by text, was first seen by anybody.
#[derive(Default)]
struct Sights {
    texts: Plans,
    designated: Plans,
}

async fn first_sights(mut watch: broadcast::Receiver<Seen>) -> Sights {
    let mut sights = Sights::default();
    let mut known: BTreeMap<ConversationId, ()> = BTreeMap::new();
    loop {
        match watch.recv().await {
            Ok(event) => {
                sights.texts.entry(event.text().to_owned()).or_insert(event.at);
                if let State::Pending(Pending::Designated { designee, .. }) = event.head.state
                    && designee == event.by
                    && known.insert(event.head.id, ()).is_none()
                {
                    sights.designated.entry(event.text().to_owned()).or_insert(event.at);
                }
            }
            Err(broadcast::error::RecvError::Lagged(n)) => eprintln!("the watcher missed {n} sights"),
            Err(broadcast::error::RecvError::Closed) => return sights,
        }
    }
}

/// From each plan to its sight; one that was never seen is a loss.
fn between(plans: &Plans, sights: &Plans) -> Result<Latencies> {
    let mut latencies = Latencies::default();
    for (text, due) in plans {
        let at = sights.get(text).with_context(|| format!("“{text}” reached nobody's screen"))?;
        latencies.push(at.saturating_duration_since(*due));
    }
    Ok(latencies)
}

async fn conversations(rig: &Rig, seeded: &Seeded) -> Result<i64> {
    Ok(sqlx::query_scalar("select count(*) from conversation where account_id = $1 and phase <> 5")
        .bind(seeded.account.0)
        .fetch_one(&rig.database)
        .await?)
}

fn latency(report: &Report) -> String {
    let latency = report.latency;
    format!(
        "p50 {}, p95 {}, p99 {}, max {} (slowest sender; n {})",
        milliseconds(latency.p50),
        milliseconds(latency.p95),
        milliseconds(latency.p99),
        milliseconds(latency.max),
        report.taken
    )
}
