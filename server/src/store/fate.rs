//! Open conversations that somebody or a team leaves behind: how many, which, and what is still to be done with them.

use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Result, Scoped};

/// The timer of what is still to be done, in `due`.
pub const FATE: i16 = 5;

/// Open conversations, by phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Open {
    pub pending: u32,
    pub in_progress: u32,
}

/// What is still to be done.
pub struct Job<T> {
    pub by: PersonId,
    pub what: T,
}

impl Scoped {
    /// The open conversations of a team.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_of_team(&mut self, team: TeamId) -> Result<Open> {
        let row = sqlx::query!(
            r#"select count(*) filter (where phase < 4) as "pending!", count(*) filter (where phase = 4) as "held!"
               from conversation where account_id = $1 and team_id = $2 and phase < 5"#,
            self.account.0,
            team.0
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(Open::of(row.pending, row.held))
    }

    /// The open conversations that somebody holds: designated to them, and in progress, in these teams or in all.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_of_person(&mut self, person: PersonId, teams: Option<&[TeamId]>) -> Result<Open> {
        let teams: Option<Vec<Uuid>> = teams.map(|teams| teams.iter().map(|team| team.0).collect());
        let row = sqlx::query!(
            r#"select
                 (select count(*) from conversation where account_id = $1 and phase = 2 and designee = $2
                    and ($3::uuid[] is null or team_id = any($3))) as "pending!",
                 (select count(*) from conversation where account_id = $1 and phase = 4 and responsible = $2
                    and ($3::uuid[] is null or team_id = any($3))) as "held!""#,
            self.account.0,
            person.0,
            teams.as_deref()
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(Open::of(row.pending, row.held))
    }

    /// Some conversations in progress of somebody, in these teams or in all.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn held_by(
        &mut self,
        person: PersonId,
        teams: Option<&[TeamId]>,
        limit: i64,
    ) -> Result<Vec<(ConversationId, TeamId)>> {
        let teams: Option<Vec<Uuid>> = teams.map(|teams| teams.iter().map(|team| team.0).collect());
        let rows = sqlx::query!(
            "select id, team_id from conversation where account_id = $1 and phase = 4 and responsible = $2
               and ($3::uuid[] is null or team_id = any($3)) order by id limit $4",
            self.account.0,
            person.0,
            teams.as_deref(),
            limit
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (ConversationId(row.id), TeamId(row.team_id))).collect())
    }

    /// Some open conversations of a team.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_in(&mut self, team: TeamId, limit: i64) -> Result<Vec<(ConversationId, TeamId)>> {
        let rows = sqlx::query_scalar!(
            "select id from conversation where account_id = $1 and phase < 5 and team_id = $2 order by id limit $3",
            self.account.0,
            team.0,
            limit
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|id| (ConversationId(id), team)).collect())
    }

    /// Notes what is to be done, in the transaction that makes it necessary; a timer finishes what this server cannot.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn promise<T: Serialize + Sync>(&mut self, id: Uuid, by: PersonId, what: &T) -> Result<()> {
        let soon = self.now.0 + 5_000;
        sqlx::query!(
            "with timer as (insert into due (kind, account_id, subject, due_at) values ($5, $1, $2, $6))
             insert into fate (account_id, id, by_person, what) values ($1, $2, $3, $4)",
            self.account.0,
            id,
            by.0,
            Json(what) as _,
            FATE,
            soon
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// What is to be done, unless it is done or somebody is at it.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn promised<T: DeserializeOwned + Send + Unpin>(&mut self, id: Uuid) -> Result<Option<Job<T>>> {
        let row = sqlx::query!(
            r#"select by_person, what as "what: serde_json::Value" from fate where account_id = $1 and id = $2 for update skip locked"#,
            self.account.0,
            id
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(|row| {
            let what = serde_json::from_value(row.what).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(Job { by: PersonId(row.by_person), what })
        })
        .transpose()
    }

    /// Whether something is still to be done.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn is_promised(&mut self, id: Uuid) -> Result<bool> {
        sqlx::query_scalar!(
            r#"select exists (select from fate where account_id = $1 and id = $2) as "exists!""#,
            self.account.0,
            id
        )
        .fetch_one(&mut *self.tx)
        .await
    }

    /// It is done.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn kept(&mut self, id: Uuid) -> Result<()> {
        sqlx::query!(
            "with timer as (delete from due where kind = $3 and account_id = $1 and subject = $2)
             delete from fate where account_id = $1 and id = $2",
            self.account.0,
            id,
            FATE
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

impl Open {
    fn of(pending: i64, in_progress: i64) -> Self {
        let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        Self { pending: count(pending), in_progress: count(in_progress) }
    }
}
