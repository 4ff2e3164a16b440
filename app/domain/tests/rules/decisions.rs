//! The settled cases, each by the number of its decision.

use ciranda_domain::access::{Refusal, hears};
use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, State};
use ciranda_domain::distribution::{Config, Input, Outage};
use ciranda_domain::ids::PersonId;
use ciranda_domain::life::{Arrival, Command, RETURN, Receipt, Told, decide, receive};
use ciranda_domain::message::{Fact, Kind, Why};
use ciranda_domain::person::{Availability, PersonStatus, Profile};
use ciranda_domain::team::{Level, Membership};
use ciranda_domain::time::{Moment, Span};

use crate::distribution::rig::{Rig, eight_to_six, member, on, with_capacity, without_overflow};
use crate::fixtures::*;

mod sight;

#[test]
fn decision_1_with_everyone_full_it_is_queued_and_a_freed_slot_takes_the_oldest() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).at(9, 1).enqueue(4).at(9, 2).enqueue(5);
    assert!(rig.is_queued(4) && rig.is_queued(5));
    rig.at(9, 3).input(Input::Left { conversation: conversation_id(2) });
    assert_eq!(rig.designee(4), Some(BRUNO), "in the step that frees the slot");
    assert_eq!(rig.story().last(), Some(&(at(9, 3), 4, Some(BRUNO), Why::SlotFreed)));
    assert!(rig.is_queued(5));
    // Davi concluded something in another team.
    rig.at(9, 4).start(3, DAVI).input(Input::LoadChanged { person: DAVI, load: 0 });
    assert_eq!(rig.designee(5), Some(DAVI));
}

#[test]
fn decision_1_without_a_capacity_nothing_is_ever_queued() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0);
    (1..=30).for_each(|n| _ = rig.enqueue(n));
    assert!((1..=30).all(|n| rig.designee(n).is_some()));
}

#[test]
fn decision_1_manual_acts_may_exceed_the_capacity() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).enqueue(1).enqueue(2).start(1, BRUNO).start(2, BRUNO);
    let seats = rig.engine.ring();
    assert_eq!(seats.iter().find(|seat| seat.person == BRUNO).map(|seat| seat.load), Some(2));
    rig.enqueue(3).enqueue(4).enqueue(5);
    assert!(rig.is_queued(5), "and then nothing comes to him by itself");
    assert_eq!((rig.designee(3), rig.designee(4)), (Some(DAVI), Some(ANA)));
}

#[test]
fn decision_1_overflow_with_everybody_else_full_stays_with_the_designee() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).at(9, 10).pass();
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(ANA), Some(at(9, 20))));
}

#[test]
fn decision_1_an_open_one_is_never_designated_again() {
    let mut rig = Rig::new(on(10, 10));
    rig.at(9, 0).enqueue(1).at(9, 10).pass();
    assert!(rig.is_open(1));
    rig.available(CARLA).configure(without_overflow()).enqueue(1).at(17, 0).pass();
    assert!(rig.is_open(1));
}

#[test]
fn decision_2_a_turn_moves_the_arrow_past_the_person_designated() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1);
    assert_eq!(rig.next(), Some(BRUNO));
    // Availability never moves it; the ineligible are skipped when their turn would come.
    rig.unavailable(BRUNO);
    assert_eq!(rig.engine.rows().arrow, Some(BRUNO));
    assert_eq!(rig.next(), Some(DAVI));
    rig.available(BRUNO).enqueue(2);
    assert_eq!(rig.designee(2), Some(BRUNO));
}

#[test]
fn decision_2_starting_handing_over_and_overflow_take_no_turn() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).enqueue(2).start(2, DAVI).at(9, 10).pass();
    assert_eq!(rig.designee(1), Some(BRUNO));
    assert_eq!(rig.engine.rows().arrow, Some(CARLA), "where the second turn left it");
}

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
fn decision_3_who_leaves_passes_on_what_they_held_from_their_place_within_the_same_maximum() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).enqueue(2).at(9, 5).input(Input::MemberRemoved(BRUNO));
    assert_eq!(rig.story().last(), Some(&(at(9, 5), 2, Some(DAVI), Why::DesigneeLeft { from: BRUNO })));
    assert_eq!((rig.deadline(2), rig.max_deadline(2)), (Some(at(9, 15)), Some(at(10, 0))));
    assert_eq!(rig.designee(1), Some(ANA), "nobody else's moves");
}

#[test]
fn decision_3_the_arrow_of_who_leaves_moves_to_the_next() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).input(Input::MemberRemoved(BRUNO));
    assert_eq!(rig.engine.rows().arrow, Some(CARLA));
    for person in [CARLA, DAVI, ANA] {
        rig.input(Input::MemberRemoved(person));
    }
    assert_eq!(rig.engine.rows().arrow, None);
    assert!(rig.is_open(1), "nobody is left");
}

#[test]
fn decision_3_unavailable_with_overflow_off_it_moves_at_once() {
    let mut rig = Rig::new(without_overflow());
    rig.at(9, 0).enqueue(1).at(9, 5).unavailable(ANA);
    assert_eq!(rig.story().last(), Some(&(at(9, 5), 1, Some(BRUNO), Why::DesigneeUnavailable { from: ANA })));
    assert_eq!(rig.deadline(1), None);
}

#[test]
fn decision_3_unavailable_with_overflow_on_it_stays_until_the_deadline() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 5).unavailable(ANA);
    assert_eq!(rig.designee(1), Some(ANA));
    rig.at(9, 10).pass();
    assert_eq!(rig.story().last(), Some(&(at(9, 10), 1, Some(BRUNO), Why::LimitReached { from: ANA })));
}

#[test]
fn decision_3_nobody_eligible_at_a_redesignation_opens_it_at_once() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).unavailable(BRUNO).unavailable(DAVI).at(9, 5).input(Input::MemberRemoved(ANA));
    assert_eq!(rig.story().last(), Some(&(at(9, 5), 1, None, Why::NobodyEligible)));
    assert_eq!(rig.engine.next_deadline(), None);
}

#[test]
fn decision_4_overflow_switched_on_arms_from_that_instant_and_off_disarms() {
    let mut rig = Rig::new(without_overflow());
    rig.at(9, 0).enqueue(1).at(9, 30).configure(on(10, 60));
    assert_eq!((rig.deadline(1), rig.max_deadline(1)), (Some(at(9, 40)), Some(at(10, 30))));
    rig.at(9, 35).configure(without_overflow());
    assert_eq!((rig.designee(1), rig.deadline(1), rig.max_deadline(1)), (Some(ANA), None, None));
    rig.at(17, 0).pass();
    assert_eq!(rig.designee(1), Some(ANA), "the designation stays");
}

#[test]
fn decision_4_overflow_switched_off_moves_what_the_unavailable_still_hold() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).unavailable(ANA).at(9, 5).configure(without_overflow());
    assert_eq!(rig.designee(1), Some(BRUNO), "nothing else would ever move it");
}

#[test]
fn decision_4_distribution_switched_off_opens_what_is_designated_and_on_touches_later_arrivals_only() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 5).configure(ciranda_domain::team::Distribution::Off);
    assert_eq!(rig.story().last(), Some(&(at(9, 5), 1, None, Why::DistributionOff)));
    assert_eq!(rig.timeline().last(), Some(&(at(9, 5), Fact::Released { why: Why::DistributionOff })));
    rig.at(9, 6).configure(on(10, 60)).enqueue(2);
    assert!(rig.is_open(1));
    assert_eq!(rig.designee(2), Some(BRUNO));
}

#[test]
fn decision_4_new_limits_apply_to_designations_made_afterwards() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 5).configure(on(20, 90));
    assert_eq!((rig.deadline(1), rig.max_deadline(1)), (Some(at(9, 10)), Some(at(10, 0))));
    rig.at(9, 10).pass();
    assert_eq!(rig.deadline(1), Some(at(9, 30)), "the next designation has the new limit");
    assert_eq!(rig.max_deadline(1), Some(at(10, 0)), "the stay keeps its maximum");
    rig.enqueue(2);
    assert_eq!((rig.deadline(2), rig.max_deadline(2)), (Some(at(9, 30)), Some(at(10, 40))));
}

#[test]
fn decision_4_a_changed_calendar_recomputes_from_the_time_already_used_and_past_hops_stand() {
    use ciranda_domain::calendar::{Calendar, Hours, Period};
    let mut rig = Rig::new(on(30, 120));
    rig.at(17, 20).enqueue(1).at(17, 55).pass();
    assert_eq!(rig.designee(1), Some(BRUNO), "the hop of 17:50");
    assert_eq!(rig.deadline(1), Some(at(24 + 8, 20)));
    // Five of thirty minutes are used, and thirty-five of the hundred and twenty; now the day ends at 19:00.
    let hours = Hours::weekdays(&[Period::new((8, 0), (19, 0))]);
    let calendar = Calendar::new(hours, jiff::tz::TimeZone::UTC).unwrap();
    rig.input(Input::ConfigChanged(Config { distribution: on(30, 120), calendar }));
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(BRUNO), Some(at(18, 20))));
    assert_eq!(rig.max_deadline(1), Some(at(24 + 8, 20)));
}

#[test]
fn decision_4_a_changed_calendar_that_leaves_no_time_passes_it_on_at_once() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(17, 50).enqueue(1);
    assert_eq!(rig.deadline(1), Some(at(24 + 8, 0)), "used up at closing time");
    let always = Config { distribution: on(10, 60), calendar: ciranda_domain::calendar::Calendar::always() };
    rig.at(20, 0).input(Input::ConfigChanged(always));
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(BRUNO), Some(at(20, 10))));
}

#[test]
fn decision_4_at_opening_each_designee_is_told_once_how_many_came_overnight() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(17, 59).enqueue(1).at(20, 0).enqueue(2).enqueue(3).at(23, 0).enqueue(4).enqueue(5);
    let opening = at(24 + 8, 0);
    rig.at(24 + 8, 0).pass();
    let notices: Vec<_> = rig.engine.designated_while_closed(opening).into_iter().collect();
    assert_eq!(notices, [(ANA, 1), (BRUNO, 2), (DAVI, 1)], "what came before closing time is no news");
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

#[test]
fn decision_6_the_preferred_attendant_comes_first_with_the_rings_timer_and_the_arrow_untouched() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).prefer(1, DAVI);
    assert_eq!(rig.story(), [(at(9, 0), 1, Some(DAVI), Why::Preferred)]);
    assert_eq!((rig.deadline(1), rig.next()), (Some(at(9, 10)), Some(ANA)));
    rig.at(9, 10).pass();
    assert_eq!(rig.designee(1), Some(ANA), "overflow walks on from them");
}

#[test]
fn decision_6_an_unavailable_full_or_foreign_preferred_attendant_means_a_turn_like_any_other() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).prefer(1, CARLA).prefer(2, GIL).prefer(3, ANA);
    let designees: Vec<_> = (1..=3).map(|n| rig.designee(n)).collect();
    assert_eq!(designees, [Some(ANA), Some(BRUNO), Some(DAVI)]);
    assert!(rig.story().iter().all(|(.., why)| *why == Why::TheirTurn));
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
