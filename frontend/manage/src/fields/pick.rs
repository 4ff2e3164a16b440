//! One of several: a switch, cards with an explanation each, a list; and a cell of a matrix.

use leptos::prelude::*;

use super::{About, framed, leaving};

/// Something that can be chosen, and what that does.
#[derive(Clone)]
pub struct Choice<T> {
    pub value: T,
    pub title: String,
    pub text: String,
}

impl<T> Choice<T> {
    /// With an explanation, which may be empty.
    pub fn new(value: T, title: &str, text: &str) -> Self {
        Self { value, title: title.to_owned(), text: text.to_owned() }
    }
}

/// On or off.
pub fn switch(about: &About, value: Signal<bool>, set: Callback<bool>) -> impl IntoView + use<> {
    let hint = about.hint.clone().map(|hint| view! { <small id=about.hint_id()>{hint}</small> });
    let wrong = about.invalid();
    view! {
        <div class="field" data-wrong=wrong>
            <label class="switch">
                <input type="checkbox" role="switch" id=about.id.clone() aria-describedby=about.described() aria-invalid=about.invalid()
                    prop:checked=move || value.get() on:change=move |event| set.run(event_target_checked(&event))/>
                <span><b>{about.label.clone()}</b>{hint}</span>
            </label>
            {about.fault_line()}
        </div>
    }
}

/// One of a few, as cards.
pub fn choice<T>(about: &About, choices: Vec<Choice<T>>, value: Signal<T>, set: Callback<T>) -> impl IntoView + use<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let group = about.id.clone();
    let cards = choices.into_iter().enumerate().map(move |(at, choice)| {
        // The first card takes the focus when something is wrong.
        let id = if at == 0 { group.clone() } else { [&group, "-", &at.to_string()].concat() };
        let (mine, chosen) = (choice.value.clone(), choice.value);
        let text = (!choice.text.is_empty()).then(|| view! { <small>{choice.text}</small> });
        view! {
            <label class="card-choice">
                <input type="radio" name=group.clone() id=id prop:checked=move || value.with(|value| *value == mine)
                    on:change=move |_| set.run(chosen.clone())/>
                <span><b>{choice.title}</b>{text}</span>
            </label>
        }
    });
    let wrong = about.invalid();
    view! {
        <fieldset class="field" data-wrong=wrong aria-describedby=about.described()>
            <legend>{about.label.clone()}</legend>
            {about.hint_line()}
            <div class="card-choices">{cards.collect_view()}</div>
            {about.fault_line()}
        </fieldset>
    }
}

/// One of many.
pub fn select<T>(about: &About, options: Vec<(T, String)>, value: Signal<T>, set: Callback<T>) -> impl IntoView + use<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let values: Vec<T> = options.iter().map(|(value, _)| value.clone()).collect();
    let at = {
        let values = values.clone();
        move || value.with(|value| values.iter().position(|one| one == value)).map(|at| at.to_string())
    };
    let lines = options.into_iter().enumerate().map(|(at, (mine, name))| {
        let chosen = value.with_untracked(|value| *value == mine);
        view! { <option value=at.to_string() selected=chosen>{name}</option> }
    });
    let pick = move |event| {
        let at: Option<usize> = event_target_value(&event).parse().ok();
        if let Some(chosen) = at.and_then(|at| values.get(at)) {
            set.run(chosen.clone());
        }
    };
    let left = about.left;
    framed(
        about,
        view! {
            <select id=about.id.clone() aria-describedby=about.described() aria-invalid=about.invalid()
                prop:value=at on:change=pick on:blur=leaving(left)>
                {lines.collect_view()}
            </select>
        },
    )
}

/// A cell of the matrix of people and teams: who is what where is in its label.
pub fn cell(
    id: &str,
    label: &str,
    value: Signal<bool>,
    set: Callback<bool>,
    locked: Signal<bool>,
) -> impl IntoView + use<> {
    view! {
        <label class="cell">
            <input type="checkbox" id=id.to_owned() aria-label=label.to_owned() prop:checked=move || value.get()
                disabled=move || locked.get() && !value.get() on:change=move |event| set.run(event_target_checked(&event))/>
        </label>
    }
}
