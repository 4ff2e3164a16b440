//! The engine of one team: its state, its clock, and the one way into it.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Calendar;
use crate::conversation::Pending;
use crate::distribution::event::{Effect, Input};
use crate::distribution::ring::{Member, Ring, Seat};
use crate::ids::{ConversationId, PersonId};
use crate::team::Distribution;
use crate::time::{Moment, Span};

/// How a team distributes, and the business hours in which overflow runs.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    pub distribution: Distribution,
    pub calendar: Calendar,
}

/// A time in which the service was down; hops whose instant lies in `from <= t < until` say so (decision 9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outage {
    pub from: Moment,
    pub until: Moment,
}

/// The rows of a team that make an engine.
#[derive(Clone, PartialEq, Debug)]
pub struct Rows {
    pub config: Config,
    /// Attending, active members, in any order.
    pub members: Vec<Member>,
    pub arrow: Option<PersonId>,
    /// Pending conversations of the team. What cannot change may be left out: open ones always; and for an input about
    /// one conversation every designated one that is neither due nor that one. Changes of availability, of members and
    /// of settings need all designated ones, and every step needs all queued ones.
    pub pending: Vec<(ConversationId, Pending)>,
    /// Conversations held in all teams (in progress or designated) by each member; only needed with a capacity.
    pub loads: Vec<(PersonId, u32)>,
    /// The last instant stepped to; earlier ones count as this one.
    pub clock: Moment,
    pub outage: Option<Outage>,
}

/// Hands the conversations of one team to attendants. Pure: time, order and identity all come from the caller.
#[derive(Clone, PartialEq, Debug)]
pub struct Engine {
    pub(super) config: Config,
    pub(super) ring: Ring,
    pub(super) arrow: Option<PersonId>,
    pub(super) pending: BTreeMap<ConversationId, Pending>,
    pub(super) loads: BTreeMap<PersonId, u32>,
    pub(super) outage: Option<Outage>,
    /// Designated conversations with a deadline, and queued ones, each by instant: indexes of `pending`.
    pub(super) due: BTreeSet<(Moment, ConversationId)>,
    pub(super) queue: BTreeSet<(Moment, ConversationId)>,
    pub(super) clock: Moment,
}

impl Engine {
    /// An engine as the rows describe it.
    #[must_use]
    pub fn load(rows: Rows) -> Self {
        let mut engine = Self {
            config: rows.config,
            ring: Ring::new(rows.members),
            arrow: rows.arrow,
            pending: BTreeMap::new(),
            loads: rows.loads.into_iter().filter(|(_, load)| *load > 0).collect(),
            outage: rows.outage,
            due: BTreeSet::new(),
            queue: BTreeSet::new(),
            clock: rows.clock,
        };
        for (conversation, pending) in rows.pending {
            engine.index(conversation, Some(pending));
        }
        engine
    }

    /// Plays every deadline due by `at`, in order of instant and conversation, each at its own true instant.
    pub fn advance(&mut self, at: Moment, out: &mut Vec<Effect>) {
        self.clock = self.clock.max(at);
        while let Some(&(due, conversation)) = self.due.first().filter(|(due, _)| *due <= self.clock) {
            self.deadline_reached(conversation, due, out);
            self.drain(due, out);
        }
    }

    /// Advances to `at`, then applies the input at that instant; so a deadline at the very instant of an act wins
    /// over the act (decision 10). An instant before the last one counts as the last one.
    pub fn step(&mut self, at: Moment, input: Input, out: &mut Vec<Effect>) {
        self.advance(at, out);
        let at = self.clock;
        match input {
            Input::Enqueued { conversation, prefer } => self.enqueue(conversation, prefer, at, out),
            Input::Started { conversation, by } => {
                if self.leave(conversation, out) {
                    self.change_load(by, 1);
                }
            }
            Input::Left { conversation } => _ = self.leave(conversation, out),
            Input::Availability { person, availability } => self.availability(person, availability, at, out),
            Input::MemberAdded(member) => self.member_added(member, at, out),
            Input::MemberRemoved(person) => self.member_removed(person, at, out),
            Input::ConfigChanged(config) => self.config_changed(*config, at, out),
            Input::LoadChanged { person, load } => self.set_load(person, load),
        }
        self.drain(at, out);
        // A changed calendar can leave a designation with no time at all.
        self.advance(at, out);
    }

    /// The instant at which [`Engine::advance`] next has something to do.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Moment> {
        self.due.first().map(|(due, _)| *due)
    }

    /// The state of a pending conversation of the team; `None` when it is not pending here.
    #[must_use]
    pub fn pending(&self, conversation: ConversationId) -> Option<Pending> {
        self.pending.get(&conversation).copied()
    }

    /// The ring as "Ver ordem" shows it: everybody in it, the next one marked.
    #[must_use]
    pub fn ring(&self) -> Vec<Seat> {
        let next = self.ring.from(self.arrow).find(|member| self.can_take(member)).map(|member| member.person);
        let seat = |member: &Member| Seat {
            person: member.person,
            availability: member.availability,
            load: self.load_of(member.person),
            next: next == Some(member.person),
        };
        self.ring.members().iter().map(seat).collect()
    }

    /// How many conversations each designee holds that were designated in the closed period that ends with `opening`:
    /// what the one notice at opening time says (decision 4).
    #[must_use]
    pub fn designated_while_closed(&self, opening: Moment) -> BTreeMap<PersonId, u32> {
        let mut counts = BTreeMap::new();
        for pending in self.pending.values() {
            if let Pending::Designated { designee, since, .. } = *pending
                && since < opening
                && self.config.calendar.next_opening(since) == opening
            {
                *counts.entry(designee).or_default() += 1;
            }
        }
        counts
    }

    /// Everything the engine holds, as rows: loading them gives an equal engine.
    #[must_use]
    pub fn rows(&self) -> Rows {
        Rows {
            config: self.config.clone(),
            members: self.ring.members().to_vec(),
            arrow: self.arrow,
            pending: self.pending.iter().map(|(conversation, pending)| (*conversation, *pending)).collect(),
            loads: self.loads.iter().map(|(person, load)| (*person, *load)).collect(),
            clock: self.clock,
            outage: self.outage,
        }
    }

    /// Puts a conversation into one state, or out of the team, and keeps the indexes true.
    pub(super) fn index(&mut self, conversation: ConversationId, state: Option<Pending>) {
        let before = match state {
            Some(pending) => self.pending.insert(conversation, pending),
            None => self.pending.remove(&conversation),
        };
        match before {
            Some(Pending::Designated { deadline: Some(due), .. }) => _ = self.due.remove(&(due, conversation)),
            Some(Pending::Queued { since }) => _ = self.queue.remove(&(since, conversation)),
            Some(Pending::Designated { deadline: None, .. } | Pending::Open { .. }) | None => {}
        }
        match state {
            Some(Pending::Designated { deadline: Some(due), .. }) => _ = self.due.insert((due, conversation)),
            Some(Pending::Queued { since }) => _ = self.queue.insert((since, conversation)),
            Some(Pending::Designated { deadline: None, .. } | Pending::Open { .. }) | None => {}
        }
    }

    pub(super) fn load_of(&self, person: PersonId) -> u32 {
        self.loads.get(&person).copied().unwrap_or(0)
    }

    /// Nobody is kept with a load of none, so that equal engines compare equal.
    pub(super) fn set_load(&mut self, person: PersonId, load: u32) {
        if load == 0 {
            self.loads.remove(&person);
        } else {
            self.loads.insert(person, load);
        }
    }

    pub(super) fn change_load(&mut self, person: PersonId, by: i32) {
        self.set_load(person, self.load_of(person).saturating_add_signed(by));
    }

    pub(super) fn capacity(&self) -> Option<u32> {
        match self.config.distribution {
            Distribution::Off => None,
            Distribution::On { capacity, .. } => capacity,
        }
    }

    /// Eligible and with a free slot: what an automatic designation asks of a person (decision 1).
    pub(super) fn can_take(&self, member: &Member) -> bool {
        member.is_available() && self.capacity().is_none_or(|capacity| self.load_of(member.person) < capacity)
    }

    /// The end of a length of open time; a length of none would let a conversation spin on the spot.
    pub(super) fn after_open_time(&self, from: Moment, span: Span) -> Moment {
        self.config.calendar.add_open_time(from, span.max(Span::seconds(1)))
    }
}
