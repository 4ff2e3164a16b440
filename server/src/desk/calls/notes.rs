//! Notes that people write for one another.
//!
//! *Invariant:* a note never comes near the outbox; its id is made by its author's browser and names one note for ever.

use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::access::{Actor, Refusal};
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::life::{self, Noted};
use ciranda_domain::message::{Content, Message};

use super::super::{Work, clean};
use super::texts::{context, is_own};
use crate::store::Scoped;

/// Writes a note that calls people.
///
/// # Errors
/// When the database cannot be reached. A refusal is no error.
pub async fn add(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    message: MessageId,
    (text, mentions): (&str, &[PersonId]),
) -> Result<std::result::Result<(), Refusal>> {
    work.hold(scoped.lock_conversations(&[id]).await?);
    let Some(head) = work.head(id).cloned() else { return Ok(Err(Refusal::NotFound)) };
    if let Some(written) = scoped.lines(&[message]).await?.pop() {
        return Ok(if is_own(&written, id, actor) { Ok(()) } else { Err(Refusal::NotFound) });
    }
    let mut text = text.to_owned();
    clean::text(&mut text);
    let reference = Arc::clone(&work.reference);
    let Noted { head: after, mentions } = match life::note(&head, &text, mentions, &context(work, actor, &reference)) {
        Ok(noted) => noted,
        Err(refusal) => return Ok(Err(refusal)),
    };
    *work.head_mut(id)? = after;
    let content = Content::Note { author: actor.person, text, mentions };
    work.line(Message { id: message, conversation: id, at: work.now, order: 0, content }, None)?;
    Ok(Ok(()))
}
