//! What may be said of a contact's conversations that somebody does not see (`ACC-10`, decision 14).
//!
//! *Invariant:* numbers only, and only where the account says so: never a name, an instant or an id.

use serde::{Deserialize, Serialize};

use super::Actor;
use crate::ids::TeamId;

/// How many conversations of a contact somebody does not see.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Unseen {
    /// In teams in which they are nothing.
    pub elsewhere: u32,
    /// In their own teams, where the team's level keeps them from it.
    pub own_teams: u32,
}

impl Unseen {
    /// Nothing to be said of.
    pub const NONE: Self = Self { elsewhere: 0, own_teams: 0 };

    /// From how many there are in each team.
    #[must_use]
    pub fn count(viewer: &Actor, teams: impl IntoIterator<Item = (TeamId, u32)>) -> Self {
        teams.into_iter().fold(Self::NONE, |mut unseen, (team, number)| {
            let belongs = viewer.memberships.iter().any(|membership| membership.team == team);
            *(if belongs { &mut unseen.own_teams } else { &mut unseen.elsewhere }) += number;
            unseen
        })
    }
}
