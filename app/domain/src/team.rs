//! Teams, who belongs to them and how they hand out conversations (product.md 5 to 8).

use serde::{Deserialize, Serialize};

use crate::channel::ChannelKind;
use crate::ids::{PersonId, TeamId, TeamNumber};
use crate::time::Span;

/// A team of the account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Team {
    pub id: TeamId,
    pub number: TeamNumber,
    pub name: String,
    /// Exactly one team of an account receives conversations whose team is unknown.
    pub is_default: bool,
    pub level: Level,
    pub distribution: Distribution,
    /// Deletion is logical: its history keeps name, level and last members (TEAM-06, decision 15).
    pub deleted: bool,
}

/// Who sees a conversation of the team after it starts (ACC-01 to ACC-03).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Level {
    /// "Todos": members while in progress, everybody of the account once finished.
    Everyone,
    /// "Equipe": members, in progress and finished.
    Team,
    /// "Atendente": the responsible, supervisors and administrators.
    Attendant,
}

/// Whether new conversations are handed to one person at a time (OVF-03).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Distribution {
    Off,
    On {
        overflow: Overflow,
        /// What a person may hold at once, in conversations weighed by `weights`; `None` means no limit, and then
        /// nothing is ever queued (decision 1).
        capacity: Option<u32>,
        /// Who comes next.
        strategy: Strategy,
        /// How much a conversation of each kind of channel counts toward the load.
        weights: Weights,
    },
}

/// Who of the eligible people comes next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Strategy {
    /// Everybody in turn, in the order in which they were created (OVF-03).
    #[default]
    Circle,
    /// Whoever this team designated longest ago; among those it never designated, the first of the ring.
    LeastRecent,
    /// Whoever holds least; among equals whoever was designated longest ago.
    LeastLoaded,
}

/// How much a conversation of each kind of channel counts toward what a person holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Weights {
    pub whatsapp: u8,
    pub instagram: u8,
    pub messenger: u8,
}

impl Default for Weights {
    fn default() -> Self {
        Self::ONE
    }
}

impl Weights {
    /// Every conversation counts as one.
    pub const ONE: Self = Self { whatsapp: 1, instagram: 1, messenger: 1 };

    /// What a conversation on a channel of this kind counts.
    #[must_use]
    pub const fn of(&self, kind: ChannelKind) -> u32 {
        let weight = match kind {
            ChannelKind::WhatsApp => self.whatsapp,
            ChannelKind::Instagram => self.instagram,
            ChannelKind::Messenger => self.messenger,
        };
        weight as u32
    }
}

impl Distribution {
    /// In a circle, every conversation counting as one.
    #[must_use]
    pub const fn circle(overflow: Overflow, capacity: Option<u32>) -> Self {
        Self::On { overflow, capacity, strategy: Strategy::Circle, weights: Weights::ONE }
    }
}

/// Whether a designation expires (OVF-06 to OVF-08). Both lengths count business hours only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Overflow {
    Off,
    On {
        /// Time each designee has to start.
        limit: Span,
        /// Time after which the whole team is offered the conversation.
        maximum: Span,
    },
}

/// What one person is in one team; a person with neither flag is no member (SUP-05).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Membership {
    pub team: TeamId,
    pub person: PersonId,
    /// "Usuário": attends, hears, is in the ring.
    pub attends: bool,
    /// "Supervisor": sees and acts on everything of the team, hears nothing.
    pub supervises: bool,
}
