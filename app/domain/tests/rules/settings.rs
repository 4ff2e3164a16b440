//! Forms: what they refuse and why, and that what they show is what they say.

use ciranda_domain::calendar::{Day, Hours, Period};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::settings::{
    AutoReply, Break, Change, DayForm, DistributionForm, ExceptionForm, Fault, FaultKind, Field, HoursForm, Kept,
    Login, PersonForm, RoleForm, TeamForm, Thresholds, auto_reply_text, check_change, check_deletion, fold,
};
use ciranda_domain::team::{Distribution, Level, Membership, Overflow, Strategy, Weights};
use ciranda_domain::time::Span;
use uuid::Uuid;

use super::fixtures::{GERAL, attends, person, team};

mod bounds;
mod parts;

const SUPPORT: TeamId = TeamId(Uuid::from_u128(2));
const NEW: TeamId = TeamId(Uuid::from_u128(9));
const ANA: PersonId = PersonId(Uuid::from_u128(101));
const BIA: PersonId = PersonId(Uuid::from_u128(102));
const RUI: PersonId = PersonId(Uuid::from_u128(103));

/// Ana administers, Bia attends both teams, Rui is restricted.
fn shop() -> Organisation {
    let mut people = vec![person(ANA, Profile::Administrator), person(BIA, Profile::Attendant)];
    people.push(person(RUI, Profile::Restricted));
    Organisation::new(
        people,
        [team(GERAL, Level::Everyone), team(SUPPORT, Level::Team)],
        [attends(BIA, GERAL), attends(BIA, SUPPORT)],
    )
}

fn form() -> TeamForm {
    TeamForm {
        name: "Vendas".to_owned(),
        is_default: false,
        instead_of: None,
        level: Level::Team,
        distribution: DistributionForm { on: true, overflow: true, ..DistributionForm::default() },
        people: vec![RoleForm { person: BIA, attends: true, supervises: true }],
    }
}

fn refused(form: &TeamForm, id: TeamId) -> Vec<Fault> {
    form.check(id, &shop()).expect_err("refused")
}

fn only(faults: Vec<Fault>) -> (Field, FaultKind) {
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.into_iter().next().expect("one");
    (fault.field, fault.kind)
}

#[test]
fn a_sound_team_form_is_what_it_says_and_shows_what_it_is() {
    let settings = form().check(NEW, &shop()).expect("sound");
    assert_eq!(settings.name, "Vendas");
    let overflow = Overflow::On { limit: Span::minutes(10), maximum: Span::minutes(60) };
    assert_eq!(settings.distribution, Distribution::circle(overflow, None));
    assert_eq!(settings.members.len(), 1);
    let weighed = DistributionForm {
        capacity: Some(3),
        strategy: Strategy::LeastLoaded,
        weights: Weights { whatsapp: 1, instagram: 2, messenger: 0 },
        ..form().distribution
    };
    let settings = TeamForm { distribution: weighed, ..form() }.check(NEW, &shop()).expect("sound");
    assert_eq!(DistributionForm::of(settings.distribution, DistributionForm::default()), weighed);
}

#[test]
fn both_overflow_lengths_are_two_minutes_to_two_hours_and_the_total_is_no_shorter() {
    for (limit, maximum, expected) in [
        (1, 60, Some((Field::Limit, FaultKind::OutOfRange { least: 2, most: 120 }))),
        (121, 120, Some((Field::Limit, FaultKind::OutOfRange { least: 2, most: 120 }))),
        (2, 121, Some((Field::Maximum, FaultKind::OutOfRange { least: 2, most: 120 }))),
        (0, 0, None),
        (30, 29, Some((Field::Maximum, FaultKind::BelowLimit { limit: 30 }))),
    ] {
        let distribution = DistributionForm { limit, maximum, ..form().distribution };
        let faults = refused(&TeamForm { distribution, ..form() }, NEW);
        match expected {
            Some(expected) => assert_eq!(only(faults), expected),
            None => assert_eq!(faults.len(), 2, "both at once"),
        }
    }
    for (limit, maximum) in [(2, 2), (120, 120), (2, 120)] {
        let distribution = DistributionForm { limit, maximum, ..form().distribution };
        TeamForm { distribution, ..form() }.check(NEW, &shop()).expect("at the bounds");
    }
    let off = DistributionForm { on: false, limit: 0, maximum: 0, ..form().distribution };
    TeamForm { distribution: off, ..form() }.check(NEW, &shop()).expect("what is off is not asked");
    for (capacity, weight, field) in
        [(Some(0), 1, Field::Capacity), (Some(201), 1, Field::Capacity), (None, 11, Field::Weights)]
    {
        let weights = Weights { instagram: weight, ..Weights::ONE };
        let distribution = DistributionForm { capacity, weights, ..form().distribution };
        assert_eq!(only(refused(&TeamForm { distribution, ..form() }, NEW)).0, field);
    }
}

#[test]
fn a_name_is_given_once_whatever_its_case_and_accents() {
    let named = |name: &str| refused(&TeamForm { name: name.to_owned(), ..form() }, NEW);
    assert_eq!(only(named("  ")), (Field::Name, FaultKind::Empty));
    assert_eq!(only(named("x")), (Field::Name, FaultKind::TooShort { least: 2 }));
    assert_eq!(only(named(&"x".repeat(61))), (Field::Name, FaultKind::TooLong { length: 61, most: 60 }));
    assert_eq!(only(named(" êquipe  2 ")), (Field::Name, FaultKind::NameTaken { by: "Equipe 2".to_owned() }));
    assert_eq!(fold("Jurídico"), fold("JURI\u{301}DICO"));
    let mut shop = shop();
    shop.teams.entry(SUPPORT).and_modify(|team| team.deleted = true);
    TeamForm { name: "Equipe 2".to_owned(), ..form() }.check(NEW, &shop).expect("a deleted team gives its name up");
}

#[test]
fn the_default_flag_moves_and_is_never_switched_off_nor_given_twice() {
    let faults = refused(&TeamForm { is_default: true, ..form() }, NEW);
    assert_eq!(only(faults), (Field::DefaultTeam, FaultKind::SecondDefault { present: GERAL }));
    let stale = TeamForm { is_default: true, instead_of: Some(SUPPORT), ..form() };
    assert_eq!(only(refused(&stale, NEW)), (Field::DefaultTeam, FaultKind::SecondDefault { present: GERAL }));
    assert_eq!(only(refused(&form(), GERAL)), (Field::DefaultTeam, FaultKind::NoDefault));
    let moved = TeamForm { is_default: true, instead_of: Some(GERAL), ..form() };
    assert_eq!(moved.check(NEW, &shop()).expect("moved").replaces, Some(GERAL));
    assert_eq!(check_deletion(GERAL, &shop()).expect_err("the default stays").kind, FaultKind::NoDefault);
    assert_eq!(check_deletion(NEW, &shop()).expect_err("unknown").kind, FaultKind::Gone);
    check_deletion(SUPPORT, &shop()).expect("any other");
}

#[test]
fn a_restricted_person_attends_and_does_not_supervise() {
    let line = |attends, supervises| TeamForm { people: vec![RoleForm { person: RUI, attends, supervises }], ..form() };
    line(true, false).check(NEW, &shop()).expect("attends");
    assert_eq!(only(refused(&line(true, true), NEW)), (Field::Person(RUI), FaultKind::RestrictedSupervises));
    let stranger = PersonId(Uuid::from_u128(999));
    let line = TeamForm { people: vec![RoleForm { person: stranger, attends: true, supervises: false }], ..form() };
    assert_eq!(only(refused(&line, NEW)), (Field::Person(stranger), FaultKind::Gone));
}

fn bia() -> PersonForm {
    PersonForm {
        name: "Bia".to_owned(),
        email: "bia@loja.example".to_owned(),
        phone: "(11) 98765-4321".to_owned(),
        profile: Profile::Attendant,
        memberships: vec![attends(BIA, SUPPORT)],
    }
}

fn logins() -> Vec<Login> {
    let login = |person, email: &str, phone: Option<&str>| Login {
        person,
        email: Some(email.to_owned()),
        phone: phone.map(str::to_owned),
    };
    vec![login(ANA, "ana@loja.example", Some("5511900000000")), login(BIA, "bia@loja.example", None)]
}

#[test]
fn a_login_is_sound_and_nobody_elses() {
    let refused = |form: PersonForm| only(form.check(BIA, ANA, &shop(), &logins()).expect_err("refused"));
    for wrong in ["bia", "bia@loja", "bia@@loja.example", "b ia@loja.example", "bia@loja..example", "@loja.example"] {
        assert_eq!(
            refused(PersonForm { email: wrong.to_owned(), ..bia() }),
            (Field::Email, FaultKind::NotAnEmail),
            "{wrong}"
        );
    }
    assert_eq!(refused(PersonForm { email: String::new(), ..bia() }), (Field::Email, FaultKind::Empty));
    let taken = PersonForm { email: " ANA@loja.example".to_owned(), ..bia() };
    assert_eq!(refused(taken), (Field::Email, FaultKind::LoginTaken { by: ANA }));
    assert_eq!(refused(PersonForm { phone: "123".to_owned(), ..bia() }), (Field::Phone, FaultKind::NotAPhone));
    let taken = PersonForm { phone: "11 90000-0000".to_owned(), ..bia() };
    assert_eq!(refused(taken), (Field::Phone, FaultKind::LoginTaken { by: ANA }));
    let sound = bia().check(BIA, ANA, &shop(), &logins()).expect("sound");
    assert_eq!(sound.phone.expect("one").digits(), "5511987654321");
    assert_eq!(sound.memberships.len(), 1);
    let left = bia().check(BIA, ANA, &shop(), &logins()).expect("sound").changed_memberships(&shop());
    let nothing = Membership { attends: false, supervises: false, ..attends(BIA, GERAL) };
    assert_eq!(left, [nothing], "what is not in the form ends");
}

#[test]
fn the_last_administrator_stays_and_nobody_removes_themselves() {
    let mut shop = shop();
    let kind = |shop: &Organisation, change, by| check_change(ANA, change, by, shop).expect_err("refused").kind;
    let blocked = Change::Status(PersonStatus::Blocked);
    for change in [Change::Profile(Profile::Attendant), blocked, Change::Status(PersonStatus::Deleted)] {
        assert_eq!(kind(&shop, change, BIA), FaultKind::LastAdministrator);
    }
    shop.people.entry(BIA).and_modify(|bia| bia.profile = Profile::Administrator);
    assert_eq!(kind(&shop, blocked, ANA), FaultKind::Oneself);
    assert_eq!(kind(&shop, Change::Profile(Profile::Attendant), ANA), FaultKind::Oneself);
    check_change(ANA, blocked, BIA, &shop).expect("there is another");
    shop.people.entry(BIA).and_modify(|bia| bia.status = PersonStatus::Blocked);
    assert_eq!(kind(&shop, blocked, BIA), FaultKind::LastAdministrator, "a blocked one does not count");
}

fn day(from: &str, until: &str) -> DayForm {
    DayForm { open: true, from: from.to_owned(), until: until.to_owned(), ..DayForm::default() }
}

fn hours() -> HoursForm {
    let lunch = DayForm { lunch: true, ..day("08:00", "18:00") };
    let closed = DayForm::default();
    HoursForm {
        limited: true,
        week: [lunch.clone(), lunch.clone(), lunch.clone(), lunch.clone(), lunch, closed.clone(), closed],
        exceptions: vec![ExceptionForm { date: "2026-12-25".to_owned(), day: DayForm::default() }],
        zone: "America/Sao_Paulo".to_owned(),
        replies: true,
        auto_reply: " Olá, [NOME_CONTATO]! Voltamos às 8h. ".to_owned(),
    }
}

#[test]
fn what_is_switched_off_holds_for_nobody_and_is_there_when_it_is_switched_on_again() {
    let before = hours().check(|_| true).expect("sound");
    let off = HoursForm { limited: false, replies: false, ..hours() };
    let stored = off.check(|_| true).expect("sound");
    assert_eq!((stored.hours.as_ref(), &stored.auto_reply), (None, &AutoReply::Off));
    let shown = HoursForm::of(None, &stored.zone, None, &stored.kept);
    assert!(!shown.limited && !shown.replies);
    assert_eq!(HoursForm { limited: true, replies: true, ..shown }.check(|_| true).expect("as it was"), before);
    // A slip in what is switched off holds nobody up, and takes nothing away.
    let mut slip = off.clone();
    slip.week[1].from = "12:30".to_owned();
    slip.week[2].open = false;
    slip.exceptions.push(slip.exceptions[0].clone());
    slip.auto_reply = "á".repeat(901);
    let mut after = off;
    after.week[2].open = false;
    assert_eq!(slip.mended(&hours()), after);
}

#[test]
fn hours_have_a_lunch_and_days_that_differ_and_are_shown_as_they_are() {
    let open = hours().check(|_| true).expect("sound");
    let stored: Hours = open.hours.clone().expect("limited");
    assert_eq!(stored.week[0], [Period::new((8, 0), (12, 0)), Period::new((13, 0), (18, 0))]);
    assert!(stored.exceptions[&Day { year: 2026, month: 12, day: 25 }].is_empty());
    stored.check().expect("the calendar takes what the form takes");
    let AutoReply::On(text) = &open.auto_reply else { panic!("it answers") };
    assert_eq!(auto_reply_text(text, "Joana"), "Olá, Joana! Voltamos às 8h.");
    let shown = HoursForm::of(Some(&stored), &open.zone, Some(text), &open.kept);
    assert_eq!(shown.check(|_| true).expect("sound"), open);
    let midnight = HoursForm { week: std::array::from_fn(|_| day("00:00", "00:00")), ..hours() };
    let open = midnight.check(|_| true).expect("round the clock").hours.expect("limited");
    assert_eq!(open.week[6], [Period::new((0, 0), (24, 0))]);
}

#[test]
fn hours_that_overlap_or_make_no_sense_are_refused_at_their_day() {
    let refused = |form: HoursForm| only(form.check(|zone| zone != "Marte").expect_err("refused"));
    let monday = |day: DayForm| HoursForm {
        week: {
            let mut week = hours().week;
            week[0] = day;
            week
        },
        ..hours()
    };
    let lunch = |from: &str, until: &str| DayForm {
        lunch: true,
        lunch_from: from.to_owned(),
        lunch_until: until.to_owned(),
        ..day("08:00", "18:00")
    };
    for (day, kind) in [
        (day("18:00", "08:00"), FaultKind::NotAscending { which: Break::Closes }),
        (day("08:00", "08:00"), FaultKind::NotAscending { which: Break::Closes }),
        (lunch("07:00", "13:00"), FaultKind::NotAscending { which: Break::LunchBegins }),
        (lunch("13:00", "12:00"), FaultKind::NotAscending { which: Break::LunchEnds }),
        (
            DayForm { from: "19:00".to_owned(), ..lunch("12:00", "13:00") },
            FaultKind::NotAscending { which: Break::Closes },
        ),
        (lunch("12:00", "19:00"), FaultKind::NotAscending { which: Break::Closes }),
        (day("8h", "18:00"), FaultKind::NotATime { which: Break::Opens }),
        (day("24:00", "24:00"), FaultKind::NotATime { which: Break::Opens }),
        (day("08:00", "25:00"), FaultKind::NotATime { which: Break::Closes }),
        (day("08:00", "+8:00"), FaultKind::NotATime { which: Break::Closes }),
    ] {
        assert_eq!(refused(monday(day)), (Field::Weekday(0), kind));
    }
    let never = HoursForm { week: Default::default(), ..hours() };
    assert_eq!(refused(never), (Field::Form, FaultKind::NeverOpens));
    let dated = |dates: &[&str]| {
        let exceptions = dates.iter().map(|date| ExceptionForm { date: (*date).to_owned(), day: DayForm::default() });
        HoursForm { exceptions: exceptions.collect(), ..hours() }
    };
    assert_eq!(refused(dated(&["2026-02-30"])), (Field::Exception(0), FaultKind::NotADate));
    let date = Day { year: 2026, month: 5, day: 1 };
    assert_eq!(refused(dated(&["2026-05-01", "2026-05-01"])), (Field::Exception(1), FaultKind::DateTwice { date }));
    assert_eq!(refused(HoursForm { zone: "Marte".to_owned(), ..hours() }), (Field::Zone, FaultKind::UnknownZone));
    assert_eq!(refused(HoursForm { auto_reply: " ".to_owned(), ..hours() }), (Field::AutoReply, FaultKind::Empty));
    let long = HoursForm { auto_reply: "á".repeat(901), ..hours() };
    assert_eq!(refused(long), (Field::AutoReply, FaultKind::TooLong { length: 901, most: 900 }));
}

#[test]
fn thresholds_are_none_or_within_their_bounds() {
    Thresholds::default().check().expect("none");
    let wrong = Thresholds { queue: Some(0), oldest_minutes: Some(1_441), passed: Some(3), window_minutes: None };
    let fields: Vec<Field> = wrong.check().expect_err("two").into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, [Field::Queue, Field::OldestWait]);
}
