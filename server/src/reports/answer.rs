//! The numbers of a report, and those of today.
//!
//! *Invariant:* nothing is read before `sight::of` allowed the question.

use std::collections::BTreeMap;

use anyhow::Context;
use ciranda_api::{Cell, ErrorCode, Figure, Report, ReportQuery, Today, TodayNumbers};
use ciranda_domain::access::Actor;
use ciranda_domain::report::{By, DayNumber, Hours, Metric};

use super::found::Found;
use super::{Result, sight};
use crate::app::App;
use crate::store;
use crate::store::login::Whose;

/// Answers a report.
///
/// # Errors
/// Says why it is refused, or that the database cannot be reached.
pub async fn report(app: &App, viewer: Whose, query: ReportQuery) -> Result<Report> {
    let _permit = app.reports.acquire().await.context("reports are not answered any more")?;
    let mut scoped = store::counting(app, viewer.account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let allowed = sight::of(&reference, viewer.person, &query, scoped.now)?;
    let metrics: Vec<Metric> = asked(&query).collect();
    let found = Found::read(app, &mut scoped, &allowed, query.by, &metrics).await?;
    let rows = found.rows(&query, &reference);
    Ok(Report { at: scoped.now, today: allowed.today, rows, choices: allowed.choices, query })
}

/// The numbers of the account's present day, by team.
///
/// # Errors
/// Refuses who oversees no team; else as [`report`].
pub async fn today(app: &App, viewer: Whose) -> Result<Today> {
    let _permit = app.reports.acquire().await.context("reports are not answered any more")?;
    let mut scoped = store::counting(app, viewer.account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let actor = reference.organisation.actor(viewer.person).filter(Actor::is_active).ok_or(ErrorCode::NotFound)?;
    let overseen = sight::overseen(&reference, &actor);
    if overseen.is_empty() {
        return Err(ErrorCode::NotAllowed.into());
    }
    let day = DayNumber::at(scoped.now, &reference.zone);
    let metrics = vec![Metric::Arrivals, Metric::FirstResponse, Metric::Overflow, Metric::WindowsLost];
    let (team, person, channel) = (None, None, None);
    let mut query =
        ReportQuery { from: day, to: day, metrics, by: By::None, team, person, channel, hours: Hours::Calendar };
    let mut all = BTreeMap::new();
    for by in [By::None, By::Team] {
        query.by = by;
        let allowed = sight::of(&reference, viewer.person, &query, scoped.now)?;
        let metrics: Vec<Metric> = asked(&query).collect();
        let rows = Found::read(app, &mut scoped, &allowed, by, &metrics).await?.rows(&query, &reference);
        all.extend(rows.into_iter().map(|row| (row.cell, numbers(&row.figures))));
    }
    let numbers = |cell| all.get(&cell).copied().unwrap_or_default();
    let mut named: Vec<_> = overseen.iter().filter_map(|id| reference.organisation.teams.get(id)).collect();
    named.sort_by_key(|team| (team.name.to_lowercase(), team.id));
    let teams = named.into_iter().filter(|team| !team.deleted).map(|team| (team.id, numbers(Cell::Team(team.id))));
    Ok(Today { at: scoped.now, day, all: numbers(Cell::All), teams: teams.collect() })
}

fn numbers(figures: &[Figure]) -> TodayNumbers {
    let mut numbers = TodayNumbers::default();
    for figure in figures {
        match figure.metric {
            Metric::Arrivals => numbers.arrivals = figure.n,
            Metric::FirstResponse => {
                (numbers.answered, numbers.unanswered) = (figure.n, figure.running);
                (numbers.first_median, numbers.first_ninetieth) = (figure.median, figure.ninetieth);
            }
            Metric::Overflow => (numbers.overflows, numbers.offers) = (figure.n, figure.of.unwrap_or_default()),
            Metric::WindowsLost => numbers.windows_lost = figure.n,
            Metric::NextResponse
            | Metric::Wait
            | Metric::Handle
            | Metric::Resolution
            | Metric::Conclusions
            | Metric::Reopenings
            | Metric::Transfers
            | Metric::Backlog
            | Metric::Occupancy => {}
        }
    }
    numbers
}

/// The metrics that a question is about.
pub(super) fn asked(query: &ReportQuery) -> impl Iterator<Item = Metric> {
    let all = Metric::ALL.into_iter();
    all.filter(|metric| metric.splits(query.by) && (query.metrics.is_empty() || query.metrics.contains(metric)))
}
