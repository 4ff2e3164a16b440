//! The engine of one team: its state, its clock, and the one way into it.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Calendar;
use crate::channel::ChannelKind;
use crate::conversation::Pending;
use crate::distribution::assign::Joining;
use crate::distribution::choose::Walk;
use crate::distribution::event::{Effect, Input};
use crate::distribution::load::{Load, cost};
use crate::distribution::ring::{Member, Ring, Seat};
use crate::ids::{ConversationId, PersonId};
use crate::team::{Distribution, Weights};
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
    /// People in the order in which the team last designated them, the latest last; those it never did are not in it.
    /// Kept by the strategies that ask for it.
    pub recent: Vec<PersonId>,
    /// Pending conversations of the team. What cannot change may be left out: open ones always; and for an input about
    /// one conversation every designated one that is neither due nor that one. Changes of availability, of members and
    /// of settings need all designated ones, and every step needs all queued ones.
    pub pending: Vec<(ConversationId, Stay)>,
    /// What each member holds in all teams (in progress or designated); only needed with a capacity, or where the least
    /// loaded is looked for.
    pub loads: Vec<(PersonId, Load)>,
    /// The last instant stepped to; earlier ones count as this one.
    pub clock: Moment,
    pub outage: Option<Outage>,
}

/// A pending conversation as distribution knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stay {
    /// What it weighs.
    pub kind: ChannelKind,
    pub pending: Pending,
    /// Who had it already in this round of this stay, the present designee included.
    pub tried: Vec<PersonId>,
}

/// Hands the conversations of one team to attendants. Pure: time, order and identity all come from the caller.
#[derive(Clone, PartialEq, Debug)]
pub struct Engine {
    pub(super) config: Config,
    pub(super) ring: Ring,
    pub(super) arrow: Option<PersonId>,
    pub(super) recent: Vec<PersonId>,
    pub(super) pending: BTreeMap<ConversationId, Stay>,
    pub(super) loads: BTreeMap<PersonId, Load>,
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
            recent: rows.recent,
            pending: BTreeMap::new(),
            loads: rows.loads.into_iter().filter(|(_, load)| *load != Load::NONE).collect(),
            outage: rows.outage,
            due: BTreeSet::new(),
            queue: BTreeSet::new(),
            clock: rows.clock,
        };
        for (conversation, stay) in rows.pending {
            engine.index(conversation, Some(stay));
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
            Input::Enqueued { conversation, kind, prefer } => {
                self.enqueue(Joining { conversation, kind }, prefer, at, out)
            }
            Input::Started { conversation, by } => {
                if let Some(kind) = self.leave(conversation, out) {
                    self.change_load(by, kind, 1);
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

    /// People in the order in which the team last designated them, the latest last.
    #[must_use]
    pub fn recent(&self) -> &[PersonId] {
        &self.recent
    }

    /// The state of a pending conversation of the team; `None` when it is not pending here.
    #[must_use]
    pub fn pending(&self, conversation: ConversationId) -> Option<Pending> {
        self.pending.get(&conversation).map(|stay| stay.pending)
    }

    /// The ring as "Ver ordem" shows it: everybody in it, the next one marked.
    #[must_use]
    pub fn ring(&self) -> Vec<Seat> {
        let order = self.order(Walk::Turn { behind: false });
        let next = order.iter().find(|member| self.can_take(member, ChannelKind::WhatsApp)).map(|member| member.person);
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
        for stay in self.pending.values() {
            if let Pending::Designated { designee, since, .. } = stay.pending
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
            recent: self.recent.clone(),
            pending: self.pending.iter().map(|(conversation, stay)| (*conversation, stay.clone())).collect(),
            loads: self.loads.iter().map(|(person, load)| (*person, *load)).collect(),
            clock: self.clock,
            outage: self.outage,
        }
    }

    /// Puts a conversation into one state, or out of the team, and keeps the indexes true.
    pub(super) fn index(&mut self, conversation: ConversationId, stay: Option<Stay>) {
        let now = stay.as_ref().map(|stay| stay.pending);
        let before = match stay {
            Some(stay) => self.pending.insert(conversation, stay),
            None => self.pending.remove(&conversation),
        };
        match before.map(|stay| stay.pending) {
            Some(Pending::Designated { deadline: Some(due), .. }) => _ = self.due.remove(&(due, conversation)),
            Some(Pending::Queued { since }) => _ = self.queue.remove(&(since, conversation)),
            Some(Pending::Designated { deadline: None, .. } | Pending::Open { .. }) | None => {}
        }
        match now {
            Some(Pending::Designated { deadline: Some(due), .. }) => _ = self.due.insert((due, conversation)),
            Some(Pending::Queued { since }) => _ = self.queue.insert((since, conversation)),
            Some(Pending::Designated { deadline: None, .. } | Pending::Open { .. }) | None => {}
        }
    }

    /// What a person holds, as this team weighs it.
    pub(super) fn load_of(&self, person: PersonId) -> u32 {
        let load = self.loads.get(&person).copied().unwrap_or_default();
        load.weighed(&self.weights(), self.capacity())
    }

    /// Nobody is kept with a load of none, so that equal engines compare equal.
    pub(super) fn set_load(&mut self, person: PersonId, load: Load) {
        if load == Load::NONE {
            self.loads.remove(&person);
        } else {
            self.loads.insert(person, load);
        }
    }

    pub(super) fn change_load(&mut self, person: PersonId, kind: ChannelKind, by: i32) {
        let mut load = self.loads.get(&person).copied().unwrap_or_default();
        load.change(kind, by);
        self.set_load(person, load);
    }

    const fn weights(&self) -> Weights {
        match self.config.distribution {
            Distribution::Off => Weights::ONE,
            Distribution::On { weights, .. } => weights,
        }
    }

    pub(super) const fn capacity(&self) -> Option<u32> {
        match self.config.distribution {
            Distribution::Off => None,
            Distribution::On { capacity, .. } => capacity,
        }
    }

    /// Eligible and with room for it: what an automatic designation asks of a person (decision 1).
    pub(super) fn can_take(&self, member: &Member, kind: ChannelKind) -> bool {
        let room = |capacity| {
            let cost = cost(&self.weights(), kind, Some(capacity));
            self.load_of(member.person).saturating_add(cost) <= capacity
        };
        member.is_available() && self.capacity().is_none_or(room)
    }

    /// The end of a length of open time; a length of none would let a conversation spin on the spot.
    pub(super) fn after_open_time(&self, from: Moment, span: Span) -> Moment {
        self.config.calendar.add_open_time(from, span.max(Span::seconds(1)))
    }
}
