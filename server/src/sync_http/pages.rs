//! The snapshot a replica begins with: where it starts, and its rows by the page.
//!
//! *Invariant:* rows, rights and epoch of a page come from one snapshot; pages are short, so nothing long is held open.

use anyhow::Result;
use ciranda_domain::conversation::State;
use ciranda_domain::ids::ConversationId;
use ciranda_domain::time::Moment;
use ciranda_sync::frames::{Page, PageRequest, Part, SCHEMA, Started};
use ciranda_sync::horizon::{FinishedKey, Horizon};
use ciranda_sync::rows::{Row, Seq};
use uuid::Uuid;

use crate::app::App;
use crate::auth::Principal;
use crate::store;
use crate::store::conversation::Held;
use crate::store::page::Reader;

/// Heads of a page.
const HEADS: i64 = 500;

/// Where a snapshot begins: its rows are read after this, and what changes meanwhile is replayed from here.
///
/// # Errors
/// When the database cannot be reached.
pub async fn start(app: &App, who: &Principal) -> Result<Started> {
    let mut scoped = store::snapshot(app, who.account).await?;
    let standing = scoped.standing().await?;
    let rights = app.memory.reference(&mut scoped).await?.rights(who.person);
    let now = scoped.now;
    scoped.commit().await?;
    Ok(Started {
        schema: SCHEMA,
        account: who.account,
        person: who.person,
        seq: standing.head,
        epoch: rights.epoch,
        atoms: rights.atoms,
        now,
    })
}

/// One page.
///
/// # Errors
/// When the database cannot be reached.
pub async fn page(app: &App, who: &Principal, request: &PageRequest) -> Result<Page> {
    let mut scoped = store::snapshot(app, who.account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let rights = reference.rights(who.person);
    let reader = Reader { person: who.person, atoms: &rights.atoms };
    let (rows, next) = match Place::parse(request.part, request.after.as_deref()) {
        Some(Place::Reference) | None => (reference.rows.clone(), None),
        Some(Place::Open { after }) => {
            let held = scoped.open_page(&reader, after, HEADS).await?;
            let next = full(&held).map(|held| Place::Open { after: Some(held.head.id) });
            (held.into_iter().map(row).collect(), next)
        }
        Some(Place::Finished { before }) => {
            let held = scoped.finished_page(&reader, Horizon::default(), before, HEADS).await?;
            let next = full(&held).and_then(|held| Some(Place::Finished { before: Some(finished_key(held)?) }));
            (held.into_iter().map(row).collect(), next)
        }
    };
    scoped.commit().await?;
    Ok(Page { epoch: rights.epoch, rows, next: next.and_then(Place::text) })
}

/// The last of a page that may have another after it.
fn full(held: &[Held]) -> Option<&Held> {
    (i64::try_from(held.len()) == Ok(HEADS)).then(|| held.last()).flatten()
}

fn finished_key(held: &Held) -> Option<FinishedKey> {
    match held.head.state {
        State::Finished(finished) => Some((finished.at, held.head.id)),
        State::Pending(_) | State::InProgress { .. } => None,
    }
}

fn row(held: Held) -> (Seq, Row) {
    (held.rev, Row::Conversation { head: Box::new(held.head), audience: held.audience })
}

/// Where in a part a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Reference,
    Open { after: Option<ConversationId> },
    Finished { before: Option<FinishedKey> },
}

impl Place {
    /// Reads what [`Place::text`] wrote; `None` when it was written by somebody else.
    pub fn parse(part: Part, after: Option<&str>) -> Option<Self> {
        let id = |text: &str| Uuid::try_parse(text).ok().map(ConversationId);
        Some(match (part, after) {
            (Part::Reference, _) => Self::Reference,
            (Part::Open, None) => Self::Open { after: None },
            (Part::Open, Some(text)) => Self::Open { after: Some(id(text)?) },
            (Part::Finished, None) => Self::Finished { before: None },
            (Part::Finished, Some(text)) => {
                let (at, conversation) = text.split_once('.')?;
                Self::Finished { before: Some((Moment(at.parse().ok()?), id(conversation)?)) }
            }
        })
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Reference | Self::Open { after: None } | Self::Finished { before: None } => None,
            Self::Open { after: Some(id) } => Some(id.0.simple().to_string()),
            Self::Finished { before: Some((at, id)) } => Some(format!("{}.{}", at.0, id.0.simple())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        let id = ConversationId(Uuid::from_u128(77));
        let open = Place::Open { after: Some(id) };
        let finished = Place::Finished { before: Some((Moment(-5), id)) };
        assert_eq!(Place::parse(Part::Open, open.text().as_deref()), Some(open));
        assert_eq!(Place::parse(Part::Finished, finished.text().as_deref()), Some(finished));
    }

    #[test]
    fn what_somebody_made_up_is_no_place() {
        for text in ["", "x", "5", "5.", ".77", "5.x", "a.00000000000000000000000000000077"] {
            assert_eq!(Place::parse(Part::Finished, Some(text)), None, "{text}");
        }
        assert_eq!(Place::parse(Part::Open, Some("not an id")), None);
    }
}
