//! Business hours (product.md 22): when the account is open, and arithmetic in open time only (OVF-10).
//!
//! *Invariant:* open time is a sequence of half-open, ascending, disjoint intervals of instants. Adding open time is
//! monotone and additive and always gives an instant at which the account is open. The zone comes from the caller,
//! so this crate carries no time-zone database.
//!
//! Where clocks jump: a local time that does not exist stands for the instant of the jump, one that happens twice for
//! its first occurrence. So the intervals stay in order, and a period that lies within a jump is empty.

mod history;
mod hours;

pub use history::History;
pub use hours::{Day, Hours, HoursFault, NotADay, Period, Which, weekday};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::time::{Moment, Span};

/// Business hours in a zone, or always open where none are configured.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Calendar(Option<Open>);

#[derive(Clone, PartialEq, Debug)]
struct Open {
    hours: Hours,
    zone: TimeZone,
}

impl Calendar {
    /// No hours configured: open at every instant.
    #[must_use]
    pub const fn always() -> Self {
        Self(None)
    }

    /// Hours of the week and their exceptions, in the account's zone.
    ///
    /// # Errors
    /// [`HoursFault`] names the first day that makes no sense.
    pub fn new(hours: Hours, zone: TimeZone) -> Result<Self, HoursFault> {
        hours.check()?;
        Ok(Self(Some(Open { hours, zone })))
    }

    /// Whether the account is open at this instant; closing times are exclusive.
    #[must_use]
    pub fn is_open(&self, at: Moment) -> bool {
        self.next_opening(at) == at
    }

    /// The first open instant at or after `at`: `at` itself while open. Two closed instants lie in the same closed
    /// period exactly when this gives the same for both.
    #[must_use]
    pub fn next_opening(&self, at: Moment) -> Moment {
        self.add_open_time(at, Span(0))
    }

    /// The first open instant by which `span` of open time has passed since `from`. Where the span ends exactly at
    /// closing time that is the next opening: overflow does not run outside business hours. A negative span counts as
    /// none.
    #[must_use]
    pub fn add_open_time(&self, from: Moment, span: Span) -> Moment {
        let mut remaining = span.max(Span(0));
        let Some(open) = &self.0 else { return from + remaining };
        for (start, end) in open.intervals(from) {
            let start = start.max(from);
            let length = end.since(start);
            if remaining < length {
                return start + remaining;
            }
            remaining = Span(remaining.0 - length.0);
        }
        // Only the end of the calendar itself, in the year 9999, is left.
        Moment(Timestamp::MAX.as_millisecond())
    }

    /// When the account is open between two instants, in order; `until` is exclusive.
    #[must_use]
    pub fn open_between(&self, from: Moment, until: Moment) -> Vec<(Moment, Moment)> {
        if until <= from {
            return Vec::new();
        }
        let Some(open) = &self.0 else { return vec![(from, until)] };
        let inside = open.intervals(from).take_while(|(start, _)| *start < until);
        inside.map(|(start, end)| (start.max(from), end.min(until))).collect()
    }

    /// How much open time lies between two instants; none when `until` is not after `from`.
    #[must_use]
    pub fn open_time_between(&self, from: Moment, until: Moment) -> Span {
        Span(self.open_between(from, until).into_iter().map(|(start, end)| end.since(start).0).sum())
    }
}

impl Open {
    /// Open intervals that end after `at`, ascending.
    fn intervals(&self, at: Moment) -> impl Iterator<Item = (Moment, Moment)> {
        // Days are in order and so are their intervals: none of yesterday's ends after today has begun.
        let today = self.zone.to_datetime(timestamp(at)).date();
        let days = std::iter::successors(Some(today), |date| date.tomorrow().ok());
        days.flat_map(|date| self.hours.on(date).iter().map(move |period| (date, *period)))
            .map(|(date, period)| (self.instant(date, period.from), self.instant(date, period.until)))
            .filter(move |(start, end)| start < end && *end > at)
    }

    /// The instant of a local time, `minute` minutes after midnight; 1,440 is the midnight that ends the day.
    fn instant(&self, date: Date, minute: u16) -> Moment {
        let (date, minute) = if minute >= Period::DAY { (date.tomorrow().unwrap_or(date), 0) } else { (date, minute) };
        let local = date.to_datetime(local_time(minute));
        let offset = match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => offset,
            AmbiguousOffset::Gap { after, .. } => {
                let before_jump = after.to_timestamp(local).unwrap_or(Timestamp::MAX);
                let jump = self.zone.following(before_jump).next().map(|transition| transition.timestamp());
                return Moment(jump.unwrap_or(before_jump).as_millisecond());
            }
        };
        Moment(offset.to_timestamp(local).unwrap_or(Timestamp::MAX).as_millisecond())
    }
}

/// `minute` is below 1,440, so the fallback is never taken.
fn local_time(minute: u16) -> Time {
    let hour = i8::try_from(minute / 60).unwrap_or_default();
    let minute = i8::try_from(minute % 60).unwrap_or_default();
    Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight())
}

/// Instants beyond what the calendar knows are its ends.
fn timestamp(at: Moment) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or(if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
}
