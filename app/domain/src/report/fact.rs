//! Facts: one thing that was measured of one conversation.
//!
//! *Invariant:* a fact is finished. What is still running is not a fact yet: it is read from where the conversation
//! stands, so that a figure never waits for a row to be corrected.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TeamId};
use crate::time::{Moment, Span};

/// What a fact says; stored as small numbers, append only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum FactKind {
    /// A customer began a conversation; the person is the first who took charge of it.
    Arrival,
    /// The first burst of the customer's messages and its answer.
    FirstResponse,
    /// A later burst and its answer.
    NextResponse,
    /// A stay among the pending ones.
    Wait,
    /// A person was responsible for a while.
    Handle,
    /// From arrival to the last conclusion.
    Resolution,
    /// The customer's message within 12 hours of the conclusion brought it back.
    Reopening,
    /// Somebody passed it on.
    Transfer,
    /// It was offered to one person.
    Offer,
    /// That person did not start it in time.
    Overflow,
    /// The 24 hours ended with the customer unanswered.
    WindowLost,
    Conclusion,
}

impl FactKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 12] = [
        Self::Arrival,
        Self::FirstResponse,
        Self::NextResponse,
        Self::Wait,
        Self::Handle,
        Self::Resolution,
        Self::Reopening,
        Self::Transfer,
        Self::Offer,
        Self::Overflow,
        Self::WindowLost,
        Self::Conclusion,
    ];
}

/// One row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fact {
    pub kind: FactKind,
    /// Its number within the conversation.
    pub no: u32,
    /// When it happened, or began. Periods count facts by this instant, so that a slow case belongs to the day on which
    /// the customer began to wait.
    pub at: Moment,
    /// When it ended; `None` for an instant, and for what was cut short before it could end.
    pub until: Option<Moment>,
    /// How much of the time between was business time, by the calendar in force when it ended.
    pub business: Option<Span>,
    pub team: TeamId,
    pub person: Option<PersonId>,
}

impl Fact {
    /// How long it took on the clock.
    #[must_use]
    pub fn length(&self) -> Option<Span> {
        self.until.map(|until| until.since(self.at))
    }
}

/// What a step changes: rows that are no longer so, and rows that are new or replace one of the same number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    pub gone: Vec<Fact>,
    pub new: Vec<Fact>,
}

impl Changes {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }
}
