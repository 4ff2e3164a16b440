//! A card for each metric: its number, what belongs to it, and its definition beside it.

use ciranda_api::{Cell, Figure, Part, Report, ReportQuery};
use ciranda_domain::report::{Measure, Metric};
use ciranda_text::catalogue::reports::Reports as Say;
use ciranda_text::reports::{age, common, name, own};
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::model::headline;
use super::{Shown, use_shown};

/// All of them, and once what holds for all.
#[component]
pub fn Cards(report: Report) -> impl IntoView {
    let shown = use_shown();
    let query = report.query.clone();
    let figures = report.rows.into_iter().next().map(|row| row.figures).unwrap_or_default();
    view! {
        <section class="cards" aria-label=t(Say::Numbers)>
            {figures.into_iter().map(|figure| card(shown, &query, &figure)).collect_view()}
        </section>
        <p class="card-definition">{common(words())}</p>
    }
}

fn card(shown: Shown, query: &ReportQuery, figure: &Figure) -> impl IntoView + use<> {
    let metric = figure.metric;
    let chosen = move || (shown.question.metric.get() == metric).to_string();
    let spoken = tf(Say::CompareThis, &[t(name(metric))]);
    view! {
        <article>
            <h2><button type="button" class="link" aria-label=spoken aria-pressed=chosen
                on:click=move |_| shown.compare(metric)>{t(name(metric))}</button></h2>
            {main(shown, query, figure)}
            <p class="card-more">{parts(shown, query, figure)}</p>
            <p class="card-definition">{own(words(), metric)}</p>
        </article>
    }
}

/// The number one looks at first; it opens its rows, where it has any.
fn main(shown: Shown, query: &ReportQuery, figure: &Figure) -> impl IntoView + use<> {
    let metric = figure.metric;
    let head = headline(words(), figure);
    let ninetieth = figure.ninetieth.map(|span| {
        view! { <span><small>{t(Say::Ninetieth)}</small>" "<b>{spans::spoken(words(), span)}</b></span> }
    });
    let big = if figure.n == 0 || matches!(metric.definition().measure, Measure::Occupancy) {
        view! { <b>{head}</b> }.into_any()
    } else {
        let (query, title) = (query.clone(), t(name(metric)).to_owned());
        let spoken = tf(Say::Spoken, &[t(name(metric)), &head]);
        let open = move |_| shown.open(&query, Cell::All, metric, Part::Counted, title.clone());
        view! { <button type="button" class="link" aria-label=spoken on:click=open><b>{head}</b></button> }.into_any()
    };
    view! {
        <p class="card-main">{big}
            {figure.median.is_some().then(|| view! { <small>{t(Say::Median)}</small> })}
            {ninetieth}
        </p>
    }
}

/// What belongs to it, each a number of its own.
fn parts(shown: Shown, query: &ReportQuery, figure: &Figure) -> Vec<AnyView> {
    let one = |part, label: Say, n| number(shown, query, Cell::All, figure.metric, part, t(label), n);
    let mut parts = Vec::new();
    // A count is its own number; the others say of how many they speak.
    match figure.metric.definition().measure {
        Measure::Count(_) | Measure::Backlog => {}
        Measure::Share { .. } | Measure::Length(_) | Measure::Occupancy => {
            parts.push(one(Part::Counted, Say::Measured, figure.n));
        }
    }
    parts.extend(figure.of.map(|of| one(Part::Whole, Say::Whole, of)));
    parts.extend((figure.running > 0).then(|| one(Part::Running, Say::Running, figure.running)));
    parts.extend((figure.without > 0).then(|| one(Part::Without, Say::Without, figure.without)));
    let ages = figure.ages.iter().filter(|(_, n)| *n > 0);
    parts.extend(ages.map(|(step, n)| one(Part::Aged(*step), age(*step), *n)));
    parts
}

/// A number that opens its rows, if there are any.
pub fn number(
    shown: Shown,
    query: &ReportQuery,
    cell: Cell,
    metric: Metric,
    part: Part,
    label: &'static str,
    n: u64,
) -> AnyView {
    if n == 0 {
        return view! { <span class="num"><small>{label}</small>" "<b>{n}</b></span> }.into_any();
    }
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
    .into_any()
}
