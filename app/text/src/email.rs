//! E-mails, plain text.
//!
//! *Invariant:* says nothing about the account or whether the person exists beyond what the reader typed.

use crate::catalogue::settings::Settings;
use crate::{Key, Words};

/// Subject and body of the e-mail with the code to sign in.
#[must_use]
pub fn code(words: Words, code: &str, valid_minutes: u32) -> (String, String) {
    let minutes = valid_minutes.to_string();
    (words.fill(Key::EmailCodeSubject, &[code]), words.fill(Key::EmailCodeBody, &[code, &minutes]))
}

/// Subject and body of the e-mail that invites somebody into an account.
#[must_use]
pub fn invite(words: Words, account: &str, link: &str) -> (String, String) {
    (words.fill(Settings::EmailInviteSubject, &[account]), words.fill(Settings::EmailInviteBody, &[account, link]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_in_subject_and_body() {
        for words in [Words::PORTUGUESE, Words::ENGLISH] {
            let (subject, body) = code(words, "123456", 10);
            assert!(subject.contains("123456"));
            assert!(body.contains("123456") && body.contains("10"));
        }
    }
}
