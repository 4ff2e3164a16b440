//! Starting and stopping a server in order.
//!
//! *Invariant:* stopping says so to every socket, lets requests and workers end, and stops the database last.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use ciranda_domain::time::Span;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::postgres::{Database, Role};
use crate::secrets::Secrets;
use crate::{channels, desk, http, hub};

/// How long workers may take to end.
const PATIENCE: Duration = Duration::from_secs(25);

/// Names the cryptography that all TLS of this process uses; to be called before the first request.
pub fn choose_tls() {
    // An error only says that it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Runs a server until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn serve(config: Config) -> Result<()> {
    let listener = listen(&config).await?;
    let database = Database::open(&config).await?;
    if database.role == Role::Unbound {
        tracing::warn!(
            "the database user is above row-level security and the role ciranda_app is not there; see `ciranda doctor`"
        );
    }
    let app = assemble(config, &database).await?;
    let result = work(&app, listener, Router::new()).await;
    stop(&app).await;
    database.close().await;
    result
}

/// Starts the workers and answers until told to stop; `more` are routes beside the server's own.
///
/// # Errors
/// When a worker cannot start or the listener fails.
pub async fn work(app: &Arc<App>, listener: TcpListener, more: Router<Arc<App>>) -> Result<()> {
    hub::spawn(app);
    channels::spawn(app)?;
    desk::spawn(app).await?;
    http::serve(Arc::clone(app), listener, more).await
}

/// Binds the address before anything else is touched.
///
/// # Errors
/// When it is taken.
pub async fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "could not listen on {}; is another server running there? CIRANDA_LISTEN chooses another address",
            config.listen
        )
    })
}

/// Runs a short command on the database, beside a running server if there is one.
///
/// # Errors
/// When the database cannot be opened, or as the command fails.
pub async fn beside<T>(config: Config, command: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
    let database = Database::open_beside(&config).await?;
    let result = async { command(&*assemble(config, &database).await?).await }.await;
    database.close().await;
    result
}

/// Puts the shared parts together on an open database.
///
/// # Errors
/// When the master key or the clock cannot be read.
pub async fn assemble(config: Config, database: &Database) -> Result<Arc<App>> {
    let secrets = Secrets::open(config.master_key.as_ref(), &config.data_dir)?;
    let offset: i64 = sqlx::query_scalar("select clock_offset_ms from installation").fetch_one(&database.pool).await?;
    Ok(App::new(config, database.pool.clone(), Clock::new(Span(offset)), secrets))
}

/// Ends the workers.
pub async fn stop(app: &App) {
    app.stop.cancel();
    app.tasks.close();
    if timeout(PATIENCE, app.tasks.wait()).await.is_err() {
        tracing::warn!("some workers did not end in time");
    }
}
