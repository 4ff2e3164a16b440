//! What becomes of open conversations when a person or a team goes (product.md 8 and 19).

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TeamId};
use crate::organisation::Organisation;
use crate::person::{PersonStatus, Profile};

/// Of the conversations that somebody holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Fate {
    Conclude,
    Transfer(PersonId),
    /// Each to the pending ones of its team, where it takes a turn.
    ReturnToQueue,
}

/// Of the open conversations of a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum TeamFate {
    Conclude,
    MoveTo(TeamId),
}

/// The team in which somebody can take a conversation that is in `team`: that one, else the first they belong to;
/// administrators take any. None when they cannot take it.
#[must_use]
pub fn receiving_team(person: PersonId, team: TeamId, organisation: &Organisation) -> Option<TeamId> {
    let known = organisation.people.get(&person).filter(|known| known.status == PersonStatus::Active)?;
    let lives = |team: &TeamId| organisation.teams.get(team).is_some_and(|team| !team.deleted);
    if lives(&team) && (known.profile == Profile::Administrator || organisation.belongs(person, team)) {
        return Some(team);
    }
    let own = organisation.teams.values().filter(|team| !team.deleted && organisation.belongs(person, team.id));
    own.min_by_key(|team| team.number).map(|team| team.id)
}
