//! The only place of the server that reads a clock or makes an id.
//!
//! *Invariant:* business time is real time plus an offset kept in the database and moved by the demo's clock control
//! alone. A transaction takes its `now` from the database's clock (`store::begin`); what is here serves everything
//! outside transactions. Sessions, codes, heartbeats and back-off never use business time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use ciranda_domain::time::{Moment, Span};
use uuid::Uuid;

/// Business time of this server.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// A clock that runs `offset` ahead of the machine's.
    #[must_use]
    pub fn new(offset: Span) -> Self {
        Self { offset_ms: AtomicI64::new(offset.0) }
    }

    /// Business time now, outside a transaction.
    #[must_use]
    pub fn business_now(&self) -> Moment {
        machine_now() + self.offset()
    }

    /// How far business time runs ahead of the machine's.
    #[must_use]
    pub fn offset(&self) -> Span {
        Span(self.offset_ms.load(Ordering::Acquire))
    }

    /// Takes over an offset that was committed to the database.
    pub fn set_offset(&self, offset: Span) {
        self.offset_ms.store(offset.0, Ordering::Release);
    }

    /// A new id; its time is business time, so that ids of one account sort as things happened.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        id_at(self.business_now())
    }
}

/// The machine's time. Never compared with a business instant.
#[must_use]
pub fn machine_now() -> Moment {
    #[allow(clippy::disallowed_methods, reason = "this module is where the clock is read")]
    Moment(jiff::Timestamp::now().as_millisecond())
}

/// A new id that carries the given instant. Ids that this server makes for one instant ascend, so that they break ties
/// in the order in which things were done (decision 24).
#[must_use]
pub fn id_at(at: Moment) -> Uuid {
    /// The last id of each of the latest instants.
    static LATEST: Mutex<BTreeMap<u64, u128>> = Mutex::new(BTreeMap::new());
    /// Enough for instants that are used side by side: one for each transaction under way, and some.
    const REMEMBERED: usize = 128;

    let ms = u64::try_from(at.0).unwrap_or(0);
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let id = match latest.get(&ms) {
        Some(last) => last + u128::from(rand::random_range(1..1_u32 << 31)),
        None => random_at(ms),
    };
    latest.insert(ms, id);
    while latest.len() > REMEMBERED {
        latest.pop_first();
    }
    Uuid::from_u128(id)
}

/// A random version 7 id, whose lowest 62 bits have room for many additions before one would reach the variant's bits.
fn random_at(ms: u64) -> u128 {
    let mut random: [u8; 10] = rand::random();
    random[2] &= 0x0F;
    uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid().as_u128()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_time_runs_ahead_by_the_offset() {
        let clock = Clock::new(Span::hours(3));
        let ahead = clock.business_now().since(machine_now());
        assert!((ahead.0 - Span::hours(3).0).abs() < 5_000);
        clock.set_offset(Span::hours(0));
        assert!(clock.business_now().since(machine_now()).0.abs() < 5_000);
    }

    #[test]
    fn ids_of_one_instant_ascend_also_when_other_instants_come_between() {
        let at = Moment(1_800_000_000_777);
        let mut last = id_at(at);
        for number in 0..10_000 {
            let other = id_at(Moment(at.0 + 1 + number % 100));
            assert_ne!(other, last);
            let next = id_at(at);
            assert!(next > last);
            last = next;
        }
        assert_eq!((last.get_version_num(), last.get_variant()), (7, uuid::Variant::RFC4122));
        assert!(id_at(Moment(at.0 + 1)) > last, "and never reach the next instant");
    }

    #[test]
    fn an_id_carries_its_instant_and_ids_of_one_instant_differ() {
        let at = Moment(1_800_000_000_123);
        let (one, two) = (id_at(at), id_at(at));
        assert_ne!(one, two);
        assert_eq!(one.get_version_num(), 7);
        assert!(id_at(Moment(at.0 + 1)) > one.max(two));
        let (seconds, nanos) = one.get_timestamp().expect("version 7 carries a time").to_unix();
        assert_eq!(Moment(i64::try_from(seconds * 1000).expect("small") + i64::from(nanos / 1_000_000)), at);
    }
}
