//! Heads by the page, as a person may see them: sight asked of the database by the same numbers as everywhere.
//!
//! *Invariant:* `audience && $atoms` is the whole of sight in SQL; the horizon is `ciranda_sync::horizon`'s.

use ciranda_domain::access::Atom;
use ciranda_domain::ids::{ConversationId, PersonId};
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
