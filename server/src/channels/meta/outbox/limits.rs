//! Keeps below the provider's limits, softly: what is forgotten at a restart is reminded of by the provider's refusals.
//!
//! *Invariant:* only the machine's time is used here, never business time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ciranda_domain::ids::{ChannelId, IdentityId};
use tokio::time::Instant;

/// One message each six seconds to one customer, of which this many may be sent ahead (meta.md 4.4).
const EVERY: Duration = Duration::from_secs(6);
const AHEAD: u32 = 45;
/// After the provider said that the number sends too much.
const CHANNEL_PAUSE: Duration = Duration::from_secs(4);

/// What was sent lately, and which channel pauses.
#[derive(Default)]
pub struct Limits {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the messages to this identity would all have been sent, had they been spaced out.
    busy_until: BTreeMap<IdentityId, Instant>,
    paused: BTreeMap<ChannelId, Instant>,
}

impl Limits {
    /// Counts a message to the identity, or says how long it has to wait.
    pub fn admit(&self, channel: ChannelId, identity: IdentityId, now: Instant) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.paused.retain(|_, until| *until > now);
        state.busy_until.retain(|_, until| *until > now);
        if let Some(until) = state.paused.get(&channel) {
            return Err(*until - now);
        }
        let until = state.busy_until.get(&identity).copied().unwrap_or(now) + EVERY;
        let ahead = until - now;
        if ahead > EVERY * AHEAD {
            return Err(ahead - EVERY * AHEAD);
        }
        state.busy_until.insert(identity, until);
        Ok(())
    }

    /// The provider refused because the number as a whole sends too much.
    pub fn pause(&self, channel: ChannelId, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.paused.insert(channel, now + CHANNEL_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(1));
    const JOANA: IdentityId = IdentityId(Uuid::from_u128(2));
    const RITA: IdentityId = IdentityId(Uuid::from_u128(3));

    #[test]
    fn a_burst_is_allowed_and_then_spaced_out() {
        let (limits, start) = (Limits::default(), Instant::now());
        for _ in 0..45 {
            assert_eq!(limits.admit(CHANNEL, JOANA, start), Ok(()));
        }
        assert_eq!(limits.admit(CHANNEL, JOANA, start), Err(EVERY));
        assert_eq!(limits.admit(CHANNEL, RITA, start), Ok(()), "each customer has a limit of their own");
        assert_eq!(limits.admit(CHANNEL, JOANA, start + EVERY), Ok(()));
        assert_eq!(limits.admit(CHANNEL, JOANA, start + EVERY), Err(EVERY));
        let rested = start + EVERY * 100;
        for _ in 0..45 {
            assert_eq!(limits.admit(CHANNEL, JOANA, rested), Ok(()));
        }
    }

    #[test]
    fn a_paused_channel_sends_to_nobody() {
        let (limits, start) = (Limits::default(), Instant::now());
        limits.pause(CHANNEL, start);
        assert_eq!(limits.admit(CHANNEL, JOANA, start), Err(CHANNEL_PAUSE));
        assert_eq!(limits.admit(ChannelId(Uuid::from_u128(9)), JOANA, start), Ok(()));
        assert_eq!(limits.admit(CHANNEL, JOANA, start + CHANNEL_PAUSE), Ok(()));
    }
}
