//! The lines of the conversation on screen: stays at the newest one while the person is there, and where they read when
//! older ones come above.

use std::sync::Arc;

use ciranda_domain::access::{Action, may};
use ciranda_domain::ids::ConversationId;
use ciranda_sync::machine::{Connection, Input};
use ciranda_text::{Key, Piece};
use leptos::html;
use leptos::prelude::*;

use super::bubble::BubbleView;
use crate::browser::resizes::Resizes;
use crate::desk::{Desk, use_desk};
use crate::parts::icon::{Glyph, Icon};
use crate::show::composer::leaves;
use crate::show::thread::{Bubble, Entry, EntryKey, Side, Surroundings, entries};
use crate::words::{t, words};

/// Entries with the content they are shown with; the same `Arc` as long as it does not change.
type Shown = Vec<(EntryKey, Arc<Entry>)>;

/// How far from the end still counts as being there, and how near the top older lines are asked for, in pixels.
const NEAR_END: i32 = 80;
const NEAR_TOP: i32 = 240;

/// The scroller with its lines.
#[component]
pub fn ThreadView(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let node = NodeRef::<html::Section>::new();
    let head = desk.follow(id);
    // Whether texts can leave, and whether the viewer may write: what is said below those that wait depends on it.
    let can = Memo::new(move |_| {
        desk.track_reference();
        let now = desk.now.get();
        head.get().map_or((false, false), |head| {
            desk.look(|view| {
                let kind = view.reference().channels.get(&head.channel).map(|channel| channel.kind);
                let open = kind.is_some_and(|kind| leaves(&head, kind, now));
                (open, view.actor().is_some_and(|actor| may(actor, Action::Write, &head).is_ok()))
            })
        })
    });
    let shown = Memo::new(move |before: Option<&Shown>| shown(desk, id, can.get(), before));
    let at_end = RwSignal::new(true);
    let below = RwSignal::new(0);
    let scrolled = move || {
        let Some(element) = node.get_untracked() else { return };
        let left = element.scroll_height() - element.scroll_top() - element.client_height();
        at_end.set(left < NEAR_END);
        if left < NEAR_END {
            below.set(0);
        }
        if element.scroll_top() < NEAR_TOP {
            desk.input(Input::Older(id));
        }
    };
    keep_place(node, shown, at_end);
    count_below(shown, at_end, below);
    keep_end(node, at_end);
    let to_newest = move |_| {
        if let Some(element) = node.get_untracked() {
            element.set_scroll_top(element.scroll_height());
        }
    };
    view! {
        <div class="thread-frame">
            <section class="thread" node_ref=node tabindex="0" aria-label=t(Key::Thread) on:scroll=move |_| scrolled()>
                <div class="thread-lines">
                    {move || top(desk, id, shown)}
                    <For each=move || shown.get() key=|(key, entry)| (*key, Arc::as_ptr(entry) as usize)
                        children=move |(_, entry)| entry_view(id, &entry)/>
                </div>
            </section>
            {move || (!at_end.get()).then(|| view! {
                <button class="to-newest" on:click=to_newest><Glyph icon=Icon::Newest/>{move || to_newest_words(below.get())}</button>
            })}
        </div>
    }
}

fn shown(desk: Desk, id: ConversationId, (open, writes): (bool, bool), before: Option<&Shown>) -> Shown {
    desk.track_lines();
    let online = matches!(desk.connection.get(), Connection::Live);
    // Titles of days and instants near now change with the minute at most.
    let now = desk.minute.get();
    let fresh = desk.shown(now, |view, around| {
        let names = &around.reference.organisation;
        let (calendar, me) = (around.calendar, around.me);
        let around = Surroundings { words: words(), calendar, names, me, now, online, open, writes };
        entries(view.lines(id), around)
    });
    let held = |key, entry: &Entry| {
        before?.iter().find(|(held, old)| *held == key && **old == *entry).map(|(_, old)| old.clone())
    };
    fresh
        .unwrap_or_default()
        .into_iter()
        .map(|(key, entry)| (key, held(key, &entry).unwrap_or_else(|| Arc::new(entry))))
        .collect()
}

/// After each change: at the end stays at the end; lines that came above leave what is read where it was.
fn keep_place(node: NodeRef<html::Section>, shown: Memo<Shown>, at_end: RwSignal<bool>) {
    let first = StoredValue::new(None::<EntryKey>);
    let last = StoredValue::new(None::<EntryKey>);
    let height = StoredValue::new(0);
    Effect::new(move |_| {
        let now_first = shown.with(first_line);
        let (now_last, own) = shown.with(|shown| {
            let newest = shown.last();
            (newest.map(|(key, _)| *key), newest.is_some_and(|(_, entry)| is_own(entry)))
        });
        // Whoever has just written sees what they wrote, wherever they were reading.
        if own && last.get_value().is_some() && last.get_value() != now_last {
            at_end.set(true);
        }
        last.set_value(now_last);
        // The lines are in the document when the next frame begins; by then the conversation may be off the screen.
        request_animation_frame(move || {
            let (Some(Some(element)), Some(stay)) = (node.try_get_untracked(), at_end.try_get_untracked()) else {
                return;
            };
            let grown = element.scroll_height() - height.get_value();
            let came_above = first.get_value().is_some() && first.get_value() != now_first;
            if stay {
                element.set_scroll_top(element.scroll_height());
            } else if came_above && grown > 0 {
                element.set_scroll_top(element.scroll_top() + grown);
            }
            first.set_value(now_first);
            height.set_value(element.scroll_height());
        });
    });
}

/// Counts what the customer writes while the person reads above it.
fn count_below(shown: Memo<Shown>, at_end: RwSignal<bool>, below: RwSignal<u32>) {
    let earlier = StoredValue::new((None::<EntryKey>, 0));
    Effect::new(move |_| {
        shown.with(|shown| {
            // Counted from a line that was there before: older lines that come above are not new.
            let (since, before) = earlier.get_value();
            let came = customers_from(shown, since).saturating_sub(before);
            if !at_end.get_untracked() && came > 0 {
                below.update(|below| *below += came);
            }
            let first = first_line(shown);
            earlier.set_value((first, customers_from(shown, first)));
        });
    });
}

fn first_line(shown: &Shown) -> Option<EntryKey> {
    shown.iter().map(|(key, _)| *key).find(|key| matches!(key, EntryKey::Line(_)))
}

/// What the button to the newest line says.
fn to_newest_words(below: u32) -> String {
    match below {
        0 => t(Key::ToNewest).to_owned(),
        n => words().count(n, Key::NewBelowOne, Key::NewBelowMany),
    }
}

/// How many of the customer's messages there are from a line on.
fn customers_from(shown: &Shown, first: Option<EntryKey>) -> u32 {
    let from = shown.iter().skip_while(|(key, _)| Some(*key) != first);
    let theirs = from.filter(|(_, entry)| matches!(**entry, Entry::Bubble(Bubble { side: Side::Customer, .. })));
    u32::try_from(theirs.count()).unwrap_or(u32::MAX)
}

fn is_own(entry: &Entry) -> bool {
    matches!(entry, Entry::Bubble(Bubble { side: Side::Desk { author: None } | Side::Note { author: None }, .. }))
}

/// The place for the lines grows and shrinks with what stands below it; at the end stays at the end.
fn keep_end(node: NodeRef<html::Section>, at_end: RwSignal<bool>) {
    let observer = StoredValue::new_local(None::<Resizes>);
    node.on_load(move |element| {
        let followed = element.clone();
        let resized = move || {
            if at_end.try_get_untracked() == Some(true) {
                followed.set_scroll_top(followed.scroll_height());
            }
        };
        observer.set_value(Resizes::of(&element, resized));
    });
    on_cleanup(move || observer.set_value(None));
}

fn top(desk: Desk, id: ConversationId, shown: Memo<Shown>) -> Option<impl IntoView + use<>> {
    desk.track_lines();
    let empty = shown.with(Vec::is_empty);
    let key = desk.look(|view| {
        let thread = view.replica().thread(id)?;
        if thread.more() || thread.awaits_older() || (empty && thread.is_opening()) {
            Some(Key::LoadingOlder)
        } else if thread.is_live() {
            Some(Key::Beginning)
        } else {
            None
        }
    })?;
    Some(view! { <p class="thread-top">{t(key)}</p> })
}

fn entry_view(id: ConversationId, entry: &Entry) -> AnyView {
    match entry {
        Entry::Day(title) => view! { <h2 class="day">{title.clone()}</h2> }.into_any(),
        Entry::Fact { time, pieces: said } => {
            view! { <p class="sys"><time>{time.clone()}</time>" · "{pieces(said)}</p> }.into_any()
        }
        Entry::Bubble(bubble) => view! { <BubbleView conversation=id bubble=bubble.clone()/> }.into_any(),
    }
}

/// A sentence with its names standing out.
pub fn pieces(pieces: &[Piece]) -> impl IntoView + use<> {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.into_any(),
        Piece::Value(value) => view! { <b>{value.clone()}</b> }.into_any(),
    };
    pieces.iter().map(piece).collect_view()
}
