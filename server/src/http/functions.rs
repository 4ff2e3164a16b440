//! The server functions under `/api/fn/`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ciranda_api::Backend;
use leptos::prelude::provide_context;
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::handle_server_fns_with_context;

use crate::api::{Call, Outcome};
use crate::app::App;
use crate::auth::{Peer, client_address};
use crate::in_words;

pub fn routes() -> Router<Arc<App>> {
    ciranda_api::register();
    server_fn_paths().fold(Router::new(), |router, (path, _)| router.route(path, post(handle)))
}

/// Runs a function for one request, then adds the cookies and the status that it asked for.
///
/// The body is read here, within its limit: what is too large is refused by its status, and not as a fault of ours.
async fn handle(State(app): State<Arc<App>>, peer: Peer, parts: Parts, body: Bytes) -> Response {
    let mut request = Request::from_parts(parts, Body::from(body));
    // Without this a page that asks for HTML would be redirected, as for a form without scripts.
    request.headers_mut().remove(header::ACCEPT);
    let from = client_address(peer, request.headers(), &app.config.trusted_proxies);
    let (outcome, words) = (Arc::new(Outcome::default()), in_words::language(request.headers()));
    let call: Arc<dyn Backend> = Arc::new(Call::new(app, request.headers(), from, Arc::clone(&outcome)));
    let provide = move || provide_context(Arc::clone(&call));
    let mut response = handle_server_fns_with_context(provide, request).await.into_response();
    outcome.apply(&mut response, words);
    response
}
