//! The list of people whom a note can call, above the field while an `@` is being written.
//!
//! *Invariant:* the focus stays in the field: its keys move in the list, a press chooses without taking it away.

use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use leptos::html;
use leptos::prelude::*;

use crate::desk::Desk;
use crate::desk::drafts::{self, Slot};
use crate::parts::avatar::Avatar;
use crate::show::mention::{Choice, asked, caret, choices, completed};
use crate::words::t;

/// The list; cheap to copy.
#[derive(Clone, Copy)]
pub struct Picker {
    desk: Desk,
    id: ConversationId,
    node: NodeRef<html::Textarea>,
    choices: RwSignal<Vec<Choice>>,
    at: RwSignal<usize>,
    text: RwSignal<String>,
}

impl Picker {
    /// A closed list beside a field that holds `text`.
    pub fn new(desk: Desk, id: ConversationId, node: NodeRef<html::Textarea>, text: RwSignal<String>) -> Self {
        Self { desk, id, node, choices: RwSignal::new(Vec::new()), at: RwSignal::new(0), text }
    }

    pub fn close(self) {
        if !self.choices.with_untracked(Vec::is_empty) {
            self.choices.set(Vec::new());
        }
    }

    /// The text changed: opens where a name is being written in a note.
    pub fn look(self, note: bool, text: &str) {
        let choices = asked(&text[..self.caret(text)]).filter(|_| note).and_then(|asked| {
            self.desk.look(|view| {
                let head = view.conversation(self.id)?;
                Some(choices(&view.reference().organisation, head, view.me()?, asked))
            })
        });
        self.at.set(0);
        self.choices.set(choices.unwrap_or_default());
    }

    /// Takes a key of the field; tells whether it was the list's.
    pub fn key(self, key: &str) -> bool {
        let there = self.choices.with_untracked(Vec::len);
        if there == 0 {
            return false;
        }
        let at = self.at.get_untracked();
        match key {
            "ArrowDown" => self.at.set((at + 1) % there),
            "ArrowUp" => self.at.set((at + there - 1) % there),
            "Enter" | "Tab" => self.choose(at),
            "Escape" => self.close(),
            _ => return false,
        }
        true
    }

    fn choose(self, at: usize) {
        let chosen = self.choices.with_untracked(|choices| choices.get(at).cloned());
        let (Some(field), Some(chosen)) = (self.node.get_untracked(), chosen) else { return };
        let text = field.value();
        let (text, place) = completed(&text, self.caret(&text), &chosen.name);
        self.close();
        // At once, before another key is pressed; what the signal then gives the field is the same, and moves nothing.
        field.set_value(&text);
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        _ = field.set_selection_range(place, place);
        drafts::keep(Slot::Note(self.id), &text);
        self.text.set(text);
    }

    fn caret(self, text: &str) -> usize {
        let field = self.node.get_untracked();
        let units = field.and_then(|field| field.selection_start().ok().flatten());
        units.map_or(text.len(), |units| caret(text, units as usize))
    }

    /// The list, where there is one.
    pub fn view(self) -> impl IntoView {
        let option = move |(at, choice): (usize, Choice)| {
            view! {
                <li role="option" aria-selected=move || if self.at.get() == at { "true" } else { "false" }
                    on:mousedown=move |press| {
                        press.prevent_default();
                        self.choose(at);
                    }>
                    <Avatar name=choice.name.clone() class="av small"/>{choice.name}
                </li>
            }
        };
        move || {
            let choices = self.choices.get();
            (!choices.is_empty()).then(|| {
                let options = choices.into_iter().enumerate().map(option).collect_view();
                view! { <ul class="mentions" role="listbox" aria-label=t(Key::NotePeople)>{options}</ul> }
            })
        }
    }
}
