//! The HTTP side: one router for everything, and the layers that every answer passes.
//!
//! *Invariant:* a request that changes something comes from our own pages or carries a signature; a body has a limit;
//! every answer carries the browser policy; a panic ends one request only.

mod assets;
mod functions;
mod headers;
mod health;
pub mod origin;
mod trace;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::{channels, reports, sync_http};

pub use health::{Health, Readiness};

/// Most bytes of a body that no route allows more for.
const SMALL_BODY: usize = 64 * 1024;

/// How long requests that are under way may take to end at a shutdown.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything the server answers.
pub fn router(app: Arc<App>) -> Router {
    router_with(app, Router::new())
}

/// Everything the server answers, and `more` beside it behind the same layers.
fn router_with(app: Arc<App>, more: Router<Arc<App>>) -> Router {
    Router::new()
        .merge(more)
        .merge(health::routes())
        .merge(functions::routes())
        .merge(reports::routes())
        .layer(DefaultBodyLimit::max(SMALL_BODY))
        .merge(sync_http::routes())
        .merge(channels::meta::routes())
        .route_layer(from_fn(trace::name))
        .fallback(assets::serve)
        .layer(from_fn_with_state(Arc::clone(&app), origin::check))
        .layer(from_fn_with_state(Arc::clone(&app), headers::add))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(Arc::clone(&app), trace::follow))
        .with_state(app)
}

/// Answers until the server is told to stop, then lets what is under way end.
///
/// # Errors
/// When the listener fails.
pub async fn serve(app: Arc<App>, listener: TcpListener, more: Router<Arc<App>>) -> Result<()> {
    let router = router_with(Arc::clone(&app), more).into_make_service_with_connect_info::<SocketAddr>();
    let stop = app.stop.clone();
    let stopping = stop.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move { stopping.cancelled().await });
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended?,
        () = late => tracing::warn!("some requests did not end in time"),
    }
    Ok(())
}
