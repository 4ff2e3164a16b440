//! Business hours as they are configured and stored: periods of a week, and days that differ.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Hours of a week and the dates that have hours of their own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Hours {
    /// Monday first; a closed day has no periods, a lunch break lies between two.
    pub week: [Vec<Period>; 7],
    /// Holidays and special days; no periods means closed all day.
    pub exceptions: BTreeMap<Day, Vec<Period>>,
}

/// An open period of a local day, in minutes after midnight; `until` is exclusive and at most [`Period::DAY`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Period {
    pub from: u16,
    pub until: u16,
}

/// A date of the calendar; written and stored as `2026-12-25`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

/// Why hours make no sense.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HoursFault {
    #[error("at least one day of the week needs opening hours; without any, leave business hours unset")]
    NeverOpens,
    #[error("on {0}, each time must be later than the one before it: opening, start and end of the break, closing")]
    NotAscending(Which),
    #[error("on {0}, closing time lies after midnight: give the rest to the next day")]
    AfterMidnight(Which),
    #[error("there is no such date as {0}")]
    NoSuchDate(Day),
}

/// The day a fault is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// 0 is Monday.
    Weekday(u8),
    Date(Day),
}

impl Period {
    /// Minutes of a day: the midnight that ends it.
    pub const DAY: u16 = 24 * 60;

    /// From hours and minutes of the local clock; `24:00` is the midnight that ends the day.
    #[must_use]
    pub const fn new(from: (u16, u16), until: (u16, u16)) -> Self {
        Self { from: from.0 * 60 + from.1, until: until.0 * 60 + until.1 }
    }
}

impl Hours {
    /// The same hours from Monday to Friday, closed at the weekend.
    #[must_use]
    pub fn weekdays(periods: &[Period]) -> Self {
        Self {
            week: std::array::from_fn(|day| if day < 5 { periods.to_vec() } else { Vec::new() }),
            exceptions: BTreeMap::new(),
        }
    }

    /// The periods of a date.
    pub(super) fn on(&self, date: Date) -> &[Period] {
        let day = Day { year: date.year(), month: date.month(), day: date.day() };
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.exceptions.get(&day).unwrap_or(&self.week[weekday])
    }

    /// The periods of a local day, counted from 1 January 1970: for those who have their time zones from elsewhere.
    #[must_use]
    pub fn periods(&self, day: i64) -> &[Period] {
        self.exceptions.get(&Day::of_count(day)).unwrap_or(&self.week[weekday(day)])
    }

    /// Whether a local minute of a local day is open; the day is counted from 1 January 1970. Where clocks jump, the
    /// account's own [`super::Calendar`] counts.
    #[must_use]
    pub fn is_open(&self, day: i64, minute: u16) -> bool {
        self.periods(day).iter().any(|period| (period.from..period.until).contains(&minute))
    }

    /// How much open time lies between two readings of the local clock, each in milliseconds since the midnight that
    /// began 1 January 1970 by that clock; none when `until` is not after `from`. Where clocks jump, the account's own
    /// [`super::Calendar`] counts.
    #[must_use]
    pub fn open_time(&self, from: i64, until: i64) -> Span {
        const MINUTE: i64 = 60_000;
        const DAY: i64 = Period::DAY as i64 * MINUTE;
        let days = from.div_euclid(DAY)..=until.div_euclid(DAY);
        let open = days.flat_map(|day| self.periods(day).iter().map(move |period| (day * DAY, period)));
        let within = open.map(|(midnight, period)| {
            let start = midnight + i64::from(period.from) * MINUTE;
            let end = midnight + i64::from(period.until) * MINUTE;
            (end.min(until) - start.max(from)).max(0)
        });
        Span(within.sum())
    }

    /// Checks every day.
    ///
    /// # Errors
    /// The first [`HoursFault`] found.
    pub fn check(&self) -> Result<(), HoursFault> {
        if self.week.iter().all(Vec::is_empty) {
            return Err(HoursFault::NeverOpens);
        }
        for (weekday, periods) in (0..).zip(&self.week) {
            check_day(periods, Which::Weekday(weekday))?;
        }
        for (day, periods) in &self.exceptions {
            Date::new(day.year, day.month, day.day).map_err(|_| HoursFault::NoSuchDate(*day))?;
            check_day(periods, Which::Date(*day))?;
        }
        Ok(())
    }
}

/// The day of the week of a day counted from 1 January 1970, which was a Thursday; 0 is Monday.
#[must_use]
pub fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default()
}

impl Day {
    /// The date of a day counted from 1 January 1970, in the Gregorian calendar. Years begin in March, so that the leap
    /// day is the last.
    #[must_use]
    pub fn of_count(day: i64) -> Self {
        let shifted = day + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i16::try_from(year).unwrap_or_default(),
            month: i8::try_from(month).unwrap_or_default(),
            day: i8::try_from(of_month).unwrap_or_default(),
        }
    }
}

fn check_day(periods: &[Period], which: Which) -> Result<(), HoursFault> {
    let times: Vec<u16> = periods.iter().flat_map(|period| [period.from, period.until]).collect();
    if times.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(HoursFault::NotAscending(which));
    }
    if times.last().is_some_and(|last| *last > Period::DAY) {
        return Err(HoursFault::AfterMidnight(which));
    }
    Ok(())
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// The text is no date of the form `2026-12-25`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a date is written as year-month-day, like 2026-12-25")]
pub struct NotADay;

impl TryFrom<String> for Day {
    type Error = NotADay;

    fn try_from(text: String) -> Result<Self, NotADay> {
        // By hand: a parser of every way to write a date would be a tenth of the desk's module.
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let digits = parts.next().filter(|part| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<i16>().ok()).ok_or(NotADay)
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        if parts.next().is_some() {
            return Err(NotADay);
        }
        let small = |n: i16| i8::try_from(n).map_err(|_| NotADay);
        let date = Date::new(year, small(month)?, small(day)?).map_err(|_| NotADay)?;
        Ok(Self { year: date.year(), month: date.month(), day: date.day() })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        match self {
            Self::Weekday(day) => f.write_str(NAMES.get(usize::from(*day)).unwrap_or(&"an unknown weekday")),
            Self::Date(day) => day.fmt(f),
        }
    }
}
