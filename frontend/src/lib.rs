//! The desk's module: starts the page, carries what the sync machine asks for, and gives it what happened.
//!
//! *Invariant:* nothing is decided here. The machine decides about the network, the screens about what is shown; this
//! crate is the only one of the two that touches sockets, timers, clocks, randomness and sound.

mod bridge;
mod clock;
mod driver;
mod handle;
mod ids;
mod net;
mod sound;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Called once by the loader.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    ciranda_ui::take_up_language();
    mount_to_body(|| ciranda_ui::desk_screen(driver::start()));
}
