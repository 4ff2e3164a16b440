//! The client against a small server that answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;

const MESSAGE: MessageId = MessageId(Uuid::from_u128(0x0198_f5d2_7c00_7000_8000_0000_0000_000a));

/// What was asked of the fake, and what it answers.
struct Fake {
    asked: Mutex<Vec<(String, String, Value)>>,
    answer: (StatusCode, String),
}

async fn answer(
    State(fake): State<Arc<Fake>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    fake.asked.lock().expect("no panic").push((path, authorization.to_owned(), body));
    let location = [(header::LOCATION, "/v26.0/elsewhere")];
    (fake.answer.0, location, fake.answer.1.clone()).into_response()
}

async fn fake(status: u16, body: impl Into<String>) -> (Arc<Fake>, Graph) {
    let answer_with = (StatusCode::from_u16(status).expect("a status"), body.into());
    let fake = Arc::new(Fake { asked: Mutex::default(), answer: answer_with });
    let router = Router::new().route("/{*path}", post(answer)).with_state(Arc::clone(&fake));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (fake, graph(address))
}

fn graph(address: SocketAddr) -> Graph {
    install_tls();
    Graph::new(&meta(&format!("http://{address}"))).expect("a client")
}

fn meta(base: &str) -> Meta {
    Meta {
        graph_url: Url::parse(base).expect("an address"),
        instagram_graph_url: Url::parse("https://graph.instagram.com").expect("an address"),
        graph_version: "v26.0".into(),
        app_id: None,
        app_secret: None,
        verify_token: None,
        instagram_app_id: None,
        instagram_app_secret: None,
    }
}

fn install_tls() {
    // Another test of this process may have been first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn send(graph: &Graph) -> Sent {
    let token = Secret::new("token");
    let from = From { phone_number_id: "1002", token: &token };
    graph.send_text(from, &Recipient::Phone("5581988880001".into()), "Olá!", MESSAGE).await
}

fn error(code: u32) -> String {
    json!({"error": {"message": "(#…)", "type": "OAuthException", "code": code, "fbtrace_id": "x"}}).to_string()
}

fn refused(code: u32) -> Sent {
    Sent::Refused(Refusal { code, transient: false })
}

#[tokio::test]
async fn a_text_carries_our_id_and_a_full_number() {
    let accepted = json!({"messaging_product": "whatsapp", "contacts": [{"input": "+5581988880001", "wa_id": "558188880001"}], "messages": [{"id": "wamid.1"}]});
    let (fake, graph) = fake(200, accepted.to_string()).await;
    assert_eq!(send(&graph).await, Sent::Accepted { provider_id: "wamid.1".into() });
    let asked = fake.asked.lock().expect("no panic").clone();
    let [(path, authorization, body)] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((path.as_str(), authorization.as_str()), ("v26.0/1002/messages", "Bearer token"));
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+5581988880001", "type": "text",
        "text": {"body": "Olá!", "preview_url": true},
        "biz_opaque_callback_data": "0198f5d2-7c00-7000-8000-00000000000a",
    });
    assert_eq!(*body, expected);
}

#[tokio::test]
async fn a_user_id_is_a_recipient_and_no_number() {
    let (fake, graph) = fake(200, json!({"messages": [{"id": "wamid.2"}]}).to_string()).await;
    let token = Secret::new("token");
    let from = From { phone_number_id: "1002", token: &token };
    let sent = graph.send_text(from, &Recipient::User("BR.1".into()), "Olá!", MESSAGE).await;
    assert_eq!(sent, Sent::Accepted { provider_id: "wamid.2".into() });
    let asked = fake.asked.lock().expect("no panic").clone();
    assert_eq!((&asked[0].2["recipient"], asked[0].2.get("to")), (&json!("BR.1"), None));
}

#[tokio::test]
async fn reading_is_told() {
    let (fake, graph) = fake(200, json!({"success": true}).to_string()).await;
    let token = Secret::new("token");
    let from = From { phone_number_id: "1002", token: &token };
    assert_eq!(graph.mark_read(from, "wamid.9").await, Sent::Accepted { provider_id: "wamid.9".into() });
    let asked = fake.asked.lock().expect("no panic").clone();
    assert_eq!(asked[0].2, json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.9"}));
}

#[tokio::test]
async fn an_answer_is_told_apart_by_what_it_says_of_the_message() {
    for (status, body, expected) in [
        (400, error(131_047), refused(131_047)),
        (401, error(190), refused(190)),
        (429, error(130_429), refused(130_429)),
        (429, "slow down".into(), Sent::Refused(Refusal::busy())),
        (403, "<html>no</html>".into(), refused(1)),
        (200, error(100), refused(100)),
        (503, error(131_016), refused(131_016)),
        (503, error(2), refused(2)),
        (500, error(1), Sent::Unknown),
        (500, error(131_000), refused(131_000)),
        (502, "<html>bad gateway</html>".into(), Sent::Unknown),
        (200, "{}".into(), Sent::Unknown),
        (200, "not json".into(), Sent::Unknown),
        (200, json!({"messages": [{"id": 7}]}).to_string(), Sent::Unknown),
        (302, String::new(), Sent::Unknown),
        (307, String::new(), Sent::Unknown),
    ] {
        let (fake, graph) = fake(status, body.clone()).await;
        assert_eq!(send(&graph).await, expected, "{status} {body}");
        assert_eq!(fake.asked.lock().expect("no panic").len(), 1, "{status} {body}: asked once, nowhere else");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_has_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    assert_eq!(send(&graph(address)).await, Sent::NotSent);
}

#[tokio::test]
async fn a_connection_that_dies_after_the_request_leaves_the_outcome_unknown() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"messages\":[{\"id\":"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a client");
            let mut buffer = [0_u8; 4096];
            let read = socket.read(&mut buffer).await.expect("the request");
            socket.write_all(answer.as_bytes()).await.expect("still open");
            read
        });
        assert_eq!(send(&graph(address)).await, Sent::Unknown, "{answer:?}");
        assert!(server.await.expect("no panic") > 0);
    }
}

#[tokio::test]
async fn the_real_address_is_reached_over_tls_only() {
    install_tls();
    let graph = Graph::new(&meta("http://graph.facebook.com")).expect("a client");
    assert_eq!(send(&graph).await, Sent::NotSent);
}
