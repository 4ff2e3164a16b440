//! The messaging window as the header's chip, the row's chip and the tooltip say it.
//!
//! *Invariant:* decides nothing: what is open is [`ciranda_domain::window`]'s to say.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::time::{Moment, Span};
use ciranda_domain::window::{FREE, HumanAgent, MessagingWindow};
use ciranda_text::spans;
use ciranda_text::{Key, Words};

use super::Tone;
use super::calendar::{Calendar, near};

/// From here on the end is near.
pub const SOON: Span = Span::hours(2);

/// A chip: its tone, how much of the window is left, and what it says.
#[derive(Clone, PartialEq, Debug)]
pub struct Chip {
    pub tone: Tone,
    /// Of the whole window, 0 to 100; `None` when there is nothing to count.
    pub percent: Option<i64>,
    pub label: String,
}

/// The window of a conversation at an instant.
#[must_use]
pub fn state(conversation: &Conversation, channel: ChannelKind, now: Moment) -> MessagingWindow {
    MessagingWindow::at(&conversation.window, channel, HumanAgent::NotGranted, now)
}

/// The header's chip: always there while the conversation is unfinished.
#[must_use]
pub fn header(words: Words, calendar: &dyn Calendar, window: MessagingWindow, refused: bool, now: Moment) -> Chip {
    match window {
        MessagingWindow::Open { until } => {
            let left = until.since(now);
            let percent = Some(left.0 * 100 / FREE.0);
            if left < SOON {
                return Chip { tone: Tone::Soon, percent, label: closes_in(words, left) };
            }
            let until = near(words, calendar, until, now);
            Chip { tone: Tone::Open, percent, label: words.fill(Key::WindowOpenUntil, &[&until]) }
        }
        MessagingWindow::HumanOnly { until } => {
            let until = near(words, calendar, until, now);
            Chip { tone: Tone::Soon, percent: None, label: words.fill(Key::WindowHumanUntil, &[&until]) }
        }
        MessagingWindow::Closed { .. } => {
            let key = if refused { Key::WindowRefused } else { Key::WindowClosed };
            Chip { tone: Tone::Shut, percent: None, label: words.get(key).to_owned() }
        }
        MessagingWindow::NotStarted => {
            Chip { tone: Tone::Shut, percent: None, label: words.get(Key::WindowNever).to_owned() }
        }
    }
}

/// Counts seconds only in the last hour: before that a minute is exact enough to act on.
fn closes_in(words: Words, left: Span) -> String {
    let counted = if left < Span::hours(1) { spans::counter(left) } else { spans::short(words, left) };
    words.fill(Key::WindowClosesIn, &[&counted])
}

/// The row's chip: only when the window closes soon or is closed, and somebody is to answer.
#[must_use]
pub fn row(words: Words, conversation: &Conversation, window: MessagingWindow, now: Moment) -> Option<Chip> {
    if matches!(conversation.state, State::Finished(_)) {
        return None;
    }
    match window {
        MessagingWindow::Open { until } if until.since(now) < SOON => {
            Some(Chip { tone: Tone::Soon, percent: None, label: spans::short(words, until.since(now)) })
        }
        MessagingWindow::Closed { .. } => {
            Some(Chip { tone: Tone::Shut, percent: None, label: words.get(Key::WindowClosedShort).to_owned() })
        }
        MessagingWindow::Open { .. } | MessagingWindow::HumanOnly { .. } | MessagingWindow::NotStarted => None,
    }
}

/// The tooltip: both instants.
#[must_use]
pub fn tip(
    words: Words,
    calendar: &dyn Calendar,
    conversation: &Conversation,
    window: MessagingWindow,
    now: Moment,
) -> String {
    if let (MessagingWindow::Closed { .. }, Some(refused)) = (window, conversation.window.refused_at) {
        return words.fill(Key::WindowTipRefused, &[&near(words, calendar, refused, now)]);
    }
    let Some(last) = conversation.window.last_counted else { return words.get(Key::WindowNever).to_owned() };
    let last = near(words, calendar, last, now);
    let (key, end) = match window {
        MessagingWindow::Open { until } | MessagingWindow::HumanOnly { until } => (Key::WindowTip, until),
        MessagingWindow::Closed { since } => (Key::WindowTipClosed, since),
        MessagingWindow::NotStarted => return words.get(Key::WindowNever).to_owned(),
    };
    words.fill(key, &[&last, &near(words, calendar, end, now)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::calendar::tests::{NOON, SaoPaulo};

    fn chip(left: Span) -> Chip {
        let window = MessagingWindow::Open { until: NOON + left };
        header(Words::PORTUGUESE, &SaoPaulo, window, false, NOON)
    }

    #[test]
    fn with_time_to_spare_the_chip_says_until_when() {
        let chip = chip(Span::hours(22));
        assert_eq!((chip.tone, chip.label.as_str()), (Tone::Open, "Aberta até amanhã 10:00"));
        assert_eq!(chip.percent, Some(91));
    }

    #[test]
    fn under_two_hours_it_counts_down() {
        assert_eq!(chip(Span::minutes(119)).tone, Tone::Soon);
        assert_eq!(chip(Span::minutes(72)).label, "Fecha em 1 h 12");
        assert_eq!(chip(Span::seconds(63)).label, "Fecha em 1:03");
    }

    #[test]
    fn a_refusal_is_told_apart_from_the_end() {
        let closed = MessagingWindow::Closed { since: NOON };
        assert_eq!(header(Words::PORTUGUESE, &SaoPaulo, closed, true, NOON).label, "Recusada pela Meta");
        assert_eq!(header(Words::PORTUGUESE, &SaoPaulo, closed, false, NOON).label, "Janela fechada");
    }
}
