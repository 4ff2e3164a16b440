//! The database: a private PostgreSQL in the data folder, or the one that `DATABASE_URL` names.
//!
//! *Invariant:* tenant queries run as the plain role `ciranda_app`, so that forced row-level security holds; only
//! migrations run as the owner. A private cluster belongs to one server at a time: the data folder is locked.

mod cluster;
pub mod find;
mod lock;
mod place;
mod roles;

use std::str::FromStr;

use anyhow::{Context, Result};
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use crate::config::Config;

pub use cluster::Cluster;
pub use lock::{DataLock, InUse};
pub use place::{Place, place};
pub use roles::{APP_ROLE, MIGRATOR, Role, migrate, pool, role_for};

/// An open, migrated database.
pub struct Database {
    pub pool: PgPool,
    pub role: Role,
    /// Present when this process runs the private cluster.
    own: Option<Own>,
}

struct Own {
    cluster: Cluster,
    /// Held until the cluster has stopped.
    lock: DataLock,
}

/// Whether opening changes the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Touch {
    Migrate,
    LookOnly,
}

impl Database {
    /// Opens the database for a server: starts the private cluster where one is wanted, and migrates.
    ///
    /// # Errors
    /// With what to do when PostgreSQL is missing, the folder is in use, or the database cannot be reached.
    pub async fn open(config: &Config) -> Result<Self> {
        Self::open_to(config, Touch::Migrate).await
    }

    /// Opens the database for a short command, which may run beside a server on the same data folder.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn open_beside(config: &Config) -> Result<Self> {
        Self::beside(config, Touch::Migrate).await
    }

    /// As [`Database::open_beside`], but leaves the database at the version it has.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn look(config: &Config) -> Result<Self> {
        Self::beside(config, Touch::LookOnly).await
    }

    async fn beside(config: &Config, touch: Touch) -> Result<Self> {
        match Self::open_to(config, touch).await {
            Err(error) if error.downcast_ref::<InUse>().is_some() => {
                Self::connected(place(&config.data_dir)?.connection("ciranda"), None, touch).await
            }
            other => other,
        }
    }

    async fn open_to(config: &Config, touch: Touch) -> Result<Self> {
        match &config.database_url {
            Some(url) => Self::connected(PgConnectOptions::from_str(url.expose())?, None, touch).await,
            None => {
                let own = Own::start(config).await?;
                let options = own.cluster.place().connection("ciranda");
                Self::connected(options, Some(own), touch).await
            }
        }
    }

    async fn connected(options: PgConnectOptions, own: Option<Own>, touch: Touch) -> Result<Self> {
        let opened = async {
            if touch == Touch::Migrate {
                migrate(&options).await?;
            }
            let role = role_for(&options).await?;
            anyhow::Ok((pool(options, role), role))
        };
        match opened.await.context("the database could not be opened") {
            Ok((pool, role)) => Ok(Self { pool, role, own }),
            Err(error) => {
                if let Some(own) = own {
                    own.stop().await;
                }
                Err(error)
            }
        }
    }

    /// Closes the connections and stops the private cluster.
    pub async fn close(self) {
        self.pool.close().await;
        if let Some(own) = self.own {
            own.stop().await;
        }
    }
}

impl Own {
    async fn start(config: &Config) -> Result<Self> {
        let place = place(&config.data_dir)?;
        let lock = DataLock::take(&config.data_dir)?;
        let cluster = Cluster::start(place).await?;
        roles::prepare(cluster.place()).await?;
        Ok(Self { cluster, lock })
    }

    async fn stop(self) {
        self.cluster.stop().await;
        drop(self.lock);
    }
}
