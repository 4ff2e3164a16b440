//! Lengths of time in words and as counters.
//!
//! *Invariant:* a counter never shows more time than is left: it rounds up to whole seconds only so that `0:00` means
//! that the instant has come.

use ciranda_domain::time::Span;

use crate::{Key, Words};

/// `7:12`, or `1:02:09` from an hour on; `0:00` once it is over.
#[must_use]
pub fn counter(left: Span) -> String {
    let seconds = ceil_seconds(left);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut out = String::with_capacity(8);
    if hours > 0 {
        push_number(&mut out, hours, 1);
        out.push(':');
    }
    push_number(&mut out, minutes, if hours > 0 { 2 } else { 1 });
    out.push(':');
    push_number(&mut out, seconds, 2);
    out
}

/// How long something has lasted or will last, in its two largest sensible units.
#[must_use]
pub fn spoken(words: Words, span: Span) -> String {
    let seconds = span.0.max(0) / 1000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600, seconds / 60 % 60);
    if days >= 2 {
        return words.fill(Key::SpanDays, &[&days.to_string()]);
    }
    if hours >= 24 {
        return words.fill(Key::SpanDay, &["1"]);
    }
    if hours > 0 && minutes > 0 {
        return words.fill(Key::SpanHoursMinutes, &[&hours.to_string(), &minutes.to_string()]);
    }
    if hours > 0 {
        return words.fill(Key::SpanHours, &[&hours.to_string()]);
    }
    if minutes > 0 {
        return words.fill(Key::SpanMinutes, &[&minutes.to_string()]);
    }
    words.fill(Key::SpanSeconds, &[&seconds.to_string()])
}

/// For a chip with little room: `23 h`, `1 h 12`, `12 min`, `40 s`.
#[must_use]
pub fn short(words: Words, left: Span) -> String {
    let seconds = ceil_seconds(left);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    if hours >= 48 {
        return words.fill(Key::SpanDays, &[&(hours / 24).to_string()]);
    }
    if hours >= 2 || (hours > 0 && minutes == 0) {
        return words.fill(Key::SpanHours, &[&hours.to_string()]);
    }
    if hours > 0 {
        let mut padded = String::with_capacity(2);
        push_number(&mut padded, minutes, 2);
        return words.fill(Key::SpanHoursMinutesShort, &[&hours.to_string(), &padded]);
    }
    if minutes > 0 {
        return words.fill(Key::SpanMinutes, &[&minutes.to_string()]);
    }
    words.fill(Key::SpanSeconds, &[&seconds.to_string()])
}

fn ceil_seconds(left: Span) -> i64 {
    (left.0.max(0) + 999) / 1000
}

fn push_number(out: &mut String, n: i64, width: usize) {
    let digits = n.to_string();
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(&digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_show_minutes_and_seconds() {
        assert_eq!(counter(Span::seconds(432)), "7:12");
        assert_eq!(counter(Span::seconds(9)), "0:09");
        assert_eq!(counter(Span::seconds(3729)), "1:02:09");
    }

    #[test]
    fn a_counter_reaches_zero_only_at_the_instant() {
        assert_eq!(counter(Span(1)), "0:01");
        assert_eq!(counter(Span(0)), "0:00");
        assert_eq!(counter(Span(-5000)), "0:00");
    }

    #[test]
    fn chips_take_little_room() {
        let short = |span| short(Words::PORTUGUESE, span);
        assert_eq!(short(Span::hours(23)), "23 h");
        assert_eq!(short(Span::minutes(72)), "1 h 12");
        assert_eq!(short(Span::minutes(61)), "1 h 01");
        assert_eq!(short(Span::seconds(40)), "40 s");
        assert_eq!(short(Span::days(6)), "6 dias");
    }

    #[test]
    fn spoken_lengths_use_two_units_at_most() {
        assert_eq!(spoken(Words::PORTUGUESE, Span::minutes(192)), "3 h 12 min");
        assert_eq!(spoken(Words::PORTUGUESE, Span::seconds(12)), "12 s");
        assert_eq!(spoken(Words::PORTUGUESE, Span::hours(30)), "1 dia");
    }
}
