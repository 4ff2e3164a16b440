//! The life of a conversation: commands, inbound messages, texts, statuses (product.md 11 and 13).

use ciranda_domain::access::Refusal;
use ciranda_domain::channel::ChannelKind::{Instagram, WhatsApp};
use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, Side, State, Window};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::inbound::ProviderStatus;
use ciranda_domain::life::{
    self, Arrival, Command, Outcome, Receipt, Told, WaitingTexts, accepted, advance, cancel_waiting, conclude, decide,
    expires_at, heard, last_line, receive, replaces, retry, write,
};
use ciranda_domain::message::{Body, Cancelled, Delivery, Fact, Kind};
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::team::Level;
use ciranda_domain::time::Span;
use ciranda_domain::window::{HumanAgent, MessagingWindow};
use proptest::prelude::*;

use crate::fixtures::*;

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
    assert_eq!(outcome.facts, [Fact::TransferredToTeam { by: BRUNO, from: SUPORTE, to: GERAL }]);
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
    assert_eq!(outcome.facts, [Fact::TransferredToPerson { by: BRUNO, to: DAVI, team: SUPORTE }]);
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
    assert_eq!(act(EVA, Command::MarkRead, &head), Err(Refusal::NotAllowed));
    assert_eq!(act(BRUNO, Command::MarkRead, &conversation(designated(BRUNO))), Err(Refusal::NotAllowed));
    assert_eq!(act(BRUNO, Command::MarkRead, &conversation(finished(Some(BRUNO)))), Err(Refusal::Finished));
}

#[test]
fn a_supervisor_takes_over_and_the_former_responsible_loses_it() {
    let outcome = act(EVA, Command::TakeOver, &conversation(in_progress(BRUNO))).unwrap();
    assert_eq!(outcome.head.state, in_progress_since(EVA));
    assert_eq!(outcome.facts, [Fact::TransferredToPerson { by: EVA, to: EVA, team: SUPORTE }]);
    assert_eq!(outcome.loads_changed, [BRUNO, EVA]);
}

/// The window of W2, as it stands on its second day.
const W2: Window = Window { last_counted: Some(at(15, 30)), refused_at: None };

#[test]
fn w7_what_the_business_writes_never_extends_it() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window: W2, ..conversation(in_progress(BRUNO)) };
    let noon = context(&organisation, &bruno, at(24 + 12, 0));
    let written = write(&head, "Bom dia", WhatsApp, HumanAgent::NotGranted, &noon).unwrap();
    assert_eq!((written.delivery, written.head.window), (Delivery::Queued, W2));
    let end = at(24 + 15, 30);
    let window = MessagingWindow::at(&written.head.window, WhatsApp, HumanAgent::NotGranted, end);
    assert_eq!(window, MessagingWindow::Closed { since: end });
}

#[test]
fn w9_conclusion_and_restart_leave_it_alone() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window: W2, ..conversation(in_progress(BRUNO)) };
    let concluded = decide(&head, &Command::Conclude, &context(&organisation, &bruno, at(16, 0))).unwrap().head;
    let morning = context(&organisation, &bruno, at(24 + 9, 0));
    let restarted = decide(&concluded, &Command::Restart, &morning).unwrap().head;
    assert_eq!(restarted.window, W2);
    let written = write(&restarted, "De volta", WhatsApp, HumanAgent::NotGranted, &morning).unwrap();
    assert_eq!(written.delivery, Delivery::Queued);
}

/// Writes as Bruno at 09:30, the customer having written last at 09:00 on the day before or on this one.
fn written(
    window: Window,
    text: &str,
    channel: ciranda_domain::channel::ChannelKind,
) -> Result<life::Written, Refusal> {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window, ..conversation(in_progress(BRUNO)) };
    write(&head, text, channel, HumanAgent::NotGranted, &context(&organisation, &bruno, at(9, 30)))
}

const OPEN: Window = Window { last_counted: Some(at(9, 0)), refused_at: None };
const CLOSED: Window = Window { last_counted: Some(at(-15, 0)), refused_at: None };

#[test]
fn a_text_leaves_in_an_open_window_and_waits_in_a_closed_one() {
    let leaves = written(OPEN, "Olá", WhatsApp).unwrap();
    assert_eq!((leaves.delivery, leaves.head.waiting, leaves.head.last_at), (Delivery::Queued, 0, at(9, 30)));
    let line = leaves.head.last_line.unwrap();
    assert_eq!((line.side, line.text.as_str(), line.delivery), (Side::Desk, "Olá", Some(Delivery::Queued)));
    let waits = written(CLOSED, "Olá", WhatsApp).unwrap();
    assert_eq!((waits.delivery, waits.head.waiting), (Delivery::Waiting, 1));
    assert_eq!(written(CLOSED, "Olá", Instagram), Err(Refusal::TooLate), "there it stays a draft");
    assert_eq!(written(OPEN, "  ", WhatsApp), Err(Refusal::BadText));
    assert_eq!(written(OPEN, &"a".repeat(4_097), WhatsApp), Err(Refusal::BadText));
}

#[test]
fn a_waiting_text_is_taken_back_by_its_author_or_who_may_write_now() {
    let organisation = organisation(Level::Team);
    let head = Conversation { waiting: 1, ..conversation(in_progress(DAVI)) };
    let take_back = |person, delivery| {
        let actor = actor(&organisation, person);
        cancel_waiting(&head, BRUNO, delivery, &context(&organisation, &actor, at(9, 30)))
    };
    let cancelled = take_back(BRUNO, Delivery::Waiting).unwrap();
    assert_eq!((cancelled.delivery, cancelled.head.waiting), (Delivery::Cancelled(Cancelled::ByAuthor), 0));
    assert!(take_back(DAVI, Delivery::Waiting).is_ok());
    assert_eq!(take_back(CARLA, Delivery::Waiting), Err(Refusal::NotAllowed));
    assert_eq!(take_back(BRUNO, Delivery::Queued), Err(Refusal::TooLate));
    assert_eq!(take_back(GIL, Delivery::Waiting), Err(Refusal::NotFound));
}

#[test]
fn what_failed_or_is_unknown_is_sent_again_when_a_person_says_so() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = |window| Conversation { window, ..conversation(in_progress(BRUNO)) };
    let again = |window, delivery| {
        retry(&head(window), delivery, WhatsApp, HumanAgent::NotGranted, &context(&organisation, &bruno, at(9, 30)))
    };
    let failed = Delivery::Failed { code: 131_026 };
    assert_eq!(again(OPEN, failed).unwrap().delivery, Delivery::Queued);
    assert_eq!(again(OPEN, Delivery::Unknown).unwrap().delivery, Delivery::Queued);
    let waits = again(CLOSED, failed).unwrap();
    assert_eq!((waits.delivery, waits.head.waiting), (Delivery::Waiting, 1));
    for delivery in [Delivery::Waiting, Delivery::Queued, Delivery::Accepted, Delivery::Sent, Delivery::Read] {
        assert_eq!(again(OPEN, delivery), Err(Refusal::TooLate));
    }
}

#[test]
fn an_inbound_message_counts_opens_the_window_and_shows() {
    let mut head = conversation(in_progress(BRUNO));
    heard(&mut head, WhatsApp, &Body::Text("linha um\nlinha dois".to_owned()), at(9, 0), at(9, 1));
    assert_eq!((head.unread, head.last_at, head.window.last_counted), (1, at(9, 0), Some(at(9, 0))));
    assert_eq!(head.last_line.as_ref().unwrap().text, "linha um linha dois");
    // An older one that comes late counts, and hides nothing newer.
    heard(&mut head, WhatsApp, &Body::Text("antes".to_owned()), at(8, 59), at(9, 2));
    assert_eq!((head.unread, head.last_at, head.window.last_counted), (2, at(9, 0), Some(at(9, 0))));
    assert_eq!(head.last_line.as_ref().unwrap().text, "linha um linha dois");
    // A reaction is no message to answer.
    let before = head.clone();
    let reaction = Body::Placeholder { kind: Kind::Reaction, caption: Some("👍".to_owned()) };
    heard(&mut head, WhatsApp, &reaction, at(9, 5), at(9, 5));
    assert_eq!(head, before);
    // A stamp of tomorrow counts as now.
    heard(&mut head, WhatsApp, &Body::Text("futuro".to_owned()), at(30, 0), at(9, 6));
    assert_eq!((head.last_at, head.window.last_counted), (at(9, 6), Some(at(9, 6))));
}

#[test]
fn the_last_line_keeps_120_characters() {
    let line = last_line(at(9, 0), Side::Customer, &Body::Text("ã".repeat(500)), None);
    assert_eq!((line.text.chars().count(), line.kind), (120, Kind::Text));
    let photo = Body::Placeholder { kind: Kind::Image, caption: None };
    assert_eq!(last_line(at(9, 0), Side::Customer, &photo, None).text, "");
}

#[test]
fn a_message_continues_what_is_unfinished_and_begins_what_is_not_there() {
    let organisation = organisation(Level::Team);
    let arrive = |latest: Option<&Conversation>, kind| receive(latest, kind, at(9, 0), at(9, 0), &organisation);
    for state in [open(), queued(), designated(BRUNO), in_progress(BRUNO)] {
        for kind in [Kind::Text, Kind::Reaction] {
            assert_eq!(arrive(Some(&conversation(state)), kind), Arrival::Continue);
        }
    }
    assert_eq!(arrive(None, Kind::Text), Arrival::Begin);
    assert_eq!(arrive(None, Kind::Unsupported), Arrival::Begin, "said, though it cannot be shown");
    assert_eq!(arrive(None, Kind::Reaction), Arrival::KeepRaw);
    assert_eq!(arrive(None, Kind::System), Arrival::KeepRaw);
}

#[test]
fn a_failed_send_code_reaches_the_text_and_proof_of_arrival_wins() {
    assert_eq!(
        advance(Delivery::Accepted, ProviderStatus::Failed { code: 131_047 }),
        Some(Delivery::Failed { code: 131_047 })
    );
    assert_eq!(advance(Delivery::Delivered, ProviderStatus::Failed { code: 131_047 }), None);
    assert_eq!(advance(Delivery::Failed { code: 1 }, ProviderStatus::Delivered), Some(Delivery::Delivered));
    assert_eq!(advance(Delivery::Failed { code: 1 }, ProviderStatus::Sent), None);
    assert_eq!(advance(Delivery::Queued, ProviderStatus::Read), Some(Delivery::Read), "delivered may be skipped");
    assert_eq!(advance(Delivery::Read, ProviderStatus::Played), None);
    assert_eq!(advance(Delivery::Unknown, ProviderStatus::Sent), Some(Delivery::Sent));
    assert_eq!(accepted(Delivery::Queued), Some(Delivery::Accepted));
    assert_eq!(accepted(Delivery::Sent), None, "the status was faster than the answer");
    assert_eq!(replaces(Delivery::Accepted, Delivery::Unknown), None);
    for gone in [Delivery::Waiting, Delivery::Cancelled(Cancelled::ByAuthor)] {
        assert_eq!(advance(gone, ProviderStatus::Sent), None);
    }
}

fn any_status() -> impl Strategy<Value = ProviderStatus> {
    prop_oneof![
        Just(ProviderStatus::Sent),
        Just(ProviderStatus::Delivered),
        Just(ProviderStatus::Read),
        Just(ProviderStatus::Played),
        (1..4_u32).prop_map(|code| ProviderStatus::Failed { code }),
    ]
}

fn settle(statuses: &[ProviderStatus]) -> Delivery {
    statuses.iter().fold(Delivery::Queued, |now, status| advance(now, *status).unwrap_or(now))
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
        Just(Command::TakeOver),
        team().prop_map(|team| Command::TransferToTeam { team }),
        ((1..9_u128).prop_map(person_id), team()).prop_map(|(person, team)| Command::TransferToPerson { person, team }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Statuses end in the same delivery in whatever order and however often they come.
    #[test]
    fn the_order_of_statuses_does_not_matter(statuses in prop::collection::vec(any_status(), 0..6), turn in 0..6_usize) {
        let expected = settle(&statuses);
        let mut other = statuses.clone();
        if !other.is_empty() {
            let length = other.len();
            other.rotate_left(turn % length);
            other.reverse();
            other.extend(statuses);
        }
        prop_assert_eq!(settle(&other), expected);
    }

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

#[test]
fn a_waiting_text_lives_seven_days_from_writing() {
    assert_eq!(expires_at(at(9, 0)), at(9, 0) + Span::days(7));
}
