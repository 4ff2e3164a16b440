//! The language of the screens: chosen once when the page starts.
//!
//! It does not change while a page is open, so no screen follows it.

use std::cell::Cell;

use ciranda_text::{Phrase, Words};

thread_local! {
    static WORDS: Cell<Words> = const { Cell::new(Words::PORTUGUESE) };
}

/// The catalogue in the chosen language.
pub fn words() -> Words {
    WORDS.get()
}

/// Chooses the language; called before anything is shown.
pub fn speak(words: Words) {
    WORDS.set(words);
}

/// A phrase as it stands.
pub fn t(key: impl Phrase) -> &'static str {
    words().get(key)
}

/// A phrase with its placeholders filled.
pub fn tf(key: impl Phrase, values: &[&str]) -> String {
    words().fill(key, values)
}

/// What a button does and to which text, for those who hear it without seeing what stands above it.
pub fn about(key: impl Phrase, text: &str) -> String {
    const ENOUGH: usize = 60;
    let beginning: String = text.chars().take(ENOUGH).collect();
    [t(key), ": ", &beginning].concat()
}
