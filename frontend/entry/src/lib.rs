//! The way in: a module of its own, loaded where nobody has come in yet.
//!
//! *Invariant:* it knows nothing of the desk's state; whoever comes in loads the page anew.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the loader.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    ciranda_ui::take_up_language();
    leptos::mount::mount_to_body(ciranda_ui::entry_screen);
}
