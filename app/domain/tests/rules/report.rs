//! Reports: percentiles, ages, days, what each metric is made of; `track` has the facts that follow from lines, `restarted` those
//! of what was concluded unanswered.

use ciranda_domain::report::query::MOST_DAYS;
use ciranda_domain::report::{
    AGES, Age, By, Changes, DayNumber, Fact, FactKind, Fault, Measure, Metric, Occupied, Period, Stretch, age, nearest,
};
use ciranda_domain::time::{Moment, Span};
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixtures::*;

mod restarted;
mod track;

#[test]
fn a_percentile_is_a_value_that_was_measured() {
    let mut ten: Vec<Span> = [7, 3, 10, 1, 9, 5, 2, 8, 6, 4].map(Span::minutes).into();
    for (percent, minutes) in [(0, 1), (1, 1), (10, 1), (11, 2), (50, 5), (51, 6), (90, 9), (91, 10), (100, 10)] {
        assert_eq!(nearest(&mut ten, percent), Some(Span::minutes(minutes)), "{percent}");
    }
    assert_eq!(nearest(&mut [3, 1, 2].map(Span::minutes), 50), Some(Span::minutes(2)));
    assert_eq!(nearest(&mut [Span::minutes(1)], 90), Some(Span::minutes(1)));
    assert_eq!(nearest(&mut ten, 200), Some(Span::minutes(10)), "more than all is all");
    assert_eq!(nearest(&mut [], 50), None);
}

fn stretches(ends: &[(i64, i64)]) -> Vec<Stretch> {
    ends.iter().map(|(from, until)| Stretch { from: Moment(*from), until: Moment(*until) }).collect()
}

#[test]
fn somebody_with_three_conversations_at_once_is_busy_once() {
    let (present, always) = (stretches(&[(8, 35), (50, 92)]), || stretches(&[(0, 100)]));
    let held = stretches(&[(30, 40), (0, 10), (5, 20), (6, 7), (90, 95)]);
    let occupied = Occupied::of(present.clone(), held.clone(), &always());
    // 8 to 20, 30 to 35, 90 to 92.
    assert_eq!(occupied, Occupied { available: Span(69), busy: Span(19) });
    let in_hours = Occupied::of(present, held.clone(), &stretches(&[(10, 32), (90, 100)]));
    assert_eq!(in_hours, Occupied { available: Span(24), busy: Span(14) }, "what lies outside the hours is left out");
    assert_eq!(Occupied::of(Vec::new(), held, &always()), Occupied::default(), "nobody is busy who is not there");
    let idle = Occupied { available: Span(10), busy: Span(0) };
    let (there, later) = (stretches(&[(0, 10)]), stretches(&[(10, 20)]));
    assert_eq!(Occupied::of(there, later, &always()), idle, "an end is exclusive");
}

proptest! {
    #[test]
    fn occupancy_is_what_counting_every_instant_says(
        present in vec((0_i64..40, 0_i64..10), 0..6),
        held in vec((0_i64..40, 0_i64..10), 0..12),
        open in vec((1_i64..10, 1_i64..20), 0..4),
    ) {
        let ends = |of: &[(i64, i64)]| -> Vec<(i64, i64)> { of.iter().map(|(from, long)| (*from, from + long)).collect() };
        let (present, held) = (ends(&present), ends(&held));
        // In order and apart, as a calendar gives them.
        let open: Vec<(i64, i64)> = open.iter().scan(0, |at, (closed, long)| {
            let from = *at + closed;
            *at = from + long;
            Some((from, *at))
        }).collect();
        let within = |of: &[(i64, i64)], at: i64| of.iter().any(|(from, until)| (*from..*until).contains(&at));
        let here = |at: &i64| within(&present, *at) && within(&open, *at);
        let available = (0..60).filter(here).count() as i64;
        let busy = (0..60).filter(|at| here(at) && within(&held, *at)).count() as i64;
        let occupied = Occupied::of(stretches(&present), stretches(&held), &stretches(&open));
        prop_assert_eq!(occupied, Occupied { available: Span(available), busy: Span(busy) });
    }
}

#[test]
fn an_age_ends_where_the_next_begins() {
    for ((step, below), (next, _)) in AGES.iter().zip(&AGES[1..]) {
        let below = below.expect("only the last has no end");
        assert_eq!((age(Span(below.0 - 1)), age(below)), (*step, *next));
    }
    assert_eq!((age(Span(0)), age(Span::days(400))), (Age::UnderAnHour, Age::Older));
}

#[test]
fn a_period_is_at_most_two_years_and_not_backwards() {
    let days = |from: i32, to: i32| Period { from: DayNumber(from), to: DayNumber(to) };
    for sound in [days(20_000, 20_000), days(20_000, 20_000 + MOST_DAYS - 1)] {
        assert_eq!(sound.check(), Ok(sound));
    }
    assert_eq!(days(20_000, 19_999).check(), Err(Fault::Backwards));
    assert_eq!(days(20_000, 20_000 + MOST_DAYS).check(), Err(Fault::TooLong));
    assert_eq!(days(i32::MIN, i32::MAX).check(), Err(Fault::TooLong));
}

#[test]
fn a_day_is_a_number_a_date_and_a_text() {
    let day = DayNumber::of(date(2026, 1, 15));
    assert_eq!(day, DayNumber(20_468));
    assert_eq!(day.date(), Some(date(2026, 1, 15)));
    assert_eq!(day.to_string(), "2026-01-15");
    assert_eq!("2026-01-15".parse(), Ok(day));
    assert_eq!("2026-02-30".parse::<DayNumber>(), Err(()));
    let beyond = DayNumber(i32::MAX);
    assert_eq!((beyond.date(), beyond.to_string()), (None, i32::MAX.to_string()));
}

#[test]
fn a_day_begins_at_the_midnight_of_its_zone_or_where_clocks_jumped_over_it() {
    let day = DayNumber(20_468);
    assert_eq!(day.begins(&TimeZone::UTC), Some(at(0, 0)));
    let zone = |posix: &str| TimeZone::posix(posix).expect("a POSIX time zone");
    let brasilia = zone("<-03>3");
    assert_eq!(day.begins(&brasilia), Some(at(3, 0)));
    assert_eq!((DayNumber::at(at(2, 59), &brasilia), DayNumber::at(at(3, 0), &brasilia)), (DayNumber(20_467), day));
    // On this day clocks go from 00:00 to 01:00.
    let jump = zone("<-03>3<-02>,J15/0,J200/0");
    assert_eq!(day.begins(&jump), Some(at(3, 0)));
    assert_eq!(DayNumber::at(at(3, 0), &jump), day);
    assert_eq!(DayNumber(i32::MIN).begins(&brasilia), None);
}

#[test]
fn every_metric_of_facts_names_them_and_a_share_what_it_is_of() {
    for metric in Metric::ALL {
        let definition = metric.definition();
        assert_eq!(definition.metric, metric);
        let live = matches!(definition.measure, Measure::Backlog | Measure::Occupancy);
        assert_eq!(definition.measure.counted().is_none(), live, "{metric:?}");
        let of = match metric {
            Metric::Reopenings => Some(FactKind::Conclusion),
            Metric::Overflow => Some(FactKind::Offer),
            _ => None,
        };
        assert_eq!(definition.measure.of(), of, "{metric:?}");
    }
    let counted = |metric: Metric| metric.definition().measure.counted();
    assert_eq!(counted(Metric::Arrivals), Some(FactKind::Arrival));
    assert_eq!(counted(Metric::FirstResponse), Some(FactKind::FirstResponse));
    assert_eq!(counted(Metric::Overflow), Some(FactKind::Overflow));
}

#[test]
fn the_backlog_has_no_days_and_only_people_are_available() {
    let splits = |metric: Metric| [By::None, By::Day, By::Team, By::Person, By::Channel].map(|by| metric.splits(by));
    for metric in Metric::ALL {
        let expected = match metric {
            Metric::Backlog => [true, false, true, true, true],
            Metric::Occupancy => [true, false, false, true, false],
            _ => [true; 5],
        };
        assert_eq!(splits(metric), expected, "{metric:?}");
    }
}

fn fact(until: Option<ciranda_domain::time::Moment>) -> Fact {
    Fact { kind: FactKind::Wait, no: 0, at: at(9, 0), until, business: None, team: SUPORTE, person: None }
}

#[test]
fn a_fact_is_as_long_as_it_took_and_an_instant_has_no_length() {
    assert_eq!(fact(Some(at(9, 10))).length(), Some(Span::minutes(10)));
    assert_eq!(fact(None).length(), None);
}

#[test]
fn a_step_that_only_takes_a_fact_back_changes_something_too() {
    assert!(Changes::default().is_empty());
    assert!(!Changes { gone: vec![fact(None)], ..Changes::default() }.is_empty());
    assert!(!Changes { new: vec![fact(None)], ..Changes::default() }.is_empty());
}
