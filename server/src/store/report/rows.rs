//! The rows behind a number of a report, in pages.
//!
//! *Invariant:* they are selected by the same conditions as the number (`super::read`), the viewer's sight included.

use ciranda_domain::report::FactKind;
use uuid::Uuid;

use super::Ask;
use crate::store::codes::Code;
use crate::store::{Result, Scoped};

/// Which of the facts of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    All = 0,
    Ended = 1,
    /// Cut short before it could end.
    Without = 2,
    Running = 3,
}

/// One row behind a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowOf {
    pub conversation: Uuid,
    pub no: i32,
    pub contact_name: String,
    pub team: Uuid,
    pub person: Uuid,
    pub channel: Uuid,
    pub at: i64,
    pub ended_at: Option<i64>,
    pub ms: Option<i64>,
}

/// The last row of a page, after which the next begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cursor {
    pub at: i64,
    pub conversation: Uuid,
    pub no: i32,
}

impl Scoped {
    /// A page of the rows behind a number, the latest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn fact_rows(
        &mut self,
        ask: &Ask,
        kind: FactKind,
        which: Which,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<RowOf>> {
        let (from, until) = ask.around();
        sqlx::query_as!(
            RowOf,
            r#"with finished as (
                 select f.conversation_id, f.no, f.team_id, f.person_id, f.channel_id, f.at, f.ended_at,
                   case when $6 then f.business_ms else f.ms end as ms
                 from report_fact f
                 join conversation c on c.account_id = $1 and c.id = f.conversation_id
                 where f.account_id = $1 and f.kind = $2 and f.day between $3 and $4 and f.at >= $20 and f.at < $21
                   and case $5::int when 0 then true when 1 then f.ms is not null when 2 then f.ms is null else false end
                   and ($10::uuid is null or f.team_id = $10) and ($11::uuid is null or f.person_id = $11)
                   and ($12::uuid is null or f.channel_id = $12)
                   and ($13::uuid[] is null or f.team_id = any($13)) and ($14::uuid is null or f.person_id = $14)
                   and ($15::bigint[] is null or c.audience && $15)
                   and ($16::bigint is null or (f.at, f.conversation_id, f.no) < ($16, $17::uuid, $18::int))
                 order by f.at desc, f.conversation_id desc, f.no desc
                 limit $19),
               running as (
                 select r.conversation_id, -1 as no, r.team_id, r.person_id, r.channel_id, r.at, null::bigint as ended_at,
                   null::bigint as ms
                 from report_running r
                 where r.account_id = $1 and r.kind = $2 and r.at >= $7 and r.at < $8
                   and ($5::int = 3 or $5::int = 0 and r.kind = 11 and r.at <= $9)
                   and ($10::uuid is null or r.team_id = $10) and ($11::uuid is null or r.person_id = $11)
                   and ($12::uuid is null or r.channel_id = $12)
                   and ($13::uuid[] is null or r.team_id = any($13)) and ($14::uuid is null or r.person_id = $14)
                   and ($15::bigint[] is null or r.audience && $15)
                   and ($16::bigint is null or (r.at, r.conversation_id, -1) < ($16, $17::uuid, $18::int)))
               select f.conversation_id as "conversation!", f.no as "no!", k.name as contact_name, f.team_id as "team!",
                 f.person_id as "person!", f.channel_id as "channel!", f.at as "at!", f.ended_at, f.ms
               from (select * from finished union all select * from running) f
               join conversation c on c.account_id = $1 and c.id = f.conversation_id
               join contact k on k.account_id = $1 and k.id = c.contact_id
               order by f.at desc, f.conversation_id desc, f.no desc
               limit $19"#,
            self.account.0,
            kind.code(),
            ask.days.0,
            ask.days.1,
            which as i32,
            ask.business,
            ask.instants.0,
            ask.instants.1,
            ask.now,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref(),
            after.map(|cursor| cursor.at),
            after.map(|cursor| cursor.conversation),
            after.map(|cursor| cursor.no),
            limit,
            from,
            until
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// A page of the open conversations of an age, the latest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn backlog_rows(
        &mut self,
        ask: &Ask,
        began: (i64, i64),
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<RowOf>> {
        sqlx::query_as!(
            RowOf,
            r#"select r.conversation_id as "conversation!", -1 as "no!", k.name as contact_name, r.team_id as "team!",
                 r.person_id as "person!", r.channel_id as "channel!", r.at as "at!", null::bigint as ended_at,
                 null::bigint as ms
               from report_running r
               join contact k on k.account_id = $1 and k.id = r.contact_id
               where r.account_id = $1 and r.kind = 0 and r.at > $2 and r.at <= $3
                 and ($4::uuid is null or r.team_id = $4) and ($5::uuid is null or r.person_id = $5)
                 and ($6::uuid is null or r.channel_id = $6)
                 and ($7::uuid[] is null or r.team_id = any($7)) and ($8::uuid is null or r.person_id = $8)
                 and ($9::bigint[] is null or r.audience && $9)
                 and ($10::bigint is null or (r.at, r.conversation_id) < ($10, $11::uuid))
               order by r.at desc, r.conversation_id desc
               limit $12"#,
            self.account.0,
            began.0,
            began.1,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref(),
            after.map(|cursor| cursor.at),
            after.map(|cursor| cursor.conversation),
            limit
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// A page of the stretches of responsibility that a person's occupancy is made of, the latest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn busy_rows(
        &mut self,
        ask: &Ask,
        people: &[Uuid],
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<Vec<RowOf>> {
        sqlx::query_as!(
            RowOf,
            r#"with held as (
                 select f.conversation_id, f.no, f.team_id, f.person_id, f.channel_id, f.at, f.ended_at,
                   case when $14 then f.business_ms else f.ms end as ms
                 from report_fact f
                 where f.account_id = $1 and f.kind = 5 and f.ended_at > $2 and f.at < $3
                 union all
                 select r.conversation_id, -1, r.team_id, r.person_id, r.channel_id, r.at, null, null
                 from report_running r where r.account_id = $1 and r.kind = 5 and r.at < $3)
               select f.conversation_id as "conversation!", f.no as "no!", k.name as contact_name, f.team_id as "team!",
                 f.person_id as "person!", f.channel_id as "channel!", f.at as "at!", f.ended_at, f.ms
               from held f
               join conversation c on c.account_id = $1 and c.id = f.conversation_id
               join contact k on k.account_id = $1 and k.id = c.contact_id
               where f.person_id = any($5) and greatest(f.at, $2) < least(coalesce(f.ended_at, $4), $3, $4)
                 and ($6::uuid is null or f.team_id = $6) and ($7::uuid is null or f.channel_id = $7)
                 and ($8::uuid[] is null or f.team_id = any($8)) and ($9::bigint[] is null or c.audience && $9)
                 and ($10::bigint is null or (f.at, f.conversation_id, f.no) < ($10, $11::uuid, $12::int))
               order by f.at desc, f.conversation_id desc, f.no desc
               limit $13"#,
            self.account.0,
            ask.instants.0,
            ask.instants.1,
            ask.now,
            people,
            ask.team,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.atoms.as_deref(),
            after.map(|cursor| cursor.at),
            after.map(|cursor| cursor.conversation),
            after.map(|cursor| cursor.no),
            limit,
            ask.business
        )
        .fetch_all(&mut *self.tx)
        .await
    }
}
