//! The server's end of one socket, pure: what a session is told, given commits and what was read of the database.
//!
//! *Invariant:* the ranges told to a session follow one another without a hole; an acknowledgement never outruns the rows
//! it is for; nothing is told that the session's rights at that number do not show. Who reads the database, and when
//! bytes go out, is the caller's.
//!
//! The caller's order on a socket: [`Session::greet`], then [`Session::catch_up`] with everything read in one
//! repeatable-read snapshot, then [`Session::offer`] for each commit in order; on [`Offered::Behind`], or when the
//! client is too slow to be offered more, another `catch_up` once what is queued has gone out.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::{Unseen, meets};
use ciranda_domain::ids::{ClientId, ContactId, ConversationId, PersonId};
use ciranda_domain::time::Moment;

use crate::filter::{self, Change, Commit, Current, Rights, Told};
use crate::frames::{Down, Extent, HISTORY, LINES, MAX_DOWN, Refused, Reset, SCHEMA};
use crate::horizon::Horizon;
use crate::rows::{Atom, Epoch, Row, Seq};
use crate::wire::{encode, encode_delta, encode_op, encode_scope};

/// A client further behind than this fetches pages instead.
pub const MAX_LAG: u64 = 20_000;

/// Ranges are split where their frames would grow beyond this; an ordinary commit is far below and stays whole.
const FRAME: usize = 256 * 1024;

/// The fields of `Up::Hello`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hello {
    pub client: ClientId,
    pub cursor: Seq,
    pub epoch: Epoch,
    pub schema: u32,
    pub settled: u64,
}

/// Where account, person and client stand: read in one snapshot of the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    pub now: Moment,
    pub head: Seq,
    /// The log answers for numbers above this one.
    pub floor: Seq,
    pub epoch: Epoch,
    pub atoms: Vec<Atom>,
    /// The client's last mutation done; zero for a client not known.
    pub last_mutation: u64,
}

/// One socket's session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    client: ClientId,
    filter: filter::Session,
    /// The client has been told everything up to here.
    told: Seq,
    /// Nothing up to here is left to tell, although the client may not know yet that its cursor moved.
    seen: Seq,
    acked: u64,
    /// The client has been told, or is being told on this socket, what came of every mutation up to here.
    known: u64,
    /// Of these, the ones not acknowledged yet, with the account's number that their effects precede.
    done: Vec<(Seq, u64)>,
    /// Contacts whose history is on screen with the number of those not seen, and beside which conversation.
    counted: BTreeMap<ContactId, ConversationId>,
}

/// A commit with each row encoded once for all sessions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Encoded {
    pub commit: Commit,
    ops: Vec<EncodedChange>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct EncodedChange {
    put: Vec<u8>,
    remove: Vec<u8>,
}

/// What came of offering a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offered {
    /// Frames to send now; none when nothing in it concerns this session.
    Frames(Vec<Vec<u8>>),
    /// Commits before it are missing: catch up from the log.
    Behind,
}

/// What to do with mutation `n` of a client whose last one done is `last`; asked under the lock of the client's row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numbered {
    /// Do it, and record its number in the same transaction whatever comes of it.
    Next,
    /// Done before, perhaps by a frame that was still on its way from an earlier socket: tell its refusal if one is
    /// remembered, then [`Session::done`] at the account's present number, which all its effects precede.
    Seen,
    /// One before it is missing, which an honest client never does: close with [`crate::frames::close::BAD_FRAME`].
    Gap,
}

/// See [`Numbered`].
#[must_use]
pub const fn numbered(last: u64, n: u64) -> Numbered {
    if n <= last {
        Numbered::Seen
    } else if n == last + 1 {
        Numbered::Next
    } else {
        Numbered::Gap
    }
}

impl Encoded {
    #[must_use]
    pub fn new(commit: Commit) -> Self {
        let ops = commit.changes.iter().map(EncodedChange::of).collect();
        Self { commit, ops }
    }
}

impl EncodedChange {
    fn of(change: &Change) -> Self {
        let remove = encode_op(&change.op(Told::Remove));
        let put = if change.after.is_some() { encode_op(&change.op(Told::Put)) } else { remove.clone() };
        Self { put, remove }
    }

    fn bytes(&self, told: Told) -> &[u8] {
        match told {
            Told::Put => &self.put,
            Told::Remove => &self.remove,
        }
    }
}

impl Session {
    /// Answers a `Hello`: a session and the frames that begin it, to be followed by a [`Self::catch_up`]. `refusals` are
    /// those remembered for the client.
    ///
    /// # Errors
    /// The [`Reset`] to send when the client cannot be caught up.
    pub fn greet(
        hello: Hello,
        person: PersonId,
        horizon: Horizon,
        standing: &Standing,
        refusals: &[(u64, Refused)],
    ) -> Result<(Self, Vec<Down>), Reset> {
        if hello.schema != SCHEMA {
            return Err(Reset::Schema);
        }
        let answerable = standing.floor <= hello.cursor && hello.cursor <= standing.head;
        if !answerable || standing.head.0 - hello.cursor.0 > MAX_LAG {
            return Err(Reset::Cursor);
        }
        if hello.epoch != standing.epoch {
            return Err(Reset::Epoch);
        }
        if hello.settled > standing.last_mutation {
            return Err(Reset::Client);
        }
        let Standing { now, head, epoch, last_mutation, .. } = *standing;
        let atoms = standing.atoms.clone();
        let filter = filter::Session { person, atoms, epoch, open: BTreeSet::new(), horizon };
        let session = Self {
            client: hello.client,
            filter,
            told: hello.cursor,
            seen: hello.cursor,
            acked: hello.settled,
            known: last_mutation,
            done: vec![(Seq(0), last_mutation)],
            counted: BTreeMap::new(),
        };
        let welcome = Down::Welcome { now, head, epoch, last_mutation };
        let untold = refusals.iter().filter(|(n, _)| *n > hello.settled);
        let rejected = untold.map(|(n, refusal)| Down::Rejected { n: *n, refusal: refusal.clone() });
        Ok((session, std::iter::once(welcome).chain(rejected).collect()))
    }

    /// Whose mutations it acknowledges.
    #[must_use]
    pub fn client(&self) -> ClientId {
        self.client
    }

    /// What the session may see.
    #[must_use]
    pub fn filter(&self) -> &filter::Session {
        &self.filter
    }

    /// Where the next catch-up begins.
    #[must_use]
    pub fn seen(&self) -> Seq {
        self.seen
    }

    /// The conversation is on screen. To be entered before its lines are read.
    pub fn open(&mut self, conversation: ConversationId) {
        self.filter.open.insert(conversation);
    }

    pub fn close(&mut self, conversation: ConversationId) {
        self.filter.open.remove(&conversation);
        self.counted.retain(|_, beside| *beside != conversation);
    }

    /// Tells everything between what was told and `standing.head`; `changes` are [`filter::coalesce`] of the log above
    /// [`Self::seen`]. At least one frame: it carries the acknowledgement.
    pub fn catch_up(&mut self, standing: &Standing, changes: &[Change]) -> Vec<Vec<u8>> {
        let before = self.adopt(standing.epoch, &standing.atoms);
        let mut ops = Vec::new();
        for change in changes {
            if let Some(told) = self.filter.told_since(before.as_deref(), change, standing.now) {
                ops.push((change.seq, encode_op(&change.op(told))));
            }
        }
        self.seen = standing.head;
        // Not the client's last mutation as the database has it: one may have been refused to an earlier socket, and
        // must not pass for done before this one has told the refusal.
        let acked = self.done_by_now();
        let ops: Vec<_> = ops.iter().map(|(seq, bytes)| (*seq, bytes.as_slice())).collect();
        let mut frames = self.tell(acked, before.is_some(), &ops);
        frames.extend(self.recounts(changes));
        frames
    }

    /// Tells a commit. One that was told by a catch-up already is passed over.
    pub fn offer(&mut self, encoded: &Encoded, now: Moment) -> Offered {
        let commit = &encoded.commit;
        if commit.to <= self.seen {
            return Offered::Frames(Vec::new());
        }
        if commit.from != self.seen {
            return Offered::Behind;
        }
        let rights = commit.rights.iter().find(|rights| rights.person == self.filter.person);
        let before = rights.and_then(|Rights { epoch, atoms, .. }| self.adopt(*epoch, atoms));
        let mut ops = Vec::new();
        for (change, bytes) in commit.changes.iter().zip(&encoded.ops) {
            if let Some(told) = self.filter.told_since(before.as_deref(), change, now) {
                ops.push((change.seq, bytes.bytes(told)));
            }
        }
        self.seen = commit.to;
        if commit.client == Some((self.client, self.known + 1)) {
            self.known += 1;
            self.done.push((commit.to, self.known));
        }
        let acked = self.done_by_now();
        let quiet = ops.is_empty() && before.is_none() && acked == self.acked;
        let mut frames = if quiet { Vec::new() } else { self.tell(acked, before.is_some(), &ops) };
        let theirs = commit.notices.iter().filter(|notice| notice.person == self.filter.person);
        frames.extend(theirs.map(|notice| encode(&Down::Opening { waiting: notice.waiting })));
        frames.extend(self.recounts(&commit.changes));
        Offered::Frames(frames)
    }

    /// Mutation `n` was carried out or refused on this socket, the refusal told, and its effects lie at or below `at`. To
    /// be said of every number in order, also of those seen before. A frame if the acknowledgement can be told at once;
    /// else it goes with the commits up to `at`.
    pub fn done(&mut self, n: u64, at: Seq) -> Option<Vec<u8>> {
        self.known = self.known.max(n);
        self.done.push((at, n));
        let acked = self.done_by_now();
        (acked > self.acked).then(|| self.tell(acked, false, &[])).and_then(|mut frames| frames.pop())
    }

    /// A frame that moves the client's cursor over commits that did not concern it; wanted every two seconds at most.
    pub fn idle(&mut self) -> Option<Vec<u8>> {
        (self.told < self.seen).then(|| self.tell(self.acked, false, &[])).and_then(|mut frames| frames.pop())
    }

    /// The answer to `Open` or `Older`. `head`, `rows` and `atoms` are read in one snapshot; `rows` newest first, one
    /// more than [`LINES`] where there are more. For `Extent::Changed` the caller has seen that they are no more than that.
    #[must_use]
    pub fn lines(
        &self,
        conversation: ConversationId,
        extent: Extent,
        atoms: &[Atom],
        head: Option<Current>,
        rows: Vec<(Seq, Row)>,
    ) -> Down {
        let Some(head) = head.filter(|head| self.shows(&head.audience, atoms)) else {
            return Down::Lines { conversation, extent, lines: Vec::new(), more: false };
        };
        let mut lines = vec![(head.rev, head.row)];
        let (mut more, mut size) = (false, 0);
        for row in rows {
            size += encode(&row).len();
            more = lines.len() > LINES || size > MAX_DOWN - FRAME / 4;
            if more {
                break;
            }
            lines.push(row);
        }
        Down::Lines { conversation, extent, lines, more }
    }

    /// The answer to `History`, all of it read in one snapshot: the asked conversation's head, the contact's other ones
    /// that `atoms` show, the latest to begin first and one more than [`HISTORY`] where there are more, and the number of
    /// those they do not show, where the account has it said.
    #[must_use]
    pub fn history(
        &mut self,
        conversation: ConversationId,
        atoms: &[Atom],
        head: Option<&Current>,
        others: Vec<Current>,
        unseen: Option<Unseen>,
    ) -> Down {
        self.counted.retain(|_, beside| *beside != conversation);
        let Some(head) = head.filter(|head| self.shows(&head.audience, atoms)) else {
            return Down::History { conversation, heads: Vec::new(), more: false, unseen: Unseen::NONE };
        };
        if let (Row::Conversation { head, .. }, true) =
            (&head.row, unseen.is_some() && self.filter.open.contains(&conversation))
        {
            self.counted.insert(head.contact.id, conversation);
        }
        let unseen = unseen.unwrap_or(Unseen::NONE);
        let more = others.len() > HISTORY;
        let shown = others.into_iter().take(HISTORY).filter(|other| self.shows(&other.audience, atoms));
        Down::History { conversation, heads: shown.map(|other| (other.rev, other.row)).collect(), more, unseen }
    }

    /// Which numbers of unseen conversations the changes may have changed: of those that this session is not told of,
    /// because it sees them neither before nor after.
    fn recounts(&self, changes: &[Change]) -> Vec<Vec<u8>> {
        let hidden = |change: &&Change| {
            change.audience_before != change.audience_after
                && !self.filter.sees(&change.audience_before)
                && !self.filter.sees(&change.audience_after)
        };
        let beside = |change: &Change| match &change.after {
            Some(Row::Conversation { head, .. }) => self.counted.get(&head.contact.id).copied(),
            _ => None,
        };
        let touched: BTreeSet<_> = changes.iter().filter(hidden).filter_map(beside).collect();
        touched.into_iter().map(|conversation| encode(&Down::Recount { conversation })).collect()
    }

    /// Whether a row may be told that was read with the rights of `atoms`: new ones may not have been told yet.
    fn shows(&self, audience: &[Atom], atoms: &[Atom]) -> bool {
        self.filter.sees(audience) && meets(audience, atoms)
    }

    /// Takes over new rights; the atoms before, if they are new.
    fn adopt(&mut self, epoch: Epoch, atoms: &[Atom]) -> Option<Vec<Atom>> {
        if epoch == self.filter.epoch {
            return None;
        }
        self.filter.epoch = epoch;
        Some(std::mem::replace(&mut self.filter.atoms, atoms.to_vec()))
    }

    /// The last mutation whose effects are among what has been told by now.
    fn done_by_now(&mut self) -> u64 {
        let seen = self.seen;
        let done = self.done.iter().filter(|(at, _)| *at <= seen).map(|(_, n)| *n).max();
        self.done.retain(|(at, _)| *at > seen);
        done.unwrap_or_default().max(self.acked)
    }

    /// Frames for `(told, seen]`, in which `ops` are ordered by number. A range too large for one frame is split between
    /// numbers: whoever stops in the middle asks for the rest by its cursor.
    fn tell(&mut self, acked: u64, scope: bool, ops: &[(Seq, &[u8])]) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        let mut scope = scope;
        let mut rest = ops;
        loop {
            let (chunk, later) = rest.split_at(chunk_len(rest));
            let (to, ack) = match later.first() {
                Some((next, _)) => (Seq(next.0 - 1).clamp(self.told, self.seen), self.acked),
                None => (self.seen, acked),
            };
            let bytes: Vec<&[u8]> = chunk.iter().map(|(_, bytes)| *bytes).collect();
            frames.push(if std::mem::take(&mut scope) {
                encode_scope(self.told, to, ack, self.filter.epoch, &self.filter.atoms, &bytes)
            } else {
                encode_delta(self.told, to, ack, &bytes)
            });
            (self.told, self.acked) = (to, ack);
            if later.is_empty() {
                return frames;
            }
            rest = later;
        }
    }
}

/// How many ops fit into a frame; at least one.
fn chunk_len(ops: &[(Seq, &[u8])]) -> usize {
    let mut size = 0;
    let fitting = ops.iter().take_while(|(_, bytes)| {
        size += bytes.len();
        size <= FRAME
    });
    fitting.count().max(1).min(ops.len())
}
