//! The settled cases, each by the number of its decision.

use ciranda_domain::access::{Refusal, hears};
use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, State};
use ciranda_domain::distribution::{Config, Effect, Input, Load, Outage};
use ciranda_domain::ids::PersonId;
use ciranda_domain::life::{Arrival, Command, RETURN, Receipt, Told, decide, receive};
use ciranda_domain::message::{Fact, Kind, Why};
use ciranda_domain::person::{Availability, PersonStatus, Profile};
use ciranda_domain::team::{Level, Membership};
use ciranda_domain::time::{Moment, Span};

use crate::distribution::rig::{Rig, eight_to_six, member, on, with_capacity, without_overflow};
use crate::fixtures::*;

mod sight;
mod turns;

#[test]
fn decision_2_restart_and_return_tell_distribution_nothing() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = conversation(finished(Some(BRUNO)));
    let restarted = decide(&head, &Command::Restart, &context(&organisation, &bruno, at(9, 30))).unwrap();
    assert_eq!(restarted.told, []);
    let Arrival::Return(outcome) = receive(Some(&head), Kind::Text, at(10, 0), at(10, 0), &organisation) else {
        panic!("it comes back")
    };
    assert_eq!(outcome.told, []);
}

#[test]
fn decision_5_a_restricted_member_is_in_the_ring_and_hears_what_is_offered_to_the_team() {
    let organisation = organisation(Level::Attendant);
    let fabio = actor(&organisation, FABIO);
    assert!(organisation.can_be_designated(FABIO, SUPORTE));
    for state in [open(), queued(), designated(FABIO)] {
        assert!(fabio.sees(&conversation(state)) && hears(&fabio, &conversation(state)), "{state:?}");
    }
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).input(Input::MemberAdded(member(FABIO, Availability::Available)));
    rig.enqueue(1).enqueue(2).enqueue(3).enqueue(4);
    assert_eq!(rig.designee(4), Some(FABIO));
}

#[test]
fn decision_5_administrators_hear_only_where_they_attend() {
    let mut organisation = organisation(Level::Team);
    assert!(!hears(&actor(&organisation, ANA), &conversation(open())));
    organisation.memberships.insert((SUPORTE, ANA), attends(ANA, SUPORTE));
    assert!(hears(&actor(&organisation, ANA), &conversation(open())));
}

/// Concluded at 09:00 by Davi while Bruno was responsible.
fn concluded(archive: Archive) -> Conversation {
    conversation(State::Finished(Finished { at: at(9, 0), by: Some(DAVI), responsible: Some(BRUNO), archive }))
}

fn answer(head: &Conversation, kind: Kind, sent: Moment) -> Arrival {
    receive(Some(head), kind, sent, sent.max(at(9, 0)), &organisation(Level::Team))
}

#[test]
fn decision_7_an_answer_within_twelve_hours_returns_to_who_was_responsible() {
    let head = concluded(Archive::InTwelveHours);
    for sent in [at(8, 59), at(9, 0), at(9, 0) + RETURN - Span(1)] {
        let Arrival::Return(outcome) = answer(&head, Kind::Text, sent) else { panic!("it comes back") };
        assert_eq!(outcome.head.responsible(), Some(BRUNO));
        assert_eq!((outcome.facts, outcome.loads_changed), (vec![Fact::Returned { to: BRUNO }], vec![BRUNO]));
    }
    assert_eq!(answer(&head, Kind::Text, at(9, 0) + RETURN), Arrival::Begin, "the end is exclusive");
    assert_eq!(answer(&concluded(Archive::Immediately), Kind::Text, at(9, 1)), Arrival::Begin);
}

#[test]
fn decision_7_the_providers_stamp_counts_and_not_the_hour_of_arrival() {
    let head = concluded(Archive::InTwelveHours);
    let delayed = receive(Some(&head), Kind::Text, at(20, 59), at(47, 0), &organisation(Level::Team));
    assert!(matches!(delayed, Arrival::Return(_)));
    // A stamp of the future counts as now.
    let ahead = receive(Some(&head), Kind::Text, at(47, 0), at(20, 59), &organisation(Level::Team));
    assert!(matches!(ahead, Arrival::Return(_)));
}

#[test]
fn decision_7_reactions_edits_unsends_and_system_events_bring_nothing_back() {
    let head = concluded(Archive::InTwelveHours);
    for kind in [Kind::Reaction, Kind::Edit, Kind::Revoke, Kind::System] {
        assert_eq!(answer(&head, kind, at(9, 1)), Arrival::Attach, "{kind:?}");
    }
}

#[test]
fn decision_7_who_cannot_take_it_back_means_the_queue() {
    type Change = fn(&mut ciranda_domain::organisation::Organisation);
    let changes: [Change; 4] = [
        |o| o.people.get_mut(&BRUNO).unwrap().status = PersonStatus::Blocked,
        |o| o.people.get_mut(&BRUNO).unwrap().availability = Availability::Unavailable,
        |o| _ = o.memberships.remove(&(SUPORTE, BRUNO)),
        |o| _ = o.memberships.insert((SUPORTE, BRUNO), supervises(BRUNO, SUPORTE)),
    ];
    for change in changes {
        let mut organisation = organisation(Level::Team);
        change(&mut organisation);
        let arrival =
            receive(Some(&concluded(Archive::InTwelveHours)), Kind::Text, at(10, 0), at(10, 0), &organisation);
        let Arrival::Return(outcome) = arrival else { panic!("it comes back") };
        assert_eq!(outcome.head.state, State::Pending(Pending::Open { since: at(10, 0) }));
        assert_eq!(outcome.told, [Told::Enqueued { team: SUPORTE }]);
        assert_eq!(outcome.facts, [Fact::ReturnedToTeam { from: Some(BRUNO) }], "the timeline says why it is back");
    }
}

#[test]
fn decision_7_the_archive_preference_is_the_concluders_fixed_at_conclusion() {
    let organisation = organisation(Level::Team);
    let eva = actor(&organisation, EVA);
    let context =
        ciranda_domain::life::Context { archive: Archive::Immediately, ..context(&organisation, &eva, at(9, 30)) };
    let head = decide(&conversation(in_progress(BRUNO)), &Command::Conclude, &context).unwrap().head;
    let State::Finished(finished) = head.state else { panic!("finished") };
    assert_eq!((finished.archive, finished.responsible, finished.by), (Archive::Immediately, Some(BRUNO), Some(EVA)));
}

#[test]
fn decision_8_a_transfer_to_a_person_sounds_until_they_open_it_and_then_the_receipt_goes() {
    let organisation = organisation(Level::Team);
    let act = |person: PersonId, command, head: &Conversation| {
        decide(head, &command, &context(&organisation, &actor(&organisation, person), at(9, 30))).unwrap()
    };
    let received =
        act(BRUNO, Command::TransferToPerson { person: DAVI, team: SUPORTE }, &conversation(in_progress(BRUNO)));
    assert_eq!((received.head.received_from, received.receipt), (Some(BRUNO), Receipt::None));
    assert!(hears(&actor(&organisation, DAVI), &received.head));
    assert!(!hears(&actor(&organisation, BRUNO), &received.head));
    let opened = act(DAVI, Command::MarkRead, &received.head);
    assert_eq!((opened.head.received_from, opened.receipt), (None, Receipt::Due));
    assert!(!hears(&actor(&organisation, DAVI), &opened.head));
}

#[test]
fn decision_9_hops_whose_instant_fell_in_an_outage_say_so() {
    let outage = Outage { from: at(9, 10), until: at(9, 20) };
    let mut rig = Rig::with_outage(on(10, 60), outage);
    rig.at(9, 0).enqueue(1).at(9, 25).pass();
    assert_eq!(
        rig.story()[1..],
        [
            (at(9, 10), 1, Some(BRUNO), Why::LimitReachedDuringOutage { from: ANA }),
            (at(9, 20), 1, Some(DAVI), Why::LimitReached { from: BRUNO }),
        ]
    );
}

#[test]
fn decision_10_a_deadline_at_that_instant_wins_over_the_press() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 10).pass();
    let state = State::Pending(rig.engine.pending(conversation_id(1)).unwrap());
    assert_eq!(rig.designee(1), Some(BRUNO));
    // Ana pressed at 09:10:00.000 and lost; she is told so although she sees it no more.
    let mut organisation = organisation(Level::Attendant);
    organisation.people.get_mut(&ANA).unwrap().profile = Profile::Attendant;
    organisation.memberships.insert((SUPORTE, ANA), attends(ANA, SUPORTE));
    let press = |person: PersonId, state| {
        let actor = actor(&organisation, person);
        decide(&conversation(state), &Command::Start, &context(&organisation, &actor, at(9, 10))).map(|_| ())
    };
    assert_eq!(press(ANA, state), Err(Refusal::PassedOn));
    assert_eq!(press(BRUNO, state), Ok(()));
    assert_eq!(press(ANA, in_progress(BRUNO)), Err(Refusal::AlreadyStarted { by: BRUNO }));
    assert_eq!(press(GIL, state), Err(Refusal::NotFound), "who never saw it learns nothing");
}

#[test]
fn decision_10_within_the_step_the_hop_comes_before_the_start() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 10).start(1, BRUNO);
    assert_eq!(rig.story().last(), Some(&(at(9, 10), 1, Some(BRUNO), Why::LimitReached { from: ANA })));
    assert_eq!(rig.engine.pending(conversation_id(1)), None);
}

#[test]
fn decision_11_restarting_beside_another_open_conversation_is_refused() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let context = ciranda_domain::life::Context { other_open: true, ..context(&organisation, &bruno, at(9, 30)) };
    let refused = decide(&conversation(finished(Some(BRUNO))), &Command::Restart, &context);
    assert_eq!(refused, Err(Refusal::AlreadyOpen));
}

#[test]
fn an_instant_before_the_last_one_counts_as_the_last_one() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(8, 30).enqueue(2);
    assert_eq!(rig.story()[1].0, at(9, 0), "a node whose clock is behind does not turn time back");
    assert_eq!(rig.engine.rows().config, Config { distribution: on(10, 60), calendar: eight_to_six() });
}

#[test]
fn both_flags_in_one_team_attend_and_supervise() {
    let mut organisation = organisation(Level::Attendant);
    organisation.memberships.insert((SUPORTE, EVA), Membership { attends: true, ..supervises(EVA, SUPORTE) });
    let eva = actor(&organisation, EVA);
    assert!(eva.attends(SUPORTE) && eva.supervises(SUPORTE) && hears(&eva, &conversation(open())));
    assert!(eva.sees(&conversation(in_progress(BRUNO))));
}
