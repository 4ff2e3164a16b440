//! What distribution tells of itself afterwards: why somebody was chosen and others were not, who was designated last,
//! who had a conversation when, what somebody holds.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::channel::ChannelKind::{self, Instagram, Messenger, WhatsApp};
use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{
    Considered, Decision, Effect, Engine, Holder, Input, Load, Placed, Since, Verdict, holder_at, holders, loads,
};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::team::{Distribution, Overflow, Strategy, Weights};
use ciranda_domain::time::Moment;
use proptest::prelude::*;

use crate::distribution::properties::{capacity, is_available};
use crate::distribution::rig::{Rig, on, with_capacity};
use crate::distribution::runs::any_run;
use crate::distribution::store::play;
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

/// What is offered counts as what is in progress does; what waits for nobody in particular, or is over, for nobody.
#[test]
fn everybody_holds_what_is_offered_to_them_and_what_they_have_in_progress() {
    let all = [designated(BRUNO), in_progress(BRUNO), in_progress(ANA), open(), queued(), finished(Some(ANA))];
    let held = loads(&all.map(conversation), |_| Some(Instagram));
    assert_eq!(held, [(ANA, Load::of(Instagram, 1)), (BRUNO, Load::of(Instagram, 2))].into());
    let unknown = loads(&[conversation(in_progress(ANA))], |_| None);
    assert_eq!(unknown, [(ANA, Load::of(WhatsApp, 1))].into(), "a channel that is not seen counts as the usual one");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// 10: folded, the facts of a conversation give every holder it had, at every instant.
    #[test]
    fn p10_the_timeline_alone_reconstructs_every_holder(run in any_run()) {
        let mut book = Book::default();
        play(&run, |seen| {
            book.effects(seen.passing);
            book.act(seen.between, seen.input);
            book.effects(seen.answering);
            for (conversation, (facts, history)) in &book.pages {
                let told = holders(facts.iter().map(|(at, fact)| (*at, fact)));
                for since in &history[..] {
                    prop_assert_eq!(holder_at(&told, since.at), holder_at(history, since.at), "{:?}", conversation);
                }
                let now = seen.after.pending(*conversation).map(holder_of);
                prop_assert_eq!(now.or(book.left.get(conversation).copied()), told.last().map(|since| since.holder));
                prop_assert!(told.is_sorted_by_key(|since| since.at));
            }
            Ok(())
        })?;
    }

    /// What is said of whom fits what was decided: everybody of the ring once, the chosen one alone as chosen, and nobody
    /// with room passed over for nothing.
    #[test]
    fn everybody_is_considered_and_told_the_truth(run in any_run()) {
        play(&run, |seen| {
            for (engine, effects) in [(seen.before, seen.passing), (seen.after, seen.answering)] {
                for effect in effects {
                    truthful(engine, effect)?;
                }
            }
            Ok(())
        })?;
    }
}

/// The facts of a conversation, and with whom it was in truth.
type Page = (Vec<(Moment, Fact)>, Vec<Since>);

/// What every conversation's timeline says, and where it was in truth.
#[derive(Default)]
struct Book {
    pages: BTreeMap<ConversationId, Page>,
    /// Those that are not pending any more, and with whom they are.
    left: BTreeMap<ConversationId, Holder>,
}

impl Book {
    fn effects(&mut self, effects: &[Effect]) {
        for effect in effects {
            let Some(page) = effect.conversation().and_then(|id| self.pages.get_mut(&id)) else { continue };
            match effect {
                Effect::Timeline { at, fact, .. } => page.0.push((*at, fact.clone())),
                &Effect::Designate { at, to, .. } => page.1.push(Since { at, holder: Holder::Designee(to) }),
                &Effect::Queue { at, .. } => page.1.push(Since { at, holder: Holder::Queue }),
                &Effect::Release { at, .. } => page.1.push(Since { at, holder: Holder::Team }),
                _ => {}
            }
        }
    }

    /// The facts that people's acts put into the timeline.
    fn act(&mut self, before: &Engine, input: &Input) {
        let at = before.rows().clock;
        let (conversation, fact, holder) = match *input {
            Input::Enqueued { conversation, .. } if before.pending(conversation).is_none() => {
                self.left.remove(&conversation);
                (conversation, Fact::Received { channel_name: String::new() }, Holder::Team)
            }
            Input::Started { conversation, by } if before.pending(conversation).is_some() => {
                self.left.insert(conversation, Holder::Responsible(by));
                (conversation, Fact::Started { by }, Holder::Responsible(by))
            }
            Input::Left { conversation } if before.pending(conversation).is_some() => {
                self.left.insert(conversation, Holder::Nobody);
                (conversation, Fact::Concluded { by: None }, Holder::Nobody)
            }
            _ => return,
        };
        let page = self.pages.entry(conversation).or_default();
        page.0.push((at, fact));
        page.1.push(Since { at, holder });
    }
}

fn holder_of(pending: Pending) -> Holder {
    match pending {
        Pending::Queued { .. } => Holder::Queue,
        Pending::Designated { designee, .. } => Holder::Designee(designee),
        Pending::Open { .. } => Holder::Team,
    }
}

fn truthful(engine: &Engine, effect: &Effect) -> Result<(), TestCaseError> {
    if let Effect::Release { considered, why, .. } = effect
        && *why != Why::NobodyEligible
    {
        prop_assert!(considered.is_empty(), "{:?}", effect);
        return Ok(());
    }
    let (considered, chosen) = match effect {
        Effect::Designate { considered, to, .. } => (considered, Some(*to)),
        Effect::Queue { considered, .. } | Effect::Release { considered, .. } => (considered, None),
        _ => return Ok(()),
    };
    let said = |verdict| considered.iter().filter(move |c| c.verdict == verdict).map(|c| c.person);
    prop_assert_eq!(said(Verdict::Chosen).collect::<Vec<_>>(), chosen.into_iter().collect::<Vec<_>>());
    let ring: BTreeSet<_> = engine.ring().iter().map(|seat| seat.person).collect();
    let named: Vec<_> = considered.iter().filter(|c| c.verdict != Verdict::LeftTheTeam).map(|c| c.person).collect();
    prop_assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), ring);
    prop_assert_eq!(named.len(), engine.ring().len());
    let queued = matches!(effect, Effect::Queue { .. });
    for Considered { person, verdict } in considered {
        match verdict {
            Verdict::Chosen | Verdict::LeftTheTeam => {}
            Verdict::Unavailable => prop_assert!(!is_available(engine, *person)),
            Verdict::Full { capacity: limit, .. } => prop_assert_eq!(Some(*limit), capacity(engine)),
            Verdict::NotTheirTurn => prop_assert!(chosen.is_some() && is_available(engine, *person)),
            Verdict::AlreadyTried => {
                prop_assert!(!queued && is_available(engine, *person))
            }
            Verdict::OlderWaits => prop_assert!(queued),
        }
    }
    Ok(())
}
