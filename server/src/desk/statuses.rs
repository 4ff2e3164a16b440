//! The provider's news of what we sent.
//!
//! *Invariant:* every status is kept, so one that comes before the answer to our own request is found when that answer
//! comes; what it does to the message is decided by `domain::life` and does not depend on the order of arrival.

use std::collections::BTreeMap;

use anyhow::Result;
use ciranda_domain::ids::{ChannelId, ConversationId, MessageId};
use ciranda_domain::inbound::{InboundEvent, ProviderStatus, StatusUpdate};
use ciranda_domain::life;
use ciranda_domain::message::Delivery;
use ciranda_domain::window;

use super::Work;
use super::inbound::Arrived;
use crate::store::Scoped;
use crate::store::codes::status_code;
use crate::store::message::Line;
use crate::store::write::StatusRow;

/// Meta's refusals of a free text because the window is closed.
const WINDOW_CLOSED: [u32; 1] = [131_047];

/// The messages that a batch's statuses are about.
#[derive(Default)]
pub struct Statuses {
    lines: BTreeMap<MessageId, Line>,
    by_provider_id: BTreeMap<(ChannelId, String), MessageId>,
}

impl Statuses {
    /// Finds the messages, without locking them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn look_up(scoped: &mut Scoped, arrived: &[Arrived]) -> Result<Self> {
        let updates = arrived.iter().filter_map(|arrived| match &arrived.event {
            InboundEvent::Status(update) => Some(update),
            InboundEvent::Message(_) | InboundEvent::IdentityChanged { .. } => None,
        });
        let updates: Vec<&StatusUpdate> = updates.collect();
        let mut statuses = Self::default();
        if updates.is_empty() {
            return Ok(statuses);
        }
        let ids: Vec<MessageId> = updates.iter().filter_map(|update| update.message).collect();
        let provider_ids: Vec<_> = updates.iter().map(|update| (update.channel, update.provider_id.clone())).collect();
        for line in scoped.lines_by_reference(&ids, &provider_ids).await? {
            statuses.add(line);
        }
        Ok(statuses)
    }

    /// The conversations that must be locked.
    pub fn conversations(&self) -> impl Iterator<Item = ConversationId> {
        self.lines.values().map(|line| line.message.conversation)
    }

    /// Reads the messages again, now that their conversations are locked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&mut self, scoped: &mut Scoped) -> Result<()> {
        let ids: Vec<MessageId> = self.lines.keys().copied().collect();
        if !ids.is_empty() {
            for line in scoped.lines(&ids).await? {
                self.add(line);
            }
        }
        Ok(())
    }

    fn add(&mut self, line: Line) {
        if let Some(provider_id) = &line.provider_id {
            self.by_provider_id.insert((line.channel, provider_id.clone()), line.message.id);
        }
        self.lines.insert(line.message.id, line);
    }

    /// Applies a status; the conversation is named when its next waiting text may leave after it.
    ///
    /// # Errors
    /// When a conversation is not locked: a fault of ours.
    pub fn apply(&mut self, update: &StatusUpdate, work: &mut Work) -> Result<Option<ConversationId>> {
        keep(update, work);
        let named = update.message.filter(|id| self.lines.contains_key(id));
        let key = (update.channel, update.provider_id.clone());
        let Some(id) = named.or_else(|| self.by_provider_id.get(&key).copied()) else { return Ok(None) };
        let Some(line) = self.lines.get_mut(&id).filter(|line| line.channel == update.channel) else {
            return Ok(None);
        };
        let Some(current) = line.delivery() else { return Ok(None) };
        let news = life::advance(current, update.status);
        let learned = line.provider_id.is_none();
        if news.is_none() && !learned {
            return Ok(None);
        }
        if learned {
            line.provider_id = Some(update.provider_id.clone());
        }
        let to = news.unwrap_or(current);
        line.set_delivery(to);
        let line = line.clone();
        let conversation = line.message.conversation;
        work.deliver(line, to)?;
        if let ProviderStatus::Failed { code } = update.status
            && closes_window(code)
        {
            let at = update.at.min(work.now);
            let head = work.head_mut(conversation)?;
            head.window = window::refuse(head.window, at);
        }
        let failed = matches!(to, Delivery::Failed { .. });
        Ok((!failed).then_some(conversation))
    }
}

/// Whether the provider refused because the window is closed.
#[must_use]
pub fn closes_window(code: u32) -> bool {
    WINDOW_CLOSED.contains(&code)
}

fn keep(update: &StatusUpdate, work: &mut Work) {
    let (status, code) = status_code(update.status);
    let row = StatusRow {
        channel_id: update.channel.0,
        provider_id: update.provider_id.clone(),
        status,
        at: update.at.0,
        code,
    };
    work.writes.statuses.push(row);
}

/// What became of a message that the provider took over, given the statuses that came for it before.
#[must_use]
pub fn folded(current: Delivery, statuses: &[ProviderStatus]) -> Delivery {
    let accepted = life::accepted(current).unwrap_or(current);
    statuses.iter().fold(accepted, |delivery, status| life::advance(delivery, *status).unwrap_or(delivery))
}
