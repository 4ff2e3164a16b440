//! One row of the list.

use ciranda_domain::ids::ConversationId;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::browser::row_id;
use crate::desk::use_desk;
use crate::parts::avatar::Avatar;
use crate::parts::ring::ring;
use crate::screens::bubble::tick;
use crate::show::row::{Row, Who};
use crate::show::scroll::ROW;
use crate::words::words;

/// A row; moves with its place in `ids` without being built anew.
#[component]
pub fn RowView(id: ConversationId, ids: Memo<Vec<(ConversationId, usize)>>, total: Memo<usize>) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let place = Memo::new(move |_| ids.with(|ids| ids.iter().find(|(row, _)| *row == id).map(|(_, at)| *at)));
    let row = Memo::new(move |_| {
        desk.track_reference();
        let now = desk.now.get();
        let head = head.get()?;
        desk.shown(now, |_, around| Row::of(&head, around))
    });
    let shift = move || ["translateY(", &(place.get().unwrap_or_default() as f64 * ROW).to_string(), "px)"].concat();
    let open = move || desk.open.get() == Some(id);
    // The list is one stop of the Tab key: the row the keyboard stands on, else the one on screen, else the first.
    let stop = Memo::new(move |_| match desk.cursor.get().or_else(|| desk.open.get()) {
        Some(stop) if ids.with(|ids| ids.iter().any(|(row, _)| *row == stop)) => stop == id,
        Some(_) | None => place.get() == Some(0),
    });
    view! {
        <li class="slot" style:transform=shift
            aria-posinset=move || place.get().unwrap_or_default() + 1 aria-setsize=move || total.get()>
            <button id=row_id(id) class="row"
                class:unread=move || row.with(|row| row.as_ref().is_some_and(|row| row.unseen))
                aria-current=move || open().then_some("true")
                tabindex=move || if stop.get() { "0" } else { "-1" }
                on:click=move |_| desk.show(id)
                on:focus=move |_| desk.cursor.set(Some(id))
            >
                {move || row.get().map(inside)}
            </button>
        </li>
    }
}

fn inside(row: Row) -> impl IntoView {
    let who = row.who.map(|who| match who {
        Who::Mine(words) => view! { <span class="mine">{words}</span> }.into_any(),
        Who::Other(words) => view! { <span>{words}</span> }.into_any(),
    });
    let chip = row.chip.map(|chip| {
        view! { <span class=["win ", chip.tone.class()].concat()>{chip.label}</span> }
    });
    let count = (row.unread > 0).then(|| {
        let spoken = words().count(row.unread, Key::UnreadOne, Key::UnreadMany);
        view! { <b class="count"><span aria-hidden="true">{row.unread}</span><span class="sr">{spoken}</span></b> }
    });
    let ring = row.ring.map(|shown| ring(&shown));
    view! {
        <Avatar name=row.name.clone() channel=row.channel/>
        <span class="row-main">
            <strong class="row-name">{row.name}</strong>
            <time>{row.time}</time>
            <span class="row-line">{row.tick.map(tick)}<span dir="auto">{row.line}</span></span>
            <span class="row-side">{ring}{chip}{count}</span>
            <span class="row-foot">
                {row.team.map(|team| view! { <span class="team">{team}</span> })}
                {who}
            </span>
        </span>
    }
}
