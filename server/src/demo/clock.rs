//! The demo's clock: where business time stands, and moving it forward.
//!
//! *Invariant:* business time never goes back: what has happened stays in the past.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use ciranda_domain::time::{Moment, Span};
use serde::{Deserialize, Serialize};

use super::seed::{next_morning, next_opening};
use crate::app::App;
use crate::store::{self, setup};

/// The furthest that one move goes.
const FURTHEST: Span = Span::days(60);

#[derive(Serialize)]
struct Reading {
    now_ms: i64,
    offset_ms: i64,
}

/// How to move it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Move {
    Advance {
        advance_ms: i64,
    },
    /// To when the shop opens next.
    Opening {
        #[serde(rename = "opening")]
        _opening: bool,
    },
}

/// `/simulador/relogio`.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/simulador/relogio", get(read).post(advance))
}

async fn read(State(app): State<Arc<App>>) -> Json<Reading> {
    reading(&app)
}

async fn advance(State(app): State<Arc<App>>, Json(moved): Json<Move>) -> Response {
    let by = match moved {
        Move::Advance { advance_ms } if (0..=FURTHEST.0).contains(&advance_ms) => Ok(Span(advance_ms)),
        Move::Advance { .. } => {
            return (StatusCode::UNPROCESSABLE_ENTITY, "the clock goes forward, sixty days at most\n").into_response();
        }
        Move::Opening { .. } => until(&app, next_opening),
    };
    let moved = match by {
        Ok(by) => forward(&app, by).await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    match moved {
        Ok(()) => reading(&app).into_response(),
        Err(error) => {
            tracing::warn!("the clock could not be moved: {error:#}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; try again\n").into_response()
        }
    }
}

/// How long it is until nine in the morning of the next working day.
pub fn until_morning(app: &App) -> anyhow::Result<Span> {
    until(app, next_morning)
}

fn until(app: &App, next: impl Fn(Moment) -> anyhow::Result<Moment>) -> anyhow::Result<Span> {
    let now = app.clock.business_now();
    Ok(next(now)?.since(now))
}

/// Moves business time, and tells every screen and worker.
pub async fn forward(app: &App, by: Span) -> store::Result<()> {
    let offset = setup::advance_clock(&app.pool, by).await?;
    app.clock.set_offset(offset);
    app.hub.clock_changed(app.clock.business_now());
    app.wake.all();
    Ok(())
}

fn reading(app: &App) -> Json<Reading> {
    Json(Reading { now_ms: app.clock.business_now().0, offset_ms: app.clock.offset().0 })
}
