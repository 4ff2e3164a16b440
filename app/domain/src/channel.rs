//! Channels: one WhatsApp number, Instagram profile or Messenger page each.

use serde::{Deserialize, Serialize};

use crate::ids::ChannelId;

/// A channel as the desk shows it; credentials never leave the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// The name people of the account gave it.
    pub name: String,
    /// The number or handle customers see.
    pub address: String,
}

/// The product a channel belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ChannelKind {
    WhatsApp,
    Instagram,
    Messenger,
}
