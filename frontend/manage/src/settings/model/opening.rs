//! Whether the account is open at a local time, and until when or from when.
//!
//! *Invariant:* only for showing. What counts, overflow and automatic replies, asks `ciranda_domain::calendar`; here the
//! local date and time come from the browser, which has the time zones.

use ciranda_domain::calendar::Hours;

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
    if let Some(period) = hours.periods(day).iter().find(|period| (period.from..period.until).contains(&minute)) {
        return Opening::Open { until: period.until };
    }
    let later = |ahead: i64| {
        let found = hours.periods(day + ahead).iter().find(|period| ahead > 0 || period.from > minute);
        found.map(|period| Opening::Closed { days: ahead, from: period.from })
    };
    (0..AHEAD).find_map(later).unwrap_or(Opening::Never)
}

/// `08:30` of a minute of the day; the midnight that ends it is `00:00`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

#[cfg(test)]
mod tests {
    use ciranda_domain::calendar::{Day, Period};

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
    fn open_says_until_when_and_closed_from_when() {
        let hours = hours();
        let at = |day, (hour, minute): (u16, u16)| at(Some(&hours), day, hour * 60 + minute);
        assert_eq!(at(DAY, (8, 0)), Opening::Open { until: 12 * 60 });
        assert_eq!(at(DAY, (12, 0)), Opening::Closed { days: 0, from: 13 * 60 });
        assert_eq!(at(DAY, (17, 59)), Opening::Open { until: 18 * 60 });
        // The day after is a holiday.
        assert_eq!(at(DAY, (18, 0)), Opening::Closed { days: 2, from: 8 * 60 });
        assert_eq!(super::at(None, DAY, 0), Opening::Always);
        assert_eq!(super::at(Some(&Hours::default()), DAY, 0), Opening::Never);
    }
}
