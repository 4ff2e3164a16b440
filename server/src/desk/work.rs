//! What one transaction changes, gathered in memory, and the way it is committed.
//!
//! *Invariant:* a head is changed only after its row was locked and handed in by [`Work::hold`], or when the
//! transaction made it. Numbers are taken once, for all changes; the hub is told after the commit and of nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Conversation, Window};
use ciranda_domain::ids::{ChannelId, ConversationId, IdentityId, MessageId, PersonId};
use ciranda_domain::message::{Content, Delivery, Fact, Message};
use ciranda_domain::report::{Changes, Ground, Track};
use ciranda_domain::time::Moment;
use ciranda_sync::filter::{Change, Commit, Notice};
use ciranda_sync::rows::{Atom, Row, RowId, Seq};
use uuid::Uuid;

use super::rights::Revised;
use super::{Outdated, Reference};
use crate::app::App;
use crate::clock::id_at;
use crate::store::Scoped;
use crate::store::contact::WindowRow;
use crate::store::conversation::{ConversationRow, Held};
use crate::store::log::{LogRow, Subject};
use crate::store::message::{Line, MessageRow};
use crate::store::report::FactRows;
use crate::store::team::{EXPIRY, OVERFLOW, RECEIPT, TEXTS};
use crate::store::write::{DueRow, Mutation, OutboxRow, ReceiptRow, Writes};

/// The changes of one transaction.
pub struct Work {
    pub reference: Arc<Reference>,
    pub now: Moment,
    heads: BTreeMap<ConversationId, Worked>,
    lines: Vec<Line>,
    /// What the reference rows become.
    pub(super) revised: Revised,
    facts: u32,
    windows: BTreeMap<(ChannelId, IdentityId), Windowed>,
    /// What people are told at opening time.
    pub(super) notices: Vec<Notice>,
    due: BTreeMap<(i16, Uuid), Option<Moment>>,
    /// Rows that are written as they are, without a number of their own.
    pub writes: Writes,
}

/// A head before and after.
struct Worked {
    /// As it was locked; none when this transaction made it.
    before: Option<Held>,
    now: Held,
}

/// A window that is written.
#[derive(Clone, Copy, Default)]
struct Windowed {
    window: Window,
    auto_replied_at: Option<Moment>,
}

/// What came of a commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The account's number at that time: the transaction's last, or the one it found when it took none.
    pub at: Seq,
    pub changed: bool,
}

impl Work {
    #[must_use]
    pub fn new(reference: Arc<Reference>, now: Moment) -> Self {
        Self {
            reference,
            now,
            heads: BTreeMap::new(),
            lines: Vec::new(),
            revised: Revised::default(),
            facts: 0,
            windows: BTreeMap::new(),
            notices: Vec::new(),
            due: BTreeMap::new(),
            writes: Writes::default(),
        }
    }

    /// Takes in heads that were locked.
    pub fn hold(&mut self, held: Vec<Held>) {
        for held in held {
            self.heads.insert(held.head.id, Worked { before: Some(held.clone()), now: held });
        }
    }

    /// Takes in a head that this transaction makes.
    pub fn create(&mut self, head: Conversation) {
        let track = Track::default();
        let held = Held { audience: Vec::new(), rev: Seq(0), track, tried: Vec::new(), head };
        self.heads.insert(held.head.id, Worked { before: None, now: held });
    }

    /// The head as it is by now.
    #[must_use]
    pub fn head(&self, id: ConversationId) -> Option<&Conversation> {
        self.heads.get(&id).map(|worked| &worked.now.head)
    }

    /// The head, to be changed.
    ///
    /// # Errors
    /// When it was neither locked nor made by this transaction: a fault of ours.
    pub fn head_mut(&mut self, id: ConversationId) -> Result<&mut Conversation> {
        let worked = self.heads.get_mut(&id);
        Ok(&mut worked.with_context(|| format!("conversation {id} is changed without its lock"))?.now.head)
    }

    /// The conversation enters distribution now.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn enqueued(&mut self, id: ConversationId) -> Result<()> {
        let now = self.now;
        self.head_mut(id)?.enqueued_at = Some(now);
        Ok(())
    }

    /// Who had the conversation in this round of its stay.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn tried(&mut self, id: ConversationId, by: &[PersonId]) -> Result<()> {
        let worked = self.heads.get_mut(&id);
        let worked = worked.with_context(|| format!("conversation {id} is changed without its lock"))?;
        worked.now.tried = by.to_vec();
        Ok(())
    }

    /// What kind of channel the conversation is on.
    #[must_use]
    pub fn kind(&self, id: ConversationId) -> ChannelKind {
        self.head(id).map_or(ChannelKind::WhatsApp, |head| self.reference.kind(head.channel))
    }

    /// Whether the head is at hand.
    #[must_use]
    pub fn holds(&self, id: ConversationId) -> bool {
        self.heads.contains_key(&id)
    }

    /// What people hold that changed, as (person, kind of channel, one more or one less).
    pub fn holders_changed(&self) -> impl Iterator<Item = (PersonId, ChannelKind, i32)> {
        self.heads.values().flat_map(|worked| {
            let before = worked.before.as_ref().and_then(|held| held.head.holder());
            let after = worked.now.head.holder();
            let moved = before != after;
            let kind = self.reference.kind(worked.now.head.channel);
            let left = before.filter(|_| moved).map(|person| (person, kind, -1));
            let came = after.filter(|_| moved).map(|person| (person, kind, 1));
            left.into_iter().chain(came)
        })
    }

    /// Puts a fact into the timeline; facts of one instant keep the order in which they are put.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn fact(&mut self, conversation: ConversationId, at: Moment, fact: Fact) -> Result<MessageId> {
        let order = self.facts;
        self.facts += 1;
        self.fact_at(conversation, at, order, fact)
    }

    /// Puts a fact into the timeline at a place of its own.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn fact_at(&mut self, conversation: ConversationId, at: Moment, order: u32, fact: Fact) -> Result<MessageId> {
        let id = MessageId(id_at(self.now));
        self.line(Message { id, conversation, at, order, content: Content::Fact(fact) }, None)?;
        Ok(id)
    }

    /// Puts a new line.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn line(&mut self, message: Message, provider_id: Option<String>) -> Result<()> {
        let channel = self.head_mut(message.conversation)?.channel;
        self.put(Line { message, channel, provider_id, told: None, rev: Seq(0) });
        Ok(())
    }

    /// Puts a line, new or changed; its conversation is at hand.
    pub fn put(&mut self, line: Line) {
        debug_assert!(self.holds(line.message.conversation), "a line is written under its conversation's lock");
        match self.lines.iter_mut().find(|present| present.message.id == line.message.id) {
            Some(present) => *present = line,
            None => self.lines.push(line),
        }
    }

    /// A line that this transaction made or changed.
    #[must_use]
    pub fn changed_line(&self, id: MessageId) -> Option<&Line> {
        self.lines.iter().find(|line| line.message.id == id)
    }

    /// Lines that this transaction made or changed.
    #[must_use]
    pub fn changed_lines(&self) -> Vec<MessageId> {
        self.lines.iter().map(|line| line.message.id).collect()
    }

    /// Puts a fact into the timeline of which the customer is told in these words.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn tell_customer(&mut self, conversation: ConversationId, fact: Fact, text: String) -> Result<()> {
        let id = self.fact(conversation, self.now, fact)?;
        if let Some(line) = self.lines.iter_mut().find(|line| line.message.id == id) {
            line.told = Some((text, Delivery::Queued));
        }
        self.send(conversation, id)
    }

    /// Changes what became of an outgoing line, here and where the head shows it.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn deliver(&mut self, mut line: Line, to: Delivery) -> Result<()> {
        let shown = matches!(line.message.content, Content::Outbound { .. });
        let head = self.head_mut(line.message.conversation)?;
        if let Some(last) = &mut head.last_line
            && shown
            && last.at == line.message.at
            && last.delivery.is_some()
        {
            last.delivery = Some(to);
        }
        line.set_delivery(to);
        self.put(line);
        Ok(())
    }

    /// Lets a line leave for the provider.
    ///
    /// # Errors
    /// As [`Work::head_mut`].
    pub fn send(&mut self, conversation: ConversationId, message: MessageId) -> Result<()> {
        let head = self.head_mut(conversation)?;
        let (channel, identity) = (head.channel, head.contact.identity);
        let row = OutboxRow {
            message_id: message.0,
            conversation_id: conversation.0,
            channel_id: channel.0,
            identity_id: identity.0,
        };
        self.writes.outbox.push(row);
        self.timer(TEXTS, identity.0, Some(self.now));
        Ok(())
    }

    /// The customer is to see this message, and those before it, as read.
    pub fn receipt(&mut self, conversation: ConversationId, channel: ChannelId, provider_id: String) {
        let row = ReceiptRow { conversation_id: conversation.0, channel_id: channel.0, provider_id };
        self.writes.receipts.push(row);
        self.timer(RECEIPT, conversation.0, Some(self.now));
    }

    /// Remembers that the automatic reply went out now.
    pub fn auto_replied(&mut self, channel: ChannelId, identity: IdentityId, window: Window) {
        let windowed = self.windows.entry((channel, identity)).or_default();
        *windowed = Windowed { window, auto_replied_at: Some(self.now) };
    }

    /// Sets a timer, or takes it away.
    pub fn timer(&mut self, kind: i16, subject: Uuid, due: Option<Moment>) {
        self.due.insert((kind, subject), due);
    }

    /// Corrects what the heads at hand show of a contact's identity.
    pub fn know(&mut self, identity: IdentityId, change: impl Fn(&mut ContactCard)) {
        let shown = self.heads.values_mut().filter(|worked| worked.now.head.contact.identity == identity);
        for worked in shown {
            change(&mut worked.now.head.contact);
        }
    }

    /// Takes numbers, writes, commits, tells the hub and wakes the workers.
    ///
    /// # Errors
    /// When the database cannot be reached or a constraint is violated; nothing is written then, unless the connection
    /// broke during the commit itself.
    pub async fn commit(mut self, app: &App, mut scoped: Scoped) -> Result<Committed> {
        let mut changes = self.number();
        let rights = self.revised.take_rights();
        let notices = std::mem::take(&mut self.notices);
        let revisions = &self.writes.revisions;
        if !revisions.is_empty() && !scoped.revise(revisions).await? {
            return Err(Outdated.into());
        }
        scoped.set_logins(&self.writes.logins).await?;
        if let Some((team, thresholds)) = self.writes.thresholds {
            scoped.set_thresholds(team, thresholds).await?;
        }
        scoped.note(&self.writes.audit).await?;
        let base = scoped.write(&self.writes).await?;
        let at = match base {
            Some(base) => Seq(base.0 + self.writes.numbers),
            None if self.writes.numbers > 0 => return Err(Outdated.into()),
            None => scoped.standing().await?.head,
        };
        let account = scoped.account;
        scoped.commit().await?;
        if let Some(from) = base {
            for change in &mut changes {
                change.seq.0 += from.0;
            }
            let client = self.writes.mutation.map(|mutation| (mutation.client, mutation.number));
            let commit = Commit { from, to: at, client, changes, rights, notices };
            app.hub.publish(account, commit);
        }
        if !self.writes.outbox.is_empty() || !self.writes.receipts.is_empty() {
            app.wake.outbox.notify_one();
        }
        if self.writes.due.iter().any(|due| due.kind == OVERFLOW || due.kind == EXPIRY) {
            app.wake.overflow.notify_one();
        }
        Ok(Committed { at, changed: base.is_some() })
    }

    /// The call that this transaction carries out.
    pub fn carries_out(&mut self, mutation: Mutation) {
        self.writes.mutation = Some(mutation);
    }

    /// Gives every change its number, counted from 1, and makes the rows that are written.
    fn number(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        self.number_reference(&mut changes);
        for Notice { person, waiting } in self.notices.clone() {
            let (seq, count) = (self.next_number(), Atom(waiting.into()));
            self.writes.log.push(LogRow::of(seq, Subject::Notice(person), false, &[], &[count]));
        }
        self.report();
        let mut audiences: BTreeMap<ConversationId, (Vec<Atom>, Vec<Atom>)> = BTreeMap::new();
        let heads = std::mem::take(&mut self.heads);
        for (id, worked) in heads {
            let before = worked.before.as_ref().map(|held| held.audience.clone()).unwrap_or_default();
            let after = self.reference.audience(&worked.now.head);
            audiences.insert(id, (before.clone(), after.clone()));
            let unchanged = worked
                .before
                .as_ref()
                .is_some_and(|held| held.head == worked.now.head && held.track == worked.now.track);
            if !unchanged {
                changes.push(self.number_head(worked, before, after));
            }
        }
        for line in std::mem::take(&mut self.lines) {
            let (before, after) = audiences.get(&line.message.conversation).cloned().unwrap_or_default();
            changes.push(self.number_line(line, before, after));
        }
        for ((channel, identity), windowed) in &self.windows {
            let row = WindowRow::of(*channel, *identity, windowed.window, windowed.auto_replied_at);
            self.writes.windows.push(row);
        }
        for ((kind, subject), due) in &self.due {
            self.writes.due.push(DueRow { kind: *kind, subject: *subject, due_at: due.map(|at| at.0) });
        }
        changes
    }

    /// What the reports learn from the lines that are new, in their order.
    fn report(&mut self) {
        let mut rows = FactRows::default();
        for line in self.lines.iter().filter(|line| line.rev == Seq(0)) {
            let Some(worked) = self.heads.get_mut(&line.message.conversation) else { continue };
            let Some(channel) = self.reference.channels.get(&worked.now.head.channel) else { continue };
            let team = worked.now.head.team;
            let ground = Ground { calendar: &self.reference.calendar, channel: channel.kind, team };
            let mut changes = Changes::default();
            worked.now.track.see(line.message.at, &line.message.content, &ground, &mut changes);
            rows.take(&self.reference.zone, line.message.conversation, channel.id, &changes);
        }
        self.writes.facts = rows;
    }

    pub(super) fn next_number(&mut self) -> Seq {
        self.writes.numbers += 1;
        Seq(self.writes.numbers)
    }

    fn number_head(&mut self, worked: Worked, before: Vec<Atom>, after: Vec<Atom>) -> Change {
        let seq = self.next_number();
        let mut held = worked.now;
        let window_before = worked.before.as_ref().map(|held| held.head.window).unwrap_or_default();
        if held.head.window != window_before {
            let window = held.head.window;
            let windowed = self.windows.entry((held.head.channel, held.head.contact.identity)).or_default();
            if windowed.window.last_counted <= window.last_counted {
                windowed.window = window;
            }
        }
        held.audience.clone_from(&after);
        held.rev = seq;
        self.writes.conversations.push(ConversationRow::of(&held));
        let subject = RowId::Conversation(held.head.id);
        self.writes.log.push(LogRow::of(seq, Subject::Row(subject), false, &before, &after));
        let row = Row::Conversation { head: Box::new(held.head), audience: after.clone() };
        Change { seq, row: subject, after: Some(row), audience_before: before, audience_after: after }
    }

    fn number_line(&mut self, mut line: Line, before: Vec<Atom>, after: Vec<Atom>) -> Change {
        let seq = self.next_number();
        line.rev = seq;
        self.writes.messages.push(MessageRow::of(&line));
        let subject = RowId::Message(line.message.conversation, line.message.id);
        self.writes.log.push(LogRow::of(seq, Subject::Row(subject), false, &before, &after));
        let row = Row::Message(line.message);
        Change { seq, row: subject, after: Some(row), audience_before: before, audience_after: after }
    }
}
