//! Texts that wait for the customer's answer (WIN-07, decision 21).
//!
//! *Invariant:* they leave in the order in which they were written, one at a time: each when the provider has taken over
//! the one before, and only while the window is open. A failed one stops those behind it.

use std::collections::BTreeSet;

use anyhow::Result;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::ConversationId;
use ciranda_domain::life;
use ciranda_domain::message::{Cancelled, Delivery};
use ciranda_domain::time::Moment;
use ciranda_domain::window::{HumanAgent, free_text};

use super::Work;
use crate::store::Scoped;
use crate::store::message::Line;
use crate::store::team::EXPIRY;

/// Lets the next waiting text of each of these conversations leave, where the window is open.
///
/// # Errors
/// When the database cannot be reached.
pub async fn release(scoped: &mut Scoped, work: &mut Work, conversations: &BTreeSet<ConversationId>) -> Result<()> {
    let ready: Vec<ConversationId> =
        conversations.iter().copied().filter(|id| work.head(*id).is_some_and(|head| may_leave(work, head))).collect();
    if ready.is_empty() {
        return Ok(());
    }
    let without = work.changed_lines();
    for line in scoped.next_waiting(&ready, &without).await? {
        let (conversation, message) = (line.message.conversation, line.message.id);
        work.deliver(line, Delivery::Queued)?;
        let head = work.head_mut(conversation)?;
        head.waiting = head.waiting.saturating_sub(1);
        work.send(conversation, message)?;
    }
    Ok(())
}

fn may_leave(work: &Work, head: &Conversation) -> bool {
    let Some(channel) = work.reference.channels.get(&head.channel) else { return false };
    head.waiting > 0 && free_text(&head.window, channel.kind, HumanAgent::NotGranted, work.now).leaves()
}

/// Cancels every waiting text of a conversation that is locked.
///
/// # Errors
/// When the database cannot be reached.
pub async fn cancel(scoped: &mut Scoped, work: &mut Work, conversation: ConversationId, why: Cancelled) -> Result<()> {
    for line in scoped.waiting_lines(conversation).await? {
        work.deliver(line, Delivery::Cancelled(why))?;
    }
    work.head_mut(conversation)?.waiting = 0;
    work.timer(EXPIRY, conversation.0, None);
    Ok(())
}

/// Cancels the waiting texts of a locked conversation that are too old, and sets the timer for the next.
///
/// # Errors
/// When the database cannot be reached.
pub async fn expire(scoped: &mut Scoped, work: &mut Work, conversation: ConversationId) -> Result<()> {
    let (expired, rest): (Vec<Line>, Vec<Line>) = scoped
        .waiting_lines(conversation)
        .await?
        .into_iter()
        .partition(|line| life::expires_at(line.message.at) <= work.now);
    let kept = rest.len();
    let next: Option<Moment> = rest.iter().map(|line| life::expires_at(line.message.at)).min();
    for line in expired {
        work.deliver(line, Delivery::Cancelled(Cancelled::Expired))?;
    }
    work.head_mut(conversation)?.waiting = u32::try_from(kept).unwrap_or(u32::MAX);
    work.timer(EXPIRY, conversation.0, next);
    Ok(())
}
