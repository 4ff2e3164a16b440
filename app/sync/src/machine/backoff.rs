//! Waiting before trying again: full jitter under a doubling ceiling, so that a crowd never returns at once.

use super::Tick;

/// Counts failures and draws waits from a seed.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    failures: u32,
    state: u64,
}

impl Backoff {
    const FIRST: u64 = 250;
    const LONGEST: u64 = 30_000;

    pub(super) fn new(seed: u64) -> Self {
        Self { failures: 0, state: seed }
    }

    /// Failures since the last success.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) fn succeed(&mut self) {
        self.failures = 0;
    }

    /// Counts a failure and tells when to try again.
    pub(super) fn fail(&mut self, now: Tick) -> Tick {
        let ceiling = Self::LONGEST.min(Self::FIRST << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        Tick(now.0 + self.draw() % (ceiling + 1))
    }

    /// The next number of SplitMix64; spreading reconnections needs no better one.
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
