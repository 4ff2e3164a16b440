//! Reports: what is measured of conversations, how each figure is defined, and the arithmetic of medians.
//!
//! *Invariant:* a [`Definition`] is the only place that says what a metric counts. The printed definition (`app/text`)
//! and the query's choice of facts (`server`) are both read from it. A figure is made of facts, one a row, so that
//! every number can show its rows; what has not ended yet is counted beside, never dropped.
//!
//! Read in this order: [`fact`] (the rows), [`track`] (how they follow from a timeline), [`metric`], [`rank`],
//! [`occupancy`].

pub mod fact;
pub mod metric;
pub mod occupancy;
pub mod query;
pub mod rank;
pub mod track;

pub use fact::{Changes, Fact, FactKind};
pub use metric::{Begins, Belongs, Cut, Definition, Ends, Leaves, Measure, Metric};
pub use occupancy::{Occupied, Stretch};
pub use query::{By, DayNumber, Fault, Hours, Period};
pub use rank::{AGES, Age, age, nearest};
pub use track::{Ground, Track};
