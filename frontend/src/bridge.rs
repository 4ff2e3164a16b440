//! `window.cirandaDesk`: what a further module on the page asks of the desk. Bytes of [`ciranda_ui::bridge`] go both ways.

use ciranda_ui::bridge::{Deed, News};
use ciranda_ui::desk::Desk;
use js_sys::{Function, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Puts the bridge on the window.
pub fn install(desk: Desk) {
    let bridge = Object::new();
    let follow: Closure<dyn Fn(Function)> = Closure::new(move |tell: Function| {
        desk.follow_news(Box::new(move |news: News| {
            let bytes = Uint8Array::from(news.encode().as_slice());
            // What the other module does with it is its own affair.
            _ = tell.call1(&JsValue::UNDEFINED, &bytes);
        }));
    });
    let act: Closure<dyn Fn(Vec<u8>)> = Closure::new(move |bytes: Vec<u8>| {
        if let Some(deed) = Deed::decode(&bytes) {
            desk.carry_out(deed);
        }
    });
    #[allow(clippy::cast_precision_loss)] // Milliseconds since 1970 stay far below 2^53.
    let now: Closure<dyn Fn() -> f64> = Closure::new(move || desk.now.get_untracked().0 as f64);
    // They live as long as the page.
    let parts = [("follow", follow.into_js_value()), ("act", act.into_js_value()), ("now", now.into_js_value())];
    for (name, function) in parts {
        _ = Reflect::set(&bridge, &name.into(), &function);
    }
    _ = Reflect::set(&js_sys::global(), &"cirandaDesk".into(), &bridge);
}
