//! `/webhooks/meta`: the handshake, and the way in for events of the three products.
//!
//! *Invariant:* nothing is answered 200 that is not durable, and nothing is stored that is not signed. This module must
//! not know what a body says: it is stored as it came and read later.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bytes::BytesMut;
use futures_util::StreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::intake::{Intake, NotKept};
use super::signature;
use crate::app::App;
use crate::metrics::{Kind, Metric, SECONDS};
use crate::secrets::Secret;

/// Meta's bodies have at most 3 MB.
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

static WEBHOOKS: Metric = Metric {
    name: "ciranda_webhooks_total",
    help: "Webhook bodies received, by what was answered.",
    kind: Kind::Counter,
};
static SECONDS_TO_KEEP: Metric = Metric {
    name: "ciranda_webhook_keep_seconds",
    help: "From a webhook's body being complete to its being durable.",
    kind: Kind::Histogram(SECONDS),
};

/// The routes of Meta's webhooks.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/webhooks/meta", get(handshake).post(receive)).layer(Extension(Arc::new(Intake::default())))
}

/// Why webhooks would be refused, for `/readyz` and `doctor`; `None` when they are taken.
#[must_use]
pub fn problem(app: &App) -> Option<&'static str> {
    secrets(app).next().is_none().then_some(
        "Meta's webhooks are refused because no app secret is set: set CIRANDA_META_APP_SECRET to the app secret of the \
         app at developers.facebook.com",
    )
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: Option<String>,
    #[serde(rename = "hub.verify_token")]
    token: Option<String>,
    #[serde(rename = "hub.challenge")]
    challenge: Option<String>,
}

/// Meta asks whether this address wants its webhooks, each time it is saved there.
async fn handshake(State(app): State<Arc<App>>, Query(asked): Query<Handshake>) -> Response {
    let expected = app.config.meta.verify_token.as_ref().map(Secret::expose).filter(|token| !token.is_empty());
    let known = expected.zip(asked.token.as_deref()).is_some_and(|(expected, given)| same(expected, given));
    match (asked.mode.as_deref(), asked.challenge) {
        (Some("subscribe"), Some(challenge)) if known => {
            let headers = [(header::CONTENT_TYPE, "text/plain"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
            (headers, challenge).into_response()
        }
        _ => (StatusCode::FORBIDDEN, "the verify token is not the one of CIRANDA_META_VERIFY_TOKEN\n").into_response(),
    }
}

/// Compares digests, so that neither the time nor an early end tells how much of a guess is right.
fn same(expected: &str, given: &str) -> bool {
    Sha256::digest(expected).as_slice().ct_eq(Sha256::digest(given).as_slice()).into()
}

/// What a webhook is answered.
enum Answer {
    Kept,
    Unconfigured,
    Unsigned,
    TooLarge,
    Unfinished,
    NotKept(NotKept),
}

async fn receive(State(app): State<Arc<App>>, Extension(intake): Extension<Arc<Intake>>, request: Request) -> Answer {
    let answer = take(&app, &intake, request).await;
    app.metrics.add(&WEBHOOKS, &[("answer", answer.label())], 1);
    if let Answer::NotKept(why) = &answer {
        tracing::warn!("a webhook was not kept and will be sent again: {why}");
    }
    answer
}

async fn take(app: &App, intake: &Arc<Intake>, request: Request) -> Answer {
    if secrets(app).next().is_none() {
        return Answer::Unconfigured;
    }
    let (parts, body) = request.into_parts();
    let Some(signature) = signed(&parts.headers) else { return Answer::Unsigned };
    let body = match whole(body).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    if !signature::verify(secrets(app), signature, &body) {
        return Answer::Unsigned;
    }
    let began = Instant::now();
    match intake.keep(&app.pool, body).await {
        Ok(()) => {
            app.metrics.observe(&SECONDS_TO_KEEP, &[], began.elapsed().as_secs_f64());
            app.wake.ingress.notify_one();
            Answer::Kept
        }
        Err(why) => Answer::NotKept(why),
    }
}

/// The signature's header, when it is there once and could be one: a body without it is not even read.
fn signed(headers: &HeaderMap) -> Option<&[u8]> {
    let mut given = headers.get_all(signature::HEADER).iter();
    match (given.next(), given.next()) {
        (Some(one), None) if signature::well_formed(one.as_bytes()) => Some(one.as_bytes()),
        _ => None,
    }
}

async fn whole(body: Body) -> Result<Bytes, Answer> {
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(Answer::TooLarge);
    }
    timeout(PATIENCE, collect(body)).await.unwrap_or(Err(Answer::Unfinished))
}

async fn collect(body: Body) -> Result<Bytes, Answer> {
    let mut chunks = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Answer::Unfinished)?;
        if whole.len() + chunk.len() > MAX_BODY {
            return Err(Answer::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// The secrets a webhook may be signed with: the app's, and the Instagram app's where it has one of its own.
fn secrets(app: &App) -> impl Iterator<Item = &str> {
    let meta = &app.config.meta;
    let set = [&meta.app_secret, &meta.instagram_app_secret];
    set.into_iter().flatten().map(Secret::expose).filter(|secret| !secret.is_empty())
}

impl Answer {
    /// For metrics.
    const fn label(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Unconfigured => "unconfigured",
            Self::Unsigned => "unsigned",
            Self::TooLarge => "too large",
            Self::Unfinished => "unfinished",
            Self::NotKept(_) => "not kept",
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, said) = match self {
            Self::Kept => (StatusCode::OK, ""),
            // Meta sends again for days, so nothing is lost while the secret is being set.
            Self::Unconfigured => (StatusCode::SERVICE_UNAVAILABLE, "no app secret is set\n"),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "the signature is missing or wrong\n"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 4 MiB\n"),
            Self::Unfinished => (StatusCode::BAD_REQUEST, "the body did not arrive whole\n"),
            Self::NotKept(_) => (StatusCode::SERVICE_UNAVAILABLE, "not kept, please send again\n"),
        };
        (status, said).into_response()
    }
}
