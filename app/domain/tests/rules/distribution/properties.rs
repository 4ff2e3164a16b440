//! The twelve properties of the engine (engineering.md 4.2; the twelfth, on calendars, is with the calendar), and the
//! comparison with the naive model.

use std::collections::BTreeMap;

use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Config, Effect, Engine, Input, Rows};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability::Available;
use ciranda_domain::team::{Distribution, Overflow};
use ciranda_domain::time::{Moment, Span};
use proptest::prelude::*;

use crate::distribution::rig::{on, with_capacity, without_overflow};
use crate::distribution::runs::{Hours3, Run, any_run, member};
use crate::fixtures::{at, conversation_id, person_id};

/// What a database would hold: rows that only effects and the acts of people change.
#[derive(Clone, Default)]
struct Store {
    arrow: Option<PersonId>,
    pending: BTreeMap<ConversationId, Pending>,
    timers: BTreeMap<ConversationId, Moment>,
    loads: BTreeMap<PersonId, u32>,
    /// The designee as the timelines alone tell it.
    told: BTreeMap<ConversationId, Option<PersonId>>,
}

impl Store {
    /// The acts of people, which distribution is only told about.
    fn act(&mut self, input: &Input) {
        match input {
            Input::Started { conversation, by } if self.pending.contains_key(conversation) => {
                self.replace(*conversation, None);
                self.count(*by, 1);
            }
            Input::Left { conversation } => self.replace(*conversation, None),
            Input::LoadChanged { person, load } => _ = self.loads.insert(*person, *load),
            _ => {}
        }
    }

    fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::MoveArrow(arrow) => self.arrow = *arrow,
            Effect::Arm { conversation, at } => _ = self.timers.insert(*conversation, *at),
            Effect::Disarm { conversation } => {
                assert!(self.timers.remove(conversation).is_some(), "only an armed timer is disarmed");
            }
            Effect::Timeline { conversation, fact, .. } => {
                let designee = if let Fact::Designated { to, .. } = fact { Some(*to) } else { None };
                self.told.insert(*conversation, designee);
            }
            Effect::Designate { conversation, at, .. }
            | Effect::Queue { conversation, at }
            | Effect::Release { conversation, at, .. } => {
                let before = self.pending.get(conversation).copied().unwrap_or(Pending::Open { since: *at });
                self.replace(*conversation, Some(effect.apply(before)));
            }
            Effect::Extend { conversation, .. } => {
                let before = self.pending[conversation];
                self.replace(*conversation, Some(effect.apply(before)));
            }
        }
    }

    fn replace(&mut self, conversation: ConversationId, state: Option<Pending>) {
        let before = match state {
            Some(state) => self.pending.insert(conversation, state),
            None => self.pending.remove(&conversation),
        };
        let (before, now) = (before.and_then(designee), state.and_then(designee));
        if before != now {
            before.into_iter().for_each(|person| self.count(person, -1));
            now.into_iter().for_each(|person| self.count(person, 1));
        }
        if state.is_none() {
            self.told.remove(&conversation);
        }
    }

    fn count(&mut self, person: PersonId, by: i32) {
        let load = self.loads.entry(person).or_default();
        *load = load.saturating_add_signed(by);
    }

    /// The rows of the team, for an engine whose settings and members are those of `engine`.
    fn rows(&self, engine: &Engine) -> Rows {
        Rows {
            arrow: self.arrow,
            pending: self.pending.iter().map(|(conversation, pending)| (*conversation, *pending)).collect(),
            loads: self.loads.iter().map(|(person, load)| (*person, *load)).collect(),
            ..engine.rows()
        }
    }
}

fn designee(pending: Pending) -> Option<PersonId> {
    match pending {
        Pending::Designated { designee, .. } => Some(designee),
        Pending::Queued { .. } | Pending::Open { .. } => None,
    }
}

/// One step of a run as the checks look at it.
struct Seen<'a> {
    before: &'a Engine,
    /// After the time has passed and before the input.
    between: &'a Engine,
    after: &'a Engine,
    input: &'a Input,
    passing: &'a [Effect],
    answering: &'a [Effect],
    store: &'a Store,
}

/// Plays a run, keeping the store by effects alone, and shows each step to `check`.
fn play(run: &Run, mut check: impl FnMut(Seen<'_>) -> Result<(), TestCaseError>) -> Result<(), TestCaseError> {
    let (mut engine, mut store) = (run.engine(), Store::default());
    for (at, input, _) in &run.inputs {
        let before = engine.clone();
        let (mut passing, mut answering) = (Vec::new(), Vec::new());
        engine.advance(*at, &mut passing);
        let between = engine.clone();
        engine.step(*at, input.clone(), &mut answering);
        passing.iter().for_each(|effect| store.apply(effect));
        store.act(input);
        answering.iter().for_each(|effect| store.apply(effect));
        let (after, passing, answering) = (&engine, &passing[..], &answering[..]);
        check(Seen { before: &before, between: &between, after, input, passing, answering, store: &store })?;
    }
    Ok(())
}

fn is_available(engine: &Engine, person: PersonId) -> bool {
    engine.ring().iter().any(|seat| seat.person == person && seat.availability == Available)
}

fn capacity(engine: &Engine) -> Option<u32> {
    match engine.rows().config.distribution {
        Distribution::On { capacity, .. } => capacity,
        Distribution::Off => None,
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
            for (conversation, state) in rows.pending {
                prop_assert_eq!(Some(state), model.state(conversation), "{:?} after {:?}", conversation, input);
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
            engine.step(now, Input::Enqueued { conversation: conversation_id(n), prefer: None }, &mut effects);
        }
        let mut turns: BTreeMap<PersonId, u32> = (1..=members).map(|n| (person_id(n), 0)).collect();
        for effect in effects {
            if let Effect::Designate { to, why: Why::TheirTurn, .. } = effect {
                *turns.entry(to).or_default() += 1;
            }
        }
        prop_assert_eq!(u128::from(turns.values().sum::<u32>()), conversations);
        prop_assert!(turns.values().max().unwrap() - turns.values().min().unwrap() <= 1, "{:?}", turns);
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
            for (conversation, pending) in seen.after.rows().pending {
                if let Pending::Designated { deadline, max_deadline, .. } = pending {
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
        let (arrival, calendar) = (at(7, minute), Hours3::WithLunch.calendar());
        engine.step(arrival, Input::Enqueued { conversation: conversation_id(1), prefer: None }, &mut effects);
        engine.advance(arrival + Span::days(9), &mut effects);
        let (mut hops, mut released) = (Vec::new(), None);
        for effect in &effects {
            match effect {
                Effect::Designate { at, why: Why::LimitReached { .. }, .. } => hops.push(*at),
                Effect::Release { at, .. } => released = Some(*at),
                _ => {}
            }
        }
        let after = |minutes| calendar.add_open_time(arrival, Span::minutes(minutes));
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
            rows.pending.retain(|(conversation, state)| match state {
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
            for (conversation, pending) in seen.after.rows().pending {
                let told = seen.store.told.get(&conversation).copied().flatten();
                prop_assert_eq!(told, designee(pending));
            }
            Ok(())
        })?;
    }

    /// 11: nobody is given more than they may hold, and nobody waits while somebody eligible has room.
    #[test]
    fn p11_capacity_is_kept_and_no_slot_stays_empty(run in any_run()) {
        let mut store = Store::default();
        play(&run, |seen| {
            designate_within(&mut store, seen.passing, capacity(seen.before))?;
            store.act(seen.input);
            designate_within(&mut store, seen.answering, capacity(seen.after))?;
            let waiting = seen.after.rows().pending.iter().any(|(_, state)| matches!(state, Pending::Queued { .. }));
            if waiting {
                let limit = capacity(seen.after).expect("only a capacity makes a queue");
                let available: Vec<_> = seen.after.ring().into_iter().filter(|seat| seat.availability == Available).collect();
                prop_assert!(!available.is_empty() && available.iter().all(|seat| seat.load >= limit), "{:?}", available);
            }
            Ok(())
        })?;
    }

    /// After a release nobody is designated again in the same stay.
    #[test]
    fn open_stays_open(run in any_run()) {
        play(&run, |seen| {
            for (conversation, state) in seen.before.rows().pending {
                if let Pending::Open { .. } = state {
                    let stays = matches!(seen.after.pending(conversation), None | Some(Pending::Open { .. }));
                    prop_assert!(stays, "{:?}", conversation);
                }
            }
            Ok(())
        })?;
    }
}

/// Applies effects one by one, each designation finding its person with room.
fn designate_within(store: &mut Store, effects: &[Effect], capacity: Option<u32>) -> Result<(), TestCaseError> {
    for effect in effects {
        store.apply(effect);
        if let (Effect::Designate { to, .. }, Some(capacity)) = (effect, capacity) {
            prop_assert!(store.loads[to] <= capacity, "{:?}", effect);
        }
    }
    Ok(())
}

fn load(engine: &Engine, person: PersonId) -> u32 {
    engine.rows().loads.iter().find(|(p, _)| *p == person).map_or(0, |(_, load)| *load)
}

fn whole_had(engine: &Engine, conversation: ConversationId) -> bool {
    engine.pending(conversation).is_some()
}

/// 7, the golden half: this story may only change together with the rules.
#[test]
fn p7_the_golden_story() {
    let run = Run {
        members: (1..=3).map(|n| member(person_id(n), Available)).collect(),
        distribution: with_capacity(1, on(10, 25)),
        hours: Hours3::WithLunch,
        inputs: Vec::new(),
    };
    let (mut engine, mut effects) = (run.engine(), Vec::new());
    let enqueue = |n| Input::Enqueued { conversation: conversation_id(n), prefer: None };
    engine.step(at(11, 45), enqueue(1), &mut effects);
    engine.step(at(11, 46), enqueue(2), &mut effects);
    engine.step(at(11, 47), enqueue(3), &mut effects);
    engine.step(at(11, 48), enqueue(4), &mut effects);
    engine.step(at(11, 50), Input::Started { conversation: conversation_id(2), by: person_id(2) }, &mut effects);
    engine.step(at(13, 30), Input::MemberRemoved(person_id(3)), &mut effects);
    let config = Config { distribution: without_overflow(), calendar: Hours3::Always.calendar() };
    engine.step(at(13, 40), Input::ConfigChanged(config), &mut effects);
    let lines: Vec<_> = effects.iter().map(story_line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

fn story_line(effect: &Effect) -> String {
    let clock = |moment: Moment| {
        let minutes = (moment.0 - at(0, 0).0) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let time = |moment: Option<Moment>| moment.map_or("never".to_owned(), clock);
    let who = |person: PersonId| person.0.as_u128();
    let which = effect.conversation().map_or(0, |conversation| conversation.0.as_u128() - 1_000);
    match effect {
        Effect::Designate { at, to, attempt, deadline, max_deadline, .. } => {
            let (deadline, max) = (time(*deadline), time(*max_deadline));
            format!("{} c{which} to p{}, attempt {attempt}, until {deadline}, at most {max}", clock(*at), who(*to))
        }
        Effect::Extend { deadline, max_deadline, .. } => {
            format!("      c{which} stays until {}, at most {}", time(*deadline), time(*max_deadline))
        }
        Effect::Queue { at, .. } => format!("{} c{which} queued", clock(*at)),
        Effect::Release { at, .. } => format!("{} c{which} to the team", clock(*at)),
        Effect::Arm { at, .. } => format!("      c{which} timer {}", clock(*at)),
        Effect::Disarm { .. } => format!("      c{which} no timer"),
        Effect::MoveArrow(arrow) => {
            format!("      arrow {}", arrow.map_or("nowhere".to_owned(), |p| format!("p{}", who(p))))
        }
        Effect::Timeline { at, fact, .. } => format!("{} c{which} {}", clock(*at), fact_line(fact)),
    }
}

fn fact_line(fact: &Fact) -> String {
    match fact {
        Fact::Designated { why, .. } | Fact::Released { why } => format!("says {}", why_line(*why)),
        Fact::Queued => "says queued".to_owned(),
        other => panic!("distribution tells no such fact: {other:?}"),
    }
}

fn why_line(why: Why) -> String {
    let who = |person: PersonId| person.0.as_u128();
    match why {
        Why::LimitReached { from } => format!("limit reached by p{}", who(from)),
        Why::LimitReachedDuringOutage { from } => format!("limit reached by p{} in an outage", who(from)),
        Why::DesigneeLeft { from } => format!("p{} left", who(from)),
        Why::DesigneeUnavailable { from } => format!("p{} unavailable", who(from)),
        Why::TheirTurn
        | Why::MaximumReached
        | Why::NobodyEligible
        | Why::DistributionOff
        | Why::Preferred
        | Why::SlotFreed => format!("{why:?}"),
    }
}
