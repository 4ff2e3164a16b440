//! Which of the managers' screens the address names, and whether this person has it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
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
    leptos::mount::mount_to(place, || {
        provide_context(Link::begin());
        provide_context(Question::begin());
        view! { <Page/> }
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
fn Page() -> impl IntoView {
    let link = use_link();
    let screen = Memo::new(move |_| link.path.with(|path| screen(path)));
    move || match screen.get() {
        Some(Screen::Board) => view! { <BoardScreen/> }.into_any(),
        Some(Screen::Reports) => view! { <ReportsScreen/> }.into_any(),
        Some(Screen::Settings) => view! { <SettingsScreen/> }.into_any(),
        None => ().into_any(),
    }
}
