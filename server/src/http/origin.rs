//! Where a request comes from: only our own pages may change anything (decision 38).
//!
//! *Invariant:* a browser always says where a changing request comes from, by `Sec-Fetch-Site` or `Origin`; one that
//! says neither is no browser and carries nobody's cookie by accident. Webhooks are exempt: they carry a signature.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use reqwest::Url;

use crate::app::App;
use crate::config::Config;

/// Refuses what another site's page sends.
pub async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let exempt = request.uri().path().starts_with("/webhooks/");
    if safe || exempt || may_change(&app.config, request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!("a request of another site's page was refused");
    (StatusCode::FORBIDDEN, "this request came from another site's page\n").into_response()
}

/// Whether a changing request may be taken.
fn may_change(config: &Config, headers: &HeaderMap) -> bool {
    if headers.contains_key(header::ORIGIN) {
        return is_ours(config, headers);
    }
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => true,
    }
}

/// Whether `Origin` is there and names this server; what a socket's upgrade must show.
#[must_use]
pub fn is_ours(config: &Config, headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (values.next().and_then(|value| value.to_str().ok()), values.next()) else {
        return false;
    };
    origin == config.public_url.origin || (config.is_demo() && names_this_machine(origin, config.listen.port()))
}

/// In the demo any name of loopback will do, at the port that we listen on.
fn names_this_machine(origin: &str, port: u16) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let host = url.host_str().unwrap_or_default();
    let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
    url.scheme() == "http" && loopback && url.port_or_known_default() == Some(port)
}
