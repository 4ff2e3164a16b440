//! What a browser holds of the account: reference rows, heads of conversations, lines of the opened ones. Plain data.
//!
//! *Invariant:* rows merge by the higher revision, and a removal that came while something was being fetched is
//! remembered until that has arrived, so any mixture of pages, deltas and duplicates converges to what the server would
//! answer. It never asks for anything: [`crate::machine`] does.
//!
//! **The place where a frame is applied** is [`Replica::apply`], called by [`crate::machine`] for each op of a delta.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::meets;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::time::Moment;

use crate::frames::Op;
use crate::horizon::{FinishedKey, Horizon, Reach};
use crate::rows::{Atom, Row, RowId, Seq};

mod fetching;
mod history;
mod reference;
mod thread;

pub use history::History;
pub use reference::Reference;
pub use thread::{LineKey, Thread};

/// Everything replicated to one person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Replica {
    me: Option<PersonId>,
    horizon: Horizon,
    reference: Reference,
    heads: BTreeMap<ConversationId, Head>,
    threads: BTreeMap<ConversationId, Thread>,
    /// Removals that came while something was being fetched; `None` when nothing is.
    tombstones: Option<BTreeMap<RowId, Seq>>,
    /// The person's own finished conversations, and those of others, by when they finished.
    own: BTreeSet<FinishedKey>,
    others: BTreeSet<FinishedKey>,
    /// Others' finished conversations are complete from here on; `None`: all there are.
    floor: Option<FinishedKey>,
    paging: Paging,
}

/// Whether pages of a snapshot are arriving.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Paging {
    #[default]
    No,
    /// The oldest of others' finished ones that has come.
    Since(Option<FinishedKey>),
}

/// A conversation's head as the server last told it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Zero after a reset, until the server has told it again.
    pub rev: Seq,
    pub conversation: Conversation,
    pub audience: Vec<Atom>,
}

/// What a step changed; the view turns it into a [`crate::view::ChangeSet`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Touched {
    pub heads: BTreeSet<ConversationId>,
    pub lines: BTreeMap<ConversationId, BTreeSet<MessageId>>,
    pub reference: bool,
    /// Conversations that are no longer there or no longer this person's to see.
    pub retracted: BTreeSet<ConversationId>,
}

impl Replica {
    /// Nothing held yet.
    #[must_use]
    pub fn new(horizon: Horizon) -> Self {
        Self { horizon, ..Self::default() }
    }

    /// Whose replica it is; known once the server has said so.
    #[must_use]
    pub fn me(&self) -> Option<PersonId> {
        self.me
    }

    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    #[must_use]
    pub fn heads(&self) -> &BTreeMap<ConversationId, Head> {
        &self.heads
    }

    #[must_use]
    pub fn head(&self, id: ConversationId) -> Option<&Head> {
        self.heads.get(&id)
    }

    /// Lines of a conversation that is or was open.
    #[must_use]
    pub fn thread(&self, id: ConversationId) -> Option<&Thread> {
        self.threads.get(&id)
    }

    /// Others' finished conversations are held from this one on; older ones are asked of the server.
    #[must_use]
    pub fn floor(&self) -> Option<FinishedKey> {
        self.floor
    }

    /// Applies one op of a delta or a scope.
    pub fn apply(&mut self, op: Op, now: Moment, touched: &mut Touched) {
        match op {
            Op::Put { rev, row } => self.put(rev, row, now, touched),
            Op::Remove { rev, row } => self.remove(rev, row, touched),
        }
    }

    /// Takes a row of a page of `Part::Finished`, counting it towards the horizon.
    pub fn put_finished(&mut self, rev: Seq, row: Row, now: Moment, touched: &mut Touched) {
        if let (Row::Conversation { head, .. }, Some(me), Paging::Since(oldest)) = (&row, self.me, &mut self.paging)
            && let Reach::IfNewest(key) = self.horizon.reach(now, me, head)
        {
            *oldest = Some(oldest.map_or(key, |oldest| oldest.min(key)));
        }
        self.put(rev, row, now, touched);
    }

    /// Takes a row, unless a later one is held or its removal is known.
    pub fn put(&mut self, rev: Seq, row: Row, now: Moment, touched: &mut Touched) {
        let buried = self.tombstones.as_ref().and_then(|dead| dead.get(&row.id()));
        if buried.is_some_and(|removed| *removed >= rev) {
            return;
        }
        match row {
            Row::Account(_) | Row::Person(_) | Row::Team(_) | Row::Membership(_) | Row::Channel(_) => {
                let of_account = matches!(row, Row::Account(_));
                let changed = self.reference.put(rev, row);
                touched.reference |= changed;
                if changed && of_account {
                    self.recount_histories(touched);
                }
            }
            Row::Conversation { head, audience } => {
                let head = Head { rev, conversation: *head, audience };
                self.chronicle(&head, touched);
                if self.heads.get(&head.conversation.id).is_none_or(|held| held.rev < rev) {
                    touched.heads.insert(head.conversation.id);
                    self.place(head, now);
                    self.keep_newest(touched);
                }
            }
            Row::Message(message) => {
                let id = message.id;
                let conversation = message.conversation;
                let thread = self.threads.get_mut(&conversation).filter(|_| self.heads.contains_key(&conversation));
                if thread.is_some_and(|thread| thread.put(rev, message)) {
                    touched.lines.entry(conversation).or_default().insert(id);
                }
            }
        }
    }

    fn remove(&mut self, rev: Seq, row: RowId, touched: &mut Touched) {
        self.bury(row, rev);
        match row {
            RowId::Account(_) | RowId::Person(_) | RowId::Team(_) | RowId::Membership(..) | RowId::Channel(_) => {
                touched.reference |= self.reference.remove(rev, row);
            }
            RowId::Conversation(id) => {
                self.strike(id, rev, touched);
                if self.heads.get(&id).is_some_and(|held| held.rev <= rev) {
                    self.retract(id, touched);
                }
            }
            RowId::Message(conversation, id) => {
                if self.threads.get_mut(&conversation).is_some_and(|thread| thread.remove(rev, id)) {
                    touched.lines.entry(conversation).or_default().insert(id);
                }
            }
        }
    }

    /// Remembers, while something is being fetched, that the row is gone at this revision.
    fn bury(&mut self, row: RowId, rev: Seq) {
        if let Some(dead) = &mut self.tombstones {
            let removed = dead.entry(row).or_default();
            *removed = rev.max(*removed);
        }
    }

    /// A head that the horizon let go of: a page that was read earlier must not bring back what it was before, but its
    /// opening may bring it as it is.
    fn bury_earlier(&mut self, head: &Head) {
        self.bury(RowId::Conversation(head.conversation.id), Seq(head.rev.0.saturating_sub(1)));
    }

    /// Drops every conversation that none of `atoms` meets: rights that go away retract rows at once (decision 13).
    pub fn retain(&mut self, atoms: &[Atom], touched: &mut Touched) {
        let lost: Vec<_> =
            self.heads.iter().filter(|(_, head)| !meets(&head.audience, atoms)).map(|(id, _)| *id).collect();
        for id in lost {
            self.retract(id, touched);
        }
        self.retain_histories(atoms, touched);
    }

    fn retract(&mut self, id: ConversationId, touched: &mut Touched) {
        self.drop_head(id, touched);
        touched.retracted.insert(id);
    }

    /// The horizon no longer reaches it.
    fn let_go(&mut self, id: ConversationId, touched: &mut Touched) {
        if let Some(head) = self.heads.get(&id).cloned() {
            self.bury_earlier(&head);
        }
        self.drop_head(id, touched);
    }

    fn drop_head(&mut self, id: ConversationId, touched: &mut Touched) {
        if let Some(head) = self.heads.remove(&id) {
            self.unplace(&head.conversation);
        }
        self.threads.remove(&id);
        touched.heads.insert(id);
    }

    /// Holds `head` in place of an earlier one, or drops both when the horizon does not reach it.
    fn place(&mut self, head: Head, now: Moment) {
        let id = head.conversation.id;
        if let Some(earlier) = self.heads.remove(&id) {
            self.unplace(&earlier.conversation);
        }
        let reach = self.me.map_or(Reach::Within, |me| self.horizon.reach(now, me, &head.conversation));
        let pinned = self.threads.get(&id).is_some_and(Thread::is_open);
        let held = match reach {
            Reach::Within => true,
            Reach::IfNewest(key) => pinned || self.floor.is_none_or(|floor| key >= floor),
            Reach::Beyond => pinned,
        };
        if !held {
            self.threads.remove(&id);
            self.bury_earlier(&head);
            return;
        }
        match (reach, finished_key(&head.conversation)) {
            (Reach::IfNewest(key), _) => _ = self.others.insert(key),
            (Reach::Within | Reach::Beyond, Some(key)) => _ = self.own.insert(key),
            (Reach::Within | Reach::Beyond, None) => {}
        }
        self.heads.insert(id, head);
    }

    fn unplace(&mut self, conversation: &Conversation) {
        if let Some(key) = finished_key(conversation) {
            self.own.remove(&key);
            self.others.remove(&key);
        }
    }

    /// Lets go of the oldest finished ones of others beyond the number the horizon keeps; one on screen stays, and counts.
    /// Not while pages arrive: what a reset may yet drop must not push out what has just come.
    fn keep_newest(&mut self, touched: &mut Touched) {
        let beyond = self.others.len().saturating_sub(self.horizon.others);
        if beyond == 0 || self.paging != Paging::No {
            return;
        }
        self.floor = self.others.iter().nth(beyond).copied().max(self.floor);
        let oldest: Vec<_> = self.others.iter().take(beyond).map(|key| key.1).collect();
        for id in oldest {
            if !self.threads.get(&id).is_some_and(Thread::is_open) {
                self.let_go(id, touched);
            }
        }
    }

    /// Lets go of what the horizon no longer reaches at `now`; conversations on screen stay.
    pub fn trim(&mut self, now: Moment, touched: &mut Touched) {
        self.keep_newest(touched);
        let since = self.horizon.own_since(now);
        let below_floor = self.others.iter().take_while(|key| self.floor.is_some_and(|floor| **key < floor));
        let expired = self.own.iter().take_while(|key| key.0 < since);
        let beyond: Vec<_> = below_floor.chain(expired).map(|key| key.1).collect();
        for id in beyond {
            if !self.threads.get(&id).is_some_and(Thread::is_open) {
                self.let_go(id, touched);
            }
        }
    }
}

fn finished_key(conversation: &Conversation) -> Option<FinishedKey> {
    use ciranda_domain::conversation::State;
    match conversation.state {
        State::Finished(finished) => Some((finished.at, conversation.id)),
        State::Pending(_) | State::InProgress { .. } => None,
    }
}
