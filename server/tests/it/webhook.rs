//! Meta's webhooks over real HTTP against a real database: what is refused, what is kept, and when it is answered.

use std::time::Duration;

use ciranda_server::channels::meta::signature;
use ciranda_server::config::Mode;
use reqwest::{Client, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::rig::TestApp;

const SECRET: &str = "segredo-do-aplicativo";
const TEXT: &str = include_str!("../../src/channels/meta/fixtures/messages/text.json");

async fn server() -> TestApp {
    let env = [("CIRANDA_META_APP_SECRET", SECRET), ("CIRANDA_META_VERIFY_TOKEN", "meu-token")];
    TestApp::with(Mode::Serve, &env).await
}

async fn post(server: &TestApp, signature: Option<&str>, body: impl Into<Vec<u8>>) -> StatusCode {
    let mut request = Client::new().post(server.url("/webhooks/meta")).body(body.into());
    if let Some(signature) = signature {
        request = request.header(signature::HEADER, signature);
    }
    request.send().await.expect("an answer").status()
}

async fn post_signed(server: &TestApp, body: &[u8]) -> StatusCode {
    post(server, Some(&signature::sign(SECRET, body)), body).await
}

/// Bodies and states of the envelopes, oldest first.
async fn kept(server: &TestApp) -> Vec<(Vec<u8>, i16)> {
    let rows = sqlx::query_as("select body, state from envelope order by arrival");
    rows.fetch_all(&server.app.pool).await.expect("the database answers")
}

#[tokio::test]
async fn the_handshake_echoes_the_challenge_to_who_knows_the_token() {
    let server = server().await;
    let ask = async |query: &str| {
        let answer = reqwest::get(server.url(&format!("/webhooks/meta?{query}"))).await.expect("an answer");
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().expect("plain").to_owned());
        (answer.status(), kind.unwrap_or_default(), answer.text().await.expect("a body"))
    };
    let (status, kind, body) = ask("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meu-token").await;
    assert_eq!((status, kind.as_str(), body.as_str()), (StatusCode::OK, "text/plain", "1158201444"));
    for query in [
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=outro",
        "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1158201444",
        "hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=meu-token",
        "hub.mode=subscribe&hub.verify_token=meu-token",
        "",
    ] {
        let (status, _, body) = ask(query).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{query}");
        assert!(!body.contains("1158201444"), "{query}");
    }
}

#[tokio::test]
async fn a_signed_body_is_kept_byte_for_byte_before_it_is_answered() {
    let server = server().await;
    // A spelling that no serialiser gives back.
    let odd = br#"{ "object" :"whatsapp_business_account", "t":"\u00e4\/", "entry":[ ]}"#;
    assert_eq!(post_signed(&server, odd).await, StatusCode::OK);
    assert_eq!(post_signed(&server, TEXT.as_bytes()).await, StatusCode::OK);
    assert_eq!(kept(&server).await, [(odd.to_vec(), 0), (TEXT.as_bytes().to_vec(), 0)]);
}

#[tokio::test]
async fn a_bad_signature_is_refused_and_nothing_is_stored() {
    let server = server().await;
    let other = signature::sign("outro segredo", TEXT.as_bytes());
    let of_another_body = signature::sign(SECRET, b"{}");
    for header in [None, Some("sha256="), Some("sha1=00"), Some(other.as_str()), Some(of_another_body.as_str())] {
        assert_eq!(post(&server, header, TEXT).await, StatusCode::UNAUTHORIZED, "{header:?}");
    }
    assert_eq!(kept(&server).await, []);
}

#[tokio::test]
async fn without_an_app_secret_every_body_is_refused() {
    let server = TestApp::start().await;
    assert_eq!(post_signed(&server, TEXT.as_bytes()).await, StatusCode::SERVICE_UNAVAILABLE);
    let empty = signature::sign("", TEXT.as_bytes());
    assert_eq!(post(&server, Some(&empty), TEXT).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(kept(&server).await, []);
    let said = ciranda_server::channels::meta::webhook::problem(&server.app).expect("there is a problem");
    assert!(said.contains("CIRANDA_META_APP_SECRET"));
}

#[tokio::test]
async fn the_instagram_apps_own_secret_signs_as_well() {
    let env = [("CIRANDA_META_APP_SECRET", SECRET), ("CIRANDA_INSTAGRAM_APP_SECRET", "do-instagram")];
    let server = TestApp::with(Mode::Serve, &env).await;
    let header = signature::sign("do-instagram", TEXT.as_bytes());
    assert_eq!(post(&server, Some(&header), TEXT).await, StatusCode::OK);
    assert_eq!(ciranda_server::channels::meta::webhook::problem(&server.app), None);
}

#[tokio::test]
async fn a_body_of_four_mebibytes_is_taken_and_one_byte_more_is_not() {
    let server = server().await;
    let mut body = vec![b' '; 4 * 1024 * 1024];
    body[..2].copy_from_slice(b"{}");
    assert_eq!(post_signed(&server, &body).await, StatusCode::OK);
    body.push(b' ');
    assert_eq!(post_signed(&server, &body).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(kept(&server).await.len(), 1);
}

/// A client that does not say how long its body is cannot get around the limit.
#[tokio::test]
async fn a_body_of_unsaid_length_is_cut_off_at_the_limit() {
    let server = server().await;
    let address = server.base.strip_prefix("http://").expect("http");
    let mut socket = TcpStream::connect(address).await.expect("it listens");
    let header = signature::sign(SECRET, b"{}");
    let head = format!(
        "POST /webhooks/meta HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: {header}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.expect("open");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..65 {
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = [0_u8; 12];
    socket.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn without_the_database_meta_is_told_to_come_again() {
    let server = server().await;
    server.app.pool.close().await;
    assert_eq!(post_signed(&server, TEXT.as_bytes()).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_table_that_is_locked_is_not_waited_for_too_long() {
    let server = server().await;
    let mut other = server.app.pool.begin().await.expect("a connection");
    sqlx::query("lock table envelope in access exclusive mode").execute(&mut *other).await.expect("locked");
    let answer = tokio::time::timeout(Duration::from_secs(15), post_signed(&server, TEXT.as_bytes())).await;
    assert_eq!(answer.expect("within the time providers wait"), StatusCode::SERVICE_UNAVAILABLE);
    other.rollback().await.expect("unlocked");
    assert_eq!(post_signed(&server, TEXT.as_bytes()).await, StatusCode::OK);
}

#[tokio::test]
async fn a_burst_is_kept_whole() {
    let server = server().await;
    let client = Client::new();
    let posts = (0..600).map(|number| {
        let body = format!(r#"{{"object":"whatsapp_business_account","number":{number}}}"#);
        let header = signature::sign(SECRET, body.as_bytes());
        client.post(server.url("/webhooks/meta")).header(signature::HEADER, header).body(body).send()
    });
    let answers = futures_util::future::join_all(posts).await;
    assert!(answers.into_iter().all(|answer| answer.expect("an answer").status() == StatusCode::OK));
    let mut bodies: Vec<Vec<u8>> = kept(&server).await.into_iter().map(|(body, _)| body).collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 600);
}
