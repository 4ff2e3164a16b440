//! Why a conversation is with somebody: every decision of distribution in plain words, with who was considered and why
//! not.
//!
//! *Invariant:* what is said is the stored decision; nothing is worked out here.

use ciranda_api::explain;
use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::ConversationId;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::{Key, Piece, explained};
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::show::calendar::near;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lanes::why_label;
use super::moving::close_when_changed;
use super::{Shown, use_shown};

/// What came of the question.
#[derive(Clone, PartialEq)]
enum Answer {
    Asked,
    Failed,
    Told(Vec<Decision>),
}

/// The sheet.
#[component]
pub fn WhyDialog(id: ConversationId) -> impl IntoView {
    let shown = use_shown();
    // Whatever becomes of it, the explanation may be read on for as long as the conversation is seen.
    close_when_changed(shown, id, |_| ());
    let close = Callback::new(move |()| shown.above.set(None));
    let answer = RwSignal::new(Answer::Asked);
    let ask = move || {
        answer.set(Answer::Asked);
        spawn_local(async move {
            let told = explain(id).await;
            // The sheet may have been closed meanwhile.
            _ = answer.try_set(told.map_or(Answer::Failed, Answer::Told));
        });
    };
    ask();
    let body = move || match answer.get() {
        Answer::Asked => view! { <p role="status">{t(Say::Loading)}</p> }.into_any(),
        Answer::Failed => view! {
            <p role="alert">{t(Say::WhyFailed)}</p><button on:click=move |_| ask()>{t(Key::TryAgain)}</button>
        }
        .into_any(),
        Answer::Told(decisions) if decisions.is_empty() => view! { <p>{t(Say::WhyNothing)}</p> }.into_any(),
        Answer::Told(decisions) => list(shown, &decisions).into_any(),
    };
    view! {
        <Sheet title=why_label(shown, id) close>
            <div class="sheet-body"><p>{tf(Say::WhyTitle, &[&shown.link.contact(id)])}</p>{body}</div>
        </Sheet>
    }
}

fn list(shown: Shown, decisions: &[Decision]) -> impl IntoView + use<> {
    let now = shown.link.now.get_untracked();
    let calendar = shown.link.calendar();
    let items = shown.link.known.with_untracked(|known| {
        let item = |decision: &Decision| {
            let told = explained::decision(words(), decision, &known.reference.organisation);
            let considered = told.considered.iter().map(|line| view! { <li>{plain(line)}</li> }).collect_view();
            view! {
                <li>
                    <time>{near(words(), &*calendar, decision.at, now)}</time>
                    <p>{plain(&told.sentence)}</p>
                    <ul>{considered}</ul>
                </li>
            }
        };
        decisions.iter().map(item).collect_view()
    });
    view! { <ol class="why-list">{items}</ol> }
}

fn plain(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Words(words) => (*words).to_owned(),
        Piece::Value(value) => value.clone(),
    };
    pieces.iter().map(text).collect()
}
