//! The part of Meta's Graph API that a desk uses, answering as Meta does.
//!
//! *Invariant:* parsing is [`request`]'s, deciding is [`crate::world`]'s; here is only HTTP.

pub mod error;
pub mod request;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tokio::time::{sleep, timeout};

use crate::Simulator;
use crate::config::{Pace, SimNumber};
use crate::people;
use crate::world::{Accepted, World};
use error::GraphError;
use request::Call;

const BODY_LIMIT: usize = 256 * 1024;
const STATUSES_WITHIN: Duration = Duration::from_secs(10);

pub(crate) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/{version}/{id}/messages", post(messages))
        .route("/{version}/{id}", get(node))
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(simulator)
}

async fn messages(
    State(simulator): State<Simulator>,
    Path((_version, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match call(&simulator, &number, &headers, &body) {
        Ok(Done::Read) => Json(json!({ "success": true })).into_response(),
        Ok(Done::Sent(accepted)) => sent(&simulator, accepted).await,
        Err(error) => refused(&simulator, &error),
    }
}

enum Done {
    Read,
    Sent(Box<Accepted>),
}

fn call(simulator: &Simulator, number: &str, headers: &HeaderMap, body: &[u8]) -> Result<Done, GraphError> {
    authorised(headers)?;
    simulator.with_world(|world, _| known(world, number, "post").map(|_| ()))?;
    match request::parse(body)? {
        Call::Read { wamid, typing } => {
            if !simulator.with_world(|world, _| world.read_by_business(number, &wamid)) {
                return Err(GraphError::of(131_009));
            }
            if typing {
                simulator.typing(number.to_owned(), &wamid);
            }
            Ok(Done::Read)
        }
        Call::Send(send) => {
            let accepted = simulator.with_world(|world, now| world.business_sends(number, *send, now))?;
            Ok(Done::Sent(Box::new(accepted)))
        }
    }
}

/// The answer to an accepted send, late or lost where that was asked for.
async fn sent(simulator: &Simulator, accepted: Box<Accepted>) -> Response {
    let customer = accepted.outgoing.customer;
    let faults = simulator.with_world(|world, _| world.faults_of(customer));
    let answer = accepted.answer.clone();
    let drop_answer = accepted.drop_answer;
    if faults.statuses_first {
        let lane = (customer, accepted.outgoing.number.clone());
        simulator.follow(*accepted, Pace { sent: Duration::ZERO, delivered: Duration::ZERO }).await;
        // Longer than that the answer does not wait; the fault is then not seen, and nothing hangs.
        let _ = timeout(STATUSES_WITHIN, simulator.inner.courier.emptied(&lane)).await;
    } else {
        let (simulator, pace) = (simulator.clone(), simulator.inner.pace);
        simulator.clone().spawn(async move { simulator.follow(*accepted, pace).await });
    }
    sleep(Duration::from_millis(faults.delay_ms.into())).await;
    if drop_answer { broken() } else { Json(answer).into_response() }
}

/// An answer whose body breaks off before its first byte: the server closes the connection, nothing was written.
fn broken() -> Response {
    let error = std::io::Error::other("the fault panel drops this answer");
    let stream = futures_util::stream::iter([Err::<Bytes, _>(error)]);
    Body::from_stream(stream).into_response()
}

/// A number or an account, as far as a health check looks at it.
async fn node(
    State(simulator): State<Simulator>,
    Path((_version, id)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let found = authorised(&headers).and_then(|()| {
        simulator.with_world(|world, _| {
            let number = known(world, &id, "get").map(number_node);
            number.or_else(|error| world.account(&id).map(account_node).ok_or(error))
        })
    });
    match found {
        Ok(node) => Json(fields_of(node, query.get("fields").map(String::as_str))).into_response(),
        Err(error) => refused(&simulator, &error),
    }
}

fn known<'a>(world: &'a World, id: &str, verb: &str) -> Result<&'a SimNumber, GraphError> {
    world.number(id).ok_or_else(|| GraphError::unknown_object(verb, id))
}

fn number_node(number: &SimNumber) -> Map<String, Value> {
    object([
        ("id", json!(number.phone_number_id)),
        ("verified_name", json!(number.name)),
        ("display_phone_number", json!(people::written(&number.display_phone))),
        ("code_verification_status", json!("VERIFIED")),
        ("quality_rating", json!("GREEN")),
        ("platform_type", json!("CLOUD_API")),
        ("status", json!("CONNECTED")),
        ("name_status", json!("APPROVED")),
        ("throughput", json!({ "level": "STANDARD" })),
    ])
}

fn account_node(number: &SimNumber) -> Map<String, Value> {
    object([
        ("id", json!(number.waba_id)),
        ("name", json!(number.name)),
        ("timezone_id", json!("25")),
        ("currency", json!("BRL")),
    ])
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Only the fields asked for, and always the id.
fn fields_of(node: Map<String, Value>, fields: Option<&str>) -> Map<String, Value> {
    let Some(fields) = fields else {
        return node;
    };
    let asked = |name: &str| fields.split(',').any(|field| field.trim() == name);
    node.into_iter().filter(|(name, _)| name == "id" || asked(name)).collect()
}

async fn unknown(State(simulator): State<Simulator>, uri: Uri) -> Response {
    refused(&simulator, &GraphError::unknown_path(uri.path()))
}

/// Any token will do, but there must be one.
fn authorised(headers: &HeaderMap) -> Result<(), GraphError> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|token| !token.trim().is_empty());
    if token { Ok(()) } else { Err(GraphError::no_token()) }
}

fn refused(simulator: &Simulator, error: &GraphError) -> Response {
    error.answer(&simulator.with_world(|world, _| world.trace()))
}
