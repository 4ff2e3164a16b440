//! Texts and notes that were sent and whose outcome is not known, kept in the browser so that a reloaded page takes them up again.
//!
//! *Invariant:* a text is kept from the press that sent it until the server has told what became of it. The server takes
//! a text's id once, so asking again, from whichever tab, sends nothing twice.

use std::collections::BTreeSet;

use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::time::Moment;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Input;

use super::{Core, Desk};
use crate::browser::storage;

const PREFIX: &str = "ciranda.unsent.";

/// A kept text.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Unsent {
    by: PersonId,
    conversation: ConversationId,
    at: Moment,
    /// Whom a note calls; none for a text, which leaves for the customer.
    note: Option<Vec<PersonId>>,
    text: String,
}

impl Unsent {
    /// One line of three words, of a note "nota" and whom it calls besides, then the text as it is.
    fn write(&self) -> String {
        let Self { by, conversation, at, note, text } = self;
        let mut line = [&by.0.to_string(), " ", &conversation.0.to_string(), " ", &at.0.to_string()].concat();
        if let Some(mentions) = note {
            line.push_str(" nota");
            for person in mentions {
                line.push(' ');
                line.push_str(&person.0.to_string());
            }
        }
        line.push('\n');
        line.push_str(text);
        line
    }

    fn read(kept: &str) -> Option<Self> {
        let (line, text) = kept.split_once('\n')?;
        let mut words = line.split(' ');
        let by = PersonId(words.next()?.parse().ok()?);
        let conversation = ConversationId(words.next()?.parse().ok()?);
        let at = Moment(words.next()?.parse().ok()?);
        let note = words.next().map(|_| words.filter_map(|id| id.parse().ok()).map(PersonId).collect());
        Some(Self { by, conversation, at, note, text: text.to_owned() })
    }

    fn of(call: &Call, by: PersonId, at: Moment) -> Option<(MessageId, Self)> {
        let (conversation, message, text, note) = match call {
            Call::Send { conversation, message, text } => (conversation, message, text, None),
            Call::AddNote { conversation, message, text, mentions } => {
                (conversation, message, text, Some(mentions.clone()))
            }
            _ => return None,
        };
        Some((*message, Self { by, conversation: *conversation, at, note, text: text.clone() }))
    }

    fn call(self, message: MessageId) -> Call {
        let Self { conversation, note, text, .. } = self;
        match note {
            None => Call::Send { conversation, message, text },
            Some(mentions) => Call::AddNote { conversation, message, text, mentions },
        }
    }
}

impl Desk {
    /// The outbox changed: what is new in it is kept, what has gone from it is forgotten.
    pub(super) fn keep_unsent(core: &Core) {
        let client = core.client.borrow();
        let Some(by) = client.view().me() else { return };
        let mut kept = core.unsent.borrow_mut();
        let mut present = BTreeSet::new();
        for entry in client.outbox().entries() {
            let Some((message, unsent)) = Unsent::of(&entry.call, by, entry.at) else { continue };
            present.insert(message);
            if !kept.contains(&message) {
                storage::set(&key(message), &unsent.write());
            }
        }
        for message in kept.difference(&present) {
            storage::remove(&key(*message));
        }
        *kept = present;
    }

    /// Takes up what an earlier page of this person left; old texts ask before they leave.
    pub(super) fn take_up_unsent(&self) {
        let me = self.me();
        // What was written on this very page is in the outbox already.
        let own = self.core().unsent.borrow().clone();
        for key in storage::keys(PREFIX) {
            let message = key.strip_prefix(PREFIX).and_then(|id| id.parse().ok()).map(MessageId);
            let message = message.filter(|message| !own.contains(message));
            let kept = storage::get(&key).as_deref().and_then(Unsent::read).filter(|unsent| Some(unsent.by) == me);
            if let Some((message, unsent)) = message.zip(kept) {
                let at = unsent.at;
                self.input(Input::Recall { call: unsent.call(message), at });
            }
        }
    }
}

/// Forgets all of them.
pub fn forget_all() {
    storage::remove_all(PREFIX);
}

fn key(message: MessageId) -> String {
    [PREFIX, &message.0.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_text_is_read_as_it_was_written_line_breaks_included() {
        let unsent = Unsent {
            by: PersonId(Uuid::from_u128(1)),
            conversation: ConversationId(Uuid::from_u128(2)),
            at: Moment(1_795_521_694_515),
            note: None,
            text: "Bom dia!\n\nAté já ".to_owned(),
        };
        for note in [None, Some(vec![]), Some(vec![PersonId(Uuid::from_u128(3)), PersonId(Uuid::from_u128(4))])] {
            let unsent = Unsent { note, ..unsent.clone() };
            assert_eq!(Unsent::read(&unsent.write()), Some(unsent));
        }
        assert_eq!(Unsent::read("outra coisa"), None);
        assert_eq!(Unsent::read(""), None);
    }
}
