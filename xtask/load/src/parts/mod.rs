//! The parts of a run, each a budget or two.

mod burst;
mod latency;
mod many;
mod overflow;
mod reconnect;
pub mod reports;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use ciranda_simulator::SimNumber;
use ciranda_simulator::load::Load;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep, timeout};

use crate::Effort;
use crate::attendant::{Attendant, Seen};
use crate::figures::Figures;
use crate::graph;
use crate::rig::{APP_SECRET, Rig};
use crate::seed::{Seeded, Team};

/// One thing at a time.
///
/// # Errors
/// When the server does not do what is measured.
pub async fn bench(server: &Path, effort: Effort, figures: &mut Figures) -> Result<()> {
    let graph_url = graph::start().await?;
    let rig = Rig::start(server, &graph_url).await?;
    sleep(Duration::from_secs(5)).await;
    figures.add("memory of the server, idle", "60 MB", megabytes(rig.memory()?));
    latency::measure(&rig, effort, figures).await.with_context(|| format!("see {}", rig.folder.path().display()))?;
    reconnect::measure(&rig, effort, figures).await?;
    rig.stop().await;
    overflow::measure(server, &graph_url, effort, figures).await
}

/// Many at once.
///
/// # Errors
/// When the server does not do what is measured.
pub async fn load(server: &Path, effort: Effort, figures: &mut Figures) -> Result<()> {
    let graph_url = graph::start().await?;
    let rig = Rig::start(server, &graph_url).await?;
    many::measure(&rig, effort, figures).await?;
    burst::measure(&rig, effort, figures).await?;
    rig.stop().await;
    Ok(())
}

/// In the unit of the budgets.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

/// A load to one number.
#[must_use]
pub fn to(rig: &Rig, number: &SimNumber, run: u64, rate: u32, seconds: u32, customers: u32) -> Load {
    Load {
        webhook_url: rig.webhook(),
        app_secret: APP_SECRET.to_owned(),
        number: number.clone(),
        rate,
        seconds,
        customers,
        run,
        clock: std::sync::Arc::new(wall_ms),
    }
}

/// The machine's time, which a server that is no demo uses as business time.
#[must_use]
pub fn wall_ms() -> i64 {
    #[allow(clippy::disallowed_methods, reason = "webhooks carry the sender's time")]
    jiff::Timestamp::now().as_millisecond()
}

/// Opens the sockets of everybody.
///
/// # Errors
/// When one is refused.
pub async fn connect_all(rig: &Rig, seeded: &Seeded, seen: &broadcast::Sender<Seen>) -> Result<Vec<Vec<Attendant>>> {
    let mut teams = Vec::new();
    for team in &seeded.teams {
        teams.push(connect_team(rig, team, seen).await?);
    }
    Ok(teams)
}

async fn connect_team(rig: &Rig, team: &Team, seen: &broadcast::Sender<Seen>) -> Result<Vec<Attendant>> {
    let mut people = Vec::new();
    for login in &team.people {
        people.push(Attendant::connect(rig, login, seen.clone()).await?);
    }
    Ok(people)
}

/// Waits until somebody sees what is looked for.
///
/// # Errors
/// When nobody does within ten seconds.
pub async fn until_seen(seen: &mut broadcast::Receiver<Seen>, mut is_it: impl FnMut(&Seen) -> bool) -> Result<Instant> {
    timeout(Duration::from_secs(10), async {
        loop {
            match seen.recv().await {
                Ok(event) if is_it(&event) => return Ok(event.at),
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    })
    .await
    .context("nobody saw it within 10 s")?
}
