//! Decisions 1 to 6, as far as the ring and its clocks settle them.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::team::{Distribution, Strategy, Weights};
use ciranda_domain::time::Span;

use super::*;

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
    rig.at(9, 4).start(3, DAVI).input(Input::LoadChanged { person: DAVI, load: Load::NONE });
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
    rig.input(Input::ConfigChanged(Box::new(Config { distribution: on(30, 120), calendar })));
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(BRUNO), Some(at(18, 20))));
    assert_eq!(rig.max_deadline(1), Some(at(24 + 8, 20)));
}

#[test]
fn decision_4_a_changed_calendar_that_leaves_no_time_passes_it_on_at_once() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(17, 50).enqueue(1);
    assert_eq!(rig.deadline(1), Some(at(24 + 8, 0)), "used up at closing time");
    let always = Config { distribution: on(10, 60), calendar: ciranda_domain::calendar::Calendar::always() };
    rig.at(20, 0).input(Input::ConfigChanged(Box::new(always)));
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(BRUNO), Some(at(20, 10))));
}

#[test]
fn decision_4_at_opening_each_designee_is_told_once_how_many_came_overnight() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(17, 59).enqueue(1).at(20, 0).enqueue(2).enqueue(3).at(23, 0).enqueue(4).enqueue(5);
    let opening = at(24 + 8, 0);
    rig.at(24 + 8, 0).pass().enqueue(6);
    let notices: Vec<_> = rig.engine.designated_while_closed(opening).into_iter().collect();
    assert_eq!(notices, [(ANA, 1), (BRUNO, 2), (DAVI, 1)], "what came before closing or at opening is no news");
}

#[test]
fn decision_3_a_maximum_that_is_armed_already_is_not_armed_again() {
    let mut rig = Rig::new(on(10, 10));
    rig.at(9, 0).enqueue(1);
    let before = rig.effects.len();
    rig.at(9, 5).input(Input::MemberRemoved(ANA));
    assert_eq!((rig.designee(1), rig.deadline(1)), (Some(BRUNO), Some(at(9, 10))));
    assert!(!rig.effects[before..].iter().any(|effect| matches!(effect, Effect::Arm { .. })), "{:?}", rig.effects);
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

/// As [`on`], by another strategy and with a capacity.
fn by(strategy: Strategy, capacity: Option<u32>, weights: Weights) -> Distribution {
    let Distribution::On { overflow, .. } = on(10, 60) else { panic!("it is on") };
    Distribution::On { overflow, capacity, strategy, weights }
}

#[test]
fn decision_4_a_higher_capacity_takes_the_oldest_that_wait_and_a_lower_one_takes_nothing_away() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).at(9, 1).enqueue(4).at(9, 2).enqueue(5);
    rig.at(9, 3).configure(with_capacity(2, on(10, 60)));
    assert_eq!((rig.designee(4), rig.designee(5)), (Some(ANA), Some(BRUNO)), "in the step that raises it");
    rig.at(9, 4).configure(with_capacity(1, on(10, 60))).enqueue(6);
    assert_eq!((rig.designee(1), rig.designee(4)), (Some(ANA), Some(ANA)), "she keeps both");
    assert!(rig.is_queued(6));
    rig.input(Input::Left { conversation: conversation_id(4) });
    assert!(rig.is_queued(6), "at one of one she is still full");
    rig.input(Input::Left { conversation: conversation_id(1) });
    assert_eq!(rig.designee(6), Some(ANA));
}

#[test]
fn decision_4_without_a_capacity_any_more_everything_that_waits_goes_out() {
    let mut rig = Rig::new(with_capacity(1, on(10, 60)));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).enqueue(4).enqueue(5).at(9, 1).configure(on(10, 60));
    assert_eq!((rig.designee(4), rig.designee(5)), (Some(ANA), Some(BRUNO)));
}

#[test]
fn decision_4_another_strategy_applies_from_the_next_designation_on() {
    let mut rig = Rig::new(by(Strategy::LeastRecent, None, Weights::ONE));
    rig.at(9, 0).enqueue(1).at(9, 1).enqueue(2);
    assert_eq!((rig.designee(1), rig.designee(2)), (Some(ANA), Some(BRUNO)));
    rig.at(9, 2).configure(by(Strategy::LeastLoaded, None, Weights::ONE)).enqueue(3);
    assert_eq!(rig.designee(3), Some(DAVI), "he holds nothing");
    rig.at(9, 3).start(1, ANA).start(2, BRUNO).input(Input::LoadChanged { person: BRUNO, load: Load::NONE }).enqueue(4);
    assert_eq!(rig.designee(4), Some(BRUNO));
    assert_eq!(rig.story().last().map(|line| line.3), Some(Why::LeastLoaded));
    rig.at(9, 4).configure(on(10, 60)).enqueue(5);
    assert_eq!(rig.designee(5), Some(ANA), "the circle's arrow stood still meanwhile");
}

#[test]
fn decision_1_a_light_one_never_overtakes_a_heavy_one_that_waits_longer() {
    let weights = Weights { whatsapp: 1, instagram: 1, messenger: 3 };
    let mut rig = Rig::new(by(Strategy::Circle, Some(3), weights));
    let heavy = |n| Input::Enqueued { conversation: conversation_id(n), kind: ChannelKind::Messenger, prefer: None };
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).at(9, 1).input(heavy(4)).at(9, 2).enqueue(5).prefer(6, DAVI);
    assert!(rig.is_queued(4) && rig.is_queued(5) && rig.is_queued(6), "there is room for two light ones each");
    rig.at(9, 3).input(Input::Left { conversation: conversation_id(2) });
    assert_eq!(rig.designee(4), Some(BRUNO), "the heavy one has him for itself");
    assert_eq!((rig.designee(5), rig.designee(6)), (Some(DAVI), Some(ANA)), "and then those behind it");
}

#[test]
fn decision_1_what_weighs_more_than_the_capacity_fits_whoever_is_free() {
    let weights = Weights { whatsapp: 9, instagram: 1, messenger: 1 };
    let mut rig = Rig::new(by(Strategy::LeastLoaded, Some(2), weights));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).enqueue(4);
    assert!(rig.designee(1).is_some() && rig.designee(3).is_some() && rig.is_queued(4));
    assert!(rig.engine.ring().iter().all(|seat| seat.load <= 2));
}

#[test]
fn decision_9_a_maximum_that_fell_in_an_outage_says_so() {
    let outage = ciranda_domain::distribution::Outage { from: at(9, 55), until: at(12, 0) };
    let mut rig = Rig::with_outage(on(10, 60), outage);
    rig.at(9, 0).enqueue(1).at(12, 0).pass();
    assert_eq!(rig.story().last(), Some(&(at(10, 0), 1, None, Why::MaximumReachedDuringOutage)));
    let mut on_time =
        Rig::with_outage(on(10, 60), ciranda_domain::distribution::Outage { from: at(10, 0) + Span(1), ..outage });
    on_time.at(9, 0).enqueue(1).at(12, 0).pass();
    assert_eq!(on_time.story().last(), Some(&(at(10, 0), 1, None, Why::MaximumReached)));
}
