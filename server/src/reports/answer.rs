//! The numbers of a report, and those of today.
//!
//! *Invariant:* which facts a metric counts is read from its definition; nothing here knows a metric by name, except
//! that today's board picks its few.

use std::collections::BTreeMap;
use std::sync::Arc;

use ciranda_api::{Cell, ErrorCode, Figure, Report, ReportQuery, ReportRow, Today, TodayNumbers};
use ciranda_domain::access::Actor;
use ciranda_domain::ids::{ChannelId, PersonId, TeamId};
use ciranda_domain::report::{AGES, Age, By, DayNumber, FactKind, Hours, Measure, Metric, nearest};
use ciranda_domain::time::{Moment, Span};
use uuid::Uuid;

use super::sight::{self, Allowed};
use super::{Result, name_of};
use crate::app::App;
use crate::desk::Reference;
use crate::store::codes::Code;
use crate::store::login::Whose;
use crate::store::report::{Lengths, Number};
use crate::store::{self, Scoped};

/// Answers a report.
///
/// # Errors
/// Says why it is refused, or that the database cannot be reached.
pub async fn report(app: &App, viewer: Whose, query: ReportQuery) -> Result<Report> {
    let (running, rest): (Vec<Metric>, Vec<Metric>) = asked(&query).partition(|metric| runs(*metric));
    // Neither waits for the other; each reads one state of the database, by the rights of that state.
    let (mut part, beside) = if running.is_empty() || rest.is_empty() {
        (Asked::read(app, viewer, &query, &[running, rest].concat()).await?, Found::default())
    } else {
        let both = (Asked::read(app, viewer, &query, &running), Asked::read(app, viewer, &query, &rest));
        let (part, beside) = tokio::try_join!(both.0, both.1)?;
        (part, beside.found)
    };
    part.found.join(beside);
    let rows = part.found.rows(&query, &part.reference);
    Ok(Report { at: part.at, today: part.allowed.today, rows, choices: part.allowed.choices, query })
}

/// Whether a metric tells what still runs too: all that are measured, which is the half of the work.
fn runs(metric: Metric) -> bool {
    matches!(metric.definition().measure, Measure::Length(_) | Measure::Count(FactKind::WindowLost))
}

/// Some metrics of a question, and whom they are told to.
struct Asked {
    at: Moment,
    reference: Arc<Reference>,
    allowed: Allowed,
    found: Found,
}

impl Asked {
    async fn read(app: &App, viewer: Whose, query: &ReportQuery, metrics: &[Metric]) -> Result<Self> {
        let mut scoped = store::counting(app, viewer.account).await?;
        let reference = app.memory.reference(&mut scoped).await?;
        let allowed = sight::of(&reference, viewer.person, query, scoped.now)?;
        let found = Found::read(&mut scoped, &allowed, query.by, metrics).await?;
        Ok(Self { at: scoped.now, reference, allowed, found })
    }
}

/// The numbers of the account's present day, by team.
///
/// # Errors
/// Refuses who oversees no team; else as [`report`].
pub async fn today(app: &App, viewer: Whose) -> Result<Today> {
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
        let rows = Found::read(&mut scoped, &allowed, by, &metrics).await?.rows(&query, &reference);
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

/// What the database answered, by the row's key.
#[derive(Default)]
struct Found {
    by: By,
    lengths: BTreeMap<(Cell, i16), Measured>,
    counts: BTreeMap<(Cell, i16), u64>,
    running: BTreeMap<(Cell, i16), u64>,
    backlog: BTreeMap<Cell, BTreeMap<Age, u64>>,
    occupied: BTreeMap<Cell, (u64, Span, Span)>,
}

/// Facts of one kind in one cell.
struct Measured {
    ended: u64,
    /// Over without an end that counts.
    without: u64,
    median: Option<Span>,
    ninetieth: Option<Span>,
}

impl Measured {
    fn of(row: Lengths) -> Self {
        let mut lengths: Vec<Span> = row.lengths.unwrap_or_default().into_iter().map(Span).collect();
        Self {
            ended: unsigned(row.ended),
            without: unsigned(row.n - row.ended),
            median: nearest(&mut lengths, 50),
            ninetieth: nearest(&mut lengths, 90),
        }
    }
}

impl Found {
    async fn read(scoped: &mut Scoped, allowed: &Allowed, by: By, metrics: &[Metric]) -> Result<Self> {
        let mut found = Self { by, ..Self::default() };
        let measures: Vec<Measure> = metrics.iter().map(|metric| metric.definition().measure).collect();
        let ask = &allowed.ask;
        let lengths: Vec<FactKind> = measures.iter().filter_map(|measure| length_of(*measure)).collect();
        // Kind by kind, so that the lengths of one are held at a time; but whose conversations must be looked at finds
        // them once for all kinds.
        let together = if allowed.everything { 1 } else { FactKind::ALL.len() };
        for kinds in lengths.chunks(together) {
            for row in scoped.fact_lengths(ask, kinds).await? {
                found.lengths.insert((found.cell(row.key, row.day), row.kind), Measured::of(row));
            }
        }
        let counts: Vec<FactKind> = measures.iter().flat_map(|measure| counts_of(*measure)).flatten().collect();
        if !counts.is_empty() {
            let rows = if allowed.everything {
                scoped.day_counts(ask, &counts).await?
            } else {
                scoped.fact_counts(ask, &counts).await?
            };
            found.counts = rows.iter().map(|row| found.number(row)).collect();
        }
        if !lengths.is_empty() || counts.contains(&FactKind::WindowLost) {
            let rows = scoped.running_counts(ask).await?;
            found.running = rows.iter().map(|row| found.number(row)).collect();
        }
        if measures.contains(&Measure::Backlog) {
            found.read_backlog(scoped, allowed).await?;
        }
        if measures.contains(&Measure::Occupancy) {
            found.read_occupancy(scoped, allowed).await?;
        }
        Ok(found)
    }

    /// Takes in what was read beside it.
    fn join(&mut self, mut other: Self) {
        self.lengths.append(&mut other.lengths);
        self.counts.append(&mut other.counts);
        self.running.append(&mut other.running);
        self.backlog.append(&mut other.backlog);
        self.occupied.append(&mut other.occupied);
    }

    async fn read_backlog(&mut self, scoped: &mut Scoped, allowed: &Allowed) -> Result<()> {
        let steps: Vec<i64> = AGES.iter().filter_map(|(_, below)| below.map(|span| span.0)).collect();
        for row in scoped.backlog(&allowed.ask, &steps).await? {
            let step = usize::try_from(row.kind).unwrap_or_default().min(AGES.len() - 1);
            let cell = self.cell(row.key, row.day);
            self.backlog.entry(cell).or_default().insert(AGES[step].0, unsigned(row.n));
        }
        Ok(())
    }

    /// By person, or for all of them together.
    async fn read_occupancy(&mut self, scoped: &mut Scoped, allowed: &Allowed) -> Result<()> {
        let by_person = self.by == By::Person;
        for spell in scoped.occupancy(&allowed.ask, &allowed.people()).await? {
            let cell = if by_person { Cell::Person(Some(PersonId(spell.person))) } else { Cell::All };
            let (n, busy, available) = self.occupied.entry(cell).or_default();
            *n += unsigned(spell.n);
            busy.0 += spell.busy;
            available.0 += spell.available;
        }
        Ok(())
    }

    fn number(&self, row: &Number) -> ((Cell, i16), u64) {
        ((self.cell(row.key, row.day), row.kind), unsigned(row.n))
    }

    fn cell(&self, key: Option<Uuid>, day: Option<i32>) -> Cell {
        match (self.by, key, day) {
            (By::Day, _, Some(day)) => Cell::Day(DayNumber(day)),
            (By::Team, Some(id), _) => Cell::Team(TeamId(id)),
            (By::Person, Some(id), _) => Cell::Person((!id.is_nil()).then_some(PersonId(id))),
            (By::Channel, Some(id), _) => Cell::Channel(ChannelId(id)),
            (By::None | By::Day | By::Team | By::Person | By::Channel, ..) => Cell::All,
        }
    }

    fn rows(&self, query: &ReportQuery, reference: &Reference) -> Vec<ReportRow> {
        let keyed = self.lengths.keys().chain(self.counts.keys()).chain(self.running.keys()).map(|(cell, _)| *cell);
        let mut cells: Vec<Cell> =
            keyed.chain(self.backlog.keys().copied()).chain(self.occupied.keys().copied()).collect();
        match query.by {
            By::None => cells.push(Cell::All),
            // A day on which nothing happened is a number too.
            By::Day => cells.extend((query.from.0..=query.to.0).map(|day| Cell::Day(DayNumber(day)))),
            By::Team | By::Person | By::Channel => {}
        }
        cells.sort_unstable();
        cells.dedup();
        let mut rows: Vec<ReportRow> = cells
            .into_iter()
            .map(|cell| ReportRow {
                cell,
                name: name_of(reference, &cell).unwrap_or_default(),
                figures: asked(query).map(|metric| self.figure(metric, cell)).collect(),
            })
            .collect();
        if !matches!(query.by, By::None | By::Day) {
            rows.sort_by_key(|row| (row.name.is_empty(), row.name.to_lowercase(), row.cell));
        }
        rows
    }

    fn figure(&self, metric: Metric, cell: Cell) -> Figure {
        let measure = metric.definition().measure;
        let mut figure = Figure {
            metric,
            n: 0,
            of: None,
            median: None,
            ninetieth: None,
            running: 0,
            without: 0,
            ages: Vec::new(),
            occupied: None,
        };
        let count = |kind: FactKind| self.counts.get(&(cell, kind.code())).copied().unwrap_or_default();
        let running = |kind: FactKind| self.running.get(&(cell, kind.code())).copied().unwrap_or_default();
        match measure {
            // What ended unnoticed while nobody wrote is counted from where the conversations stand.
            Measure::Count(kind) if kind == FactKind::WindowLost => figure.n = count(kind) + running(kind),
            Measure::Count(kind) => figure.n = count(kind),
            Measure::Share { of, counted } => (figure.n, figure.of) = (count(counted), Some(count(of))),
            Measure::Length(kind) => {
                if let Some(found) = self.lengths.get(&(cell, kind.code())) {
                    (figure.n, figure.without) = (found.ended, found.without);
                    (figure.median, figure.ninetieth) = (found.median, found.ninetieth);
                }
                figure.running = running(kind);
            }
            Measure::Backlog => {
                let ages = self.backlog.get(&cell);
                figure.ages =
                    AGES.iter().map(|(age, _)| (*age, ages.and_then(|a| a.get(age)).copied().unwrap_or(0))).collect();
                figure.n = figure.ages.iter().map(|(_, n)| n).sum();
            }
            Measure::Occupancy => {
                if let Some((n, busy, available)) = self.occupied.get(&cell) {
                    (figure.n, figure.occupied) = (*n, Some((*busy, *available)));
                }
            }
        }
        figure
    }
}

/// The metrics that a question is about.
pub(super) fn asked(query: &ReportQuery) -> impl Iterator<Item = Metric> {
    let all = Metric::ALL.into_iter();
    all.filter(|metric| metric.splits(query.by) && (query.metrics.is_empty() || query.metrics.contains(metric)))
}

const fn length_of(measure: Measure) -> Option<FactKind> {
    match measure {
        Measure::Length(kind) => Some(kind),
        Measure::Count(_) | Measure::Share { .. } | Measure::Backlog | Measure::Occupancy => None,
    }
}

const fn counts_of(measure: Measure) -> [Option<FactKind>; 2] {
    match measure {
        Measure::Count(kind) => [Some(kind), None],
        Measure::Share { of, counted } => [Some(counted), Some(of)],
        Measure::Length(_) | Measure::Backlog | Measure::Occupancy => [None, None],
    }
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
