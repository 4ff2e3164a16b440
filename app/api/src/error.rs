//! Why a server function did not answer.

use ciranda_domain::settings::Fault;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// What a caller is told. Screens turn code and faults into words of their own language; other callers read `message`. It
/// never carries the text of an inner error.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}")]
pub struct ApiError {
    pub code: ErrorCode,
    /// The field of the form that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// [`Fault`]s as JSON: only the screens that have forms carry the code that reads them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    faults: String,
    /// The reason and what to do, in the language that the caller asked for; screens leave it unread.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// Append only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ErrorCode {
    /// The server was not reached.
    Offline,
    /// Nobody is logged in, or the session ended.
    SignedOut,
    /// Too many attempts from here or for this person: wait some minutes.
    TooMany,
    /// The code is wrong, used, or older than ten minutes. Deliberately one answer for all.
    BadCode,
    /// The one-time link is wrong, used or too old.
    BadLink,
    /// The field is empty or malformed.
    Invalid,
    /// Not there, or not visible to this person.
    NotFound,
    /// Only in the demo.
    DemoOnly,
    /// Our fault, or the database's; trying again may help.
    Unavailable,
    /// Only administrators may.
    NotAllowed,
}

impl ApiError {
    /// An error about no field in particular.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self { code, field: None, faults: String::new(), message: String::new() }
    }

    /// A malformed field.
    #[must_use]
    pub fn invalid(field: &str) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(ErrorCode::Invalid) }
    }

    /// What the person may not do, of which kind.
    #[must_use]
    pub fn not_allowed(what: &str) -> Self {
        Self { field: Some(what.to_owned()), ..Self::new(ErrorCode::NotAllowed) }
    }

    /// A form that is refused.
    #[must_use]
    pub fn refused(faults: &[Fault]) -> Self {
        let faults = serde_json::to_string(faults).unwrap_or_default();
        Self { faults, ..Self::new(ErrorCode::Invalid) }
    }

    /// Everything that is wrong with the form, each at its field.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        serde_json::from_str(&self.faults).unwrap_or_default()
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        Self::new(match error {
            E::Request(_) => ErrorCode::Offline,
            E::Args(_) | E::MissingArg(_) | E::Serialization(_) => ErrorCode::Invalid,
            // The server reads arguments, the browser answers.
            E::Deserialization(_) if cfg!(feature = "ssr") => ErrorCode::Invalid,
            E::Registration(_)
            | E::UnsupportedRequestMethod(_)
            | E::ServerError(_)
            | E::MiddlewareError(_)
            | E::Deserialization(_)
            | E::Response(_) => ErrorCode::Unavailable,
        })
    }
}
