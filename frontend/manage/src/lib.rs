//! The managers' screens: the live board, reports and settings. A module that the desk loads when somebody goes there.
//!
//! *Invariant:* the desk's machine is the only one that talks to the server's socket; what changes comes over
//! [`link`], and acts on conversations go back over it. Everything else is asked by server functions.
//!
//! Read in this order: `link` (what is known), `page` (which screen), then a folder for each screen.

mod board;
pub mod circle;
mod fields;
mod ids;
pub mod link;
mod page;
mod reports;
mod rights;
mod settings;

use wasm_bindgen::prelude::*;

/// Called once by the loader.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    ciranda_ui::take_up_language();
    page::mount();
}
