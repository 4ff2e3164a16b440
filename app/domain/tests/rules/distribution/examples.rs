//! D1 to D10 of product.md 7.6.

use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability;
use ciranda_domain::team::Distribution;

use crate::distribution::rig::{Rig, on};
use crate::fixtures::*;

fn limit_reached(from: ciranda_domain::ids::PersonId) -> Why {
    Why::LimitReached { from }
}

#[test]
fn d1_the_ring_lists_members_in_creation_order_with_the_unavailable_greyed() {
    let rig = Rig::new(on(10, 60));
    let seats: Vec<_> = rig.engine.ring().iter().map(|seat| (seat.person, seat.availability, seat.next)).collect();
    assert_eq!(
        seats,
        [
            (ANA, Availability::Available, true),
            (BRUNO, Availability::Available, false),
            (CARLA, Availability::Unavailable, false),
            (DAVI, Availability::Available, false),
        ]
    );
    assert!(seats.iter().all(|(person, ..)| *person != EVA), "who only supervises is absent");
}

#[test]
fn d2_four_conversations_go_round_and_the_arrow_stays_on_the_next() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).enqueue(4);
    let designees: Vec<_> = (1..=4).map(|n| rig.designee(n)).collect();
    assert_eq!(designees, [Some(ANA), Some(BRUNO), Some(DAVI), Some(ANA)]);
    assert_eq!(rig.next(), Some(BRUNO));
}

#[test]
fn d3_nobody_starts_and_it_goes_round_until_the_maximum() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(10, 0).pass();
    assert_eq!(
        rig.story(),
        [
            (at(9, 0), 1, Some(ANA), Why::TheirTurn),
            (at(9, 10), 1, Some(BRUNO), limit_reached(ANA)),
            (at(9, 20), 1, Some(DAVI), limit_reached(BRUNO)),
            (at(9, 30), 1, Some(ANA), limit_reached(DAVI)),
            (at(9, 40), 1, Some(BRUNO), limit_reached(ANA)),
            (at(9, 50), 1, Some(DAVI), limit_reached(BRUNO)),
            (at(10, 0), 1, None, Why::MaximumReached),
        ]
    );
    assert!(rig.is_open(1));
    assert_eq!(rig.next(), Some(BRUNO), "overflow never moves the arrow");
}

#[test]
fn d4_starting_clears_the_timers() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 13).pass();
    assert_eq!(rig.designee(1), Some(BRUNO));
    rig.start(1, BRUNO);
    assert_eq!(rig.engine.pending(conversation_id(1)), None);
    assert_eq!(rig.engine.next_deadline(), None);
    let before = rig.effects.len();
    rig.at(18, 0).pass();
    assert_eq!(rig.effects.len(), before, "nothing moves it any more");
}

#[test]
fn d5_limit_and_maximum_alike_go_straight_to_the_team() {
    let mut rig = Rig::new(on(2, 2));
    rig.at(9, 0).enqueue(1).at(9, 2).pass();
    assert_eq!(rig.story(), [(at(9, 0), 1, Some(ANA), Why::TheirTurn), (at(9, 2), 1, None, Why::MaximumReached),]);
}

#[test]
fn d6_everyone_unavailable_offers_it_to_the_team_at_once_without_timer() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(8, 30).unavailable(ANA).unavailable(BRUNO).unavailable(DAVI).at(9, 0).enqueue(1);
    assert_eq!(rig.story(), [(at(9, 0), 1, None, Why::NobodyEligible)]);
    assert_eq!(rig.engine.next_deadline(), None);
    // Whoever comes back later does not get what is already open.
    rig.at(9, 5).available(ANA);
    assert!(rig.is_open(1));
}

#[test]
fn d7_the_only_eligible_person_keeps_it_re_armed_silently_until_the_maximum() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(8, 30).unavailable(BRUNO).unavailable(DAVI).at(9, 0).enqueue(1);
    for minute in [10, 20, 30, 40, 50] {
        rig.at(9, minute).pass();
        assert_eq!((rig.designee(1), rig.deadline(1)), (Some(ANA), Some(at(9, minute + 10))));
    }
    rig.at(10, 0).pass();
    assert_eq!(
        rig.timeline(),
        [
            (at(9, 0), Fact::Designated { to: ANA, attempt: 1, why: Why::TheirTurn }),
            (at(10, 0), Fact::Released { why: Why::MaximumReached }),
        ]
    );
}

#[test]
fn d8_the_clock_stops_at_closing_time_and_resumes_at_opening() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(17, 55).enqueue(1);
    assert_eq!(rig.deadline(1), Some(at(24 + 8, 5)));
    rig.at(24 + 8, 4).pass();
    assert_eq!(rig.designee(1), Some(ANA));
    rig.at(24 + 8, 5).pass();
    assert_eq!(rig.story()[1], (at(24 + 8, 5), 1, Some(BRUNO), limit_reached(ANA)));
}

#[test]
fn d9_arriving_at_night_it_is_designated_and_waits_for_the_morning() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(22, 0).enqueue(1);
    assert_eq!(rig.designee(1), Some(ANA));
    rig.at(24 + 8, 0).pass();
    assert_eq!(rig.designee(1), Some(ANA), "no overflow before opening time");
    assert_eq!(rig.deadline(1), Some(at(24 + 8, 10)));
    assert_eq!(rig.max_deadline(1), Some(at(24 + 9, 0)));
}

#[test]
fn d10_whoever_becomes_available_enters_at_their_own_place_from_the_next_designation_on() {
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).enqueue(2).available(CARLA).enqueue(3).enqueue(4);
    let designees: Vec<_> = (1..=4).map(|n| rig.designee(n)).collect();
    assert_eq!(designees, [Some(ANA), Some(BRUNO), Some(CARLA), Some(DAVI)]);
    rig.at(9, 10).pass();
    assert_eq!(rig.designee(2), Some(CARLA), "overflow finds her between Bruno and Davi too");
}

#[test]
fn without_distribution_it_is_the_teams_at_once_and_the_timeline_says_nothing() {
    let mut rig = Rig::new(Distribution::Off);
    rig.at(9, 0).enqueue(1);
    assert!(rig.is_open(1));
    assert_eq!(rig.story(), [(at(9, 0), 1, None, Why::DistributionOff)]);
    assert_eq!(rig.timeline(), []);
}
