//! The contact's preferred attendant: whom a conversation is offered to first (OVF-14, decision 6).
//!
//! *Invariant:* choosing one moves no conversation: it counts when one joins a queue, and only for who can take it then.

use crate::access::{Action, Refusal, may};
use crate::conversation::Conversation;
use crate::ids::PersonId;
use crate::life::Context;

/// Decides who is preferred from now on; nobody with `None`.
///
/// # Errors
/// [`Refusal::CannotReceive`] for somebody who attends no team, else as [`may`] says.
pub fn prefer(head: &Conversation, person: Option<PersonId>, context: &Context<'_>) -> Result<Conversation, Refusal> {
    may(context.actor, Action::Prefer, head)?;
    if person.is_some_and(|person| !context.organisation.attends_somewhere(person)) {
        return Err(Refusal::CannotReceive);
    }
    let mut after = head.clone();
    after.contact.preferred = person;
    Ok(after)
}
