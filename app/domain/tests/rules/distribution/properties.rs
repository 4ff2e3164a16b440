//! The twelve properties of the engine (engineering.md 4.2; the twelfth, on calendars, is with the calendar), and the
//! comparison with the naive model.

use std::collections::BTreeMap;

use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Effect, Engine, Input, Load, Stay};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::Why;
use ciranda_domain::person::Availability::Available;
use ciranda_domain::team::{Distribution, Overflow, Weights};
use ciranda_domain::time::Span;
use proptest::prelude::*;

use crate::distribution::rig::{arrival, on};
use crate::distribution::runs::{Hours3, Run, any_run, any_strategy, member};
use crate::distribution::store::{Store, designee, play};
use crate::fixtures::{at, conversation_id, person_id};

pub fn is_available(engine: &Engine, person: PersonId) -> bool {
    engine.ring().iter().any(|seat| seat.person == person && seat.availability == Available)
}

pub fn capacity(engine: &Engine) -> Option<u32> {
    match engine.rows().config.distribution {
        Distribution::On { capacity, .. } => capacity,
        Distribution::Off => None,
    }
}

fn weights(engine: &Engine) -> Weights {
    match engine.rows().config.distribution {
        Distribution::On { weights, .. } => weights,
        Distribution::Off => Weights::ONE,
    }
}

fn play_whole(run: &Run) -> (Engine, Vec<Effect>) {
    let (mut engine, mut effects) = (run.engine(), Vec::new());
    for (at, input, _) in &run.inputs {
        engine.step(*at, input.clone(), &mut effects);
    }
    (engine, effects)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    /// The engine is the naive team: same states, same arrow, same loads, same timelines, after every input.
    #[test]
    fn the_engine_agrees_with_the_naive_model(run in any_run()) {
        let (mut engine, mut model, mut effects) = (run.engine(), run.model(), Vec::new());
        for (at, input, hours) in &run.inputs {
            engine.step(*at, input.clone(), &mut effects);
            model.advance(at.0 / 60_000);
            model.input(input, if matches!(input, Input::ConfigChanged(_)) { hours.minutes() } else { model.open });
            let rows = engine.rows();
            prop_assert_eq!(rows.pending.len(), model.stays.len());
            for (conversation, stay) in rows.pending {
                prop_assert_eq!(Some(stay.pending), model.state(conversation), "{:?} after {:?}", conversation, input);
            }
            prop_assert_eq!(rows.arrow, model.arrow, "arrow after {:?}", input);
            for seat in engine.ring() {
                prop_assert_eq!(seat.load, model.load(seat.person));
            }
        }
        let timeline = effects.iter().filter_map(|effect| match effect {
            Effect::Timeline { conversation, at, fact } => Some((*at, *conversation, fact.clone())),
            _ => None,
        });
        prop_assert_eq!(timeline.collect::<Vec<_>>(), model.log);
    }

    /// 1: nobody is designated who is not eligible at that instant; when nobody is, it is released in the same step.
    #[test]
    fn p1_only_the_eligible_are_designated(run in any_run()) {
        play(&run, |seen| {
            for (engine, effects) in [(seen.before, seen.passing), (seen.after, seen.answering)] {
                for effect in effects {
                    if let Effect::Designate { to, .. } = effect {
                        prop_assert!(is_available(engine, *to), "{:?}", effect);
                    }
                }
            }
            let nobody = seen.after.ring().iter().all(|seat| seat.availability != Available);
            if let Input::Enqueued { conversation, .. } = seen.input && nobody {
                let state = seen.after.pending(*conversation);
                prop_assert!(matches!(state, Some(Pending::Open { .. } | Pending::Designated { .. })), "{:?}", state);
                let released = |e: &Effect| matches!(e, Effect::Release { conversation: c, .. } if c == conversation);
                prop_assert!(seen.between.pending(*conversation).is_some() || seen.answering.iter().any(released));
            }
            Ok(())
        })?;
    }

    /// 2: while the eligible stay the same, the numbers of new conversations they get differ by one at most.
    #[test]
    fn p2_turns_are_even(members in 1..6_u128, conversations in 1..40_u128, minutes in 0..30_i64) {
        let run = Run {
            members: (1..=members).map(|n| member(person_id(n), Available)).collect(),
            distribution: on(5, 20),
            hours: Hours3::WithLunch,
            inputs: Vec::new(),
        };
        let (mut engine, mut effects) = (run.engine(), Vec::new());
        for n in 1..=conversations {
            let now = at(7, 0) + Span::minutes(minutes * i64::try_from(n).unwrap());
            engine.step(now, arrival(n, None), &mut effects);
        }
        even(members, conversations, &effects)?;
    }

    /// 2, for the other strategies: with nobody passing anything on, each designation evens things out.
    #[test]
    fn p2_the_least_recent_and_the_least_loaded_are_even_too(
        members in 1..6_u128, conversations in 1..40_u128, minutes in 0..30_i64, strategy in any_strategy()
    ) {
        let (overflow, capacity, weights) = (Overflow::Off, None, Weights::ONE);
        let run = Run {
            members: (1..=members).map(|n| member(person_id(n), Available)).collect(),
            distribution: Distribution::On { overflow, capacity, strategy, weights },
            hours: Hours3::WithLunch,
            inputs: Vec::new(),
        };
        let (mut engine, mut effects) = (run.engine(), Vec::new());
        for n in 1..=conversations {
            let now = at(7, 0) + Span::minutes(minutes * i64::try_from(n).unwrap());
            engine.step(now, arrival(n, None), &mut effects);
        }
        even(members, conversations, &effects)?;
    }

    /// 3: the arrow moves with turns, and when the person it points at leaves; with nothing else.
    #[test]
    fn p3_only_turns_move_the_arrow(run in any_run()) {
        play(&run, |seen| {
            for effects in [seen.passing, seen.answering] {
                let moves = effects.iter().filter(|e| matches!(e, Effect::MoveArrow(_))).count();
                let turn = |e: &&Effect| matches!(e, Effect::Designate { why: Why::TheirTurn | Why::SlotFreed, .. });
                let turns = effects.iter().filter(turn).count();
                let left = usize::from(matches!(seen.input, Input::MemberRemoved(_)));
                prop_assert!(moves <= turns + left, "{:?}", effects);
            }
            Ok(())
        })?;
    }

    /// 4: with overflow every designation has exactly one timer, not after its maximum; nothing else has one.
    #[test]
    fn p4_every_designation_has_its_one_timer(run in any_run()) {
        play(&run, |seen| {
            let overflow = matches!(seen.after.rows().config.distribution, Distribution::On { overflow: Overflow::On { .. }, .. });
            let mut expected = BTreeMap::new();
            for (conversation, stay) in seen.after.rows().pending {
                if let Pending::Designated { deadline, max_deadline, .. } = stay.pending {
                    prop_assert_eq!(deadline.is_some(), overflow);
                    prop_assert!(deadline <= max_deadline);
                    expected.extend(deadline.map(|deadline| (conversation, deadline)));
                }
            }
            prop_assert_eq!(&seen.store.timers, &expected);
            prop_assert_eq!(seen.after.next_deadline(), expected.values().min().copied());
            Ok(())
        })?;
    }

    /// 5: with the eligible unchanged, hop i comes after i limits of open time and the release at the maximum.
    #[test]
    fn p5_hops_come_at_multiples_of_the_limit(members in 2..5_u128, limit in 2..30_i64, more in 0..90_i64, minute in 0..1_440_i64) {
        let maximum = limit + more;
        let run = Run {
            members: (1..=members).map(|n| member(person_id(n), Available)).collect(),
            distribution: on(limit, maximum),
            hours: Hours3::WithLunch,
            inputs: Vec::new(),
        };
        let (mut engine, mut effects) = (run.engine(), Vec::new());
        let (came, calendar) = (at(7, minute), Hours3::WithLunch.calendar());
        engine.step(came, arrival(1, None), &mut effects);
        engine.advance(came + Span::days(9), &mut effects);
        let (mut hops, mut released) = (Vec::new(), None);
        for effect in &effects {
            match effect {
                Effect::Designate { at, why: Why::LimitReached { .. }, .. } => hops.push(*at),
                Effect::Release { at, .. } => released = Some(*at),
                _ => {}
            }
        }
        let after = |minutes| calendar.add_open_time(came, Span::minutes(minutes));
        let expected: Vec<_> = (1..).map(|i| i * limit).take_while(|used| *used < maximum).map(after).collect();
        prop_assert_eq!(hops, expected);
        prop_assert_eq!(released, Some(after(maximum)));
    }

    /// 6: letting time pass in between, however often, changes nothing: a late timer equals one on time.
    #[test]
    fn p6_lateness_changes_nothing(run in any_run(), pauses in prop::collection::vec(0..200_i64, 0..40)) {
        let (expected, effects) = play_whole(&run);
        let (mut engine, mut paused) = (run.engine(), Vec::new());
        let mut pauses = pauses.into_iter().cycle();
        let mut last = at(7, 0);
        for (at, input, _) in &run.inputs {
            for _ in 0..3 {
                let pause = Span::seconds(pauses.next().unwrap_or(0) * 20);
                last = (last + pause).min(*at);
                engine.advance(last, &mut paused);
            }
            engine.step(*at, input.clone(), &mut paused);
            engine.advance(*at, &mut paused);
            last = *at;
        }
        prop_assert_eq!(paused, effects);
        prop_assert_eq!(engine, expected);
    }

    /// 7: the same inputs give the same effects, to the byte.
    #[test]
    fn p7_replay_gives_the_same(run in any_run()) {
        let (first, second) = (play_whole(&run), play_whole(&run));
        prop_assert_eq!(format!("{:?}", first.1), format!("{:?}", second.1));
        prop_assert_eq!(first.0, second.0);
    }

    /// 8: the same input twice is the same as once, and what is not pending here has no effect.
    #[test]
    fn p8_repeated_and_unknown_inputs_do_nothing(run in any_run()) {
        play(&run, |seen| {
            let (mut engine, mut effects) = (seen.after.clone(), Vec::new());
            let at = engine.rows().clock;
            // A load is counted anew each time it is told.
            let again = match seen.input {
                &Input::LoadChanged { person, .. } => Input::LoadChanged { person, load: load(seen.after, person) },
                input => input.clone(),
            };
            engine.step(at, again, &mut effects);
            prop_assert_eq!(&effects, &[], "{:?} again", seen.input);
            prop_assert_eq!(&engine, seen.after);
            let unknown = conversation_id(999);
            engine.step(at, Input::Started { conversation: unknown, by: person_id(1) }, &mut effects);
            engine.step(at, Input::Left { conversation: unknown }, &mut effects);
            engine.step(at, Input::Availability { person: person_id(99), availability: Available }, &mut effects);
            engine.step(at, Input::MemberRemoved(person_id(99)), &mut effects);
            prop_assert_eq!(&effects, &[]);
            prop_assert_eq!(&engine, seen.after);
            Ok(())
        })?;
    }

    /// 9: effects are complete: rows kept by effects alone, loaded, give an equal engine.
    #[test]
    fn p9_rows_kept_by_effects_give_back_the_engine(run in any_run()) {
        play(&run, |seen| {
            prop_assert_eq!(&Engine::load(seen.store.rows(seen.after)), seen.after);
            Ok(())
        })?;
    }

    /// What `Rows::pending` says may be left out changes no effect.
    #[test]
    fn p9_a_partly_loaded_engine_has_the_same_effects(run in any_run()) {
        play(&run, |seen| {
            let (mut whole, mut expected) = (seen.before.clone(), Vec::new());
            let at = seen.between.rows().clock;
            whole.step(at, seen.input.clone(), &mut expected);
            let mut rows = seen.before.rows();
            let (named, about_team) = match seen.input {
                Input::Enqueued { conversation, .. } | Input::Started { conversation, .. } | Input::Left { conversation } => {
                    (Some(*conversation), false)
                }
                Input::LoadChanged { .. } => (None, false),
                Input::Availability { .. } | Input::MemberAdded(_) | Input::MemberRemoved(_) | Input::ConfigChanged(_) => (None, true),
            };
            rows.pending.retain(|(conversation, stay)| match stay.pending {
                Pending::Open { .. } => false,
                Pending::Queued { .. } => true,
                Pending::Designated { deadline, .. } => {
                    about_team || named == Some(*conversation) || deadline.is_some_and(|deadline| deadline <= at)
                }
            });
            let (mut part, mut effects) = (Engine::load(rows), Vec::new());
            // An enqueued conversation is new to the team: one that is open here never comes again.
            let comes_again = matches!(seen.input, Input::Enqueued { conversation, .. } if whole_had(seen.before, *conversation));
            if !comes_again {
                part.step(at, seen.input.clone(), &mut effects);
                prop_assert_eq!(effects, expected);
            }
            Ok(())
        })?;
    }

    /// 10: the timelines alone tell who is designated.
    #[test]
    fn p10_the_timeline_tells_the_designee(run in any_run()) {
        play(&run, |seen| {
            for (conversation, stay) in seen.after.rows().pending {
                let told = seen.store.told.get(&conversation).copied().flatten();
                prop_assert_eq!(told, designee(stay.pending));
            }
            Ok(())
        })?;
    }

    /// 11: nobody is given more than they may hold, and nobody waits while somebody eligible has room.
    #[test]
    fn p11_capacity_is_kept_and_no_slot_stays_empty(run in any_run()) {
        let mut store = Store::default();
        play(&run, |seen| {
            designate_within(&mut store, seen.passing, seen.before)?;
            store.act(seen.input);
            designate_within(&mut store, seen.answering, seen.after)?;
            let since = |stay: &Stay| match stay.pending { Pending::Queued { since } => Some(since), _ => None };
            let rows = seen.after.rows();
            let oldest = rows.pending.iter().filter_map(|(id, stay)| Some((since(stay)?, id, stay.kind))).min_by_key(|o| (o.0, o.1));
            if let Some((_, _, kind)) = oldest {
                let limit = capacity(seen.after).expect("only a capacity makes a queue");
                let weight = weights(seen.after).of(kind).min(limit);
                let available: Vec<_> = seen.after.ring().into_iter().filter(|seat| seat.availability == Available).collect();
                prop_assert!(!available.is_empty() && available.iter().all(|seat| seat.load + weight > limit), "{:?}", available);
            }
            Ok(())
        })?;
    }

    /// After a release nobody is designated again in the same stay.
    #[test]
    fn open_stays_open(run in any_run()) {
        play(&run, |seen| {
            for (conversation, state) in seen.before.rows().pending {
                if let Pending::Open { .. } = state.pending {
                    let stays = matches!(seen.after.pending(conversation), None | Some(Pending::Open { .. }));
                    prop_assert!(stays, "{:?}", conversation);
                }
            }
            Ok(())
        })?;
    }
}

/// Everybody got as many turns as everybody else, give or take one.
fn even(members: u128, conversations: u128, effects: &[Effect]) -> Result<(), TestCaseError> {
    let mut turns: BTreeMap<PersonId, u32> = (1..=members).map(|n| (person_id(n), 0)).collect();
    for effect in effects {
        if let Effect::Designate { to, why: Why::TheirTurn | Why::LeastRecent | Why::LeastLoaded, .. } = effect {
            *turns.entry(*to).or_default() += 1;
        }
    }
    prop_assert_eq!(u128::from(turns.values().sum::<u32>()), conversations);
    let most = turns.values().max().copied().unwrap_or_default();
    prop_assert!(turns.values().all(|count| count + 1 >= most), "{:?}", turns);
    Ok(())
}

/// Applies effects one by one, each designation finding its person with room.
fn designate_within(store: &mut Store, effects: &[Effect], engine: &Engine) -> Result<(), TestCaseError> {
    for effect in effects {
        store.apply(effect);
        if let (Effect::Designate { to, .. }, Some(capacity)) = (effect, capacity(engine)) {
            prop_assert!(store.loads[to].weighed(&weights(engine), Some(capacity)) <= capacity, "{:?}", effect);
        }
    }
    Ok(())
}

fn load(engine: &Engine, person: PersonId) -> Load {
    engine.rows().loads.iter().find(|(p, _)| *p == person).map_or(Load::NONE, |(_, load)| *load)
}

fn whole_had(engine: &Engine, conversation: ConversationId) -> bool {
    engine.pending(conversation).is_some()
}
