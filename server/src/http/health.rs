//! `/livez`, `/readyz`, `/version`, `/metrics`.
//!
//! *Invariant:* `/readyz` says in words what is wrong and never holds up more than one question to the database at a
//! time. `/metrics` answers this machine or a bearer of the token only: gapless numbers tell an account's activity.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::app::App;
use crate::auth::{Peer, client_address};
use crate::channels;
use crate::metrics::{Kind, Metric};
use crate::postgres::MIGRATOR;

/// How long an answer of the database is believed, and how long one is waited for.
const FRESH: Duration = Duration::from_secs(1);

static CONNECTIONS: Metric = Metric {
    name: "ciranda_database_connections",
    help: "Open connections to the database, by whether they are in use.",
    kind: Kind::Gauge,
};

/// The database's last answer.
#[derive(Default)]
pub struct Health {
    last: Mutex<Option<(Instant, Option<String>)>>,
}

/// Whether the server can do its work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Readiness {
    /// What is wrong, each with what to do; empty when all is well.
    pub problems: Vec<String>,
}

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/version", get(|| async { Json(serde_json::json!({ "version": env!("CARGO_PKG_VERSION") })) }))
        .route("/metrics", get(metrics))
}

async fn readyz(State(app): State<Arc<App>>) -> Response {
    let problems = readiness(&app).await.problems;
    if problems.is_empty() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", problems.join("; "))).into_response()
}

/// Asks everything that the server needs.
pub async fn readiness(app: &App) -> Readiness {
    let mut problems = Vec::new();
    if app.stop.is_cancelled() {
        problems.push("the server is stopping".to_owned());
    }
    problems.extend(app.health.database(app).await);
    problems.extend(channels::meta::problem(app).map(str::to_owned));
    Readiness { problems }
}

impl Health {
    /// What is wrong with the database; asked at most once a second, by one at a time.
    async fn database(&self, app: &App) -> Option<String> {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < FRESH
        {
            return answer.clone();
        }
        let newest = MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default();
        let answer = match timeout(FRESH, crate::store::newest_migration(&app.pool)).await {
            Ok(Ok(version)) if version == newest => None,
            Ok(Ok(version)) => Some(format!(
                "the database is at version {version} and this server needs {newest}: run `ciranda migrate`"
            )),
            Ok(Err(_)) | Err(_) => Some("the database does not answer".to_owned()),
        };
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

async fn metrics(State(app): State<Arc<App>>, peer: Peer, headers: HeaderMap) -> Response {
    if !may_read(&app, peer, &headers) {
        return (StatusCode::FORBIDDEN, "metrics answer this machine, or a bearer of CIRANDA_METRICS_TOKEN\n")
            .into_response();
    }
    let idle = app.pool.num_idle();
    let used = (app.pool.size() as usize).saturating_sub(idle);
    for (state, number) in [("idle", idle), ("used", used)] {
        #[allow(clippy::cast_precision_loss, reason = "a handful")]
        app.metrics.set(&CONNECTIONS, &[("state", state)], number as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text()).into_response()
}

fn may_read(app: &App, peer: Peer, headers: &HeaderMap) -> bool {
    // A proxy on this machine connects from loopback too, and says so by forwarding.
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let client = client_address(peer, headers, &app.config.trusted_proxies);
    if client.is_loopback() && !forwarded {
        return true;
    }
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let expected = app.config.metrics_token.as_ref();
    expected.zip(given).is_some_and(|(expected, given)| {
        Sha256::digest(expected.expose()).as_slice().ct_eq(Sha256::digest(given).as_slice()).into()
    })
}
