//! Codes, one-time links and the rate limit of the login: installation tables, read by the login alone.

use ciranda_domain::ids::{AccountId, PersonId};
use ciranda_domain::person::{PersonStatus, Profile};
use sqlx::PgPool;
use uuid::Uuid;

use super::codes::Code;
use super::{Result, Scoped};

/// A six-digit code of an e-mail.
const CODE: i16 = 1;
/// The long secret of a one-time link.
const LINK: i16 = 2;

/// Who somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Whose {
    pub account: AccountId,
    pub person: PersonId,
}

/// What a code or a link stands for.
pub struct Secret<'a> {
    pub id: Uuid,
    pub whose: Whose,
    pub login: &'a str,
    pub hash: &'a [u8],
    pub minutes: i32,
}

/// The person as the login needs them.
pub struct Known {
    pub account_name: String,
    pub name: String,
    pub email: Option<String>,
    pub profile: Profile,
    pub status: PersonStatus,
}

/// Who logs in with this e-mail or phone.
///
/// # Errors
/// When the database cannot be reached.
pub async fn whose(pool: &PgPool, login: &str) -> Result<Option<Whose>> {
    let row =
        sqlx::query!("select account_id, person_id from sign_in where login = $1 order by account_id limit 1", login)
            .fetch_optional(pool)
            .await?;
    Ok(row.map(|row| Whose { account: AccountId(row.account_id), person: PersonId(row.person_id) }))
}

/// Keeps a code.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keep_code(pool: &PgPool, code: &Secret<'_>) -> Result<()> {
    keep(pool, code, CODE).await
}

/// Keeps a one-time link.
///
/// # Errors
/// When the database cannot be reached.
pub async fn keep_link(pool: &PgPool, link: &Secret<'_>) -> Result<()> {
    keep(pool, link, LINK).await
}

async fn keep(pool: &PgPool, secret: &Secret<'_>, kind: i16) -> Result<()> {
    sqlx::query!(
        "insert into login_code (id, account_id, person_id, login, kind, secret_hash, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(mins => $7))",
        secret.id,
        secret.whose.account.0,
        secret.whose.person.0,
        secret.login,
        kind,
        secret.hash,
        secret.minutes
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Counts one attempt at a code and answers its hash while it may still be tried: unused, in time, at most `most` times.
///
/// # Errors
/// When the database cannot be reached.
pub async fn try_code(pool: &PgPool, id: Uuid, most: i16) -> Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "update login_code set attempts = attempts + 1
         where id = $1 and kind = $2 and used_at is null and expires_at > now() and attempts < $3
         returning secret_hash",
        id,
        CODE,
        most
    )
    .fetch_optional(pool)
    .await
}

/// Uses a code up; nobody is answered when somebody was faster.
///
/// # Errors
/// When the database cannot be reached.
pub async fn use_code(pool: &PgPool, id: Uuid) -> Result<Option<Whose>> {
    let row = sqlx::query!(
        "update login_code set used_at = now() where id = $1 and kind = $2 and used_at is null
         returning account_id, person_id",
        id,
        CODE
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Whose { account: AccountId(row.account_id), person: PersonId(row.person_id) }))
}

/// Uses a one-time link up.
///
/// # Errors
/// When the database cannot be reached.
pub async fn use_link(pool: &PgPool, hash: &[u8]) -> Result<Option<Whose>> {
    let row = sqlx::query!(
        "update login_code set used_at = now()
         where secret_hash = $1 and kind = $2 and used_at is null and expires_at > now()
         returning account_id, person_id",
        hash,
        LINK
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Whose { account: AccountId(row.account_id), person: PersonId(row.person_id) }))
}

/// How often something was tried lately: within 15 minutes, and within a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tried {
    pub lately: i64,
    pub today: i64,
}

/// Marks an attempt and answers how many there were before it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn mark(pool: &PgPool, bucket: &str) -> Result<Tried> {
    let row = sqlx::query!(
        r#"with marked as (insert into login_attempt (bucket) values ($1))
           select count(*) filter (where at > now() - interval '15 minutes') as "lately!", count(*) as "today!"
           from login_attempt where bucket = $1 and at > now() - interval '1 day'"#,
        bucket
    )
    .fetch_one(pool)
    .await?;
    Ok(Tried { lately: row.lately, today: row.today })
}

impl Scoped {
    /// The person of this account as the login needs them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn known(&mut self, person: PersonId) -> Result<Option<Known>> {
        let row = sqlx::query!(
            "select a.name as account_name, p.name, p.email, p.profile, p.status
             from person p join account a on a.account_id = p.account_id
             where p.account_id = $1 and p.id = $2",
            self.account.0,
            person.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(|row| {
            Ok(Known {
                account_name: row.account_name,
                name: row.name,
                email: row.email,
                profile: Profile::from_code(row.profile)?,
                status: PersonStatus::from_code(row.status)?,
            })
        })
        .transpose()
    }
}
