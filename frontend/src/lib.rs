//! The browser's end of the desk: what starts when its module has loaded.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the loader, after the module is compiled.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
