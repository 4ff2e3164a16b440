//! All SQL, one file an aggregate, and the scope that every tenant query needs.
//!
//! *Invariant:* a tenant query runs inside a [`Scoped`], names `account_id`, and sees through row-level security only
//! that account's rows. Nothing here decides anything: it reads and writes what `desk` and `hub` hand it.
//!
//! Read in this order: this page, `codes` (how enums are stored), the aggregates, `write` (the one statement that
//! writes what a transaction changed).

pub mod audit;
pub mod client;
pub mod codes;
pub mod contact;
pub mod conversation;
pub mod decision;
pub mod distribution;
pub mod due;
pub mod envelope;
pub mod fate;
pub mod log;
pub mod login;
pub mod message;
pub mod outbox;
pub mod page;
pub mod people;
pub mod reference;
pub mod report;
pub mod revise;
pub mod session;
pub mod setup;
pub mod team;
pub mod write;

use std::collections::BTreeSet;

use ciranda_domain::ids::AccountId;
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::rows::Seq;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgTransaction;
use sqlx::{AssertSqlSafe, PgPool};

use crate::app::App;

/// Why a query did not answer.
pub type Error = sqlx::Error;

/// What a query answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A transaction bound to one account, with the business instant at which it takes place.
pub struct Scoped {
    pub tx: PgTransaction<'static>,
    pub account: AccountId,
    /// Read once, from the database's clock and the demo's offset (decision 39).
    pub now: Moment,
    /// The number of the newest change of a reference row when the transaction began.
    pub reference: Seq,
    /// How far along the order of locks this transaction is.
    locked: Locks,
}

/// Kinds of locks, in the order in which every transaction takes them (decision 30).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Locks {
    None,
    Clients,
    Contacts,
    Teams,
    Conversations,
    Sequence,
}

/// Begins a transaction of the account.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin(app: &App, account: AccountId) -> Result<Scoped> {
    scoped(&app.pool, account, "begin").await
}

/// Begins a transaction of the account that waits until no other one works on any of these addresses, and keeps others
/// waiting until it ends: so two servers never make two contacts of one customer.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin_with_senders(app: &App, account: AccountId, addresses: &[String]) -> Result<Scoped> {
    let keys: BTreeSet<i64> = addresses.iter().map(|address| address_key(account, address)).collect();
    let locks = keys.iter().map(|key| format!("; select pg_advisory_xact_lock({key})"));
    let mut scoped = opened(&app.pool, account, "begin", &locks.collect::<String>()).await?;
    if !keys.is_empty() {
        scoped.locking(Locks::Contacts);
    }
    Ok(scoped)
}

/// What stands for an address among PostgreSQL's advisory locks. Two that fall together only wait for each other.
fn address_key(account: AccountId, address: &str) -> i64 {
    let digest = Sha256::new().chain_update(account.0.as_bytes()).chain_update(address.as_bytes()).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

/// Begins a reading transaction of the account in which every query sees the same state of the database.
///
/// # Errors
/// When the database cannot be reached.
pub async fn snapshot(app: &App, account: AccountId) -> Result<Scoped> {
    scoped(&app.pool, account, SNAPSHOT).await
}

/// As [`snapshot`], for counting much: each question is planned for what it asks, which most of its conditions are left
/// out for, and with room to gather. Two of these are read at once, so none takes both cores for itself.
///
/// # Errors
/// When the database cannot be reached.
pub async fn counting(app: &App, account: AccountId) -> Result<Scoped> {
    opened(&app.pool, account, SNAPSHOT, COUNTING).await
}

const SNAPSHOT: &str = "begin isolation level repeatable read read only";
const COUNTING: &str = "; set local plan_cache_mode = force_custom_plan; set local work_mem = '32MB'; \
     set local max_parallel_workers_per_gather = 0";

pub(crate) async fn scoped(pool: &PgPool, account: AccountId, begin: &str) -> Result<Scoped> {
    opened(pool, account, begin, "").await
}

/// One round trip opens the transaction, names its account and does what comes `first`, one reads the instant.
async fn opened(pool: &PgPool, account: AccountId, begin: &str, first: &str) -> Result<Scoped> {
    let mut tx = open(pool, opening(account, begin, first)).await?;
    let row = sqlx::query!(
        r#"select (extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms as "now!",
             s.reference as "reference?"
           from installation i left join account_seq s on s.account_id = $1"#,
        account.0
    )
    .fetch_one(&mut *tx)
    .await?;
    let reference = Seq(row.reference.unwrap_or_default().cast_unsigned());
    Ok(Scoped { tx, account, now: Moment(row.now), reference, locked: Locks::None })
}

fn opening(account: AccountId, begin: &str, first: &str) -> String {
    // A UUID prints as hexadecimal digits and hyphens and a key as digits, so nothing can be smuggled into the text.
    format!("{begin}; select set_config('ciranda.account', '{}', true){first}", account.0)
}

/// Opens a transaction by these statements, in a task of its own: a request may be dropped at any moment, and a transaction
/// whose beginning is interrupted would go back to the pool open, for whoever comes next to see the past in.
pub(crate) async fn open(pool: &PgPool, opening: String) -> Result<PgTransaction<'static>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(opening)).await });
    begun.await.map_err(|_| Error::WorkerCrashed)?
}

/// How far business time runs ahead of the machine's, as committed.
///
/// # Errors
/// When the database cannot be reached.
pub async fn clock_offset(pool: &PgPool) -> Result<Span> {
    let offset = sqlx::query_scalar!("select clock_offset_ms from installation").fetch_one(pool).await?;
    Ok(Span(offset))
}

/// The version of the newest migration that the database has.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest_migration(pool: &PgPool) -> Result<i64> {
    // Not checked while compiling: the table is the migrations' own.
    let version: Option<i64> =
        sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(pool).await?;
    Ok(version.unwrap_or_default())
}

impl Scoped {
    /// Notes that locks of a kind are taken now. Each kind is locked once, all of it together and by ascending id, and
    /// no kind after a later one: so no two transactions wait for each other.
    pub(crate) fn locking(&mut self, kind: Locks) {
        debug_assert!(self.locked < kind, "{kind:?} are locked after {:?}", self.locked);
        self.locked = kind;
    }

    /// Another transaction that counts in the very state of the database that this one sees, so that two halves of one
    /// answer are read at once. Whoever asks for it holds a permit of [`App::reports`]: a connection is awaited while
    /// another one is held.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn beside(&mut self, app: &App) -> Result<Self> {
        // Digits and hyphens, by PostgreSQL's own hand.
        let state = sqlx::query_scalar!(r#"select pg_export_snapshot() as "state!""#).fetch_one(&mut *self.tx).await?;
        let begin = format!("{SNAPSHOT}; set transaction snapshot '{state}'");
        let tx = open(&app.pool, opening(self.account, &begin, COUNTING)).await?;
        Ok(Self { tx, account: self.account, now: self.now, reference: self.reference, locked: Locks::None })
    }

    /// Commits what was written.
    ///
    /// # Errors
    /// When the database cannot be reached; whether it was committed is then unknown.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await
    }
}

/// A stored value that no version of this program writes: a fault of ours or a row edited by hand.
#[derive(Debug, thiserror::Error)]
#[error("the database holds {value} as {what}, which this version does not know")]
pub struct Unknown {
    pub what: &'static str,
    pub value: i64,
}

impl From<Unknown> for sqlx::Error {
    fn from(unknown: Unknown) -> Self {
        Self::Decode(Box::new(unknown))
    }
}
