//! The layers that every request and answer passes, and the health of the server.

use std::time::{Duration, Instant};

use ciranda_server::config::Mode;
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::rig::TestApp;

/// What a changing request with these headers is answered.
async fn changed(test: &TestApp, headers: &[(&str, &str)]) -> StatusCode {
    let mut request = Client::new().post(test.url("/api/fn/sign_out")).json(&json!({}));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("answered").status()
}

#[tokio::test]
async fn only_our_own_pages_may_change_anything() {
    let test = TestApp::start().await;
    let own = test.base.clone();
    let port = test.app.config.listen.port();
    let other_name = format!("http://localhost:{port}");
    let other_port = format!("http://127.0.0.1:{}", port ^ 1);
    let taken: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", &own)],
        &[("origin", &own), ("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin")],
    ];
    for headers in taken {
        assert_eq!(changed(&test, headers).await, StatusCode::OK, "{headers:?}");
    }
    let refused: [&[(&str, &str)]; 8] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", &other_name)],
        &[("origin", &other_port)],
        &[("origin", &own), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in refused {
        assert_eq!(changed(&test, headers).await, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let webhook = Client::new().post(test.url("/webhooks/meta")).header("origin", "https://evil.example").body("{}");
    let status = webhook.send().await.expect("answered").status();
    assert_ne!(status, StatusCode::FORBIDDEN, "webhooks carry a signature instead");
}

#[tokio::test]
async fn the_demo_takes_any_name_of_this_machine() {
    let test = TestApp::demo().await;
    let port = test.app.config.listen.port();
    for origin in ["http://localhost", "http://127.0.0.1", "http://[::1]", "http://ana.localhost"] {
        assert_eq!(changed(&test, &[("origin", &format!("{origin}:{port}"))]).await, StatusCode::OK, "{origin}");
    }
    for origin in [
        format!("http://localhost:{}", port ^ 1),
        format!("http://evil.example:{port}"),
        format!("https://localhost:{port}"),
    ] {
        assert_eq!(changed(&test, &[("origin", &origin)]).await, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_browser_policy() {
    let test = TestApp::start().await;
    for path in ["/", "/entrar", "/livez", "/api/fn/whoami", "/pkg/gone.js", "/sync/v1/start"] {
        let response = reqwest::get(test.url(path)).await.expect("answered");
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().expect("plain"));
        let socket = test.base.replace("http:", "ws:");
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
             media-src 'self' blob:; font-src 'self'; connect-src 'self' {socket}; manifest-src 'self'; \
             worker-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        );
        assert_eq!(header("content-security-policy"), Some(policy.as_str()), "{path}");
        assert_eq!(header("content-security-policy-report-only"), Some("require-trusted-types-for 'script'"), "{path}");
        assert_eq!(header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
        assert_eq!(header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        assert_eq!(header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(header("permissions-policy"), Some("microphone=(self), camera=(), geolocation=()"), "{path}");
        assert_eq!(header("strict-transport-security"), None, "{path} is not encrypted");
    }
    let secure = TestApp::with_flags(Mode::Serve, &[], &["--public-url", "https://desk.example.com"]).await;
    let response = reqwest::get(secure.url("/livez")).await.expect("answered");
    assert!(response.headers()["strict-transport-security"].to_str().expect("plain").starts_with("max-age=31536000"));
    let policy = response.headers()["content-security-policy"].to_str().expect("plain");
    assert!(policy.contains("connect-src 'self' wss://desk.example.com;"), "{policy}");
}

#[tokio::test]
async fn pages_are_the_shell_and_the_phone_is_the_demos_alone() {
    let (serve, demo) = (TestApp::start().await, TestApp::demo().await);
    let status = async |test: &TestApp, path: &str| reqwest::get(test.url(path)).await.expect("answered").status();
    for path in ["/", "/entrar", "/atendimentos"] {
        assert_eq!(status(&serve, path).await, StatusCode::OK, "{path}");
    }
    for path in ["/simulador", "/simulador/relogio", "/pkg/gone.wasm", "/api/v1/nothing", "/.env"] {
        assert_eq!(status(&serve, path).await, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(status(&demo, "/simulador").await, StatusCode::OK);
    let response = reqwest::get(serve.url("/entrar")).await.expect("answered");
    let cached = response.headers()["cache-control"].to_str().expect("plain");
    assert!(matches!(cached, "no-cache" | "no-store"), "the shell is asked for each time: {cached}");
}

/// A client that does not say how long its body is cannot get around the limit.
#[tokio::test]
async fn a_body_beyond_the_limit_of_the_api_is_refused_by_its_status() {
    let test = TestApp::start().await;
    let long = json!({ "login": "a".repeat(70_000) });
    for path in ["/api/fn/request_code", "/api/fn/enter", "/api/fn/redeem_link"] {
        let answer = Client::new().post(test.url(path)).json(&long).send().await.expect("answered");
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let address = test.base.strip_prefix("http://").expect("http").to_owned();
    let mut socket = TcpStream::connect(&address).await.expect("it listens");
    let head = format!(
        "POST /api/fn/request_code HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.expect("open");
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..6 {
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    // Where it reads on in spite of the limit, it is to say what it thinks of the whole.
    socket.write_all(b"0\r\n\r\n").await.ok();
    let mut answer = [0_u8; 12];
    socket.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn arguments_that_cannot_be_read_and_functions_that_are_not_there_are_the_callers_fault() {
    let test = TestApp::start().await;
    let post = async |path: &str, language: &str, body: &'static str| {
        let request = Client::new().post(test.url(path)).header("content-type", "application/json");
        let answer = request.header("accept-language", language).body(body).send().await.expect("answered");
        (answer.status(), answer.text().await.expect("text"))
    };
    for body in ["{}", "", "[", "{\"login\":7}"] {
        for (language, said) in [
            ("en", "What was sent could not be read. Check the name and the type of each value."),
            ("pt-BR", "O que foi enviado não pôde ser lido. Confira o nome e o tipo de cada valor."),
        ] {
            let (status, text) = post("/api/fn/request_code", language, body).await;
            let told = format!(r#"{{"code":"Invalid","message":"{said}"}}"#);
            assert_eq!((status, text), (StatusCode::UNPROCESSABLE_ENTITY, told), "{body}");
        }
    }
    let (status, text) = post("/api/fn/nothing", "en", "{}").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!text.contains("server"), "{text}");
}

#[tokio::test]
async fn readiness_says_what_is_wrong() {
    let bare = TestApp::start().await;
    let response = reqwest::get(bare.url("/readyz")).await.expect("answered");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let text = response.text().await.expect("text");
    assert!(text.contains("CIRANDA_META_APP_SECRET"), "{text}");

    let test = TestApp::with(Mode::Serve, &[("CIRANDA_META_APP_SECRET", "s")]).await;
    let ready = async || {
        let response = reqwest::get(test.url("/readyz")).await.expect("answered");
        (response.status(), response.text().await.expect("text"))
    };
    let began = Instant::now();
    assert_eq!(ready().await, (StatusCode::OK, "ready\n".to_owned()));
    test.app.pool.close().await;
    let soon = ready().await.0;
    let believed = soon == StatusCode::OK || began.elapsed() > Duration::from_secs(1);
    assert!(believed, "the database's answer is believed for a second: {soon}");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let (status, text) = ready().await;
    assert_eq!(
        (status, text.contains("the database does not answer")),
        (StatusCode::SERVICE_UNAVAILABLE, true),
        "{text}"
    );
    assert_eq!(reqwest::get(test.url("/livez")).await.expect("answered").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_database_of_another_version_is_not_ready() {
    let test = TestApp::with(Mode::Serve, &[("CIRANDA_META_APP_SECRET", "s")]).await;
    sqlx::query("delete from _sqlx_migrations").execute(&mut test.db.owner().await).await.expect("done");
    let text = reqwest::get(test.url("/readyz")).await.expect("answered").text().await.expect("text");
    assert!(text.contains("ciranda migrate"), "{text}");
}

#[tokio::test]
async fn metrics_answer_this_machine_or_a_bearer() {
    let test = TestApp::with(Mode::Serve, &[("CIRANDA_METRICS_TOKEN", "long-token")]).await;
    reqwest::get(test.url("/livez")).await.expect("answered");
    let asked = async |headers: &[(&str, &str)]| {
        let mut request = Client::new().get(test.url("/metrics"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("answered")
    };
    let response = asked(&[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let text = response.text().await.expect("text");
    assert!(text.contains("ciranda_http_requests_total{route=\"/livez\",class=\"2xx\"} 1\n"), "{text}");
    let forwarded = ("x-forwarded-for", "203.0.113.9");
    assert_eq!(asked(&[forwarded]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(asked(&[forwarded, ("authorization", "Bearer wrong")]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(asked(&[forwarded, ("authorization", "Bearer long-token")]).await.status(), StatusCode::OK);
}
