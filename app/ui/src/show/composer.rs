//! What the place below the messages is: a box to write in, an act to take first, or nothing to do.
//!
//! *Invariant:* follows the permission table and the window of `ciranda_domain`; flips by itself at the instant the
//! window changes because it is computed from `now`.

use ciranda_domain::access::{Action, Actor, may};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::PersonId;
use ciranda_domain::limits::{TextLimit, text_length, text_limit};
use ciranda_domain::time::Moment;
use ciranda_domain::window::{FreeText, HumanAgent, free_text};

/// The place below the messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Write(Fate),
    /// Pending, and theirs to start.
    Start,
    /// Pending, offered to somebody else or out of reach.
    Offered {
        to: Option<PersonId>,
    },
    /// Somebody else's.
    Attended {
        by: PersonId,
    },
    Finished {
        restart: bool,
    },
}

/// What will become of a text written here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Free(FreeText),
    /// The window is open, but others written before it wait (decision 21).
    Behind,
}

/// Whether a free text can leave at this instant.
#[must_use]
pub fn leaves(conversation: &Conversation, channel: ChannelKind, now: Moment) -> bool {
    free_text(&conversation.window, channel, HumanAgent::NotGranted, now).leaves()
}

impl Fate {
    fn of(conversation: &Conversation, channel: ChannelKind, now: Moment) -> Self {
        match free_text(&conversation.window, channel, HumanAgent::NotGranted, now) {
            FreeText::Leaves if conversation.waiting > 0 => Self::Behind,
            fate => Self::Free(fate),
        }
    }
}

/// What is there for this person at this instant.
#[must_use]
pub fn place(actor: &Actor, conversation: &Conversation, channel: ChannelKind, now: Moment) -> Place {
    match conversation.state {
        State::Pending(pending) if may(actor, Action::Start, conversation).is_err() => {
            Place::Offered { to: designee(pending) }
        }
        State::Pending(_) => Place::Start,
        State::InProgress { responsible, .. } if may(actor, Action::Write, conversation).is_err() => {
            Place::Attended { by: responsible }
        }
        State::InProgress { .. } => Place::Write(Fate::of(conversation, channel, now)),
        State::Finished(_) => Place::Finished { restart: may(actor, Action::Restart, conversation).is_ok() },
    }
}

const fn designee(pending: Pending) -> Option<PersonId> {
    match pending {
        Pending::Designated { designee, .. } => Some(designee),
        Pending::Queued { .. } | Pending::Open { .. } => None,
    }
}

/// How much room is left in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Room {
    /// Enough not to mention it.
    Plenty,
    Left(usize),
    Over(usize),
}

/// Room is worth a mention in the last tenth.
#[must_use]
pub fn room(channel: ChannelKind, text: &str) -> Room {
    let (TextLimit::Characters(limit) | TextLimit::Bytes(limit)) = text_limit(channel);
    let length = text_length(channel, text);
    if length > limit {
        Room::Over(length - limit)
    } else if length * 10 >= limit * 9 {
        Room::Left(limit - length)
    } else {
        Room::Plenty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_mentioned_only_near_the_limit() {
        assert_eq!(room(ChannelKind::WhatsApp, "oi"), Room::Plenty);
        assert_eq!(room(ChannelKind::WhatsApp, &"a".repeat(4_000)), Room::Left(96));
        assert_eq!(room(ChannelKind::WhatsApp, &"á".repeat(4_100)), Room::Over(4));
        assert_eq!(room(ChannelKind::Instagram, &"á".repeat(501)), Room::Over(2));
    }
}
