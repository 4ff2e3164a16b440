//! People who log in, and what their profile makes of them (product.md 19).

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, PersonNumber};
use crate::time::Moment;

/// A person of the account, as everybody of the account may see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub number: PersonNumber,
    /// The name colleagues see.
    pub name: String,
    pub profile: Profile,
    pub availability: Availability,
    pub status: PersonStatus,
    /// Creation order is the order of the ring (OVF-01).
    pub created_at: Moment,
}

/// What a person may do at all, before any team is considered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Profile {
    Administrator,
    Attendant,
    /// Sees only their own conversations and the undesignated pending ones of their teams (decision 5).
    Restricted,
}

/// Whether new conversations are designated to a person. Global to all teams and not a presence flag (OVF-11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Availability {
    Available,
    Unavailable,
}

/// Whether the person can work at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum PersonStatus {
    Active,
    Blocked,
    /// Deletion is logical: history keeps the name.
    Deleted,
}
