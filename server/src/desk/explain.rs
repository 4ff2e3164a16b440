//! Why a conversation went where it is: the decisions that were kept when they were made.
//!
//! *Invariant:* nothing is reconstructed: what is told is what the engine considered at that instant. Who does not see
//! the conversation learns nothing, not even that it exists.

use anyhow::Result;
use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::{AccountId, ConversationId, PersonId};

use crate::app::App;
use crate::store;

/// The decisions about a conversation, oldest first; none when this person does not see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn explain(
    app: &App,
    account: AccountId,
    person: PersonId,
    conversation: ConversationId,
) -> Result<Option<Vec<Decision>>> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let Some(held) = scoped.conversations(&[conversation]).await?.pop() else { return Ok(None) };
    let atoms = reference.rights(person).atoms;
    if !held.audience.iter().any(|atom| atoms.contains(atom)) {
        return Ok(None);
    }
    Ok(Some(scoped.decisions(conversation).await?))
}
