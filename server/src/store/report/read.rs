//! What reports read.
//!
//! *Invariant:* a number and its rows are selected by the same conditions, and each of them carries the viewer's
//! [`Sight`]: nothing is counted that the viewer may not open.

use ciranda_domain::report::FactKind;
use uuid::Uuid;

use crate::store::codes::Code;
use crate::store::{Result, Scoped};

/// What a viewer may see.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sight {
    /// Atoms that a conversation's audience must meet; none for administrators, who see everything.
    pub atoms: Option<Vec<i64>>,
    /// Only facts of these teams.
    pub teams: Option<Vec<Uuid>>,
    /// Only this person's facts.
    pub person: Option<Uuid>,
}

/// What the rows of an answer are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    All = 0,
    Day = 1,
    Team = 2,
    Person = 3,
    Channel = 4,
}

/// What is asked: a period in stored days and the same in instants, and what it is narrowed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    pub days: (i32, i32),
    /// The second one is exclusive.
    pub instants: (i64, i64),
    pub zone: String,
    pub now: i64,
    pub team: Option<Uuid>,
    /// All zeros for nobody.
    pub person: Option<Uuid>,
    pub channel: Option<Uuid>,
    pub group: Group,
    pub business: bool,
    pub sight: Sight,
}

/// How long facts of a kind took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lengths {
    pub kind: i16,
    pub key: Option<Uuid>,
    pub day: Option<i32>,
    pub n: i64,
    pub ended: i64,
    /// Of those that ended, in no order.
    pub lengths: Option<Vec<i64>>,
}

/// How many there are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Number {
    pub kind: i16,
    pub key: Option<Uuid>,
    pub day: Option<i32>,
    pub n: i64,
}

/// How long a person was available and how much of it busy, and in how many stretches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spell {
    pub person: Uuid,
    pub available: i64,
    pub busy: i64,
    pub n: i64,
}

fn codes(kinds: &[FactKind]) -> Vec<i16> {
    kinds.iter().map(|kind| kind.code()).collect()
}

impl Scoped {
    /// Facts of these kinds, counted, with their lengths. Percentiles are left to the caller: the database would sort
    /// what it takes one walk to rank.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn fact_lengths(&mut self, ask: &Ask, kinds: &[FactKind]) -> Result<Vec<Lengths>> {
        sqlx::query_as!(
            Lengths,
            r#"select f.kind,
                 case $5::int when 2 then f.team_id when 3 then f.person_id when 4 then f.channel_id end as key,
                 case $5::int when 1 then f.day end as day,
                 count(*) as "n!", count(f.ms) as "ended!",
                 array_agg(case when $6 then f.business_ms else f.ms end)
                   filter (where case when $6 then f.business_ms else f.ms end is not null) as lengths
               from report_fact f
               where f.account_id = $1 and f.kind = any($2) and f.day between $3 and $4
                 and ($7::uuid is null or f.team_id = $7) and ($8::uuid is null or f.person_id = $8)
                 and ($9::uuid is null or f.channel_id = $9)
                 and ($10::uuid[] is null or f.team_id = any($10)) and ($11::uuid is null or f.person_id = $11)
                 and ($12::bigint[] is null or exists (select from conversation c
                   where c.account_id = $1 and c.id = f.conversation_id and c.audience && $12))
               group by 1, 2, 3"#,
            self.account.0,
            &codes(kinds),
            ask.days.0,
            ask.days.1,
            ask.group as i32,
            ask.business,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref()
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// Facts of these kinds, counted one by one: for whoever does not see every conversation.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn fact_counts(&mut self, ask: &Ask, kinds: &[FactKind]) -> Result<Vec<Number>> {
        sqlx::query_as!(
            Number,
            r#"select f.kind,
                 case $5::int when 2 then f.team_id when 3 then f.person_id when 4 then f.channel_id end as key,
                 case $5::int when 1 then f.day end as day,
                 count(*) as "n!"
               from report_fact f
               where f.account_id = $1 and f.kind = any($2) and f.day between $3 and $4
                 and ($6::uuid is null or f.team_id = $6) and ($7::uuid is null or f.person_id = $7)
                 and ($8::uuid is null or f.channel_id = $8)
                 and ($9::uuid[] is null or f.team_id = any($9)) and ($10::uuid is null or f.person_id = $10)
                 and ($11::bigint[] is null or exists (select from conversation c
                   where c.account_id = $1 and c.id = f.conversation_id and c.audience && $11))
               group by 1, 2, 3"#,
            self.account.0,
            &codes(kinds),
            ask.days.0,
            ask.days.1,
            ask.group as i32,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref()
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// Counts of these kinds from the days' sums: for whoever sees every conversation.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn day_counts(&mut self, ask: &Ask, kinds: &[FactKind]) -> Result<Vec<Number>> {
        sqlx::query_as!(
            Number,
            r#"select f.kind,
                 case $5::int when 2 then f.team_id when 3 then f.person_id when 4 then f.channel_id end as key,
                 case $5::int when 1 then f.day end as day,
                 sum(f.n)::bigint as "n!"
               from report_day f
               where f.account_id = $1 and f.kind = any($2) and f.day between $3 and $4
                 and ($6::uuid is null or f.team_id = $6) and ($7::uuid is null or f.person_id = $7)
                 and ($8::uuid is null or f.channel_id = $8)
               group by 1, 2, 3 having sum(f.n) <> 0"#,
            self.account.0,
            &codes(kinds),
            ask.days.0,
            ask.days.1,
            ask.group as i32,
            ask.team,
            ask.person,
            ask.channel
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// What is still running of each kind and began in the period.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn running_counts(&mut self, ask: &Ask) -> Result<Vec<Number>> {
        sqlx::query_as!(
            Number,
            r#"select r.kind as "kind!",
                 case $5::int when 2 then r.team_id when 3 then r.person_id when 4 then r.channel_id end as key,
                 case $5::int when 1
                   then (to_timestamp(r.at / 1000.0) at time zone $12)::date - date '1970-01-01' end as day,
                 count(*) as "n!"
               from report_running r
               where r.account_id = $1 and r.kind > 0 and r.at >= $2 and r.at < $3 and (r.kind <> 11 or r.at <= $4)
                 and ($6::uuid is null or r.team_id = $6) and ($7::uuid is null or r.person_id = $7)
                 and ($8::uuid is null or r.channel_id = $8)
                 and ($9::uuid[] is null or r.team_id = any($9)) and ($10::uuid is null or r.person_id = $10)
                 and ($11::bigint[] is null or r.audience && $11)
               group by 1, 2, 3"#,
            self.account.0,
            ask.instants.0,
            ask.instants.1,
            ask.now,
            ask.group as i32,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref(),
            ask.zone
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// Open conversations by the step of age they stand in, 0 for the youngest, told as the kind.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn backlog(&mut self, ask: &Ask, steps: &[i64]) -> Result<Vec<Number>> {
        sqlx::query_as!(
            Number,
            r#"select width_bucket($2 - r.at, $3::bigint[])::smallint as "kind!",
                 case $4::int when 2 then r.team_id when 3 then r.person_id when 4 then r.channel_id end as key,
                 null::int as day, count(*) as "n!"
               from report_running r
               where r.account_id = $1 and r.kind = 0
                 and ($5::uuid is null or r.team_id = $5) and ($6::uuid is null or r.person_id = $6)
                 and ($7::uuid is null or r.channel_id = $7)
                 and ($8::uuid[] is null or r.team_id = any($8)) and ($9::uuid is null or r.person_id = $9)
                 and ($10::bigint[] is null or r.audience && $10)
               group by 1, 2"#,
            self.account.0,
            ask.now,
            steps,
            ask.group as i32,
            ask.team,
            ask.person,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.person,
            ask.sight.atoms.as_deref()
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// How long each of these people was available in the period and how much of that they held a conversation.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn occupancy(&mut self, ask: &Ask, people: &[Uuid]) -> Result<Vec<Spell>> {
        sqlx::query_as!(
            Spell,
            r#"with present as (
                 select s.person_id, range_agg(int8range(greatest(s.since, $2), least(s.until, $3, $4))) as spans
                 from (
                   select person_id, since, coalesce(until, $4) as until from report_presence
                   where account_id = $1 and person_id = any($5)
                   union all
                   select p.id, p.created_at, $4 from person p
                   where p.account_id = $1 and p.id = any($5) and p.availability = 0 and p.status = 0
                     and not exists (select from report_presence k where k.account_id = $1 and k.person_id = p.id)
                 ) s
                 where greatest(s.since, $2) < least(s.until, $3, $4)
                 group by 1),
               held as (
                 select h.person_id, count(*) as n,
                   range_agg(int8range(greatest(h.at, $2), least(h.until, $3, $4))) as spans
                 from (
                   select f.person_id, f.at, f.ended_at as until, f.team_id, f.channel_id
                   from report_fact f
                   where f.account_id = $1 and f.kind = 5 and f.ended_at > $2 and f.at < $3
                     and ($9::bigint[] is null or exists (select from conversation c
                       where c.account_id = $1 and c.id = f.conversation_id and c.audience && $9))
                   union all
                   select r.person_id, r.at, $4, r.team_id, r.channel_id
                   from report_running r
                   where r.account_id = $1 and r.kind = 5 and r.at < $3 and ($9::bigint[] is null or r.audience && $9)
                 ) h
                 where h.person_id = any($5) and greatest(h.at, $2) < least(h.until, $3, $4)
                   and ($6::uuid is null or h.team_id = $6) and ($7::uuid is null or h.channel_id = $7)
                   and ($8::uuid[] is null or h.team_id = any($8))
                 group by 1)
               select p.person_id as "person!",
                 (select coalesce(sum(upper(x) - lower(x)), 0) from unnest(p.spans) x)::bigint as "available!",
                 (select coalesce(sum(upper(x) - lower(x)), 0) from unnest(p.spans * h.spans) x)::bigint as "busy!",
                 coalesce(h.n, 0) as "n!"
               from present p left join held h on h.person_id = p.person_id"#,
            self.account.0,
            ask.instants.0,
            ask.instants.1,
            ask.now,
            people,
            ask.team,
            ask.channel,
            ask.sight.teams.as_deref(),
            ask.sight.atoms.as_deref()
        )
        .fetch_all(&mut *self.tx)
        .await
    }
}
