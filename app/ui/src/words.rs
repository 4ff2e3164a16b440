//! The language of the screens: chosen once when the page starts.
//!
//! It does not change while a page is open, so no screen follows it.

use std::cell::Cell;

use ciranda_text::{Lang, Phrase, Words, fetched};

use crate::browser::language;

thread_local! {
    static WORDS: Cell<Words> = const { Cell::new(Words::PORTUGUESE) };
}

/// The catalogue in the chosen language.
pub fn words() -> Words {
    WORDS.get()
}

/// Takes up the page's language; called before anything is shown.
pub fn take_up() {
    if let Some(words) = language::phrases().and_then(fetched::speak) {
        WORDS.set(words);
    }
}

/// The language that the page does not speak.
pub fn other_language() -> Lang {
    match words().lang() {
        Lang::Portuguese => Lang::English,
        Lang::English => Lang::Portuguese,
    }
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
