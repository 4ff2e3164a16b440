//! Messages and timeline facts: the lines of a conversation.

use serde::{Deserialize, Serialize};

use crate::ids::{ConversationId, MessageId, PersonId, TeamId};
use crate::time::Moment;

/// One line of a conversation. Lines are ordered by (`at`, `order`, `id`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub conversation: ConversationId,
    /// The sender's own time for customers' messages, the server's for ours.
    pub at: Moment,
    /// Breaks ties of one instant: the position in Meta's body, then arrival (decision 24).
    pub order: u32,
    pub content: Content,
}

/// What a line is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Content {
    /// A customer wrote.
    Inbound { body: Body },
    /// Somebody of the account wrote.
    Outbound { author: PersonId, body: Body, delivery: Delivery },
    /// Something happened to the conversation.
    Fact(Fact),
    /// Somebody of the account wrote for those who see the conversation; it never reaches the customer (decision 16).
    Note {
        author: PersonId,
        text: String,
        /// Whom it calls; a note that calls the responsible is a whisper.
        mentions: Vec<PersonId>,
    },
}

/// What was said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Body {
    Text(String),
    /// Anything not rendered yet; the raw event is kept on the server.
    Placeholder {
        kind: Kind,
        /// Caption, title of a tapped button, file name or place name; untrusted text.
        caption: Option<String>,
    },
}

/// The kinds of message Meta sends (meta.md 3.5); append only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Kind {
    Text,
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
    Location,
    Contacts,
    /// An answer to buttons, a list or a flow.
    Interactive,
    /// A tapped quick reply of a template.
    Button,
    Reaction,
    Order,
    System,
    Edit,
    Revoke,
    /// Known to be unsupported by Meta, or unknown to this version.
    Unsupported,
    /// A template we sent.
    Template,
}

/// What became of an outgoing message; rank order is in `crate::life`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Delivery {
    /// Waits for the customer's answer because the window is closed (WIN-07).
    Waiting,
    /// Taken by our server, not yet handed to the provider.
    Queued,
    /// The provider answered with an id.
    Accepted,
    Sent,
    Delivered,
    Read,
    /// Refused for good; the code is Meta's and is turned into words by the catalogue.
    Failed {
        code: u32,
    },
    /// The connection died after the request left: it may or may not have been sent; never resent blindly.
    Unknown,
    Cancelled(Cancelled),
}

/// Why an outgoing message will never leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Cancelled {
    ByAuthor,
    ByConclusion,
    /// Seven days passed without an answer (decision 21).
    Expired,
}

/// A timeline fact. Each designation, hop and release carries its [`Why`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Fact {
    /// The conversation began; the channel's name is kept as it was then (CHR-08).
    Received {
        channel_name: String,
    },
    Designated {
        to: PersonId,
        attempt: u32,
        why: Why,
    },
    Released {
        why: Why,
    },
    Queued,
    Started {
        by: PersonId,
    },
    TransferredToTeam {
        by: PersonId,
        from: TeamId,
        to: TeamId,
        /// None where somebody passed it on; `by` ended what it was with otherwise.
        #[serde(default)]
        because: Option<Ended>,
    },
    TransferredToPerson {
        by: PersonId,
        to: PersonId,
        team: TeamId,
        /// As above.
        #[serde(default)]
        because: Option<Ended>,
    },
    Concluded {
        by: Option<PersonId>,
    },
    Restarted {
        by: PersonId,
    },
    /// A customer's message within 12 hours brought it back.
    Returned {
        to: PersonId,
    },
    /// Told once each time outside business hours.
    AutoReplied,
    /// A customer's message within 12 hours brought it back, and whoever was responsible, if anybody was, cannot take
    /// it: it goes to the team like a new one (decision 7).
    ReturnedToTeam {
        from: Option<PersonId>,
    },
}

/// What an administrator ended, so that a conversation had to go elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ended {
    /// The team was deleted.
    Team(TeamId),
    /// The responsible left the team, was blocked or deleted.
    Attendance(PersonId),
}

/// Why a conversation was designated, passed on or released; data, so that every screen says it in its own words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Why {
    /// The arrow of the ring pointed at them.
    TheirTurn,
    /// The person before did not start within the limit.
    LimitReached { from: PersonId },
    /// As above, but the instant fell in an outage of ours; it does not count against `from` (decision 9).
    LimitReachedDuringOutage { from: PersonId },
    /// The maximum was reached: the whole team is offered it.
    MaximumReached,
    /// Nobody could be designated.
    NobodyEligible,
    /// The team does not distribute.
    DistributionOff,
    /// The designee left the team, was blocked or deleted.
    DesigneeLeft { from: PersonId },
    /// The designee became unavailable and overflow is off.
    DesigneeUnavailable { from: PersonId },
    /// The contact's preferred attendant (decision 6).
    Preferred,
    /// A slot became free for a queued conversation.
    SlotFreed,
    /// They were designated longest ago.
    LeastRecent,
    /// They held least.
    LeastLoaded,
    /// As [`Why::MaximumReached`], but the instant fell in an outage of ours: nobody could start it (decision 9).
    MaximumReachedDuringOutage,
}
