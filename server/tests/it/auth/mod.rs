//! Coming in and going out, over HTTP, with a mail server that listens.

mod codes;
mod post;
mod sessions;

use ciranda_server::admin;
use ciranda_server::config::Mode;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::rig::TestApp;
use post::PostOffice;

/// A server with one account, whose owner gets mail.
struct House {
    test: TestApp,
    post: PostOffice,
    /// The owner's one-time link.
    link: String,
}

const OWNER: &str = "rita@loja.example";

impl House {
    async fn new() -> Self {
        let post = PostOffice::open().await;
        let test = TestApp::with(Mode::Serve, &[("CIRANDA_SMTP_URL", &post.url)]).await;
        let link = admin::create(&test.app, "Loja", "Rita", OWNER, "America/Sao_Paulo").await.expect("created");
        Self { test, post, link }
    }

    /// Calls a server function, with a cookie if there is one.
    async fn call(&self, name: &str, body: Value, cookie: Option<&str>) -> Response {
        let mut request = reqwest::Client::new().post(self.test.url(&format!("/api/fn/{name}"))).json(&body);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request.send().await.expect("answered")
    }

    /// Asks for a code; what goes back with it.
    async fn challenge(&self, login: &str) -> Value {
        let response = self.call("request_code", json!({ "login": login }), None).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json::<Value>().await.expect("JSON")["challenge"].clone()
    }

    async fn enter(&self, challenge: &Value, code: &str) -> Response {
        self.call("enter", json!({ "challenge": challenge, "code": code }), None).await
    }

    /// Logs the owner in by mail; the cookie.
    async fn log_in(&self) -> String {
        let challenge = self.challenge(OWNER).await;
        let code = self.post.code().await;
        let response = self.enter(&challenge, &code).await;
        assert_eq!(response.status(), StatusCode::OK);
        cookie_of(&response)
    }

    async fn whoami(&self, cookie: &str) -> StatusCode {
        self.call("whoami", json!({}), Some(cookie)).await.status()
    }

    /// Runs a statement as the owner of the tables.
    async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&mut self.test.db.owner().await).await.expect("done");
    }
}

/// Name and value of the cookie that an answer sets.
fn cookie_of(response: &Response) -> String {
    let header = response.headers()["set-cookie"].to_str().expect("plain");
    header.split(';').next().expect("a pair").to_owned()
}

/// Status and body, which must not tell one refusal from another.
async fn told(response: Response) -> (StatusCode, String) {
    (response.status(), response.text().await.expect("text"))
}
