//! A Graph API that answers as it is told and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// How the next call is answered; without one it is accepted.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    Accept,
    Refuse(u16, u32),
    /// The connection ends before the answer.
    Drop,
    /// Accepted after a while.
    Slow(Duration),
    /// Accepted when the test lets it go.
    Held,
}

/// A call to send or to mark as read.
#[derive(Clone, Debug)]
pub struct Asked {
    pub body: Value,
    pub at: Instant,
}

#[derive(Default)]
struct Memory {
    answers: VecDeque<Answer>,
    asked: Vec<Asked>,
}

/// The running fake.
#[derive(Clone)]
pub struct FakeGraph {
    memory: Arc<Mutex<Memory>>,
    let_go: Arc<Notify>,
    pub url: String,
}

impl FakeGraph {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        Self::on(listener)
    }

    pub fn on(listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let fake = Self { memory: Arc::default(), let_go: Arc::default(), url };
        let router = Router::new().route("/v26.0/{number}/messages", post(answer)).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// Answers the next calls so.
    pub fn answer(&self, answers: &[Answer]) {
        self.memory().answers.extend(answers);
    }

    /// Lets one call go that is held.
    pub fn let_go(&self) {
        self.let_go.notify_one();
    }

    /// Everything that was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.memory().asked.clone()
    }

    /// The texts that were to be sent, in the order of the calls.
    pub fn texts(&self) -> Vec<String> {
        let asked = self.asked();
        asked.iter().filter_map(|asked| asked.body.pointer("/text/body")?.as_str().map(Into::into)).collect()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().expect("no panic")
    }
}

async fn answer(State(fake): State<FakeGraph>, axum::Json(body): axum::Json<Value>) -> Response {
    let (answer, number) = {
        let mut memory = fake.memory();
        memory.asked.push(Asked { body: body.clone(), at: Instant::now() });
        (memory.answers.pop_front().unwrap_or(Answer::Accept), memory.asked.len())
    };
    let accepted = || match body["status"].as_str() {
        Some("read") => json!({"success": true}),
        _ => json!({"messaging_product": "whatsapp", "messages": [{"id": format!("wamid.SENT{number}")}]}),
    };
    match answer {
        Answer::Accept => axum::Json(accepted()).into_response(),
        Answer::Slow(time) => {
            sleep(time).await;
            axum::Json(accepted()).into_response()
        }
        Answer::Held => {
            fake.let_go.notified().await;
            axum::Json(accepted()).into_response()
        }
        Answer::Refuse(status, code) => {
            let error = json!({"error": {"message": "(#…)", "type": "OAuthException", "code": code}});
            (StatusCode::from_u16(status).expect("a status"), axum::Json(error)).into_response()
        }
        Answer::Drop => {
            let broken = futures_util::stream::iter([Err::<String, _>(std::io::Error::other("dropped"))]);
            Body::from_stream(broken).into_response()
        }
    }
}

/// An address where nothing listens, and the way to let the fake listen there later.
pub async fn nobody() -> (String, impl AsyncFnOnce() -> FakeGraph) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let later = async move || {
        let listener = TcpListener::bind(address).await.expect("the port is still free");
        FakeGraph::on(listener)
    };
    (format!("http://{address}"), later)
}
