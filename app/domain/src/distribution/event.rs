//! What an engine is told, and what it answers.

use serde::{Deserialize, Serialize};

use crate::channel::ChannelKind;
use crate::conversation::Pending;
use crate::distribution::choose::Considered;
use crate::distribution::engine::Config;
use crate::distribution::load::Load;
use crate::distribution::ring::Member;
use crate::ids::{ConversationId, PersonId};
use crate::message::{Fact, Why};
use crate::person::Availability;
use crate::time::Moment;

/// Something that happened to the team or to one of its conversations.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// A conversation joined the team's pending ones and takes a turn of the arrow (decision 2). `prefer` is the
    /// contact's preferred attendant, tried first and without a turn (decision 6). Ignored when already pending here.
    Enqueued { conversation: ConversationId, kind: ChannelKind, prefer: Option<PersonId> },
    /// A pending conversation is held by `by` now: started, or handed to them. Ignored when not pending here.
    Started { conversation: ConversationId, by: PersonId },
    /// A pending conversation left without a holder: concluded, or transferred to another team. Ignored when not
    /// pending here.
    Left { conversation: ConversationId },
    /// A member's availability; it never moves the arrow.
    Availability { person: PersonId, availability: Availability },
    /// An active person became "Usuário" of the team, or an attending one became active again.
    MemberAdded(Member),
    /// An attending person left the team, or was blocked or deleted.
    MemberRemoved(PersonId),
    /// Distribution, overflow, capacity or business hours changed (decision 4).
    ConfigChanged(Box<Config>),
    /// What a person holds in all teams, counted after whatever changed it (decision 1).
    LoadChanged { person: PersonId, load: Load },
}

/// Where a conversation was put, why, and who was considered for it: what "why did this come to me?" is answered from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    pub at: Moment,
    pub placed: Placed,
    /// Everybody of the ring, in the order in which they were asked; nobody where nobody had to be.
    pub considered: Vec<Considered>,
}

/// Where a decision put a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Placed {
    Designated { to: PersonId, attempt: u32, why: Why },
    Queued,
    Released { why: Why },
}

/// One thing to write down. Instants are those at which it happened, which a late timer does not change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// The conversation is offered to `to` alone.
    Designate {
        conversation: ConversationId,
        at: Moment,
        to: PersonId,
        attempt: u32,
        deadline: Option<Moment>,
        max_deadline: Option<Moment>,
        why: Why,
        /// Everybody of the ring, in the order in which they were asked.
        considered: Vec<Considered>,
        /// Who had it in this round of this stay, `to` included.
        tried: Vec<PersonId>,
    },
    /// The designee stays; the times change: re-armed when nobody else is eligible, or after a change of settings.
    Extend { conversation: ConversationId, deadline: Option<Moment>, max_deadline: Option<Moment> },
    /// Everyone eligible is full.
    Queue { conversation: ConversationId, at: Moment, considered: Vec<Considered> },
    /// The conversation is offered to the whole team. Nobody is considered at the maximum or without distribution.
    Release { conversation: ConversationId, at: Moment, why: Why, considered: Vec<Considered> },
    /// The conversation's timer is to fire at this instant; replaces an earlier one.
    Arm { conversation: ConversationId, at: Moment },
    /// The conversation has no timer any more.
    Disarm { conversation: ConversationId },
    /// The team's arrow points at this person now; `None` when the ring is empty.
    MoveArrow(Option<PersonId>),
    /// Of all people the team designated this one last: they go to the end of that list.
    Latest(PersonId),
    /// A line for the conversation's timeline.
    Timeline { conversation: ConversationId, at: Moment, fact: Fact },
}

impl Effect {
    /// The conversation it is about; `None` for the arrow and the order of designations.
    #[must_use]
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Designate { conversation, .. }
            | Self::Extend { conversation, .. }
            | Self::Queue { conversation, .. }
            | Self::Release { conversation, .. }
            | Self::Arm { conversation, .. }
            | Self::Disarm { conversation }
            | Self::Timeline { conversation, .. } => Some(*conversation),
            Self::MoveArrow(_) | Self::Latest(_) => None,
        }
    }

    /// The state of its conversation after it, given the one before; unchanged by effects that are not about the state.
    #[must_use]
    pub fn apply(&self, before: Pending) -> Pending {
        match (self, before) {
            (&Self::Designate { at, to, attempt, deadline, max_deadline, .. }, _) => {
                Pending::Designated { designee: to, since: at, deadline, max_deadline, attempt }
            }
            (&Self::Extend { deadline, max_deadline, .. }, Pending::Designated { designee, since, attempt, .. }) => {
                Pending::Designated { designee, since, deadline, max_deadline, attempt }
            }
            (&Self::Queue { at, .. }, _) => Pending::Queued { since: at },
            (&Self::Release { at, .. }, _) => Pending::Open { since: at },
            (
                Self::Extend { .. }
                | Self::Arm { .. }
                | Self::Disarm { .. }
                | Self::MoveArrow(_)
                | Self::Latest(_)
                | Self::Timeline { .. },
                _,
            ) => before,
        }
    }

    /// What is kept of it for whoever asks later why it went that way; nothing of what only follows from it.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        let (at, placed, considered) = match self {
            &Self::Designate { at, to, attempt, why, ref considered, .. } => {
                (at, Placed::Designated { to, attempt, why }, considered)
            }
            Self::Queue { at, considered, .. } => (*at, Placed::Queued, considered),
            Self::Release { at, why, considered, .. } => (*at, Placed::Released { why: *why }, considered),
            Self::Extend { .. }
            | Self::Arm { .. }
            | Self::Disarm { .. }
            | Self::MoveArrow(_)
            | Self::Latest(_)
            | Self::Timeline { .. } => return None,
        };
        Some(Decision { at, placed, considered: considered.clone() })
    }

    /// Who had its conversation in this round, where the effect changes that.
    #[must_use]
    pub fn tried(&self) -> Option<&[PersonId]> {
        match self {
            Self::Designate { tried, .. } => Some(tried),
            Self::Queue { .. } | Self::Release { .. } => Some(&[]),
            Self::Extend { .. }
            | Self::Arm { .. }
            | Self::Disarm { .. }
            | Self::MoveArrow(_)
            | Self::Latest(_)
            | Self::Timeline { .. } => None,
        }
    }
}
