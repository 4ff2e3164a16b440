//! Times of the day and dates, as the browser's own fields: `08:30`, `2026-12-25`.

use leptos::prelude::*;

use super::{About, framed, leaving};

/// From when until when.
pub fn time_range(
    about: &About,
    [from_label, until_label]: [&str; 2],
    wrong: [Signal<bool>; 2],
    from: (Signal<String>, Callback<String>),
    until: (Signal<String>, Callback<String>),
) -> impl IntoView + use<> {
    let left = about.left;
    let described = about.described();
    let ids = [about.id.clone(), [&about.id, "-until"].concat()];
    let labels = [from_label, until_label].map(|label| [&about.label, ", ", label].concat());
    let one = move |id: String,
                    label: String,
                    wrong: Signal<bool>,
                    (value, set): (Signal<String>, Callback<String>)| {
        view! {
            <input type="time" id=id aria-label=label aria-describedby=described.clone() aria-invalid=move || wrong.get().then_some("true")
                prop:value=move || value.get() on:change=move |event| _ = set.try_run(event_target_value(&event))
                on:blur=leaving(left)/>
        }
    };
    let [first, second] = ids;
    let [first_label, second_label] = labels;
    view! {
        <span class="time-range" role="group" aria-label=about.label.clone()>
            {one(first, first_label, wrong[0], from)}
            <span aria-hidden="true">"–"</span>
            {one(second, second_label, wrong[1], until)}
        </span>
    }
}

/// A day of the calendar.
pub fn date(about: &About, value: Signal<String>, set: Callback<String>) -> impl IntoView + use<> {
    let left = about.left;
    framed(
        about,
        view! {
            <input type="date" id=about.id.clone() aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=move || value.get() on:change=move |event| _ = set.try_run(event_target_value(&event))
                on:blur=leaving(left)/>
        },
    )
}
