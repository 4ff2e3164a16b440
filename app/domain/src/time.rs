//! Instants and lengths of business time.
//!
//! *Invariant:* an instant is always given by the caller. Business time (what the demo's clock shifts) and the
//! machine's own time never meet in one value: heartbeats and sessions do not use these types.

use serde::{Deserialize, Serialize};

/// An instant of business time: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl Moment {
    /// From whole seconds since the Unix epoch, the unit of Meta's timestamps.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }

    /// The whole second it lies in: the provider's stamps know no finer.
    #[must_use]
    pub const fn floor_to_second(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }

    /// How long it is from `earlier` to `self`; negative when `earlier` lies later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Span {
    /// Whole seconds.
    #[must_use]
    pub const fn seconds(n: i64) -> Self {
        Self(n * 1000)
    }
    /// Whole minutes.
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self(n * 60_000)
    }
    /// Whole hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self(n * 3_600_000)
    }
    /// Days of exactly 24 hours: windows count hours, never calendar days.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self::hours(n * 24)
    }
}

impl std::ops::Add<Span> for Moment {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl std::ops::Sub<Span> for Moment {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0 - span.0)
    }
}
