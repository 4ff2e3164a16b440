//! What else there is of the contact: conversations that the reader may open, and how many more there are where the
//! account has that said (ACC-10, decision 14).
//!
//! *Invariant:* shows what the replica holds and nothing else, so that what goes out of sight goes from here with it.

use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ChannelId, ConversationId};
use ciranda_sync::frames::HISTORY;
use ciranda_sync::machine::Connection;
use ciranda_sync::replica::{History, Thread};
use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser;
use crate::desk::{Desk, use_desk};
use crate::parts::icon::{Glyph, Icon};
use crate::show::calendar::near;
use crate::show::row::{Row, Surroundings, Who, standing};
use crate::words::{t, tf, words};

/// Begins the ids of the rows.
const PAST: &str = "past-";

/// When it began, its team, what was said last, and how it stands; on another channel than this one, that too.
type Past = (ConversationId, [String; 4]);

/// The card.
#[component]
pub fn HistoryCard(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let past = move |(id, [when, team, line, who]): Past| {
        view! {
            <li><button class="past" id=[PAST, &id.0.to_string()].concat() on:click=move |_| visit(desk, id)>
                <b>{when}</b><span class="team">{team}</span><span dir="auto">{line}</span><small>{who}</small>
            </button></li>
        }
    };
    // Always of one shape, so that what stays the same stays on the page. A place in the list may be another
    // conversation's then: the focus goes with the one it was on.
    let held = StoredValue::new(None::<String>);
    let body = move || {
        let (conversations, note) = told(desk, id);
        let focused = browser::focused().map(|held| held.id()).filter(|held| held.starts_with(PAST));
        // Drawn twice within a frame, what had it first counts.
        if focused.is_some() && held.with_value(Option::is_none) {
            held.set_value(focused);
            request_animation_frame(move || {
                if let Some(Some(held)) = held.try_update_value(Option::take) {
                    browser::focus(&held);
                }
            });
        }
        view! { <ul class="history">{conversations.into_iter().map(past).collect_view()}</ul><p class="history-note">{note}</p> }
    };
    view! {
        <div class="card">
            <details open><summary>{t(Key::History)}<Glyph icon=Icon::Down/></summary>{body}</details>
        </div>
    }
}

/// Goes to another conversation; a step back leads here again.
fn visit(desk: Desk, id: ConversationId) {
    desk.visit(id);
    browser::focus("talk");
}

/// What is shown; reactive.
fn told(desk: Desk, id: ConversationId) -> (Vec<Past>, String) {
    desk.track_lines();
    desk.track_reference();
    let missing = if desk.connection.get() == Connection::Live { Key::Opening } else { Key::Offline };
    desk.minute.track();
    let told = desk.shown(desk.now.get_untracked(), |view, around| {
        let history = view.replica().thread(id).and_then(Thread::history)?;
        let here = view.conversation(id).map(|head| head.channel);
        let rows = history.conversations().map(|head| past(head, here, around)).collect();
        Some((rows, note(history)))
    });
    told.flatten().unwrap_or_else(|| (Vec::new(), t(missing).to_owned()))
}

fn past(head: &Conversation, here: Option<ChannelId>, around: Surroundings<'_>) -> Past {
    let row = Row::of(head, around);
    let mut stands = standing(head, around);
    if let (State::Finished(_), Some(Who::Mine(who) | Who::Other(who))) = (head.state, row.who) {
        stands = [stands, who].join(" ");
    }
    if let Some(channel) = around.reference.channels.get(&head.channel).filter(|channel| here != Some(channel.id)) {
        stands = [channel.name.as_str(), " · ", &stands].concat();
    }
    let when = near(words(), around.calendar, head.created_at, around.now);
    (head.id, [when, row.team.unwrap_or_default(), row.line, stands])
}

/// What is said of the others, and of there being none.
fn note(history: &History) -> String {
    let unseen = history.unseen;
    let mut lines = Vec::new();
    if history.more {
        lines.push(tf(Key::HistoryMore, &[&HISTORY.to_string()]));
    }
    for (number, one, many) in [
        (unseen.elsewhere, Key::UnseenElsewhereOne, Key::UnseenElsewhereMany),
        (unseen.own_teams, Key::UnseenOwnOne, Key::UnseenOwnMany),
    ] {
        if number > 0 {
            lines.push(words().count(number, one, many));
        }
    }
    if lines.is_empty() && history.conversations().next().is_none() {
        lines.push(t(Key::HistoryEmpty).to_owned());
    }
    lines.join("\n")
}
