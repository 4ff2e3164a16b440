//! Whole numbers with their unit, and lengths of time.
//!
//! *Invariant:* what was typed stays as typed, also where it is no number: then the value is one that no form takes.

use ciranda_domain::time::Span;
use ciranda_text::spans;
use ciranda_ui::words;
use leptos::prelude::*;

use super::{About, framed, leaving};

/// Lengths that are offered beside the field, in minutes.
const OFFERED: [u32; 6] = [2, 5, 10, 30, 60, 120];

/// What a text means: nothing where it is empty, and a number that no bounds allow where it is none.
fn meant(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() { None } else { Some(text.parse().unwrap_or(u32::MAX)) }
}

/// A number, or nothing.
pub fn number(
    about: &About,
    unit: &str,
    value: Signal<Option<u32>>,
    set: Callback<Option<u32>>,
) -> impl IntoView + use<> {
    framed(about, line(about, unit, value, set))
}

fn line(about: &About, unit: &str, value: Signal<Option<u32>>, set: Callback<Option<u32>>) -> impl IntoView + use<> {
    let shown = move |value: Option<u32>| value.map(|n| n.to_string()).unwrap_or_default();
    let typed = RwSignal::new(shown(value.get_untracked()));
    // The form may change by itself, as when changes are discarded.
    Effect::new(move |_| {
        let value = value.get();
        if meant(&typed.get_untracked()) != value {
            typed.set(shown(value));
        }
    });
    let left = about.left;
    let input = move |event| {
        typed.set(event_target_value(&event));
        set.run(typed.with_untracked(|typed| meant(typed)));
    };
    view! {
        <span class="with-unit">
            <input type="text" class="num" inputmode="numeric" id=about.id.clone() autocomplete="off"
                aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=move || typed.get() on:input=input on:blur=leaving(left)/>
            <span class="unit">{unit.to_owned()}</span>
        </span>
    }
}

/// A length in minutes: typed, or one of those offered.
pub fn duration(about: &About, unit: &str, value: Signal<u32>, set: Callback<u32>) -> impl IntoView + use<> {
    // Nothing is a length that no form takes, so it is told as such.
    let some = Signal::derive(move || Some(value.get()));
    let put = Callback::new(move |minutes: Option<u32>| set.run(minutes.unwrap_or(0)));
    let offers = OFFERED.map(|minutes| {
        let on = move || (value.get() == minutes).to_string();
        view! {
            <button type="button" class="offer num" aria-pressed=on on:click=move |_| set.run(minutes)>
                {spans::short(words(), Span::minutes(i64::from(minutes)))}
            </button>
        }
    });
    framed(
        about,
        view! {
            {line(about, unit, some, put)}
            <span class="chips" role="group" aria-label=about.label.clone()>{offers.into_iter().collect_view()}</span>
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_a_value_that_no_bounds_allow() {
        assert_eq!(meant("  "), None);
        assert_eq!(meant(" 15 "), Some(15));
        assert_eq!(meant("quinze"), Some(u32::MAX));
        assert_eq!(meant("-3"), Some(u32::MAX));
        assert_eq!(meant("99999999999"), Some(u32::MAX));
    }
}
