//! Where a customer's message is written.

use ciranda_simulator_wire::{Compose, Customer};
use ciranda_text::fill::fill;
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bubble::act;
use crate::icon::{self, icon};
use crate::phones::Phones;

/// What is written and not sent yet.
#[derive(Clone, Copy)]
pub struct Draft {
    text: RwSignal<String>,
    /// The message it answers: its id, and its words.
    answers: RwSignal<Option<(String, String)>>,
    field: NodeRef<Textarea>,
}

impl Draft {
    pub fn new() -> Self {
        Self { text: RwSignal::new(String::new()), answers: RwSignal::new(None), field: NodeRef::new() }
    }

    /// The next message answers this one.
    pub fn answer(self, message: String, words: String) {
        self.answers.set(Some((message, words)));
        self.focus();
    }

    /// Writing begins.
    pub fn focus(self) {
        if let Some(field) = self.field.get_untracked() {
            // An element on screen takes the focus.
            _ = field.focus();
        }
    }

    fn take(self) -> Compose {
        let quotes = self.answers.get_untracked().map(|(message, _)| message);
        self.answers.set(None);
        Compose::Text { text: std::mem::take(&mut *self.text.write()), quotes }
    }

    /// What was not sent comes back, unless something new was begun.
    fn give_back(self, compose: Compose) {
        if let Compose::Text { text, .. } = compose
            && self.text.with_untracked(String::is_empty)
        {
            self.text.set(text);
        }
    }
}

#[component]
pub fn Composer(
    phones: Phones,
    customer: Memo<Option<Customer>>,
    draft: Draft,
    problem: RwSignal<&'static str>,
) -> impl IntoView {
    let words = phones.words;
    let send = move || {
        let compose = draft.take();
        spawn_local(async move {
            match phones.send(compose.clone()).await {
                Ok(()) => problem.set(""),
                Err(trouble) => {
                    draft.give_back(compose);
                    problem.set(trouble.words(words));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
        draft.focus();
    };
    let key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    let hint = move || {
        let name = customer.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default());
        fill(words.write_hint, &[&name])
    };
    let answers = move || draft.answers.get().map(|(_, said)| fill(words.replying, &[&said]));
    view! {
        <form class="ph-compose" on:submit=submit>
            <Show when=move || answers().is_some()>
                <p class="ph-answers">
                    <span>{answers}</span>
                    <button type="button" class="ph-quiet" on:click=move |_| draft.answers.set(None)>{words.reply_cancel}</button>
                </p>
            </Show>
            <p class="ph-problem" role="alert">{problem}</p>
            <Kinds phones problem/>
            <div class="ph-write">
                <textarea
                    rows="1"
                    aria-label=words.write_label
                    placeholder=hint
                    bind:value=draft.text
                    on:keydown=key
                    node_ref=draft.field
                ></textarea>
                <button type="submit" class="ph-send" aria-label=words.send title=words.send>{icon(icon::SEND)}</button>
            </div>
        </form>
    }
}

/// The other kinds a customer can send, each with one press.
#[component]
fn Kinds(phones: Phones, problem: RwSignal<&'static str>) -> impl IntoView {
    let words = phones.words;
    let image = Compose::Image { caption: Some(words.caption.to_owned()) };
    let kinds = [
        (icon::PHOTO, words.image, image),
        (icon::VOICE, words.audio, Compose::Audio),
        (icon::PAPER, words.document, Compose::Document),
        (icon::STICKER, words.sticker, Compose::Sticker),
        (icon::PIN, words.location, Compose::Location),
        (icon::PERSON, words.contact, Compose::Contact),
        (icon::QUESTION, words.unsupported, Compose::Unsupported),
    ];
    let buttons = kinds.into_iter().map(|(path, name, compose)| {
        let send = move |_| act(phones, compose.clone(), problem);
        view! { <button type="button" class="ph-quiet" on:click=send>{icon(path)} {name}</button> }
    });
    view! { <div class="ph-kinds" role="group" aria-label=words.others>{buttons.collect_view()}</div> }
}
