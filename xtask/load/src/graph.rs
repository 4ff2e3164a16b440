//! The smallest Graph API that takes every message, so that what is measured is the desk and not the simulator.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use axum::Json;
use axum::Router;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Serves it on a free port of loopback for as long as the process lives; answers its address.
///
/// # Errors
/// When no port can be had.
pub async fn start() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = Router::new().route("/{version}/{number}/messages", post(accept));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn accept(Json(body): Json<Value>) -> Json<Value> {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let to = body.get("to").cloned().unwrap_or_default();
    Json(json!({
        "messaging_product": "whatsapp",
        "contacts": [{ "input": to, "wa_id": to }],
        "messages": [{ "id": format!("wamid.out.{id}") }],
    }))
}
