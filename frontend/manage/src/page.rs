//! Which of the managers' screens the address names, and whether this person has it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlElement;

use crate::board::BoardScreen;
use crate::link::{Link, use_link};
use crate::reports::{Question, ReportsScreen};
use crate::settings::SettingsScreen;

/// Puts the screens into the place that the desk keeps for them.
pub fn mount() {
    let Some(place) = document().get_element_by_id("manage").and_then(|found| found.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    place.set_inner_html("");
    leptos::mount::mount_to(place.clone(), || {
        provide_context(Link::begin());
        provide_context(Question::begin());
        view! { <Page place/> }
    })
    .forget();
}

/// A screen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Board,
    Reports,
    Settings,
}

fn screen(path: &str) -> Option<Screen> {
    match path.split('/').nth(1)? {
        "painel" => Some(Screen::Board),
        "relatorios" => Some(Screen::Reports),
        "ajustes" => Some(Screen::Settings),
        _ => None,
    }
}

#[component]
fn Page(place: HtmlElement) -> impl IntoView {
    let link = use_link();
    let screen = Memo::new(move |_| link.path.with(|path| screen(path)));
    keep_the_place_on_the_board(place, screen);
    move || match screen.get() {
        Some(Screen::Board) => view! { <BoardScreen/> }.into_any(),
        Some(Screen::Reports) => view! { <ReportsScreen/> }.into_any(),
        Some(Screen::Settings) => view! { <SettingsScreen/> }.into_any(),
        None => ().into_any(),
    }
}

/// Whoever looked at a conversation finds the board again where they left it.
fn keep_the_place_on_the_board(place: HtmlElement, screen: Memo<Option<Screen>>) {
    let left = StoredValue::new(0);
    let scrolled = place.clone();
    let note: Closure<dyn Fn()> = Closure::new(move || {
        if screen.get_untracked() == Some(Screen::Board) {
            left.set_value(scrolled.scroll_top());
        }
    });
    // It lives as long as the page does; an element that can scroll can be listened to.
    _ = place.add_event_listener_with_callback("scroll", note.into_js_value().unchecked_ref());
    Effect::new(move |_| {
        if screen.get() == Some(Screen::Board) {
            let (place, left) = (place.clone(), left.get_value());
            // Once the board is drawn and shown.
            request_animation_frame(move || place.set_scroll_top(left));
        }
    });
}
