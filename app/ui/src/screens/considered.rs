//! Who was considered for a conversation and why it went to nobody else, asked for by a press.
//!
//! *Invariant:* shows what was kept when it was decided, in the words of the catalogue; gone as soon as the conversation
//! stands elsewhere, so that nothing outdated is read as an answer.

use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use ciranda_text::catalogue::explained::Explained;
use ciranda_text::explained::{Told, decision};
use leptos::prelude::*;

use super::thread::pieces;
use crate::desk::{Desk, use_desk};
use crate::entry;
use crate::show::calendar::near;
use crate::words::{t, words};

/// What has come of asking.
#[derive(Clone, PartialEq)]
pub enum Asked {
    No,
    Loading,
    Told(Vec<(String, Told)>),
    Failed(Key),
}

fn ask(desk: Desk, id: ConversationId, asked: RwSignal<Asked>) {
    asked.set(Asked::Loading);
    leptos::task::spawn_local(async move {
        let answer = match ciranda_api::explain(id).await {
            Ok(decisions) => Asked::Told(told(desk, &decisions)),
            Err(error) => Asked::Failed(entry::explain(error.code)),
        };
        // The conversation may have left the screen, or moved on, since.
        if asked.try_get_untracked() == Some(Asked::Loading) {
            asked.set(answer);
        }
    });
}

fn told(desk: Desk, decisions: &[Decision]) -> Vec<(String, Told)> {
    let now = desk.now.get_untracked();
    let told = desk.shown(now, |view, around| {
        let names = &view.reference().organisation;
        let at = |one: &Decision| near(words(), around.calendar, one.at, now);
        decisions.iter().map(|one| (at(one), decision(words(), one, names))).collect()
    });
    told.unwrap_or_default()
}

/// The press, and what it brought.
#[component]
pub fn Considered(id: ConversationId, asked: RwSignal<Asked>) -> impl IntoView {
    let desk = use_desk();
    let press =
        move |key| view! { <button class="link" on:click=move |_| ask(desk, id, asked)>{key}</button> }.into_any();
    let line = |line: &Vec<ciranda_text::Piece>| view! { <li>{pieces(line)}</li> };
    let step = move |(time, told): (String, Told)| {
        view! {
            <h4><time>{time}</time>" · "{pieces(&told.sentence)}</h4>
            <ul>{told.considered.iter().map(line).collect_view()}</ul>
        }
    };
    let body = move || match asked.get() {
        Asked::No => press(t(Explained::Considered)),
        Asked::Loading => view! { <p>{t(Key::Opening)}</p> }.into_any(),
        Asked::Told(steps) if steps.is_empty() => view! { <p>{t(Explained::NobodyConsidered)}</p> }.into_any(),
        Asked::Told(steps) => steps.into_iter().map(step).collect_view().into_any(),
        Asked::Failed(key) => view! { <p class="shut">{t(key)}</p>{press(t(Key::TryAgain))} }.into_any(),
    };
    view! { <div class="considered" role="status">{body}</div> }
}
