//! Read receipts: the customer sees that their messages were read.
//!
//! *Invariant:* a receipt is a courtesy. One that cannot be sent is tried again as long as nothing was refused, and
//! never holds up a text.

use anyhow::Result;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{AccountId, ConversationId};
use ciranda_domain::time::Span;

use super::super::graph::{Class, From, Sent};
use super::Post;
use super::send::token;
use crate::metrics::{Kind, Metric};
use crate::store::begin;

/// For so long nobody else sends it; also the pause before it is tried again.
const LEASE: Span = Span::seconds(30);

static RECEIPTS: Metric = Metric {
    name: "ciranda_read_receipts_total",
    help: "Calls that marked a customer's message as read, by outcome.",
    kind: Kind::Counter,
};

/// Sends a conversation's receipt.
pub async fn send(post: &Post, account: AccountId, conversation: ConversationId) -> Result<()> {
    let mut scoped = begin(&post.app, account).await?;
    let receipt = scoped.take_receipt(conversation, LEASE).await?;
    scoped.commit().await?;
    let Some(receipt) = receipt else { return Ok(()) };
    let sent = match (receipt.from.kind, token(&post.app, account, &receipt.from)) {
        (ChannelKind::WhatsApp, Some(token)) => {
            let from = From { phone_number_id: &receipt.from.provider_id, token: &token };
            Some(post.graph.mark_read(from, &receipt.provider_id).await)
        }
        (ChannelKind::WhatsApp | ChannelKind::Instagram | ChannelKind::Messenger, _) => None,
    };
    let outcome = match &sent {
        Some(Sent::NotSent) => "again later",
        Some(Sent::Refused(refusal)) if refusal.class() == Class::Later => "again later",
        Some(Sent::Accepted { .. }) => "accepted",
        Some(Sent::Refused(_)) => "refused",
        Some(Sent::Unknown) => "unknown",
        None => "not possible",
    };
    post.app.metrics.add(&RECEIPTS, &[("outcome", outcome)], 1);
    if outcome == "again later" {
        return Ok(());
    }
    let mut scoped = begin(&post.app, account).await?;
    scoped.receipt_done(conversation, &receipt.provider_id).await?;
    Ok(scoped.commit().await?)
}
