//! What is left of a conversation that is no longer this person's to see: an explanation and their own unsent words.

use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser;
use crate::desk::{Gone, use_desk};
use crate::words::t;

/// The explanation, until dismissed.
#[component]
pub fn GoneCard(gone: Gone) -> impl IntoView {
    let desk = use_desk();
    let copied = RwSignal::new(false);
    let draft = StoredValue::new(gone.draft.clone());
    let written = !gone.draft.is_empty();
    let named = !gone.name.is_empty();
    // Never seen on this screen: an address that leads nowhere.
    let (title, lead) =
        if named || written { (Key::GoneTitle, Key::GoneLead) } else { (Key::ErrorMissing, Key::GoneUnknown) };
    let copy = move |_| {
        draft.with_value(|draft| browser::copy(draft));
        copied.set(true);
    };
    view! {
        <section class="gone" role="alert">
            <h2>{t(title)}</h2>
            <p>{named.then(|| view! { <b>{gone.name}</b>" · " })}{t(lead)}</p>
            {written.then(|| view! { <p>{t(Key::GoneDraft)}</p><pre tabindex="0" dir="auto">{gone.draft}</pre> })}
            <div class="acts">
                {written.then(|| view! {
                    <button on:click=copy>{move || t(if copied.get() { Key::Copied } else { Key::Copy })}</button>
                })}
                <button class="main" on:click=move |_| desk.gone.set(None)>{t(Key::Dismiss)}</button>
            </div>
        </section>
    }
}
