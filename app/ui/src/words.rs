//! The language of the screens: chosen once when the page starts.
//!
//! Portuguese is in the module. English is fetched when somebody asks for it (`ciranda_text::Words::loaded`), and the
//! page starts again in it, so no screen has to follow a change of language while it is open.

use std::cell::Cell;

use ciranda_text::{Key, Words};

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
pub fn t(key: Key) -> &'static str {
    words().get(key)
}

/// A phrase with its placeholders filled.
pub fn tf(key: Key, values: &[&str]) -> String {
    words().fill(key, values)
}

/// What a button does and to which text, for those who hear it without seeing what stands above it.
pub fn about(key: Key, text: &str) -> String {
    const ENOUGH: usize = 60;
    let beginning: String = text.chars().take(ENOUGH).collect();
    [t(key), ": ", &beginning].concat()
}
