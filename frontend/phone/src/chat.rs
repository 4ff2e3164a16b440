//! The open chat: who it is, the messages by day, the composer.

use ciranda_simulator_wire::{ChatHead, Customer};
use ciranda_text::fill::fill;
use leptos::ev::Event;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::bubble::Bubble;
use crate::compose::{Composer, Draft};
use crate::customers::{Face, address};
use crate::icon::{self, icon};
use crate::model::Open;
use crate::phones::{self, Phones};

/// The id of the chat's title.
const TITLE: &str = "ph-title";

#[component]
pub fn ChatPane(phones: Phones) -> impl IntoView {
    // Another customer is another pane; a change of the same chat is not.
    let open = Memo::new(move |_| phones.model.with(|model| model.open.clone()));
    view! {
        <section class="ph-chat" aria-label=phones.words.chat>
            {move || match open.get() {
                Some(open) => view! { <Pane phones open/> }.into_any(),
                None => view! { <p class="ph-choose">{phones.words.choose}</p> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Pane(phones: Phones, open: Open) -> impl IntoView {
    let draft = Draft::new();
    let problem = RwSignal::new("");
    let customer = Memo::new(move |_| phones.model.with(|model| model.present().cloned()));
    let number = open.number;
    let head =
        Memo::new(move |_| customer.with(|it| it.as_ref()?.chats.iter().find(|chat| chat.number == number).cloned()));
    // Once it is on screen: on a narrow one the title tells where one is, on a wide one writing begins at once.
    request_animation_frame(move || if phones::is_narrow() { phones::focus(TITLE) } else { draft.focus() });
    view! {
        <Head phones customer head problem/>
        <Log phones customer head draft problem/>
        <Composer phones customer draft problem/>
    }
}

#[component]
fn Head(
    phones: Phones,
    customer: Memo<Option<Customer>>,
    head: Memo<Option<ChatHead>>,
    problem: RwSignal<&'static str>,
) -> impl IntoView {
    let words = phones.words;
    let name = Signal::derive(move || customer.with(|it| it.as_ref().map(|it| it.name.clone())).unwrap_or_default());
    let address = move || customer.with(|it| it.as_ref().map(|it| address(it, words)));
    let window = move || {
        let ends = head.with(|head| head.as_ref()?.window_ends);
        match ends {
            None => ("none", words.window_none.to_owned()),
            Some(ends) if phones.now.get() < ends => {
                let until = phones.formatted(|format| format.time_or_day(ends, phones.now.get()));
                ("open", fill(words.window_open, &[&until]))
            }
            Some(_) => ("shut", words.window_shut.to_owned()),
        }
    };
    let face = customer.with_untracked(Option::is_some).then(|| view! { <Face name/> });
    view! {
        <header class="ph-chat-head">
            <button type="button" class="ph-back" aria-label=words.back on:click=move |_| phones.close()>
                {icon(icon::BACK)}
            </button>
            {face}
            <div class="ph-chat-who">
                <h2 id=TITLE tabindex="-1">{name}</h2>
                <p>{address}</p>
            </div>
            <p class="ph-window" data-window=move || window().0>{move || window().1}</p>
            <Numbers phones/>
            <Switches phones customer head problem/>
        </header>
    }
}

/// Which number of the business the customer writes to, where there are several.
#[component]
fn Numbers(phones: Phones) -> impl IntoView {
    let words = phones.words;
    let numbers = Memo::new(move |_| phones.model.with(|model| model.numbers.clone()));
    let present = move || phones.model.with(|model| model.open.as_ref().map(|open| open.number.clone()));
    let choose = move |event: Event| {
        if let Some(open) = phones.model.with_untracked(|model| model.open.clone()) {
            phones.open(open.customer, event_target_value(&event));
        }
    };
    view! {
        <Show when=move || numbers.with(|numbers| numbers.len() > 1)>
            <label class="ph-pick">
                <span>{words.talk_to}</span>
                <select on:change=choose prop:value=move || present().unwrap_or_default()>
                    <For each=move || numbers.get() key=|number| number.id.clone() let:number>
                        {
                            let id = number.id.clone();
                            let chosen = move || present().as_ref() == Some(&id);
                            view! {
                                <option value=number.id.clone() selected=chosen>
                                    {format!("{} · {}", number.name, number.display)}
                                </option>
                            }
                        }
                    </For>
                </select>
            </label>
        </Show>
    }
}

/// The phone's switch and the read receipts.
#[component]
fn Switches(
    phones: Phones,
    customer: Memo<Option<Customer>>,
    head: Memo<Option<ChatHead>>,
    problem: RwSignal<&'static str>,
) -> impl IntoView {
    let words = phones.words;
    let on = move || customer.with(|it| it.as_ref().is_none_or(|it| it.phone_on));
    let switch = move |event: Event| {
        let on = event_target_checked(&event);
        if let Some(id) = customer.with_untracked(|it| it.as_ref().map(|it| it.id)) {
            spawn_local(async move {
                if phones.switch(id, on).await.is_err() {
                    // The box goes back to what the simulator says.
                    phones.model.update(|_| ());
                }
            });
        }
    };
    let receipts = move |event: Event| {
        phones.receipts.set(event_target_checked(&event));
        phones.read_if_looking();
    };
    let unread = move || head.with(|head| head.as_ref().is_some_and(|head| head.unread > 0));
    view! {
        <div class="ph-switches">
            <label><input type="checkbox" prop:checked=on on:change=switch/> {words.phone_on}</label>
            <label><input type="checkbox" prop:checked=phones.receipts on:change=receipts/> {words.receipts}</label>
            <Notices phones problem/>
            <Show when=move || unread() && !phones.receipts.get()>
                <button type="button" class="ph-quiet" on:click=move |_| phones.read()>{words.mark_read}</button>
            </Show>
        </div>
    }
}

/// Has the shop's order system write, a template with buttons to tap.
#[component]
fn Notices(phones: Phones, problem: RwSignal<&'static str>) -> impl IntoView {
    let words = phones.words;
    let templates = Memo::new(move |_| phones.model.with(|model| model.templates.clone()));
    view! {
        <For each=move || templates.get() key=String::clone let:template>
            {
                let name = fill(words.notice, &[&template]);
                let send = move |_| {
                    let template = template.clone();
                    spawn_local(async move {
                        problem.set(phones.notice(template).await.err().map_or("", |trouble| trouble.words(words)));
                    });
                };
                view! { <button type="button" class="ph-quiet" title=words.notice_hint on:click=send>{icon(icon::PAPER)} {name}</button> }
            }
        </For>
    }
}

/// A message, or the day above it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Line {
    id: String,
    /// Shown above the day's first message.
    day: Option<String>,
}

#[component]
fn Log(
    phones: Phones,
    customer: Memo<Option<Customer>>,
    head: Memo<Option<ChatHead>>,
    draft: Draft,
    problem: RwSignal<&'static str>,
) -> impl IntoView {
    let words = phones.words;
    let log = NodeRef::<Div>::new();
    let lines = Memo::new(move |_| lines(phones));
    Effect::new(move |_| {
        lines.track();
        request_animation_frame(move || {
            if let Some(log) = log.get_untracked() {
                log.set_scroll_top(log.scroll_height());
            }
        });
    });
    let name = move || customer.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let typing = move || head.with(|head| head.as_ref().is_some_and(|head| head.typing));
    view! {
        <div class="ph-log" role="log" tabindex="0" aria-label=move || fill(words.chat_with, &[&name()]) node_ref=log>
            <Show when=move || lines.with(Vec::is_empty)>
                <p class="ph-empty">{move || fill(words.empty_chat, &[&name()])}</p>
            </Show>
            <For each=move || lines.get() key=Line::clone let:line>
                {line.day.clone().map(|day| view! { <p class="ph-day">{day}</p> })}
                <Bubble phones id=line.id draft problem/>
            </For>
            <p class="ph-typing" aria-live="polite">{move || typing().then_some(words.typing)}</p>
        </div>
    }
}

/// The messages with the days between them. Today and yesterday are those of the demo's clock.
fn lines(phones: Phones) -> Vec<Line> {
    let words = phones.words;
    let now = phones.clock.get().map_or(0, |clock| clock.now());
    phones.model.with(|model| {
        let mut before = String::new();
        let line = |message: &ciranda_simulator_wire::Message| {
            let day = phones.formatted(|format| format.day_near(message.at, now, words.today, words.yesterday));
            let new = day != before;
            before.clone_from(&day);
            Line { id: message.id.clone(), day: new.then_some(day) }
        };
        model.messages.iter().map(line).collect()
    })
}
