//! Whom a contact's conversations are offered to first (OVF-14).
//!
//! *Invariant:* the contact and all of its conversations say the same when the transaction ends.

use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::access::{Actor, Refusal};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::life;

use super::super::Work;
use super::super::settings::preferred_row;
use super::texts::context;
use crate::store::Scoped;

/// Chooses somebody, or nobody.
///
/// # Errors
/// When the database cannot be reached. A refusal is no error.
pub async fn set(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    person: Option<PersonId>,
) -> Result<std::result::Result<(), Refusal>> {
    let Some(seen) = scoped.conversations(&[id]).await?.pop() else { return Ok(Err(Refusal::NotFound)) };
    let contact = seen.head.contact.id;
    let all = scoped.conversations_of(contact).await?;
    work.hold(scoped.lock_conversations(&all).await?);
    let Some(head) = work.head(id).cloned() else { return Ok(Err(Refusal::NotFound)) };
    let reference = Arc::clone(&work.reference);
    if let Err(refusal) = life::prefer(&head, person, &context(work, actor, &reference)) {
        return Ok(Err(refusal));
    }
    if head.contact.preferred != person {
        work.writes.audit.push(preferred_row(actor.person, &head.contact, person));
    }
    scoped.prefer(contact, person).await?;
    for conversation in all {
        work.head_mut(conversation)?.contact.preferred = person;
    }
    Ok(Ok(()))
}
