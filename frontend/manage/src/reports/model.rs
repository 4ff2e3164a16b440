//! What the reports show, computed: periods, scales, values. Pure.

use ciranda_api::{Cell, Figure, Report, ReportQuery, ReportRow};
use ciranda_domain::calendar::Day;
use ciranda_domain::report::{By, DayNumber, Fault, Hours, Measure, Metric, Period};
use ciranda_domain::time::Span;
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::reports::{per_mille, share};
use ciranda_text::{Words, dates, spans};

/// A choice of days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preset {
    Today,
    Week,
    Month,
    Custom,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::Today, Self::Week, Self::Month, Self::Custom];

    pub const fn label(self) -> Say {
        match self {
            Self::Today => Say::Today,
            Self::Week => Say::Week,
            Self::Month => Say::Month,
            Self::Custom => Say::Custom,
        }
    }

    /// The days it stands for; those chosen for the custom one.
    ///
    /// # Errors
    /// Says why nothing can be asked about those.
    pub fn period(self, today: DayNumber, chosen: Chosen) -> Result<Period, Unsound> {
        let since = |days| Ok(Period { from: DayNumber(today.0 - days), to: today });
        match self {
            Self::Today => since(0),
            Self::Week => since(6),
            Self::Month => since(29),
            Self::Custom => chosen.period(),
        }
    }
}

/// The days that somebody chose; a field may be empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Chosen {
    pub from: Option<DayNumber>,
    pub to: Option<DayNumber>,
}

impl Chosen {
    fn period(self) -> Result<Period, Unsound> {
        let (Some(from), Some(to)) = (self.from, self.to) else { return Err(Unsound::DayMissing) };
        // The server would refuse it in the same words.
        Period { from, to }.check().map_err(Unsound::Fault)
    }
}

impl From<Period> for Chosen {
    fn from(Period { from, to }: Period) -> Self {
        Self { from: Some(from), to: Some(to) }
    }
}

/// Why nothing can be asked about the chosen days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsound {
    DayMissing,
    Fault(Fault),
}

impl Unsound {
    /// The name of a refusal's field for a day that is missing; the server, which is asked for two, knows no such one.
    pub const MISSING: &str = "days";

    /// The field that is to be put right, as refusals name it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::DayMissing => Self::MISSING,
            Self::Fault(fault) => fault.field(),
        }
    }
}

/// The address of the same question as a table for spreadsheets.
pub fn csv_address(query: &ReportQuery, language: &str) -> String {
    let mut address = format!("/relatorios.csv?de={}&ate={}&por={}", query.from, query.to, by_word(query.by));
    let mut add = |name: &str, value: &str| address.push_str(&["&", name, "=", value].concat());
    if let Some(id) = query.team {
        add("equipe", &id.to_string());
    }
    if let Some(id) = query.person {
        add("pessoa", &id.to_string());
    }
    if let Some(id) = query.channel {
        add("canal", &id.to_string());
    }
    if query.hours == Hours::Business {
        add("horas", "uteis");
    }
    add("lingua", language);
    address
}

/// How the address and the fields name a key.
pub const fn by_word(by: By) -> &'static str {
    match by {
        By::None => "",
        By::Day => "dia",
        By::Team => "equipe",
        By::Person => "pessoa",
        By::Channel => "canal",
    }
}

/// The key that a field names.
pub fn by_of(word: &str) -> By {
    [By::Day, By::Team, By::Person, By::Channel].into_iter().find(|by| by_word(*by) == word).unwrap_or_default()
}

/// The number that a chart draws of a figure: a count, a share in thousandths, or a median in milliseconds.
pub fn value(figure: &Figure) -> Option<i64> {
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    match figure.metric.definition().measure {
        Measure::Count(_) | Measure::Backlog => Some(whole(figure.n)),
        Measure::Share { .. } => per_mille(figure.n, figure.of?).map(whole),
        Measure::Length(_) => figure.median.map(|span| span.0),
        Measure::Occupancy => figure
            .occupied
            .and_then(|(busy, all)| per_mille(busy.0.try_into().ok()?, all.0.try_into().ok()?).map(whole)),
    }
}

/// A value of the chart, in words.
pub fn spoken(words: Words, metric: Metric, value: i64) -> String {
    let part = |n: i64| share(words, u64::try_from(n).unwrap_or_default(), 1000);
    match metric.definition().measure {
        Measure::Count(_) | Measure::Backlog => value.to_string(),
        Measure::Share { .. } | Measure::Occupancy => part(value),
        Measure::Length(_) => spans::spoken(words, Span(value)),
    }
}

/// The main number of a card, in words.
pub fn headline(words: Words, figure: &Figure) -> String {
    match value(figure) {
        Some(value) => spoken(words, figure.metric, value),
        None => "–".to_owned(),
    }
}

/// Where the lines of a scale from nothing to `most` lie: at most five, at round numbers, the last at or above `most`.
pub fn ticks(metric: Metric, most: i64) -> Vec<i64> {
    const MINUTE: i64 = 60_000;
    const LENGTHS: [i64; 14] = [
        1_000,
        5_000,
        15_000,
        30_000,
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        60 * MINUTE,
        120 * MINUTE,
        360 * MINUTE,
        720 * MINUTE,
        1440 * MINUTE,
        10_080 * MINUTE,
    ];
    let most = most.max(1);
    let step = match metric.definition().measure {
        Measure::Length(_) => {
            let fitting = LENGTHS.iter().copied().find(|step| most <= step * 4);
            fitting.unwrap_or_else(|| round(most.div_ceil_by(4 * LENGTHS[13]) * LENGTHS[13]))
        }
        Measure::Count(_) | Measure::Share { .. } | Measure::Backlog | Measure::Occupancy => round(most.div_ceil_by(4)),
    };
    (0..=most.div_ceil_by(step)).map(|n| n * step).collect()
}

/// The smallest of 1, 2, 5, 10, 20 … that is not below `n`.
fn round(n: i64) -> i64 {
    let mut power = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            if power.saturating_mul(factor) >= n {
                return power.saturating_mul(factor);
            }
        }
        power = power.saturating_mul(10);
    }
}

trait DivCeil {
    fn div_ceil_by(self, by: Self) -> Self;
}

impl DivCeil for i64 {
    /// For numbers that are not negative.
    fn div_ceil_by(self, by: Self) -> Self {
        self / by + Self::from(self % by != 0)
    }
}

/// A bar: its row, its value, and where it lies in a chart of [`WIDTH`] by [`HEIGHT`].
#[derive(Clone, PartialEq, Debug)]
pub struct Bar {
    pub cell: Cell,
    pub label: String,
    pub value: Option<i64>,
    pub x: i64,
    pub width: i64,
    pub y: i64,
    pub height: i64,
}

/// Units of a chart, room for labels aside.
pub const WIDTH: i64 = 1000;
pub const HEIGHT: i64 = 220;

/// A chart.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Chart {
    pub bars: Vec<Bar>,
    /// Each line beside how far from the top it lies.
    pub lines: Vec<(i64, i64)>,
    /// Every so many bars have room for their label.
    pub labelled: usize,
}

/// The bars of a metric.
pub fn chart(rows: &[(ReportRow, String)], metric: Metric) -> Chart {
    let values: Vec<Option<i64>> = rows.iter().map(|(row, _)| figure(row, metric).and_then(value)).collect();
    let scale = ticks(metric, values.iter().flatten().copied().max().unwrap_or(0));
    let top = scale.last().copied().unwrap_or(1).max(1);
    let count = i64::try_from(rows.len().max(1)).unwrap_or(1);
    let up = |value: i64| HEIGHT * value / top;
    let bars = rows.iter().zip(values).zip(0..).map(|(((row, label), value), at)| {
        let (x, next) = (WIDTH * at / count, WIDTH * (at + 1) / count);
        let gap = ((next - x) / 5).min(12);
        let height = value.map_or(0, |value| up(value).max(i64::from(value > 0) * 2));
        let width = (next - x - gap).clamp(1, 64);
        Bar {
            cell: row.cell,
            label: label.clone(),
            value,
            x: x + (next - x - width) / 2,
            width,
            y: HEIGHT - height,
            height,
        }
    });
    Chart {
        bars: bars.collect(),
        lines: scale.into_iter().map(|value| (value, HEIGHT - up(value))).collect(),
        labelled: rows.len().div_ceil(10).max(1),
    }
}

/// A row's figure of a metric.
pub fn figure(row: &ReportRow, metric: Metric) -> Option<&Figure> {
    row.figures.iter().find(|figure| figure.metric == metric)
}

/// Rows with their keys as people read them; days short.
pub fn named(words: Words, report: &Report) -> Vec<(ReportRow, String)> {
    let label = |row: &ReportRow| match row.cell {
        Cell::All => words.get(Say::All).to_owned(),
        Cell::Person(None) => words.get(Say::Nobody).to_owned(),
        Cell::Day(_) => short_day(words, &row.name),
        Cell::Team(_) | Cell::Person(Some(_)) | Cell::Channel(_) => row.name.clone(),
    };
    report.rows.iter().map(|row| (row.clone(), label(row))).collect()
}

/// `24/11` of `2026-11-24`; as it stands where it is no date.
fn short_day(words: Words, text: &str) -> String {
    Day::try_from(text.to_owned()).map_or_else(|_| text.to_owned(), |day| dates::short(words, day))
}

/// Whether nothing at all was counted.
pub fn is_empty(report: &Report) -> bool {
    let figures = report.rows.iter().flat_map(|row| &row.figures);
    figures.filter(|figure| figure.metric != Metric::Occupancy).all(|f| f.n == 0 && f.running == 0 && f.without == 0)
}
