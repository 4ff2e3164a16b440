//! `window.__sync`: what the browser tests wait on instead of sleeping. Tells numbers and states, never contents.

use ciranda_sync::machine::{Connection, Stop};
use ciranda_ui::desk::Desk;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// Puts the handle on the window.
pub fn install(desk: Desk) {
    let handle = Object::new();
    getter(&handle, "cursor", move || {
        #[allow(clippy::cast_precision_loss)] // A sequence of changes stays far below 2^53.
        desk.machine(|client| client.cursor().map_or(JsValue::NULL, |seq| JsValue::from_f64(seq.0 as f64)))
    });
    getter(&handle, "connection", move || name(desk.machine(ciranda_sync::machine::Client::connection)).into());
    getter(&handle, "pending", move || {
        JsValue::from(u32::try_from(desk.machine(|client| client.outbox().entries().len())).unwrap_or(u32::MAX))
    });
    _ = Reflect::set(&js_sys::global(), &"__sync".into(), &handle);
}

fn getter(handle: &Object, name: &str, get: impl Fn() -> JsValue + 'static) {
    let descriptor = Object::new();
    let get: Closure<dyn Fn() -> JsValue> = Closure::new(get);
    // Lives as long as the page.
    _ = Reflect::set(&descriptor, &"get".into(), &get.into_js_value());
    _ = Reflect::set(&descriptor, &"enumerable".into(), &JsValue::TRUE);
    Object::define_property(handle, &name.into(), &descriptor);
}

const fn name(connection: Connection) -> &'static str {
    match connection {
        Connection::Starting => "starting",
        Connection::Live => "live",
        Connection::Recovering => "recovering",
        Connection::Offline { .. } => "offline",
        Connection::Stopped(Stop::SignedOut) => "signed-out",
        Connection::Stopped(Stop::Refused) => "refused",
        Connection::Stopped(Stop::NewVersion) => "new-version",
    }
}
