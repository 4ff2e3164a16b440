//! Roles, migrations and the pool.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, PgPool};

use super::Place;

/// The plain role that tenant queries run as.
pub const APP_ROLE: &str = "ciranda_app";

/// All migrations, embedded.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Connections of one server.
const POOL: u32 = 16;

/// Whether row-level security is the second net here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Each connection becomes the plain role.
    Plain,
    /// The connecting user is an ordinary one and owns the tables; forced row-level security binds it as well.
    Owner,
    /// The connecting user is above row-level security and the plain role is not there: only the queries' own scopes hold.
    Unbound,
}

/// Makes the database and the plain role of a fresh private cluster; changes nothing on a later start.
pub async fn prepare(place: &Place) -> Result<()> {
    let mut admin =
        place.connection("postgres").connect().await.context("could not connect to the private PostgreSQL")?;
    let role: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = 'ciranda_app')")
        .fetch_one(&mut admin)
        .await?;
    if !role {
        admin.execute("create role ciranda_app nologin").await?;
    }
    let database: bool = sqlx::query_scalar("select exists (select from pg_database where datname = 'ciranda')")
        .fetch_one(&mut admin)
        .await?;
    if !database {
        admin.execute("create database ciranda").await?;
    }
    admin.close().await?;
    Ok(())
}

/// Brings a database to this version. Tables of later migrations are the plain role's to use as well.
///
/// # Errors
/// When it cannot be reached, or was migrated by a newer version.
pub async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let mut owner =
        options.connect().await.context("could not connect; is DATABASE_URL right and the database running?")?;
    if role_exists(&mut owner).await? {
        owner
            .execute(
                "alter default privileges in schema public grant select, insert, update, delete on tables to ciranda_app;
                 alter default privileges in schema public grant usage, select on sequences to ciranda_app",
            )
            .await?;
    }
    MIGRATOR.run(&mut owner).await.context("the database could not be brought to this version")?;
    owner.close().await?;
    Ok(())
}

/// What connections to this database should become.
///
/// # Errors
/// When it cannot be asked.
pub async fn role_for(options: &PgConnectOptions) -> Result<Role> {
    let mut owner = options.connect().await?;
    let may_set = role_exists(&mut owner).await?
        && sqlx::query_scalar::<_, bool>("select pg_has_role('ciranda_app', 'member')").fetch_one(&mut owner).await?;
    let above: bool = sqlx::query_scalar("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        .fetch_one(&mut owner)
        .await?;
    owner.close().await?;
    Ok(match (may_set, above) {
        (true, _) => Role::Plain,
        (false, false) => Role::Owner,
        (false, true) => Role::Unbound,
    })
}

async fn role_exists(connection: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select from pg_roles where rolname = 'ciranda_app')")
        .fetch_one(connection)
        .await?)
}

/// The pool that everything but migrations uses.
#[must_use]
pub fn pool(options: PgConnectOptions, role: Role) -> PgPool {
    // Every statement is short, asked again and again, and has an index. Plans are kept for as long as a connection
    // lives: one made while a table was new and empty must not scan it when it has grown.
    // What is left to be scanned, for want of an index, counts as dear enough to be compiled each time, which costs more
    // than all the rest.
    let planning = [("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"), ("jit", "off")];
    let options = options.options(planning);
    PgPoolOptions::new()
        .max_connections(POOL)
        .acquire_timeout(Duration::from_secs(3))
        // A question before each use would double the round trips of short statements; one that has lain idle is asked.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > Duration::from_secs(1) {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if role == Role::Plain {
                    connection.execute("set role ciranda_app").await?;
                }
                Ok(())
            })
        })
        .connect_lazy_with(options)
}
