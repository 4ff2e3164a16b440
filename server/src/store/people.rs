//! What of people is not replicated: how they log in, whether they have come in yet; and the thresholds of teams.
//!
//! *Invariant:* `sign_in` holds a line for each e-mail and phone of a person of the account, and none for a deleted one.

use std::collections::BTreeMap;

use ciranda_api::Turns;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::settings::{Login, Thresholds};
use ciranda_domain::time::Moment;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Result, Scoped};

/// How somebody logs in from now on; with neither they cannot.
pub struct LoginChange {
    pub person: PersonId,
    /// In lower case.
    pub email: Option<String>,
    /// Digits with the country code.
    pub phone: Option<String>,
}

/// How somebody logs in, and whether they ever have.
pub struct Contacted {
    pub login: Login,
    pub joined: bool,
}

impl Scoped {
    /// How everybody logs in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn logins(&mut self) -> Result<Vec<Contacted>> {
        let rows = sqlx::query!(
            r#"select id, lower(email) as email, phone, joined_at is not null as "joined!"
               from person where account_id = $1 order by id"#,
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let contacted = rows.into_iter().map(|row| Contacted {
            login: Login { person: PersonId(row.id), email: row.email, phone: row.phone },
            joined: row.joined,
        });
        Ok(contacted.collect())
    }

    /// Changes how people log in.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_logins(&mut self, changes: &[LoginChange]) -> Result<()> {
        for change in changes {
            sqlx::query!(
                "with kept as (update person set email = $3, phone = $4 where account_id = $1 and id = $2)
                 delete from sign_in where account_id = $1 and person_id = $2 and login <> all($5)",
                self.account.0,
                change.person.0,
                change.email,
                change.phone,
                &change.logins()
            )
            .execute(&mut *self.tx)
            .await?;
            sqlx::query!(
                "insert into sign_in (login, account_id, person_id) select l.login, $1, $2
                 from unnest($3::text[]) as l(login)
                 where not exists (select from sign_in s where s.login = l.login and s.account_id = $1
                   and s.person_id = $2)",
                self.account.0,
                change.person.0,
                &change.logins()
            )
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }

    /// Somebody comes in; whether for the first time.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn join(&mut self, person: PersonId) -> Result<bool> {
        let joined = sqlx::query!(
            "update person set joined_at = now() where account_id = $1 and id = $2 and joined_at is null",
            self.account.0,
            person.0
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(joined.rows_affected() > 0)
    }

    /// The thresholds of teams that have any.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn thresholds(&mut self) -> Result<Vec<(TeamId, Thresholds)>> {
        let rows = sqlx::query!(
            "select team_id, queue, oldest_minutes, passed, window_minutes from team_threshold
             where account_id = $1 order by team_id",
            self.account.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let thresholds = rows.into_iter().map(|row| {
            let thresholds = Thresholds {
                queue: row.queue.map(i32::cast_unsigned),
                oldest_minutes: row.oldest_minutes.map(i32::cast_unsigned),
                passed: row.passed.map(i32::cast_unsigned),
                window_minutes: row.window_minutes.map(i32::cast_unsigned),
            };
            (TeamId(row.team_id), thresholds)
        });
        Ok(thresholds.collect())
    }

    /// Where the teams' distribution stands.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn turns(&mut self) -> Result<BTreeMap<TeamId, Turns>> {
        let rows = sqlx::query!("select id, arrow, recent from team where account_id = $1", self.account.0)
            .fetch_all(&mut *self.tx)
            .await?;
        let turns = rows.into_iter().map(|row| {
            let recent = row.recent.into_iter().map(PersonId).collect();
            (TeamId(row.id), Turns { arrow: row.arrow.map(PersonId), recent })
        });
        Ok(turns.collect())
    }

    /// Sets a team's thresholds.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn set_thresholds(&mut self, team: TeamId, thresholds: Thresholds) -> Result<()> {
        sqlx::query!(
            "insert into team_threshold (account_id, team_id, queue, oldest_minutes, passed, window_minutes)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (account_id, team_id) do update set queue = excluded.queue,
               oldest_minutes = excluded.oldest_minutes, passed = excluded.passed,
               window_minutes = excluded.window_minutes",
            self.account.0,
            team.0,
            thresholds.queue.map(u32::cast_signed),
            thresholds.oldest_minutes.map(u32::cast_signed),
            thresholds.passed.map(u32::cast_signed),
            thresholds.window_minutes.map(u32::cast_signed)
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}

impl LoginChange {
    fn logins(&self) -> Vec<String> {
        self.email.iter().chain(&self.phone).cloned().collect()
    }
}

/// Until when each person's newest unused one-time link of an account works, in the machine's time.
///
/// # Errors
/// When the database cannot be reached.
pub async fn links(pool: &PgPool, account: Uuid) -> Result<Vec<(PersonId, Moment, bool)>> {
    let rows = sqlx::query!(
        r#"select person_id, max((extract(epoch from expires_at) * 1000)::bigint) as "until!",
             max(expires_at) <= now() as "expired!"
           from login_code where account_id = $1 and kind = 2 and used_at is null group by person_id"#,
        account
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.person_id), Moment(row.until), row.expired)).collect())
}

/// The one-time links that somebody has not used stop working.
///
/// # Errors
/// When the database cannot be reached.
pub async fn void_links(pool: &PgPool, account: Uuid, person: PersonId) -> Result<()> {
    sqlx::query!(
        "update login_code set used_at = now() where account_id = $1 and person_id = $2 and used_at is null",
        account,
        person.0
    )
    .execute(pool)
    .await?;
    Ok(())
}
