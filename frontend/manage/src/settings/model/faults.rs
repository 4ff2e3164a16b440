//! Faults of forms in words, and the control that each belongs to.

use ciranda_domain::settings::{Break, Fault, FaultKind, Field};
use ciranda_domain::time::Span;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_text::spans;
use ciranda_ui::{t, tf, words};

use super::names::Names;

/// The id of the control that takes the focus when the field is faulty.
pub fn field_id(field: Field) -> String {
    match field {
        Field::Form => "form-note".to_owned(),
        Field::Name => "field-name".to_owned(),
        Field::DefaultTeam => "field-default".to_owned(),
        Field::Level => "field-level".to_owned(),
        Field::Limit => "field-limit".to_owned(),
        Field::Maximum => "field-maximum".to_owned(),
        Field::Capacity => "field-capacity".to_owned(),
        Field::Weights => "field-weights".to_owned(),
        Field::People => "field-people".to_owned(),
        Field::Person(id) => format!("person-{id}"),
        Field::Team(id) => format!("team-{id}"),
        Field::Email => "field-email".to_owned(),
        Field::Phone => "field-phone".to_owned(),
        Field::Profile => "field-profile".to_owned(),
        Field::Status => "field-status".to_owned(),
        Field::Weekday(day) => format!("weekday-{day}"),
        Field::Exception(at) => format!("exception-{at}"),
        Field::Zone => "field-zone".to_owned(),
        Field::AutoReply => "field-reply".to_owned(),
        Field::Fate => "field-fate".to_owned(),
        Field::Queue => "field-queue".to_owned(),
        Field::OldestWait => "field-oldest".to_owned(),
        Field::Passed => "field-passed".to_owned(),
        Field::WindowCloses => "field-window".to_owned(),
    }
}

/// The first faulty field from the top of its form.
pub fn first(faults: &[Fault]) -> Option<Field> {
    faults.iter().map(|fault| fault.field).min_by_key(|field| order(*field))
}

/// Where a field stands on screen.
const fn order(field: Field) -> (u8, u32) {
    match field {
        Field::Form => (0, 0),
        Field::Name => (1, 0),
        Field::Email => (2, 0),
        Field::Phone => (3, 0),
        Field::Profile => (4, 0),
        Field::Status => (5, 0),
        Field::DefaultTeam => (6, 0),
        Field::Level => (7, 0),
        Field::People => (8, 0),
        Field::Person(_) | Field::Team(_) => (9, 0),
        Field::Limit => (10, 0),
        Field::Maximum => (11, 0),
        Field::Capacity => (12, 0),
        Field::Weights => (13, 0),
        Field::Queue => (14, 0),
        Field::OldestWait => (15, 0),
        Field::Passed => (16, 0),
        Field::WindowCloses => (17, 0),
        Field::Weekday(day) => (18, day as u32),
        Field::Exception(at) => (19, at),
        Field::Zone => (20, 0),
        Field::AutoReply => (21, 0),
        Field::Fate => (22, 0),
    }
}

/// What is wrong and what to do.
pub fn said(fault: &Fault, names: &Names<'_>) -> String {
    let number = |n: u32| n.to_string();
    match &fault.kind {
        FaultKind::Empty => t(Say::FaultEmpty).to_owned(),
        FaultKind::TooShort { least } => tf(Say::FaultTooShort, &[&number(*least)]),
        FaultKind::TooLong { length, most } => tf(Say::FaultTooLong, &[&number(*most), &number(*length)]),
        FaultKind::NameTaken { by } => tf(Say::FaultNameTaken, &[by]),
        FaultKind::OutOfRange { least, most } => out_of_range(fault.field, *least, *most),
        FaultKind::BelowLimit { limit } => tf(Say::FaultBelowLimit, &[&length(*limit)]),
        FaultKind::SecondDefault { present } => tf(Say::FaultSecondDefault, &[&names.team(*present)]),
        FaultKind::NoDefault => t(Say::FaultNoDefault).to_owned(),
        FaultKind::LastAttending { waiting } => {
            words().count(*waiting, Say::FaultLastAttendingOne, Say::FaultLastAttendingMany)
        }
        FaultKind::RestrictedSupervises => t(Say::FaultRestrictedSupervises).to_owned(),
        FaultKind::NeedsFate { open } => words().count(*open, Say::FaultNeedsFateOne, Say::FaultNeedsFateMany),
        FaultKind::CannotReceive => t(Say::FaultCannotReceive).to_owned(),
        FaultKind::LastAdministrator => t(Say::FaultLastAdministrator).to_owned(),
        FaultKind::Oneself => t(Say::FaultOneself).to_owned(),
        FaultKind::NotAnEmail => t(Say::FaultNotAnEmail).to_owned(),
        FaultKind::NotAPhone => t(Say::FaultNotAPhone).to_owned(),
        FaultKind::LoginTaken { by } => tf(Say::FaultLoginTaken, &[&names.person(*by)]),
        FaultKind::NotATime { which } => tf(Say::FaultNotATime, &[t(which_time(*which))]),
        FaultKind::NotAscending { which } => tf(Say::FaultNotAscending, &[t(which_time(*which))]),
        FaultKind::NeverOpens => t(Say::FaultNeverOpens).to_owned(),
        FaultKind::NotADate => t(Say::FaultNotADate).to_owned(),
        FaultKind::DateTwice { .. } => t(Say::FaultDateTwice).to_owned(),
        FaultKind::UnknownZone => t(Say::FaultUnknownZone).to_owned(),
        FaultKind::ChangedMeanwhile { by: Some(by) } => tf(Say::ChangedBy, &[&names.person(*by)]),
        FaultKind::ChangedMeanwhile { by: None } => t(Say::Changed).to_owned(),
        FaultKind::Gone => t(Say::FaultGone).to_owned(),
        FaultKind::NotOfTeam => t(Say::FaultNotOfTeam).to_owned(),
    }
}

fn out_of_range(field: Field, least: u32, most: u32) -> String {
    match field {
        Field::Limit | Field::Maximum | Field::OldestWait | Field::WindowCloses => {
            tf(Say::FaultRange, &[&length(least), &length(most)])
        }
        Field::Form => tf(Say::FaultExceptions, &[&most.to_string()]),
        _ => tf(Say::FaultRange, &[&least.to_string(), &most.to_string()]),
    }
}

/// Minutes in words: `2 min`, `2 h`.
pub fn length(minutes: u32) -> String {
    spans::spoken(words(), Span::minutes(i64::from(minutes)))
}

const fn which_time(which: Break) -> Say {
    match which {
        Break::Opens => Say::TimeOpens,
        Break::LunchBegins => Say::TimeLunchBegins,
        Break::LunchEnds => Say::TimeLunchEnds,
        Break::Closes => Say::TimeCloses,
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::TeamId;
    use ciranda_domain::organisation::Organisation;
    use uuid::Uuid;

    use super::*;

    fn say(field: Field, kind: FaultKind) -> String {
        said(&Fault::new(field, kind), &Names::of(&Organisation::default()))
    }

    #[test]
    fn a_range_is_said_in_the_unit_of_its_field() {
        let kind = FaultKind::OutOfRange { least: 2, most: 120 };
        assert_eq!(say(Field::Limit, kind.clone()), "Use de 2 min a 2 h.");
        assert_eq!(say(Field::Capacity, kind), "Use de 2 a 120.");
    }

    #[test]
    fn a_fault_says_what_to_do() {
        assert_eq!(
            say(Field::Maximum, FaultKind::BelowLimit { limit: 30 }),
            "O máximo precisa ser de pelo menos 30 min, o tempo de uma pessoa."
        );
        let present = TeamId(Uuid::nil());
        assert!(say(Field::DefaultTeam, FaultKind::SecondDefault { present }).contains("uma equipe"));
    }

    #[test]
    fn the_first_faulty_field_is_the_uppermost() {
        let fault = |field| Fault::new(field, FaultKind::Empty);
        assert_eq!(first(&[fault(Field::Maximum), fault(Field::Name), fault(Field::Limit)]), Some(Field::Name));
        assert_eq!(first(&[fault(Field::Weekday(4)), fault(Field::Weekday(1))]), Some(Field::Weekday(1)));
        assert_eq!(first(&[]), None);
    }
}
