//! What happened after a number, read from the log and the rows as they are now.
//!
//! *Invariant:* lines, rows and rights come from one snapshot of the database, and the lines reach to its head.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_sync::filter::{Change, Commit, Current, Notice, coalesce};
use ciranda_sync::rows::{Row, RowId, Seq};

use crate::app::App;
use crate::desk::Reference;
use crate::store::Scoped;
use crate::store::log::{Logged, Subject};

/// The account at one instant, with what changed before it.
pub struct Snapshot {
    pub head: Seq,
    pub floor: Seq,
    /// One change for each row that changed.
    pub changes: Vec<Change>,
    pub reference: Arc<Reference>,
    rights: BTreeSet<PersonId>,
    notices: Vec<Notice>,
}

impl Snapshot {
    /// As a commit of everything above `from`.
    #[must_use]
    pub fn commit(self, from: Seq) -> Commit {
        let rights = self.rights.iter().map(|person| self.reference.rights(*person)).collect();
        Commit { from, to: self.head, client: None, changes: self.changes, rights, notices: self.notices }
    }
}

/// Reads everything above `from`; `scoped` must be a [`crate::store::snapshot`].
///
/// # Errors
/// When the database cannot be reached or holds what this version does not know.
pub async fn read(app: &App, scoped: &mut Scoped, from: Seq) -> Result<Snapshot> {
    let standing = scoped.standing().await?;
    let reference = app.memory.reference(scoped).await?;
    let answerable = standing.floor <= from && from <= standing.head;
    let lines = if answerable { scoped.log(from, standing.head).await? } else { Vec::new() };
    let rows = current(scoped, &reference, &lines).await?;
    let rights = lines.iter().filter_map(|line| match line.subject {
        Subject::Rights(person) => Some(person),
        Subject::Row(_) | Subject::Notice(_) => None,
    });
    let rights = rights.collect();
    let notices = lines.iter().filter_map(Logged::notice).collect();
    let lines: Vec<_> = lines.iter().filter_map(Logged::line).collect();
    let changes = coalesce(&lines, |row| rows.get(&row).cloned());
    Ok(Snapshot { head: standing.head, floor: standing.floor, changes, reference, rights, notices })
}

/// The rows that the lines name, as they are.
async fn current(scoped: &mut Scoped, reference: &Reference, lines: &[Logged]) -> Result<BTreeMap<RowId, Current>> {
    let (mut heads, mut messages, mut others) = (BTreeSet::new(), BTreeSet::new(), false);
    for line in lines {
        match line.subject {
            Subject::Row(RowId::Conversation(id)) => {
                heads.insert(id);
            }
            Subject::Row(RowId::Message(conversation, id)) => {
                heads.insert(conversation);
                messages.insert(id);
            }
            Subject::Row(_) | Subject::Rights(_) => others = true,
            Subject::Notice(_) => {}
        }
    }
    let mut rows = conversations(scoped, &heads, &messages).await?;
    if others {
        let known = reference.rows.iter().cloned();
        rows.extend(known.map(|(rev, row)| (row.id(), Current { rev, row, audience: Vec::new() })));
    }
    Ok(rows)
}

/// Heads and lines; a line has its conversation's audience.
async fn conversations(
    scoped: &mut Scoped,
    heads: &BTreeSet<ConversationId>,
    messages: &BTreeSet<MessageId>,
) -> Result<BTreeMap<RowId, Current>> {
    let mut rows = BTreeMap::new();
    let mut audiences = BTreeMap::new();
    if !heads.is_empty() {
        for held in scoped.conversations(&heads.iter().copied().collect::<Vec<_>>()).await? {
            audiences.insert(held.head.id, held.audience.clone());
            let row = Row::Conversation { head: Box::new(held.head), audience: held.audience.clone() };
            rows.insert(row.id(), Current { rev: held.rev, row, audience: held.audience });
        }
    }
    if !messages.is_empty() {
        for line in scoped.lines(&messages.iter().copied().collect::<Vec<_>>()).await? {
            let audience = audiences.get(&line.message.conversation).cloned().unwrap_or_default();
            let row = Row::Message(line.message);
            rows.insert(row.id(), Current { rev: line.rev, row, audience });
        }
    }
    Ok(rows)
}
