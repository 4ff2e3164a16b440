//! Heads by the page, as a person may see them: sight asked of the database by the same numbers as everywhere.
//!
//! *Invariant:* `audience && $atoms` is the whole of sight in SQL; the horizon is `ciranda_sync::horizon`'s.

use ciranda_domain::access::Atom;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::time::Moment;
use ciranda_sync::horizon::{FinishedKey, Horizon};
use uuid::Uuid;

use super::conversation::{ConversationRow, Held, all, heads};
use super::{Result, Scoped};

/// Whose pages they are.
pub struct Reader<'a> {
    pub person: PersonId,
    pub atoms: &'a [Atom],
}

impl Reader<'_> {
    fn atoms(&self) -> Vec<i64> {
        self.atoms.iter().map(|atom| atom.0).collect()
    }
}

impl Scoped {
    /// Unfinished conversations after one of them, in the order of their ids.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn open_page(
        &mut self,
        reader: &Reader<'_>,
        after: Option<ConversationId>,
        limit: i64,
    ) -> Result<Vec<Held>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = heads!(
            "where c.account_id = $1 and c.phase < 5 and c.audience && $2 and c.id > $3 order by c.id limit $4",
            self.account.0,
            &reader.atoms(),
            after,
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// Finished conversations within the horizon before one of them, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn finished_page(
        &mut self,
        reader: &Reader<'_>,
        horizon: Horizon,
        before: Option<FinishedKey>,
        limit: i64,
    ) -> Result<Vec<Held>> {
        let (at, id) = before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id.0));
        let floor = self.others_floor(reader, horizon).await?;
        let rows = heads!(
            "where c.account_id = $1 and c.phase = 5 and c.audience && $2 and (c.since, c.id) < ($3, $4)
             and case when c.responsible = $5 then c.since >= $6 else (c.since, c.id) >= ($7, $8) end
             order by c.since desc, c.id desc limit $9",
            self.account.0,
            &reader.atoms(),
            at,
            id,
            reader.person.0,
            horizon.own_since(self.now).0,
            floor.0.0,
            floor.1.0,
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// The other conversations of the contact of `head` that somebody sees, the latest to begin first.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn history(&mut self, reader: &Reader<'_>, head: &Conversation, limit: i64) -> Result<Vec<Held>> {
        let rows = heads!(
            "where c.account_id = $1 and c.contact_id = $2 and c.id <> $3 and c.audience && $4
             order by c.created_at desc, c.id desc limit $5",
            self.account.0,
            head.contact.id.0,
            head.id.0,
            &reader.atoms(),
            limit
        );
        all(rows.fetch_all(&mut *self.tx).await?)
    }

    /// In which teams the other conversations of that contact are that somebody does not see, and how many in each.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn unseen(&mut self, reader: &Reader<'_>, head: &Conversation) -> Result<Vec<(TeamId, u32)>> {
        let rows = sqlx::query!(
            r#"select team_id, count(*) as "number!" from conversation
               where account_id = $1 and contact_id = $2 and id <> $3 and not (audience && $4) group by team_id"#,
            self.account.0,
            head.contact.id.0,
            head.id.0,
            &reader.atoms()
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (TeamId(row.team_id), u32::try_from(row.number).unwrap_or(u32::MAX))).collect())
    }

    /// The oldest of the newest finished conversations of other people that are replicated.
    async fn others_floor(&mut self, reader: &Reader<'_>, horizon: Horizon) -> Result<FinishedKey> {
        let last = i64::try_from(horizon.others.saturating_sub(1)).unwrap_or(i64::MAX);
        let row = sqlx::query!(
            "select since, id from conversation
             where account_id = $1 and phase = 5 and audience && $2 and responsible is distinct from $3
             order by since desc, id desc offset $4 limit 1",
            self.account.0,
            &reader.atoms(),
            reader.person.0,
            last
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(row
            .map_or((Moment(i64::MIN), ConversationId(Uuid::nil())), |row| (Moment(row.since), ConversationId(row.id))))
    }
}
