//! One conversation: enqueued, designated, passed on, queued, released, gone.

use crate::conversation::Pending;
use crate::distribution::engine::Engine;
use crate::distribution::event::Effect;
use crate::distribution::ring::{Member, Place};
use crate::ids::{ConversationId, PersonId};
use crate::message::{Fact, Why};
use crate::team::{Distribution, Overflow};
use crate::time::Moment;

/// Whom a walk round the ring found.
enum Found {
    Person(PersonId),
    /// Somebody is eligible, and everybody who is has as many as they may hold.
    Full,
    Nobody,
}

/// A designation that is about to end.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub conversation: ConversationId,
    pub designee: PersonId,
    pub since: Moment,
    pub deadline: Option<Moment>,
    pub max_deadline: Option<Moment>,
    pub attempt: u32,
}

/// A designation that is about to begin.
#[derive(Clone, Copy)]
struct Offer {
    to: PersonId,
    attempt: u32,
    /// That of the stay so far; a stay that has none gets its own.
    max_deadline: Option<Moment>,
    why: Why,
}

impl Engine {
    /// A new stay begins: the preferred attendant, else whoever the arrow finds.
    pub(super) fn enqueue(
        &mut self,
        conversation: ConversationId,
        prefer: Option<PersonId>,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        if self.pending.contains_key(&conversation) {
            return;
        }
        if self.config.distribution == Distribution::Off {
            // Open is then how every conversation begins, so the timeline needs no line for it.
            self.index(conversation, Some(Pending::Open { since: at }));
            out.push(Effect::Release { conversation, at, why: Why::DistributionOff });
            return;
        }
        let preferred = prefer.and_then(|person| self.ring.get(person)).filter(|member| self.can_take(member));
        if let Some(to) = preferred.map(|member| member.person) {
            self.designate(conversation, Offer { to, attempt: 1, max_deadline: None, why: Why::Preferred }, at, out);
        } else {
            self.take_turn(conversation, Why::TheirTurn, at, out);
        }
    }

    /// Designates whoever the arrow finds and moves the arrow past them; else the conversation is queued or released.
    fn take_turn(&mut self, conversation: ConversationId, why: Why, at: Moment, out: &mut Vec<Effect>) {
        match self.search(self.ring.from(self.arrow), None) {
            Found::Person(to) => {
                self.designate(conversation, Offer { to, attempt: 1, max_deadline: None, why }, at, out);
                self.move_arrow_past(to, out);
            }
            Found::Full => self.queue_up(conversation, at, out),
            Found::Nobody => self.release(conversation, Why::NobodyEligible, at, out),
        }
    }

    /// A deadline came: on to the next, or to the whole team at the maximum.
    pub(super) fn deadline_reached(&mut self, conversation: ConversationId, at: Moment, out: &mut Vec<Effect>) {
        let Some(held) = self.held(conversation) else { return };
        if held.max_deadline.is_some_and(|max| max <= at) {
            return self.release(conversation, Why::MaximumReached, at, out);
        }
        let from = held.designee;
        let why = if self.outage.is_some_and(|outage| outage.from <= at && at < outage.until) {
            Why::LimitReachedDuringOutage { from }
        } else {
            Why::LimitReached { from }
        };
        let place = self.ring.get(from).map(Member::place);
        self.pass_on(held, place, Some(from), why, at, out);
    }

    /// Passes a designation on, walking from `place`; `keeps` is who may go on holding it when nobody else can take it.
    pub(super) fn pass_on(
        &mut self,
        held: Held,
        place: Option<Place>,
        keeps: Option<PersonId>,
        why: Why,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        let found = match place {
            Some(place) => self.search(self.ring.after(place), keeps),
            None => self.search(self.ring.from(None), keeps),
        };
        match found {
            Found::Person(to) if to == held.designee => self.rearm(held, at, out),
            Found::Person(to) => {
                let offer = Offer { to, attempt: held.attempt + 1, max_deadline: held.max_deadline, why };
                self.designate(held.conversation, offer, at, out);
            }
            Found::Full => self.queue_up(held.conversation, at, out),
            Found::Nobody => self.release(held.conversation, Why::NobodyEligible, at, out),
        }
    }

    /// The first who can take a conversation. `holder` has it already, so it needs no free slot of theirs.
    fn search<'a>(&self, walk: impl Iterator<Item = &'a Member>, holder: Option<PersonId>) -> Found {
        let mut found = Found::Nobody;
        for member in walk.filter(|member| member.is_available()) {
            if holder == Some(member.person) || self.can_take(member) {
                return Found::Person(member.person);
            }
            found = Found::Full;
        }
        found
    }

    fn designate(&mut self, conversation: ConversationId, offer: Offer, at: Moment, out: &mut Vec<Effect>) {
        let Offer { to, attempt, max_deadline, why } = offer;
        self.unload(conversation);
        let (deadline, max_deadline) = self.times(at, max_deadline);
        let state = Pending::Designated { designee: to, since: at, deadline, max_deadline, attempt };
        self.change_load(to, 1);
        out.push(Effect::Designate { conversation, at, to, attempt, deadline, max_deadline, why });
        self.set_timer(conversation, deadline, out);
        self.index(conversation, Some(state));
        out.push(Effect::Timeline { conversation, at, fact: Fact::Designated { to, attempt, why } });
    }

    /// Only one person is eligible: they keep it, silently, for another limit.
    fn rearm(&mut self, held: Held, at: Moment, out: &mut Vec<Effect>) {
        let (deadline, max_deadline) = self.times(at, held.max_deadline);
        self.extend(held, deadline, max_deadline, out);
    }

    /// New times for a designation that stays.
    pub(super) fn extend(
        &mut self,
        held: Held,
        deadline: Option<Moment>,
        max_deadline: Option<Moment>,
        out: &mut Vec<Effect>,
    ) {
        let Held { conversation, designee, since, attempt, .. } = held;
        out.push(Effect::Extend { conversation, deadline, max_deadline });
        self.set_timer(conversation, deadline, out);
        self.index(conversation, Some(Pending::Designated { designee, since, deadline, max_deadline, attempt }));
    }

    /// Deadline and maximum of a designation that begins at `at`.
    pub(super) fn times(&self, at: Moment, max_deadline: Option<Moment>) -> (Option<Moment>, Option<Moment>) {
        match self.config.distribution {
            Distribution::Off | Distribution::On { overflow: Overflow::Off, .. } => (None, None),
            Distribution::On { overflow: Overflow::On { limit, maximum }, .. } => {
                let max_deadline = max_deadline.unwrap_or_else(|| self.after_open_time(at, maximum));
                (Some(self.after_open_time(at, limit).min(max_deadline)), Some(max_deadline))
            }
        }
    }

    fn queue_up(&mut self, conversation: ConversationId, at: Moment, out: &mut Vec<Effect>) {
        self.unload(conversation);
        out.push(Effect::Queue { conversation, at });
        self.set_timer(conversation, None, out);
        self.index(conversation, Some(Pending::Queued { since: at }));
        out.push(Effect::Timeline { conversation, at, fact: Fact::Queued });
    }

    pub(super) fn release(&mut self, conversation: ConversationId, why: Why, at: Moment, out: &mut Vec<Effect>) {
        self.unload(conversation);
        out.push(Effect::Release { conversation, at, why });
        self.set_timer(conversation, None, out);
        self.index(conversation, Some(Pending::Open { since: at }));
        out.push(Effect::Timeline { conversation, at, fact: Fact::Released { why } });
    }

    /// A conversation leaves the team's pending ones; tells whether it was there.
    pub(super) fn leave(&mut self, conversation: ConversationId, out: &mut Vec<Effect>) -> bool {
        self.unload(conversation);
        self.set_timer(conversation, None, out);
        let known = self.pending.contains_key(&conversation);
        self.index(conversation, None);
        known
    }

    /// Gives queued conversations to whoever has room, oldest first (decision 1).
    pub(super) fn drain(&mut self, at: Moment, out: &mut Vec<Effect>) {
        while let Some(&(_, conversation)) = self.queue.first() {
            match self.search(self.ring.from(self.arrow), None) {
                Found::Full => return,
                Found::Person(_) | Found::Nobody => self.take_turn(conversation, Why::SlotFreed, at, out),
            }
        }
    }

    /// The designation of a conversation, if it has one.
    pub(super) fn held(&self, conversation: ConversationId) -> Option<Held> {
        match *self.pending.get(&conversation)? {
            Pending::Designated { designee, since, deadline, max_deadline, attempt } => {
                Some(Held { conversation, designee, since, deadline, max_deadline, attempt })
            }
            Pending::Queued { .. } | Pending::Open { .. } => None,
        }
    }

    /// The designee, if there is one, holds one conversation less.
    fn unload(&mut self, conversation: ConversationId) {
        if let Some(held) = self.held(conversation) {
            self.change_load(held.designee, -1);
        }
    }

    /// Tells the timer where it changes; called before the new state is indexed.
    fn set_timer(&self, conversation: ConversationId, deadline: Option<Moment>, out: &mut Vec<Effect>) {
        let armed = self.held(conversation).and_then(|held| held.deadline);
        match deadline {
            Some(at) if armed != Some(at) => out.push(Effect::Arm { conversation, at }),
            None if armed.is_some() => out.push(Effect::Disarm { conversation }),
            Some(_) | None => {}
        }
    }

    fn move_arrow_past(&mut self, person: PersonId, out: &mut Vec<Effect>) {
        let next = self.ring.get(person).map(Member::place).and_then(|place| self.ring.after(place).next());
        self.set_arrow(next.map(|member| member.person), out);
    }

    pub(super) fn set_arrow(&mut self, arrow: Option<PersonId>, out: &mut Vec<Effect>) {
        if self.arrow != arrow {
            self.arrow = arrow;
            out.push(Effect::MoveArrow(arrow));
        }
    }
}
