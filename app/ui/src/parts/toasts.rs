//! The region where toasts appear; told politely to screen readers.

use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser;
use crate::desk::{Toast, use_desk};
use crate::parts::icon::{Glyph, Icon};
use crate::words::t;

/// The region, always in the document so that readers notice what comes into it.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_desk().toasts;
    view! {
        <section class="toasts" aria-live="polite" aria-label=t(Key::Notices)>
            <For each=move || toasts.list() key=|toast| toast.id let:toast>
                <ToastView toast/>
            </For>
        </section>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let toasts = use_desk().toasts;
    let id = toast.id;
    view! {
        <div class="toast">
            <Glyph icon=Icon::Info/>
            <p>{toast.text}</p>
            {toast.reload.then(|| view! { <button on:click=|_| browser::reload()>{t(Key::Reload)}</button> })}
            <button class="icon-only" aria-label=t(Key::Dismiss) on:click=move |_| toasts.dismiss(id)>
                <Glyph icon=Icon::Close/>
            </button>
        </div>
    }
}
