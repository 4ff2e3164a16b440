//! Medians, ninetieth percentiles and ages.
//!
//! *Invariant:* a percentile is a value that was measured: the nearest rank, the smallest one that at least so many of
//! a hundred do not exceed. Nothing is interpolated or estimated.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// The `percent`-th percentile of values in any order, by nearest rank; none of no values. They are put in an order that
/// has it at its place, which costs as many steps as there are values.
#[must_use]
pub fn nearest(values: &mut [Span], percent: u8) -> Option<Span> {
    let rank = (values.len() * usize::from(percent.min(100))).div_ceil(100).max(1);
    (rank <= values.len()).then(|| *values.select_nth_unstable(rank - 1).1)
}

/// How old something is, in the steps of the backlog.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Age {
    UnderAnHour,
    UnderFourHours,
    UnderEightHours,
    UnderADay,
    UnderThreeDays,
    Older,
}

/// Each age beside the length that it stays below; the last has none.
pub const AGES: [(Age, Option<Span>); 6] = [
    (Age::UnderAnHour, Some(Span::hours(1))),
    (Age::UnderFourHours, Some(Span::hours(4))),
    (Age::UnderEightHours, Some(Span::hours(8))),
    (Age::UnderADay, Some(Span::hours(24))),
    (Age::UnderThreeDays, Some(Span::days(3))),
    (Age::Older, None),
];

/// The step of the backlog in which something that old stands.
#[must_use]
pub fn age(length: Span) -> Age {
    let found = AGES.iter().find(|(_, below)| below.is_none_or(|below| length < below));
    found.map_or(Age::Older, |(age, _)| *age)
}
