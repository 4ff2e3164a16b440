//! Short messages about what happened, told politely to screen readers too.
//!
//! *Invariant:* at most three are on screen; each goes by itself unless it asks for an act.

use std::time::Duration;

use leptos::prelude::*;

/// One message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Toast {
    pub id: u32,
    pub text: String,
    /// Stays, and offers to load the page again.
    pub reload: bool,
}

/// Those on screen, oldest first.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

/// Long enough to read two lines.
const LIFE: Duration = Duration::from_secs(8);
const MOST: usize = 3;

impl Toasts {
    pub(super) fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), last: StoredValue::new(0) }
    }

    /// Those on screen.
    pub fn list(&self) -> Vec<Toast> {
        self.list.get()
    }

    /// Says something for a while.
    pub fn say(&self, text: &str) {
        let id = self.push(text, false);
        let toasts = *self;
        set_timeout(move || toasts.dismiss(id), LIFE);
    }

    /// Says something until the page is loaded again.
    pub fn sticky(&self, text: &str) {
        self.push(text, true);
    }

    /// Takes one away.
    pub fn dismiss(&self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }

    fn push(&self, text: &str, reload: bool) -> u32 {
        let id = self.last.get_value() + 1;
        self.last.set_value(id);
        self.list.update(|list| {
            // What says the same, and perhaps more, takes the place of what was said.
            list.retain(|toast| !text.starts_with(&toast.text));
            if list.len() == MOST {
                list.remove(0);
            }
            list.push(Toast { id, text: text.to_owned(), reload });
        });
        id
    }
}
