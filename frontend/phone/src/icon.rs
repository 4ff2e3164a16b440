//! The few drawings of the page, one stroke each on a grid of 24; the words stand beside or around them.

use leptos::prelude::*;

pub const BACK: &str = "M15 5l-7 7 7 7";
pub const SEND: &str = "M4 12h15M13 5.5L20 12l-7 6.5";
pub const CHECK: &str = "M5 12.5l4.5 4.5L19 7.5";
pub const CHECKS: &str = "M1.5 13l4.3 4.3L14 8M11.5 15.8l1.5 1.5L22 8";
pub const CLOCK: &str = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M12 7.5V12l3 2";
pub const ALERT: &str = "M12 4L3 20h18zM12 10v4.5M12 17v.1";
pub const PHOTO: &str = "M4 5.5h16v13H4zM4 15.5l4.5-4 4 3.5 3-2.5 4.5 4M15.5 9.2v.1";
pub const FILM: &str = "M4 6h11v12H4zM15 10.5l5-3v9l-5-3";
pub const VOICE: &str = "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3M5.5 12a6.5 6.5 0 0 0 13 0M12 18.5V21";
pub const PAPER: &str = "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4";
pub const STICKER: &str = "M4 4h16v10l-6 6H4zM20 14h-6v6M8.5 9.5v.1M14.5 9.5v.1M8.5 13c1.2 1.6 4 1.6 5.5 0";
pub const PIN: &str =
    "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11M12 7.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0-4.4";
pub const PERSON: &str = "M12 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8M4.5 20.5c.8-4 4-6 7.5-6s6.7 2 7.5 6";
pub const QUESTION: &str =
    "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.5v.1";
pub const REPLY: &str = "M9.5 6.5L4 12l5.5 5.5M4 12h10a6 6 0 0 1 6 6";

/// A drawing that says nothing to those who hear the page.
pub fn icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
}
