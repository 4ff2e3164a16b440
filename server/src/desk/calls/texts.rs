//! Texts that people write: sent, taken back while they wait, sent again after a failure.
//!
//! *Invariant:* a text's id is made by its author's browser and names one text for ever: asking for the same one again
//! sends nothing.

use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::access::{Actor, Refusal};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_domain::life::{self, Context, Written};
use ciranda_domain::message::{Body, Content, Delivery, Message};
use ciranda_domain::window::HumanAgent;

use super::super::{Reference, Work, clean};
use crate::store::Scoped;
use crate::store::message::Line;
use crate::store::team::EXPIRY;

type Decided = std::result::Result<(), Refusal>;

/// Writes a text: it leaves, or it waits for the customer's answer.
///
/// # Errors
/// When the database cannot be reached. A refusal is no error.
pub async fn send(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    message: MessageId,
    text: &str,
) -> Result<Decided> {
    let Some((head, kind)) = hold(scoped, work, id).await? else { return Ok(Err(Refusal::NotFound)) };
    if let Some(written) = scoped.lines(&[message]).await?.pop() {
        return Ok(if is_own(&written, id, actor) { Ok(()) } else { Err(Refusal::NotFound) });
    }
    let mut text = text.to_owned();
    clean::text(&mut text);
    let reference = Arc::clone(&work.reference);
    let context = context(work, actor, &reference);
    let Written { delivery, head: after } = match life::write(&head, &text, kind, HumanAgent::NotGranted, &context) {
        Ok(written) => written,
        Err(refusal) => return Ok(Err(refusal)),
    };
    *work.head_mut(id)? = after;
    let content = Content::Outbound { author: actor.person, body: Body::Text(text), delivery };
    work.line(Message { id: message, conversation: id, at: work.now, order: 0, content }, None)?;
    depart(work, id, message, delivery, head.waiting)?;
    Ok(Ok(()))
}

/// Takes a waiting text back.
///
/// # Errors
/// When the database cannot be reached. A refusal is no error.
pub async fn cancel_waiting(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    message: MessageId,
) -> Result<Decided> {
    let Some((head, _)) = hold(scoped, work, id).await? else { return Ok(Err(Refusal::NotFound)) };
    let reference = Arc::clone(&work.reference);
    let context = context(work, actor, &reference);
    let Some(line) = text_of(scoped, id, message).await? else { return Ok(Err(Refusal::NotFound)) };
    let (Content::Outbound { author, .. }, Some(delivery)) = (&line.message.content, line.delivery()) else {
        return Ok(Err(Refusal::NotFound));
    };
    match life::cancel_waiting(&head, *author, delivery, &context) {
        Ok(Written { delivery, head }) => {
            if head.waiting == 0 {
                work.timer(EXPIRY, id.0, None);
            }
            *work.head_mut(id)? = head;
            work.deliver(line, delivery)?;
            Ok(Ok(()))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Sends a text again that failed or whose outcome is unknown, or one that was stopped behind such a one.
///
/// # Errors
/// When the database cannot be reached. A refusal is no error.
pub async fn retry(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    message: MessageId,
) -> Result<Decided> {
    let Some((head, kind)) = hold(scoped, work, id).await? else { return Ok(Err(Refusal::NotFound)) };
    let reference = Arc::clone(&work.reference);
    let context = context(work, actor, &reference);
    let Some(mut line) = text_of(scoped, id, message).await? else { return Ok(Err(Refusal::NotFound)) };
    let Some(delivery) = line.delivery() else { return Ok(Err(Refusal::NotFound)) };
    if delivery == Delivery::Waiting {
        let next = scoped.next_waiting(&[id], &[]).await?.pop();
        if next.is_none_or(|next| next.message.id != message) {
            return Ok(Err(Refusal::TooLate));
        }
    }
    match life::retry(&head, delivery, kind, HumanAgent::NotGranted, &context) {
        Ok(Written { delivery, head: after }) => {
            *work.head_mut(id)? = after;
            // The new attempt gets a name of its own from the provider.
            line.provider_id = None;
            work.deliver(line, delivery)?;
            depart(work, id, message, delivery, head.waiting)?;
            Ok(Ok(()))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Into the outbox, or under the timer of waiting texts, which is set for the oldest of them.
fn depart(work: &mut Work, id: ConversationId, message: MessageId, to: Delivery, waiting: u32) -> Result<()> {
    match to {
        Delivery::Queued => work.send(id, message),
        Delivery::Waiting => {
            if waiting == 0 {
                work.timer(EXPIRY, id.0, Some(life::expires_at(work.now)));
            }
            Ok(())
        }
        Delivery::Accepted
        | Delivery::Sent
        | Delivery::Delivered
        | Delivery::Read
        | Delivery::Failed { .. }
        | Delivery::Unknown
        | Delivery::Cancelled(_) => Ok(()),
    }
}

async fn hold(scoped: &mut Scoped, work: &mut Work, id: ConversationId) -> Result<Option<(Conversation, ChannelKind)>> {
    work.hold(scoped.lock_conversations(&[id]).await?);
    let Some(head) = work.head(id).cloned() else { return Ok(None) };
    let kind = work.reference.channels.get(&head.channel).map(|channel| channel.kind);
    Ok(kind.map(|kind| (head, kind)))
}

async fn text_of(scoped: &mut Scoped, id: ConversationId, message: MessageId) -> Result<Option<Line>> {
    let line = scoped.lines(&[message]).await?.pop();
    Ok(line.filter(|line| line.message.conversation == id))
}

/// Whether the person wrote the line, and there.
pub(super) fn is_own(line: &Line, id: ConversationId, actor: &Actor) -> bool {
    let (Content::Outbound { author, .. } | Content::Note { author, .. }) = &line.message.content else { return false };
    *author == actor.person && line.message.conversation == id
}

pub(super) fn context<'a>(work: &Work, actor: &'a Actor, reference: &'a Reference) -> Context<'a> {
    Context {
        now: work.now,
        actor,
        organisation: &reference.organisation,
        archive: reference.preference(actor.person),
        other_open: false,
    }
}
