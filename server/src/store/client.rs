//! What is remembered of each tab: the last mutation that counted, and those that were refused.
//!
//! *Invariant:* a mutation's number is advanced in the transaction of its effect, or of its refusal.

use ciranda_domain::ids::{ClientId, PersonId};
use ciranda_sync::frames::Refused;

use super::write::Mutation;

use super::{Locks, Result, Scoped};

impl Scoped {
    /// The client's last mutation done; zero when the client is not known.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn last_mutation(&mut self, client: ClientId, person: PersonId) -> Result<u64> {
        let last = sqlx::query_scalar!(
            "select last_mutation from sync_client where account_id = $1 and client_id = $2 and person_id = $3",
            self.account.0,
            client.0,
            person.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(last.map_or(0, i64::cast_unsigned))
    }

    /// The number of the client's last mutation, locked; none when the client is not known. A client of somebody else
    /// is not known.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_client(&mut self, client: ClientId, person: PersonId) -> Result<Option<u64>> {
        self.locking(Locks::Clients);
        let last = sqlx::query_scalar!(
            "select last_mutation from sync_client where account_id = $1 and client_id = $2 and person_id = $3
             for no key update",
            self.account.0,
            client.0,
            person.0
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(last.map(i64::cast_unsigned))
    }

    /// Whether the client id belongs to another person of the account.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn client_of_another(&mut self, client: ClientId, person: PersonId) -> Result<bool> {
        sqlx::query_scalar!(
            r#"select exists (select from sync_client
               where account_id = $1 and client_id = $2 and person_id <> $3) as "exists!""#,
            self.account.0,
            client.0,
            person.0
        )
        .fetch_one(&mut *self.tx)
        .await
    }

    /// Remembers a client, and forgets its refusals up to `settled`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn greet_client(&mut self, client: ClientId, person: PersonId, settled: u64) -> Result<()> {
        sqlx::query!(
            "with forgotten as (
               delete from sync_rejection where account_id = $1 and client_id = $2 and n <= $4)
             insert into sync_client (account_id, client_id, person_id) values ($1, $2, $3)
             on conflict (account_id, client_id) do update set seen_at = now()",
            self.account.0,
            client.0,
            person.0,
            settled.cast_signed()
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Counts a mutation as done although it was refused.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn refuse(&mut self, mutation: Mutation, refusal: &Refused) -> Result<()> {
        let bytes = ciranda_sync::wire::encode(refusal);
        sqlx::query!(
            "with counted as (
               insert into sync_client (account_id, client_id, person_id, last_mutation) values ($1, $2, $3, $4)
               on conflict (account_id, client_id) do update set last_mutation = excluded.last_mutation,
                 seen_at = now())
             insert into sync_rejection (account_id, client_id, n, refusal) values ($1, $2, $4, $5)
             on conflict do nothing",
            self.account.0,
            mutation.client.0,
            mutation.person.0,
            mutation.number.cast_signed(),
            bytes
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The client's refusals above `settled`, as bytes of [`Refused`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn refusals(&mut self, client: ClientId, settled: u64) -> Result<Vec<(u64, Vec<u8>)>> {
        let rows = sqlx::query!(
            "select n, refusal from sync_rejection where account_id = $1 and client_id = $2 and n > $3 order by n",
            self.account.0,
            client.0,
            settled.cast_signed()
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(|row| (row.n.cast_unsigned(), row.refusal)).collect())
    }
}
