//! Whether single keys act, as the person chose (decision 49).

use super::storage;

/// Where it is kept that they do not.
const OFF: &str = "ciranda.single-keys-off";

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
}
