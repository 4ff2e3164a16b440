//! Notes: what people tell one another inside a conversation, and whom they call with it (decision 16).
//!
//! *Invariant:* a note changes neither the window, the counters nor the last line: nothing that the customer, or the
//! customer's place in the list, could be told by. Only who sees the conversation can be called.

use crate::access::{Action, Refusal, may};
use crate::conversation::{Conversation, Mention};
use crate::ids::PersonId;
use crate::life::Context;
use crate::limits::validate_note;

/// What becomes of a note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noted {
    pub head: Conversation,
    /// Of those the author called, the ones who see it.
    pub mentions: Vec<PersonId>,
}

/// Decides a note that `context.actor` writes now.
///
/// # Errors
/// [`Refusal::BadText`] for a blank or too long text, else as [`may`] says.
pub fn note(head: &Conversation, text: &str, mentions: &[PersonId], context: &Context<'_>) -> Result<Noted, Refusal> {
    may(context.actor, Action::AddNote, head)?;
    validate_note(text).map_err(|_| Refusal::BadText)?;
    let by = context.actor.person;
    let mut noted = Noted { head: head.clone(), mentions: Vec::new() };
    for of in mentions {
        let sees = context.organisation.actor(*of).is_some_and(|actor| actor.sees(head));
        if *of != by && sees && !noted.mentions.contains(of) {
            noted.mentions.push(*of);
            noted.head.mentions.retain(|mention| mention.of != *of);
            noted.head.mentions.push(Mention { of: *of, by });
        }
    }
    Ok(noted)
}

impl Conversation {
    /// Who called this person in a note that they have not looked at.
    #[must_use]
    pub fn called_by(&self, person: PersonId) -> Option<PersonId> {
        self.mentions.iter().find(|mention| mention.of == person).map(|mention| mention.by)
    }
}
