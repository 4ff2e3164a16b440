//! What was written and not sent, one text a conversation.
//!
//! *Invariant:* a draft survives a reload, a closed window, a refusal and a change of conversation; it goes only when
//! sent, dismissed, on signing out, or when somebody else comes in with this browser.

use ciranda_domain::ids::{ConversationId, PersonId};

use crate::browser::{self, storage};

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

/// A text was sent: its draft goes, but not what another tab has written since.
pub fn sent(id: ConversationId, text: &str) {
    if get(id) == text {
        storage::remove(&key(id));
    }
}

/// Another tab of this browser took the draft away with its own: what is written in this one is kept again, unless the
/// person has left.
pub fn keep_again(id: ConversationId, person: Option<PersonId>, text: &str) {
    let owner = storage::get(OWNER).filter(|_| browser::has_come_in());
    if get(id).is_empty() && owner.is_some() && owner == person.map(|person| person.0.to_string()) {
        keep(id, text);
    }
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

fn key(id: ConversationId) -> String {
    let mut key = String::from(PREFIX);
    key.push_str(&id.0.to_string());
    key
}
