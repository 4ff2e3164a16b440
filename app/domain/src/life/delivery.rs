//! How an outgoing message gets on: statuses come late, twice and out of order, and the higher rank wins (meta.md 3.6).
//!
//! *Invariant:* the result of a set of statuses does not depend on the order in which they come.

use crate::inbound::ProviderStatus;
use crate::message::Delivery;

/// The delivery after a status of the provider; `None` when it changes nothing.
#[must_use]
pub fn advance(current: Delivery, status: ProviderStatus) -> Option<Delivery> {
    replaces(
        current,
        match status {
            ProviderStatus::Sent => Delivery::Sent,
            ProviderStatus::Delivered => Delivery::Delivered,
            ProviderStatus::Read | ProviderStatus::Played => Delivery::Read,
            ProviderStatus::Failed { code } => Delivery::Failed { code },
        },
    )
}

/// The delivery after the provider's answer to our request gave an id; `None` when a status was faster.
#[must_use]
pub fn accepted(current: Delivery) -> Option<Delivery> {
    replaces(current, Delivery::Accepted)
}

/// `next` where it ranks above `current`. Of two failures the smaller code stays, so that order does not matter.
#[must_use]
pub fn replaces(current: Delivery, next: Delivery) -> Option<Delivery> {
    let higher = match (current, next) {
        (Delivery::Failed { code: first }, Delivery::Failed { code: second }) => second < first,
        _ => rank(current)? < rank(next)?,
    };
    higher.then_some(next)
}

/// Failure stands between sent and delivered: it replaces what came before, and proof of arrival replaces it. An
/// unknown outcome is settled by any news. What waits or was cancelled never left, so no news can be about it.
const fn rank(delivery: Delivery) -> Option<u8> {
    match delivery {
        Delivery::Waiting | Delivery::Cancelled(_) => None,
        Delivery::Queued => Some(0),
        Delivery::Unknown => Some(1),
        Delivery::Accepted => Some(2),
        Delivery::Sent => Some(3),
        Delivery::Failed { .. } => Some(4),
        Delivery::Delivered => Some(5),
        Delivery::Read => Some(6),
    }
}
