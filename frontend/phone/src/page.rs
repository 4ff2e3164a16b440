//! The page: customers on one side, the chat of one of them, the clock and the faults.

use std::time::Duration;

use ciranda_text::Lang;
use ciranda_text::phone::Phone as Words;
use leptos::ev;
use leptos::prelude::*;

use crate::chat::ChatPane;
use crate::clock_panel::ClockPanel;
use crate::customers::Customers;
use crate::faults_panel::FaultsPanel;
use crate::phones::{Link, Phones, Stage};

/// The clock is asked again this often: somebody else may have moved it.
const CLOCK_EVERY: Duration = Duration::from_secs(20);

#[component]
pub fn Page() -> impl IntoView {
    let document = document();
    let tag = document.document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    let language = Lang::of_tag(&tag);
    let words = Words::of(language);
    document.set_title(&[words.title, " · Ciranda"].concat());
    let phones = Phones::new(words, language.tag());
    crate::live::listen(phones);
    set_interval(move || phones.tick(), Duration::from_secs(1));
    set_interval(move || phones.read_clock(), CLOCK_EVERY);
    // They stay for as long as the page does.
    window_event_listener(ev::focus, move |_| phones.read_if_looking());
    window_event_listener(ev::visibilitychange, move |_| phones.read_if_looking());
    view! {
        <Show when=move || phones.stage.get() == Stage::Ready fallback=move || view! { <Waiting phones/> }>
            <Ready phones/>
        </Show>
    }
}

/// Before anything can be shown.
#[component]
fn Waiting(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let said = move || match (phones.stage.get(), phones.link.get()) {
        (Stage::NotHere, _) => words.not_here,
        (_, Link::Lost) => words.lost,
        (_, Link::Connecting | Link::Live) => words.loading,
    };
    view! {
        <main class="ph-waiting">
            <h1>{words.title}</h1>
            <p role="status">{said}</p>
            <a href="/">{words.to_desk}</a>
        </main>
    }
}

#[component]
fn Ready(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let step = move || phones.model.with(|model| if model.open.is_some() { "chat" } else { "list" });
    view! {
        <div class="ph" data-step=step>
            <header class="ph-head">
                <div>
                    <h1>{words.title}</h1>
                    <p>{words.subtitle}</p>
                </div>
                <LinkState phones/>
                <a class="ph-link" href="/">{words.to_desk}</a>
            </header>
            <main class="ph-main">
                <Customers phones/>
                <ChatPane phones/>
                <section class="ph-tools" aria-label=words.tools>
                    <ClockPanel phones/>
                    <FaultsPanel phones/>
                    <p class="ph-note">{words.demo_only}</p>
                </section>
            </main>
        </div>
    }
}

/// Whether what is shown is up to date; always in the same place.
#[component]
fn LinkState(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let state = move || match phones.link.get() {
        Link::Connecting => ("wait", words.connecting),
        Link::Live => ("live", words.live),
        Link::Lost => ("lost", words.lost),
    };
    view! {
        <p class="ph-state" role="status" data-state=move || state().0>
            {move || state().1}
        </p>
    }
}
