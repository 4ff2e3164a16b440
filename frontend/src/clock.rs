//! The browser's clock: the only place on this end that reads one.
//!
//! *Invariant:* a tick never goes back. It follows the page's own steady clock, plus the time the machine slept, which
//! some browsers leave out of it.

use std::cell::Cell;

use ciranda_sync::machine::Tick;

/// A difference this large between the two clocks is sleep or a changed wall clock, not a rounding.
const SLEPT: f64 = 2_000.0;

/// Ticks since the page began.
pub struct Clock {
    last_steady: Cell<f64>,
    last_wall: Cell<f64>,
    slept: Cell<f64>,
}

impl Clock {
    /// A clock that begins now.
    pub fn new() -> Self {
        Self { last_steady: Cell::new(steady()), last_wall: Cell::new(wall()), slept: Cell::new(0.0) }
    }

    /// The present tick.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Milliseconds of one page, never negative.
    pub fn tick(&self) -> Tick {
        let (steady, wall) = (steady(), wall());
        let missed = (wall - self.last_wall.get()) - (steady - self.last_steady.get());
        if missed > SLEPT {
            self.slept.set(self.slept.get() + missed);
        }
        self.last_steady.set(steady);
        self.last_wall.set(wall);
        Tick((steady + self.slept.get()) as u64)
    }
}

fn steady() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or_else(wall, |performance| performance.now())
}

/// Milliseconds since the epoch; for ids, and to notice sleep.
pub fn wall() -> f64 {
    js_sys::Date::now()
}
