//! Signatures of the server functions, what travels through them, and the trait that their bodies call.
//!
//! *Invariant:* paths are stable (`/api/fn/<name>`), so that a tab of an older version survives a deploy; DTOs only
//! grow optional fields. Nothing here knows SQL or sessions: the server implements `Backend` (decision 29).

#[cfg(feature = "ssr")]
mod backend;
mod entry;
mod error;

#[cfg(feature = "ssr")]
pub use backend::{Answer, Backend, PATHS, register};
pub use entry::{
    CodeSent, DemoPerson, Me, SignInOptions, enter, enter_as, redeem_link, request_code, sign_in_options, sign_out,
    whoami,
};
pub use error::{ApiError, ErrorCode};
