//! Whether the account is open at a local time, and until when or from when.
//!
//! *Invariant:* only for showing. What counts, overflow and automatic replies, asks `ciranda_domain::calendar`; here the
//! local date and time come from the browser, which has the time zones.

use ciranda_domain::calendar::{Day, Hours, Period};

/// What there is to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opening {
    /// No hours are set.
    Always,
    /// Until this minute of today.
    Open { until: u16 },
    /// Opens so many days from now, at this minute.
    Closed { days: i64, from: u16 },
    /// Not within the next weeks.
    Never,
}

/// How far ahead the next opening is looked for.
const AHEAD: i64 = 60;

/// At a minute of a day, counted in days since 1970.
pub fn at(hours: Option<&Hours>, day: i64, minute: u16) -> Opening {
    let Some(hours) = hours else { return Opening::Always };
    if let Some(period) = periods(hours, day).iter().find(|period| (period.from..period.until).contains(&minute)) {
        return Opening::Open { until: period.until };
    }
    let later = |ahead: i64| {
        let found = periods(hours, day + ahead).iter().find(|period| ahead > 0 || period.from > minute);
        found.map(|period| Opening::Closed { days: ahead, from: period.from })
    };
    (0..AHEAD).find_map(later).unwrap_or(Opening::Never)
}

fn periods(hours: &Hours, day: i64) -> &[Period] {
    hours.exceptions.get(&date(day)).unwrap_or(&hours.week[weekday(day)])
}

/// 0 is Monday; the first day of 1970 was a Thursday.
pub fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default()
}

/// The date of a day counted from 1970, in the Gregorian calendar: years begin in March, so that the leap day is last.
pub fn date(day: i64) -> Day {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Day {
        year: i16::try_from(year).unwrap_or_default(),
        month: i8::try_from(month).unwrap_or_default(),
        day: i8::try_from(of_month).unwrap_or_default(),
    }
}

/// `08:30` of a minute of the day; the midnight that ends it is `00:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// The minute of `08:30`.
pub fn minute(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.split_once(':')?;
    Some(hours.parse::<u16>().ok()? * 60 + minutes.parse::<u16>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A Tuesday.
    const DAY: i64 = 20_781;

    fn hours() -> Hours {
        let periods = [Period::new((8, 0), (12, 0)), Period::new((13, 0), (18, 0))];
        let mut hours = Hours::weekdays(&periods);
        hours.exceptions.insert(Day { year: 2026, month: 11, day: 25 }, Vec::new());
        hours
    }

    #[test]
    fn days_have_their_dates() {
        assert_eq!(date(DAY), Day { year: 2026, month: 11, day: 24 });
        assert_eq!(date(0), Day { year: 1970, month: 1, day: 1 });
        assert_eq!(date(19_782), Day { year: 2024, month: 2, day: 29 });
        assert_eq!(weekday(DAY), 1);
    }

    #[test]
    fn open_says_until_when_and_closed_from_when() {
        let hours = hours();
        let at = |day, clock: &str| at(Some(&hours), day, minute(clock).expect("a time"));
        assert_eq!(at(DAY, "08:00"), Opening::Open { until: 12 * 60 });
        assert_eq!(at(DAY, "12:00"), Opening::Closed { days: 0, from: 13 * 60 });
        assert_eq!(at(DAY, "17:59"), Opening::Open { until: 18 * 60 });
        // The day after is a holiday.
        assert_eq!(at(DAY, "18:00"), Opening::Closed { days: 2, from: 8 * 60 });
        assert_eq!(super::at(None, DAY, 0), Opening::Always);
        assert_eq!(super::at(Some(&Hours::default()), DAY, 0), Opening::Never);
    }
}
