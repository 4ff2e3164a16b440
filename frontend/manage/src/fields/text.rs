//! Text: a line, several lines with a counter, and a line that offers what one may mean.

use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::tf;
use leptos::prelude::*;

use super::{About, framed, leaving};

/// What is typed into a line; it chooses the keyboard of a phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Plain,
    Email,
    Phone,
    Search,
}

impl Kind {
    const fn mode(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Search => "search",
        }
    }
}

/// A line.
pub fn text(about: &About, kind: Kind, value: Signal<String>, set: Callback<String>) -> impl IntoView + use<> {
    let left = about.left;
    let capitals = if kind == Kind::Email { "none" } else { "sentences" };
    framed(
        about,
        view! {
            <input type="text" inputmode=kind.mode() id=about.id.clone() autocomplete="off" autocapitalize=capitals
                spellcheck=if kind == Kind::Plain { None } else { Some("false") }
                aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=move || value.get() on:input=move |event| set.run(event_target_value(&event))
                on:blur=leaving(left)/>
        },
    )
}

/// Several lines; the counter warns before there are too many characters.
pub fn area(about: &About, most: usize, value: Signal<String>, set: Callback<String>) -> impl IntoView + use<> {
    let left = about.left;
    let count = move || {
        let length = value.with(|value| value.trim().chars().count());
        tf(Say::Counter, &[&length.to_string(), &most.to_string()])
    };
    let over = move || value.with(|value| value.trim().chars().count() > most).then_some("true");
    framed(
        about,
        view! {
            <textarea rows="4" id=about.id.clone() aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=move || value.get() on:input=move |event| set.run(event_target_value(&event))
                on:blur=leaving(left)></textarea>
            <p class="field-count num" data-over=over>{count}</p>
        },
    )
}

/// A line that offers values as one types; anything may be typed.
pub fn combo(
    about: &About,
    offers: Vec<String>,
    value: Signal<String>,
    set: Callback<String>,
) -> impl IntoView + use<> {
    let left = about.left;
    let list = [&about.id, "-list"].concat();
    framed(
        about,
        view! {
            <input type="text" id=about.id.clone() list=list.clone() autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=move || value.get() on:input=move |event| set.run(event_target_value(&event))
                on:blur=leaving(left)/>
            <datalist id=list>{offers.into_iter().map(|offer| view! { <option value=offer></option> }).collect_view()}</datalist>
        },
    )
}
