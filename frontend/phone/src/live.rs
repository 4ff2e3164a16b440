//! The stream of changes; it comes back by itself.

use ciranda_simulator_wire::Change;
use leptos::prelude::{Set, set_timeout};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use crate::http::API;
use crate::phones::{Link, Phones};

/// A browser that has given the stream up is asked again after this long.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(2);

/// Listens for as long as the page is open.
pub fn listen(phones: Phones) {
    let Ok(source) = EventSource::new(&[API, "/events"].concat()) else {
        again(phones);
        return;
    };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        // A change this version does not know is of no use to it.
        if let Ok(change) = serde_json::from_str::<Change>(&text) {
            phones.heard(change);
        }
    });
    let opened = Closure::<dyn FnMut(Event)>::new(move |_| phones.link.set(Link::Live));
    let failing = source.clone();
    let failed = Closure::<dyn FnMut(Event)>::new(move |_| {
        phones.stream_broke();
        if failing.ready_state() == EventSource::CLOSED {
            again(phones);
        }
    });
    source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(failed.as_ref().unchecked_ref()));
    // They live as long as the page, as the stream does.
    heard.forget();
    opened.forget();
    failed.forget();
}

fn again(phones: Phones) {
    set_timeout(move || listen(phones), AGAIN);
}
