//! Snapshots, pages and opened conversations: what the machine does with a replica besides applying ops.
//!
//! *Invariant:* what is held stays visible while it is fetched again; what the server did not tell again goes at the end.

use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::time::Moment;

use super::{Paging, Replica, Thread, Touched};
use crate::frames::Extent;
use crate::rows::{Row, RowId, Seq};

impl Replica {
    /// A snapshot is about to be fetched for `person`. What is held stays visible, but everything the server does not
    /// tell again goes in [`Self::finish_pages`].
    pub fn begin_snapshot(&mut self, person: PersonId, touched: &mut Touched) {
        if self.me.is_some_and(|me| me != person) {
            touched.heads.extend(self.heads.keys());
            touched.retracted.extend(self.heads.keys());
            touched.reference = true;
            *self = Self::new(self.horizon);
        }
        self.me = Some(person);
        self.reference.doubt();
        for head in self.heads.values_mut() {
            head.rev = Seq(0);
        }
        for thread in self.threads.values_mut() {
            thread.doubt();
        }
        self.begin_pages();
    }

    /// Pages are about to be fetched, because of a reset or of new rights. They are read after everything told so far, so
    /// no removal told so far is needed against them; and one that only took away sight must not outlive the rights that
    /// took it: the same revision may be this person's again.
    pub fn begin_pages(&mut self) {
        if let Some(dead) = &mut self.tombstones {
            dead.clear();
        }
        self.floor = None;
        self.paging = Paging::Since(None);
    }

    /// The last page has come.
    pub fn finish_pages(&mut self, now: Moment, touched: &mut Touched) {
        touched.reference |= self.reference.drop_doubtful();
        let doubtful: Vec<_> = self.heads.iter().filter(|(_, head)| head.rev == Seq(0)).map(|(id, _)| *id).collect();
        for id in doubtful {
            // One on screen may lie beyond the pages; the answer to its opening settles it.
            if !self.threads.get(&id).is_some_and(Thread::is_opening) {
                self.retract(id, touched);
            }
        }
        // Whether the pages ended because there are no older ones is not told: what is older than the last is asked of
        // the server.
        if let Paging::Since(oldest) = std::mem::take(&mut self.paging) {
            self.floor = oldest;
        }
        self.trim(now, touched);
    }

    /// Whether something is being fetched: removals are remembered as long as it is.
    pub fn set_fetching(&mut self, fetching: bool) {
        if fetching {
            self.tombstones.get_or_insert_default();
        } else {
            self.tombstones = None;
        }
    }

    /// The conversation is on screen; its lines are complete up to the returned number.
    pub fn open(&mut self, id: ConversationId) -> Seq {
        self.threads.entry(id).or_default().open()
    }

    /// The conversation left the screen, with its lines complete up to `cursor` if they were live.
    pub fn close(&mut self, id: ConversationId, cursor: Seq, now: Moment, touched: &mut Touched) {
        if let Some(thread) = self.threads.get_mut(&id) {
            thread.close(cursor);
            // The pages did not bring it and its opening is not awaited any more: nothing vouches for it.
            if self.paging == Paging::No && self.heads.get(&id).is_some_and(|head| head.rev == Seq(0)) {
                self.retract(id, touched);
            } else if let Some(head) = self.heads.remove(&id) {
                self.unplace(&head.conversation);
                self.place(head, now);
                touched.heads.insert(id);
            } else {
                self.threads.remove(&id);
            }
        }
        self.forget_threads();
    }

    /// The socket is gone: lines of open conversations are complete up to `cursor` and no longer live.
    pub fn disconnected(&mut self, cursor: Seq) {
        for thread in self.threads.values_mut() {
            thread.pause(cursor);
        }
    }

    /// Asks for older lines: the line before which they are wanted, if there are any and none are on their way.
    pub fn want_older(&mut self, id: ConversationId) -> Option<MessageId> {
        self.threads.get_mut(&id)?.want_older()
    }

    /// Takes a [`crate::frames::Down::Lines`].
    pub fn lines(
        &mut self,
        id: ConversationId,
        extent: Extent,
        rows: Vec<(Seq, Row)>,
        more: bool,
        now: Moment,
        touched: &mut Touched,
    ) {
        let mut lines = Vec::new();
        let mut visible = false;
        for (rev, row) in rows {
            match row {
                Row::Message(message) if message.conversation == id => lines.push((rev, message)),
                other => {
                    visible |= other.id() == RowId::Conversation(id);
                    self.put(rev, other, now, touched);
                }
            }
        }
        // Without its head it is not this person's, or not at the moment: if it still is, a delta brings it again.
        if !visible || !self.heads.contains_key(&id) {
            self.retract(id, touched);
            return;
        }
        if let Some(thread) = self.threads.get_mut(&id) {
            touched.lines.entry(id).or_default().extend(thread.take(extent, lines, more));
        }
    }

    /// Keeps the lines of at most this many conversations that are not on screen.
    fn forget_threads(&mut self) {
        const KEPT: usize = 50;
        let mut closed: Vec<_> = self
            .threads
            .iter()
            .filter(|(_, thread)| !thread.is_open())
            .map(|(id, thread)| (thread.complete(), *id))
            .collect();
        closed.sort_unstable();
        for (_, id) in closed.iter().take(closed.len().saturating_sub(KEPT)) {
            self.threads.remove(id);
        }
    }
}
