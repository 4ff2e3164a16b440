//! New ids: UUIDv7 from the wall clock and the browser's own randomness.

use uuid::{Builder, Uuid};

/// A new id. Its time part orders it roughly; nothing depends on the clock being right.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Milliseconds since the epoch.
pub fn fresh() -> Uuid {
    let mut bytes = [0; 10];
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("invariant: every browser that runs WebAssembly has crypto.getRandomValues");
    Builder::from_unix_timestamp_millis(js_sys::Date::now() as u64, &bytes).into_uuid()
}
