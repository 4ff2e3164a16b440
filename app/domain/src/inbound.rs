//! What a provider tells us, parsed and trusted: the one shape the ingress hands to the rules.
//!
//! *Invariant:* everything here came through a verified signature and a parser; nothing here is raw JSON.

use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, MessageId};
use crate::message::{Body, Kind};
use crate::time::Moment;

/// One event of a webhook body, in the order (Meta's second, position in the body, arrival) of decision 24.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum InboundEvent {
    Message(InboundMessage),
    Status(StatusUpdate),
    /// The customer's number or id changed: merge, do not create (meta.md 3.7).
    IdentityChanged {
        channel: ChannelId,
        previous: Sender,
        current: Sender,
        at: Moment,
    },
}

/// A customer's message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InboundMessage {
    pub channel: ChannelId,
    /// Unique within the channel; the second net against processing twice.
    pub provider_id: String,
    pub sender: Sender,
    pub at: Moment,
    /// Position in the webhook body.
    pub position: u32,
    pub kind: Kind,
    pub body: Body,
    /// The message this one answers, by the provider's id.
    pub quotes: Option<String>,
}

/// How the provider names a customer; at least one of phone and user id is there.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sender {
    /// Digits only, with country code.
    pub phone: Option<String>,
    /// BSUID, IGSID or PSID, opaque.
    pub user_id: Option<String>,
    /// The profile's own name; untrusted text.
    pub name: Option<String>,
}

/// News of a message we sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StatusUpdate {
    pub channel: ChannelId,
    pub provider_id: String,
    /// Our own message id, when the provider gave it back (`biz_opaque_callback_data`).
    pub message: Option<MessageId>,
    pub status: ProviderStatus,
    pub at: Moment,
}

/// The statuses of meta.md 3.6; unknown ones are dropped by the parser with a metric.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ProviderStatus {
    Sent,
    Delivered,
    Read,
    Played,
    Failed { code: u32 },
}
