//! Who may do what: the permission table (product.md 4.3), every row and column.

use ciranda_domain::access::{AccountAction, Action, Refusal, may, may_in_account};
use ciranda_domain::conversation::State;
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::PersonStatus;
use ciranda_domain::team::Level;

use crate::fixtures::*;

/// The columns: administrator, supervisor, responsible or designee, other member, restricted member, outsider.
const COLUMNS: [(&str, PersonId); 6] = [("A", ANA), ("S", EVA), ("R", BRUNO), ("M", DAVI), ("X", FABIO), ("O", GIL)];

/// A row as the table prints it: `v` may, `-` may not, a space where the column has no meaning.
fn row(name: &str, level: Level, action: Action, state: State, expected: &str) {
    assert_eq!(expected.len(), COLUMNS.len(), "{name}");
    let organisation = organisation(level);
    let conversation = conversation(state);
    for ((column, person), cell) in COLUMNS.into_iter().zip(expected.chars()) {
        let allowed = may(&actor(&organisation, person), action, &conversation).is_ok();
        match cell {
            'v' => assert!(allowed, "{name}: {column} may"),
            '-' => assert!(!allowed, "{name}: {column} may not"),
            ' ' => {}
            other => panic!("no such cell: {other}"),
        }
    }
}

#[test]
fn the_permission_table() {
    use Action::*;
    use Level::{Attendant, Everyone, Team};
    for offered in [open(), queued()] {
        row("Open pending, undesignated", Team, Open, offered, "vv vv-");
        row("Start pending", Team, Start, offered, "vv vv-");
        row("Add internal note, pending", Team, AddNote, offered, "vv v--");
        row("Transfer pending", Team, Transfer, offered, "vv v--");
        row("Conclude pending", Team, Conclude, offered, "vv v--");
        row("Write, pending", Team, Write, offered, "------");
        row("Prefer an attendant, pending", Team, Prefer, offered, "vv v--");
    }
    row("Open pending designated to another", Team, Open, designated(BRUNO), "vvv---");
    row("Start pending designated to another", Team, Start, designated(BRUNO), "vvv---");
    row("Transfer pending designated to another", Team, Transfer, designated(BRUNO), "vvv---");
    row("Start pending, own", Team, Start, designated(FABIO), "vv--v-");
    row("Transfer pending, own designated", Team, Transfer, designated(FABIO), "vv--v-");
    row("Conclude pending, own designated", Team, Conclude, designated(FABIO), "vv----");
    row("Add internal note, own designated", Team, AddNote, designated(FABIO), "vv----");
    row("Write in progress", Team, Write, in_progress(BRUNO), "vvv---");
    row("Add internal note", Team, AddNote, in_progress(BRUNO), "vvvv--");
    row("Add internal note, not visible", Attendant, AddNote, in_progress(BRUNO), "vvv---");
    row("Add internal note, finished", Team, AddNote, finished(Some(BRUNO)), "vvvv--");
    row("Add internal note, finished at Todos", Everyone, AddNote, finished(Some(BRUNO)), "vvvv--");
    row("Prefer an attendant", Team, Prefer, in_progress(BRUNO), "vvvv--");
    row("Prefer an attendant, own of a restricted one", Team, Prefer, in_progress(FABIO), "vvvv--");
    row("Prefer an attendant, not visible", Attendant, Prefer, in_progress(BRUNO), "vvv---");
    row("Take over another's", Team, TakeOver, in_progress(BRUNO), "vv----");
    row("Transfer in progress", Team, Transfer, in_progress(BRUNO), "vvv---");
    row("Conclude in progress", Team, Conclude, in_progress(BRUNO), "vvv---");
    row("Conclude in progress, restricted responsible", Team, Conclude, in_progress(FABIO), "vv--v-");
    row("Classify after conclusion", Team, Classify, finished(Some(BRUNO)), "v-v---");
    row("Restart finished", Team, Restart, finished(Some(BRUNO)), "vvvv--");
    row("Restart finished, own", Team, Restart, finished(Some(FABIO)), "vv vv-");
    row("Restart finished at Atendente", Attendant, Restart, finished(Some(BRUNO)), "vvv---");
    row("Restart finished at Todos", Everyone, Restart, finished(Some(BRUNO)), "vvvv-v");
}

#[test]
fn configuration_is_for_administrators_and_availability_for_oneself() {
    let organisation = organisation(Level::Team);
    for person in organisation.people.keys() {
        let actor = actor(&organisation, *person);
        let other = if *person == CARLA { DAVI } else { CARLA };
        assert_eq!(may_in_account(&actor, AccountAction::Configure).is_ok(), *person == ANA);
        assert_eq!(may_in_account(&actor, AccountAction::SetAvailability { of: *person }), Ok(()));
        assert_eq!(may_in_account(&actor, AccountAction::SetAvailability { of: other }).is_ok(), *person == ANA);
    }
}

#[test]
fn what_is_not_visible_is_not_found() {
    let organisation = organisation(Level::Team);
    for action in [Action::Open, Action::Start, Action::Write, Action::Transfer, Action::Conclude, Action::Restart] {
        for state in [open(), designated(BRUNO), in_progress(BRUNO), finished(Some(BRUNO))] {
            let refusal = may(&actor(&organisation, GIL), action, &conversation(state));
            assert_eq!(refusal, Err(Refusal::NotFound), "{action:?} {state:?}");
        }
    }
}

/// Their screen may have shown it a moment ago, so a press of "Iniciar" is explained; nothing else is.
#[test]
fn of_what_a_member_no_longer_sees_only_the_lost_start_is_explained() {
    let organisation = organisation(Level::Attendant);
    let davi = actor(&organisation, DAVI);
    let refusal = |action, state| may(&davi, action, &conversation(state)).expect_err("refused");
    assert_eq!(refusal(Action::Start, in_progress(BRUNO)), Refusal::AlreadyStarted { by: BRUNO });
    assert_eq!(refusal(Action::Start, finished(Some(BRUNO))), Refusal::Finished);
    use Action::*;
    for action in [Open, Write, AddNote, TakeOver, Transfer, Conclude, Classify, Restart] {
        for state in [in_progress(BRUNO), finished(Some(BRUNO))] {
            assert_eq!(refusal(action, state), Refusal::NotFound, "{action:?} {state:?}");
        }
    }
}

#[test]
fn acts_of_another_state_are_explained() {
    let organisation = organisation(Level::Team);
    let eva = actor(&organisation, EVA);
    let refusal = |action, state| may(&eva, action, &conversation(state)).expect_err("refused");
    assert_eq!(refusal(Action::Start, in_progress(BRUNO)), Refusal::AlreadyStarted { by: BRUNO });
    assert_eq!(refusal(Action::Start, finished(None)), Refusal::Finished);
    assert_eq!(refusal(Action::Write, finished(None)), Refusal::Finished);
    assert_eq!(refusal(Action::Transfer, finished(None)), Refusal::Finished);
    assert_eq!(refusal(Action::Conclude, finished(None)), Refusal::Finished);
    assert_eq!(refusal(Action::TakeOver, finished(None)), Refusal::Finished);
    assert_eq!(refusal(Action::TakeOver, in_progress(EVA)), Refusal::AlreadyStarted { by: EVA });
    assert_eq!(refusal(Action::TakeOver, open()), Refusal::NotAllowed);
    assert_eq!(refusal(Action::Classify, open()), Refusal::TooLate);
    assert_eq!(refusal(Action::Restart, in_progress(BRUNO)), Refusal::AlreadyStarted { by: BRUNO });
    assert_eq!(refusal(Action::Restart, open()), Refusal::AlreadyOpen);
}

#[test]
fn a_blocked_administrator_configures_nothing() {
    let mut organisation = organisation(Level::Team);
    organisation.people.get_mut(&ANA).unwrap().status = PersonStatus::Blocked;
    let ana = actor(&organisation, ANA);
    assert_eq!(may_in_account(&ana, AccountAction::Configure), Err(Refusal::NotAllowed));
    assert_eq!(may_in_account(&ana, AccountAction::SetAvailability { of: ANA }), Err(Refusal::NotAllowed));
}
