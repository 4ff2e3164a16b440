//! Sessions: an installation table, read by the login alone. The database holds only the hash of each token.

use ciranda_domain::ids::{AccountId, PersonId};
use sqlx::PgPool;
use uuid::Uuid;

use super::Result;

/// A live session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    pub account: AccountId,
    pub person: PersonId,
    /// Whether it is time to note that it was used.
    pub stale: bool,
}

/// Begins a session.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin(pool: &PgPool, hash: &[u8], account: AccountId, person: PersonId, agent: &str) -> Result<()> {
    sqlx::query!(
        "insert into session (id_hash, account_id, person_id, agent) values ($1, $2, $3, $4)",
        hash,
        account.0,
        person.0,
        agent
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// The session with this hash, unless it was revoked or has lain idle for 30 days.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(pool: &PgPool, hash: &[u8]) -> Result<Option<Session>> {
    let row = sqlx::query!(
        r#"select account_id, person_id, seen_at < now() - interval '5 minutes' as "stale!"
           from session where id_hash = $1 and revoked_at is null and seen_at > now() - interval '30 days'"#,
        hash
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Session { account: AccountId(row.account_id), person: PersonId(row.person_id), stale: row.stale }))
}

/// Notes that it was used.
///
/// # Errors
/// When the database cannot be reached.
pub async fn touch(pool: &PgPool, hash: &[u8]) -> Result<()> {
    sqlx::query!("update session set seen_at = now() where id_hash = $1 and revoked_at is null", hash)
        .execute(pool)
        .await?;
    Ok(())
}

/// Notes that a socket of the session is open at a server; it holds for somewhat longer than two of its words apart.
///
/// # Errors
/// When the database cannot be reached.
pub async fn vouch(pool: &PgPool, hash: &[u8], server: Uuid) -> Result<()> {
    sqlx::query!(
        "update session set present_until = now() + interval '40 seconds', present_at = $2 where id_hash = $1",
        hash,
        server
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Who has a socket open at another server than this one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn present_elsewhere(pool: &PgPool, account: AccountId, server: Uuid) -> Result<Vec<PersonId>> {
    let people = sqlx::query_scalar!(
        "select distinct person_id from session
         where account_id = $1 and present_until > now() and present_at <> $2 and revoked_at is null",
        account.0,
        server
    )
    .fetch_all(pool)
    .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// Ends it at once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke(pool: &PgPool, hash: &[u8]) -> Result<()> {
    sqlx::query!("update session set revoked_at = now() where id_hash = $1 and revoked_at is null", hash)
        .execute(pool)
        .await?;
    Ok(())
}

/// Ends every session of a person within a transaction; answers the hashes of those that were live.
///
/// # Errors
/// When the database cannot be reached.
pub async fn revoke_all(scoped: &mut super::Scoped, person: PersonId) -> Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!(
        "update session set revoked_at = now() where account_id = $1 and person_id = $2 and revoked_at is null
         returning id_hash",
        scoped.account.0,
        person.0
    )
    .fetch_all(&mut *scoped.tx)
    .await
}

/// Removes what can no longer be used: sessions, codes and the rate limit's marks.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(pool: &PgPool) -> Result<()> {
    sqlx::query!(
        "delete from session where seen_at < now() - interval '30 days' or revoked_at < now() - interval '1 day'"
    )
    .execute(pool)
    .await?;
    sqlx::query!("delete from login_code where expires_at < now() - interval '1 day'").execute(pool).await?;
    sqlx::query!("delete from login_attempt where at < now() - interval '1 day'").execute(pool).await?;
    Ok(())
}
