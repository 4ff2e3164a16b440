//! Coming in and going out.

use ciranda_domain::ids::PersonId;
use ciranda_domain::person::{Availability, Profile};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::backend::backend;
use crate::error::ApiError;

/// How somebody may log in here.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignInOptions {
    /// The people of the demo, in creation order; `None` on a real installation.
    pub demo: Option<Vec<DemoPerson>>,
}

/// Somebody of the demo, who logs in with one press.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DemoPerson {
    pub id: PersonId,
    pub name: String,
    pub profile: Profile,
    /// The teams they are in.
    pub teams: Vec<DemoTeam>,
    pub availability: Availability,
}

/// A team of somebody of the demo.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DemoTeam {
    pub name: String,
    /// Whether they attend there; else they only supervise.
    pub attends: bool,
}

/// A code is on its way, if the login is known here; the answer is the same when it is not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeSent {
    /// Goes back with the code.
    pub challenge: Uuid,
    /// How long the code holds.
    pub minutes: u32,
}

/// Who is logged in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Me {
    pub account_name: String,
    pub person: PersonId,
    pub name: String,
    pub profile: Profile,
    pub demo: bool,
}

/// How somebody may log in here. Needs no session.
#[server(name = SignInOptionsFn, endpoint = "sign_in_options", input = Json, output = Json)]
pub async fn sign_in_options() -> Result<SignInOptions, ApiError> {
    backend()?.sign_in_options().await
}

/// Sends a six-digit code to the e-mail of the person with this e-mail or phone, in the words of this language, a BCP 47
/// tag; Portuguese for none and for one that is not spoken here.
#[server(name = RequestCodeFn, endpoint = "request_code", input = Json, output = Json)]
pub async fn request_code(login: String, #[server(default)] language: String) -> Result<CodeSent, ApiError> {
    backend()?.request_code(login, language).await
}

/// Begins a session with the code.
#[server(name = EnterFn, endpoint = "enter", input = Json, output = Json)]
pub async fn enter(challenge: Uuid, code: String) -> Result<Me, ApiError> {
    backend()?.enter(challenge, code).await
}

/// Begins a session as somebody of the demo.
#[server(name = EnterAsFn, endpoint = "enter_as", input = Json, output = Json)]
pub async fn enter_as(person: PersonId) -> Result<Me, ApiError> {
    backend()?.enter_as(person).await
}

/// Begins a session with a one-time link.
#[server(name = RedeemLinkFn, endpoint = "redeem_link", input = Json, output = Json)]
pub async fn redeem_link(secret: String) -> Result<Me, ApiError> {
    backend()?.redeem_link(secret).await
}

/// Ends this session at once, on every tab of this browser.
#[server(name = SignOutFn, endpoint = "sign_out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), ApiError> {
    backend()?.sign_out().await
}

/// Who is logged in; [`crate::ErrorCode::SignedOut`] when nobody is.
#[server(name = WhoamiFn, endpoint = "whoami", input = Json, output = Json)]
pub async fn whoami() -> Result<Me, ApiError> {
    backend()?.whoami().await
}
