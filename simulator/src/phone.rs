//! The JSON API of the page `/simulador`.
//!
//! *Invariant:* only what a customer with a phone can do, and the faults; the page learns of everything else by the
//! event stream. Mounted in the demo only, on the desk's own origin.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use ciranda_simulator_wire::{
    Change, Chat, Compose, Customer, CustomerId, Faults, NewCustomer, Notice, PhoneSwitch, Refusal, Refused,
};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Simulator;

const BODY_LIMIT: usize = 64 * 1024;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(crate) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/events", get(events))
        .route("/faults", put(set_faults))
        .route("/customers", post(add_customer))
        .route("/customers/{customer}/faults", put(set_own_faults))
        .route("/customers/{customer}/phone", put(switch_phone))
        .route("/customers/{customer}/chats/{number}", get(chat))
        .route("/customers/{customer}/chats/{number}/send", post(send))
        .route("/customers/{customer}/chats/{number}/read", post(read))
        .route("/customers/{customer}/chats/{number}/notice", post(notify))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(simulator)
}

/// A refusal as an answer.
struct Refuse(Refusal);

type Answer<T> = Result<T, Refuse>;
type Input<T> = Result<Json<T>, JsonRejection>;

impl IntoResponse for Refuse {
    fn into_response(self) -> Response {
        let status = match self.0 {
            Refusal::UnknownCustomer
            | Refusal::UnknownNumber
            | Refusal::UnknownMessage
            | Refusal::UnknownChoice
            | Refusal::UnknownTemplate => StatusCode::NOT_FOUND,
            Refusal::EmptyName | Refusal::EmptyText | Refusal::TextTooLong | Refusal::BadPhone => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::PhoneTaken => StatusCode::CONFLICT,
            Refusal::TooManyCustomers | Refusal::DeskNotTaking => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Malformed => StatusCode::BAD_REQUEST,
        };
        (status, Json(Refused { refusal: self.0 })).into_response()
    }
}

impl From<Refusal> for Refuse {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<JsonRejection> for Refuse {
    fn from(_: JsonRejection) -> Self {
        Self(Refusal::Malformed)
    }
}

/// The id of a created message.
#[derive(serde::Serialize)]
struct Created {
    id: String,
}

async fn state(State(simulator): State<Simulator>) -> Response {
    Json(simulator.with_world(|world, _| world.state())).into_response()
}

async fn chat(
    State(simulator): State<Simulator>,
    Path((customer, number)): Path<(CustomerId, String)>,
) -> Answer<Json<Chat>> {
    Ok(Json(simulator.with_world(|world, _| world.chat(customer, &number))?))
}

async fn add_customer(State(simulator): State<Simulator>, input: Input<NewCustomer>) -> Answer<Json<Customer>> {
    let Json(new) = input?;
    let customer = simulator.with_world(|world, _| {
        let id = world.add_customer(&new)?;
        world.customer(id)
    })?;
    Ok(Json(customer))
}

async fn send(
    State(simulator): State<Simulator>,
    Path((customer, number)): Path<(CustomerId, String)>,
    input: Input<Compose>,
) -> Answer<Json<Created>> {
    let Json(compose) = input?;
    Ok(Json(Created { id: simulator.customer_sends(customer, &number, compose)? }))
}

async fn read(
    State(simulator): State<Simulator>,
    Path((customer, number)): Path<(CustomerId, String)>,
) -> Answer<StatusCode> {
    simulator.customer_opens(customer, &number)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn notify(
    State(simulator): State<Simulator>,
    Path((customer, number)): Path<(CustomerId, String)>,
    input: Input<Notice>,
) -> Answer<Json<Created>> {
    Ok(Json(Created { id: simulator.notify(customer, &number, &input?.template)? }))
}

async fn switch_phone(
    State(simulator): State<Simulator>,
    Path(customer): Path<CustomerId>,
    input: Input<PhoneSwitch>,
) -> Answer<StatusCode> {
    simulator.switch_phone(customer, input?.on)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_faults(State(simulator): State<Simulator>, input: Input<Faults>) -> Answer<StatusCode> {
    let Json(faults) = input?;
    simulator.with_world(|world, _| world.set_faults(None, faults))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_own_faults(
    State(simulator): State<Simulator>,
    Path(customer): Path<CustomerId>,
    input: Input<Faults>,
) -> Answer<StatusCode> {
    let Json(faults) = input?;
    simulator.with_world(|world, _| world.set_faults(Some(customer), faults))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn events(State(simulator): State<Simulator>) -> Response {
    let changes = simulator.inner.changes.subscribe();
    let stopped = simulator.inner.stopped.clone();
    let stream = futures_util::StreamExt::take_until(stream_of(changes), async move { stopped.cancelled().await });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// Each change as an event; first, and after a gap, the word to fetch everything.
fn stream_of(changes: broadcast::Receiver<Change>) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold((changes, true), |(mut changes, first)| async move {
        let change = if first {
            Change::Refetch
        } else {
            match changes.recv().await {
                Ok(change) => change,
                Err(RecvError::Lagged(_)) => Change::Refetch,
                Err(RecvError::Closed) => return None,
            }
        };
        let event = Event::default().json_data(&change).unwrap_or_else(|_| Event::default().comment("unwritable"));
        Some((Ok(event), (changes, false)))
    })
}
