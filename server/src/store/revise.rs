//! Reference rows that change: people, teams, memberships, the account; and the audit lines of the change.
//!
//! *Invariant:* what is written here was decided on the reference rows as they stand: the account's sequence is locked
//! first and its `reference` compared, so of two changes at once the later one is decided again. Whatever comes after,
//! [`Scoped::write`] included, takes its numbers under that same lock.

use ciranda_domain::settings::Kept;
use ciranda_sync::rows::Seq;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Result, Scoped};

/// Changed rows. Revisions count from 1 within the transaction.
#[derive(Default)]
pub struct Revisions {
    /// The number up to which reference rows were known.
    pub read: Seq,
    pub people: Vec<PersonChange>,
    pub teams: Vec<TeamChange>,
    pub members: Vec<MemberRow>,
    pub account: Option<AccountChange>,
}

/// A person as they are now. Without a revision only the epoch of their rights changed, which no row shows.
#[derive(Serialize)]
pub struct PersonChange {
    pub id: Uuid,
    pub number: i32,
    pub name: String,
    pub profile: i16,
    pub availability: i16,
    pub status: i16,
    pub created_at: i64,
    pub epoch: i64,
    pub rev: Option<i64>,
}

/// A team as it is now.
#[derive(Serialize)]
pub struct TeamChange {
    pub id: Uuid,
    pub number: i32,
    pub name: String,
    pub is_default: bool,
    pub level: i16,
    pub distributes: bool,
    pub overflows: bool,
    /// `None` leaves what the row has.
    pub limit_ms: Option<i64>,
    pub maximum_ms: Option<i64>,
    pub capacity: Option<i32>,
    pub strategy: i16,
    pub weight_whatsapp: i16,
    pub weight_instagram: i16,
    pub weight_messenger: i16,
    pub deleted_at: Option<i64>,
    pub rev: i64,
}

/// What a person is in a team; with neither flag they leave it.
#[derive(Serialize)]
pub struct MemberRow {
    pub team_id: Uuid,
    pub person_id: Uuid,
    pub attends: bool,
    pub supervises: bool,
    pub rev: i64,
}

/// What changes of the account; the rest stays.
pub struct AccountChange {
    pub hours: Option<HoursChange>,
    pub counts_unseen: Option<bool>,
    pub rev: i64,
}

/// Hours, zone and automatic reply of the account.
pub struct HoursChange {
    pub zone: String,
    pub calendar: serde_json::Value,
    pub auto_reply: Option<String>,
    /// The hours and the text that are not in force.
    pub kept: Kept,
}

impl Revisions {
    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.people.is_empty() && self.teams.is_empty() && self.members.is_empty() && self.account.is_none()
    }
}

impl Scoped {
    /// Writes changed reference rows. `false` when they are not as they were read any more: nothing is written then.
    ///
    /// # Errors
    /// When the database cannot be reached or a constraint is violated.
    pub async fn revise(&mut self, revisions: &Revisions) -> Result<bool> {
        let standing = sqlx::query!(
            "select seq, reference from account_seq where account_id = $1 for no key update",
            self.account.0
        )
        .fetch_one(&mut *self.tx)
        .await?;
        if standing.reference != revisions.read.0.cast_signed() {
            return Ok(false);
        }
        self.clear_default(revisions).await?;
        let account = revisions.account.as_ref();
        let hours = account.and_then(|account| account.hours.as_ref());
        sqlx::query!(
            r#"with people as (
                 insert into person as p (account_id, id, number, name, profile, availability, status, created_at, epoch,
                   rev, joined_at)
                 select $1, r.id, r.number, r.name, r.profile, r.availability, r.status, r.created_at, r.epoch,
                   coalesce($2 + r.rev, 1), null
                 from json_to_recordset($3::json) as r(id uuid, number int, name text, profile smallint,
                   availability smallint, status smallint, created_at bigint, epoch bigint, rev bigint)
                 on conflict (account_id, id) do update set name = excluded.name, profile = excluded.profile,
                   availability = excluded.availability, status = excluded.status, epoch = excluded.epoch,
                   rev = greatest(p.rev, excluded.rev)),
               teams as (
                 insert into team as t (account_id, id, number, name, is_default, level, distributes, overflows,
                   overflow_limit_ms, overflow_maximum_ms, capacity, strategy, weight_whatsapp, weight_instagram,
                   weight_messenger, deleted_at, rev)
                 select $1, r.id, r.number, r.name, r.is_default, r.level, r.distributes,
                   case when r.distributes then r.overflows else coalesce(o.overflows, false) end,
                   coalesce(r.limit_ms, o.overflow_limit_ms, 600000),
                   coalesce(r.maximum_ms, o.overflow_maximum_ms, 3600000), 
                   case when r.distributes or o.id is null then r.capacity else o.capacity end,
                   case when r.distributes then r.strategy else coalesce(o.strategy, r.strategy) end,
                   case when r.distributes then r.weight_whatsapp else coalesce(o.weight_whatsapp, r.weight_whatsapp) end,
                   case when r.distributes then r.weight_instagram else coalesce(o.weight_instagram, r.weight_instagram) end,
                   case when r.distributes then r.weight_messenger else coalesce(o.weight_messenger, r.weight_messenger) end,
                   r.deleted_at, $2 + r.rev
                 from json_to_recordset($4::json) as r(id uuid, number int, name text, is_default bool, level smallint,
                   distributes bool, overflows bool, limit_ms bigint, maximum_ms bigint, capacity int,
                   strategy smallint, weight_whatsapp smallint, weight_instagram smallint, weight_messenger smallint,
                   deleted_at bigint, rev bigint)
                 left join team o on o.account_id = $1 and o.id = r.id
                 on conflict (account_id, id) do update set name = excluded.name, is_default = excluded.is_default,
                   level = excluded.level, distributes = excluded.distributes, overflows = excluded.overflows,
                   overflow_limit_ms = excluded.overflow_limit_ms,
                   overflow_maximum_ms = excluded.overflow_maximum_ms, capacity = excluded.capacity,
                   strategy = excluded.strategy, weight_whatsapp = excluded.weight_whatsapp,
                   weight_instagram = excluded.weight_instagram, weight_messenger = excluded.weight_messenger,
                   deleted_at = coalesce(t.deleted_at, excluded.deleted_at), rev = excluded.rev),
               members as (
                 insert into membership (account_id, team_id, person_id, attends, supervises, rev)
                 select $1, r.team_id, r.person_id, r.attends, r.supervises, $2 + r.rev
                 from json_to_recordset($5::json)
                   as r(team_id uuid, person_id uuid, attends bool, supervises bool, rev bigint)
                 where r.attends or r.supervises
                 on conflict (account_id, team_id, person_id) do update set attends = excluded.attends,
                   supervises = excluded.supervises, rev = excluded.rev),
               no_members as (
                 delete from membership m using json_to_recordset($5::json)
                   as r(team_id uuid, person_id uuid, attends bool, supervises bool)
                 where m.account_id = $1 and m.team_id = r.team_id and m.person_id = r.person_id
                   and not r.attends and not r.supervises),
               gone as (
                 update report_presence p set until = greatest(p.since, $13)
                 from json_to_recordset($3::json) as r(id uuid, availability smallint, status smallint)
                 where p.account_id = $1 and p.person_id = r.id and p.until is null
                   and (r.availability <> 0 or r.status <> 0)),
               gone_first as (
                 insert into report_presence (account_id, person_id, since, until)
                 select $1, p.id, least(p.created_at, $13), $13
                 from json_to_recordset($3::json) as r(id uuid, availability smallint, status smallint)
                 join person p on p.account_id = $1 and p.id = r.id
                 where p.availability = 0 and p.status = 0 and (r.availability <> 0 or r.status <> 0)
                   and not exists (select from report_presence k where k.account_id = $1 and k.person_id = p.id)
                 on conflict do nothing),
               present as (
                 insert into report_presence (account_id, person_id, since)
                 select $1, r.id, case when p.availability = 0 and p.status = 0
                   and not exists (select from report_presence k where k.account_id = $1 and k.person_id = r.id)
                   then least(p.created_at, $13) else $13 end
                 from json_to_recordset($3::json) as r(id uuid, availability smallint, status smallint)
                 left join person p on p.account_id = $1 and p.id = r.id
                 where r.availability = 0 and r.status = 0
                 on conflict do nothing)
               update account a set next_person_number = greatest(a.next_person_number, $6),
                 next_team_number = greatest(a.next_team_number, $7), zone = coalesce($8, a.zone),
                 calendar = case when $9 then $10 else a.calendar end,
                 auto_reply = case when $9 then $11 else a.auto_reply end,
                 hours_kept = case when $9 then $14 else a.hours_kept end,
                 counts_unseen = coalesce($15, a.counts_unseen),
                 rev = coalesce($2 + $12::bigint, a.rev)
               where a.account_id = $1"#,
            self.account.0,
            standing.seq,
            Json(&revisions.people) as _,
            Json(&revisions.teams) as _,
            Json(&revisions.members) as _,
            revisions.people.iter().map(|row| row.number + 1).max().unwrap_or(1),
            revisions.teams.iter().map(|row| row.number + 1).max().unwrap_or(1),
            hours.map(|hours| hours.zone.clone()),
            hours.is_some(),
            hours.map_or(serde_json::Value::Null, |hours| hours.calendar.clone()),
            hours.and_then(|hours| hours.auto_reply.clone()),
            account.map(|account| account.rev),
            self.now.0,
            hours.map(|hours| Json(&hours.kept)) as _,
            account.and_then(|account| account.counts_unseen)
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(true)
    }

    /// The default team gives its flag up before another one takes it: the index that keeps it single is never violated.
    async fn clear_default(&mut self, revisions: &Revisions) -> Result<()> {
        let given_up: Vec<Uuid> = revisions.teams.iter().filter(|team| !team.is_default).map(|team| team.id).collect();
        if revisions.teams.iter().any(|team| team.is_default) && !given_up.is_empty() {
            sqlx::query!(
                "update team set is_default = false where account_id = $1 and is_default and id = any($2)",
                self.account.0,
                &given_up
            )
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }
}
