//! One message of the phone.

use ciranda_simulator_wire::{Choice, Compose, Content, Message, Side, Tick};
use ciranda_text::fill::fill;
use ciranda_text::phone::Phone as Words;
use leptos::either::Either;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::compose::Draft;
use crate::icon::{self, icon};
use crate::phones::Phones;

const HEART: &str = "❤";

/// A bubble that follows its message.
#[component]
pub fn Bubble(phones: Phones, id: String, draft: Draft, problem: RwSignal<&'static str>) -> impl IntoView {
    let message =
        Memo::new(move |_| phones.model.with(|model| model.messages.iter().find(|message| message.id == id).cloned()));
    // Only what can change follows; kind and text of a message stay.
    let first = message.get_untracked();
    first.map(|first| drawn(phones, first, message, draft, problem))
}

fn drawn(
    phones: Phones,
    first: Message,
    message: Memo<Option<Message>>,
    draft: Draft,
    problem: RwSignal<&'static str>,
) -> impl IntoView {
    let words = phones.words;
    let own = first.by == Side::Customer;
    let time = phones.formatted(|format| format.time(first.at));
    let reaction = move || message.with(|message| message.as_ref()?.reaction.clone());
    let tick = move || message.with(|message| message.as_ref().map_or(Tick::Sending, |message| message.tick));
    let actions = (!own).then(|| actions(phones, &first, message, draft, problem));
    let choices = choices(phones, &first, message, problem);
    view! {
        <article class="ph-msg" class:own=own>
            {first.quotes.clone().map(|quote| view! { <blockquote>{quote}</blockquote> })}
            {body(&first.content, words)}
            <p class="ph-meta">
                <time>{time}</time>
                {own.then(|| view! { <Ticks words tick=Signal::derive(tick)/> })}
            </p>
            {choices}
            <Show when=move || reaction().is_some()>
                <p class="ph-reaction">
                    <span class="ph-sr">{move || fill(words.reacted, &[""])}</span>
                    {reaction}
                </p>
            </Show>
            {actions}
        </article>
    }
}

fn body(content: &Content, words: &'static Words) -> impl IntoView + use<> {
    match kind(content, words) {
        None => Either::Left(view! { <p class="ph-text" dir="auto">{said(content, words)}</p> }),
        Some((path, name)) => {
            let text = own_words(content);
            Either::Right(view! {
                <p class="ph-kind">{icon(path)} <span>{name}</span></p>
                {text.map(|text| view! { <p class="ph-text" dir="auto">{text}</p> })}
            })
        }
    }
}

/// Drawing and name of a kind that is not plain text.
fn kind(content: &Content, words: &'static Words) -> Option<(&'static str, String)> {
    let (path, name) = match content {
        Content::Text { .. } | Content::Tapped { .. } | Content::Interactive { list: false, .. } => return None,
        Content::Template { name, .. } => return Some((icon::PAPER, fill(words.template, &[name]))),
        Content::Interactive { list: true, .. } => (icon::PAPER, words.list),
        Content::Image { .. } => (icon::PHOTO, words.image),
        Content::Video { .. } => (icon::FILM, words.video),
        Content::Audio => (icon::VOICE, words.audio),
        Content::Document { .. } => (icon::PAPER, words.document),
        Content::Sticker => (icon::STICKER, words.sticker),
        Content::Location { .. } => (icon::PIN, words.location),
        Content::Contact { .. } => (icon::PERSON, words.contact),
        Content::Unsupported { .. } => (icon::QUESTION, words.unsupported),
    };
    Some((path, name.to_owned()))
}

/// The words a message brings itself.
fn own_words(content: &Content) -> Option<String> {
    let text = match content {
        Content::Text { text } | Content::Template { text, .. } | Content::Interactive { text, .. } => Some(text),
        Content::Tapped { title } => Some(title),
        Content::Image { caption } | Content::Video { caption } => caption.as_ref(),
        Content::Document { name } | Content::Location { name, .. } => name.as_ref(),
        Content::Contact { name } => Some(name),
        Content::Unsupported { what } => Some(what),
        Content::Audio | Content::Sticker => None,
    };
    text.filter(|text| !text.is_empty()).cloned()
}

/// A message in one line.
pub fn said(content: &Content, words: &'static Words) -> String {
    let kind = kind(content, words).map(|(_, name)| name);
    match (kind, own_words(content)) {
        (None, text) => text.unwrap_or_default(),
        (Some(kind), None) => kind,
        (Some(kind), Some(text)) => format!("{kind}: {text}"),
    }
}

#[component]
fn Ticks(words: &'static Words, tick: Signal<Tick>) -> impl IntoView {
    let shown = move || match tick.get() {
        Tick::Sending => ("sending", icon::CLOCK, words.tick_sending),
        Tick::Failed => ("failed", icon::ALERT, words.tick_failed),
        Tick::Sent => ("sent", icon::CHECK, words.tick_sent),
        Tick::Delivered => ("delivered", icon::CHECKS, words.tick_delivered),
        Tick::Read => ("read", icon::CHECKS, words.tick_read),
    };
    view! {
        <span class="ph-tick" data-tick=move || shown().0 role="img" aria-label=move || shown().2 title=move || shown().2>
            {move || icon(shown().1)}
        </span>
    }
}

/// The buttons of a template, the replies of an interactive message, the rows of a list.
fn choices(
    phones: Phones,
    first: &Message,
    message: Memo<Option<Message>>,
    problem: RwSignal<&'static str>,
) -> Option<impl IntoView + use<>> {
    let (Content::Template { buttons, .. } | Content::Interactive { buttons, .. }) = &first.content else {
        return None;
    };
    let id = StoredValue::new(first.id.clone());
    let shown = buttons.iter().cloned().map(|Choice { id: choice, title }| {
        let mark = choice.clone();
        let chosen = move || message.with(|message| message.as_ref().is_some_and(|it| it.chosen.as_deref() == Some(&*mark)));
        let tap = move |_| act(phones, Compose::Tap { message: id.get_value(), choice: choice.clone() }, problem);
        view! {
            <button type="button" on:click=tap>
                {title}
                {move || chosen().then(|| view! { {icon(icon::CHECK)} <span class="ph-sr">{phones.words.chosen}</span> })}
            </button>
        }
    });
    Some(view! { <div class="ph-choices">{shown.collect_view()}</div> })
}

/// What a customer can do with a message of the business.
fn actions(
    phones: Phones,
    first: &Message,
    message: Memo<Option<Message>>,
    draft: Draft,
    problem: RwSignal<&'static str>,
) -> impl IntoView + use<> {
    let words = phones.words;
    let id = StoredValue::new(first.id.clone());
    let quote = StoredValue::new(said(&first.content, words));
    let reacted = move || message.with(|message| message.as_ref().is_some_and(|message| message.reaction.is_some()));
    let react = move |_| {
        let emoji = if reacted() { "" } else { HEART };
        act(phones, Compose::Reaction { message: id.get_value(), emoji: emoji.to_owned() }, problem);
    };
    let reply = move |_| draft.answer(id.get_value(), quote.get_value());
    view! {
        <div class="ph-acts">
            <button type="button" class="ph-quiet" on:click=react>
                {move || if reacted() { words.unreact } else { words.react }}
            </button>
            <button type="button" class="ph-quiet" on:click=reply>{icon(icon::REPLY)} {words.reply}</button>
        </div>
    }
}

/// Sends something at once; trouble is told beside the composer.
pub fn act(phones: Phones, compose: Compose, problem: RwSignal<&'static str>) {
    spawn_local(async move {
        problem.set(phones.send(compose).await.err().map_or("", |trouble| trouble.words(phones.words)));
    });
}
