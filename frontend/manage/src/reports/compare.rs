//! One metric compared by day, team, person or channel: bars, and the table that they are drawn from.
//!
//! *Invariant:* the table is always there: screen readers read it, and everybody may look at it instead of the bars.

use ciranda_api::{Cell, Figure, Part, Report, ReportQuery, ReportRow};
use ciranda_domain::report::{By, Metric};
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::reports::{attributed, name, own};
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::cards::number;
use super::model::{Bar, Chart, HEIGHT, WIDTH, by_of, by_word, chart, figure, headline, named, spoken};
use super::{Answer, Question, Shown, use_shown};

/// Room for the numbers of the scale, and for the keys below.
const LEFT: i64 = 84;
const BELOW: i64 = 34;
/// Room for the value of the tallest bar.
const ABOVE: i64 = 20;
/// So many bars have room for their values.
const VALUES: usize = 12;

/// The panel.
#[component]
pub fn Compare() -> impl IntoView {
    let shown = use_shown();
    let as_table = RwSignal::new(false);
    view! {
        <section class="panel">
            <h2>{t(Say::Compare)}</h2>
            <div class="panel-body">
                <div class="report-bar">
                    {metric_field(shown)}
                    {key_field(shown)}
                    <button type="button" aria-pressed=move || as_table.get().to_string()
                        on:click=move |_| as_table.update(|on| *on = !*on)>
                        {move || t(if as_table.get() { Say::AsChart } else { Say::AsTable })}
                    </button>
                </div>
                {move || match shown.compared.get() {
                    Answer::Came(report) => drawn(shown, &report, as_table).into_any(),
                    Answer::Coming => view! { <p role="status">{t(Say::Loading)}</p> }.into_any(),
                    Answer::Refused(error) => super::refused(shown, &error).into_any(),
                }}
            </div>
        </section>
    }
}

fn metric_field(shown: Shown) -> impl IntoView {
    let place = |metric: Metric| Metric::ALL.iter().position(|other| *other == metric).unwrap_or_default().to_string();
    let change = move |event| {
        let chosen = event_target_value(&event).parse::<usize>().ok().and_then(|at| Metric::ALL.get(at).copied());
        shown.compare(chosen.unwrap_or(Metric::Arrivals));
    };
    view! {
        <label><span>{t(Say::MetricShown)}</span>
            <select prop:value=move || place(shown.question.metric.get()) on:change=change>
                {Metric::ALL.map(|metric| view! { <option value=place(metric)>{t(name(metric))}</option> })}
            </select>
        </label>
    }
}

/// Only the keys by which the metric can be told.
fn key_field(shown: Shown) -> impl IntoView {
    let Question { by, metric, .. } = shown.question;
    let keys =
        move || [By::Day, By::Team, By::Person, By::Channel].into_iter().filter(move |key| metric.get().splits(*key));
    let option = move |one: By| {
        let selected = move || by.get() == one;
        view! { <option value=by_word(one) prop:selected=selected>{t(key(one))}</option> }
    };
    view! {
        <label><span>{t(Say::By)}</span>
            <select on:change=move |event| by.set(by_of(&event_target_value(&event)))>
                {move || keys().map(option).collect_view()}
            </select>
        </label>
    }
}

const fn key(by: By) -> Say {
    match by {
        By::None => Say::All,
        By::Day => Say::Day,
        By::Team => Say::Team,
        By::Person => Say::Person,
        By::Channel => Say::Channel,
    }
}

/// The metric that is compared.
fn asked(query: &ReportQuery) -> Metric {
    query.metrics.first().copied().unwrap_or(Metric::Arrivals)
}

/// The columns that have something in them besides the number itself and how many it is of.
#[derive(Clone, Copy)]
struct Columns {
    ninetieth: bool,
    running: bool,
    without: bool,
}

impl Columns {
    fn of(rows: &[(ReportRow, String)], metric: Metric) -> Self {
        let any = |has: fn(&Figure) -> bool| rows.iter().filter_map(|(row, _)| figure(row, metric)).any(has);
        Self {
            ninetieth: any(|figure| figure.ninetieth.is_some()),
            running: any(|figure| figure.running > 0),
            without: any(|figure| figure.without > 0),
        }
    }
}

/// What came, which may still be the answer to the question before.
fn drawn(shown: Shown, report: &Report, as_table: RwSignal<bool>) -> impl IntoView + use<> {
    let metric = asked(&report.query);
    let rows = named(words(), report);
    let drawing = chart(&rows, metric);
    let columns = Columns::of(&rows, metric);
    let optional = |there: bool, label: Say| there.then(|| view! { <th scope="col">{t(label)}</th> });
    let title = tf(Say::ChartOf, &[t(name(metric)), t(key(report.query.by))]);
    let query = report.query.clone();
    let caption = title.clone();
    view! {
        <p class="card-definition">{own(words(), metric)}</p>
        {attributed(words(), metric, report.query.by).map(|said| view! { <p class="card-definition">{said}</p> })}
        <div hidden=move || as_table.get()>{bars(shown, &query, &drawing, metric, title)}</div>
        <div class=move || if as_table.get() { "scroll" } else { "sr" }>
            <table>
                <caption class="sr">{caption}</caption>
                <thead><tr>
                    <th scope="col">{t(key(query.by))}</th>
                    <th scope="col">{t(name(metric))}</th>
                    {optional(columns.ninetieth, Say::Ninetieth)}
                    <th scope="col">{t(Say::Measured)}</th>
                    {optional(columns.running, Say::Running)}
                    {optional(columns.without, Say::Without)}
                </tr></thead>
                <tbody>{rows.into_iter().map(|(row, label)| line(shown, &query, &row, label, columns, as_table)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(
    shown: Shown,
    query: &ReportQuery,
    row: &ReportRow,
    label: String,
    columns: Columns,
    as_table: RwSignal<bool>,
) -> impl IntoView + use<> {
    let metric = asked(query);
    let found = figure(row, metric).cloned();
    let (query, cell) = (query.clone(), row.cell);
    let count = move |part: Part, said: Say, n: u64| {
        let query = query.clone();
        // Out of sight the numbers are only read: nobody's focus goes where nothing is seen.
        move || {
            if as_table.get() {
                number(shown, &query, cell, metric, part, t(said), n)
            } else {
                n.to_string().into_any()
            }
        }
    };
    found.map(|figure| {
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td class="num">{headline(words(), &figure)}</td>
                {columns.ninetieth.then(|| {
                    let told = figure.ninetieth.map_or_else(|| "–".to_owned(), |span| spans::spoken(words(), span));
                    view! { <td class="num">{told}</td> }
                })}
                <td>{count(Part::Counted, Say::Measured, figure.n)}</td>
                {columns.running.then(|| view! { <td>{count(Part::Running, Say::Running, figure.running)}</td> })}
                {columns.without.then(|| view! { <td>{count(Part::Without, Say::Without, figure.without)}</td> })}
            </tr>
        }
    })
}

fn bars(shown: Shown, query: &ReportQuery, drawing: &Chart, metric: Metric, title: String) -> impl IntoView + use<> {
    let lines = drawing.lines.iter().map(|(value, y)| {
        view! {
            <line class="grid" x1=LEFT x2={LEFT + WIDTH} y1={y + ABOVE} y2={y + ABOVE}/>
            <text class="tick" x={LEFT - 10} y={y + ABOVE + 4} text-anchor="end">{spoken(words(), metric, *value)}</text>
        }
    });
    let labels = drawing.bars.iter().step_by(drawing.labelled).enumerate().map(|(at, bar)| {
        // Where there is little room every other day goes without saying; a name does not.
        let class = match (bar.cell, at % 2) {
            (Cell::Day(_), 0) => "tick day",
            (Cell::Day(_), _) => "tick day between",
            (Cell::All | Cell::Team(_) | Cell::Person(_) | Cell::Channel(_), _) => "tick",
        };
        view! { <text class=class x={LEFT + bar.x + bar.width / 2} y={ABOVE + HEIGHT + BELOW - 6} text-anchor="middle">{short(&bar.label)}</text> }
    });
    let all = drawing.bars.iter().map(|bar| rectangle(shown, query, bar, metric));
    // Where there is room each bar says its value; elsewhere the lines must do.
    let few = if drawing.bars.len() <= VALUES { drawing.bars.as_slice() } else { &[] };
    let values = few.iter().filter_map(|bar| bar.value.map(|value| (bar, value))).map(|(bar, value)| {
        view! { <text class="value" x={LEFT + bar.x + bar.width / 2} y={ABOVE + bar.y - 5} text-anchor="middle">{spoken(words(), metric, value)}</text> }
    });
    view! {
        <svg class="chart" viewBox=format!("0 0 {} {}", LEFT + WIDTH, ABOVE + HEIGHT + BELOW) role="img" aria-label=title>
            {lines.collect_view()}
            {all.collect_view()}
            {values.collect_view()}
            {labels.collect_view()}
        </svg>
    }
}

fn rectangle(shown: Shown, query: &ReportQuery, bar: &Bar, metric: Metric) -> impl IntoView + use<> {
    let told = bar.value.map_or_else(|| "–".to_owned(), |value| spoken(words(), metric, value));
    let (query, cell) = (query.clone(), bar.cell);
    let title = tf(Say::RowsTitle, &[t(name(metric)), &bar.label]);
    view! {
        <rect class="bar" x={LEFT + bar.x} y={bar.y + ABOVE} width=bar.width height=bar.height rx="3"
            on:click=move |_| shown.open(&query, cell, metric, Part::Counted, title.clone())>
            <title>{[&bar.label, ": ", &told].concat()}</title>
        </rect>
    }
}

/// A name as it fits below a bar.
fn short(label: &str) -> String {
    const ENOUGH: usize = 14;
    if label.chars().count() <= ENOUGH {
        return label.to_owned();
    }
    label.chars().take(ENOUGH - 1).chain(std::iter::once('…')).collect()
}
