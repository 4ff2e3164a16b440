//! The audit: who changed what, when, before and after.
//!
//! *Invariant:* a line is written in the transaction of the change it tells of, and never changed afterwards: the
//! program's role may neither update nor delete here.

use ciranda_domain::ids::PersonId;
use ciranda_domain::time::Moment;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Result, Scoped};

/// A line to be written.
#[derive(Serialize)]
pub struct AuditRow {
    pub id: Uuid,
    pub actor: Uuid,
    pub action: String,
    pub subject: Uuid,
    /// What else it changed.
    pub touched: Vec<Uuid>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// A line as it is read.
pub struct Noted {
    pub id: Uuid,
    pub at: Moment,
    pub actor: Option<Uuid>,
    pub action: String,
    pub subject: Option<Uuid>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

/// Which lines are wanted.
#[derive(Default)]
pub struct Wanted {
    pub actor: Option<Uuid>,
    pub action: Option<String>,
    pub subject: Option<Uuid>,
    pub from: Option<Moment>,
    /// Exclusive.
    pub until: Option<Moment>,
    /// Only lines after this one in the order of the page, newest first.
    pub before: Option<(Moment, Uuid)>,
}

impl Scoped {
    /// Writes lines, at the instant of the transaction.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn note(&mut self, rows: &[AuditRow]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into audit (account_id, id, at, actor, action, subject, touched, before, after)
             select $1, r.id, to_timestamp($2::bigint / 1000.0::float8), r.actor, r.action, r.subject, r.touched,
               nullif(r.before, 'null'), nullif(r.after, 'null')
             from json_to_recordset($3::json) as r(id uuid, actor uuid, action text, subject uuid, touched uuid[],
               before jsonb, after jsonb)",
            self.account.0,
            self.now.0,
            Json(rows) as _
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Lines, newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn noted(&mut self, wanted: &Wanted, limit: i64) -> Result<Vec<Noted>> {
        let rows = sqlx::query!(
            r#"select id, (extract(epoch from at) * 1000)::bigint as "at!", actor, action, subject, before, after
               from audit
               where account_id = $1 and ($2::uuid is null or actor = $2) and ($3::text is null or action = $3)
                 and ($4::uuid is null or subject = $4 or $4 = any(touched))
                 and ($5::bigint is null or at >= to_timestamp($5::bigint / 1000.0::float8))
                 and ($6::bigint is null or at < to_timestamp($6::bigint / 1000.0::float8))
                 and ($7::bigint is null or (at, id) < (to_timestamp($7::bigint / 1000.0::float8), $8::uuid))
               order by at desc, id desc limit $9"#,
            self.account.0,
            wanted.actor,
            wanted.action,
            wanted.subject,
            wanted.from.map(|at| at.0),
            wanted.until.map(|at| at.0),
            wanted.before.map(|(at, _)| at.0),
            wanted.before.map(|(_, id)| id),
            limit
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let noted = rows.into_iter().map(|row| Noted {
            id: row.id,
            at: Moment(row.at),
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            before: row.before,
            after: row.after,
        });
        Ok(noted.collect())
    }

    /// The business hours that were replaced after an instant, as they were until then, in order.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn hours_replaced(&mut self, after: Moment) -> Result<Vec<(Moment, Option<serde_json::Value>)>> {
        let rows = sqlx::query!(
            r#"select (extract(epoch from at) * 1000)::bigint as "at!", before from audit
               where account_id = $1 and action = 'HoursSaved' and at > to_timestamp($2::bigint / 1000.0::float8)
               order by at, id"#,
            self.account.0,
            after.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (Moment(row.at), row.before)).collect())
    }

    /// Who last changed a person, a team or the account.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn last_changed_by(&mut self, subject: Uuid) -> Result<Option<PersonId>> {
        let actor = sqlx::query_scalar!(
            "select actor from audit where account_id = $1 and (subject = $2 or $2 = any(touched))
               and action not in ('ViewedAs', 'InviteSentAgain')
             order by at desc, id desc limit 1",
            self.account.0,
            subject
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(actor.flatten().map(PersonId))
    }
}
