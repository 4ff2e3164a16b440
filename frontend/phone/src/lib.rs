//! The customer's phone of the demo: a module of its own, loaded on `/simulador` only.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the loader, after the module is compiled.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
