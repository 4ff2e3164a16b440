//! Calls without a confirmed outcome: numbered when they first leave, kept until a delta confirms or the server refuses.
//!
//! *Invariant:* a number is given to one call only and calls leave in the order of their numbers; after silence a call
//! goes again under the same number, so it takes effect at most once. A text that waited too long asks before leaving.

use std::collections::BTreeSet;

use ciranda_domain::conversation::{Conversation, Side};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::time::Moment;

use super::Tick;
use crate::calls::Call;
use crate::frames::Up;
use crate::mutate::Proposed;
use crate::wire::encode;

/// A text this old asks before leaving (decision 33).
const STALE: u64 = 10 * 60 * 1000;
/// Room for calls in one frame, well under what the server accepts.
const BATCH: usize = 32 * 1024;

/// The calls, in the order in which they were made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outbox {
    entries: Vec<Entry>,
    /// The last number given.
    last: u64,
    /// The highest number that the server has answered for.
    answered: u64,
}

/// One call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub call: Call,
    pub standing: Standing,
    /// The business instant at which it was made.
    pub at: Moment,
    made: Tick,
    /// The conversation's newest instant when it was made: what the person had before their eyes.
    basis: Option<Moment>,
}

/// Where a call stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Leaves as soon as the connection is live.
    Queued,
    /// Asks the person first; see [`super::Input::Release`] and [`super::Input::Discard`].
    Held,
    /// Left under this number; the outcome is not known.
    Sent(u64),
}

impl Outbox {
    /// The calls in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Calls of a conversation that ask before leaving.
    pub fn held(&self, conversation: ConversationId) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.standing == Standing::Held && entry.call.conversation() == Some(conversation))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What to lay over the replica. Of what is held only the texts show, marked; what was to follow them has not begun.
    pub(crate) fn proposed(&self) -> impl Iterator<Item = Proposed<'_>> {
        self.entries
            .iter()
            .map(|entry| Proposed { call: &entry.call, at: entry.at, held: entry.standing == Standing::Held })
            .filter(|proposed| !proposed.held || matches!(proposed.call, Call::Send { .. }))
    }

    /// Every number up to here has its outcome.
    pub(super) fn settled(&self) -> u64 {
        self.sent().map(|(n, _)| n - 1).min().unwrap_or(self.last)
    }

    pub(super) fn push(&mut self, call: Call, made: Tick, at: Moment, basis: Option<Moment>) {
        self.entries.push(Entry { call, standing: Standing::Queued, at, made, basis });
    }

    /// Takes up a call of an earlier page; an old text asks first, as it would have there.
    pub(super) fn recall(&mut self, call: Call, now: Tick, at: Moment, present: Moment) {
        let mut entry = Entry { call, standing: Standing::Queued, at, made: now, basis: None };
        if entry.is_text() && present.since(at).0 >= STALE.cast_signed() {
            entry.standing = Standing::Held;
        }
        self.entries.push(entry);
    }

    /// Numbers what is queued and gives the frames that carry it.
    pub(super) fn transmit(&mut self) -> Vec<Up> {
        let mut leaving = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| entry.standing == Standing::Queued) {
            self.last += 1;
            entry.standing = Standing::Sent(self.last);
            leaving.push((self.last, entry.call.clone()));
        }
        batches(leaving)
    }

    /// The server knows our numbers up to `last_mutation`: what it has not seen goes again, but an old text becomes a
    /// question. Its number still has to be used, or a late copy of it could pass for another call. A server that has
    /// forgotten numbers it answered for knows us no more: all are given anew, and leave once it has caught us up.
    pub(super) fn welcome(&mut self, last_mutation: u64, now: Tick) -> Vec<Up> {
        if last_mutation < self.answered {
            self.renumber();
        }
        self.answer(last_mutation);
        for mut entry in std::mem::take(&mut self.entries) {
            let unseen = matches!(entry.standing, Standing::Sent(n) if n > last_mutation);
            let recalled =
                (unseen && entry.is_stale_text(now)).then(|| Entry { standing: Standing::Held, ..entry.clone() });
            if recalled.is_some() {
                entry.call = Call::Nothing;
            }
            self.entries.push(entry);
            self.entries.extend(recalled);
        }
        let mut again: Vec<_> =
            self.sent().filter(|(n, _)| *n > last_mutation).map(|(n, call)| (n, call.clone())).collect();
        again.sort_unstable_by_key(|(n, _)| *n);
        batches(again)
    }

    /// Once caught up: queued texts that are old, or that somebody else has answered instead of, ask before leaving; so
    /// does whatever was to follow them in their conversation. Tells whether any newly does.
    pub(super) fn review<'a>(&mut self, now: Tick, head: impl Fn(ConversationId) -> Option<&'a Conversation>) -> bool {
        let mut asking = BTreeSet::new();
        let mut any = false;
        for entry in &mut self.entries {
            let Some(conversation) = entry.call.conversation() else { continue };
            let asks = entry.is_stale_text(now) || entry.is_overtaken_text(head(conversation));
            // A note follows nothing and reaches nobody outside: it never asks.
            let follows = asking.contains(&conversation) && !matches!(entry.call, Call::AddNote { .. });
            if entry.standing == Standing::Queued && (asks || follows) {
                entry.standing = Standing::Held;
                asking.insert(conversation);
                any = true;
            }
        }
        any
    }

    pub(super) fn release(&mut self, conversation: ConversationId, now: Tick) {
        for entry in &mut self.entries {
            if entry.standing == Standing::Held && entry.call.conversation() == Some(conversation) {
                entry.standing = Standing::Queued;
                // The person has just confirmed it: it is as new as if written now.
                entry.made = now;
                entry.basis = None;
            }
        }
    }

    pub(super) fn discard(&mut self, conversation: ConversationId) {
        self.entries
            .retain(|entry| entry.standing != Standing::Held || entry.call.conversation() != Some(conversation));
    }

    /// A delta brought the effect of every number up to `acked`; tells whether anything was waiting for it.
    pub(super) fn acknowledge(&mut self, acked: u64) -> bool {
        self.answer(acked);
        let before = self.entries.len();
        self.entries.retain(|entry| !matches!(entry.standing, Standing::Sent(n) if n <= acked));
        self.entries.len() != before
    }

    /// Number `n` was refused: takes its call out.
    pub(super) fn reject(&mut self, n: u64) -> Option<Call> {
        self.answer(n);
        let at = self.entries.iter().position(|entry| entry.standing == Standing::Sent(n))?;
        Some(self.entries.remove(at).call)
    }

    /// The server knows none of our numbers: all of them are given anew.
    pub(super) fn renumber(&mut self) {
        (self.last, self.answered) = (0, 0);
        self.entries.retain(|entry| entry.call != Call::Nothing);
        for entry in &mut self.entries {
            if let Standing::Sent(_) = entry.standing {
                entry.standing = Standing::Queued;
            }
        }
    }

    fn answer(&mut self, n: u64) {
        self.answered = self.answered.max(n);
        self.last = self.last.max(n);
    }

    fn sent(&self) -> impl Iterator<Item = (u64, &Call)> {
        self.entries.iter().filter_map(|entry| match entry.standing {
            Standing::Sent(n) => Some((n, &entry.call)),
            Standing::Queued | Standing::Held => None,
        })
    }
}

impl Entry {
    fn is_text(&self) -> bool {
        matches!(self.call, Call::Send { .. })
    }

    fn is_stale_text(&self, now: Tick) -> bool {
        self.is_text() && now.0 >= self.made.0 + STALE
    }

    /// Whether the desk has spoken since the person wrote.
    fn is_overtaken_text(&self, head: Option<&Conversation>) -> bool {
        let spoken = head.and_then(|head| head.last_line.as_ref()).filter(|line| line.side == Side::Desk);
        self.is_text() && spoken.zip(self.basis).is_some_and(|(line, basis)| line.at > basis)
    }
}

/// Calls in as few frames as the size allows; their numbers follow one another.
fn batches(calls: Vec<(u64, Call)>) -> Vec<Up> {
    let mut frames: Vec<(u64, usize, Vec<Call>)> = Vec::new();
    for (n, call) in calls {
        let size = encode(&call).len();
        match frames.last_mut() {
            Some((first, held, batch)) if *held + size <= BATCH && *first + batch.len() as u64 == n => {
                *held += size;
                batch.push(call);
            }
            Some(_) | None => frames.push((n, size, vec![call])),
        }
    }
    frames.into_iter().map(|(first, _, calls)| Up::Mutate { first, calls }).collect()
}
