//! Business hours: property 12 (monotone, additive, never inside a closed period), clock changes by table, validation.

use ciranda_domain::calendar::{Calendar, Day, History, Hours, HoursFault, Period, Which, weekday};
use ciranda_domain::time::{Moment, Span};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// New York's rules of today: to summer time on the second Sunday of March at 02:00, back on the first of November.
const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
/// Clocks that jump at midnight, as Brazil's did: 00:00 to 01:00 in October, 00:00 back to 23:00 in February.
const MIDNIGHT: &str = "<-03>3<-02>,M10.3.0/0,M2.3.0/0";

fn zone(posix: &str) -> TimeZone {
    TimeZone::posix(posix).expect("a POSIX time zone")
}

fn moment(text: &str) -> Moment {
    Moment(text.parse::<Timestamp>().expect("an RFC 3339 instant").as_millisecond())
}

fn calendar(periods: &[Period], posix: &str) -> Calendar {
    let hours = Hours { week: std::array::from_fn(|_| periods.to_vec()), ..Hours::default() };
    Calendar::new(hours, zone(posix)).expect("sensible hours")
}

fn office() -> Calendar {
    let hours = Hours::weekdays(&[Period::new((8, 0), (12, 0)), Period::new((13, 0), (18, 0))]);
    Calendar::new(hours, zone("<-03>3")).expect("sensible hours")
}

#[test]
fn opening_is_inclusive_and_closing_exclusive() {
    let office = office();
    // Friday 2026-01-16.
    for (local, open) in [
        ("2026-01-16T07:59:59-03:00", false),
        ("2026-01-16T08:00:00-03:00", true),
        ("2026-01-16T11:59:59-03:00", true),
        ("2026-01-16T12:00:00-03:00", false),
        ("2026-01-16T13:00:00-03:00", true),
        ("2026-01-16T18:00:00-03:00", false),
        ("2026-01-17T10:00:00-03:00", false),
    ] {
        assert_eq!(office.is_open(moment(local)), open, "{local}");
    }
}

#[test]
fn what_lies_between_two_instants_has_no_empty_piece_at_either_end() {
    let office = office();
    let (noon, one) = (moment("2026-01-16T12:00:00-03:00"), moment("2026-01-16T13:00:00-03:00"));
    let (eleven, two) = (noon - Span::hours(1), one + Span::hours(1));
    assert_eq!(office.open_between(eleven, one), [(eleven, noon)], "the afternoon begins where it ends");
    assert_eq!(office.open_between(noon, two), [(one, two)], "the morning ended where it begins");
    assert_eq!(office.open_between(noon, noon), []);
    // On the day on which clocks jump from two to three there is nothing between.
    let night = calendar(&[Period::new((2, 0), (3, 0))], NEW_YORK);
    let day = moment("2026-03-08T00:00:00-05:00");
    assert_eq!(night.open_between(day, day + Span::hours(20)), []);
}

#[test]
fn days_gone_by_keep_the_hours_of_their_time() {
    let mornings = calendar(&[Period::new((8, 0), (12, 0))], "<-03>3");
    let always = (moment("2026-01-14T00:00:00-03:00"), Calendar::always());
    let changed = moment("2026-01-15T10:00:00-03:00");
    // Given in any order: always open until Tuesday ends, mornings until Thursday at ten, the office since.
    let history = History::new(vec![(changed, mornings.clone()), always], office());
    assert_eq!(history.at(Moment(changed.0 - 1)), &mornings);
    assert_eq!(history.at(changed), &office());
    let open = history.open_between(moment("2026-01-13T20:00:00-03:00"), moment("2026-01-15T14:00:00-03:00"));
    let told = [
        ("2026-01-13T20:00:00-03:00", "2026-01-14T00:00:00-03:00"),
        ("2026-01-14T08:00:00-03:00", "2026-01-14T12:00:00-03:00"),
        ("2026-01-15T08:00:00-03:00", "2026-01-15T10:00:00-03:00"),
        ("2026-01-15T10:00:00-03:00", "2026-01-15T12:00:00-03:00"),
        ("2026-01-15T13:00:00-03:00", "2026-01-15T14:00:00-03:00"),
    ];
    assert_eq!(open, told.map(|(from, until)| (moment(from), moment(until))));
}

#[test]
fn the_next_opening_skips_lunch_night_and_weekend() {
    let office = office();
    for (from, next) in [
        ("2026-01-16T09:00:00-03:00", "2026-01-16T09:00:00-03:00"),
        ("2026-01-16T12:30:00-03:00", "2026-01-16T13:00:00-03:00"),
        ("2026-01-15T19:00:00-03:00", "2026-01-16T08:00:00-03:00"),
        ("2026-01-16T18:00:00-03:00", "2026-01-19T08:00:00-03:00"),
    ] {
        assert_eq!(office.next_opening(moment(from)), moment(next), "{from}");
    }
}

#[test]
fn open_time_is_added_over_breaks() {
    let office = office();
    for (from, minutes, until) in [
        ("2026-01-16T11:50:00-03:00", 9, "2026-01-16T11:59:00-03:00"),
        // A length that ends at closing time ends at the next opening: nothing happens outside business hours.
        ("2026-01-16T11:50:00-03:00", 10, "2026-01-16T13:00:00-03:00"),
        ("2026-01-16T11:50:00-03:00", 11, "2026-01-16T13:01:00-03:00"),
        ("2026-01-16T17:55:00-03:00", 10, "2026-01-19T08:05:00-03:00"),
        ("2026-01-17T22:00:00-03:00", 10, "2026-01-19T08:10:00-03:00"),
        ("2026-01-15T08:00:00-03:00", 18 * 60, "2026-01-19T08:00:00-03:00"),
    ] {
        assert_eq!(office.add_open_time(moment(from), Span::minutes(minutes)), moment(until), "{from} + {minutes} min");
    }
    let friday = office.open_time_between(moment("2026-01-16T00:00:00-03:00"), moment("2026-01-19T00:00:00-03:00"));
    assert_eq!(friday, Span::hours(9));
    assert_eq!(
        office.open_time_between(moment("2026-01-19T00:00:00-03:00"), moment("2026-01-16T00:00:00-03:00")),
        Span(0)
    );
}

#[test]
fn exceptions_replace_the_hours_of_their_day() {
    let mut hours = Hours::weekdays(&[Period::new((8, 0), (18, 0))]);
    hours.exceptions.insert(Day { year: 2026, month: 12, day: 25 }, Vec::new());
    hours.exceptions.insert(Day { year: 2026, month: 12, day: 26 }, vec![Period::new((9, 0), (12, 0))]);
    let calendar = Calendar::new(hours, zone("<-03>3")).unwrap();
    assert!(!calendar.is_open(moment("2026-12-25T10:00:00-03:00")), "a Friday, closed");
    assert!(calendar.is_open(moment("2026-12-26T10:00:00-03:00")), "a Saturday, open");
    assert_eq!(calendar.next_opening(moment("2026-12-24T18:00:00-03:00")), moment("2026-12-26T09:00:00-03:00"));
}

#[test]
fn a_day_is_written_as_it_is_read() {
    let day = Day { year: 2026, month: 3, day: 9 };
    assert_eq!(String::from(day), "2026-03-09");
    assert_eq!(Day::try_from(String::from(day)), Ok(day));
}

#[test]
fn lengths_are_what_their_names_say() {
    assert_eq!((Span::seconds(90), Span::minutes(2)), (Span(90_000), Span(120_000)));
    assert_eq!((Span::hours(2), Span::days(2)), (Span::minutes(120), Span::hours(48)));
}

#[test]
fn instants_beyond_the_calendar_are_its_ends() {
    let first = office().next_opening(Moment(i64::MIN));
    assert!(first < moment("-009000-01-01T00:00:00Z"), "{first:?}");
    let last = office().next_opening(Moment(i64::MAX));
    assert!(last > moment("9999-12-01T00:00:00Z"), "{last:?}");
}

#[test]
fn without_hours_it_is_always_open() {
    let always = Calendar::always();
    let now = moment("2026-01-17T03:00:00Z");
    assert!(always.is_open(now));
    assert_eq!(always.next_opening(now), now);
    assert_eq!(always.add_open_time(now, Span::hours(30)), now + Span::hours(30));
    assert_eq!(always.open_time_between(now, now + Span::days(3)), Span::days(3));
}

#[test]
fn when_clocks_go_forward_the_hour_that_is_not_there_is_not_open() {
    // 2026-03-08 in New York: 01:59:59 is followed by 03:00.
    let night = calendar(&[Period::new((1, 0), (4, 0))], NEW_YORK);
    let (one, four) = (moment("2026-03-08T06:00:00Z"), moment("2026-03-08T08:00:00Z"));
    assert_eq!(night.open_time_between(one, four), Span::hours(2), "three by the clock, two that passed");
    assert_eq!(night.add_open_time(one, Span::minutes(90)), moment("2026-03-08T07:30:00Z"));
    // Opening within the jump is opening at the jump; a period wholly within it does not take place.
    let within = calendar(&[Period::new((2, 15), (2, 45))], NEW_YORK);
    assert_eq!(within.next_opening(one), moment("2026-03-09T06:15:00Z"));
    let into = calendar(&[Period::new((2, 30), (5, 0))], NEW_YORK);
    assert_eq!(into.next_opening(one), moment("2026-03-08T07:00:00Z"));
    let out_of = calendar(&[Period::new((1, 0), (2, 30))], NEW_YORK);
    assert_eq!(out_of.open_time_between(one, four), Span::hours(1));
}

#[test]
fn when_clocks_go_back_an_ambiguous_time_is_its_first_occurrence() {
    // 2026-11-01 in New York: 01:59:59 is followed by 01:00 again.
    let night = calendar(&[Period::new((0, 0), (3, 0))], NEW_YORK);
    let midnight = moment("2026-11-01T04:00:00Z");
    assert_eq!(night.open_time_between(midnight, midnight + Span::hours(6)), Span::hours(4), "an hour twice");
    let until_half_past = calendar(&[Period::new((0, 0), (1, 30))], NEW_YORK);
    assert_eq!(until_half_past.open_time_between(midnight, midnight + Span::hours(6)), Span::minutes(90));
    let from_half_past = calendar(&[Period::new((1, 30), (3, 0))], NEW_YORK);
    assert_eq!(from_half_past.next_opening(midnight), moment("2026-11-01T05:30:00Z"));
    assert!(from_half_past.is_open(moment("2026-11-01T06:10:00Z")), "the second 01:10 lies within");
}

#[test]
fn clocks_that_jump_at_midnight_lose_and_repeat_hours_of_the_right_day() {
    let all_day = calendar(&[Period::new((0, 0), (24, 0))], MIDNIGHT);
    // 2026-10-18 has 23 hours, 2026-02-14 has 25.
    let october = (moment("2026-10-18T03:00:00Z"), moment("2026-10-19T02:00:00Z"));
    assert_eq!(all_day.open_time_between(october.0, october.1), Span::hours(23));
    let evening = calendar(&[Period::new((22, 0), (24, 0))], MIDNIGHT);
    let saturday = moment("2026-02-14T15:00:00Z");
    assert_eq!(evening.open_time_between(saturday, saturday + Span::hours(18)), Span::hours(3), "23:00 comes twice");
    let second_time = moment("2026-02-15T02:30:00Z");
    assert!(evening.is_open(second_time), "23:30 for the second time");
}

#[test]
fn hours_that_make_no_sense_are_refused_with_their_day() {
    let with = |periods: &[Period]| {
        let mut hours = Hours::weekdays(&[Period::new((8, 0), (18, 0))]);
        hours.week[2] = periods.to_vec();
        hours.check()
    };
    let wednesday = Which::Weekday(2);
    assert_eq!(with(&[]), Ok(()));
    assert_eq!(with(&[Period::new((0, 0), (24, 0))]), Ok(()));
    assert_eq!(with(&[Period::new((9, 0), (9, 0))]), Err(HoursFault::NotAscending(wednesday)));
    assert_eq!(with(&[Period::new((18, 0), (8, 0))]), Err(HoursFault::NotAscending(wednesday)));
    let lunch_first = [Period::new((8, 0), (13, 0)), Period::new((12, 0), (18, 0))];
    assert_eq!(with(&lunch_first), Err(HoursFault::NotAscending(wednesday)));
    let no_break = [Period::new((8, 0), (12, 0)), Period::new((12, 0), (18, 0))];
    assert_eq!(with(&no_break), Err(HoursFault::NotAscending(wednesday)));
    assert_eq!(with(&[Period::new((18, 0), (25, 0))]), Err(HoursFault::AfterMidnight(wednesday)));
    assert_eq!(Hours::default().check(), Err(HoursFault::NeverOpens));
    let mut dated = Hours::weekdays(&[Period::new((8, 0), (18, 0))]);
    let day = Day { year: 2026, month: 2, day: 30 };
    dated.exceptions.insert(day, Vec::new());
    assert_eq!(dated.check(), Err(HoursFault::NoSuchDate(day)));
    assert_eq!(HoursFault::NotAscending(wednesday).to_string().split(',').next(), Some("on Wednesday"));
}

fn any_periods() -> impl Strategy<Value = Vec<Period>> {
    prop::collection::btree_set(0..=1_440_u16, 0..7).prop_map(|times| {
        let times: Vec<_> = times.into_iter().collect();
        times.chunks_exact(2).map(|pair| Period { from: pair[0], until: pair[1] }).collect()
    })
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = prop::sample::select(vec!["UTC0", "<-03>3", NEW_YORK, MIDNIGHT, "<+0545>-5:45"]);
    let weeks =
        prop::array::uniform7(any_periods()).prop_filter("opens", |week| week.iter().any(|day| !day.is_empty()));
    let exceptions = prop::collection::btree_map((1..=28_i8, any::<bool>()), any_periods(), 0..4);
    (weeks, exceptions, zones).prop_map(|(week, exceptions, posix)| {
        let day = |(day, march): (i8, bool)| Day { year: 2026, month: if march { 3 } else { 10 }, day };
        let exceptions = exceptions.into_iter().map(|(key, periods)| (day(key), periods)).collect();
        Calendar::new(Hours { week, exceptions }, zone(posix)).expect("sensible hours")
    })
}

/// Any instant of 2026, changes of clocks included.
fn any_moment() -> impl Strategy<Value = Moment> {
    let year = (1_767_225_600..1_798_761_600_i64).prop_map(Moment::from_seconds);
    let near_a_jump = prop::sample::select(vec![1_772_953_200_i64, 1_793_512_800, 1_792_292_400, 1_771_120_800]);
    let jump = (near_a_jump, -20_000..20_000_i64).prop_map(|(jump, by)| Moment::from_seconds(jump + by));
    prop_oneof![year, jump]
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![(0..200_i64).prop_map(Span::minutes), (0..20_000_000_i64).prop_map(Span)]
}

/// One way to write a date, and only dates there are.
#[test]
fn a_date_is_year_month_day_and_nothing_else() {
    let read = |text: &str| Day::try_from(text.to_owned()).ok();
    assert_eq!(read("2024-02-29"), Some(Day { year: 2024, month: 2, day: 29 }));
    for text in
        ["2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-01-01T08:00", "2026-01-01-", "+026-01-01", "", "x"]
    {
        assert_eq!(read(text), None, "{text}");
    }
}

/// Where the time zones come from elsewhere, days are counted; their dates are those of the calendar.
#[test]
fn counted_days_have_their_dates_and_weekdays() {
    let date = |day| Day::of_count(day).to_string();
    assert_eq!((date(0), date(-1), date(20_781)), ("1970-01-01".into(), "1969-12-31".into(), "2026-11-24".into()));
    let first = jiff::civil::date(1970, 1, 1);
    for day in (-200_000..400_000).step_by(13) {
        let expected = first + jiff::Span::new().days(day);
        assert_eq!(date(day), expected.to_string());
        assert_eq!(weekday(day), usize::try_from(expected.weekday().to_monday_zero_offset()).unwrap());
    }
    let mut hours = Hours::weekdays(&[Period::new((8, 0), (12, 0))]);
    hours.exceptions.insert(Day::of_count(20_783), Vec::new());
    let open = |day| hours.is_open(day, 8 * 60);
    assert_eq!([20_782, 20_783, 20_784, 20_785].map(open), [true, false, true, false], "a holiday, then a Saturday");
    assert_eq!([479, 480, 719, 720].map(|minute| hours.is_open(20_782, minute)), [false, true, true, false]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// 12: later begins end later, and longer lengths end later.
    #[test]
    fn p12_adding_is_monotone(calendar in any_calendar(), a in any_moment(), b in any_moment(), s in any_span(), t in any_span()) {
        let (early, late) = (a.min(b), a.max(b));
        prop_assert!(calendar.add_open_time(early, s) <= calendar.add_open_time(late, s));
        prop_assert!(calendar.add_open_time(a, s.min(t)) <= calendar.add_open_time(a, s.max(t)));
    }

    /// 12: two lengths one after the other are their sum.
    #[test]
    fn p12_adding_is_additive(calendar in any_calendar(), from in any_moment(), s in any_span(), t in any_span()) {
        let both = calendar.add_open_time(from, Span(s.0 + t.0));
        prop_assert_eq!(calendar.add_open_time(calendar.add_open_time(from, s), t), both);
    }

    /// 12: the end is always an open instant, and exactly the length lies before it.
    #[test]
    fn p12_the_end_is_open_and_the_length_is_kept(calendar in any_calendar(), from in any_moment(), s in any_span()) {
        let end = calendar.add_open_time(from, s);
        prop_assert!(calendar.is_open(end));
        prop_assert_eq!(calendar.open_time_between(from, end), s);
    }

    /// Time between is additive over any instant between, and never more than the time that passed.
    #[test]
    fn open_time_between_adds_up(calendar in any_calendar(), mut at in prop::array::uniform3(any_moment())) {
        at.sort_unstable();
        let [a, b, c] = at;
        let sum = calendar.open_time_between(a, b).0 + calendar.open_time_between(b, c).0;
        prop_assert_eq!(calendar.open_time_between(a, c).0, sum);
        prop_assert!(sum <= c.since(a).0);
    }

    /// An instant is open by the history exactly when it is by the calendar that was in force; the stretches are in order.
    #[test]
    fn a_history_is_open_when_its_calendar_was(
        calendars in prop::array::uniform3(any_calendar()), mut at in prop::array::uniform3(any_moment()), t in any_moment(),
    ) {
        at.sort_unstable();
        let [first, second, third] = calendars;
        let history = History::new(vec![(at[1], second), (at[0], first)], third);
        let open = history.open_between(Moment(at[0].0 - 1), Moment(at[2].0 + 1));
        prop_assert!(open.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        let t = t.clamp(at[0], at[2]);
        let told = open.iter().any(|(from, until)| *from <= t && t < *until);
        prop_assert_eq!(told, history.at(t).is_open(t));
    }

    /// Away from changes of clocks, the open time of the local clock is the calendar's.
    #[test]
    fn open_time_is_the_same_by_the_local_clock(periods in any_periods(), from in 0..2_000_000_000_i64, length in 0..900_000_000_i64) {
        prop_assume!(!periods.is_empty());
        let begin = moment("2026-01-01T00:00:00-03:00");
        let expected = calendar(&periods, "<-03>3").open_time_between(begin + Span(from), begin + Span(from + length));
        let hours = Hours { week: std::array::from_fn(|_| periods.clone()), ..Hours::default() };
        let local = 20_454 * 86_400_000 + from;
        prop_assert_eq!(hours.open_time(local, local + length), expected);
        prop_assert_eq!(hours.open_time(local + length, local), Span(0).min(expected));
    }

    /// Away from changes of clocks, being open is what the local clock says.
    #[test]
    fn open_is_what_the_local_clock_says(periods in any_periods(), minute in 0..525_600_i64) {
        prop_assume!(!periods.is_empty());
        let at = moment("2026-01-01T00:00:00-03:00") + Span::minutes(minute);
        let local = u16::try_from(minute.rem_euclid(1_440)).unwrap();
        let expected = periods.iter().any(|period| (period.from..period.until).contains(&local));
        prop_assert_eq!(calendar(&periods, "<-03>3").is_open(at), expected);
        // 1 January 2026 was day 20,454; its weekday counts too, since the hours are those of every day.
        let hours = Hours { week: std::array::from_fn(|_| periods.clone()), ..Hours::default() };
        prop_assert_eq!(hours.is_open(20_454 + minute.div_euclid(1_440), local), expected);
    }
}
