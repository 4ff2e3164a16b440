//! A conversation: one service session with a contact on a channel, and the state it is in (product.md 11).
//!
//! *Invariant:* the state is one enum, so that a pending conversation with a responsible, or a designation on a
//! finished one, cannot be written down.

use serde::{Deserialize, Serialize};

use crate::contact::ContactCard;
use crate::ids::{ChannelId, ConversationId, PersonId, TeamId};
use crate::message::Delivery;
use crate::time::Moment;

/// The head of a conversation: everything the list and the header show. Messages are apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conversation {
    pub id: ConversationId,
    pub channel: ChannelId,
    pub contact: ContactCard,
    /// Every conversation belongs to exactly one team at any time.
    pub team: TeamId,
    pub state: State,
    pub created_at: Moment,
    /// When it came to the queue in which it waits, or waited last; hops leave it as it is.
    pub enqueued_at: Option<Moment>,
    /// Instant of the newest message of either side.
    pub last_at: Moment,
    pub last_line: Option<LastLine>,
    /// Customer's messages since the responsible last looked.
    pub unread: u32,
    pub window: Window,
    /// Texts that wait for the customer's answer (WIN-07).
    pub waiting: u32,
    /// Set by a transfer to a person until they open it (decision 8).
    pub received_from: Option<PersonId>,
    /// Whom notes called and who has not looked since, one a person.
    pub mentions: Vec<Mention>,
}

/// A person whom a note called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mention {
    pub of: PersonId,
    /// Who wrote the newest note that did.
    pub by: PersonId,
}

/// Where a conversation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum State {
    Pending(Pending),
    InProgress { responsible: PersonId, since: Moment },
    Finished(Finished),
}

/// A pending conversation is exactly one of these (decision 1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Pending {
    /// Everyone eligible is full; exists only where a capacity is set.
    Queued { since: Moment },
    /// Offered to one person.
    Designated {
        designee: PersonId,
        since: Moment,
        /// When it passes on; `None` without overflow.
        deadline: Option<Moment>,
        /// When the whole team is offered it; `None` without overflow.
        max_deadline: Option<Moment>,
        /// 1 for the first person of this stay, one more with every hop.
        attempt: u32,
    },
    /// Offered to the whole team; never designated again in this stay.
    Open { since: Moment },
}

/// How a conversation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finished {
    pub at: Moment,
    /// Who concluded it; `None` for an automatic conclusion.
    pub by: Option<PersonId>,
    /// Who was responsible; `None` when it was concluded without being started.
    pub responsible: Option<PersonId>,
    pub archive: Archive,
}

/// Whether an answer soon after brings the conversation back (decision 7).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Archive {
    /// A customer's message before conclusion + 12 h reopens it.
    InTwelveHours,
    /// Any answer begins a new conversation.
    Immediately,
}

/// What the list shows under the name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LastLine {
    pub at: Moment,
    pub side: Side,
    /// At most 120 characters of text; empty for a placeholder, whose kind then tells what to show.
    pub text: String,
    pub kind: crate::message::Kind,
    /// Of an outgoing message.
    pub delivery: Option<Delivery>,
}

/// Who spoke.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Side {
    Customer,
    Desk,
}

/// The messaging window as stored (WIN-01 to WIN-07, decisions 18 to 21); `crate::window` reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Window {
    /// Instant of the newest counted inbound message; the computed end follows from it and the channel's kind alone.
    pub last_counted: Option<Moment>,
    /// When the provider refused a free text although the window was computed open; cleared by the next counted inbound.
    pub refused_at: Option<Moment>,
}
