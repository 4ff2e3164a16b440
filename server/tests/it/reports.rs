//! Reports on real rows: worked examples of each metric, numbers and their rows, who sees what.

mod examples;
mod history;
mod sight;

use std::collections::BTreeSet;

use ciranda_api::{Cell, FactHead, Figure, Part, Report, ReportQuery, ReportRows};
use ciranda_domain::report::{Age, By, DayNumber, Hours, Measure, Metric, nearest};
use ciranda_domain::time::{Moment, Span};
use ciranda_server::reports;
use ciranda_server::store::login::Whose;
use ciranda_sync::calls::Call;

use crate::desk::world::{MIDNIGHT, World, fresh_message};

pub const JOANA: &str = "5511900000001";
pub const BIA: &str = "5511900000002";
pub const CAIO: &str = "5511900000003";

/// The shop's first day, and those after it.
pub fn day(number: i32) -> DayNumber {
    let first: DayNumber = "2026-11-24".parse().expect("a day");
    DayNumber(first.0 + number)
}

pub fn question() -> ReportQuery {
    let (team, person, channel) = (None, None, None);
    ReportQuery {
        from: day(0),
        to: day(2),
        metrics: vec![],
        by: By::None,
        team,
        person,
        channel,
        hours: Hours::Calendar,
    }
}

pub fn viewer(shop: &World, name: &str) -> Whose {
    Whose { account: shop.account, person: shop.person(name) }
}

pub async fn ask(shop: &World, name: &str, query: &ReportQuery) -> Report {
    reports::report(shop.app(), viewer(shop, name), query.clone()).await.expect("answered")
}

/// One figure for all, as the administrator sees it.
pub async fn figure(shop: &World, metric: Metric) -> Figure {
    figure_of(shop, metric, Hours::Calendar).await
}

pub async fn figure_of(shop: &World, metric: Metric, hours: Hours) -> Figure {
    let query = ReportQuery { metrics: vec![metric], hours, ..question() };
    let mut report = ask(shop, "Rosa", &query).await;
    report.rows.remove(0).figures.remove(0)
}

/// Every row behind a number, over all its pages.
pub async fn rows(
    shop: &World,
    name: &str,
    query: &ReportQuery,
    cell: Cell,
    metric: Metric,
    part: Part,
) -> Vec<FactHead> {
    let mut all = Vec::new();
    let mut asked = ReportRows { query: query.clone(), cell, metric, part, after: None };
    loop {
        let page = reports::rows(shop.app(), viewer(shop, name), asked.clone()).await.expect("answered");
        all.extend(page.rows);
        match page.next {
            Some(next) => asked.after = Some(next),
            None => return all,
        }
    }
}

/// Asserts that every number of a report has exactly as many rows as it says; tells how many numbers were not zero.
pub async fn numbers_have_their_rows(shop: &World, name: &str, query: &ReportQuery) -> usize {
    let report = ask(shop, name, query).await;
    let mut seen = 0;
    for row in &report.rows {
        for figure in &row.figures {
            let mut parts = vec![(Part::Counted, figure.n)];
            parts.extend(figure.of.map(|of| (Part::Whole, of)));
            if let Measure::Length(_) = figure.metric.definition().measure {
                parts.extend([(Part::Running, figure.running), (Part::Without, figure.without)]);
            }
            parts.extend(figure.ages.iter().map(|(age, n)| (Part::Aged(*age), *n)));
            for (part, number) in parts {
                let found = rows(shop, name, query, row.cell, figure.metric, part).await;
                let distinct: BTreeSet<_> = found.iter().map(|head| (head.conversation, head.at, head.until)).collect();
                let told = format!("{name}: {:?} {:?} {part:?} {:?}", row.cell, figure.metric, query.by);
                assert_eq!((found.len() as u64, distinct.len()), (number, found.len()), "{told}");
                seen += usize::from(number > 0);
                if let (Measure::Length(_), Part::Counted) = (figure.metric.definition().measure, part) {
                    let mut lengths: Vec<Span> = found.iter().filter_map(|head| head.length).collect();
                    let ranked = (nearest(&mut lengths, 50), nearest(&mut lengths, 90));
                    assert_eq!((figure.median, figure.ninetieth), ranked, "{told}");
                }
            }
        }
    }
    seen
}

pub async fn start(shop: &World, name: &str, phone: &str) {
    let conversation = shop.with(phone).await.id;
    shop.ok(name, Call::Start { conversation }).await;
}

pub async fn conclude(shop: &World, name: &str, phone: &str) {
    let conversation = shop.with(phone).await.id;
    shop.ok(name, Call::Conclude { conversation }).await;
}

pub async fn answer(shop: &World, name: &str, phone: &str) {
    let conversation = shop.with(phone).await.id;
    let call = Call::Send { conversation, message: fresh_message(), text: "Olá".into() };
    shop.ok(name, call).await;
}

pub fn minutes(n: i64) -> Option<Span> {
    Some(Span::minutes(n))
}

/// What is compared to the minute: a test's clock runs on by milliseconds.
pub fn rounded(span: Option<Span>) -> Option<Span> {
    span.map(|span| Span((span.0 + 30_000) / 60_000 * 60_000))
}

pub fn lengths(figure: &Figure) -> (u64, Option<Span>, Option<Span>) {
    (figure.n, rounded(figure.median), rounded(figure.ninetieth))
}

pub fn aged(figure: &Figure, age: Age) -> u64 {
    figure.ages.iter().find(|(step, _)| *step == age).map_or(0, |(_, n)| *n)
}

pub fn at(hours: i64, minutes: i64) -> Moment {
    MIDNIGHT + Span::minutes(hours * 60 + minutes)
}
