//! Who is asking: sessions, codes, one-time links and their limits.
//!
//! *Invariant:* answers are alike whether or not a person exists. Tokens, codes and links are stored as hashes only.
//! Everything here runs on the machine's time, never on business time (decision 39).

mod client;
mod cookie;
mod limit;
mod login;
mod token;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, StatusCode, request::Parts};
use ciranda_domain::ids::{AccountId, PersonId};

use crate::app::App;
use crate::store;

pub use client::{Peer, client_address};
pub use cookie::{cleared, name, of, set};
pub use login::{CODE_MINUTES, Refusal, begin_session, known, normalise, one_time_link, redeem, request_code, verify};
pub use token::{SessionId, Token};

/// Somebody who is logged in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Principal {
    pub account: AccountId,
    pub person: PersonId,
    pub session: SessionId,
}

/// Who sent a request with these headers; `None` when nobody is logged in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn principal(app: &App, headers: &HeaderMap) -> store::Result<Option<Principal>> {
    let Some(token) = cookie::of(app, headers) else { return Ok(None) };
    let session = token.id();
    let Some(found) = store::session::find(&app.pool, &session.0).await? else { return Ok(None) };
    if found.stale {
        store::session::touch(&app.pool, &session.0).await?;
    }
    Ok(Some(Principal { account: found.account, person: found.person, session }))
}

/// Whether a session that is in use, such as a socket's, still holds.
///
/// # Errors
/// When the database cannot be reached.
pub async fn still_valid(app: &App, session: SessionId) -> store::Result<bool> {
    let Some(found) = store::session::find(&app.pool, &session.0).await? else { return Ok(false) };
    if found.stale {
        store::session::touch(&app.pool, &session.0).await?;
    }
    Ok(true)
}

/// Ends the session of a token, with every socket that is open for it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn end(app: &App, token: &Token) -> store::Result<()> {
    let session = token.id();
    store::session::revoke(&app.pool, &session.0).await?;
    app.hub.session_ended(session);
    Ok(())
}

impl FromRequestParts<Arc<App>> for Principal {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        match principal(app, &parts.headers).await {
            Ok(Some(principal)) => Ok(principal),
            Ok(None) => Err((StatusCode::UNAUTHORIZED, "log in first\n")),
            Err(error) => {
                tracing::warn!("a session could not be looked up: {error}");
                Err((StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; try again\n"))
            }
        }
    }
}
