//! The HTTP side: one router for everything.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::app::App;
use crate::channels::meta;

/// Everything the server answers.
pub fn router(app: Arc<App>) -> Router {
    Router::new().route("/livez", get(|| async { "ok\n" })).merge(meta::routes()).with_state(app)
}

/// Answers until the server is told to stop.
///
/// # Errors
/// When the listener fails.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> Result<()> {
    let stop = app.stop.clone();
    axum::serve(listener, router(app)).with_graceful_shutdown(async move { stop.cancelled().await }).await?;
    Ok(())
}
