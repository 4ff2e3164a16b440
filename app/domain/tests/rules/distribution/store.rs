//! Rows as a database would hold them, kept by effects alone, and runs that are watched step by step.

use std::collections::BTreeMap;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Effect, Engine, Input, Load, Rows, Stay};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::Fact;
use ciranda_domain::time::Moment;
use proptest::prelude::TestCaseError;

use crate::distribution::runs::Run;

/// What a database would hold: rows that only effects and the acts of people change.
#[derive(Clone, Default)]
pub struct Store {
    pub arrow: Option<PersonId>,
    pub recent: Vec<PersonId>,
    pub pending: BTreeMap<ConversationId, Stay>,
    pub timers: BTreeMap<ConversationId, Moment>,
    pub loads: BTreeMap<PersonId, Load>,
    /// What each conversation that came is, pending or not.
    pub kinds: BTreeMap<ConversationId, ChannelKind>,
    /// The designee as the timelines alone tell it.
    pub told: BTreeMap<ConversationId, Option<PersonId>>,
}

impl Store {
    /// The acts of people, which distribution is only told about.
    pub fn act(&mut self, input: &Input) {
        match input {
            Input::Enqueued { conversation, kind, .. } => _ = self.kinds.entry(*conversation).or_insert(*kind),
            Input::Started { conversation, by } if self.pending.contains_key(conversation) => {
                self.replace(*conversation, None);
                self.count(*by, *conversation, 1);
            }
            Input::Left { conversation } => self.replace(*conversation, None),
            Input::LoadChanged { person, load } => _ = self.loads.insert(*person, *load),
            _ => {}
        }
    }

    pub fn apply(&mut self, effect: &Effect) {
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
            Effect::Latest(person) => {
                self.recent.retain(|known| known != person);
                self.recent.push(*person);
            }
            Effect::Designate { conversation, at, .. }
            | Effect::Queue { conversation, at, .. }
            | Effect::Release { conversation, at, .. } => {
                let kind = self.kinds[conversation];
                let open = Stay { kind, pending: Pending::Open { since: *at }, tried: Vec::new() };
                self.change(*conversation, open, effect);
            }
            Effect::Extend { conversation, .. } => {
                let before = self.pending[conversation].clone();
                self.change(*conversation, before, effect);
            }
        }
    }

    fn change(&mut self, conversation: ConversationId, or: Stay, effect: &Effect) {
        let before = self.pending.get(&conversation).cloned().unwrap_or(or);
        let tried = effect.tried().map_or(before.tried, <[PersonId]>::to_vec);
        self.replace(conversation, Some(Stay { kind: before.kind, pending: effect.apply(before.pending), tried }));
    }

    fn replace(&mut self, conversation: ConversationId, state: Option<Stay>) {
        let gone = state.is_none();
        let now = state.as_ref().and_then(|stay| designee(stay.pending));
        let before = match state {
            Some(state) => self.pending.insert(conversation, state),
            None => self.pending.remove(&conversation),
        };
        let before = before.and_then(|stay| designee(stay.pending));
        if before != now {
            before.into_iter().for_each(|person| self.count(person, conversation, -1));
            now.into_iter().for_each(|person| self.count(person, conversation, 1));
        }
        if gone {
            self.told.remove(&conversation);
        }
    }

    fn count(&mut self, person: PersonId, conversation: ConversationId, by: i32) {
        let kind = self.kinds[&conversation];
        self.loads.entry(person).or_default().change(kind, by);
    }

    /// The rows of the team, for an engine whose settings and members are those of `engine`.
    pub fn rows(&self, engine: &Engine) -> Rows {
        Rows {
            arrow: self.arrow,
            recent: self.recent.clone(),
            pending: self.pending.iter().map(|(conversation, stay)| (*conversation, stay.clone())).collect(),
            loads: self.loads.iter().map(|(person, load)| (*person, *load)).collect(),
            ..engine.rows()
        }
    }
}

pub fn designee(pending: Pending) -> Option<PersonId> {
    match pending {
        Pending::Designated { designee, .. } => Some(designee),
        Pending::Queued { .. } | Pending::Open { .. } => None,
    }
}

/// One step of a run as the checks look at it.
pub struct Seen<'a> {
    pub before: &'a Engine,
    /// After the time has passed and before the input.
    pub between: &'a Engine,
    pub after: &'a Engine,
    pub input: &'a Input,
    pub passing: &'a [Effect],
    pub answering: &'a [Effect],
    pub store: &'a Store,
}

/// Plays a run, keeping the store by effects alone, and shows each step to `check`.
pub fn play(run: &Run, mut check: impl FnMut(Seen<'_>) -> Result<(), TestCaseError>) -> Result<(), TestCaseError> {
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
