//! A card for each metric: its number, what belongs to it, and its definition beside it.

use ciranda_api::{Cell, Figure, Part, Report, ReportQuery};
use ciranda_domain::report::Metric;
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::reports::{age, definition, name};
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::model::headline;
use super::{Shown, use_shown};

/// All of them.
#[component]
pub fn Cards(report: Report) -> impl IntoView {
    let shown = use_shown();
    let query = report.query.clone();
    let figures = report.rows.into_iter().next().map(|row| row.figures).unwrap_or_default();
    view! {
        <section class="cards" aria-label=t(Say::Numbers)>
            {figures.into_iter().map(|figure| card(shown, &query, &figure)).collect_view()}
        </section>
    }
}

fn card(shown: Shown, query: &ReportQuery, figure: &Figure) -> impl IntoView + use<> {
    let metric = figure.metric;
    let ages = figure.ages.iter().filter(|(_, n)| *n > 0);
    let ages = ages.map(|(step, n)| number(shown, query, Cell::All, metric, Part::Aged(*step), t(age(*step)), *n));
    let ninetieth = figure.ninetieth.map(|span| {
        view! { <span><small>{t(Say::Ninetieth)}</small>" "<b>{spans::spoken(words(), span)}</b></span> }
    });
    view! {
        <article>
            <h2>{t(name(metric))}</h2>
            <p class="card-main"><b>{headline(words(), figure)}</b>
                {figure.median.is_some().then(|| view! { <small>{t(Say::Median)}</small> })}
                {ninetieth}
            </p>
            <p class="card-more">
                {number(shown, query, Cell::All, metric, Part::Counted, t(Say::Measured), figure.n)}
                {figure.of.map(|of| number(shown, query, Cell::All, metric, Part::Whole, t(Say::Whole), of))}
                {(figure.running > 0).then(|| number(shown, query, Cell::All, metric, Part::Running, t(Say::Running), figure.running))}
                {(figure.without > 0).then(|| number(shown, query, Cell::All, metric, Part::Without, t(Say::Without), figure.without))}
                {ages.collect_view()}
            </p>
            <p class="card-definition">{definition(words(), metric)}</p>
        </article>
    }
}

/// A number that opens its rows.
pub fn number(
    shown: Shown,
    query: &ReportQuery,
    cell: Cell,
    metric: Metric,
    part: Part,
    label: &'static str,
    n: u64,
) -> impl IntoView + use<> {
    let query = query.clone();
    let what = [t(name(metric)), ", ", label].concat();
    let spoken = tf(Say::Spoken, &[&what, &n.to_string()]);
    let title = tf(Say::RowsTitle, &[t(name(metric)), label]);
    view! {
        <button type="button" class="link num" aria-label=spoken
            on:click=move |_| shown.open(&query, cell, metric, part, title.clone())>
            <small>{label}</small>" "<b>{n}</b>
        </button>
    }
}
