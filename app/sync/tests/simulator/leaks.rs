//! No frame and no page ever carries a row that its session may not see at that number.

use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_sync::frames::{Down, Op, Page};
use ciranda_sync::rows::{Row, RowId, Seq};
use ciranda_sync::wire::decode_down;

use crate::authority::Authority;

/// Checks a frame that tells of the account as it was at `at`.
pub fn check_frame(person: PersonId, bytes: &[u8], at: Seq, authority: &Authority) {
    match decode_down(bytes).expect("a server sends what a client can read") {
        Down::Delta { ops, .. } | Down::Scope { ops, .. } => {
            for op in ops {
                match op {
                    Op::Put { row, .. } => check(person, row.id(), at, authority),
                    Op::Remove { .. } => {}
                }
            }
        }
        Down::Lines { lines: rows, .. } | Down::History { heads: rows, .. } => check_rows(person, &rows, at, authority),
        Down::Welcome { .. }
        | Down::Rejected { .. }
        | Down::Clock { .. }
        | Down::Reset(_)
        | Down::GoAway { .. }
        | Down::Opening { .. }
        | Down::Recount { .. }
        | Down::Pong(_) => {}
    }
}

/// Checks a page read now.
pub fn check_page(person: PersonId, page: &Page, authority: &Authority) {
    check_rows(person, &page.rows, authority.head, authority);
}

fn check_rows(person: PersonId, rows: &[(Seq, Row)], at: Seq, authority: &Authority) {
    for (_, row) in rows {
        check(person, row.id(), at, authority);
    }
}

fn check(person: PersonId, row: RowId, at: Seq, authority: &Authority) {
    let conversation: Option<ConversationId> = match row {
        RowId::Conversation(id) | RowId::Message(id, _) => Some(id),
        RowId::Account(_) | RowId::Person(_) | RowId::Team(_) | RowId::Membership(..) | RowId::Channel(_) => None,
    };
    let leaked = conversation.is_some_and(|id| !authority.could_see(person, id, at));
    assert!(!leaked, "leak at {at:?}: {row:?} went to {person:?}");
}
