//! Mutations a client may ask for. Each has a number per client and takes effect at most once.
//!
//! *Invariant:* append-only; ids of new things are made by the caller.

use ciranda_domain::ids::{ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::person::Availability;
use serde::{Deserialize, Serialize};

/// One mutation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Call {
    /// "Iniciar": the caller becomes responsible.
    Start {
        conversation: ConversationId,
    },
    /// A free text; waits when the window is closed (WIN-07).
    Send {
        conversation: ConversationId,
        message: MessageId,
        text: String,
    },
    Conclude {
        conversation: ConversationId,
    },
    TransferToTeam {
        conversation: ConversationId,
        team: TeamId,
    },
    TransferToPerson {
        conversation: ConversationId,
        person: PersonId,
        team: TeamId,
    },
    Restart {
        conversation: ConversationId,
    },
    /// The responsible has looked at the conversation: unread becomes 0, the "recebida de" mark goes.
    MarkRead {
        conversation: ConversationId,
    },
    /// The author takes a waiting text back.
    CancelWaiting {
        conversation: ConversationId,
        message: MessageId,
    },
    /// Sends a failed text again, as a new attempt of the same message.
    Retry {
        conversation: ConversationId,
        message: MessageId,
    },
    /// The person's own availability (OVF-11).
    SetAvailability {
        availability: Availability,
    },
    /// Changes nothing and is always accepted: it holds the number of a call that was taken back before the server
    /// confirmed it, since numbers are never given to another call.
    Nothing,
    /// "Assumir": an overseer becomes responsible in place of whoever they saw attending; of anybody in calls kept by an
    /// earlier version.
    TakeOver {
        conversation: ConversationId,
        #[serde(default)]
        from: Option<PersonId>,
    },
    /// An internal note, which calls these people (decision 16).
    AddNote {
        conversation: ConversationId,
        message: MessageId,
        text: String,
        mentions: Vec<PersonId>,
    },
    /// Who of the team the conversation's contact is offered to first from now on; nobody with `None` (decision 6).
    Prefer {
        conversation: ConversationId,
        person: Option<PersonId>,
    },
}

impl Call {
    /// The conversation it acts on.
    #[must_use]
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Start { conversation }
            | Self::Send { conversation, .. }
            | Self::Conclude { conversation }
            | Self::TransferToTeam { conversation, .. }
            | Self::TransferToPerson { conversation, .. }
            | Self::Restart { conversation }
            | Self::MarkRead { conversation }
            | Self::CancelWaiting { conversation, .. }
            | Self::Retry { conversation, .. }
            | Self::TakeOver { conversation, .. }
            | Self::AddNote { conversation, .. }
            | Self::Prefer { conversation, .. } => Some(*conversation),
            Self::SetAvailability { .. } | Self::Nothing => None,
        }
    }
}
