//! Reference rows of an account: the account itself, its people, teams, memberships and channels.
//!
//! *Invariant:* what is read here belongs to the number [`Scoped::reference`] or to a later one, never to an
//! earlier one.

use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::conversation::Archive;
use ciranda_domain::ids::{ChannelId, PersonId, PersonNumber, TeamId, TeamNumber};
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::settings::{DistributionForm, Kept};
use ciranda_domain::team::{Level, Membership, Team};
use ciranda_domain::time::Moment;
use ciranda_sync::rows::{Account, Epoch, Seq};
use sqlx::types::Json;

use super::codes::Code;
use super::distribution::DistributionColumns;
use super::{Result, Scoped};

/// The account's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountRow {
    pub account: Account,
    pub rev: Seq,
    /// What a customer is told outside business hours; `None` when nothing.
    pub auto_reply: Option<String>,
    /// The hours and the text that are not in force.
    pub kept: Kept,
    /// Whether a contact's history says how many conversations its reader does not see (ACC-10).
    pub counts_unseen: bool,
}

/// A team's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamRow {
    pub team: Team,
    pub rev: Seq,
    /// How it hands out conversations, with what is switched off as it was last.
    pub kept: DistributionForm,
}

/// A person's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonRow {
    pub person: Person,
    pub rev: Seq,
    pub epoch: Epoch,
    /// Theirs for all conversations they conclude from now on.
    pub archive: Archive,
}

impl Scoped {
    /// The number of the newest change of a reference row.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn reference_seq(&mut self) -> Result<Seq> {
        let seq = sqlx::query_scalar!("select reference from account_seq where account_id = $1", self.account.0)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(Seq(seq.cast_unsigned()))
    }

    /// The account.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn account(&mut self) -> Result<AccountRow> {
        let row = sqlx::query!(
            r#"select name, zone, calendar, auto_reply, hours_kept as "kept: Json<Kept>", counts_unseen, rev
               from account
               where account_id = $1"#,
            self.account.0
        )
        .fetch_one(&mut *self.tx)
        .await?;
        let hours = serde_json::from_value(row.calendar).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(AccountRow {
            account: Account { id: self.account, name: row.name, zone: row.zone, hours },
            rev: Seq(row.rev.cast_unsigned()),
            auto_reply: row.auto_reply.filter(|text| !text.trim().is_empty()),
            kept: row.kept.map(|kept| kept.0).unwrap_or_default(),
            counts_unseen: row.counts_unseen,
        })
    }

    /// Everybody, deleted people included, since history names them.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn people(&mut self) -> Result<Vec<PersonRow>> {
        let rows = sqlx::query!(
            "select id, number, name, profile, availability, status, archive_preference, created_at, epoch, rev
             from person where account_id = $1 order by id",
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(PersonRow {
                    person: Person {
                        id: PersonId(row.id),
                        number: PersonNumber(row.number.cast_unsigned()),
                        name: row.name,
                        profile: Profile::from_code(row.profile)?,
                        availability: Availability::from_code(row.availability)?,
                        status: PersonStatus::from_code(row.status)?,
                        created_at: Moment(row.created_at),
                    },
                    rev: Seq(row.rev.cast_unsigned()),
                    epoch: Epoch(row.epoch.cast_unsigned()),
                    archive: Archive::from_code(row.archive_preference)?,
                })
            })
            .collect()
    }

    /// Every team, deleted ones included, since their conversations stay.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn teams(&mut self) -> Result<Vec<TeamRow>> {
        let rows = sqlx::query!(
            "select id, number, name, is_default, level, distributes, overflows, overflow_limit_ms,
             overflow_maximum_ms, capacity, strategy, weight_whatsapp, weight_instagram, weight_messenger,
             deleted_at, rev
             from team where account_id = $1 order by id",
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let columns = DistributionColumns {
                    distributes: row.distributes,
                    overflows: row.overflows,
                    limit_ms: Some(row.overflow_limit_ms),
                    maximum_ms: Some(row.overflow_maximum_ms),
                    capacity: row.capacity,
                    strategy: row.strategy,
                    weights: [row.weight_whatsapp, row.weight_instagram, row.weight_messenger],
                };
                let team = Team {
                    id: TeamId(row.id),
                    number: TeamNumber(row.number.cast_unsigned()),
                    name: row.name,
                    is_default: row.is_default,
                    level: Level::from_code(row.level)?,
                    distribution: columns.distribution()?,
                    deleted: row.deleted_at.is_some(),
                };
                Ok(TeamRow { team, rev: Seq(row.rev.cast_unsigned()), kept: columns.kept()? })
            })
            .collect()
    }

    /// Every membership.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn memberships(&mut self) -> Result<Vec<(Seq, Membership)>> {
        let rows = sqlx::query!(
            "select team_id, person_id, attends, supervises, rev
             from membership where account_id = $1 order by team_id, person_id",
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let membership = |team, person, attends, supervises| Membership { team, person, attends, supervises };
        Ok(rows
            .into_iter()
            .map(|row| {
                let rev = Seq(row.rev.cast_unsigned());
                (rev, membership(TeamId(row.team_id), PersonId(row.person_id), row.attends, row.supervises))
            })
            .collect())
    }

    /// The teams that receive the new conversations of channels which have one of their own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn receptions(&mut self) -> Result<Vec<(ChannelId, TeamId)>> {
        let rows = sqlx::query!(
            r#"select c.id, t.id as team_id from channel c
               join team t on t.account_id = c.account_id and t.id = c.team_id and t.deleted_at is null
               where c.account_id = $1"#,
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (ChannelId(row.id), TeamId(row.team_id))).collect())
    }

    /// Every channel.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn channels(&mut self) -> Result<Vec<(Seq, Channel)>> {
        let rows = sqlx::query!(
            "select id, kind, name, address, rev from channel where account_id = $1 order by id",
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let kind = ChannelKind::from_code(row.kind)?;
                let channel = Channel { id: ChannelId(row.id), kind, name: row.name, address: row.address };
                Ok((Seq(row.rev.cast_unsigned()), channel))
            })
            .collect()
    }
}
