//! The messaging window: until when the business may write freely to a contact (WIN-01 to WIN-12, decisions 18 to 21).
//!
//! *Invariant:* the computed end depends on the channel's kind and on instants of counted inbound messages, and on
//! nothing else; a refusal by the provider closes the effective window until the next counted inbound. Ends are
//! exclusive. Windows count hours on the line of instants, never days of a calendar.

mod counted;

pub use counted::{COUNTED, Counted, counts};

use serde::{Deserialize, Serialize};

use crate::channel::ChannelKind;
use crate::conversation::Window;
use crate::time::{Moment, Span};

/// How long a counted inbound message lets the business write freely, on every product (WIN-02, decision 20).
pub const FREE: Span = Span::hours(24);

/// How long, from the same instant, a human may still answer on Instagram and Messenger where the channel has the grant
/// (decision 20).
pub const HUMAN_AGENT: Span = Span::days(7);

/// How long before the end the outbox stops handing free texts to the provider, since one could cross the edge on its
/// way (decision 19).
pub const LAST_MOMENTS: Span = Span::seconds(10);

/// Whether the channel's Human Agent feature is recorded as granted; WhatsApp has none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum HumanAgent {
    #[default]
    NotGranted,
    Granted,
}

/// The window of a (channel, contact identity) at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MessagingWindow {
    /// The contact has never written: only a template may go (WIN-03).
    NotStarted,
    /// Free writing before `until`.
    Open { until: Moment },
    /// Instagram and Messenger: only a human's own writing, before `until`.
    HumanOnly { until: Moment },
    /// Writing ended at `since`: the computed end, or an earlier refusal by the provider.
    Closed { since: Moment },
}

/// What happens to a free text written by a person at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FreeText {
    /// It goes to the provider.
    Leaves,
    /// It goes with the human-agent tag.
    LeavesAsHuman,
    /// It waits for the contact's answer (WIN-07, WhatsApp only).
    Waits,
    /// It stays a draft: nothing queues on Instagram and Messenger (decision 20).
    StaysDraft,
}

impl FreeText {
    /// Whether it goes to the provider now.
    #[must_use]
    pub const fn leaves(self) -> bool {
        match self {
            Self::Leaves | Self::LeavesAsHuman => true,
            Self::Waits | Self::StaysDraft => false,
        }
    }
}

impl MessagingWindow {
    /// The window at `now`.
    #[must_use]
    pub fn at(window: &Window, channel: ChannelKind, grant: HumanAgent, now: Moment) -> Self {
        let Some(last) = window.last_counted else { return Self::NotStarted };
        let free_until = last + FREE;
        let end = match (channel, grant) {
            (ChannelKind::WhatsApp, _) | (_, HumanAgent::NotGranted) => free_until,
            (ChannelKind::Instagram | ChannelKind::Messenger, HumanAgent::Granted) => last + HUMAN_AGENT,
        };
        match window.refused_at {
            Some(refused) => Self::Closed { since: refused.min(end) },
            None if now < free_until => Self::Open { until: free_until },
            None if now < end => Self::HumanOnly { until: end },
            None => Self::Closed { since: end },
        }
    }

    /// When the window next changes by itself: what a browser sets its timer to, so that the composer flips at that
    /// instant. `None` when only the contact can change it.
    #[must_use]
    pub fn changes_at(self) -> Option<Moment> {
        match self {
            Self::Open { until } | Self::HumanOnly { until } => Some(until),
            Self::NotStarted | Self::Closed { .. } => None,
        }
    }
}

/// What becomes of a free text that a person writes, or that the outbox is about to hand over, at `now`.
#[must_use]
pub fn free_text(window: &Window, channel: ChannelKind, grant: HumanAgent, now: Moment) -> FreeText {
    // Looking a little ahead makes the last moments of each phase count as the next phase.
    match (MessagingWindow::at(window, channel, grant, now + LAST_MOMENTS), channel) {
        (MessagingWindow::Open { .. }, _) => FreeText::Leaves,
        (MessagingWindow::HumanOnly { .. }, _) => FreeText::LeavesAsHuman,
        (MessagingWindow::NotStarted | MessagingWindow::Closed { .. }, ChannelKind::WhatsApp) => FreeText::Waits,
        (
            MessagingWindow::NotStarted | MessagingWindow::Closed { .. },
            ChannelKind::Instagram | ChannelKind::Messenger,
        ) => FreeText::StaysDraft,
    }
}

/// The window after a counted inbound message stamped `at` by the provider and processed at `now`.
///
/// Late and repeated messages never shorten it; a stamp in the future counts as `now`. A refusal is forgotten unless
/// the message is older than it, in the provider's whole seconds: the provider knew of that one when it refused.
#[must_use]
pub fn fold(window: Window, at: Moment, now: Moment) -> Window {
    let at = at.min(now);
    Window {
        last_counted: window.last_counted.max(Some(at)),
        refused_at: window.refused_at.filter(|refused| at < refused.floor_to_second()),
    }
}

/// The window after the provider refused a free text at `at` although it was computed open (131047 and kin).
#[must_use]
pub fn refuse(window: Window, at: Moment) -> Window {
    Window { refused_at: window.refused_at.max(Some(at)), ..window }
}
