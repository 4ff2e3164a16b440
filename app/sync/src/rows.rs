//! What is replicated: rows, their revisions and their audiences.
//!
//! *Invariant:* rows merge by the higher revision, so any mixture of pages, deltas and duplicates converges. Enums
//! here travel in postcard and are append-only; golden bytes guard them.

pub use ciranda_domain::access::Atom;
use ciranda_domain::calendar::Hours;
use ciranda_domain::channel::Channel;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{AccountId, ChannelId, ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::message::Message;
use ciranda_domain::person::Person;
use ciranda_domain::team::{Membership, Team};
use serde::{Deserialize, Serialize};

/// A number of the account's gapless, commit-ordered sequence; as a row's revision, the change that wrote it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// Changes with every change of a person's rights; pages of an older epoch are discarded (decision 13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// A replicated row. A person's own contact data never travels here; reference rows are everybody's of the account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Row {
    Account(Account),
    Person(Person),
    Team(Team),
    Membership(Membership),
    Channel(Channel),
    /// A conversation's head with its audience, so that a client can retract rows by itself when its rights shrink.
    Conversation {
        head: Box<Conversation>,
        audience: Vec<Atom>,
    },
    /// A line of a conversation; inherits the conversation's audience and goes only to sessions that have it open.
    Message(Message),
}

/// The account as its people see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    /// IANA name of the zone that days and hours are shown in.
    pub zone: String,
    /// Business hours in that zone; `None` where the account is always open.
    pub hours: Option<Box<Hours>>,
}

/// Names a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum RowId {
    Account(AccountId),
    Person(PersonId),
    Team(TeamId),
    Membership(TeamId, PersonId),
    Channel(ChannelId),
    Conversation(ConversationId),
    Message(ConversationId, MessageId),
}

impl Row {
    /// The row's name.
    #[must_use]
    pub fn id(&self) -> RowId {
        match self {
            Self::Account(account) => RowId::Account(account.id),
            Self::Person(person) => RowId::Person(person.id),
            Self::Team(team) => RowId::Team(team.id),
            Self::Membership(membership) => RowId::Membership(membership.team, membership.person),
            Self::Channel(channel) => RowId::Channel(channel.id),
            Self::Conversation { head, .. } => RowId::Conversation(head.id),
            Self::Message(message) => RowId::Message(message.conversation, message.id),
        }
    }
}
