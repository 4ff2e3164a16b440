//! The form of what people are told of conversations that they do not see.

use serde::{Deserialize, Serialize};

/// The form as it is filled in; nothing can be wrong with it. Everything is off unless an administrator switches it on
/// (decision 14).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AccessForm {
    /// A contact's history says how many conversations there are besides those that the reader sees (`ACC-10`).
    pub counts_unseen: bool,
}
