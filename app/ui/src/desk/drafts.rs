//! What was written and not sent: a text and a note for each conversation.
//!
//! *Invariant:* a draft survives a reload, a closed window, a refusal and a change of conversation; it goes only when
//! sent, dismissed, on signing out, or when somebody else comes in with this browser.

use ciranda_domain::ids::{ConversationId, PersonId};

use crate::browser::{self, storage};

const PREFIX: &str = "ciranda.draft.";
/// Whose they are.
const OWNER: &str = "ciranda.drafts-of";

/// What a draft is: for the customer, or a note. The two never mix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    Text(ConversationId),
    Note(ConversationId),
}

/// The draft of a conversation, empty when there is none.
pub fn get(slot: Slot) -> String {
    storage::get(&key(slot)).unwrap_or_default()
}

/// Keeps a draft.
pub fn keep(slot: Slot, text: &str) {
    if text.is_empty() {
        storage::remove(&key(slot));
    } else {
        storage::set(&key(slot), text);
    }
}

/// Takes a draft away.
pub fn take(slot: Slot) -> String {
    let text = get(slot);
    storage::remove(&key(slot));
    text
}

/// A text was sent: its draft goes, but not what another tab has written since.
pub fn sent(slot: Slot, text: &str) {
    if get(slot) == text {
        storage::remove(&key(slot));
    }
}

/// Another tab of this browser took the draft away with its own: what is written in this one is kept again, unless the
/// person has left.
pub fn keep_again(slot: Slot, person: Option<PersonId>, text: &str) {
    let owner = storage::get(OWNER).filter(|_| browser::has_come_in());
    if get(slot).is_empty() && owner.is_some() && owner == person.map(|person| person.0.to_string()) {
        keep(slot, text);
    }
}

/// Puts a refused text back, before whatever was written meanwhile.
pub fn give_back(slot: Slot, text: &str) {
    let later = get(slot);
    if later.is_empty() {
        keep(slot, text);
    } else {
        keep(slot, &[text, &later].join("\n"));
    }
}

/// Somebody has come in: what another person wrote here is not theirs to read.
pub fn belong_to(person: PersonId) {
    let person = person.0.to_string();
    let owner = storage::get(OWNER);
    // First, so that no other tab keeps again what goes.
    storage::set(OWNER, &person);
    if owner.is_some_and(|owner| owner != person) {
        forget_all();
    }
}

/// Forgets all of them.
pub fn forget_all() {
    storage::remove_all(PREFIX);
}

fn key(slot: Slot) -> String {
    let (kind, id) = match slot {
        Slot::Text(id) => ("", id),
        Slot::Note(id) => ("note.", id),
    };
    [PREFIX, kind, &id.0.to_string()].concat()
}
