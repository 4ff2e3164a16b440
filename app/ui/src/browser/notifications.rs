//! Notifications outside the page, only where the person allowed them.

use wasm_bindgen::prelude::*;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// What the person said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Permission {
    NotAsked,
    Granted,
    /// Refused, or the browser has none.
    Refused,
}

/// What the person said so far.
pub fn permission() -> Permission {
    let known = js_sys::Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false);
    if known { of(Notification::permission()) } else { Permission::Refused }
}

/// Asks; from a click only.
pub fn ask(answered: impl Fn(Permission) + 'static) {
    let told = Closure::once_into_js(move |_: JsValue| answered(permission()));
    if let Ok(promise) = Notification::request_permission() {
        // The closure frees itself once called.
        _ = js_sys::Reflect::get(&promise, &"then".into())
            .ok()
            .and_then(|then| then.dyn_into::<js_sys::Function>().ok())
            .and_then(|then| then.call1(&promise, &told).ok());
    }
}

/// Shows one, in place of an earlier one that was not looked at.
pub fn show(title: &str, body: &str) {
    if permission() == Permission::Granted {
        let options = NotificationOptions::new();
        options.set_body(body);
        options.set_tag("ciranda");
        // Else what takes the place of an earlier one comes in silence.
        _ = js_sys::Reflect::set(&options, &"renotify".into(), &JsValue::TRUE);
        // A browser may refuse a page without a service worker; the sound and the badge told it already.
        _ = Notification::new_with_options(title, &options);
    }
}

fn of(permission: NotificationPermission) -> Permission {
    match permission {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Default => Permission::NotAsked,
        _ => Permission::Refused,
    }
}
