//! What a refusal of the Graph API means for what is to be done (meta.md 1.3 and 4.5).
//!
//! *Invariant:* decided by code and `is_transient` alone: titles and texts are not stable and follow somebody's language.

use serde_json::Value;

/// The error object of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub code: u32,
    /// The provider says that the same call may succeed later.
    pub transient: bool,
}

/// What a refusal asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// The same call may succeed later.
    Later,
    /// More than 24 hours since the customer's last message: the window is closed whatever was computed.
    WindowClosed,
    /// The channel can send nothing until somebody reconnects or unlocks it.
    ChannelDown,
    /// This message will never leave.
    Never,
}

/// Meta's "temporary, try again", for an answer that says nothing else.
const BUSY: u32 = 131_016;
/// Meta's "unknown error".
const UNKNOWN: u32 = 1;

impl Refusal {
    /// A refusal with this code.
    #[must_use]
    pub const fn of(code: u32) -> Self {
        Self { code, transient: false }
    }

    /// Reads the error of an answer, where there is one.
    #[must_use]
    pub fn read(answer: &Value) -> Option<Self> {
        let error = answer.get("error").filter(|error| error.is_object())?;
        let code = match &error["code"] {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_u64().and_then(|code| u32::try_from(code).ok()),
        };
        Some(Self { code: code.unwrap_or(UNKNOWN), transient: error["is_transient"] == true })
    }

    /// Too many calls, said by the status alone.
    #[must_use]
    pub const fn busy() -> Self {
        Self { code: BUSY, transient: true }
    }

    /// Refused without a word, as by something between here and there.
    #[must_use]
    pub const fn unexplained() -> Self {
        Self { code: UNKNOWN, transient: false }
    }

    /// Whether a server's failure with this code still says that the message was not taken over. "Unknown error" does
    /// not: it is documented to come for messages that were delivered.
    #[must_use]
    pub fn says_not_taken(self) -> bool {
        self.code != UNKNOWN
    }

    /// What is to be done.
    #[must_use]
    pub const fn class(self) -> Class {
        match self.code {
            2 | 4 | 17 | 613 | 80_007 | 130_429 | 131_016 | 131_056 | 131_057 | 2_494_100 => Class::Later,
            131_047 => Class::WindowClosed,
            0 | 33 | 102 | 190 | 368 | 131_031 | 131_045 => Class::ChannelDown,
            _ if self.transient => Class::Later,
            _ => Class::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn class(code: u32) -> Class {
        Refusal { code, transient: false }.class()
    }

    #[test]
    fn only_what_may_be_sent_again_is_sent_again() {
        for code in [2, 4, 17, 613, 80_007, 130_429, 131_016, 131_056, 131_057] {
            assert_eq!(class(code), Class::Later, "{code}");
        }
        for code in [1, 3, 10, 100, 200, 130_472, 131_000, 131_026, 131_042, 131_048, 131_049, 131_051, 132_001] {
            assert_eq!(class(code), Class::Never, "{code}");
        }
        assert_eq!(class(131_047), Class::WindowClosed);
        for code in [0, 33, 102, 190, 368, 131_031, 131_045] {
            assert_eq!(class(code), Class::ChannelDown, "{code}");
        }
    }

    #[test]
    fn the_providers_word_that_it_is_transient_counts() {
        assert_eq!(Refusal { code: 1, transient: true }.class(), Class::Later);
        assert_eq!(Refusal { code: 190, transient: true }.class(), Class::ChannelDown);
        assert_eq!(Refusal { code: 131_047, transient: true }.class(), Class::WindowClosed);
    }

    #[test]
    fn an_error_is_read_in_whatever_form_it_comes() {
        let read = |value: Value| Refusal::read(&value);
        let plain = |code| Some(Refusal { code, transient: false });
        assert_eq!(read(json!({"error": {"code": 131_047, "message": "(#131047) …"}})), plain(131_047));
        assert_eq!(read(json!({"error": {"code": "190"}})), plain(190));
        assert_eq!(read(json!({"error": {"code": -5}})), plain(1));
        assert_eq!(read(json!({"error": {}})), plain(1));
        assert_eq!(
            read(json!({"error": {"code": 4, "is_transient": true}})),
            Some(Refusal { code: 4, transient: true })
        );
        assert_eq!(read(json!({"error": "text"})), None);
        assert_eq!(read(json!({"messages": []})), None);
    }
}
