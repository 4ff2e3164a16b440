//! A person as the rules see them: what they are, where they belong, what they see and hear.

use serde::{Deserialize, Serialize};

use crate::access::atom::{Atom, atoms, audience, meets};
use crate::conversation::{Conversation, Pending, State};
use crate::ids::{PersonId, PersonNumber, TeamId, TeamNumber};
use crate::person::{Person, PersonStatus, Profile};
use crate::team::{Membership, Team};

/// Somebody who looks or acts, built from reference rows by [`Actor::new`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    pub person: PersonId,
    pub number: PersonNumber,
    pub profile: Profile,
    pub status: PersonStatus,
    /// Their own memberships only, in team order.
    pub memberships: Vec<Membership>,
    teams: Vec<(TeamId, TeamNumber)>,
    atoms: Vec<Atom>,
}

impl Actor {
    /// From the reference rows of the account; `memberships` and `teams` may be all of them.
    #[must_use]
    pub fn new(person: &Person, memberships: &[Membership], teams: &[Team]) -> Self {
        let mut own: Vec<Membership> = memberships.iter().copied().filter(|m| m.person == person.id).collect();
        own.sort_unstable_by_key(|m| m.team);
        let mut numbers: Vec<_> = teams.iter().map(|team| (team.id, team.number)).collect();
        numbers.sort_unstable();
        Self {
            person: person.id,
            number: person.number,
            profile: person.profile,
            status: person.status,
            atoms: atoms(person, &own, teams),
            memberships: own,
            teams: numbers,
        }
    }

    /// The atoms they hold; see [`atoms`].
    #[must_use]
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Whether they see the conversation: the intersection of its audience with their atoms, nothing else.
    #[must_use]
    pub fn sees(&self, conversation: &Conversation) -> bool {
        let Ok(at) = self.teams.binary_search_by_key(&conversation.team, |(id, _)| *id) else { return false };
        let own_number = |person| (person == self.person).then_some(self.number);
        meets(&audience(&conversation.state, self.teams[at].1, own_number), &self.atoms)
    }

    /// Whether they may work at all.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == PersonStatus::Active
    }

    /// Whether they are an active administrator.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.is_active() && self.profile == Profile::Administrator
    }

    /// "Usuário" in the team: in the ring whatever the profile, restricted included (decision 5).
    #[must_use]
    pub fn attends(&self, team: TeamId) -> bool {
        self.is_active() && self.memberships.iter().any(|m| m.team == team && m.attends)
    }

    /// "Supervisor" of the team; the restricted profile wins over the association (SUP-04).
    #[must_use]
    pub fn supervises(&self, team: TeamId) -> bool {
        let unrestricted = self.profile != Profile::Restricted;
        self.is_active() && unrestricted && self.memberships.iter().any(|m| m.team == team && m.supervises)
    }

    /// Whether they act on everything of the team: administrators and its supervisors (ACC-02).
    #[must_use]
    pub fn oversees(&self, team: TeamId) -> bool {
        self.is_administrator() || self.supervises(team)
    }
}

/// The queue tab in which a viewer finds a conversation they see; never two at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Tab {
    /// "Novos"
    New,
    /// "Meus"
    Mine,
    /// "Outros"
    Others,
    /// "Concluídos"
    Finished,
}

/// Where a viewer finds a conversation they see. A supervisor who is responsible has it in *Meus*, never also in *Outros*.
#[must_use]
pub fn tab(viewer: PersonId, conversation: &Conversation) -> Tab {
    match conversation.state {
        State::Pending(_) => Tab::New,
        State::InProgress { responsible, .. } if responsible == viewer => Tab::Mine,
        State::InProgress { .. } => Tab::Others,
        State::Finished(_) => Tab::Finished,
    }
}

/// Where a conversation stands in its tab: smaller comes first. *Novos* begins with what is offered to the viewer, whose
/// time runs, and goes on with what has stood as it does the longest; the other tabs begin with the latest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TabOrder {
    /// False comes first.
    for_others: bool,
    at: i64,
}

impl TabOrder {
    /// Of a conversation that the viewer sees.
    #[must_use]
    pub fn of(viewer: PersonId, conversation: &Conversation) -> Self {
        let (for_others, at) = match conversation.state {
            State::Pending(Pending::Designated { designee, since, .. }) => (designee != viewer, since.0),
            State::Pending(Pending::Queued { since } | Pending::Open { since }) => (true, since.0),
            State::InProgress { .. } => (true, -conversation.last_at.0),
            State::Finished(finished) => (true, -finished.at.0),
        };
        Self { for_others, at }
    }
}

/// Whether the conversation, as it is now, makes a sound when it newly appears to this person: its designee; attending
/// members when it is offered to the team; the receiver of a transfer until they open it (decision 8). Those who only
/// supervise never hear, administrators only where they attend (decision 5).
#[must_use]
pub fn hears(actor: &Actor, conversation: &Conversation) -> bool {
    actor.is_active()
        && match conversation.state {
            State::Pending(Pending::Designated { designee, .. }) => designee == actor.person,
            State::Pending(Pending::Queued { .. } | Pending::Open { .. }) => actor.attends(conversation.team),
            State::InProgress { responsible, .. } => {
                responsible == actor.person && conversation.received_from.is_some()
            }
            State::Finished(_) => false,
        }
}
