//! What the entry screen does: asks for a code, gives it, or uses another way in; errors in words.

use ciranda_api::ErrorCode;
pub use ciranda_api::{DemoPerson, enter, enter_as, redeem_link, request_code, sign_in_options, sign_out};
use ciranda_text::Key;

/// How long before another code can be asked for, in seconds.
pub const RESEND_AFTER: u32 = 60;

/// What an error says.
pub const fn explain(code: ErrorCode) -> Key {
    match code {
        ErrorCode::Offline => Key::ErrorNetwork,
        ErrorCode::SignedOut => Key::ErrorSignedOut,
        ErrorCode::TooMany => Key::ErrorTooMany,
        ErrorCode::BadCode => Key::ErrorCodeWrong,
        ErrorCode::BadLink => Key::ErrorLinkDead,
        ErrorCode::Invalid => Key::ErrorLoginInvalid,
        ErrorCode::NotFound => Key::ErrorMissing,
        ErrorCode::NotAllowed => Key::RefusedNotAllowed,
        ErrorCode::DemoOnly => Key::ErrorDemoOnly,
        ErrorCode::Unavailable => Key::ErrorServer,
    }
}

/// The digits of what was typed or pasted, six at most: a code is often pasted with spaces or words around it.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).take(6).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_what_was_pasted() {
        assert_eq!(digits(" 123 456\n"), "123456");
        assert_eq!(digits("código: 1234567"), "123456");
        assert_eq!(digits("12a"), "12");
    }
}
