//! Light, dark, or what the system says.
//!
//! *Invariant:* the choice is an attribute of the document; every colour follows from it in `style/tokens.css`.

use super::{document, storage};

/// Where the choice is kept; `public/boot.js` reads it before the first paint.
const KEY: &str = "ciranda.theme";

/// What a person chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The one kept.
    pub fn kept() -> Self {
        match storage::get(KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            Some(_) | None => Self::System,
        }
    }

    /// Keeps and applies it.
    pub fn choose(self) {
        match self.name() {
            Some(name) => storage::set(KEY, name),
            None => storage::remove(KEY),
        }
        self.apply();
    }

    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        _ = match self.name() {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
    }
}
