//! One conversation: enqueued, designated, passed on, queued, released, gone.

use crate::channel::ChannelKind;
use crate::conversation::Pending;
use crate::distribution::choose::{Considered, Found, Verdict, Walk};
use crate::distribution::engine::{Engine, Stay};
use crate::distribution::event::Effect;
use crate::distribution::ring::{Member, Place};
use crate::ids::{ConversationId, PersonId};
use crate::message::{Fact, Why};
use crate::team::{Distribution, Overflow, Strategy};
use crate::time::Moment;

/// A conversation that looks for somebody.
#[derive(Clone, Copy)]
pub(super) struct Joining {
    pub conversation: ConversationId,
    pub kind: ChannelKind,
}

/// A designation that is about to end.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub joining: Joining,
    pub designee: PersonId,
    pub since: Moment,
    pub deadline: Option<Moment>,
    pub max_deadline: Option<Moment>,
    pub attempt: u32,
}

/// A designation that is about to begin.
struct Offer {
    to: PersonId,
    attempt: u32,
    /// That of the stay so far; a stay that has none gets its own.
    max_deadline: Option<Moment>,
    why: Why,
    considered: Vec<Considered>,
}

impl Engine {
    /// A new stay begins: the preferred attendant, else whoever's turn it is.
    pub(super) fn enqueue(&mut self, joining: Joining, prefer: Option<PersonId>, at: Moment, out: &mut Vec<Effect>) {
        let Joining { conversation, kind } = joining;
        if self.pending.contains_key(&conversation) {
            return;
        }
        if self.config.distribution == Distribution::Off {
            // Open is then how every conversation begins, so the timeline needs no line for it.
            self.index(conversation, Some(Stay { kind, pending: Pending::Open { since: at }, tried: Vec::new() }));
            let considered = Vec::new();
            out.push(Effect::Release { conversation, at, why: Why::DistributionOff, considered });
            return;
        }
        // What waits longer comes first, whoever is preferred.
        let behind = !self.queue.is_empty();
        let preferred = prefer.and_then(|person| self.ring.get(person)).filter(|member| self.can_take(member, kind));
        match preferred.map(|member| member.person).filter(|_| !behind) {
            Some(to) => {
                let considered = self.considered_beside(to, kind);
                let why = Why::Preferred;
                self.designate(joining, Offer { to, attempt: 1, max_deadline: None, why, considered }, at, out);
            }
            None => {
                let looked = self.look(Walk::Turn { behind }, kind);
                self.take_turn(joining, looked, self.turn(), at, out);
            }
        }
    }

    /// Why whoever comes next does.
    const fn turn(&self) -> Why {
        match self.strategy() {
            Strategy::Circle => Why::TheirTurn,
            Strategy::LeastRecent => Why::LeastRecent,
            Strategy::LeastLoaded => Why::LeastLoaded,
        }
    }

    /// The preferred attendant first, then the others, whose turn it was not.
    fn considered_beside(&self, preferred: PersonId, kind: ChannelKind) -> Vec<Considered> {
        let (_, others) = self.look(Walk::Turn { behind: false }, kind);
        let passed_over =
            others.into_iter().filter(|other| other.person != preferred).map(|other| match other.verdict {
                Verdict::Chosen => Considered { verdict: Verdict::NotTheirTurn, ..other },
                _ => other,
            });
        std::iter::once(Considered { person: preferred, verdict: Verdict::Chosen }).chain(passed_over).collect()
    }

    /// Designates whoever was found and moves the arrow past them; else the conversation is queued or released.
    fn take_turn(
        &mut self,
        joining: Joining,
        looked: (Found, Vec<Considered>),
        why: Why,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        let (found, considered) = looked;
        match found {
            Found::Person(to) => {
                self.designate(joining, Offer { to, attempt: 1, max_deadline: None, why, considered }, at, out);
                if self.strategy() == Strategy::Circle {
                    self.move_arrow_past(to, out);
                }
            }
            Found::Full => self.queue_up(joining, considered, at, out),
            Found::Nobody => self.release(joining, Why::NobodyEligible, considered, at, out),
        }
    }

    /// A deadline came: on to the next, or to the whole team at the maximum.
    pub(super) fn deadline_reached(&mut self, conversation: ConversationId, at: Moment, out: &mut Vec<Effect>) {
        let Some(held) = self.held(conversation) else { return };
        let during_outage = self.outage.is_some_and(|outage| outage.from <= at && at < outage.until);
        if held.max_deadline.is_some_and(|max| max <= at) {
            let why = if during_outage { Why::MaximumReachedDuringOutage } else { Why::MaximumReached };
            return self.release(held.joining, why, Vec::new(), at, out);
        }
        let from = held.designee;
        let why = if during_outage { Why::LimitReachedDuringOutage { from } } else { Why::LimitReached { from } };
        let place = self.ring.get(from).map(Member::place);
        self.pass_on(held, place, place.is_some(), why, at, out);
    }

    /// Passes a designation on, walking from `place`; `keeps` is whether whoever has it may go on holding it when nobody
    /// else can take it.
    pub(super) fn pass_on(
        &mut self,
        held: Held,
        place: Option<Place>,
        keeps: bool,
        why: Why,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Held { joining, designee: holder, attempt, max_deadline, .. } = held;
        let tried = self.tried(joining.conversation);
        let (found, mut considered) = self.look(Walk::Hop { place, holder, keeps, tried: &tried }, joining.kind);
        if self.ring.get(holder).is_none() {
            considered.insert(0, Considered { person: holder, verdict: Verdict::LeftTheTeam });
        }
        match found {
            Found::Person(to) if to == holder => self.rearm(held, at, out),
            Found::Person(to) => {
                let offer = Offer { to, attempt: attempt + 1, max_deadline, why, considered };
                self.designate(joining, offer, at, out);
            }
            Found::Full => self.queue_up(joining, considered, at, out),
            Found::Nobody => self.release(joining, Why::NobodyEligible, considered, at, out),
        }
    }

    /// Who had it in this round of this stay.
    fn tried(&self, conversation: ConversationId) -> Vec<PersonId> {
        self.pending.get(&conversation).map(|stay| stay.tried.clone()).unwrap_or_default()
    }

    fn designate(&mut self, joining: Joining, offer: Offer, at: Moment, out: &mut Vec<Effect>) {
        let Joining { conversation, kind } = joining;
        let Offer { to, attempt, max_deadline, why, considered } = offer;
        let mut tried = self.tried(conversation);
        // Everybody else had it: another round begins.
        if tried.contains(&to) {
            tried.clear();
        }
        tried.push(to);
        self.unload(conversation);
        let (deadline, max_deadline) = self.times(at, max_deadline);
        let pending = Pending::Designated { designee: to, since: at, deadline, max_deadline, attempt };
        self.change_load(to, kind, 1);
        let designated = tried.clone();
        out.push(Effect::Designate { conversation, at, to, attempt, deadline, max_deadline, why, considered, tried });
        self.set_timer(conversation, deadline, out);
        self.index(conversation, Some(Stay { kind, pending, tried: designated }));
        self.remember_latest(to, out);
        out.push(Effect::Timeline { conversation, at, fact: Fact::Designated { to, attempt, why } });
    }

    /// The circle has its arrow; the others go by who was designated longest ago.
    fn remember_latest(&mut self, person: PersonId, out: &mut Vec<Effect>) {
        if self.strategy() != Strategy::Circle && self.recent.last() != Some(&person) {
            self.recent.retain(|known| *known != person);
            self.recent.push(person);
            out.push(Effect::Latest(person));
        }
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
        let Held { joining: Joining { conversation, kind }, designee, since, attempt, .. } = held;
        out.push(Effect::Extend { conversation, deadline, max_deadline });
        self.set_timer(conversation, deadline, out);
        let pending = Pending::Designated { designee, since, deadline, max_deadline, attempt };
        let tried = self.tried(conversation);
        self.index(conversation, Some(Stay { kind, pending, tried }));
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

    fn queue_up(&mut self, joining: Joining, considered: Vec<Considered>, at: Moment, out: &mut Vec<Effect>) {
        let Joining { conversation, kind } = joining;
        self.unload(conversation);
        out.push(Effect::Queue { conversation, at, considered });
        self.set_timer(conversation, None, out);
        self.index(conversation, Some(Stay { kind, pending: Pending::Queued { since: at }, tried: Vec::new() }));
        out.push(Effect::Timeline { conversation, at, fact: Fact::Queued });
    }

    pub(super) fn release(
        &mut self,
        joining: Joining,
        why: Why,
        considered: Vec<Considered>,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Joining { conversation, kind } = joining;
        self.unload(conversation);
        out.push(Effect::Release { conversation, at, why, considered });
        self.set_timer(conversation, None, out);
        self.index(conversation, Some(Stay { kind, pending: Pending::Open { since: at }, tried: Vec::new() }));
        out.push(Effect::Timeline { conversation, at, fact: Fact::Released { why } });
    }

    /// A conversation leaves the team's pending ones; tells what kind it was, if it was there.
    pub(super) fn leave(&mut self, conversation: ConversationId, out: &mut Vec<Effect>) -> Option<ChannelKind> {
        self.unload(conversation);
        self.set_timer(conversation, None, out);
        let kind = self.pending.get(&conversation).map(|stay| stay.kind);
        self.index(conversation, None);
        kind
    }

    /// Gives queued conversations to whoever has room, strictly oldest first (decision 1).
    pub(super) fn drain(&mut self, at: Moment, out: &mut Vec<Effect>) {
        while let Some(joining) = self.queue.first().and_then(|(_, conversation)| self.joining(*conversation)) {
            let looked = self.look(Walk::Turn { behind: false }, joining.kind);
            if matches!(looked.0, Found::Full) {
                return;
            }
            self.take_turn(joining, looked, Why::SlotFreed, at, out);
        }
    }

    /// A conversation that is pending here.
    pub(super) fn joining(&self, conversation: ConversationId) -> Option<Joining> {
        self.pending.get(&conversation).map(|stay| Joining { conversation, kind: stay.kind })
    }

    /// The designation of a conversation, if it has one.
    pub(super) fn held(&self, conversation: ConversationId) -> Option<Held> {
        let joining = self.joining(conversation)?;
        match self.pending(conversation)? {
            Pending::Designated { designee, since, deadline, max_deadline, attempt } => {
                Some(Held { joining, designee, since, deadline, max_deadline, attempt })
            }
            Pending::Queued { .. } | Pending::Open { .. } => None,
        }
    }

    /// The designee, if there is one, holds one conversation less.
    fn unload(&mut self, conversation: ConversationId) {
        if let Some(held) = self.held(conversation) {
            self.change_load(held.designee, held.joining.kind, -1);
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
