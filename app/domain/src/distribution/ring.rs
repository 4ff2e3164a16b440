//! The ring: attending, active members in creation order, walked in a circle from a place.
//!
//! *Invariant:* members are ascending by (creation, id), so joining and leaving never shift anybody else's turn.

use crate::ids::PersonId;
use crate::person::Availability;
use crate::time::Moment;

/// A member of the ring: "Usuário" in the team and active, whatever the profile (OVF-02, decision 5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    pub person: PersonId,
    /// When the person was created: the order of the ring (OVF-01).
    pub created_at: Moment,
    pub availability: Availability,
}

/// A place of the ring as "Ver ordem" shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat {
    pub person: PersonId,
    /// Unavailable people keep their place, greyed.
    pub availability: Availability,
    /// Conversations held in all teams.
    pub load: u32,
    /// Whether the next new conversation goes to them.
    pub next: bool,
}

/// Where in the circle somebody sits or sat.
pub(super) type Place = (Moment, PersonId);

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Ring(Vec<Member>);

impl Member {
    pub(super) const fn place(&self) -> Place {
        (self.created_at, self.person)
    }

    pub(super) fn is_available(&self) -> bool {
        self.availability == Availability::Available
    }
}

impl Ring {
    pub(super) fn new(mut members: Vec<Member>) -> Self {
        members.sort_unstable_by_key(Member::place);
        members.dedup_by_key(|member| member.person);
        Self(members)
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.0
    }

    pub(super) fn get(&self, person: PersonId) -> Option<&Member> {
        self.0.iter().find(|member| member.person == person)
    }

    pub(super) fn get_mut(&mut self, person: PersonId) -> Option<&mut Member> {
        self.0.iter_mut().find(|member| member.person == person)
    }

    pub(super) fn insert(&mut self, member: Member) {
        let at = self.0.partition_point(|present| present.place() < member.place());
        self.0.insert(at, member);
    }

    pub(super) fn remove(&mut self, person: PersonId) -> Option<Member> {
        let at = self.0.iter().position(|member| member.person == person)?;
        Some(self.0.remove(at))
    }

    /// Once round, beginning with whoever sits first after `place`, whether or not anybody sits there still.
    pub(super) fn after(&self, place: Place) -> impl Iterator<Item = &Member> {
        self.circle(self.0.partition_point(|member| member.place() <= place))
    }

    /// Once round, beginning with `person`; with the first of the ring when they are not in it.
    pub(super) fn from(&self, person: Option<PersonId>) -> impl Iterator<Item = &Member> {
        let start = person.and_then(|person| self.0.iter().position(|member| member.person == person));
        self.circle(start.unwrap_or(0))
    }

    fn circle(&self, start: usize) -> impl Iterator<Item = &Member> {
        let (before, rest) = self.0.split_at(start);
        rest.iter().chain(before)
    }
}
