//! Channels: what comes in from providers and what goes out to them.
//!
//! *Invariant:* nothing is acknowledged to a provider before it is durable, nothing durable is processed twice, and a
//! message leaves at most once for a person's act. This module must not know how a conversation is routed or who sees
//! it: it hands events to `desk::inbound` and outcomes to `desk::outgoing`.

pub mod meta;
