//! The Graph API, as far as a desk needs it: send a text, mark as read.
//!
//! *Invariant:* each call tells apart what certainly did not leave, what was refused, what was accepted, and what nobody
//! knows; it never sends a second time by itself. Tokens, texts and phone numbers are never logged, and a token goes to
//! the configured address only: no redirect is followed, and the real one is reached over https at public addresses.

mod error;
mod public;

use std::sync::Arc;
use std::time::Duration;

use ciranda_domain::ids::MessageId;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::{Value, json};

use crate::config::Meta;
use crate::secrets::Secret;
pub use error::{Class, Refusal};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE_CALL: Duration = Duration::from_secs(10);
/// An answer is a few hundred bytes.
const MAX_ANSWER: usize = 256 * 1024;
/// Only here the rules for a foreign address may be relaxed: any other base was chosen by whoever runs the server.
const REAL: &str = "graph.facebook.com";

/// A client of the Graph API. Cheap to share: it keeps its connections.
pub struct Graph {
    http: Client,
    base: Url,
    version: String,
}

/// Where a call speaks from, and with which right.
#[derive(Clone, Copy)]
pub struct From<'a> {
    pub phone_number_id: &'a str,
    pub token: &'a Secret,
}

/// Whom a text is for. A phone is preferred where both are known, as the API itself does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recipient {
    /// Digits with country code.
    Phone(String),
    /// A business-scoped user id.
    User(String),
}

/// What became of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    /// Taken over, under this id.
    Accepted {
        provider_id: String,
    },
    Refused(Refusal),
    /// No connection came about: nothing left.
    NotSent,
    /// It may or may not have been taken over.
    Unknown,
}

impl Graph {
    /// A client for the configured address.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(meta: &Meta) -> reqwest::Result<Self> {
        let real = meta.graph_url.host_str() == Some(REAL);
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE_CALL)
            .user_agent(concat!("ciranda/", env!("CARGO_PKG_VERSION")))
            .https_only(real);
        if real {
            builder = builder.dns_resolver(Arc::new(public::PublicOnly));
        }
        Ok(Self { http: builder.build()?, base: meta.graph_url.clone(), version: meta.graph_version.clone() })
    }

    /// Sends a text. `message` comes back in every status of it, which is how an unknown outcome is settled.
    pub async fn send_text(&self, from: From<'_>, to: &Recipient, text: &str, message: MessageId) -> Sent {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": "text",
            "text": {"body": text, "preview_url": true},
            "biz_opaque_callback_data": message.to_string(),
        });
        match to {
            // Without the plus sign the business's own country code would be put in front.
            Recipient::Phone(digits) => body["to"] = format!("+{digits}").into(),
            Recipient::User(id) => body["recipient"] = id.as_str().into(),
        }
        self.call(from, &body, |answer| answer.pointer("/messages/0/id").and_then(Value::as_str).map(Into::into)).await
    }

    /// Shows the customer that their messages up to this one were read.
    pub async fn mark_read(&self, from: From<'_>, provider_id: &str) -> Sent {
        let body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": provider_id});
        self.call(from, &body, |answer| (answer["success"] == true).then(|| provider_id.to_owned())).await
    }

    async fn call(&self, from: From<'_>, body: &Value, accepted: impl Fn(&Value) -> Option<String>) -> Sent {
        let request = self.http.post(self.address(from.phone_number_id)).bearer_auth(from.token.expose()).json(body);
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() || error.is_builder() => return Sent::NotSent,
            Err(_) => return Sent::Unknown,
        };
        let status = response.status();
        let answer = whole(response).await.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        judge(status, answer.as_ref(), accepted)
    }

    fn address(&self, phone_number_id: &str) -> Url {
        let mut address = self.base.clone();
        if let Ok(mut path) = address.path_segments_mut() {
            path.pop_if_empty().extend([self.version.as_str(), phone_number_id, "messages"]);
        }
        address
    }
}

/// What an answer means. A server's own failure may hide a message that was taken over; a refusal never does.
fn judge(status: StatusCode, answer: Option<&Value>, accepted: impl Fn(&Value) -> Option<String>) -> Sent {
    let refusal = answer.and_then(Refusal::read);
    if status.is_success() {
        return match (answer.and_then(accepted), refusal) {
            (Some(provider_id), _) => Sent::Accepted { provider_id },
            (None, Some(refusal)) => Sent::Refused(refusal),
            (None, None) => Sent::Unknown,
        };
    }
    match refusal {
        Some(refusal) if status.is_client_error() || refusal.says_not_taken() => Sent::Refused(refusal),
        Some(_) => Sent::Unknown,
        None if status == StatusCode::TOO_MANY_REQUESTS => Sent::Refused(Refusal::busy()),
        None if status.is_client_error() => Sent::Refused(Refusal::unexplained()),
        None => Sent::Unknown,
    }
}

/// The body of an answer; `None` when it breaks off or is far too long.
async fn whole(mut response: Response) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if whole.len() + chunk.len() > MAX_ANSWER {
            return None;
        }
        whole.extend_from_slice(&chunk);
    }
    Some(whole)
}

#[cfg(test)]
mod tests;
