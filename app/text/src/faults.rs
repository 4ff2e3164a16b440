//! What is wrong with a form, in words: the reason, and what to do.
//!
//! *Invariant:* exhaustive over [`FaultKind`]; names are looked up when shown.

use ciranda_domain::settings::{Break, Fault, FaultKind, Field};

use crate::catalogue::Key;
use crate::catalogue::settings::Settings as S;
use crate::facts::Names;
use crate::{Words, dates};

/// One or two sentences for a fault.
#[must_use]
pub fn explain(words: Words, fault: &Fault, names: &dyn Names) -> String {
    let somebody = || words.get(Key::SomebodyGone).to_owned();
    let person = |id| names.person(id).unwrap_or_else(somebody);
    let (key, values) = match &fault.kind {
        FaultKind::Empty => (S::FaultEmpty, vec![]),
        FaultKind::TooShort { least } => (S::FaultTooShort, vec![least.to_string()]),
        FaultKind::TooLong { length, most } => (S::FaultTooLong, vec![length.to_string(), most.to_string()]),
        FaultKind::NameTaken { by } => (S::FaultNameTaken, vec![by.clone()]),
        FaultKind::OutOfRange { least, most } => range(fault.field, *least, *most),
        FaultKind::BelowLimit { limit } => (S::FaultBelowLimit, vec![limit.to_string()]),
        FaultKind::SecondDefault { present } => {
            (S::FaultSecondDefault, vec![names.team(*present).unwrap_or_else(somebody)])
        }
        FaultKind::NoDefault => (S::FaultNoDefault, vec![]),
        FaultKind::LastAttending { waiting } => (S::FaultLastAttending, vec![waiting.to_string()]),
        FaultKind::RestrictedSupervises => (S::FaultRestrictedSupervises, vec![]),
        FaultKind::NeedsFate { open } => (S::FaultNeedsFate, vec![open.to_string()]),
        FaultKind::CannotReceive => (S::FaultCannotReceive, vec![]),
        FaultKind::LastAdministrator => (S::FaultLastAdministrator, vec![]),
        FaultKind::Oneself => (S::FaultOneself, vec![]),
        FaultKind::NotAnEmail => (S::FaultNotAnEmail, vec![]),
        FaultKind::NotAPhone => (S::FaultNotAPhone, vec![]),
        FaultKind::LoginTaken { by } => (S::FaultLoginTaken, vec![person(*by)]),
        FaultKind::NotATime { which } => (not_a_time(*which), vec![]),
        FaultKind::NotAscending { which } => (not_ascending(*which), vec![]),
        FaultKind::NeverOpens => (S::FaultNeverOpens, vec![]),
        FaultKind::NotADate => (S::FaultNotADate, vec![]),
        FaultKind::DateTwice { date } => (S::FaultDateTwice, vec![dates::full(words, *date)]),
        FaultKind::UnknownZone => (S::FaultUnknownZone, vec![]),
        FaultKind::ChangedMeanwhile { by } => (S::FaultChangedMeanwhile, vec![by.map_or_else(somebody, person)]),
        FaultKind::Gone => (S::FaultGone, vec![]),
    };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut said = words.fill(key, &values);
    // "alguém salvou…" begins a sentence.
    if let Some(first) = said.chars().next().filter(|first| first.is_lowercase()) {
        said.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    said
}

fn range(field: Field, least: u32, most: u32) -> (S, Vec<String>) {
    let both = vec![least.to_string(), most.to_string()];
    match field {
        Field::Limit | Field::Maximum | Field::OldestWait | Field::WindowCloses => (S::FaultMinutesOutOfRange, both),
        Field::Form => (S::FaultTooManyExceptions, vec![most.to_string()]),
        Field::Name
        | Field::DefaultTeam
        | Field::Level
        | Field::Capacity
        | Field::Weights
        | Field::People
        | Field::Person(_)
        | Field::Team(_)
        | Field::Email
        | Field::Phone
        | Field::Profile
        | Field::Status
        | Field::Weekday(_)
        | Field::Exception(_)
        | Field::Zone
        | Field::AutoReply
        | Field::Fate
        | Field::Queue
        | Field::Passed => (S::FaultOutOfRange, both),
    }
}

const fn not_a_time(which: Break) -> S {
    match which {
        Break::Opens => S::FaultOpens,
        Break::LunchBegins => S::FaultLunchBegins,
        Break::LunchEnds => S::FaultLunchEnds,
        Break::Closes => S::FaultCloses,
    }
}

const fn not_ascending(which: Break) -> S {
    match which {
        // Nothing comes before opening.
        Break::Opens => S::FaultOpens,
        Break::LunchBegins => S::FaultLunchBeforeOpening,
        Break::LunchEnds => S::FaultLunchEndsBefore,
        Break::Closes => S::FaultClosesBefore,
    }
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::{PersonId, TeamId};

    use super::*;

    struct Nobody;

    impl Names for Nobody {
        fn person(&self, _: PersonId) -> Option<String> {
            None
        }
        fn team(&self, _: TeamId) -> Option<String> {
            Some("Geral".to_owned())
        }
    }

    #[test]
    fn a_fault_says_the_reason_and_what_to_do() {
        let said = |field, kind| explain(Words::PORTUGUESE, &Fault::new(field, kind), &Nobody);
        assert_eq!(
            said(Field::Limit, FaultKind::OutOfRange { least: 2, most: 120 }),
            "Use de 2 a 120 minutos, sem frações."
        );
        assert_eq!(said(Field::Capacity, FaultKind::OutOfRange { least: 1, most: 200 }), "Use um número de 1 a 200.");
        assert!(said(Field::People, FaultKind::LastAttending { waiting: 3 }).contains('3'));
        let stale = said(Field::Form, FaultKind::ChangedMeanwhile { by: None });
        assert!(stale.starts_with("Alguém salvou"), "{stale}");
        let second = said(Field::DefaultTeam, FaultKind::SecondDefault { present: TeamId(uuid::Uuid::nil()) });
        assert!(second.contains("Geral"), "{second}");
    }
}
