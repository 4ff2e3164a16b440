//! What the server implements, one value for each request, and the explicit list of functions.

use std::pin::Pin;
use std::sync::Arc;

use ciranda_domain::ids::PersonId;
use leptos::prelude::use_context;
use leptos::server_fn::ServerFn;
use leptos::server_fn::axum::register_explicit;
use uuid::Uuid;

use crate::entry::{
    CodeSent, EnterAsFn, EnterFn, Me, RedeemLinkFn, RequestCodeFn, SignInOptions, SignInOptionsFn, SignOutFn, WhoamiFn,
};
use crate::error::{ApiError, ErrorCode};

/// What a method of [`Backend`] returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// The bodies of the server functions, for one request: it knows the request's cookie and address.
pub trait Backend: Send + Sync + 'static {
    fn sign_in_options(&self) -> Answer<'_, SignInOptions>;
    fn request_code(&self, login: String) -> Answer<'_, CodeSent>;
    fn enter(&self, challenge: Uuid, code: String) -> Answer<'_, Me>;
    fn enter_as(&self, person: PersonId) -> Answer<'_, Me>;
    fn redeem_link(&self, secret: String) -> Answer<'_, Me>;
    fn sign_out(&self) -> Answer<'_, ()>;
    fn whoami(&self) -> Answer<'_, Me>;
}

/// The request's backend, which the server put into its context.
pub(crate) fn backend() -> Result<Arc<dyn Backend>, ApiError> {
    use_context::<Arc<dyn Backend>>().ok_or_else(|| ApiError::new(ErrorCode::Unavailable))
}

/// The paths of all server functions; stable.
pub const PATHS: [&str; 7] = [
    SignInOptionsFn::PATH,
    RequestCodeFn::PATH,
    EnterFn::PATH,
    EnterAsFn::PATH,
    RedeemLinkFn::PATH,
    SignOutFn::PATH,
    WhoamiFn::PATH,
];

/// Registers every server function. To be called once before the first request.
pub fn register() {
    register_explicit::<SignInOptionsFn>();
    register_explicit::<RequestCodeFn>();
    register_explicit::<EnterFn>();
    register_explicit::<EnterAsFn>();
    register_explicit::<RedeemLinkFn>();
    register_explicit::<SignOutFn>();
    register_explicit::<WhoamiFn>();
}
