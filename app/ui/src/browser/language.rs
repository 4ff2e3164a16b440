//! Portuguese, or English for whoever chose it in this browser.
//!
//! *Invariant:* a page speaks one language from beginning to end. `public/boot.js` decides which, names it in the document
//! and fetches the phrases before a module starts; choosing another one loads the page anew.

use ciranda_text::Lang;

use super::{loader, storage, window};

/// Where the choice is kept; `public/boot.js` reads it.
const KEY: &str = "ciranda.language";

/// The phrases that were fetched for this page; none in Portuguese, which the modules bring along.
pub fn phrases() -> Option<String> {
    loader("phrases")?.as_string()
}

/// Keeps the language and loads the page anew in it.
pub fn choose(lang: Lang) {
    storage::set(KEY, lang.tag());
    // Fails only for a document that is being taken away.
    _ = window().location().reload();
}
