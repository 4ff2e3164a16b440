//! Starting and stopping a server in order.
//!
//! *Invariant:* stopping says so to every socket, lets requests and workers end, and stops the database last.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::postgres::{Database, Role};
use crate::secrets::Secrets;
use crate::{channels, desk, http, hub, store};

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
    let signals = Signals::listen()?;
    let listener = listen(&config).await?;
    let database = Database::open(&config).await?;
    if database.role == Role::Unbound {
        tracing::warn!(
            "the database user is above row-level security and the role ciranda_app is not there; see `ciranda doctor`"
        );
    }
    let result = async {
        let app = assemble(config, &database).await?;
        let (address, desk) = (listener.local_addr()?, &app.config.public_url.origin);
        tracing::info!(%address, "listening; the desk is at {desk}");
        let result = work(&app, signals, listener, Router::new()).await;
        stop(&app).await;
        result
    };
    let result = result.await;
    database.close().await;
    result
}

/// Starts the workers and answers until told to stop; `more` are routes beside the server's own.
///
/// # Errors
/// When a worker cannot start or the listener fails.
pub async fn work(app: &Arc<App>, signals: Signals, listener: TcpListener, more: Router<Arc<App>>) -> Result<()> {
    app.spawn(signals.stop(Arc::clone(app)));
    app.spawn(sweep(Arc::clone(app)));
    hub::spawn(app);
    // Whether the service was down must be known before anything that came in meanwhile is applied.
    desk::spawn(app).await?;
    channels::spawn(app)?;
    http::serve(Arc::clone(app), listener, more).await
}

/// Removes old sessions, codes and marks of the rate limit now and then.
async fn sweep(app: Arc<App>) {
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = sleep(Duration::from_secs(3600)) => {}
        }
        if let Err(error) = store::session::sweep(&app.pool).await {
            tracing::warn!("old sessions could not be removed: {error}");
        }
    }
}

/// Ctrl-C and the polite signal of service managers, heard from the very start: a private PostgreSQL that is being
/// started is not left behind.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn stop(mut self, app: Arc<App>) {
        let name = tokio::select! {
            () = app.stop.cancelled() => return,
            _ = self.interrupt.recv() => "Ctrl-C",
            _ = self.terminate.recv() => "SIGTERM",
        };
        tracing::info!("stopping after {name}");
        app.stop.cancel();
    }
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
    let offset = store::clock_offset(&database.pool).await?;
    Ok(App::new(config, database.pool.clone(), Clock::new(offset), secrets))
}

/// Ends the workers.
pub async fn stop(app: &App) {
    app.stop.cancel();
    app.tasks.close();
    if timeout(PATIENCE, app.tasks.wait()).await.is_err() {
        tracing::warn!("some workers did not end in time");
    }
}
