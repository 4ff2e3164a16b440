//! What was written and not sent, one text a conversation.
//!
//! *Invariant:* a draft survives a reload, a closed window, a refusal and a change of conversation; it goes only when
//! sent, dismissed, on signing out, or when somebody else comes in with this browser.

use ciranda_domain::ids::{ConversationId, PersonId};

use crate::browser::storage;

const PREFIX: &str = "ciranda.draft.";
/// Whose they are.
const OWNER: &str = "ciranda.drafts-of";

/// The draft of a conversation, empty when there is none.
pub fn get(id: ConversationId) -> String {
    storage::get(&key(id)).unwrap_or_default()
}

/// Keeps a draft.
pub fn keep(id: ConversationId, text: &str) {
    if text.is_empty() {
        storage::remove(&key(id));
    } else {
        storage::set(&key(id), text);
    }
}

/// Takes a draft away.
pub fn take(id: ConversationId) -> String {
    let text = get(id);
    storage::remove(&key(id));
    text
}

/// Puts a refused text back, before whatever was written meanwhile.
pub fn give_back(id: ConversationId, text: &str) {
    let later = get(id);
    if later.is_empty() {
        keep(id, text);
    } else {
        keep(id, &[text, &later].join("\n"));
    }
}

/// Somebody has come in: what another person wrote here is not theirs to read.
pub fn belong_to(person: PersonId) {
    let person = person.0.to_string();
    if storage::get(OWNER).is_some_and(|owner| owner != person) {
        forget_all();
    }
    storage::set(OWNER, &person);
}

/// Forgets all of them.
pub fn forget_all() {
    storage::remove_all(PREFIX);
}

fn key(id: ConversationId) -> String {
    let mut key = String::from(PREFIX);
    key.push_str(&id.0.to_string());
    key
}
