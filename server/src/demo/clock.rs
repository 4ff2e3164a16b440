//! The demo's clock: where business time stands, and moving it forward.
//!
//! *Invariant:* business time never goes back: what has happened stays in the past.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use ciranda_domain::time::Span;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::store::setup;

/// The furthest that one move goes.
const FURTHEST: Span = Span::days(60);

#[derive(Serialize)]
struct Reading {
    now_ms: i64,
    offset_ms: i64,
}

#[derive(Deserialize)]
struct Move {
    advance_ms: i64,
}

/// `/simulador/relogio`.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/simulador/relogio", get(read).post(advance))
}

async fn read(State(app): State<Arc<App>>) -> Json<Reading> {
    reading(&app)
}

async fn advance(State(app): State<Arc<App>>, Json(moved): Json<Move>) -> Response {
    if !(0..=FURTHEST.0).contains(&moved.advance_ms) {
        return (StatusCode::UNPROCESSABLE_ENTITY, "the clock goes forward, sixty days at most\n").into_response();
    }
    match setup::advance_clock(&app.pool, Span(moved.advance_ms)).await {
        Ok(offset) => {
            app.clock.set_offset(offset);
            app.hub.clock_changed(app.clock.business_now());
            app.wake.all();
            reading(&app).into_response()
        }
        Err(error) => {
            tracing::warn!("the clock could not be moved: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; try again\n").into_response()
        }
    }
}

fn reading(app: &App) -> Json<Reading> {
    Json(Reading { now_ms: app.clock.business_now().0, offset_ms: app.clock.offset().0 })
}
