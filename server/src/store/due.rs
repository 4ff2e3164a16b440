//! Timers: what is due when, of which account; and the sign of life from which an outage is told.
//!
//! *Invariant:* `due` and `server_beat` are installation tables, read by the scheduler and the outbox only. A row of
//! `due` is only a hint when to look: what is to be done is decided under the locks of its subject.

use ciranda_domain::distribution::Outage;
use ciranda_domain::ids::{AccountId, ConversationId, TeamId};
use ciranda_domain::time::{Moment, Span};
use sqlx::PgPool;
use uuid::Uuid;

use super::Result;
use super::fate::FATE;
use super::team::{EXPIRY, OPENING, OVERFLOW};

/// Something whose instant has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Due {
    /// Deadlines of designated conversations.
    Overflow { account: AccountId, team: TeamId },
    /// Waiting texts that are too old.
    Expiry { account: AccountId, conversation: ConversationId },
    /// Business hours begin, or began at `at`.
    Opening { account: AccountId, at: Moment },
    /// Open conversations that somebody or a team left behind.
    Fate { account: AccountId, id: Uuid },
}

/// A gap in the signs of life that counts as an outage.
const GAP: Span = Span::seconds(10);

/// What is due by now, longest first, and how long it is until the next.
///
/// # Errors
/// When the database cannot be reached.
pub async fn due(pool: &PgPool, at_most: i64) -> Result<Vec<Due>> {
    let rows = sqlx::query!(
        "select d.kind, d.account_id, d.subject, d.due_at from due d, installation i
         where d.kind = any($1) and d.due_at <= (extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms
         order by d.due_at limit $2",
        &[OVERFLOW, EXPIRY, FATE, OPENING],
        at_most
    )
    .fetch_all(pool)
    .await?;
    let due = rows.into_iter().map(|row| {
        let account = AccountId(row.account_id);
        match row.kind {
            OVERFLOW => Due::Overflow { account, team: TeamId(row.subject) },
            OPENING => Due::Opening { account, at: Moment(row.due_at) },
            FATE => Due::Fate { account, id: row.subject },
            _ => Due::Expiry { account, conversation: ConversationId(row.subject) },
        }
    });
    Ok(due.collect())
}

/// How long it is until something is due; negative when something is overdue, none when nothing ever will be.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next(pool: &PgPool) -> Result<Option<Span>> {
    let wait = sqlx::query_scalar!(
        "select min(d.due_at) - min((extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms)
         from due d, installation i where d.kind = any($1)",
        &[OVERFLOW, EXPIRY, FATE, OPENING]
    )
    .fetch_one(pool)
    .await?;
    Ok(wait.map(Span))
}

/// Gives a sign of life, and answers the last outage, which is one when there was no sign of life for too long. The
/// demo's clock may be moved meanwhile, so the gap is measured in the machine's time and told in business time. Every
/// server is told the same: one that starts a moment after another sees no gap any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn beat(pool: &PgPool) -> Result<Option<Outage>> {
    let row = sqlx::query!(
        "insert into server_beat as b (only_row, at, business_at)
         select true, now.at, (extract(epoch from now.at) * 1000)::bigint + i.clock_offset_ms
         from installation i, (select clock_timestamp() as at) as now
         on conflict (only_row) do update set at = excluded.at, business_at = excluded.business_at,
           outage_from = case when (extract(epoch from excluded.at - b.at) * 1000)::bigint > $1
             then b.business_at else b.outage_from end,
           outage_until = case when (extract(epoch from excluded.at - b.at) * 1000)::bigint > $1
             then excluded.business_at else b.outage_until end
         returning outage_from, outage_until",
        GAP.0
    )
    .fetch_one(pool)
    .await?;
    let outage = row.outage_from.zip(row.outage_until);
    Ok(outage.map(|(from, until)| Outage { from: Moment(from), until: Moment(until) }))
}
