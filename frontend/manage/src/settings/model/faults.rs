//! Faults of forms in words, and the control that each belongs to.

use ciranda_domain::settings::{Break, Fault, Field};
use ciranda_domain::time::Span;
use ciranda_text::spans;
use ciranda_ui::words;

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

/// The id of one of a day's times.
pub fn time_id(field: Field, which: Break) -> String {
    let place = match which {
        Break::Opens => "-time",
        Break::Closes => "-time-until",
        Break::LunchBegins => "-time-lunch",
        Break::LunchEnds => "-time-lunch-until",
    };
    [&field_id(field), place].concat()
}

/// The id of a special day's date.
pub fn date_id(field: Field) -> String {
    [&field_id(field), "-date"].concat()
}

/// The id of the very control that a fault is about.
pub fn control(fault: &Fault) -> String {
    match (fault.kind.which(), &fault.kind) {
        (Some(which), _) => time_id(fault.field, which),
        (None, kind) if kind.is_of_date() => date_id(fault.field),
        (None, _) => field_id(fault.field),
    }
}

/// The first fault from the top of its form.
pub fn first(faults: &[Fault]) -> Option<&Fault> {
    faults.iter().min_by_key(|fault| order(fault.field))
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
    ciranda_text::faults::explain(words(), fault, names.organisation)
}

/// Minutes in words: `2 min`, `2 h`.
pub fn length(minutes: u32) -> String {
    spans::spoken(words(), Span::minutes(i64::from(minutes)))
}

#[cfg(test)]
mod tests {
    use ciranda_domain::settings::FaultKind;

    use super::*;

    #[test]
    fn the_first_faulty_field_is_the_uppermost() {
        let fault = |field| Fault::new(field, FaultKind::Empty);
        assert_eq!(
            first(&[fault(Field::Maximum), fault(Field::Name), fault(Field::Limit)]).map(|fault| fault.field),
            Some(Field::Name)
        );
        assert_eq!(
            first(&[fault(Field::Weekday(4)), fault(Field::Weekday(1))]).map(|fault| fault.field),
            Some(Field::Weekday(1))
        );
        assert_eq!(first(&[]).map(|fault| fault.field), None);
    }
}
