//! What distribution tells of itself afterwards: why somebody was chosen and others were not, who was designated last,
//! who had a conversation when, what somebody holds.

use ciranda_domain::channel::ChannelKind::{self, Instagram, Messenger, WhatsApp};
use ciranda_domain::distribution::{
    Considered, Decision, Effect, Holder, Load, Placed, Since, Verdict, holder_at, holders,
};
use ciranda_domain::ids::PersonId;
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};

use crate::distribution::rig::{Rig, on, with_capacity};
use crate::fixtures::*;

fn decisions(rig: &Rig) -> Vec<Decision> {
    rig.effects.iter().filter_map(Effect::decision).collect()
}

fn verdicts(considered: &[Considered]) -> Vec<(PersonId, Verdict)> {
    considered.iter().map(|one| (one.person, one.verdict)).collect()
}

#[test]
fn every_designation_says_of_everybody_why_it_was_not_them() {
    use Verdict::{AlreadyTried, Chosen, NotTheirTurn, Unavailable};
    let mut rig = Rig::new(on(10, 60));
    rig.at(9, 0).enqueue(1).at(9, 20).pass();
    let decisions = decisions(&rig);
    let placed: Vec<_> = decisions.iter().map(|decision| (decision.at, decision.placed)).collect();
    let designated = |to, attempt, why| Placed::Designated { to, attempt, why };
    assert_eq!(
        placed,
        [
            (at(9, 0), designated(ANA, 1, Why::TheirTurn)),
            (at(9, 10), designated(BRUNO, 2, Why::LimitReached { from: ANA })),
            (at(9, 20), designated(DAVI, 3, Why::LimitReached { from: BRUNO })),
        ]
    );
    let told: Vec<_> = decisions.iter().map(|decision| verdicts(&decision.considered)).collect();
    assert_eq!(
        told,
        [
            [(ANA, Chosen), (BRUNO, NotTheirTurn), (CARLA, Unavailable), (DAVI, NotTheirTurn)],
            [(BRUNO, Chosen), (CARLA, Unavailable), (DAVI, NotTheirTurn), (ANA, AlreadyTried)],
            [(CARLA, Unavailable), (DAVI, Chosen), (ANA, AlreadyTried), (BRUNO, AlreadyTried)],
        ]
    );
}

#[test]
fn queued_and_released_are_decisions_too_and_what_follows_from_them_is_none() {
    let mut rig = Rig::new(with_capacity(1, on(10, 10)));
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3).enqueue(4).at(9, 10).pass();
    let placed: Vec<_> = decisions(&rig).iter().map(|decision| decision.placed).collect();
    assert_eq!(placed[3], Placed::Queued);
    assert!(placed.contains(&Placed::Released { why: Why::MaximumReached }), "{placed:?}");
    let of_themselves = rig
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Designate { .. } | Effect::Queue { .. } | Effect::Release { .. }));
    assert_eq!(of_themselves.count(), placed.len());
}

#[test]
fn the_least_recent_are_kept_in_the_order_in_which_they_were_designated() {
    let strategy = Strategy::LeastRecent;
    let mut rig =
        Rig::new(Distribution::On { overflow: Overflow::Off, capacity: None, strategy, weights: Weights::ONE });
    assert_eq!(rig.engine.recent(), []);
    rig.at(9, 0).enqueue(1).enqueue(2).enqueue(3);
    assert_eq!(rig.engine.recent(), [ANA, BRUNO, DAVI]);
    rig.prefer(4, BRUNO);
    assert_eq!(rig.engine.recent(), [ANA, DAVI, BRUNO], "the latest last");
}

#[test]
fn whoever_has_it_has_it_until_the_next_fact() {
    let facts = [
        (at(9, 0), Fact::Received { channel_name: "Loja".to_owned() }),
        (at(9, 1), Fact::Queued),
        (at(9, 5), Fact::Designated { to: BRUNO, attempt: 1, why: Why::SlotFreed }),
        (at(9, 6), Fact::AutoReplied),
        (at(9, 7), Fact::Started { by: EVA }),
        (at(9, 30), Fact::Concluded { by: Some(EVA) }),
    ];
    let history = holders(facts.iter().map(|(at, fact)| (*at, fact)));
    let since = |at, holder| Since { at, holder };
    assert_eq!(
        history,
        [
            since(at(9, 0), Holder::Team),
            since(at(9, 1), Holder::Queue),
            since(at(9, 5), Holder::Designee(BRUNO)),
            since(at(9, 7), Holder::Responsible(EVA)),
            since(at(9, 30), Holder::Nobody),
        ]
    );
    for (minute, holder) in [
        (0, Holder::Team),
        (1, Holder::Queue),
        (4, Holder::Queue),
        (6, Holder::Designee(BRUNO)),
        (7, Holder::Responsible(EVA)),
        (59, Holder::Nobody),
    ] {
        assert_eq!(holder_at(&history, at(9, minute)), Some(holder), "09:{minute:02}");
    }
    assert_eq!(holder_at(&history, at(8, 59)), None, "before it began");
}

#[test]
fn a_load_counts_each_kind_apart_and_weighs_each_by_the_teams_weights() {
    let weights = Weights { whatsapp: 1, instagram: 2, messenger: 5 };
    let weighed = |kind: ChannelKind, capacity| Load::of(kind, 3).weighed(&weights, capacity);
    assert_eq!([WhatsApp, Instagram, Messenger].map(|kind| weighed(kind, None)), [3, 6, 15]);
    assert_eq!(weighed(Messenger, Some(4)), 12, "none counts more than the capacity");
    assert_eq!(Load::of(Instagram, 3), Load { instagram: 3, ..Load::NONE });
}
