//! The reports' arithmetic.

use ciranda_api::{Cell, Figure, ReportQuery, ReportRow};
use ciranda_domain::ids::TeamId;
use ciranda_domain::report::{By, DayNumber, Hours, Metric, Period};
use ciranda_domain::time::Span;
use ciranda_text::Words;
use uuid::Uuid;

use super::model::{
    Chosen, HEIGHT, Preset, Unsound, WIDTH, by_of, by_word, chart, csv_address, headline, ticks, value,
};

fn figure(metric: Metric, n: u64) -> Figure {
    Figure { n, ..Figure::of(metric) }
}

#[test]
fn seven_days_end_today() {
    let days = Period { from: DayNumber(1), to: DayNumber(2) };
    let chosen = days.into();
    let today = DayNumber(20_781);
    assert_eq!(Preset::Week.period(today, chosen), Ok(Period { from: DayNumber(20_775), to: today }));
    assert_eq!(Preset::Today.period(today, chosen), Ok(Period { from: today, to: today }));
    assert_eq!(Preset::Custom.period(today, chosen), Ok(days));
}

#[test]
fn nothing_is_asked_about_days_of_which_one_is_missing_or_that_run_backwards() {
    let (today, day) = (DayNumber(20_781), Some(DayNumber(20_775)));
    for (from, to) in [(None, day), (day, None), (None, None)] {
        let refused = Preset::Custom.period(today, Chosen { from, to });
        assert_eq!(refused.map_err(Unsound::field), Err("days"), "an earlier day does not stand in for it");
        assert!(Preset::Week.period(today, Chosen { from, to }).is_ok(), "the others need no day");
    }
    let backwards = Chosen { from: Some(today), to: day };
    assert_eq!(Preset::Custom.period(today, backwards).map_err(Unsound::field), Err("to"));
}

#[test]
fn a_scale_has_round_steps_and_reaches_the_top() {
    assert_eq!(ticks(Metric::Arrivals, 7), [0, 2, 4, 6, 8]);
    assert_eq!(ticks(Metric::Arrivals, 1), [0, 1]);
    assert_eq!(ticks(Metric::Arrivals, 0), [0, 1]);
    assert_eq!(ticks(Metric::Arrivals, 180), [0, 50, 100, 150, 200]);
    let quarter = 15 * 60_000;
    assert_eq!(ticks(Metric::Wait, 40 * 60_000), [0, quarter, 2 * quarter, 3 * quarter]);
    for most in [1, 999, 86_400_000, 90 * 86_400_000] {
        let scale = ticks(Metric::Wait, most);
        assert!(scale.len() <= 5 && scale.last() >= Some(&most), "{most}: {scale:?}");
    }
}

#[test]
fn bars_stand_side_by_side_and_nothing_is_not_a_bar_of_nothing() {
    let row = |day, n| {
        let figures = vec![figure(Metric::Arrivals, n)];
        (ReportRow { cell: Cell::Day(DayNumber(day)), name: String::new(), figures }, day.to_string())
    };
    let drawn = chart(&[row(1, 4), row(2, 0), row(3, 2)], Metric::Arrivals);
    let heights: Vec<i64> = drawn.bars.iter().map(|bar| bar.height).collect();
    assert_eq!(heights, [HEIGHT, 0, HEIGHT / 2]);
    assert!(drawn.bars.windows(2).all(|pair| pair[0].x + pair[0].width <= pair[1].x));
    assert!(drawn.bars.iter().all(|bar| bar.x >= 0 && bar.x + bar.width <= WIDTH));
    assert_eq!(chart(&[], Metric::Arrivals).bars, []);
}

#[test]
fn shares_and_medians_are_told_in_words_and_a_missing_one_is_a_dash() {
    let words = Words::PORTUGUESE;
    let share = Figure { of: Some(8), ..figure(Metric::Overflow, 1) };
    assert_eq!(headline(words, &share), "12,5 %");
    assert_eq!(headline(words, &Figure { of: Some(15), ..figure(Metric::Overflow, 10) }), "66,7 %", "to the nearest");
    assert_eq!(headline(words, &Figure { of: Some(0), ..share }), "–");
    let median = Figure { median: Some(Span::minutes(4)), ..figure(Metric::FirstResponse, 3) };
    assert_eq!(headline(words, &median), "4 min");
    assert_eq!(value(&figure(Metric::FirstResponse, 0)), None);
    let occupied = Figure { occupied: Some((Span::hours(1), Span::hours(4))), ..figure(Metric::Occupancy, 2) };
    assert_eq!(headline(words, &occupied), "25,0 %");
}

#[test]
fn the_address_of_the_table_carries_the_whole_question() {
    let query = ReportQuery {
        from: DayNumber(20_775),
        to: DayNumber(20_781),
        metrics: vec![],
        by: By::Person,
        team: Some(TeamId(Uuid::nil())),
        person: None,
        channel: None,
        hours: Hours::Business,
    };
    let address = csv_address(&query, "pt-BR");
    let expected = "/relatorios.csv?de=2026-11-18&ate=2026-11-24&por=pessoa&equipe=00000000-0000-0000-0000-000000000000&horas=uteis&lingua=pt-BR";
    assert_eq!(address, expected);
    for by in [By::Day, By::Team, By::Person, By::Channel] {
        assert_eq!(by_of(by_word(by)), by);
    }
}
