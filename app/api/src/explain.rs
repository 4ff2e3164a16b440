//! Why a conversation is with whoever has it.
//!
//! *Invariant:* who may see the conversation may ask; to everybody else it is not found.

use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::ConversationId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use crate::backend::backend;
use crate::error::ApiError;

/// Every decision of distribution about the conversation, oldest first: where it went, why, and who was considered.
#[server(name = ExplainFn, endpoint = "explain", input = Json, output = Json)]
pub async fn explain(conversation: ConversationId) -> Result<Vec<Decision>, ApiError> {
    backend()?.explain(conversation).await
}
