//! Meta's error codes in words that an attendant can act on (meta.md 1.3), and what became of a message.
//!
//! *Invariant:* every code has words; one that is not in the table gets general ones and its number, so that support
//! can look it up. Built on codes only: titles and subcodes are not stable.

use ciranda_domain::message::{Cancelled, Delivery, Kind};

use crate::{Key, Words};

/// What to tell about a failure and whether trying again can help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failure {
    pub key: Key,
    pub again: Again,
}

/// Whether the same text can be tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    /// The fault may pass: offer a button.
    Worth,
    /// It would be refused again until something else changes.
    Pointless,
}

/// Looks a code up.
#[must_use]
pub fn of_code(code: u32) -> Failure {
    use Again::{Pointless, Worth};
    let (key, again) = match code {
        131_047 => (Key::Fail131047, Worth),
        131_026 => (Key::Fail131026, Pointless),
        131_049 => (Key::Fail131049, Pointless),
        131_050 => (Key::Fail131050, Pointless),
        4 | 80_007 | 130_429 => (Key::FailTooFast, Worth),
        131_056 => (Key::Fail131056, Worth),
        131_053 => (Key::Fail131053, Pointless),
        131_052 => (Key::Fail131052, Pointless),
        0 | 190 => (Key::FailToken, Worth),
        3 | 10 | 200..=299 | 131_005 => (Key::FailPermission, Worth),
        100 | 131_008 | 131_009 | 131_055 | 131_061 | 135_000 => (Key::Fail100, Pointless),
        131_042 | 134_011 => (Key::Fail131042, Worth),
        368 | 131_031 | 131_064 => (Key::FailAccountLocked, Worth),
        131_048 => (Key::Fail131048, Pointless),
        1 | 2 | 131_000 | 131_016 | 131_057 | 133_004 | 2_494_100 => (Key::FailTemporary, Worth),
        33 | 131_045 | 133_000 | 133_010 | 133_015 => (Key::FailNumberGone, Pointless),
        131_037 => (Key::Fail131037, Pointless),
        131_021 => (Key::Fail131021, Pointless),
        131_051 => (Key::Fail131051, Pointless),
        132_000 | 132_001 | 132_005 | 132_012 | 132_018 => (Key::FailTemplate, Pointless),
        132_015 | 132_016 => (Key::FailTemplatePaused, Pointless),
        132_007 => (Key::FailPolicy, Pointless),
        130_497 => (Key::FailCountry, Pointless),
        130_472 => (Key::Fail130472, Pointless),
        _ => (Key::FailOther, Worth),
    };
    Failure { key, again }
}

/// The words for a code, its number at the end.
#[must_use]
pub fn explain(words: Words, code: u32) -> String {
    let mut said = words.get(of_code(code).key).to_owned();
    said.push_str(" (");
    said.push_str(&words.fill(Key::FailCode, &[&code.to_string()]));
    said.push(')');
    said
}

/// The label of a delivery state.
#[must_use]
pub const fn delivery(state: Delivery) -> Key {
    match state {
        Delivery::Waiting => Key::DeliveryWaiting,
        Delivery::Queued => Key::DeliveryQueued,
        Delivery::Accepted => Key::DeliveryAccepted,
        Delivery::Sent => Key::DeliverySent,
        Delivery::Delivered => Key::DeliveryDelivered,
        Delivery::Read => Key::DeliveryRead,
        Delivery::Failed { .. } => Key::DeliveryFailed,
        Delivery::Unknown => Key::DeliveryUnknown,
        Delivery::Cancelled(Cancelled::ByAuthor) => Key::CancelledByAuthor,
        Delivery::Cancelled(Cancelled::ByConclusion) => Key::CancelledByConclusion,
        Delivery::Cancelled(Cancelled::Expired) => Key::CancelledExpired,
    }
}

/// What a message is called when its content is not shown.
#[must_use]
pub const fn kind(kind: Kind) -> Key {
    match kind {
        Kind::Text => Key::KindText,
        Kind::Image => Key::KindImage,
        Kind::Video => Key::KindVideo,
        Kind::Audio => Key::KindAudio,
        Kind::Voice => Key::KindVoice,
        Kind::Document => Key::KindDocument,
        Kind::Sticker => Key::KindSticker,
        Kind::Location => Key::KindLocation,
        Kind::Contacts => Key::KindContacts,
        Kind::Interactive => Key::KindInteractive,
        Kind::Button => Key::KindButton,
        Kind::Reaction => Key::KindReaction,
        Kind::Order => Key::KindOrder,
        Kind::System => Key::KindSystem,
        Kind::Edit => Key::KindEdit,
        Kind::Revoke => Key::KindRevoke,
        Kind::Unsupported => Key::KindUnsupported,
        Kind::Template => Key::KindTemplate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes that meta.md 1.3 asks to be told apart.
    const NAMED: [u32; 11] = [131_047, 131_026, 131_049, 130_429, 131_056, 131_053, 190, 100, 131_042, 131_031, 368];

    #[test]
    fn the_codes_people_meet_have_words_of_their_own() {
        for code in NAMED {
            assert_ne!(of_code(code).key, Key::FailOther, "{code}");
        }
    }

    #[test]
    fn an_unknown_code_is_named() {
        assert_eq!(explain(Words::PORTUGUESE, 999_999), "A Meta recusou a mensagem. (código 999999)");
    }

    #[test]
    fn an_undeliverable_number_is_not_worth_another_try() {
        assert_eq!(of_code(131_026).again, Again::Pointless);
        assert_eq!(of_code(131_016).again, Again::Worth);
    }
}
