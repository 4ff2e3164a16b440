//! One metric compared by day, team, person or channel: bars, and the table that they are drawn from.
//!
//! *Invariant:* the table is always there: screen readers read it, and everybody may look at it instead of the bars.

use ciranda_api::{Part, Report, ReportQuery, ReportRow};
use ciranda_domain::report::{By, Metric};
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::reports::{definition, name};
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::cards::number;
use super::model::{Bar, Chart, HEIGHT, WIDTH, by_of, by_word, chart, figure, headline, named, spoken};
use super::{Answer, Shown, use_shown};

/// Room for the numbers of the scale, and for the keys below.
const LEFT: i64 = 84;
const BELOW: i64 = 26;

/// The panel.
#[component]
pub fn Compare() -> impl IntoView {
    let shown = use_shown();
    let as_table = RwSignal::new(false);
    let metrics =
        move || Metric::ALL.into_iter().filter(move |metric| metric.splits(shown.by.get())).collect::<Vec<_>>();
    view! {
        <section class="panel">
            <h2>{t(Say::Compare)}</h2>
            <div class="panel-body">
                <div class="report-bar">
                    <label><span>{t(Say::MetricShown)}</span>
                        <select on:change=move |event| choose_metric(shown, &event_target_value(&event))>
                            {move || metrics().into_iter().map(|metric| {
                                let selected = metric == shown.metric.get_untracked();
                                view! { <option value=place(metric) selected=selected>{t(name(metric))}</option> }
                            }).collect_view()}
                        </select>
                    </label>
                    <label><span>{t(Say::By)}</span>
                        <select on:change=move |event| choose_by(shown, by_of(&event_target_value(&event)))>
                            {[By::Day, By::Team, By::Person, By::Channel].map(|by| view! { <option value=by_word(by)>{t(key(by))}</option> })}
                        </select>
                    </label>
                    <button type="button" aria-pressed=move || as_table.get().to_string()
                        on:click=move |_| as_table.update(|on| *on = !*on)>
                        {move || t(if as_table.get() { Say::AsChart } else { Say::AsTable })}
                    </button>
                </div>
                <p class="card-definition">{move || definition(words(), shown.metric.get())}</p>
                {move || match shown.compared.get() {
                    Answer::Came(report) => drawn(shown, &report, shown.metric.get(), as_table).into_any(),
                    Answer::Coming => view! { <p role="status">{t(Say::Loading)}</p> }.into_any(),
                    Answer::Refused(error) => super::refused(shown, &error).into_any(),
                }}
            </div>
        </section>
    }
}

fn place(metric: Metric) -> String {
    Metric::ALL.iter().position(|other| *other == metric).unwrap_or_default().to_string()
}

fn choose_metric(shown: Shown, value: &str) {
    let chosen = value.parse::<usize>().ok().and_then(|at| Metric::ALL.get(at).copied());
    shown.metric.set(chosen.unwrap_or(Metric::Arrivals));
}

/// A metric that cannot be told by the new key makes room for the first one.
fn choose_by(shown: Shown, by: By) {
    if !shown.metric.get_untracked().splits(by) {
        shown.metric.set(Metric::Arrivals);
    }
    shown.by.set(by);
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

fn drawn(shown: Shown, report: &Report, metric: Metric, as_table: RwSignal<bool>) -> impl IntoView + use<> {
    let rows = named(words(), report);
    let drawing = chart(&rows, metric);
    let title = tf(Say::ChartOf, &[t(name(metric)), t(key(report.query.by))]);
    let query = report.query.clone();
    let caption = title.clone();
    view! {
        <div hidden=move || as_table.get()>{bars(shown, &query, &drawing, metric, title)}</div>
        <div class=move || if as_table.get() { "scroll" } else { "sr" }>
            <table>
                <caption class="sr">{caption}</caption>
                <thead><tr>
                    <th scope="col">{t(key(query.by))}</th>
                    <th scope="col">{t(name(metric))}</th>
                    <th scope="col">{t(Say::Ninetieth)}</th>
                    <th scope="col">{t(Say::Measured)}</th>
                    <th scope="col">{t(Say::Running)}</th>
                    <th scope="col">{t(Say::Without)}</th>
                </tr></thead>
                <tbody>{rows.into_iter().map(|(row, label)| line(shown, &query, &row, label, metric, as_table)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn line(
    shown: Shown,
    query: &ReportQuery,
    row: &ReportRow,
    label: String,
    metric: Metric,
    as_table: RwSignal<bool>,
) -> impl IntoView + use<> {
    let found = figure(row, metric).cloned();
    let (query, cell) = (query.clone(), row.cell);
    let count = move |part: Part, said: Say, n: u64| {
        let query = query.clone();
        // Out of sight the numbers are only read: nobody's focus goes where nothing is seen.
        move || {
            if as_table.get() {
                number(shown, &query, cell, metric, part, t(said), n).into_any()
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
                <td class="num">{figure.ninetieth.map_or_else(|| "–".to_owned(), |span| spans::spoken(words(), span))}</td>
                <td>{count(Part::Counted, Say::Measured, figure.n)}</td>
                <td>{count(Part::Running, Say::Running, figure.running)}</td>
                <td>{count(Part::Without, Say::Without, figure.without)}</td>
            </tr>
        }
    })
}

fn bars(shown: Shown, query: &ReportQuery, drawing: &Chart, metric: Metric, title: String) -> impl IntoView + use<> {
    let lines = drawing.lines.iter().map(|(value, y)| {
        view! {
            <line class="grid" x1=LEFT x2={LEFT + WIDTH} y1={y + 8} y2={y + 8}/>
            <text class="tick" x={LEFT - 10} y={y + 12} text-anchor="end">{spoken(words(), metric, *value)}</text>
        }
    });
    let labels = drawing.bars.iter().enumerate().filter(|(at, _)| at % drawing.labelled == 0).map(|(_, bar)| {
        view! { <text class="tick" x={LEFT + bar.x + bar.width / 2} y={HEIGHT + BELOW} text-anchor="middle">{short(&bar.label)}</text> }
    });
    let all = drawing.bars.iter().map(|bar| rectangle(shown, query, bar, metric));
    view! {
        <svg class="chart" viewBox=format!("0 0 {} {}", LEFT + WIDTH, HEIGHT + BELOW + 8) role="img" aria-label=title>
            {lines.collect_view()}
            {all.collect_view()}
            {labels.collect_view()}
        </svg>
    }
}

fn rectangle(shown: Shown, query: &ReportQuery, bar: &Bar, metric: Metric) -> impl IntoView + use<> {
    let told = bar.value.map_or_else(|| "–".to_owned(), |value| spoken(words(), metric, value));
    let (query, cell) = (query.clone(), bar.cell);
    let title = tf(Say::RowsTitle, &[t(name(metric)), &bar.label]);
    view! {
        <rect class="bar" x={LEFT + bar.x} y={bar.y + 8} width=bar.width height=bar.height rx="3"
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
