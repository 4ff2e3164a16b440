//! The life of a conversation: commands, inbound messages, texts, statuses (product.md 11 and 13).

use ciranda_domain::access::Refusal;
use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, State};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::life::{Command, Outcome, Receipt, Told, WaitingTexts, conclude, decide};
use ciranda_domain::message::{Cancelled, Fact};
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::team::Level;
use proptest::prelude::*;

use crate::fixtures::*;

mod leaving;
mod notes;
mod texts;

/// Decides as `person`, at 09:30, at level Equipe.
fn act(person: PersonId, command: Command, head: &Conversation) -> Result<Outcome, Refusal> {
    act_at(Level::Team, person, command, head)
}

fn act_at(level: Level, person: PersonId, command: Command, head: &Conversation) -> Result<Outcome, Refusal> {
    let organisation = organisation(level);
    let actor = actor(&organisation, person);
    decide(head, &command, &context(&organisation, &actor, at(9, 30)))
}

fn in_progress_since(responsible: PersonId) -> State {
    State::InProgress { responsible, since: at(9, 30) }
}

#[test]
fn starting_makes_the_caller_responsible_and_sends_the_receipt() {
    let head = Conversation { unread: 3, ..conversation(designated(BRUNO)) };
    let outcome = act(BRUNO, Command::Start, &head).unwrap();
    assert_eq!(outcome.head, Conversation { state: in_progress_since(BRUNO), unread: 0, ..head });
    assert_eq!(outcome.facts, [Fact::Started { by: BRUNO }]);
    assert_eq!(outcome.told, [Told::Started { team: SUPORTE, by: BRUNO }]);
    assert_eq!((outcome.receipt, outcome.waiting), (Receipt::Due, WaitingTexts::Kept));
    assert_eq!(outcome.loads_changed, [], "the designee's slot becomes the responsible's");
}

#[test]
fn a_supervisor_who_starts_frees_the_designees_slot() {
    let outcome = act(EVA, Command::Start, &conversation(designated(BRUNO))).unwrap();
    assert_eq!(outcome.loads_changed, [BRUNO, EVA]);
}

#[test]
fn a_transfer_to_a_team_is_pending_there_and_takes_a_turn() {
    let head = Conversation { received_from: Some(DAVI), waiting: 2, ..conversation(in_progress(BRUNO)) };
    let outcome = act(BRUNO, Command::TransferToTeam { team: GERAL }, &head).unwrap();
    assert_eq!(outcome.head.state, State::Pending(Pending::Open { since: at(9, 30) }));
    assert_eq!((outcome.head.team, outcome.head.received_from), (GERAL, None));
    assert_eq!((outcome.head.waiting, outcome.waiting), (2, WaitingTexts::Kept), "waiting texts survive a transfer");
    assert_eq!(outcome.facts, [Fact::TransferredToTeam { by: BRUNO, from: SUPORTE, to: GERAL, because: None }]);
    assert_eq!(outcome.told, [Told::Enqueued { team: GERAL }]);
    assert_eq!(outcome.loads_changed, [BRUNO]);
}

#[test]
fn a_pending_one_leaves_its_team_before_it_joins_the_other() {
    let outcome = act(DAVI, Command::TransferToTeam { team: GERAL }, &conversation(open())).unwrap();
    assert_eq!(outcome.told, [Told::Left { team: SUPORTE }, Told::Enqueued { team: GERAL }]);
}

#[test]
fn returning_to_the_queue_is_a_transfer_to_its_own_team() {
    let outcome = act(BRUNO, Command::TransferToTeam { team: SUPORTE }, &conversation(in_progress(BRUNO))).unwrap();
    assert_eq!(outcome.told, [Told::Enqueued { team: SUPORTE }]);
    let pending = act(DAVI, Command::TransferToTeam { team: SUPORTE }, &conversation(open()));
    assert_eq!(pending, Err(Refusal::CannotReceive), "it is in that queue already");
    let unknown =
        act(BRUNO, Command::TransferToTeam { team: TeamId(conversation_id(9).0) }, &conversation(in_progress(BRUNO)));
    assert_eq!(unknown, Err(Refusal::CannotReceive));
}

#[test]
fn a_transfer_to_a_person_lands_in_mine_with_its_mark() {
    let head = Conversation { unread: 2, ..conversation(in_progress(BRUNO)) };
    let outcome = act(BRUNO, Command::TransferToPerson { person: DAVI, team: SUPORTE }, &head).unwrap();
    let expected = Conversation { state: in_progress_since(DAVI), received_from: Some(BRUNO), ..head };
    assert_eq!(outcome.head, expected);
    assert_eq!(outcome.facts, [Fact::TransferredToPerson { by: BRUNO, to: DAVI, team: SUPORTE, because: None }]);
    assert_eq!((outcome.told, outcome.receipt), (vec![], Receipt::None));
    assert_eq!(outcome.loads_changed, [BRUNO, DAVI]);
}

#[test]
fn a_person_of_another_team_takes_it_there() {
    let outcome = act(BRUNO, Command::TransferToPerson { person: GIL, team: GERAL }, &conversation(in_progress(BRUNO)));
    assert_eq!(outcome.unwrap().head.team, GERAL);
    let wrong_team =
        act(BRUNO, Command::TransferToPerson { person: GIL, team: SUPORTE }, &conversation(in_progress(BRUNO)));
    assert_eq!(wrong_team, Err(Refusal::CannotReceive));
}

#[test]
fn a_pending_one_handed_to_a_person_leaves_distribution() {
    let outcome =
        act(BRUNO, Command::TransferToPerson { person: DAVI, team: SUPORTE }, &conversation(designated(BRUNO)));
    assert_eq!(outcome.unwrap().told, [Told::Started { team: SUPORTE, by: DAVI }]);
}

#[test]
fn who_hands_it_to_themselves_has_received_it_from_nobody() {
    let outcome = act(BRUNO, Command::TransferToPerson { person: BRUNO, team: SUPORTE }, &conversation(open()));
    assert_eq!(outcome.unwrap().head.received_from, None);
}

#[test]
fn only_active_members_and_administrators_receive() {
    let head = conversation(in_progress(BRUNO));
    for status in [PersonStatus::Blocked, PersonStatus::Deleted] {
        let mut organisation = organisation(Level::Team);
        organisation.people.get_mut(&DAVI).unwrap().status = status;
        let bruno = actor(&organisation, BRUNO);
        let to_davi = Command::TransferToPerson { person: DAVI, team: SUPORTE };
        let refused = decide(&head, &to_davi, &context(&organisation, &bruno, at(9, 30)));
        assert_eq!(refused, Err(Refusal::CannotReceive));
    }
    assert!(
        act(BRUNO, Command::TransferToPerson { person: ANA, team: SUPORTE }, &head).is_ok(),
        "an administrator may"
    );
    assert!(
        act(BRUNO, Command::TransferToPerson { person: FABIO, team: SUPORTE }, &head).is_ok(),
        "so may a restricted member"
    );
    let itself = act(BRUNO, Command::TransferToPerson { person: BRUNO, team: SUPORTE }, &head);
    assert_eq!(itself, Err(Refusal::CannotReceive), "it is theirs already");
    let nobody = act(BRUNO, Command::TransferToPerson { person: person_id(99), team: SUPORTE }, &head);
    assert_eq!(nobody, Err(Refusal::CannotReceive));
}

#[test]
fn concluding_ends_it_and_cancels_what_waits() {
    let head = Conversation { waiting: 2, unread: 1, ..conversation(in_progress(BRUNO)) };
    let outcome = act(BRUNO, Command::Conclude, &head).unwrap();
    let archive = Archive::InTwelveHours;
    let finished = Finished { at: at(9, 30), by: Some(BRUNO), responsible: Some(BRUNO), archive };
    assert_eq!(outcome.head, Conversation { state: State::Finished(finished), waiting: 0, unread: 0, ..head });
    assert_eq!(outcome.waiting, WaitingTexts::Cancelled(Cancelled::ByConclusion));
    assert_eq!(outcome.facts, [Fact::Concluded { by: Some(BRUNO) }]);
    assert_eq!((outcome.told, outcome.loads_changed), (vec![], vec![BRUNO]));
}

#[test]
fn concluding_a_pending_one_leaves_nobody_responsible() {
    let outcome = act(DAVI, Command::Conclude, &conversation(open())).unwrap();
    let State::Finished(finished) = outcome.head.state else { panic!("finished") };
    assert_eq!((finished.by, finished.responsible), (Some(DAVI), None));
    assert_eq!(outcome.told, [Told::Left { team: SUPORTE }]);
    assert_eq!(outcome.waiting, WaitingTexts::Kept, "there were none to cancel");
}

#[test]
fn restarting_makes_the_caller_responsible_where_it_is() {
    let outcome = act(DAVI, Command::Restart, &conversation(finished(Some(BRUNO)))).unwrap();
    assert_eq!((outcome.head.state, outcome.head.team), (in_progress_since(DAVI), SUPORTE));
    assert_eq!((outcome.facts, outcome.told), (vec![Fact::Restarted { by: DAVI }], vec![]));
}

#[test]
fn somebody_of_another_team_restarts_it_into_their_own() {
    let outcome = act_at(Level::Everyone, GIL, Command::Restart, &conversation(finished(Some(BRUNO)))).unwrap();
    assert_eq!(outcome.head.team, GERAL);
    let mut organisation = organisation(Level::Everyone);
    organisation.memberships.remove(&(GERAL, GIL));
    let gil = actor(&organisation, GIL);
    let head = conversation(finished(Some(BRUNO)));
    let teamless = decide(&head, &Command::Restart, &context(&organisation, &gil, at(9, 30)));
    assert_eq!(teamless, Err(Refusal::NotAllowed));
    let anywhere = act_at(Level::Everyone, ANA, Command::Restart, &head).unwrap();
    assert_eq!(anywhere.head.team, SUPORTE, "an administrator restarts it where it is");
}

#[test]
fn only_the_responsibles_look_counts_as_reading() {
    let head = Conversation { unread: 2, received_from: Some(ANA), ..conversation(in_progress(BRUNO)) };
    let outcome = act(BRUNO, Command::MarkRead, &head).unwrap();
    assert_eq!(outcome.head, Conversation { unread: 0, received_from: None, ..head.clone() });
    assert_eq!(outcome.receipt, Receipt::Due);
    let again = act(BRUNO, Command::MarkRead, &outcome.head).unwrap();
    assert_eq!((again.receipt, &again.head), (Receipt::None, &outcome.head));
    let unread = Conversation { received_from: None, ..head.clone() };
    assert_eq!(act(BRUNO, Command::MarkRead, &unread).unwrap().receipt, Receipt::Due, "whoever it came from");
    assert_eq!(act(EVA, Command::MarkRead, &head), Err(Refusal::NotAllowed));
    assert_eq!(act(BRUNO, Command::MarkRead, &conversation(designated(BRUNO))), Err(Refusal::NotAllowed));
    assert_eq!(act(BRUNO, Command::MarkRead, &conversation(finished(Some(BRUNO)))), Err(Refusal::Finished));
}

#[test]
fn a_supervisor_takes_over_and_the_former_responsible_loses_it() {
    let outcome = act(EVA, Command::TakeOver { from: Some(BRUNO) }, &conversation(in_progress(BRUNO))).unwrap();
    assert_eq!(outcome.head.state, in_progress_since(EVA));
    assert_eq!(outcome.facts, [Fact::TransferredToPerson { by: EVA, to: EVA, team: SUPORTE, because: None }]);
    assert_eq!(outcome.loads_changed, [BRUNO, EVA]);
}

#[test]
fn decision_10_of_two_who_take_over_at_once_the_second_is_told_who_was_faster() {
    let taken = conversation(in_progress(ANA));
    let late = act(EVA, Command::TakeOver { from: Some(BRUNO) }, &taken);
    assert_eq!(late, Err(Refusal::AlreadyStarted { by: ANA }));
    assert!(act(EVA, Command::TakeOver { from: None }, &taken).is_ok(), "a call that an earlier version kept");
}

fn any_state() -> impl Strategy<Value = State> {
    let who = || (1..9_u128).prop_map(person_id);
    prop_oneof![
        Just(open()),
        Just(queued()),
        who().prop_map(designated),
        who().prop_map(in_progress),
        prop::option::of(who()).prop_map(finished),
    ]
}

fn any_command() -> impl Strategy<Value = Command> {
    let team = || prop::sample::select(vec![SUPORTE, GERAL]);
    prop_oneof![
        Just(Command::Start),
        Just(Command::Conclude),
        Just(Command::Restart),
        Just(Command::MarkRead),
        prop::option::of((1..9_u128).prop_map(person_id)).prop_map(|from| Command::TakeOver { from }),
        team().prop_map(|team| Command::TransferToTeam { team }),
        ((1..9_u128).prop_map(person_id), team()).prop_map(|(person, team)| Command::TransferToPerson { person, team }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is accepted leaves a sound head: the id, contact, window and messages as they were, somebody active
    /// responsible while in progress, and a fact for every change of state.
    #[test]
    fn accepted_commands_leave_a_sound_head(state in any_state(), command in any_command(), who in 1..9_u128, level in prop::sample::select(&LEVELS[..])) {
        let head = Conversation { waiting: 1, ..conversation(state) };
        let Ok(outcome) = act_at(level, person_id(who), command, &head) else { return Ok(()) };
        let after = &outcome.head;
        prop_assert_eq!((after.id, &after.contact, after.window, after.channel), (head.id, &head.contact, head.window, head.channel));
        prop_assert_eq!(outcome.facts.is_empty(), after.state == head.state);
        prop_assert_eq!(after.waiting == 0, outcome.waiting != WaitingTexts::Kept);
        let pending = |state| matches!(state, State::Pending(_));
        let joins = outcome.told.iter().filter(|told| matches!(told, Told::Enqueued { .. })).count();
        let leaves = outcome.told.len() - joins;
        prop_assert_eq!(joins, usize::from(pending(after.state)));
        prop_assert_eq!(leaves, usize::from(pending(head.state)));
        if let State::Finished(finished) = after.state {
            prop_assert_eq!(finished.responsible, head.responsible());
        }
    }

    /// Nobody changes what they do not see.
    #[test]
    fn what_is_not_seen_is_not_changed(state in any_state(), command in any_command(), who in 1..9_u128, level in prop::sample::select(&LEVELS[..])) {
        let organisation = organisation(level);
        let seen = actor(&organisation, person_id(who)).sees(&conversation(state));
        prop_assert!(seen || act_at(level, person_id(who), command, &conversation(state)).is_err());
    }

    /// Only restricted people are refused what a member of the same team may do with the same conversation.
    #[test]
    fn a_restricted_person_may_do_no_more_than_an_attendant(state in any_state(), command in any_command()) {
        let restricted = organisation(Level::Team);
        let mut raised = restricted.clone();
        raised.people.get_mut(&FABIO).unwrap().profile = Profile::Attendant;
        let may = |organisation| {
            let actor = actor(organisation, FABIO);
            decide(&conversation(state), &command, &context(organisation, &actor, at(9, 30))).is_ok()
        };
        prop_assert!(may(&raised) || !may(&restricted));
    }
}

#[test]
fn an_automatic_conclusion_names_nobody() {
    let outcome = conclude(&conversation(in_progress(BRUNO)), None, Archive::Immediately, at(10, 0));
    let State::Finished(finished) = outcome.head.state else { panic!("finished") };
    assert_eq!((finished.by, finished.responsible, finished.archive), (None, Some(BRUNO), Archive::Immediately));
    assert_eq!(outcome.facts, [Fact::Concluded { by: None }]);
}
