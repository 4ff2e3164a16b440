//! The pane of the conversation: one, none, or what is left of one that went.

use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use leptos::prelude::*;

use super::composer::Composer;
use super::gone::GoneCard;
use super::head::TalkHead;
use super::thread::ThreadView;
use crate::desk::{Desk, use_desk};
use crate::parts::connection::ConnectionBar;
use crate::parts::icon::Mark;
use crate::words::t;

/// The pane.
#[component]
pub fn Talk() -> impl IntoView {
    let desk = use_desk();
    let body = move || match (desk.gone.get(), desk.open.get()) {
        (Some(gone), _) => view! { <GoneCard gone/> }.into_any(),
        (None, Some(id)) => view! { <Conversation id/> }.into_any(),
        (None, None) => nothing(desk).into_any(),
    };
    view! { <div class="talk" id="talk" tabindex="-1"><ConnectionBar/>{body}</div> }
}

#[component]
fn Conversation(id: ConversationId) -> impl IntoView {
    view! {
        <TalkHead id/>
        <ThreadView id/>
        <Composer id/>
    }
}

fn nothing(desk: Desk) -> impl IntoView {
    // Before there is anything to choose from nobody is told to choose.
    let told = move || desk.usable.get().then(|| view! { <h2>{t(Key::PickOne)}</h2><p>{t(Key::PickOneHint)}</p> });
    view! { <div class="empty talk-empty"><Mark/>{told}</div> }
}
