//! A modal dialog: the browser's own, so that focus stays inside and Escape closes it.
//!
//! *Invariant:* the focus goes back to where it was.

use ciranda_text::Key;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser;
use crate::parts::icon::{Glyph, Icon};
use crate::words::t;

/// A sheet with a title; `close` is called however it is closed.
#[component]
pub fn Sheet(title: String, close: Callback<()>, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new_local(browser::focused().and_then(|element| element.dyn_into::<HtmlElement>().ok()));
    Effect::new(move |_| {
        if let Some(dialog) = node.get().filter(|dialog| !dialog.open()) {
            // Fails only for a dialog out of the document, and this one was just put in.
            _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        // The element goes after this owner; the focus is given back when it has gone.
        let before = before.get_value();
        request_animation_frame(move || {
            if let Some(element) = before {
                _ = element.focus();
            }
        });
    });
    view! {
        <dialog class="sheet" node_ref=node aria-labelledby="sheet-title" on:close=move |_| close.run(())>
            <header>
                <h2 id="sheet-title">{title}</h2>
                <button class="ghost icon-only" aria-label=t(Key::Close) on:click=move |_| close.run(())>
                    <Glyph icon=Icon::Close/>
                </button>
            </header>
            {children()}
        </dialog>
    }
}
