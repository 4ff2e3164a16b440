//! A message with its mark, and the line below it when there is something to say or to do.

use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_domain::message::Kind;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::desk::use_desk;
use crate::parts::icon::{Glyph, Icon};
use crate::show::links::{self, Piece};
use crate::show::thread::{After, Bubble, Said, Side, Tick};
use crate::words::{about, t};

/// The mark beside a time or a last line.
pub fn tick(tick: Tick) -> impl IntoView {
    let (class, icon) = match tick {
        Tick::Clock => ("", Icon::Clock),
        Tick::One => ("", Icon::Check),
        Tick::Two => ("", Icon::CheckTwo),
        Tick::Read => ("read", Icon::CheckTwo),
        Tick::Waiting => ("", Icon::Hourglass),
        Tick::Failed => ("failed", Icon::Alert),
        Tick::Unknown => ("", Icon::Question),
        Tick::Off => ("", Icon::Ban),
    };
    view! { <i class=class><Glyph icon/></i> }
}

/// One bubble.
#[component]
pub fn BubbleView(conversation: ConversationId, bubble: Bubble) -> impl IntoView {
    let id = bubble.id;
    let class = class(&bubble);
    let speaker = match bubble.side {
        Side::Desk { author: Some(name) } if bubble.first => {
            view! { <span class="msg-author">{name}</span> }.into_any()
        }
        Side::Desk { author: Some(name) } => view! { <span class="sr">{name}": "</span> }.into_any(),
        Side::Desk { author: None } => view! { <span class="sr">{t(Key::You)}": "</span> }.into_any(),
        Side::Customer => view! { <span class="sr">{t(Key::Customer)}": "</span> }.into_any(),
        Side::Note { author } => {
            let author = author.as_deref().unwrap_or(t(Key::You));
            let class = if bubble.first { "msg-author" } else { "sr" };
            view! { <span class=class>{[t(Key::Note), " · ", author].concat()}</span> }.into_any()
        }
    };
    let (mark, after) = match bubble.fate {
        Some(fate) => (
            Some(view! { <span title=fate.label>{tick(fate.tick)}<span class="sr">{fate.label}</span></span> }),
            fate.after.map(|after| {
                let (Said::Text(text) | Said::Placeholder { label: text, .. }) = &bubble.said;
                after_line(conversation, id, text, after)
            }),
        ),
        None => (None, None),
    };
    view! {
        <article class=class>
            {speaker}
            {said(bubble.said)}
            <span class="msg-meta"><time>{bubble.time}</time>{mark}</span>
        </article>
        {after}
    }
}

fn class(bubble: &Bubble) -> String {
    let mut class = String::from(match bubble.side {
        Side::Customer => "msg in",
        Side::Desk { .. } => "msg out",
        Side::Note { .. } => "msg note",
    });
    if bubble.first {
        class.push_str(" first");
    }
    if bubble.last {
        class.push_str(" last");
    }
    if let Some(fate) = &bubble.fate {
        class.push_str(match fate.tick {
            Tick::Waiting => " waiting",
            Tick::Failed => " failed",
            Tick::Off => " off",
            Tick::Clock => " going",
            Tick::One | Tick::Two | Tick::Read | Tick::Unknown => "",
        });
    }
    class
}

fn said(said: Said) -> AnyView {
    match said {
        Said::Text(text) => {
            view! { <p class="msg-text" dir="auto">{links::pieces(&text).iter().map(piece).collect_view()}</p> }
                .into_any()
        }
        Said::Placeholder { kind, label } => {
            view! { <p class="msg-kind"><Glyph icon=icon_of(kind)/><span dir="auto">{label}</span></p> }.into_any()
        }
    }
}

fn piece(piece: &Piece<'_>) -> AnyView {
    match piece {
        Piece::Words(words) => (*words).to_owned().into_any(),
        Piece::Address(address) => {
            let (address, to) = ((*address).to_owned(), (*address).to_owned());
            view! { <a href=to target="_blank" rel="noopener noreferrer nofollow">{address}</a> }.into_any()
        }
    }
}

/// A button of the line below, which says aloud what it is about.
fn act(key: Key, text: &str, press: impl Fn() + 'static) -> AnyView {
    let label = about(key, text);
    view! { <button class="link" aria-label=label on:click=move |_| press()>{t(key)}</button> }.into_any()
}

fn after_line(conversation: ConversationId, id: MessageId, text: &str, after: After) -> impl IntoView + use<> {
    let desk = use_desk();
    let delete = || act(Key::Delete, text, move || desk.cancel_waiting(conversation, id));
    let again = |key| act(key, text, move || desk.retry(conversation, id));
    let (class, icon, words, [first, second]) = match after {
        After::Waiting { words, can_delete } => {
            let words = [t(Key::DeliveryWaiting), ". ", &words].concat();
            ("after soon", Icon::Hourglass, words, [None, can_delete.then(delete)])
        }
        After::Behind { stopped, can_send, can_delete } => {
            let words = t(if stopped { Key::WaitingStopped } else { Key::WaitingBehind }).to_owned();
            let acts = [can_send.then(|| again(Key::SendNow)), can_delete.then(delete)];
            ("after soon", Icon::Hourglass, words, acts)
        }
        After::Failed { words, can_retry } => {
            ("after shut", Icon::Alert, words, [can_retry.then(|| again(Key::Retry)), None])
        }
        After::Unknown { words } => {
            let words = [t(Key::DeliveryUnknown), ". ", &words].concat();
            ("after soon", Icon::Question, words, [None, None])
        }
        After::Kept { words } => ("after calm", Icon::Clock, words, [None, None]),
        After::Cancelled { words } => ("after calm", Icon::Ban, words, [None, None]),
    };
    view! { <p class=class><Glyph icon/><span>{words}</span>{first}{second}</p> }
}

const fn icon_of(kind: Kind) -> Icon {
    match kind {
        Kind::Image | Kind::Sticker => Icon::Photo,
        Kind::Video => Icon::Video,
        Kind::Audio | Kind::Voice => Icon::Mic,
        Kind::Document | Kind::Order | Kind::Template => Icon::File,
        Kind::Location => Icon::Pin,
        Kind::Contacts => Icon::Person,
        Kind::Interactive | Kind::Button | Kind::Reaction => Icon::Tap,
        Kind::Revoke => Icon::Ban,
        Kind::Text | Kind::System | Kind::Edit | Kind::Unsupported => Icon::Info,
    }
}
