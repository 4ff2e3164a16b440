//! The conversation's head: who, where it stands, the window, the acts.

use ciranda_domain::access::{Action, may};
use ciranda_domain::conversation::State;
use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::desk::{Desk, use_desk};
use crate::parts::avatar::{Avatar, kind_name};
use crate::parts::icon::{Glyph, Icon};
use crate::parts::ring::mini;
use crate::show::row::standing;
use crate::show::window::{self, Chip};
use crate::words::{t, words};

/// The head.
#[component]
pub fn TalkHead(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let seen = head.clone();
    let who = Memo::new(move |_| seen.get().map(|head| (head.contact.name.clone(), head.channel)));
    view! {
        <header class="talk-head">
            <button class="ghost icon-only back" aria-label=t(Key::BackToList) on:click=move |_| desk.hide()>
                <Glyph icon=Icon::Back/>
            </button>
            {move || {
                desk.track_reference();
                who.get().map(|(name, channel)| {
                    let kind = desk.look(|view| view.reference().channels.get(&channel).map(|channel| channel.kind));
                    view! { <Avatar name channel=kind/> }
                })
            }}
            <div class="talk-who">
                <h1>{move || who.get().map(|(name, _)| name)}</h1>
                <Standing id/>
            </div>
            <button class="ghost icon-only show-contact" aria-label=t(Key::ShowContact) title=t(Key::ShowContact)
                aria-expanded=move || if desk.contact_shown.get() { "true" } else { "false" }
                on:click=move |_| desk.contact_shown.update(|shown| *shown = !*shown)>
                <Glyph icon=Icon::Person/>
            </button>
            <WindowChip id/>
            <Acts id/>
        </header>
    }
}

#[component]
fn Standing(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let parts = Memo::new(move |_| {
        desk.track_reference();
        let now = desk.now.get();
        let head = head.get()?;
        desk.shown(now, |view, around| {
            let channel = view.reference().channels.get(&head.channel);
            let team = view.reference().organisation.teams.get(&head.team);
            (
                channel.map(|channel| [kind_name(channel.kind), &channel.name].join(" ")),
                team.map(|team| team.name.clone()),
                standing(&head, around),
            )
        })
    });
    view! {
        <p>
            {move || parts.get().map(|(channel, team, standing)| {
                let part = |part: Option<String>| part.map(|part| view! { <span>{part}</span> });
                view! { {standing}{part(team)}{part(channel)} }
            })}
        </p>
    }
}

#[component]
fn WindowChip(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let chip = Memo::new(move |_| {
        desk.track_reference();
        let now = desk.now.get();
        let head = head.get().filter(|head| !matches!(head.state, State::Finished(_)))?;
        desk.shown(now, |view, around| {
            let kind = view.reference().channels.get(&head.channel)?.kind;
            let state = window::state(&head, kind, now);
            let refused = head.window.refused_at.is_some();
            let chip = window::header(words(), around.calendar, state, refused, now);
            Some((chip, window::tip(words(), around.calendar, &head, state, now)))
        })
        .flatten()
    });
    move || {
        chip.get().map(|(Chip { tone, percent, label }, tip)| {
            let mark = match percent {
                Some(percent) => mini(percent).into_any(),
                None => view! { <Glyph icon=Icon::Lock/> }.into_any(),
            };
            view! { <span class=["chip ", tone.class()].concat() title=tip>{mark}{label}</span> }
        })
    }
}

/// Which acts the head offers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Offered {
    start: Option<Key>,
    take_over: bool,
    transfer: bool,
    conclude: bool,
}

fn offered(desk: Desk, id: ConversationId) -> Option<Offered> {
    desk.look(|view| {
        let (actor, head) = (view.actor()?, view.conversation(id)?);
        let allows = |action| may(actor, action, head).is_ok();
        let start = match head.state {
            State::Pending(_) => allows(Action::Start).then_some(Key::Start),
            State::Finished(_) => allows(Action::Restart).then_some(Key::Restart),
            State::InProgress { .. } => None,
        };
        Some(Offered {
            start,
            take_over: allows(Action::TakeOver),
            transfer: allows(Action::Transfer),
            conclude: allows(Action::Conclude),
        })
    })
}

#[component]
fn Acts(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let acts = Memo::new(move |_| {
        desk.track_reference();
        head.track();
        offered(desk, id)
    });
    let buttons = move || {
        acts.get().map(|acts| {
            let main = if acts.start.is_some() { "" } else { "main" };
            view! {
                {acts.take_over.then(|| view! {
                    <button on:click=move |_| desk.take_over(id)>{t(Key::TakeOver)}<kbd aria-hidden="true">"a"</kbd></button>
                })}
                {acts.transfer.then(|| view! {
                    <button on:click=move |_| desk.ask_transfer(id)>{t(Key::Transfer)}<kbd aria-hidden="true">"t"</kbd></button>
                })}
                {acts.conclude.then(|| view! {
                    <button class=main on:click=move |_| desk.ask_conclude(id)>{t(Key::Conclude)}<kbd aria-hidden="true">"e"</kbd></button>
                })}
                {acts.start.map(|label| view! {
                    <button class="main first" on:click=move |_| desk.start(id)>{t(label)}<kbd aria-hidden="true">"i"</kbd></button>
                })}
            }
        })
    };
    view! { <div class="talk-acts">{buttons}</div> }
}
