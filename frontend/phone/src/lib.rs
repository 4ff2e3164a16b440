//! The customer's phone of the demo: a module of its own, loaded on `/simulador` only.
//!
//! *Invariant:* it knows the simulator's JSON and nothing of the desk; what a chat holds is the simulator's to say,
//! this page only shows it and asks.
//!
//! Read in this order: `model` (what is known, pure), `phones` (asking and hearing), then the views from `page` on.

mod bubble;
mod chat;
mod clock;
mod clock_panel;
mod compose;
mod customers;
mod faults_panel;
mod format;
mod http;
mod icon;
mod live;
pub mod model;
mod page;
mod phones;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the loader, after the module is compiled.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(page::Page);
}
