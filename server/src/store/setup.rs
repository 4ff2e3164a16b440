//! Making an account and what it begins with: people, teams, memberships, channels.
//!
//! *Invariant:* for accounts nobody is connected to yet: nothing here is numbered or told to anybody.

use ciranda_domain::calendar::Hours;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{AccountId, ChannelId, PersonId, TeamId};
use ciranda_domain::person::{Availability, Profile};
use ciranda_domain::team::{Distribution, Level};
use sqlx::types::Json;

use super::codes::Code;
use super::distribution::DistributionColumns;
use super::{Result, Scoped};

/// A person to be.
pub struct NewPerson<'a> {
    pub id: PersonId,
    /// 1 for the first of the account; the ring's order.
    pub number: i32,
    pub name: &'a str,
    pub email: &'a str,
    pub profile: Profile,
    pub availability: Availability,
}

/// A team to be.
pub struct NewTeam<'a> {
    pub id: TeamId,
    pub number: i32,
    pub name: &'a str,
    pub is_default: bool,
    pub level: Level,
    pub distribution: Distribution,
}

/// A channel to be.
pub struct NewChannel<'a> {
    pub id: ChannelId,
    pub kind: ChannelKind,
    pub name: &'a str,
    pub address: &'a str,
    pub provider_id: &'a str,
    pub waba_id: &'a str,
    /// Who receives its new conversations, if not the default team.
    pub team: Option<TeamId>,
    /// Sealed.
    pub credential: Vec<u8>,
}

/// A channel's credential as it is kept.
pub struct Kept {
    pub channel: ChannelId,
    pub name: String,
    /// Sealed.
    pub credential: Option<Vec<u8>>,
    /// Whole days until it expires, negative once it has; `None` where it does not expire.
    pub days_left: Option<i32>,
}

/// The accounts that there are, as the login and the webhooks' routes know them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn accounts(pool: &sqlx::PgPool) -> Result<Vec<AccountId>> {
    let ids = sqlx::query_scalar!(
        r#"select account_id as "id!" from sign_in union select account_id from channel_route order by 1"#
    )
    .fetch_all(pool)
    .await?;
    Ok(ids.into_iter().map(AccountId).collect())
}

impl Scoped {
    /// Every channel's credential.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn kept_credentials(&mut self) -> Result<Vec<Kept>> {
        let rows = sqlx::query!(
            r#"select id, name, credential,
                 floor(extract(epoch from credential_expires_at - now()) / 86400)::int as days_left
               from channel where account_id = $1 order by id"#,
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Kept {
                channel: ChannelId(row.id),
                name: row.name,
                credential: row.credential,
                days_left: row.days_left,
            })
            .collect())
    }

    /// Makes the account of this scope.
    ///
    /// # Errors
    /// When the database cannot be reached or the account is there already.
    pub async fn insert_account(
        &mut self,
        name: &str,
        zone: &str,
        hours: Option<&Hours>,
        auto_reply: Option<&str>,
    ) -> Result<()> {
        sqlx::query!(
            "with made as (
               insert into account (account_id, name, zone, calendar, auto_reply, created_at) values ($1, $2, $3, $4, $5, $6))
             insert into account_seq (account_id) values ($1)",
            self.account.0,
            name,
            zone,
            Json(hours) as _,
            auto_reply,
            self.now.0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Makes a person and their login.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn insert_person(&mut self, person: &NewPerson<'_>) -> Result<()> {
        sqlx::query!(
            "with made as (
               insert into person (account_id, id, number, name, email, profile, availability, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)),
             counted as (
               update account set next_person_number = greatest(next_person_number, $3 + 1) where account_id = $1)
             insert into sign_in (login, account_id, person_id) values ($9, $1, $2)",
            self.account.0,
            person.id.0,
            person.number,
            person.name,
            person.email,
            person.profile.code(),
            person.availability.code(),
            self.now.0 + i64::from(person.number),
            person.email.to_lowercase()
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Makes a team.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn insert_team(&mut self, team: &NewTeam<'_>) -> Result<()> {
        let columns = DistributionColumns::of(team.distribution);
        sqlx::query!(
            "with counted as (
               update account set next_team_number = greatest(next_team_number, $3 + 1) where account_id = $1)
             insert into team (account_id, id, number, name, is_default, level, distributes, overflows, overflow_limit_ms,
               overflow_maximum_ms, capacity, strategy, weight_whatsapp, weight_instagram, weight_messenger)
             values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::bigint, 600000), coalesce($10::bigint, 3600000), $11,
               $12, $13, $14, $15)",
            self.account.0,
            team.id.0,
            team.number,
            team.name,
            team.is_default,
            team.level.code(),
            columns.distributes,
            columns.overflows,
            columns.limit_ms,
            columns.maximum_ms,
            columns.capacity,
            columns.strategy,
            columns.weights[0],
            columns.weights[1],
            columns.weights[2]
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Makes somebody a member.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn insert_membership(&mut self, team: TeamId, person: PersonId, role: Role) -> Result<()> {
        sqlx::query!(
            "insert into membership (account_id, team_id, person_id, attends, supervises) values ($1, $2, $3, $4, $5)",
            self.account.0,
            team.0,
            person.0,
            matches!(role, Role::Attends | Role::Both),
            matches!(role, Role::Supervises | Role::Both)
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Makes a channel and the route by which webhooks find it.
    ///
    /// # Errors
    /// When the database cannot be reached or another account has the number.
    pub async fn insert_channel(&mut self, channel: &NewChannel<'_>) -> Result<()> {
        sqlx::query!(
            "with made as (
               insert into channel (account_id, id, kind, name, address, provider_id, waba_id, team_id, credential)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9))
             insert into channel_route (kind, provider_id, account_id, channel_id) values ($3, $6, $1, $2)",
            self.account.0,
            channel.id.0,
            channel.kind.code(),
            channel.name,
            channel.address,
            channel.provider_id,
            channel.waba_id,
            channel.team.map(|team| team.0),
            channel.credential
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Whether the account of this scope is there.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn account_exists(&mut self) -> Result<bool> {
        sqlx::query_scalar!(r#"select exists (select from account where account_id = $1) as "exists!""#, self.account.0)
            .fetch_one(&mut *self.tx)
            .await
    }
}

/// What a member is in a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Attends,
    Supervises,
    Both,
}

/// Moves the demo's clock forward, and the last sign of life with it: a jump of the clock is no outage. Answers the
/// offset after.
///
/// # Errors
/// When the database cannot be reached.
pub async fn advance_clock(pool: &sqlx::PgPool, by: ciranda_domain::time::Span) -> Result<ciranda_domain::time::Span> {
    let offset = sqlx::query_scalar!(
        "with beat as (update server_beat set business_at = business_at + $1)
         update installation set clock_offset_ms = clock_offset_ms + $1 returning clock_offset_ms",
        by.0
    )
    .fetch_one(pool)
    .await?;
    Ok(ciranda_domain::time::Span(offset))
}
