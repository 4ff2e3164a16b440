//! What lies just within and just beyond the bounds of a field, and forms that show other than the usual values.

use ciranda_domain::settings::email;

use super::*;

#[test]
fn a_name_has_two_to_sixty_characters() {
    for name in ["Jô".to_owned(), "ã".repeat(60)] {
        TeamForm { name: name.clone(), ..form() }.check(NEW, &shop()).unwrap_or_else(|_| panic!("{name}"));
    }
}

#[test]
fn an_address_has_at_most_254_bytes_and_nothing_that_ends_one() {
    let long = |length: usize| format!("{}@loja.example", "b".repeat(length - "@loja.example".len()));
    assert_eq!(email(&long(254)), Some(long(254)));
    assert_eq!(email(&long(255)), None);
    assert_eq!(email(" Bia@Loja.Example "), Some("bia@loja.example".to_owned()));
    for wrong in ["b,ia@loja.example", "bia;@loja.example", "<bia@loja.example>", "b\u{7}ia@loja.example"] {
        assert_eq!(email(wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_zone_is_one_that_is_known_and_no_longer_than_any_is() {
    let zone = |zone: &str| HoursForm { zone: zone.to_owned(), ..hours() }.check(|_| true);
    assert!(zone(&"z".repeat(64)).is_ok());
    for wrong in ["", &"z".repeat(65)] {
        assert_eq!(only(zone(wrong).expect_err("refused")), (Field::Zone, FaultKind::UnknownZone));
    }
}

#[test]
fn four_hundred_days_may_differ() {
    let with = |days: i64| {
        let first = jiff::civil::date(2026, 1, 1);
        let date = |day: i64| first.saturating_add(jiff::Span::new().days(day)).to_string();
        let exceptions = (0..days).map(|day| ExceptionForm { date: date(day), day: DayForm::default() }).collect();
        HoursForm { exceptions, ..hours() }.check(|_| true)
    };
    assert_eq!(with(400).expect("sound").hours.expect("limited").exceptions.len(), 400);
    let too_many = FaultKind::OutOfRange { least: 0, most: 400 };
    assert_eq!(only(with(401).expect_err("refused")), (Field::Form, too_many));
}

#[test]
fn an_automatic_reply_has_at_most_900_characters_and_is_not_asked_when_it_is_off() {
    let most = HoursForm { auto_reply: "á".repeat(900), ..hours() }.check(|_| true).expect("sound");
    assert_eq!(most.auto_reply, AutoReply::On("á".repeat(900)));
    let off = HoursForm { replies: false, auto_reply: String::new(), ..hours() }.check(|_| true).expect("sound");
    assert_eq!(off.auto_reply, AutoReply::Off);
}

#[test]
fn a_reply_that_is_switched_off_is_kept_up_to_its_bound_and_one_that_is_on_is_never_put_back() {
    let with = |replies: bool, text: &str| HoursForm { replies, auto_reply: text.to_owned(), ..hours() };
    let (most, long) = ("á".repeat(900), "á".repeat(901));
    for (replies, text) in [(false, "Voltamos logo."), (false, most.as_str()), (true, "Voltamos logo."), (true, &long)]
    {
        let form = with(replies, text);
        assert_eq!(form.clone().mended(&hours()), form, "{replies}, {} letters", text.chars().count());
    }
    assert_eq!(with(false, &long).mended(&hours()), with(false, &hours().auto_reply));
}

#[test]
fn a_reply_has_a_text_when_it_is_on() {
    assert_eq!(AutoReply::On("Olá".to_owned()).text(), Some("Olá"));
    assert_eq!(AutoReply::Off.text(), None);
}

#[test]
fn a_fault_of_a_day_says_whether_it_is_of_its_date_and_of_which_time_it_is() {
    let date = Day { year: 2026, month: 12, day: 25 };
    for (kind, of_date, which) in [
        (FaultKind::NotADate, true, None),
        (FaultKind::DateTwice { date }, true, None),
        (FaultKind::NotATime { which: Break::Opens }, false, Some(Break::Opens)),
        (FaultKind::NotAscending { which: Break::Closes }, false, Some(Break::Closes)),
        (FaultKind::NeverOpens, false, None),
    ] {
        assert_eq!((kind.is_of_date(), kind.which()), (of_date, which), "{kind:?}");
    }
}

#[test]
fn a_day_that_closes_at_midnight_closes_last_so_that_a_slip_is_of_its_lunch() {
    let mut form = hours();
    let lunch = |from: &str| DayForm { lunch: true, lunch_from: from.to_owned(), ..day("09:00", "00:00") };
    form.week[0] = lunch("08:00");
    let early = FaultKind::NotAscending { which: Break::LunchBegins };
    assert_eq!(only(form.clone().check(|_| true).expect_err("refused")), (Field::Weekday(0), early));
    form.week[0] = lunch("12:00");
    form.check(|_| true).expect("sound");
}

#[test]
fn a_time_has_sixty_minutes_and_a_day_24_hours() {
    let closes = |until: &str| {
        let mut form = hours();
        form.week[0] = day("9:30", until);
        form.check(|_| true).map(|open| open.hours.expect("limited").week[0].clone())
    };
    assert_eq!(closes("17:59").expect("sound"), [Period::new((9, 30), (17, 59))]);
    assert_eq!(closes("24:00").expect("sound"), [Period::new((9, 30), (24, 0))]);
    for wrong in ["17:60", "24:01", "24:30", "7:000"] {
        let fault = (Field::Weekday(0), FaultKind::NotATime { which: Break::Closes });
        assert_eq!(only(closes(wrong).expect_err("refused")), fault, "{wrong}");
    }
}

#[test]
fn a_day_is_shown_with_its_own_times() {
    let mut stored = Hours::weekdays(&[Period::new((9, 30), (11, 45)), Period::new((12, 30), (17, 15))]);
    stored.week[5] = vec![Period::new((10, 0), (14, 0))];
    stored.week[6] = vec![Period::new((9, 0), (10, 0)), Period::new((11, 0), (12, 0)), Period::new((13, 0), (14, 0))];
    let shown = HoursForm::of(Some(&stored), "America/Sao_Paulo", None, &Kept::default());
    let lunch = |from: &str, until: &str, day: DayForm| DayForm {
        lunch: true,
        lunch_from: from.to_owned(),
        lunch_until: until.to_owned(),
        ..day
    };
    assert_eq!(shown.week[0], lunch("11:45", "12:30", day("09:30", "17:15")));
    assert_eq!(shown.week[5], day("10:00", "14:00"));
    assert_eq!(shown.week[6], lunch("10:00", "11:00", day("09:00", "14:00")), "one with the first break");
    assert_eq!((shown.limited, shown.replies), (true, false));
}

#[test]
fn distribution_is_shown_with_its_own_lengths_and_said_only_when_it_is_sound() {
    let lengths = Overflow::On { limit: Span::minutes(15), maximum: Span::minutes(45) };
    let shown = DistributionForm::of(Distribution::circle(lengths, None), DistributionForm::default());
    assert_eq!((shown.on, shown.overflow, shown.limit, shown.maximum), (true, true, 15, 45));
    assert_eq!(shown.distribution(), Some(Distribution::circle(lengths, None)));
    assert_eq!(DistributionForm { limit: 1, ..shown }.distribution(), None);
    assert_eq!(DistributionForm { on: false, ..shown }.distribution(), Some(Distribution::Off));
    let kept = DistributionForm { capacity: Some(4), strategy: Strategy::LeastRecent, ..shown };
    let off = DistributionForm::of(Distribution::Off, kept);
    assert_eq!(off, DistributionForm { on: false, ..kept }, "switched on again, it is as it was");
    let calm = DistributionForm::of(Distribution::circle(Overflow::Off, None), kept);
    assert_eq!((calm.overflow, calm.limit, calm.maximum, calm.capacity), (false, 15, 45, None));
    let heavy = DistributionForm { weights: Weights { messenger: 10, ..Weights::ONE }, ..form().distribution };
    assert!(heavy.distribution().is_some(), "a conversation counts at most ten");
}
