//! Which inbound messages open or extend the window (decision 19): one row for each product and type.
//!
//! *Invariant:* every pair of product and kind has exactly one row. What the provider's documents leave open does not
//! count: a window that looks closed costs a template, one that wrongly looks open costs a refused answer.

use crate::channel::ChannelKind::{self, Instagram, Messenger, WhatsApp};
use crate::message::Kind;

/// One row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    pub channel: ChannelKind,
    pub kind: Kind,
    pub counts: bool,
    /// Where the row comes from.
    pub source: &'static str,
}

/// Whether an inbound message of this kind opens or extends the window on this product.
#[must_use]
pub fn counts(channel: ChannelKind, kind: Kind) -> bool {
    COUNTED.iter().any(|row| row.channel == channel && row.kind == kind && row.counts)
}

const WA_MESSAGE: &str = "meta.md 1.1: opens when the user messages or calls the business number";
const WA_SAFE: &str = "meta.md 1.1: not documented, safest not to count reaction, system, unsupported";
const WA_NOT_NEW: &str = "meta.md 3.5: edit and revoke change a message, they are none; decision 19";
const WA_SYSTEM: &str = "meta.md 3.5: system is not a customer message";
const MS_MESSAGE: &str = "meta.md 1.4: message (text, quick reply, ice breaker) opens it";
const MS_POSTBACK: &str = "meta.md 1.4: postback (Get Started, button) opens it";
const MS_REACTION: &str = "meta.md 1.4: reaction to a message opens it";
const MS_NOT_NEW: &str = "meta.md 3.9: message_edit and is_deleted change a message, they are none; decision 19";
const MS_NONE: &str = "decision 19: not among the counted kinds";
const OURS: &str = "meta.md 1.1: a business message never opens or extends it";

const fn row(channel: ChannelKind, kind: Kind, counts: bool, source: &'static str) -> Counted {
    Counted { channel, kind, counts, source }
}

/// The table. On Messenger and Instagram a postback arrives as [`Kind::Button`].
#[rustfmt::skip]
pub const COUNTED: [Counted; 54] = [
    row(WhatsApp, Kind::Text, true, WA_MESSAGE),
    row(WhatsApp, Kind::Image, true, WA_MESSAGE),
    row(WhatsApp, Kind::Video, true, WA_MESSAGE),
    row(WhatsApp, Kind::Audio, true, WA_MESSAGE),
    row(WhatsApp, Kind::Voice, true, WA_MESSAGE),
    row(WhatsApp, Kind::Document, true, WA_MESSAGE),
    row(WhatsApp, Kind::Sticker, true, WA_MESSAGE),
    row(WhatsApp, Kind::Location, true, WA_MESSAGE),
    row(WhatsApp, Kind::Contacts, true, WA_MESSAGE),
    row(WhatsApp, Kind::Interactive, true, WA_MESSAGE),
    row(WhatsApp, Kind::Button, true, WA_MESSAGE),
    row(WhatsApp, Kind::Reaction, false, WA_SAFE),
    row(WhatsApp, Kind::Order, true, WA_MESSAGE),
    row(WhatsApp, Kind::System, false, WA_SYSTEM),
    row(WhatsApp, Kind::Edit, false, WA_NOT_NEW),
    row(WhatsApp, Kind::Revoke, false, WA_NOT_NEW),
    row(WhatsApp, Kind::Unsupported, false, WA_SAFE),
    row(WhatsApp, Kind::Template, false, OURS),
    row(Instagram, Kind::Text, true, MS_MESSAGE),
    row(Instagram, Kind::Image, true, MS_MESSAGE),
    row(Instagram, Kind::Video, true, MS_MESSAGE),
    row(Instagram, Kind::Audio, true, MS_MESSAGE),
    row(Instagram, Kind::Voice, true, MS_MESSAGE),
    row(Instagram, Kind::Document, true, MS_MESSAGE),
    row(Instagram, Kind::Sticker, true, MS_MESSAGE),
    row(Instagram, Kind::Location, true, MS_MESSAGE),
    row(Instagram, Kind::Contacts, true, MS_MESSAGE),
    row(Instagram, Kind::Interactive, true, MS_MESSAGE),
    row(Instagram, Kind::Button, true, MS_POSTBACK),
    row(Instagram, Kind::Reaction, true, MS_REACTION),
    row(Instagram, Kind::Order, true, MS_MESSAGE),
    row(Instagram, Kind::System, false, MS_NONE),
    row(Instagram, Kind::Edit, false, MS_NOT_NEW),
    row(Instagram, Kind::Revoke, false, MS_NOT_NEW),
    row(Instagram, Kind::Unsupported, false, MS_NONE),
    row(Instagram, Kind::Template, false, OURS),
    row(Messenger, Kind::Text, true, MS_MESSAGE),
    row(Messenger, Kind::Image, true, MS_MESSAGE),
    row(Messenger, Kind::Video, true, MS_MESSAGE),
    row(Messenger, Kind::Audio, true, MS_MESSAGE),
    row(Messenger, Kind::Voice, true, MS_MESSAGE),
    row(Messenger, Kind::Document, true, MS_MESSAGE),
    row(Messenger, Kind::Sticker, true, MS_MESSAGE),
    row(Messenger, Kind::Location, true, MS_MESSAGE),
    row(Messenger, Kind::Contacts, true, MS_MESSAGE),
    row(Messenger, Kind::Interactive, true, MS_MESSAGE),
    row(Messenger, Kind::Button, true, MS_POSTBACK),
    row(Messenger, Kind::Reaction, true, MS_REACTION),
    row(Messenger, Kind::Order, true, MS_MESSAGE),
    row(Messenger, Kind::System, false, MS_NONE),
    row(Messenger, Kind::Edit, false, MS_NOT_NEW),
    row(Messenger, Kind::Revoke, false, MS_NOT_NEW),
    row(Messenger, Kind::Unsupported, false, MS_NONE),
    row(Messenger, Kind::Template, false, OURS),
];
