//! Contacts and how an address finds them (meta.md 3.7).
//!
//! *Invariant:* a contact is keyed by identity and never by a phone alone.

mod matching;
mod phone;

pub use matching::{By, Known, Match, match_sender};
pub use phone::{Phone, PhoneFault};

use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, IdentityId, PersonId};

/// What a conversation shows of its contact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactCard {
    pub id: ContactId,
    /// The identity the conversation answers: the one that wrote last (decision 18).
    pub identity: IdentityId,
    pub name: String,
    /// E.164 phone where known, else the provider's opaque id is not shown and this is empty.
    pub phone: String,
    /// Who is designated first when a conversation of the contact joins a team's queue, if they can take it (decision 6).
    pub preferred: Option<PersonId>,
}
