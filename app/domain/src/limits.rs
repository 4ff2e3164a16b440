//! How long a text may be on each product (meta.md 4.1 and 4.3).

use crate::channel::ChannelKind;

/// The limit of a free text and the unit in which the product counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextLimit {
    /// Unicode scalar values.
    Characters(usize),
    /// Bytes of UTF-8.
    Bytes(usize),
}

/// Why a text cannot be sent as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TextFault {
    /// Nothing but white space.
    #[error("write something first")]
    Empty,
    /// `length` and `limit` are in the product's own unit.
    #[error("the text has {length}, the channel takes {limit}: shorten it or send it in parts")]
    TooLong { length: usize, limit: usize },
}

/// The limit of the product.
#[must_use]
pub const fn text_limit(channel: ChannelKind) -> TextLimit {
    match channel {
        ChannelKind::WhatsApp => TextLimit::Characters(4_096),
        ChannelKind::Instagram => TextLimit::Bytes(1_000),
        ChannelKind::Messenger => TextLimit::Characters(2_000),
    }
}

/// The length of a text in the product's own unit; what a composer's counter shows.
#[must_use]
pub fn text_length(channel: ChannelKind, text: &str) -> usize {
    match text_limit(channel) {
        TextLimit::Characters(_) => text.chars().count(),
        TextLimit::Bytes(_) => text.len(),
    }
}

/// How long a note may be, in characters: as long as the longest text.
pub const NOTE_LIMIT: usize = 4_096;

/// Checks a note, which goes to no product.
///
/// # Errors
/// [`TextFault`] when it is blank or too long.
pub fn validate_note(text: &str) -> Result<(), TextFault> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        Err(TextFault::Empty)
    } else if length > NOTE_LIMIT {
        Err(TextFault::TooLong { length, limit: NOTE_LIMIT })
    } else {
        Ok(())
    }
}

/// Checks a free text for the product.
///
/// # Errors
/// [`TextFault`] when it is blank or too long.
pub fn validate_text(channel: ChannelKind, text: &str) -> Result<(), TextFault> {
    if text.trim().is_empty() {
        return Err(TextFault::Empty);
    }
    let (TextLimit::Characters(limit) | TextLimit::Bytes(limit)) = text_limit(channel);
    let length = text_length(channel, text);
    if length > limit { Err(TextFault::TooLong { length, limit }) } else { Ok(()) }
}
