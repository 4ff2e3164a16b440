//! What the database answers for a report, and the figures that are made of it.
//!
//! *Invariant:* which facts a metric counts is read from its definition; nothing here knows a metric by name. All numbers
//! of an answer are read from one state of the database.

use std::collections::BTreeMap;

use ciranda_api::{Cell, Figure, ReportQuery, ReportRow};
use ciranda_domain::ids::{ChannelId, PersonId, TeamId};
use ciranda_domain::report::{AGES, Age, By, DayNumber, FactKind, Measure, Metric, Occupied, Stretch, nearest};
use ciranda_domain::time::{Moment, Span};
use uuid::Uuid;

use super::answer::asked;
use super::sight::Allowed;
use super::{Result, hours, name_of};
use crate::app::App;
use crate::desk::Reference;
use crate::store::Scoped;
use crate::store::codes::Code;
use crate::store::report::{Lengths, Number, Running, Stretches};

/// What the database answered, by the row's key.
#[derive(Default)]
pub struct Found {
    by: By,
    lengths: BTreeMap<(Cell, i16), Measured>,
    counts: BTreeMap<(Cell, i16), u64>,
    running: BTreeMap<(Cell, i16), u64>,
    backlog: BTreeMap<Cell, BTreeMap<Age, u64>>,
    occupied: BTreeMap<Cell, (u64, Occupied)>,
}

/// Which facts and which standing things some metrics are told by.
#[derive(Default)]
struct Wanted {
    lengths: Vec<FactKind>,
    counts: Vec<FactKind>,
    backlog: bool,
    occupancy: bool,
}

impl Wanted {
    fn of(metrics: &[Metric]) -> Self {
        let mut wanted = Self::default();
        for metric in metrics {
            match metric.definition().measure {
                Measure::Length(kind) => wanted.lengths.push(kind),
                Measure::Count(kind) => wanted.counts.push(kind),
                Measure::Share { of, counted } => wanted.counts.extend([counted, of]),
                Measure::Backlog => wanted.backlog = true,
                Measure::Occupancy => wanted.occupancy = true,
            }
        }
        wanted
    }

    const fn finished(&self) -> bool {
        !self.lengths.is_empty() || !self.counts.is_empty()
    }

    /// What is told of conversations as they stand: what of a kind still runs beside what ended, and 0 for their ages.
    fn standing_kinds(&self) -> Vec<i16> {
        let lost = self.counts.iter().filter(|kind| **kind == FactKind::WindowLost);
        let running = self.lengths.iter().chain(lost).map(|kind| kind.code());
        running.chain(self.backlog.then_some(0)).collect()
    }

    fn standing(&self) -> bool {
        self.occupancy || !self.standing_kinds().is_empty()
    }
}

/// Facts of one kind in one cell, as they are gathered.
#[derive(Default)]
struct Gathered {
    ended: u64,
    without: u64,
    lengths: Vec<Span>,
}

impl Gathered {
    fn take(&mut self, row: Lengths) {
        self.ended += unsigned(row.ended);
        self.without += unsigned(row.n - row.ended);
        self.lengths.extend(row.lengths.unwrap_or_default().into_iter().map(Span));
    }

    fn measured(mut self) -> Measured {
        Measured {
            ended: self.ended,
            without: self.without,
            median: nearest(&mut self.lengths, 50),
            ninetieth: nearest(&mut self.lengths, 90),
        }
    }
}

/// Facts of one kind in one cell.
struct Measured {
    ended: u64,
    /// Over without an end that counts.
    without: u64,
    median: Option<Span>,
    ninetieth: Option<Span>,
}

impl Found {
    /// Reads what these metrics are told by. What is finished and what still stands are read at once, by two
    /// connections that see the same state of the database.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(app: &App, scoped: &mut Scoped, allowed: &Allowed, by: By, metrics: &[Metric]) -> Result<Self> {
        let wanted = Wanted::of(metrics);
        let (mut finished, mut standing) = (Self { by, ..Self::default() }, Self { by, ..Self::default() });
        if wanted.finished() && wanted.standing() {
            let mut beside = scoped.beside(app).await?;
            let finished = finished.read_finished(scoped, allowed, &wanted);
            tokio::try_join!(finished, standing.read_standing(&mut beside, allowed, &wanted))?;
        } else {
            finished.read_finished(scoped, allowed, &wanted).await?;
            standing.read_standing(scoped, allowed, &wanted).await?;
        }
        Ok(Self { lengths: finished.lengths, counts: finished.counts, ..standing })
    }

    async fn read_finished(&mut self, scoped: &mut Scoped, allowed: &Allowed, wanted: &Wanted) -> Result<()> {
        let ask = &allowed.ask;
        if allowed.everything {
            // Kind by kind, so that the lengths of one are held at a time.
            for kind in wanted.lengths.chunks(1) {
                self.measure(scoped.day_lengths(ask, kind).await?);
            }
            if !wanted.counts.is_empty() {
                let rows = scoped.day_counts(ask, &wanted.counts).await?;
                self.counts = rows.iter().map(|row| self.number(row)).collect();
            }
        } else if wanted.finished() {
            // Whose conversations must be looked at finds them once for all kinds.
            let rows = scoped.facts(ask, &[&wanted.lengths[..], &wanted.counts].concat()).await?;
            self.counts = rows.iter().map(|row| ((self.cell(row.key, row.day), row.kind), unsigned(row.n))).collect();
            self.measure(rows);
        }
        Ok(())
    }

    async fn read_standing(&mut self, scoped: &mut Scoped, allowed: &Allowed, wanted: &Wanted) -> Result<()> {
        let kinds = wanted.standing_kinds();
        if !kinds.is_empty() {
            let steps: Vec<i64> = AGES.iter().filter_map(|(_, below)| below.map(|span| span.0)).collect();
            for row in scoped.running(&allowed.ask, &kinds, &steps).await? {
                self.stand(&row);
            }
        }
        if wanted.occupancy {
            self.read_occupancy(scoped, allowed).await?;
        }
        Ok(())
    }

    fn stand(&mut self, row: &Running) {
        let (cell, n) = (self.cell(row.key, row.day), unsigned(row.n));
        if let Some(step) = row.step {
            let step = usize::try_from(step).unwrap_or_default().min(AGES.len() - 1);
            self.backlog.entry(cell).or_default().insert(AGES[step].0, n);
        } else {
            self.running.insert((cell, row.kind), n);
        }
    }

    fn measure(&mut self, rows: Vec<Lengths>) {
        let mut gathered: BTreeMap<(Cell, i16), Gathered> = BTreeMap::new();
        for row in rows {
            gathered.entry((self.cell(row.key, row.day), row.kind)).or_default().take(row);
        }
        self.lengths.extend(gathered.into_iter().map(|(key, gathered)| (key, gathered.measured())));
    }

    /// By person, or for all of them together.
    async fn read_occupancy(&mut self, scoped: &mut Scoped, allowed: &Allowed) -> Result<()> {
        let (ask, people) = (&allowed.ask, allowed.people());
        let open = hours::counted(scoped, allowed).await?;
        let mut held: BTreeMap<Uuid, Stretches> =
            scoped.held(ask, &people).await?.into_iter().map(|held| (held.person, held)).collect();
        let present = scoped.present(ask, &people).await?.into_iter();
        let mut all: Vec<_> = present.map(|present| (held.remove(&present.person), Some(present))).collect();
        // Somebody was given a conversation while away: it has its row all the same.
        all.extend(held.into_values().map(|held| (Some(held), None)));
        for (held, present) in all {
            let Some(person) = held.as_ref().or(present.as_ref()).map(|told| told.person) else { continue };
            let cell = if self.by == By::Person { Cell::Person(Some(PersonId(person))) } else { Cell::All };
            let (held, present) = (held.as_ref().map(stretches), present.as_ref().map(stretches));
            let held = held.unwrap_or_default();
            let (n, all) = self.occupied.entry(cell).or_default();
            *n += held.len() as u64;
            let one = Occupied::of(present.unwrap_or_default(), held, &open);
            all.busy.0 += one.busy.0;
            all.available.0 += one.available.0;
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

    /// The rows of the answer, in the order in which they are read.
    pub fn rows(&self, query: &ReportQuery, reference: &Reference) -> Vec<ReportRow> {
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
        let mut figure = Figure::of(metric);
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
                if let Some((n, occupied)) = self.occupied.get(&cell) {
                    (figure.n, figure.occupied) = (*n, Some((occupied.busy, occupied.available)));
                }
            }
        }
        figure
    }
}

fn stretches(told: &Stretches) -> Vec<Stretch> {
    let ends = told.since.iter().zip(&told.until);
    ends.map(|(from, until)| Stretch { from: Moment(*from), until: Moment(*until) }).collect()
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
