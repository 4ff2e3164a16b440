//! Ids, one type for each kind of thing, so that no two can be confused.
//!
//! *Invariant:* an id is a UUIDv7 made by whoever creates the thing, the browser included; this module only carries
//! them and never makes one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A tenant: one company with its people, teams, channels and conversations.
    AccountId,
    /// Somebody who logs in: administrator, attendant or restricted attendant.
    PersonId,
    /// A group of people that conversations are routed to.
    TeamId,
    /// One WhatsApp number, Instagram profile or Messenger page.
    ChannelId,
    /// A customer.
    ContactId,
    /// One address of a customer on one product: a phone, a BSUID, an IGSID or a PSID.
    IdentityId,
    /// One service session with a contact on a channel.
    ConversationId,
    /// One line of a conversation: a message of either side or a timeline fact.
    MessageId,
    /// One tab of one browser; mutations are numbered per client.
    ClientId,
}

/// A person's small number within the account, used in audiences (decision 12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonNumber(pub u32);

/// A team's small number within the account, used in audiences (decision 12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamNumber(pub u32);
