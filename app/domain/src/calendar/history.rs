//! The calendars that an account has had, for what is told of its past.
//!
//! *Invariant:* every instant belongs to exactly one calendar: the one that was in force then (decision 48).

use super::Calendar;
use crate::time::Moment;

/// The present calendar, and those that it came after.
#[derive(Clone, PartialEq, Debug)]
pub struct History {
    /// Each with the instant at which the next one took its place, ascending.
    replaced: Vec<(Moment, Calendar)>,
    present: Calendar,
}

impl History {
    /// `replaced` holds earlier calendars, each with the instant at which it was replaced, in any order. What was before
    /// the first of them is told by it.
    #[must_use]
    pub fn new(mut replaced: Vec<(Moment, Calendar)>, present: Calendar) -> Self {
        replaced.sort_by_key(|(at, _)| *at);
        Self { replaced, present }
    }

    /// The calendar that was in force at an instant; from the instant of a change on it is the new one.
    #[must_use]
    pub fn at(&self, at: Moment) -> &Calendar {
        let later = self.replaced.partition_point(|(replaced, _)| *replaced <= at);
        self.replaced.get(later).map_or(&self.present, |(_, calendar)| calendar)
    }

    /// When the account was open between two instants, in order, by the hours of the time; `until` is exclusive.
    #[must_use]
    pub fn open_between(&self, from: Moment, until: Moment) -> Vec<(Moment, Moment)> {
        let (mut open, mut from) = (Vec::new(), from);
        for (replaced, calendar) in &self.replaced {
            open.extend(calendar.open_between(from, until.min(*replaced)));
            from = from.max(*replaced);
        }
        open.extend(self.present.open_between(from, until));
        open
    }
}
