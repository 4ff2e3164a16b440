//! What became of a text that was handed to a provider, or was about to be.
//!
//! *Invariant:* a text leaves the outbox in the transaction that records its outcome; the next waiting one is queued in
//! that same transaction. An outcome that comes after a status of the provider takes nothing back.

use std::collections::BTreeSet;

use anyhow::Result;
use ciranda_domain::conversation::State;
use ciranda_domain::ids::{AccountId, ConversationId, MessageId};
use ciranda_domain::life;
use ciranda_domain::message::{Cancelled, Content, Delivery};
use ciranda_domain::window;

use super::statuses::{closes_window, folded};
use super::{Work, attempts, waiting};
use crate::app::App;
use crate::store::message::Line;
use crate::store::team::EXPIRY;
use crate::store::{self, Scoped};

/// What became of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SendOutcome {
    /// The provider took it over and named it.
    Accepted { provider_id: String },
    /// Refused for good.
    Failed { code: u32 },
    /// Refused because the window is closed, although it was computed open.
    WindowClosed { code: u32 },
    /// It was not handed over: the window has closed, or is about to.
    Waits,
    /// It may or may not have been taken over.
    Unknown,
}

/// Records the outcome of a text and takes it out of the outbox.
///
/// # Errors
/// When the database cannot be reached; nothing is recorded then.
pub async fn record(app: &App, account: AccountId, message: MessageId, outcome: &SendOutcome) -> Result<()> {
    attempts(|| once(app, account, message, outcome)).await
}

async fn once(app: &App, account: AccountId, message: MessageId, outcome: &SendOutcome) -> Result<()> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(reference, scoped.now);
    work.writes.departed.push(message.0);
    if let Some(found) = scoped.lines(&[message]).await?.pop() {
        let conversation = found.message.conversation;
        work.hold(scoped.lock_conversations(&[conversation]).await?);
        // Read again, now that nobody else can change it.
        if let Some(line) = scoped.lines(&[message]).await?.pop() {
            settle(&mut scoped, &mut work, conversation, line, outcome).await?;
        }
    }
    work.commit(app, scoped).await?;
    Ok(())
}

async fn settle(
    scoped: &mut Scoped,
    work: &mut Work,
    conversation: ConversationId,
    mut line: Line,
    outcome: &SendOutcome,
) -> Result<()> {
    let Some(current) = line.delivery() else { return Ok(()) };
    match outcome {
        SendOutcome::Accepted { provider_id } => {
            let statuses = scoped.statuses(line.channel, provider_id).await?;
            let to = folded(current, &statuses);
            line.provider_id = Some(provider_id.clone());
            work.deliver(line, to)?;
            if !matches!(to, Delivery::Failed { .. }) {
                waiting::release(scoped, work, &BTreeSet::from([conversation])).await?;
            }
            Ok(())
        }
        SendOutcome::Failed { code } => {
            if closes_window(*code) {
                refuse(work, conversation)?;
            }
            replace(work, line, current, Delivery::Failed { code: *code })
        }
        SendOutcome::WindowClosed { code: _ } => {
            refuse(work, conversation)?;
            wait(work, conversation, line, current)
        }
        SendOutcome::Unknown => replace(work, line, current, Delivery::Unknown),
        SendOutcome::Waits => wait(work, conversation, line, current),
    }
}

/// The provider's word counts more than what was computed.
fn refuse(work: &mut Work, conversation: ConversationId) -> Result<()> {
    let now = work.now;
    let head = work.head_mut(conversation)?;
    head.window = window::refuse(head.window, now);
    Ok(())
}

/// The text has certainly not left, so it may wait for the customer's answer.
fn wait(work: &mut Work, conversation: ConversationId, line: Line, current: Delivery) -> Result<()> {
    if !matches!(current, Delivery::Queued | Delivery::Unknown) {
        return Ok(());
    }
    if let Content::Fact(_) = line.message.content {
        // Nobody wrote it, so nobody is waiting for it to arrive.
        return work.deliver(line, Delivery::Cancelled(Cancelled::Expired));
    }
    if work.head(conversation).is_some_and(|head| matches!(head.state, State::Finished(_))) {
        return work.deliver(line, Delivery::Cancelled(Cancelled::ByConclusion));
    }
    let (now, head) = (work.now, work.head_mut(conversation)?);
    head.waiting = head.waiting.saturating_add(1);
    // With others waiting, one of them may expire first: the timer looks at once and finds out which.
    let due = if head.waiting == 1 { life::expires_at(line.message.at) } else { now };
    work.timer(EXPIRY, conversation.0, Some(due));
    work.deliver(line, Delivery::Waiting)
}

fn replace(work: &mut Work, line: Line, current: Delivery, to: Delivery) -> Result<()> {
    match life::replaces(current, to) {
        Some(to) => work.deliver(line, to),
        None => Ok(()),
    }
}
