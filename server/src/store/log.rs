//! The log of an account: one thin line for each number of its sequence.
//!
//! *Invariant:* lines say which row changed and who could see it before and after, never what it holds; content is read
//! again by whoever needs it.

use ciranda_domain::access::Atom;
use ciranda_domain::ids::{AccountId, ChannelId, ClientId, ConversationId, MessageId, PersonId, TeamId};
use ciranda_sync::filter::{LogLine, Notice};
use ciranda_sync::rows::{RowId, Seq};
use serde::Serialize;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Result, Scoped, Unknown};

/// The columns of `sync_log`, in the shape in which they are written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LogRow {
    pub seq: i64,
    pub entity: i16,
    pub entity_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub op: i16,
    pub audience_before: Vec<i64>,
    pub audience_after: Vec<i64>,
}

/// What a line of the log is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    Row(RowId),
    /// A person's rights changed (decision 13).
    Rights(PersonId),
    /// A person was told at opening time what came for them meanwhile; how much stands where the audience would.
    Notice(PersonId),
}

/// A line as it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Logged {
    pub seq: Seq,
    pub subject: Subject,
    pub audience_before: Vec<Atom>,
    pub audience_after: Vec<Atom>,
    pub client: Option<(ClientId, u64)>,
}

const PUT: i16 = 1;
const REMOVE: i16 = 2;

impl Subject {
    /// Its entity, id and parent.
    fn parts(self) -> (i16, Uuid, Option<Uuid>) {
        match self {
            Self::Row(RowId::Account(id)) => (1, id.0, None),
            Self::Row(RowId::Person(id)) => (2, id.0, None),
            Self::Row(RowId::Team(id)) => (3, id.0, None),
            Self::Row(RowId::Membership(team, person)) => (4, team.0, Some(person.0)),
            Self::Row(RowId::Channel(id)) => (5, id.0, None),
            Self::Row(RowId::Conversation(id)) => (6, id.0, None),
            Self::Row(RowId::Message(conversation, id)) => (7, id.0, Some(conversation.0)),
            Self::Rights(person) => (8, person.0, None),
            Self::Notice(person) => (9, person.0, None),
        }
    }

    fn from_parts(entity: i16, id: Uuid, parent: Option<Uuid>) -> std::result::Result<Self, Unknown> {
        let unknown = Unknown { what: "an entity of the log", value: entity.into() };
        Ok(match (entity, parent) {
            (1, _) => Self::Row(RowId::Account(AccountId(id))),
            (2, _) => Self::Row(RowId::Person(PersonId(id))),
            (3, _) => Self::Row(RowId::Team(TeamId(id))),
            (4, Some(person)) => Self::Row(RowId::Membership(TeamId(id), PersonId(person))),
            (5, _) => Self::Row(RowId::Channel(ChannelId(id))),
            (6, _) => Self::Row(RowId::Conversation(ConversationId(id))),
            (7, Some(conversation)) => Self::Row(RowId::Message(ConversationId(conversation), MessageId(id))),
            (8, _) => Self::Rights(PersonId(id)),
            (9, _) => Self::Notice(PersonId(id)),
            _ => return Err(unknown),
        })
    }

    /// Whether the row is one of the reference rows, which servers remember.
    #[must_use]
    pub fn is_reference(self) -> bool {
        match self {
            Self::Row(RowId::Conversation(_) | RowId::Message(..)) | Self::Notice(_) => false,
            Self::Row(
                RowId::Account(_) | RowId::Person(_) | RowId::Team(_) | RowId::Membership(..) | RowId::Channel(_),
            )
            | Self::Rights(_) => true,
        }
    }
}

impl LogRow {
    /// The line that tells of a change of `subject`.
    #[must_use]
    pub fn of(seq: Seq, subject: Subject, removed: bool, before: &[Atom], after: &[Atom]) -> Self {
        let (entity, entity_id, parent_id) = subject.parts();
        Self {
            seq: seq.0.cast_signed(),
            entity,
            entity_id,
            parent_id,
            op: if removed { REMOVE } else { PUT },
            audience_before: before.iter().map(|atom| atom.0).collect(),
            audience_after: after.iter().map(|atom| atom.0).collect(),
        }
    }
}

impl Logged {
    /// What a person was told at opening time, if that is what the line is about.
    #[must_use]
    pub fn notice(&self) -> Option<Notice> {
        let Subject::Notice(person) = self.subject else { return None };
        let waiting = self.audience_after.first().and_then(|count| u32::try_from(count.0).ok())?;
        Some(Notice { person, waiting })
    }

    /// The line as the filter takes it; none for a change of rights and for a notice, which are not rows.
    #[must_use]
    pub fn line(&self) -> Option<LogLine> {
        match self.subject {
            Subject::Row(row) => Some(LogLine {
                seq: self.seq,
                row,
                audience_before: self.audience_before.clone(),
                audience_after: self.audience_after.clone(),
            }),
            Subject::Rights(_) | Subject::Notice(_) => None,
        }
    }
}

/// Where an account's sequence stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    pub head: Seq,
    /// The oldest number that can still be replayed.
    pub floor: Seq,
    /// The number of the newest change of a reference row.
    pub reference: Seq,
}

impl Scoped {
    /// Where the sequence stands.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn standing(&mut self) -> Result<Standing> {
        let row = sqlx::query!("select seq, floor, reference from account_seq where account_id = $1", self.account.0)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(Standing {
            head: Seq(row.seq.cast_unsigned()),
            floor: Seq(row.floor.cast_unsigned()),
            reference: Seq(row.reference.cast_unsigned()),
        })
    }

    /// The lines of `(from, to]`.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn log(&mut self, from: Seq, to: Seq) -> Result<Vec<Logged>> {
        let rows = sqlx::query!(
            "select seq, entity, entity_id, parent_id, audience_before, audience_after, client_id, mutation
             from sync_log where account_id = $1 and seq > $2 and seq <= $3 order by seq",
            self.account.0,
            from.0.cast_signed(),
            to.0.cast_signed()
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Logged {
                    seq: Seq(row.seq.cast_unsigned()),
                    subject: Subject::from_parts(row.entity, row.entity_id, row.parent_id)?,
                    audience_before: row.audience_before.into_iter().map(Atom).collect(),
                    audience_after: row.audience_after.into_iter().map(Atom).collect(),
                    client: row.client_id.map(ClientId).zip(row.mutation.map(i64::cast_unsigned)),
                })
            })
            .collect()
    }
}

/// Where the sequences of these accounts stand, for the hub, which serves many accounts at once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn heads(pool: &PgPool, accounts: &[AccountId]) -> Result<Vec<(AccountId, Seq)>> {
    let mut heads = Vec::with_capacity(accounts.len());
    for account in accounts {
        let mut scoped = super::scoped(pool, *account, "begin read only").await?;
        heads.push((*account, scoped.standing().await?.head));
        scoped.commit().await?;
    }
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_is_about_reads_back_as_it_was_written() {
        let id = Uuid::from_u128;
        let conversation = ConversationId(id(6));
        let subjects = [
            Subject::Row(RowId::Account(AccountId(id(1)))),
            Subject::Row(RowId::Person(PersonId(id(2)))),
            Subject::Row(RowId::Team(TeamId(id(3)))),
            Subject::Row(RowId::Membership(TeamId(id(3)), PersonId(id(2)))),
            Subject::Row(RowId::Channel(ChannelId(id(5)))),
            Subject::Row(RowId::Conversation(conversation)),
            Subject::Row(RowId::Message(conversation, MessageId(id(7)))),
            Subject::Rights(PersonId(id(2))),
            Subject::Notice(PersonId(id(2))),
        ];
        for subject in subjects {
            let (entity, entity_id, parent) = subject.parts();
            assert_eq!(Subject::from_parts(entity, entity_id, parent).expect("known"), subject);
        }
        assert!(Subject::from_parts(10, id(1), None).is_err());
        assert!(Subject::from_parts(7, id(1), None).is_err(), "a message without its conversation");
    }
}
