//! A modal dialog: the browser's own, so that focus stays inside and Escape closes it.
//!
//! *Invariant:* the focus goes back to where it was; where that has gone with the sheet before, to where it was before the
//! first of the sheets that followed one another; and where that has gone too, to the part of the page it was in.

use std::cell::RefCell;

use ciranda_text::Key;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::browser;
use crate::parts::icon::{Glyph, Icon};
use crate::words::t;

thread_local! {
    /// What had the focus before the first of the sheets that followed one another.
    static BEFORE: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// What has the focus as a sheet opens. Where that is within a sheet, it may go with it: then the one before counts.
fn remember() -> Option<HtmlElement> {
    let element = browser::focused()?.dyn_into::<HtmlElement>().ok()?;
    if element.closest("dialog").is_ok_and(|sheet| sheet.is_none()) {
        BEFORE.set(Some(element.clone()));
    }
    Some(element)
}

/// Gives the focus back, unless the next sheet has it.
fn give_back(before: Option<HtmlElement>) {
    if !browser::focus_is_lost() {
        return;
    }
    let before = before.filter(|element| element.is_connected()).or_else(|| BEFORE.take());
    if let Some(element) = before {
        _ = element.focus();
    }
    // What one stood on may have gone meanwhile, such as a row that somebody else moved: then the part of the page that
    // is on screen has it; the other one is hidden and takes none.
    if browser::focus_is_lost() {
        browser::focus("talk");
        browser::focus("manage");
    }
}

/// As the browser does for a sheet that opens: what asks for the focus has it, else the first control.
fn focus_first(dialog: &HtmlElement) {
    let first =
        ["[autofocus]", "button, input"].into_iter().find_map(|what| dialog.query_selector(what).ok().flatten());
    if let Some(element) = first.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// A sheet with a title; `close` is called however it is closed.
#[component]
pub fn Sheet(title: String, close: Callback<()>, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new_local(remember());
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if dialog.open() {
            // A sheet that follows another may be given its element: what had the focus has gone from within.
            focus_first(&dialog);
        } else {
            // Fails only for a dialog out of the document, and this one was just put in.
            _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        // The element goes after this owner; the focus is given back when it has gone.
        let before = before.get_value();
        request_animation_frame(move || give_back(before));
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
