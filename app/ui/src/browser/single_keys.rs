//! Whether single keys act, as the person chose (decision 49).

use leptos::prelude::*;

use super::{announce, storage};

/// Where it is kept that they do not.
const OFF: &str = "ciranda.single-keys-off";

/// What the modules on the page hear when they are turned on or off.
const TURNED: &str = "ciranda-single-keys";

/// Whether single keys act.
#[must_use]
pub fn act() -> bool {
    storage::get(OFF).is_none()
}

/// Turns single keys on or off.
pub fn turn(on: bool) {
    if on {
        storage::remove(OFF);
    } else {
        storage::set(OFF, "1");
    }
    announce(TURNED);
}

/// The same, followed for as long as the present owner lives, whichever module turns them.
#[must_use]
pub fn followed() -> ReadSignal<bool> {
    let (acting, put) = signal(act());
    let turned = window_event_listener_untyped(TURNED, move |_| put.set(act()));
    on_cleanup(move || turned.remove());
    acting
}
