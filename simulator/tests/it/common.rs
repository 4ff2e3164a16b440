//! A tiny desk: takes webhooks, checks their signature over the raw bytes, keeps them in order of arrival.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ciranda_simulator::wire::{CustomerId, Faults};
use ciranda_simulator::{Config, Pace, SimNumber, SimTemplate, Simulator, TemplateCategory, people, signature};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const SECRET: &str = "a-secret-of-the-test";
pub const NUMBER: &str = "410000000000001";
/// 2026-11-24T12:00:00Z.
pub const NOON: i64 = 1_795_521_600_000;
pub const HOUR: i64 = 3_600_000;

#[derive(Default)]
struct Received {
    bodies: Mutex<Vec<Value>>,
    /// So many posts are refused first.
    refuse: AtomicUsize,
}

/// A simulator, the desk it talks to, and a client that plays the desk's outbox.
pub struct Scene {
    pub simulator: Simulator,
    pub graph: String,
    pub http: reqwest::Client,
    received: Arc<Received>,
    now: Arc<AtomicI64>,
}

pub fn number() -> SimNumber {
    SimNumber {
        phone_number_id: NUMBER.to_owned(),
        display_phone: "551130000001".to_owned(),
        waba_id: "510000000000001".to_owned(),
        name: "Loja Aurora".to_owned(),
    }
}

pub async fn desk() -> (String, Scene) {
    scene_with(|config| Simulator::new(config).unwrap()).await
}

/// A desk of its own and a simulator made as `make` says.
pub async fn scene_with(make: impl FnOnce(Config) -> Simulator) -> (String, Scene) {
    let received = Arc::new(Received::default());
    let desk = Router::new().route("/webhooks/meta", post(take)).with_state(received.clone());
    let webhook_url = format!("http://{}/webhooks/meta", serve(desk).await);
    let now = Arc::new(AtomicI64::new(NOON));
    let simulator = make(config(&webhook_url, now.clone()));
    let graph = format!("http://{}", serve(simulator.graph_router()).await);
    let scene = Scene { simulator, graph, http: reqwest::Client::new(), received, now };
    (webhook_url, scene)
}

fn config(webhook_url: &str, clock: Arc<AtomicI64>) -> Config {
    Config {
        webhook_url: webhook_url.to_owned(),
        app_secret: SECRET.to_owned(),
        business: vec![number()],
        templates: vec![SimTemplate {
            name: "retomar".to_owned(),
            language: "pt_BR".to_owned(),
            category: TemplateCategory::Utility,
            body: "Olá {{1}}, podemos continuar?".to_owned(),
            buttons: vec!["Sim".to_owned(), "Agora não".to_owned()],
        }],
        customers: people::five_brazilians(),
        clock: Arc::new(move || clock.load(Ordering::SeqCst)),
        seed: 42,
        pace: Pace { sent: Duration::from_millis(5), delivered: Duration::from_millis(5) },
    }
}

pub async fn serve(router: Router) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

async fn take(State(received): State<Arc<Received>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signed = headers.get(signature::HEADER).and_then(|value| value.to_str().ok());
    if signed != Some(&signature::sign(SECRET, &body)) {
        return StatusCode::UNAUTHORIZED;
    }
    let refused = received.refuse.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if refused.is_ok() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    received.bodies.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    StatusCode::OK
}

impl Scene {
    pub fn advance(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn refuse_next(&self, posts: usize) {
        self.received.refuse.store(posts, Ordering::SeqCst);
    }

    /// Everything received so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.received.bodies.lock().unwrap().clone()
    }

    /// Waits for this many webhooks and returns them all.
    pub async fn wait_for(&self, count: usize) -> Vec<Value> {
        for _ in 0..3000 {
            let bodies = self.bodies();
            if bodies.len() >= count {
                return bodies;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} webhooks were expected, these came: {:#?}", self.bodies());
    }

    /// Waits until this holds of what was received.
    pub async fn until(&self, holds: impl Fn(&[Value]) -> bool) {
        for _ in 0..3000 {
            if holds(&self.bodies()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never came about: {:#?}", self.bodies());
    }

    pub async fn post(&self, body: &Value) -> reqwest::Result<(u16, Value)> {
        self.post_to(NUMBER, body).await
    }

    pub async fn post_to(&self, number: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let url = format!("{}/v26.0/{number}/messages", self.graph);
        let response = self.http.post(url).bearer_auth("token").json(body).send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    /// Sends a text that must be accepted; its wamid.
    pub async fn text(&self, to: &str, text: &str) -> String {
        let (status, answer) = self.post(&text_to(to, text)).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        answer["messages"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn set_faults(&self, customer: Option<CustomerId>, faults: Faults) {
        self.simulator.set_faults(customer, faults).unwrap();
    }
}

pub fn text_to(to: &str, text: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": to,
        "type": "text",
        "text": { "body": text },
        "biz_opaque_callback_data": "our-own-id",
    })
}

/// The first message of a webhook.
pub fn message(body: &Value) -> &Value {
    &body["entry"][0]["changes"][0]["value"]["messages"][0]
}

/// The first status of a webhook.
pub fn status(body: &Value) -> &Value {
    &body["entry"][0]["changes"][0]["value"]["statuses"][0]
}

/// The statuses of this wamid, in order of arrival.
pub fn statuses_of<'a>(bodies: &'a [Value], wamid: &str) -> Vec<&'a str> {
    let statuses = bodies.iter().map(status).filter(|status| status["id"] == wamid);
    statuses.filter_map(|status| status["status"].as_str()).collect()
}
