//! The list: head with the connection, bars, tabs with counters, rows of the chosen tab.

use ciranda_domain::access::Tab;
use ciranda_domain::person::Availability;
use ciranda_sync::machine::{Connection, Stop};
use ciranda_sync::view::View;
use ciranda_text::Key;
use leptos::html;
use leptos::prelude::*;

use super::row::RowView;
use crate::browser;
use crate::desk::{Desk, TABS, use_desk};
use crate::parts::connection::ConnectionChip;
use crate::parts::icon::{Glyph, Icon};
use crate::show::row::{empty, tab_name};
use crate::show::scroll::{ROW, reveal, visible};
use crate::words::t;

/// What the pane shows below the tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Loading,
    Failed,
    Rows,
}

/// The list's pane.
#[component]
pub fn List() -> impl IntoView {
    let desk = use_desk();
    let stage = Memo::new(move |_| match (desk.usable.get(), desk.connection.get()) {
        (true, _) => Stage::Rows,
        (false, Connection::Offline { .. } | Connection::Stopped(Stop::Refused | Stop::NewVersion)) => Stage::Failed,
        (false, _) => Stage::Loading,
    });
    let body = move || match stage.get() {
        Stage::Rows => view! { <Rows/> }.into_any(),
        Stage::Failed => failed().into_any(),
        Stage::Loading => skeleton().into_any(),
    };
    view! {
        <section class="list" aria-label=t(Key::Conversations)>
            <header class="list-head"><h1>{t(Key::Desk)}</h1><ConnectionChip/></header>
            {move || desk.muted.get().then(|| sound_bar(desk))}
            {move || is_away(desk).then(|| away_bar(desk))}
            <Tabs/>
            {body}
        </section>
    }
}

fn sound_bar(desk: Desk) -> impl IntoView {
    view! {
        <div class="bar" role="status">
            <Glyph icon=Icon::Sound/>
            <p>{t(Key::SoundAsk)}</p>
            <button on:click=move |_| desk.unmute()>{t(Key::SoundEnable)}</button>
        </div>
    }
}

/// Whether the person has made themselves unavailable.
fn is_away(desk: Desk) -> bool {
    desk.track_reference();
    desk.track_outbox();
    desk.look(View::availability) == Some(Availability::Unavailable)
}

/// Nobody wonders for hours why nothing comes.
fn away_bar(desk: Desk) -> impl IntoView {
    view! {
        <div class="bar" role="status">
            <Glyph icon=Icon::Ban/>
            <p>{t(Key::EmptyNewAway)}</p>
            <button on:click=move |_| desk.set_availability(Availability::Available)>{t(Key::BecomeAvailable)}</button>
        </div>
    }
}

#[component]
fn Tabs() -> impl IntoView {
    let desk = use_desk();
    let key = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let tab = desk.neighbour(step);
        desk.go_to(tab);
        browser::focus(tab_id(tab));
    };
    let button = move |tab: Tab| {
        let chosen = move || desk.tab.get() == tab;
        view! {
            <button role="tab" id=tab_id(tab) aria-controls="rows"
                aria-selected=move || if chosen() { "true" } else { "false" }
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| desk.go_to(tab)
            >
                {t(tab_name(tab))}
                {move || counter(desk, tab)}
            </button>
        }
    };
    view! { <div class="tabs" role="tablist" aria-label=t(Key::Conversations) on:keydown=key>{TABS.map(button).into_iter().collect_view()}</div> }
}

/// How many there are; what nobody has read yet stands out. Finished ones are not counted: not all are here.
fn counter(desk: Desk, tab: Tab) -> Option<impl IntoView + use<>> {
    if !desk.usable.get() {
        return None;
    }
    let count = desk.count(tab);
    let class = match tab {
        Tab::New if desk.waiting.get() > 0 => "alert",
        Tab::Mine if count.unread > 0 => "unseen",
        Tab::New | Tab::Mine | Tab::Others => "",
        Tab::Finished => return None,
    };
    Some(view! { <b class=class>{count.conversations}</b> })
}

const fn tab_id(tab: Tab) -> &'static str {
    match tab {
        Tab::New => "tab-new",
        Tab::Mine => "tab-mine",
        Tab::Others => "tab-others",
        Tab::Finished => "tab-finished",
    }
}

#[component]
fn Rows() -> impl IntoView {
    let desk = use_desk();
    let scroller = NodeRef::<html::Div>::new();
    // Position and height of what is visible, in pixels.
    let seen = RwSignal::new((0.0, 900.0));
    let measure = move || {
        if let Some(element) = scroller.get_untracked() {
            seen.set((f64::from(element.scroll_top()), f64::from(element.client_height())));
        }
    };
    scroller.on_load(move |_| measure());
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let total = Memo::new(move |_| desk.count(desk.tab.get()).conversations);
    let range = Memo::new(move |_| seen.with(|(top, height)| visible(*top, *height, total.get())));
    let ids = Memo::new(move |_| {
        let (tab, range) = (desk.tab.get(), range.get());
        desk.track_tab(tab);
        let start = range.start;
        desk.look(|view| view.tab(tab).skip(range.start).take(range.len()).collect::<Vec<_>>())
            .into_iter()
            .enumerate()
            .map(|(n, id)| (id, start + n))
            .collect::<Vec<_>>()
    });
    Effect::new(move |before: Option<Tab>| {
        let tab = desk.tab.get();
        if let (Some(element), true) = (scroller.get_untracked(), before.is_some_and(|before| before != tab)) {
            element.set_scroll_top(0);
        }
        tab
    });
    Effect::new(move |_| reveal_cursor(desk, scroller));
    let height = move || [&(total.get() as f64 * ROW).to_string(), "px"].concat();
    view! {
        <div class="scroller" id="rows" role="tabpanel" node_ref=scroller aria-labelledby=move || tab_id(desk.tab.get())
            on:scroll=move |_| measure()>
            <Show when=move || { total.get() > 0 } fallback=move || empty_tab(desk)>
                <ul class="slots" style:height=height>
                    <For each=move || ids.get() key=|(id, _)| *id children=move |(id, _)| view! { <RowView id ids total/> }/>
                </ul>
            </Show>
        </div>
    }
}

/// Scrolls so that the row the keyboard stands on is visible.
fn reveal_cursor(desk: Desk, scroller: NodeRef<html::Div>) {
    let (Some(cursor), Some(element)) = (desk.cursor.get(), scroller.get()) else { return };
    let tab = desk.tab.get_untracked();
    let Some(at) = desk.look(|view| view.tab(tab).position(|id| id == cursor)) else { return };
    let (top, height) = (f64::from(element.scroll_top()), f64::from(element.client_height()));
    if let Some(to) = reveal(at, top, height) {
        #[allow(clippy::cast_possible_truncation)] // Pixels of a list.
        element.set_scroll_top(to.ceil() as i32);
    }
}

fn empty_tab(desk: Desk) -> impl IntoView {
    move || {
        let (title, hint) = empty(desk.tab.get(), !is_away(desk));
        view! {
            <div class="empty"><Glyph icon=Icon::Inbox/><h2>{t(title)}</h2><p>{t(hint)}</p></div>
        }
    }
}

fn skeleton() -> impl IntoView {
    let row = |_| view! { <div class="ghost-row"><i></i><div><i></i><i></i></div></div> };
    view! {
        <div class="scroller" aria-busy="true">
            <p class="sr" role="status">{t(Key::Loading)}</p>
            <div aria-hidden="true">{(0..7).map(row).collect_view()}</div>
        </div>
    }
}

fn failed() -> impl IntoView {
    view! {
        <div class="empty" role="alert">
            <Glyph icon=Icon::Alert/>
            <h2>{t(Key::LoadFailed)}</h2>
            <p>{t(Key::ErrorNetwork)}</p>
            <button on:click=|_| browser::reload()>{t(Key::TryAgain)}</button>
        </div>
    }
}
