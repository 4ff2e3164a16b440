//! The list of customers, and the form that adds one.

use ciranda_simulator_wire::{Customer, CustomerId, Faults, NewCustomer, Preview, Side};
use ciranda_text::avatar::{hue, initials};
use ciranda_text::fill::fill;
use ciranda_text::phone::Phone as Words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bubble::said;
use crate::phones::Phones;

#[component]
pub fn Customers(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let ids = Memo::new(move |_| phones.model.with(|model| model.customers.iter().map(|it| it.id).collect::<Vec<_>>()));
    view! {
        <nav class="ph-list" aria-label=words.customers>
            <h2 id="ph-customers">{words.customers}</h2>
            <ul aria-labelledby="ph-customers">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Row phones id/>
                </For>
            </ul>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="ph-note">{words.no_customers}</p>
            </Show>
            <Add phones/>
        </nav>
    }
}

#[component]
fn Row(phones: Phones, id: CustomerId) -> impl IntoView {
    let words = phones.words;
    let customer = Memo::new(move |_| phones.model.with(|model| model.customer(id).cloned()));
    let present = move || phones.model.with(|model| model.open.as_ref().is_some_and(|open| open.customer == id));
    let open = move |_| {
        if let Some(number) = phones.model.with_untracked(|model| model.number_for(id)) {
            phones.open(id, number);
        }
    };
    let name = move || customer.with(|it| it.as_ref().map(|it| it.name.clone()));
    let address = move || customer.with(|it| it.as_ref().map(|it| address(it, words)));
    let last = move || customer.with(|it| last(it.as_ref()?).cloned());
    let line = move || last().map_or_else(|| words.nothing_yet.to_owned(), |last| line(&last, words));
    let time = move || last().map(|last| phones.formatted(|format| format.time_or_day(last.at, phones.now.get())));
    let unread = move || customer.with(|it| it.as_ref().map_or(0, unread));
    let marks = move || customer.with(|it| it.as_ref().map(|it| marks(it, words)).unwrap_or_default());
    view! {
        <li>
            <button type="button" class="ph-row" id=row_id(id) aria-current=move || present().then_some("true") on:click=open>
                <Face name=Signal::derive(move || name().unwrap_or_default())/>
                <span class="ph-row-main">
                    <span class="ph-row-top">
                        <b>{name}</b>
                        <span class="ph-row-time">{time}</span>
                    </span>
                    <span class="ph-row-address">{address}</span>
                    <span class="ph-row-line">
                        <span>{line}</span>
                        <Show when=move || { unread() > 0 }>
                            <span class="ph-count">
                                <span aria-hidden="true">{unread}</span>
                                <span class="ph-sr">{move || unread_words(unread(), words)}</span>
                            </span>
                        </Show>
                    </span>
                    <Show when=move || !marks().is_empty()>
                        <span class="ph-row-marks">{marks}</span>
                    </Show>
                </span>
            </button>
        </li>
    }
}

/// The id of a customer's row.
pub fn row_id(id: CustomerId) -> String {
    format!("ph-row-{}", id.0)
}

/// Initials on a colour of one's own.
#[component]
pub fn Face(name: Signal<String>) -> impl IntoView {
    view! {
        <span class="ph-face" data-hue=move || name.with(|name| hue(name)) aria-hidden="true">
            {move || name.with(|name| initials(name))}
        </span>
    }
}

/// The phone, or what WhatsApp knows instead.
pub fn address(customer: &Customer, words: &'static Words) -> String {
    let known = customer.phone.as_ref().or(customer.username.as_ref());
    known.cloned().unwrap_or_else(|| words.only_user_id.to_owned())
}

fn last(customer: &Customer) -> Option<&Preview> {
    customer.chats.iter().filter_map(|chat| chat.last.as_ref()).max_by_key(|last| last.at)
}

fn line(last: &Preview, words: &'static Words) -> String {
    let text = said(&last.content, words);
    match last.by {
        Side::Customer => fill(words.you_wrote, &[&text]),
        Side::Business => text,
    }
}

fn unread(customer: &Customer) -> u32 {
    customer.chats.iter().map(|chat| chat.unread).sum()
}

fn unread_words(unread: u32, words: &'static Words) -> String {
    if unread == 1 { words.unread_one.to_owned() } else { fill(words.unread_many, &[&unread.to_string()]) }
}

fn marks(customer: &Customer, words: &'static Words) -> String {
    let off = (!customer.phone_on).then_some(words.phone_off);
    let faults = (customer.faults != Faults::default()).then_some(words.with_faults);
    off.into_iter().chain(faults).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Add(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let (name, phone) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new("");
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let new = NewCustomer { name: name.get_untracked(), phone: phone.get_untracked() };
        spawn_local(async move {
            match phones.add(new).await {
                Ok(()) => {
                    name.set(String::new());
                    phone.set(String::new());
                    problem.set("");
                }
                Err(trouble) => problem.set(trouble.words(words)),
            }
        });
    };
    view! {
        <details class="ph-panel">
            <summary>{words.add_customer}</summary>
            <form on:submit=add>
                <label class="ph-field">
                    <span>{words.name}</span>
                    <input type="text" maxlength="100" autocomplete="off" bind:value=name/>
                </label>
                <label class="ph-field">
                    <span>{words.phone}</span>
                    <input type="tel" maxlength="24" autocomplete="off" aria-describedby="ph-phone-hint" bind:value=phone/>
                </label>
                <p class="ph-note" id="ph-phone-hint">{words.phone_hint}</p>
                <p class="ph-problem" role="alert">{problem}</p>
                <button type="submit">{words.add}</button>
            </form>
        </details>
    }
}
