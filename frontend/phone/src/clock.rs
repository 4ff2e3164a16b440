//! The demo's clock: asked for now and then, counted on by the machine's own in between.
//!
//! *Invariant:* the only place of this module that reads a clock of the browser.

use serde::{Deserialize, Serialize};

use crate::http::{self, Trouble};

const ADDRESS: &str = "/simulador/relogio";

/// What the server says of its clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct Reading {
    pub now_ms: i64,
    /// How far it is ahead of real time.
    pub offset_ms: i64,
}

/// A way to move the clock; it only goes forward.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Move {
    By {
        advance_ms: i64,
    },
    /// To when the shop opens next.
    Opening {
        opening: bool,
    },
}

impl Move {
    pub const fn minutes(minutes: i64) -> Self {
        Self::By { advance_ms: minutes * 60_000 }
    }

    pub const OPENING: Self = Self::Opening { opening: true };
}

/// A reading, and when it was taken.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct DemoClock {
    reading: Reading,
    taken: f64,
}

impl DemoClock {
    pub fn new(reading: Reading) -> Self {
        Self { reading, taken: machine_ms() }
    }

    /// Business time now.
    pub fn now(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a page is not open for millions of years")]
        let since = (machine_ms() - self.taken) as i64;
        self.reading.now_ms + since
    }

    pub fn offset_ms(&self) -> i64 {
        self.reading.offset_ms
    }
}

/// Milliseconds since the page was opened; never goes back.
fn machine_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Asks for the time.
pub async fn read() -> Result<Reading, Trouble> {
    http::get(ADDRESS).await
}

/// Moves the clock.
pub async fn advance(by: Move) -> Result<Reading, Trouble> {
    http::post(ADDRESS, &by).await
}
