//! What is noted of each request: its route, its outcome, how long it took.
//!
//! *Invariant:* the route's pattern is noted, never the address itself, a query, a header or a body.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::metrics::{Kind, Metric, SECONDS};

static REQUESTS: Metric = Metric {
    name: "ciranda_http_requests_total",
    help: "Requests answered, by route and class of status.",
    kind: Kind::Counter,
};
static TIME: Metric = Metric {
    name: "ciranda_http_request_seconds",
    help: "From a request's head to the head of its answer.",
    kind: Kind::Histogram(SECONDS),
};

/// Follows one request.
pub async fn follow(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = response.extensions().get::<Route>().map_or_else(|| "other".to_owned(), |route| route.0.clone());
    let status = response.status();
    let class = match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    let seconds = start.elapsed().as_secs_f64();
    app.metrics.add(&REQUESTS, &[("route", &route), ("class", class)], 1);
    app.metrics.observe(&TIME, &[("route", &route)], seconds);
    if status.is_server_error() {
        tracing::warn!(%method, route, status = status.as_u16(), seconds, "{method} {route} answered {status}");
    } else {
        tracing::debug!(%method, route, status = status.as_u16(), seconds, "{method} {route} answered {status}");
    }
    response
}

/// The pattern that a request matched, carried out with its answer.
#[derive(Clone)]
struct Route(String);

/// Notes the pattern; to be laid on the routes themselves, where it is known.
pub async fn name(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| Route(path.as_str().to_owned()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
