//! The desk's door: the socket `GET /sync/v1` and the pages it begins with.
//!
//! *Invariant:* everything here speaks for one [`Principal`], and sight is asked of the rights that person has in the
//! very snapshot that is read. What a session is told is decided by `ciranda_sync::serve`, not here.

mod greeting;
mod pages;
mod session;
mod socket;

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ciranda_sync::frames::{MAX_UP, PageRequest, SUBPROTOCOL};
use ciranda_sync::wire::encode;

use crate::app::App;
use crate::auth::Principal;
use crate::http::origin;

/// The desk's routes.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/sync/v1", get(upgrade)).route("/sync/v1/start", get(start)).route("/sync/v1/page", get(page))
}

/// A websocket is opened by a GET, which no check of changing requests covers; so the origin is asked for here.
async fn upgrade(
    State(app): State<Arc<App>>,
    who: Principal,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !origin::is_ours(&app.config, &headers) {
        return (StatusCode::FORBIDDEN, "open the desk from its own address\n").into_response();
    }
    let upgrade = upgrade.protocols([SUBPROTOCOL]).max_message_size(MAX_UP).max_frame_size(MAX_UP);
    let tasks = app.tasks.clone();
    upgrade.on_upgrade(move |socket| tasks.track_future(socket::serve(app, who, socket)))
}

async fn start(State(app): State<Arc<App>>, who: Principal) -> Response {
    body(pages::start(&app, &who).await.map(|started| encode(&started)))
}

async fn page(State(app): State<Arc<App>>, who: Principal, Query(request): Query<PageQuery>) -> Response {
    match request.parse() {
        Some(request) => body(pages::page(&app, &who, &request).await.map(|page| encode(&page))),
        None => (StatusCode::BAD_REQUEST, "no such page\n").into_response(),
    }
}

/// `part` by its name and `after` as the page before gave it.
#[derive(serde::Deserialize)]
struct PageQuery {
    part: String,
    after: Option<String>,
}

impl PageQuery {
    fn parse(self) -> Option<PageRequest> {
        let part = ciranda_sync::frames::Part::named(&self.part)?;
        pages::Place::parse(part, self.after.as_deref())?;
        Some(PageRequest { part, after: self.after })
    }
}

fn body(bytes: anyhow::Result<Vec<u8>>) -> Response {
    match bytes {
        Ok(bytes) => {
            let headers = [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, "no-store")];
            (headers, bytes).into_response()
        }
        Err(error) => {
            tracing::warn!("a page could not be read: {error:#}");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; try again\n").into_response()
        }
    }
}
