//! The reference rows of one account, gathered: people, teams, memberships.
//!
//! *Invariant:* everything a decision needs beyond the conversation's own head is here, and all of it is replicated to
//! every browser of the account, so both ends decide alike.

use std::collections::BTreeMap;

use crate::access::Actor;
use crate::ids::{PersonId, PersonNumber, TeamId};
use crate::person::{Availability, Person, PersonStatus};
use crate::team::{Membership, Team};

/// People, teams and memberships of an account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Organisation {
    pub people: BTreeMap<PersonId, Person>,
    pub teams: BTreeMap<TeamId, Team>,
    pub memberships: BTreeMap<(TeamId, PersonId), Membership>,
}

impl Organisation {
    /// Gathers rows; a later row of the same id replaces an earlier one.
    pub fn new(
        people: impl IntoIterator<Item = Person>,
        teams: impl IntoIterator<Item = Team>,
        memberships: impl IntoIterator<Item = Membership>,
    ) -> Self {
        Self {
            people: people.into_iter().map(|person| (person.id, person)).collect(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
            memberships: memberships.into_iter().map(|m| ((m.team, m.person), m)).collect(),
        }
    }

    /// The person as somebody who looks or acts; `None` when unknown.
    #[must_use]
    pub fn actor(&self, person: PersonId) -> Option<Actor> {
        let person = self.people.get(&person)?;
        let own: Vec<_> = self.memberships.values().copied().filter(|m| m.person == person.id).collect();
        let teams: Vec<_> = self.teams.values().cloned().collect();
        Some(Actor::new(person, &own, &teams))
    }

    /// The person's small number, as [`crate::access::audience`] wants it.
    #[must_use]
    pub fn number_of(&self, person: PersonId) -> Option<PersonNumber> {
        self.people.get(&person).map(|person| person.number)
    }

    /// Whether the team is there and takes conversations.
    #[must_use]
    pub fn has_team(&self, team: TeamId) -> bool {
        self.teams.get(&team).is_some_and(|team| !team.deleted)
    }

    /// The team that receives conversations whose team is unknown.
    #[must_use]
    pub fn default_team(&self) -> Option<TeamId> {
        self.teams.values().find(|team| team.is_default && !team.deleted).map(|team| team.id)
    }

    /// Whether the person is "Usuário" in the team.
    #[must_use]
    pub fn attends(&self, person: PersonId, team: TeamId) -> bool {
        self.memberships.get(&(team, person)).is_some_and(|m| m.attends)
    }

    /// Whether the person has either flag in the team (SUP-05).
    #[must_use]
    pub fn belongs(&self, person: PersonId, team: TeamId) -> bool {
        self.memberships.get(&(team, person)).is_some_and(|m| m.attends || m.supervises)
    }

    /// Whether the person is active and attends a team, and so may be offered a conversation at all.
    #[must_use]
    pub fn attends_somewhere(&self, person: PersonId) -> bool {
        let active = self.people.get(&person).is_some_and(|found| found.status == PersonStatus::Active);
        active && self.memberships.values().any(|m| m.person == person && m.attends && self.has_team(m.team))
    }

    /// Whether the person can be designated in the team: attends it, is active and available (OVF-02).
    #[must_use]
    pub fn can_be_designated(&self, person: PersonId, team: TeamId) -> bool {
        self.has_team(team)
            && self.attends(person, team)
            && self
                .people
                .get(&person)
                .is_some_and(|p| p.status == PersonStatus::Active && p.availability == Availability::Available)
    }
}
