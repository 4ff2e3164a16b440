//! What reports read.
//!
//! *Invariant:* a number and its rows are selected by the same conditions, and each of them carries the viewer's
//! [`Sight`]: nothing is counted that the viewer may not open.

use ciranda_domain::report::FactKind;
use ciranda_domain::time::Span;
use uuid::Uuid;

use crate::store::codes::Code;
use crate::store::{Result, Scoped};

/// Two zones never tell the same time further apart than this.
const ZONES_APART: i64 = Span::hours(26).0;

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

/// How long facts of a kind took; one key may have several of these. Percentiles are left to the reader: the database
/// would sort what it takes one walk to rank.
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

/// How many still run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Running {
    /// 0 for an open conversation.
    pub kind: i16,
    pub key: Option<Uuid>,
    pub day: Option<i32>,
    /// Of an open conversation: its step of age, 0 for the youngest.
    pub step: Option<i16>,
    pub n: i64,
}

/// Stretches of a person's time, in no order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stretches {
    pub person: Uuid,
    pub since: Vec<i64>,
    pub until: Vec<i64>,
}

impl Ask {
    /// Instants between which every fact of these days lies, whatever the zone was then: what an index is asked for.
    #[must_use]
    pub const fn around(&self) -> (i64, i64) {
        (self.instants.0.saturating_sub(ZONES_APART), self.instants.1.saturating_add(ZONES_APART))
    }
}

fn codes(kinds: &[FactKind]) -> Vec<i16> {
    kinds.iter().map(|kind| kind.code()).collect()
}

impl Scoped {
    /// Facts of these kinds with their lengths, one by one: for whoever does not see every conversation. Each of these
    /// is looked at once, however many facts it has, and in the order of the index that tells its audience.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn facts(&mut self, ask: &Ask, kinds: &[FactKind]) -> Result<Vec<Lengths>> {
        let (from, until) = ask.around();
        sqlx::query_as!(
            Lengths,
            r#"with found as materialized (
                 select f.conversation_id, f.kind, f.ms, case when $6 then f.business_ms else f.ms end as length,
                   case $5::int when 2 then f.team_id when 3 then f.person_id when 4 then f.channel_id end as key,
                   case $5::int when 1 then f.day end as day
                 from report_fact f
                 where f.account_id = $1 and f.kind = any($2) and f.day between $3 and $4
                   and f.at >= $13 and f.at < $14
                   and ($7::uuid is null or f.team_id = $7) and ($8::uuid is null or f.person_id = $8)
                   and ($9::uuid is null or f.channel_id = $9)
                   and ($10::uuid[] is null or f.team_id = any($10)) and ($11::uuid is null or f.person_id = $11)),
               seen as materialized (
                 select c.id from (select distinct conversation_id as id from found order by 1) counted
                 join conversation c on c.account_id = $1 and c.id = counted.id
                 where $12::bigint[] is null or c.audience && $12)
               select f.kind as "kind!", f.key, f.day, count(*) as "n!", count(f.ms) as "ended!",
                 array_agg(f.length) filter (where f.length is not null) as lengths
               from found f join seen on seen.id = f.conversation_id
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
            ask.sight.atoms.as_deref(),
            from,
            until
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// Facts of these kinds with their lengths, from the days' sums: for whoever sees every conversation. A row for each
    /// day, team, person and channel.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn day_lengths(&mut self, ask: &Ask, kinds: &[FactKind]) -> Result<Vec<Lengths>> {
        sqlx::query_as!(
            Lengths,
            r#"select f.kind,
                 case $5::int when 2 then f.team_id when 3 then f.person_id when 4 then f.channel_id end as key,
                 case $5::int when 1 then f.day end as day,
                 f.n::bigint as "n!", cardinality(f.ms)::bigint as "ended!",
                 case when $6 then f.business_ms else f.ms end as lengths
               from report_day f
               where f.account_id = $1 and f.kind = any($2) and f.day between $3 and $4
                 and ($7::uuid is null or f.team_id = $7) and ($8::uuid is null or f.person_id = $8)
                 and ($9::uuid is null or f.channel_id = $9) and f.n <> 0"#,
            self.account.0,
            &codes(kinds),
            ask.days.0,
            ask.days.1,
            ask.group as i32,
            ask.business,
            ask.team,
            ask.person,
            ask.channel
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

    /// Of each kind what is running and began in the period, and as kind 0 every open conversation by the step of age that
    /// it stands in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn running(&mut self, ask: &Ask, kinds: &[i16], steps: &[i64]) -> Result<Vec<Running>> {
        sqlx::query_as!(
            Running,
            r#"select r.kind as "kind!",
                 case $5::int when 2 then r.team_id when 3 then r.person_id when 4 then r.channel_id end as key,
                 case when $5::int = 1 and r.kind > 0
                   then (to_timestamp(r.at / 1000.0) at time zone $12)::date - date '1970-01-01' end as day,
                 case when r.kind = 0 then width_bucket($4 - r.at, $14::bigint[])::smallint end as step,
                 count(*) as "n!"
               from report_running r
               where r.account_id = $1 and r.kind = any($13)
                 and (r.kind = 0 or r.at >= $2 and r.at < $3 and (r.kind <> 11 or r.at <= $4))
                 and ($6::uuid is null or r.team_id = $6) and ($7::uuid is null or r.person_id = $7)
                 and ($8::uuid is null or r.channel_id = $8)
                 and ($9::uuid[] is null or r.team_id = any($9)) and ($10::uuid is null or r.person_id = $10)
                 and ($11::bigint[] is null or r.audience && $11)
               group by 1, 2, 3, 4"#,
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
            ask.zone,
            kinds,
            steps
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// When each of these people was available in the period.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn present(&mut self, ask: &Ask, people: &[Uuid]) -> Result<Vec<Stretches>> {
        sqlx::query_as!(
            Stretches,
            r#"select s.person_id as "person!", array_agg(greatest(s.since, $2)) as "since!",
                 array_agg(least(s.until, $3, $4)) as "until!"
               from (
                 select person_id, since, coalesce(until, $4) as until from report_presence
                 where account_id = $1 and person_id = any($5)
                 union all
                 select p.id, p.created_at, $4 from person p
                 where p.account_id = $1 and p.id = any($5) and p.availability = 0 and p.status = 0
                   and not exists (select from report_presence k where k.account_id = $1 and k.person_id = p.id)
               ) s
               where greatest(s.since, $2) < least(s.until, $3, $4)
               group by 1"#,
            self.account.0,
            ask.instants.0,
            ask.instants.1,
            ask.now,
            people
        )
        .fetch_all(&mut *self.tx)
        .await
    }

    /// When each of these people held a conversation in the period.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn held(&mut self, ask: &Ask, people: &[Uuid]) -> Result<Vec<Stretches>> {
        sqlx::query_as!(
            Stretches,
            r#"select h.person_id as "person!", array_agg(greatest(h.at, $2)) as "since!",
                 array_agg(least(h.until, $3, $4)) as "until!"
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
               group by 1"#,
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
