//! The lines of one conversation that is or was on screen.
//!
//! *Invariant:* the lines held are the newest ones without a hole: there is a first line held, and everything from it on
//! is here. Lines are never deleted by the server, only rewritten, so a line of a revision above the one up to which the
//! lines are complete is all there can be to catch up with.

use std::collections::BTreeMap;

use ciranda_domain::ids::MessageId;
use ciranda_domain::message::Message;
use ciranda_domain::time::Moment;

use super::History;
use crate::frames::Extent;
use crate::rows::Seq;

/// Orders lines within a conversation.
pub type LineKey = (Moment, u32, MessageId);

/// The key by which lines are ordered.
#[must_use]
pub fn line_key(message: &Message) -> LineKey {
    (message.at, message.order, message.id)
}

/// Lines of one conversation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Thread {
    lines: BTreeMap<LineKey, (Seq, Message)>,
    keys: BTreeMap<MessageId, LineKey>,
    /// Nothing older than this line is held, although it exists; `None`: held from the very first line.
    first: Option<LineKey>,
    /// Every revision up to here is in; zero when unknown.
    complete: Seq,
    stage: Stage,
    /// Set while older lines are on their way.
    asked_before: Option<LineKey>,
    /// Of its contact; empty when it is not on screen.
    pub(super) history: History,
}

/// Whether the lines follow the server's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Stage {
    /// Not on screen; kept for the next time.
    #[default]
    Closed,
    /// On screen, the server's answer outstanding.
    Opening,
    /// On screen and following.
    Live,
}

impl Thread {
    /// The lines in order, with their revisions.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &(Seq, Message)> {
        self.lines.values()
    }

    #[must_use]
    pub fn line(&self, id: MessageId) -> Option<&(Seq, Message)> {
        self.lines.get(self.keys.get(&id)?)
    }

    /// Whether older lines exist that are not held.
    #[must_use]
    pub fn more(&self) -> bool {
        self.first.is_some()
    }

    /// Whether the conversation is on screen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage != Stage::Closed
    }

    /// Whether the server's answer to the opening is outstanding.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.stage == Stage::Opening
    }

    /// Whether older lines are on their way.
    #[must_use]
    pub fn awaits_older(&self) -> bool {
        self.asked_before.is_some()
    }

    /// Whether the server has answered since it was opened; before, an empty list means nothing.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.stage == Stage::Live
    }

    /// What else there is of the contact; `None` until the server has told it.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        self.history.told()
    }

    pub(super) fn complete(&self) -> Seq {
        self.complete
    }

    pub(super) fn open(&mut self) -> Seq {
        self.stage = Stage::Opening;
        self.asked_before = None;
        self.complete
    }

    pub(super) fn pause(&mut self, cursor: Seq) {
        if self.stage == Stage::Live {
            self.complete = cursor;
            self.stage = Stage::Opening;
        }
        self.asked_before = None;
        self.history.doubt();
    }

    pub(super) fn close(&mut self, cursor: Seq) {
        self.pause(cursor);
        self.stage = Stage::Closed;
        self.history = History::default();
    }

    /// After a reset the lines stay on screen, and any telling of one replaces it.
    pub(super) fn doubt(&mut self) {
        self.complete = Seq(0);
        if self.stage == Stage::Live {
            self.stage = Stage::Opening;
        }
        for (rev, _) in self.lines.values_mut() {
            *rev = Seq(0);
        }
    }

    /// Takes a line unless a later revision is held or it is older than the lines held; tells whether it did.
    pub(super) fn put(&mut self, rev: Seq, message: Message) -> bool {
        let key = line_key(&message);
        if self.first.is_some_and(|first| key < first) {
            return false;
        }
        if let Some(held) = self.keys.get(&message.id) {
            if self.lines.get(held).is_some_and(|(held, _)| *held >= rev) {
                return false;
            }
            self.lines.remove(held);
        }
        self.keys.insert(message.id, key);
        self.lines.insert(key, (rev, message));
        true
    }

    pub(super) fn remove(&mut self, rev: Seq, id: MessageId) -> bool {
        let Some(key) = self.keys.get(&id) else { return false };
        if self.lines.get(key).is_some_and(|(held, _)| *held > rev) {
            return false;
        }
        self.lines.remove(key);
        self.keys.remove(&id);
        true
    }

    pub(super) fn want_older(&mut self) -> Option<MessageId> {
        let first = self.first.filter(|_| self.asked_before.is_none() && self.stage == Stage::Live)?;
        self.asked_before = Some(first);
        Some(first.2)
    }

    /// Takes the server's answer to an opening or to a wish for older lines; returns the lines that changed.
    pub(super) fn take(&mut self, extent: Extent, lines: Vec<(Seq, Message)>, more: bool) -> Vec<MessageId> {
        let first = lines.iter().map(|(_, message)| line_key(message)).min();
        let mut changed = Vec::new();
        match extent {
            Extent::Older => {
                // An answer to a wish from before a restart would leave a hole.
                if self.asked_before.take().is_none() {
                    return changed;
                }
                self.first = None;
                changed.extend(self.put_all(lines));
                self.first = if more { first.or(self.oldest()) } else { None };
            }
            Extent::Newest => {
                self.first = None;
                changed.extend(self.put_all(lines));
                let first = first.filter(|_| more);
                changed.extend(self.drop_where(|key, rev| rev == Seq(0) || first.is_some_and(|first| *key < first)));
                self.first = first;
                self.asked_before = None;
                self.go_live();
            }
            Extent::Changed => {
                changed.extend(self.put_all(lines));
                self.go_live();
            }
        }
        changed
    }

    fn go_live(&mut self) {
        if self.stage == Stage::Opening {
            self.stage = Stage::Live;
        }
    }

    fn put_all(&mut self, lines: Vec<(Seq, Message)>) -> Vec<MessageId> {
        lines
            .into_iter()
            .map(|(rev, message)| (message.id, self.put(rev, message)))
            .filter(|(_, taken)| *taken)
            .map(|(id, _)| id)
            .collect()
    }

    fn drop_where(&mut self, gone: impl Fn(&LineKey, Seq) -> bool) -> Vec<MessageId> {
        let dropped: Vec<_> =
            self.lines.iter().filter(|(key, (rev, _))| gone(key, *rev)).map(|(key, _)| *key).collect();
        for key in &dropped {
            self.lines.remove(key);
            self.keys.remove(&key.2);
        }
        dropped.into_iter().map(|key| key.2).collect()
    }

    fn oldest(&self) -> Option<LineKey> {
        self.lines.keys().next().copied()
    }
}
