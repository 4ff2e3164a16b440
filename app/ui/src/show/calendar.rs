//! Instants in the account's zone, in words.
//!
//! *Invariant:* days are the account's calendar days, whatever zone the browser is in.

use ciranda_domain::calendar::Hours;
use ciranda_domain::time::{Moment, Span};
use ciranda_text::{Key, Words};

/// The account's zone; the browser's `Intl` on screen, fixed in tests.
pub trait Calendar {
    /// Days since the epoch in the zone.
    fn day(&self, at: Moment) -> i64;
    /// `14:02`
    fn clock(&self, at: Moment) -> String;
    /// `24/11`
    fn date(&self, at: Moment) -> String;
    /// `terça-feira, 24 de novembro`
    fn long_date(&self, at: Moment) -> String;

    /// Minutes of the day in the zone; `None` where the clock cannot be read.
    fn minute(&self, at: Moment) -> Option<u16> {
        let clock = self.clock(at);
        let (hours, minutes) = clock.split_once(':')?;
        Some(hours.parse::<u16>().ok()? * 60 + minutes.parse::<u16>().ok()?)
    }
}

/// The account's open time, in which overflow runs (OVF-10); always open where no hours are set.
#[derive(Clone, Copy)]
pub struct OpenTime<'a> {
    pub hours: Option<&'a Hours>,
    pub calendar: &'a dyn Calendar,
}

impl OpenTime<'_> {
    /// How much open time lies between two instants.
    #[must_use]
    pub fn between(self, from: Moment, until: Moment) -> Span {
        let open = self.hours.and_then(|hours| Some(hours.open_time(self.local(from)?, self.local(until)?)));
        open.unwrap_or(until.since(from))
    }

    /// Whether the account is closed at an instant, by its own clock.
    #[must_use]
    pub fn is_closed(self, at: Moment) -> bool {
        let minute = || self.calendar.minute(at);
        self.hours.is_some_and(|hours| minute().is_some_and(|minute| !hours.is_open(self.calendar.day(at), minute)))
    }

    /// What the account's clock reads, in milliseconds since its 1 January 1970. Zones differ by whole minutes.
    fn local(self, at: Moment) -> Option<i64> {
        let minutes = self.calendar.day(at) * 24 * 60 + i64::from(self.calendar.minute(at)?);
        Some(minutes * 60_000 + at.0.rem_euclid(60_000))
    }
}

/// The time of a row: `agora`, `2 min`, `14:02`, `ontem`, `24/11`.
#[must_use]
pub fn ago(words: Words, calendar: &dyn Calendar, at: Moment, now: Moment) -> String {
    let minutes = now.since(at).0 / 60_000;
    if minutes < 1 {
        return words.get(Key::Now).to_owned();
    }
    if minutes < 60 {
        return words.fill(Key::MinutesAgo, &[&minutes.to_string()]);
    }
    match calendar.day(now) - calendar.day(at) {
        0 => calendar.clock(at),
        1 => words.get(Key::Yesterday).to_owned(),
        _ => calendar.date(at),
    }
}

/// An instant near now: `14:02`, `amanhã 13:58`, `ontem 09:10`, `24/11 08:00`.
#[must_use]
pub fn near(words: Words, calendar: &dyn Calendar, at: Moment, now: Moment) -> String {
    let clock = calendar.clock(at);
    match calendar.day(at) - calendar.day(now) {
        0 => clock,
        1 => words.fill(Key::TomorrowAt, &[&clock]),
        -1 => joined(words.get(Key::Yesterday), &clock),
        _ => joined(&calendar.date(at), &clock),
    }
}

/// The separator above a day's lines.
#[must_use]
pub fn day_title(words: Words, calendar: &dyn Calendar, at: Moment, now: Moment) -> String {
    match calendar.day(now) - calendar.day(at) {
        0 => words.get(Key::Today).to_owned(),
        1 => words.get(Key::YesterdayTitle).to_owned(),
        _ => calendar.long_date(at),
    }
}

fn joined(a: &str, b: &str) -> String {
    [a, b].join(" ")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ciranda_domain::time::Span;

    /// São Paulo without the browser: three hours behind UTC all year.
    pub(crate) struct SaoPaulo;

    impl SaoPaulo {
        fn local(at: Moment) -> i64 {
            (at - Span::hours(3)).0
        }
    }

    impl Calendar for SaoPaulo {
        fn day(&self, at: Moment) -> i64 {
            Self::local(at).div_euclid(86_400_000)
        }
        fn clock(&self, at: Moment) -> String {
            let minute = Self::local(at).rem_euclid(86_400_000) / 60_000;
            format!("{:02}:{:02}", minute / 60, minute % 60)
        }
        fn date(&self, at: Moment) -> String {
            format!("d{}", self.day(at))
        }
        fn long_date(&self, at: Moment) -> String {
            format!("dia {}", self.day(at))
        }
    }

    /// 12:00 of a day in São Paulo.
    pub(crate) const NOON: Moment = Moment(20_000 * 86_400_000 + 15 * 3_600_000);

    #[test]
    fn rows_say_how_long_ago_then_the_clock_then_the_day() {
        let ago = |span| ago(Words::PORTUGUESE, &SaoPaulo, NOON - span, NOON);
        assert_eq!(ago(Span::seconds(30)), "agora");
        assert_eq!(ago(Span::minutes(11)), "11 min");
        assert_eq!(ago(Span::hours(2)), "10:00");
        assert_eq!(ago(Span::hours(13)), "ontem");
        assert_eq!(ago(Span::hours(40)), "d19998");
    }

    #[test]
    fn days_are_the_accounts_not_utc() {
        // 22:30 in São Paulo is already tomorrow in UTC.
        let evening = NOON + Span::minutes(630);
        assert_eq!(near(Words::PORTUGUESE, &SaoPaulo, evening, NOON), "22:30");
        assert_eq!(near(Words::PORTUGUESE, &SaoPaulo, NOON + Span::hours(23), NOON), "amanhã 11:00");
    }
}
