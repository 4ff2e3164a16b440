//! Components and screens of the desk, rendered in the browser.
//!
//! *Invariant:* screens are wiring. What is shown is computed in `show`, natively tested; what a person does goes
//! through `desk`; everything that only the browser's end can do goes through [`desk::Host`]. No clock, no randomness
//! and no network here but the server functions of `ciranda_api`.
//!
//! *Invariant:* a closure in a view never reads a memo and another one derived from it: the effect behind it looks at the
//! derived one first, and when that has not changed it misses that the other has. Put what both say into one memo.

use leptos::prelude::*;

pub mod bridge;
pub mod browser;
pub mod desk;
pub mod entry;
pub mod parts;
mod screens;
pub mod show;
mod words;

pub use words::{about, t, take_up as take_up_language, tf, words};

use desk::{Desk, Place};
use screens::{Entry, Frame};

/// Shows the desk.
pub fn desk_screen(desk: Desk) -> impl IntoView {
    provide_context(desk);
    match Place::of(&browser::path()) {
        Some(Place::Desk) => {}
        Some(place) => desk.arrive(place),
        None => {
            browser::readdress("/");
            desk.toasts.say(words::t(ciranda_text::Key::ErrorMissing));
        }
    }
    view! { <Frame/> }
}

/// Shows the way in.
pub fn entry_screen() -> impl IntoView {
    view! { <Entry/> }
}
