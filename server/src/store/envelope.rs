//! Webhook bodies as they came, and which account a channel belongs to.
//!
//! *Invariant:* this is one of the few modules that read installation tables: an envelope has no account until its
//! channel is known. A body is never changed; only its state moves, from open to one of the others.

use std::collections::BTreeMap;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{AccountId, ChannelId};
use sqlx::postgres::PgTransaction;
use sqlx::{PgConnection, PgPool};

use super::Result;
use super::codes::Code;

/// Serialises the ingress workers of all servers of an installation.
const INGRESS: (i32, i32) = (0x6369_7261, 1);

/// A body that is still to be processed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// The order of arrival.
    pub arrival: i64,
    pub body: Vec<u8>,
}

/// What became of an envelope that held nothing for an account to apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Processed,
    /// Kept for the operator (decision 25).
    UnknownChannel,
    /// No JSON, or not processable; kept for the operator.
    Broken,
}

/// An envelope that is done with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    pub arrival: i64,
    pub fate: Fate,
    /// For the operator: bounded words, nothing of the content.
    pub note: Option<String>,
}

/// Where a channel is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Destination {
    pub account: AccountId,
    pub channel: ChannelId,
}

/// How many envelopes stand where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    pub open: i64,
    pub unknown_channel: i64,
    pub broken: i64,
}

impl Fate {
    const fn code(self) -> i16 {
        match self {
            Self::Processed => 1,
            Self::UnknownChannel => 2,
            Self::Broken => 3,
        }
    }
}

/// Keeps bodies in their order. Returns when they are durable.
///
/// # Errors
/// When the database cannot be reached; whether they were kept is then unknown.
pub async fn keep(pool: &PgPool, bodies: &[&[u8]]) -> Result<()> {
    match bodies {
        [one] => sqlx::query!("insert into envelope (body) values ($1)", *one).execute(pool).await?,
        several => {
            sqlx::query!(
                "insert into envelope (body)
                 select given.body from unnest($1::bytea[]) with ordinality as given (body, n) order by given.n",
                several as &[&[u8]]
            )
            .execute(pool)
            .await?
        }
    };
    Ok(())
}

/// Begins a transaction in which this worker is the only one of all servers; waits for its turn.
///
/// # Errors
/// When the database cannot be reached.
pub async fn take_turn(pool: &PgPool) -> Result<PgTransaction<'static>> {
    // One round trip. The lock is waited for in it, so what is read afterwards is what the one before left.
    super::open(pool, format!("begin; select pg_advisory_xact_lock({}, {})", INGRESS.0, INGRESS.1)).await
}

/// The oldest open envelopes: at most `count`, and at most `bytes` of bodies unless the very first is larger.
///
/// # Errors
/// When the database cannot be reached.
pub async fn open(connection: &mut PgConnection, count: i64, bytes: i64) -> Result<Vec<Envelope>> {
    sqlx::query_as!(
        Envelope,
        r#"select arrival as "arrival!", body as "body!" from (
             select arrival, body, row_number() over upto as n, sum(octet_length(body)) over upto as bytes
             from envelope where state = 0 window upto as (order by arrival) order by arrival limit $1) as next
           where n = 1 or bytes <= $2 order by arrival"#,
        count,
        bytes
    )
    .fetch_all(connection)
    .await
}

/// The channels that are known of those asked for.
///
/// # Errors
/// When the database cannot be reached.
pub async fn destinations(
    connection: &mut PgConnection,
    asked: &[(ChannelKind, &str)],
) -> Result<BTreeMap<(ChannelKind, String), Destination>> {
    let (kinds, ids): (Vec<i16>, Vec<&str>) = asked.iter().map(|(kind, id)| (kind.code(), *id)).unzip();
    let rows = sqlx::query!(
        "select r.kind, r.provider_id, r.account_id, r.channel_id from channel_route r
         join unnest($1::smallint[], $2::text[]) as asked (kind, provider_id)
           on r.kind = asked.kind and r.provider_id = asked.provider_id",
        &kinds,
        &ids as &[&str]
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let destination = Destination { account: AccountId(row.account_id), channel: ChannelId(row.channel_id) };
            Ok(((ChannelKind::from_code(row.kind)?, row.provider_id), destination))
        })
        .collect()
}

/// Moves envelopes out of the open ones. Those that an account applied are moved by its own transaction.
///
/// # Errors
/// When the database cannot be reached.
pub async fn settle(connection: &mut PgConnection, settled: &[Settled]) -> Result<()> {
    let arrivals: Vec<i64> = settled.iter().map(|one| one.arrival).collect();
    let states: Vec<i16> = settled.iter().map(|one| one.fate.code()).collect();
    let notes: Vec<Option<&str>> = settled.iter().map(|one| one.note.as_deref()).collect();
    sqlx::query!(
        "update envelope e set state = done.state, note = done.note
         from unnest($1::bigint[], $2::smallint[], $3::text[]) as done (arrival, state, note)
         where e.arrival = done.arrival",
        &arrivals,
        &states,
        &notes as &[Option<&str>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes some envelopes that have been kept long enough, and says how many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget(pool: &PgPool, days: i32, at_most: i64) -> Result<u64> {
    let done = sqlx::query!(
        "delete from envelope where arrival in (
           select arrival from envelope where state <> 0 and received_at < now() - make_interval(days => $1)
           order by received_at limit $2)",
        days,
        at_most
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected())
}

/// How many envelopes stand where.
///
/// # Errors
/// When the database cannot be reached.
pub async fn standing(pool: &PgPool) -> Result<Standing> {
    sqlx::query_as!(
        Standing,
        r#"select count(*) filter (where state = 0) as "open!", count(*) filter (where state = 2) as "unknown_channel!",
           count(*) filter (where state = 3) as "broken!" from envelope where state in (0, 2, 3)"#
    )
    .fetch_one(pool)
    .await
}

/// Envelopes that were set aside with the same note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noted {
    pub note: String,
    pub envelopes: i64,
}

/// The notes of what was set aside, the most frequent first, at most so many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn notes(pool: &PgPool, most: i64) -> Result<Vec<Noted>> {
    sqlx::query_as!(
        Noted,
        r#"select coalesce(note, 'no note') as "note!", count(*) as "envelopes!" from envelope
           where state in (2, 3) group by note order by count(*) desc, note limit $1"#,
        most
    )
    .fetch_all(pool)
    .await
}
