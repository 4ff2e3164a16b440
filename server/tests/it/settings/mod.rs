//! Ajustes over HTTP: what administrators change, what is refused and why, and what follows from it.

mod access;
mod audit;
mod fates;
mod forms;
pub mod hours;
mod people;
mod sweep;
mod teams;
mod view;

use ciranda_api::{ApiError, ErrorCode, PersonEntry, Settings, TeamEntry};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::settings::{Fault, FaultKind, Field};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::desk::world::{Setting, World};
use crate::rig::{TestApp, log_in};

/// A shop and the browser of its administrator.
pub struct Desk {
    pub shop: World,
    /// Rosa's.
    pub cookie: String,
}

impl Desk {
    pub async fn new(setting: Setting) -> Self {
        let shop = World::new(setting).await;
        let cookie = log_in(&shop.test, shop.account, shop.person("Rosa")).await;
        Self { shop, cookie }
    }

    /// Calls a server function as the administrator.
    pub async fn call<T: DeserializeOwned>(&self, name: &str, body: Value) -> Result<T, ApiError> {
        call(&self.shop.test, &self.cookie, name, body).await.1
    }

    /// One that must succeed.
    pub async fn ok<T: DeserializeOwned>(&self, name: &str, body: Value) -> T {
        self.call(name, body).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// One that must be refused for one reason.
    pub async fn refused(&self, name: &str, body: Value) -> (Field, FaultKind) {
        let (status, answer) = call::<Value>(&self.shop.test, &self.cookie, name, body).await;
        let error = answer.expect_err("refused");
        assert_eq!((status, error.code), (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::Invalid), "{name}: {error:?}");
        assert!(error.message.ends_with('.'), "{name}: a caller without a screen is told too: {error:?}");
        let faults = error.faults();
        let [Fault { field, kind }] = faults.as_slice() else { panic!("{name}: {faults:?}") };
        (*field, kind.clone())
    }

    pub async fn settings(&self) -> Settings {
        self.ok("settings", json!({})).await
    }

    pub async fn team(&self, id: TeamId) -> TeamEntry {
        self.settings().await.teams.into_iter().find(|team| team.id == id).expect("it is there")
    }

    pub async fn person(&self, id: PersonId) -> PersonEntry {
        self.settings().await.people.into_iter().find(|person| person.id == id).expect("they are there")
    }

    /// What nothing that was refused may change: the account's number and the audit.
    pub async fn standing(&self) -> (i64, i64) {
        let account = self.shop.account.0;
        let seq = format!("select seq from account_seq where account_id = '{account}'");
        let audit = format!("select count(*) from audit where account_id = '{account}'");
        (self.shop.count(&seq).await, self.shop.count(&audit).await)
    }
}

/// Calls a server function with a cookie.
pub async fn call<T: DeserializeOwned>(
    server: &TestApp,
    cookie: &str,
    name: &str,
    body: Value,
) -> (StatusCode, Result<T, ApiError>) {
    let (status, text) = raw(server, Some(cookie), &format!("/api/fn/{name}"), &body).await;
    let answer = if status.is_success() {
        Ok(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}")))
    } else {
        Err(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {status} {error}: {text}")))
    };
    (status, answer)
}

/// Status and body as they are.
pub async fn raw(server: &TestApp, cookie: Option<&str>, path: &str, body: &Value) -> (StatusCode, String) {
    let mut request = reqwest::Client::new().post(server.url(path)).json(body);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let response = request.send().await.expect("answered");
    (response.status(), response.text().await.expect("text"))
}
