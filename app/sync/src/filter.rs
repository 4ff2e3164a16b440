//! The per-session filter: what of a commit a session is told. The hub and the catch-up both use it.
//!
//! *Invariant:* a row goes only to a session whose atoms meet its audience after the change, and a session that could
//! see it before and cannot now is told to remove it. Sight comes from `domain::access` alone.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::meets;
use ciranda_domain::ids::{ClientId, ConversationId, PersonId};
use ciranda_domain::time::Moment;

use crate::frames::Op;
use crate::horizon::{Horizon, Reach};
use crate::rows::{Atom, Epoch, Row, RowId, Seq};

/// Everything one transaction changed: the numbers `(from, to]` of the account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    pub from: Seq,
    pub to: Seq,
    /// The client and the number of the mutation that was carried out, if one was.
    pub client: Option<(ClientId, u64)>,
    pub changes: Vec<Change>,
    /// People whose rights this commit changed.
    pub rights: Vec<Rights>,
    /// What people are told at opening time.
    pub notices: Vec<Notice>,
}

/// What a person finds at opening time: designated to them while the account was closed (decision 4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Notice {
    pub person: PersonId,
    pub waiting: u32,
}

/// One changed row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The row's revision after the change.
    pub seq: Seq,
    pub row: RowId,
    /// The row as it is now; `None` when it was deleted.
    pub after: Option<Row>,
    /// Who could see it; a message carries its conversation's audiences. Empty for reference rows, which all see.
    pub audience_before: Vec<Atom>,
    pub audience_after: Vec<Atom>,
}

/// A person's rights from this commit on (decision 13).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rights {
    pub person: PersonId,
    pub epoch: Epoch,
    pub atoms: Vec<Atom>,
}

/// What the filter needs to know of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    pub person: PersonId,
    /// Sorted, as `domain::access` makes them.
    pub atoms: Vec<Atom>,
    pub epoch: Epoch,
    /// Conversations on screen, whose lines are live.
    pub open: BTreeSet<ConversationId>,
    pub horizon: Horizon,
}

/// What a session is told of one change; the rows' bytes are made elsewhere, once for all sessions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Told {
    Put,
    Remove,
}

impl Session {
    /// Whether the atoms meet `audience`.
    #[must_use]
    pub fn sees(&self, audience: &[Atom]) -> bool {
        meets(audience, &self.atoms)
    }

    /// What this session is told of `change` at `now`; nothing when it does not concern it.
    #[must_use]
    pub fn told(&self, change: &Change, now: Moment) -> Option<Told> {
        self.told_since(None, change, now)
    }

    /// As [`Self::told`], for a range in which the person's rights changed: `before` are the atoms at its beginning.
    #[must_use]
    pub fn told_since(&self, before: Option<&[Atom]>, change: &Change, now: Moment) -> Option<Told> {
        match change.row {
            RowId::Account(_) | RowId::Person(_) | RowId::Team(_) | RowId::Membership(..) | RowId::Channel(_) => {
                Some(if change.after.is_some() { Told::Put } else { Told::Remove })
            }
            RowId::Message(conversation, _) if !self.open.contains(&conversation) => None,
            RowId::Message(..) | RowId::Conversation(_) => {
                if change.after.as_ref().is_some_and(|row| self.sees(&change.audience_after) && self.reaches(row, now))
                {
                    Some(Told::Put)
                } else if self.sees(&change.audience_before)
                    || before.is_some_and(|atoms| meets(&change.audience_before, atoms))
                {
                    Some(Told::Remove)
                } else {
                    None
                }
            }
        }
    }

    /// Whether the horizon lets the row through. How many newer ones there are is counted at the other end.
    fn reaches(&self, row: &Row, now: Moment) -> bool {
        match row {
            Row::Conversation { head, .. } => {
                self.open.contains(&head.id) || self.horizon.reach(now, self.person, head) != Reach::Beyond
            }
            Row::Account(_)
            | Row::Person(_)
            | Row::Team(_)
            | Row::Membership(_)
            | Row::Channel(_)
            | Row::Message(_) => true,
        }
    }
}

/// The ops of `commit` for a session, in the order of the changes. The session's atoms must be those after the commit;
/// for a person whose rights it changed see [`crate::serve`].
#[must_use]
pub fn ops_for(session: &Session, commit: &Commit, now: Moment) -> Vec<Op> {
    commit.changes.iter().filter_map(|change| Some(change.op(session.told(change, now)?))).collect()
}

impl Change {
    /// The op that tells of this change.
    #[must_use]
    pub fn op(&self, told: Told) -> Op {
        match (told, &self.after) {
            (Told::Put, Some(row)) => Op::Put { rev: self.seq, row: row.clone() },
            (Told::Put, None) | (Told::Remove, _) => Op::Remove { rev: self.seq, row: self.row },
        }
    }
}

/// One line of the log: content is not kept, it is read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLine {
    pub seq: Seq,
    pub row: RowId,
    pub audience_before: Vec<Atom>,
    pub audience_after: Vec<Atom>,
}

/// A row as it is now, with its revision and audience.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Current {
    pub rev: Seq,
    pub row: Row,
    pub audience: Vec<Atom>,
}

/// Folds a range of the log into one change a row, in the order of each row's last line: whoever could see the row at
/// any line of the range could see it before. Lines, rows and rights must come from one snapshot of the database, and the
/// lines must reach to its head, so that each row's revision is its last line's number.
pub fn coalesce(lines: &[LogLine], mut current: impl FnMut(RowId) -> Option<Current>) -> Vec<Change> {
    let mut last: BTreeMap<RowId, (Seq, BTreeSet<Atom>)> = BTreeMap::new();
    for line in lines {
        let (seq, seen_by) = last.entry(line.row).or_default();
        *seq = line.seq.max(*seq);
        seen_by.extend(line.audience_before.iter().chain(&line.audience_after));
    }
    let mut rows: Vec<_> = last.into_iter().collect();
    rows.sort_by_key(|(_, (seq, _))| *seq);
    rows.into_iter()
        .map(|(row, (seq, seen_by))| {
            let audience_before = seen_by.into_iter().collect();
            match current(row) {
                Some(now) => {
                    Change { seq: now.rev, row, after: Some(now.row), audience_before, audience_after: now.audience }
                }
                None => Change { seq, row, after: None, audience_before, audience_after: Vec::new() },
            }
        })
        .collect()
}
