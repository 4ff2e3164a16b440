//! What may be asked of a report.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::Moment;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Most days that one report spans: two years with a leap day.
pub const MOST_DAYS: i32 = 731;

/// A day of the account's calendar, as days are stored: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayNumber(pub i32);

/// Whole days in the account's zone, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Period {
    pub from: DayNumber,
    pub to: DayNumber,
}

/// What the rows of a report are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum By {
    /// One row for all.
    #[default]
    None,
    Day,
    Team,
    Person,
    Channel,
}

/// Whose hours a length is told in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Hours {
    /// As the customer's clock ran.
    #[default]
    Calendar,
    /// Business hours only, by the calendar of their time.
    Business,
}

/// Why a period cannot be reported on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub enum Fault {
    #[error("the last day lies before the first")]
    Backwards,
    #[error("more than two years")]
    TooLong,
}

impl Fault {
    /// The field of a question that is to be put right, as refusals name it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Backwards => "to",
            Self::TooLong => "period",
        }
    }
}

impl Period {
    /// Whether it can be reported on.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(self) -> Result<Self, Fault> {
        let days = self.to.0.saturating_sub(self.from.0);
        match days {
            ..0 => Err(Fault::Backwards),
            MOST_DAYS.. => Err(Fault::TooLong),
            0..MOST_DAYS => Ok(self),
        }
    }
}

impl DayNumber {
    /// The number of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self((date - EPOCH).get_days())
    }

    /// The day in which an instant lies.
    #[must_use]
    pub fn at(moment: Moment, zone: &TimeZone) -> Self {
        let instant = Timestamp::from_millisecond(moment.0).unwrap_or_default();
        Self::of(zone.to_datetime(instant).date())
    }

    /// The date; none where the calendar does not reach.
    #[must_use]
    pub fn date(self) -> Option<Date> {
        EPOCH.checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    /// The first instant of the day.
    #[must_use]
    pub fn begins(self, zone: &TimeZone) -> Option<Moment> {
        let start = zone.to_zoned(self.date()?.to_datetime(Time::midnight())).ok()?;
        Some(Moment(start.timestamp().as_millisecond()))
    }
}

impl std::fmt::Display for DayNumber {
    /// As `2026-11-24`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
            None => write!(f, "{}", self.0),
        }
    }
}

impl std::str::FromStr for DayNumber {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().map(Self::of).map_err(|_| ())
    }
}
