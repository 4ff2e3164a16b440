//! The team changes: availability, members, settings, business hours (decisions 3 and 4).

use crate::calendar::Calendar;
use crate::distribution::assign::Held;
use crate::distribution::engine::{Config, Engine};
use crate::distribution::event::Effect;
use crate::distribution::ring::Member;
use crate::ids::PersonId;
use crate::message::Why;
use crate::person::Availability;
use crate::team::{Distribution, Overflow};
use crate::time::Moment;

impl Engine {
    /// Unavailable with overflow on: what they hold stays with them until its deadline; with overflow off nothing else
    /// would ever move it, so it moves at once.
    pub(super) fn availability(
        &mut self,
        person: PersonId,
        availability: Availability,
        at: Moment,
        out: &mut Vec<Effect>,
    ) {
        if let Some(member) = self.ring.get_mut(person) {
            member.availability = availability;
        }
        self.move_stranded(at, out);
    }

    pub(super) fn member_added(&mut self, member: Member, at: Moment, out: &mut Vec<Effect>) {
        if self.ring.get(member.person).is_some() {
            self.availability(member.person, member.availability, at, out);
        } else {
            self.ring.insert(member);
        }
    }

    /// What they held goes on at once, walking from their place, with the same total maximum; the arrow, if it pointed
    /// at them, moves to the next.
    pub(super) fn member_removed(&mut self, person: PersonId, at: Moment, out: &mut Vec<Effect>) {
        let Some(member) = self.ring.remove(person) else { return };
        let place = member.place();
        if self.arrow == Some(person) {
            let next = self.ring.after(place).next().map(|member| member.person);
            self.set_arrow(next, out);
        }
        for held in self.designations() {
            if held.designee == person {
                self.pass_on(held, Some(place), false, Why::DesigneeLeft { from: person }, at, out);
            }
        }
    }

    pub(super) fn config_changed(&mut self, config: Config, at: Moment, out: &mut Vec<Effect>) {
        let before = std::mem::replace(&mut self.config, config);
        match self.config.distribution {
            Distribution::Off => self.open_all(at, out),
            Distribution::On { overflow: Overflow::Off, .. } => {
                for held in self.designations() {
                    if held.max_deadline.is_some() {
                        self.extend(held, None, None, out);
                    }
                }
                self.move_stranded(at, out);
            }
            Distribution::On { overflow: Overflow::On { .. }, .. } => self.retime(&before.calendar, at, out),
        }
    }

    /// Arms what has no deadline from this instant; where the calendar changed, moves the others by the open time that
    /// they had left. New limits touch neither.
    fn retime(&mut self, before: &Calendar, at: Moment, out: &mut Vec<Effect>) {
        let moved = *before != self.config.calendar;
        for held in self.designations() {
            let (Some(deadline), Some(max_deadline)) = (held.deadline, held.max_deadline) else {
                let (deadline, max_deadline) = self.times(at, None);
                self.extend(held, deadline, max_deadline, out);
                continue;
            };
            if moved {
                let calendar = &self.config.calendar;
                let again = |due| calendar.add_open_time(at, before.open_time_between(at, due));
                let (deadline, max_deadline) = (again(deadline), again(max_deadline));
                self.extend(held, Some(deadline.min(max_deadline)), Some(max_deadline), out);
            }
        }
    }

    /// Distribution was switched off: the team takes what it likes.
    fn open_all(&mut self, at: Moment, out: &mut Vec<Effect>) {
        let queued = self.queue.iter().copied();
        let mut all: Vec<_> =
            self.designations().iter().map(|held| (held.since, held.joining.conversation)).chain(queued).collect();
        all.sort_unstable();
        for joining in all.into_iter().filter_map(|(_, conversation)| self.joining(conversation)).collect::<Vec<_>>() {
            self.release(joining, Why::DistributionOff, Vec::new(), at, out);
        }
    }

    /// Without overflow, moves what is held by people who became unavailable.
    fn move_stranded(&mut self, at: Moment, out: &mut Vec<Effect>) {
        if !matches!(self.config.distribution, Distribution::On { overflow: Overflow::Off, .. }) {
            return;
        }
        for held in self.designations() {
            let from = held.designee;
            let unavailable = self.ring.get(from).filter(|member| !member.is_available()).map(Member::place);
            if let Some(place) = unavailable {
                self.pass_on(held, Some(place), false, Why::DesigneeUnavailable { from }, at, out);
            }
        }
    }

    /// Every designation of the team, oldest first.
    fn designations(&self) -> Vec<Held> {
        let mut all: Vec<Held> = self.pending.keys().filter_map(|conversation| self.held(*conversation)).collect();
        all.sort_unstable_by_key(|held| (held.since, held.joining.conversation));
        all
    }
}
