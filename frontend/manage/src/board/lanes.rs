//! The queue in lanes: waiting for a slot, offered with rings, open to the team, windows closing.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::ConversationId;
use ciranda_sync::calls::Call;
use ciranda_text::catalogue::board::Board as Say;
use ciranda_text::{Key, spans};
use ciranda_ui::browser::{self, single_keys};
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::parts::ring::ring;
use ciranda_ui::show::calendar::OpenTime;
use ciranda_ui::show::ring;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;

use super::figures::lasted;
use super::model::{Number, Slip, Which};
use super::{Above, Shown, use_shown};

/// So many of a lane are drawn; the others are a press away.
const DRAWN: usize = 40;

/// The rows, and what of a row has the focus.
const SLIP: &str = ".lanes .slip";
const ROW: &str = ".lanes .slip-main";

/// The panel.
#[component]
pub fn Queue() -> impl IntoView {
    let shown = use_shown();
    let queued = Memo::new(move |_| shown.count(Number::of(Which::Queued)) > 0);
    stay_near(shown);
    let acting = single_keys::followed();
    let hint = move || t(if acting.get() { Say::QueueHint } else { Say::QueueDrag });
    let keys = move || t(if acting.get() { Say::Keys } else { Say::KeysOff });
    view! {
        <section class="panel" aria-label=t(Say::Queue)>
            <h2>{t(Say::Queue)}<small>{hint}</small></h2>
            <p class="sr">{keys}</p>
            <div class="lanes" on:keydown=move |event| walk(&event)>
                {move || queued.get().then(|| lane(shown, Which::Queued, Say::Queued))}
                {lane(shown, Which::Offered, Say::Offered)}
                {lane(shown, Which::Open, Say::OpenToTeam)}
                {lane(shown, Which::Closing, Say::Closing)}
            </div>
        </section>
    }
}

/// Somebody acts on a row that will leave its place: the focus is to go on from there.
pub fn leave_from(shown: Shown, id: ConversationId) {
    let place = browser::place_of(SLIP, &id.to_string());
    shown.left.set_value(place);
}

/// Whoever moves a row with the keyboard goes on beside where it was: the row takes the focus away with it. What others
/// move takes nobody's focus anywhere.
fn stay_near(shown: Shown) {
    // A pointer says itself where one goes on.
    let pressed = window_event_listener(leptos::ev::pointerdown, move |_| shown.left.set_value(None));
    on_cleanup(move || pressed.remove());
    Effect::new(move |_| {
        shown.board.track();
        if shown.above.get().is_none() {
            // The lanes are drawn by then.
            request_animation_frame(move || {
                let place = shown.left.try_get_value().flatten();
                if place.is_some_and(|place| browser::keep_focus(ROW, place)) {
                    shown.left.set_value(None);
                }
            });
        }
    });
}

fn lane(shown: Shown, which: Which, label: Say) -> impl IntoView {
    let number = Number::of(which);
    let count = Memo::new(move |_| shown.count(number));
    let ids = Memo::new(move |_| {
        shown.board.with(|board| {
            let ids =
                board.as_ref().map(|board| board.rows(number).take(DRAWN).map(|slip| slip.id).collect::<Vec<_>>());
            ids.unwrap_or_default()
        })
    });
    view! {
        <div class="lane">
            <h3>{t(label)}<button class="link num" aria-label=move || [t(label), " ", &count.get().to_string()].concat()
                on:click=move |_| shown.open(number)>{move || count.get()}</button></h3>
            <ul>
                <For each=move || ids.get() key=|id| *id children=move |id| view! { <SlipView id which/> }/>
            </ul>
            {move || (count.get() == 0).then(|| view! { <p class="lane-empty">{t(Say::LaneEmpty)}</p> })}
            {move || count.get().checked_sub(DRAWN).filter(|more| *more > 0).map(|more| view! {
                <button class="link" on:click=move |_| shown.open(number)>{tf(Say::More, &[&more.to_string()])}</button>
            })}
        </div>
    }
}

/// One conversation: a press opens it, the small buttons move and explain it.
#[component]
pub fn SlipView(id: ConversationId, which: Which) -> impl IntoView {
    let shown = use_shown();
    let slip = Memo::new(move |_| shown.board.with(|board| board.as_ref()?.slip(id).cloned()));
    let moving = move || shown.moving.with(|moving| moving.contains(&id));
    let class = move || match (moving(), shown.dragged.get() == Some(id)) {
        (true, _) | (_, true) => "slip drag",
        (false, false) => "slip",
    };
    let name = Memo::new(move |_| slip.with(|slip| slip.as_ref().map(|slip| slip.name.clone()).unwrap_or_default()));
    let channel = Memo::new(move |_| slip.with(|slip| slip.as_ref().and_then(|slip| slip.channel)));
    let line = move || {
        if moving() {
            return t(Say::Moving).to_owned();
        }
        slip.with(|slip| slip.as_ref().map(|slip| told(shown, slip, which)).unwrap_or_default())
    };
    view! {
        <li class=class draggable="true" data-conversation=id.to_string()
            on:dragstart=move |event| super::moving::start(shown, id, &event)
            on:dragend=move |_| shown.dragged.set(None)
        >
            {move || view! { <Avatar name=name.get() channel=channel.get() class="av small"/> }}
            <button class="slip-main" on:click=move |_| shown.link.show(id) on:keydown=move |event| key(shown, id, &event)>
                <b>{move || name.get()}</b>
                <span>{line}</span>
            </button>
            {move || slip.with(|slip| slip.as_ref().map(|slip| mark(shown, slip, which)))}
            <span class="slip-acts">
                <button class="ghost icon-only" aria-label=move || tf(Say::MoveTo, &[&name.get()]) title=move || tf(Say::MoveTo, &[&name.get()])
                    on:click=move |_| shown.above.set(Some(Above::Move(id)))><Glyph icon=Icon::Team/></button>
                <button class="ghost icon-only" aria-label=move || why_label(shown, id) title=move || why_label(shown, id)
                    on:click=move |_| shown.above.set(Some(Above::Why(id)))><Glyph icon=Icon::Question/></button>
            </span>
        </li>
    }
}

/// The heading of the explanation, and the label of the button that opens it.
pub fn why_label(shown: Shown, id: ConversationId) -> String {
    let holder = shown.board.with(|board| board.as_ref()?.slip(id)?.holder());
    match holder {
        Some(holder) => tf(Say::WhyWith, &[&shown.link.person(holder)]),
        None => t(Say::WhyWaits).to_owned(),
    }
}

/// The ring of an offer, or what is left of the window.
fn mark(shown: Shown, slip: &Slip, which: Which) -> AnyView {
    let now = shown.link.now.get();
    let calendar = shown.link.calendar();
    let found = shown.link.known.with_untracked(|known| {
        let open = OpenTime { hours: known.reference.hours(), calendar: &*calendar };
        ring::of(words(), &slip.state, slip.limit, open, now)
    });
    if let Some(found) = found.filter(|_| which != Which::Closing) {
        return ring(&found).into_any();
    }
    match slip.closes.filter(|_| slip.closing) {
        Some(closes) => {
            let left = closes.since(now);
            let class = if left < ciranda_domain::time::Span::minutes(30) { "win shut" } else { "win soon" };
            view! { <span class=class title=t(Say::Closing)>{spans::short(words(), left)}</span> }.into_any()
        }
        None => ().into_any(),
    }
}

fn told(shown: Shown, slip: &Slip, which: Which) -> String {
    let person = |id| shown.link.person(id);
    let since = lasted(shown, slip.since);
    match slip.state {
        _ if which == Which::Closing => {
            let holder = slip.holder().map_or_else(|| t(Say::NobodyYet).to_owned(), person);
            tf(Say::UnansweredBy, &[&holder, &lasted(shown, slip.unanswered.unwrap_or(slip.since))])
        }
        State::Pending(Pending::Designated { designee, attempt, deadline, .. }) => {
            let offered = tf(Say::ForPerson, &[&person(designee), &attempt.to_string()]);
            // The ring tells the time of the others.
            if deadline.is_some() { offered } else { [&offered, " · ", &since].concat() }
        }
        State::Pending(Pending::Queued { .. }) => tf(Say::QueuedFor, &[&since]),
        State::Pending(Pending::Open { .. }) => tf(Say::OpenFor, &[&since]),
        State::InProgress { responsible, .. } => tf(Say::HeldFor, &[&person(responsible), &since]),
        State::Finished(_) => t(Key::TabFinished).to_owned(),
    }
}

/// The keys of a row.
fn key(shown: Shown, id: ConversationId, event: &web_sys::KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || !single_keys::act() {
        return;
    }
    match event.key().as_str() {
        "m" => shown.above.set(Some(Above::Move(id))),
        "p" => shown.above.set(Some(Above::Why(id))),
        "a" => ask_to_take_over(shown, id),
        _ => return,
    }
    event.prevent_default();
}

/// The person becomes responsible: starts what is pending, takes over what somebody has.
pub fn take_over(shown: Shown, id: ConversationId) {
    let state = shown.board.with_untracked(|board| board.as_ref()?.slip(id).map(|slip| slip.state));
    leave_from(shown, id);
    let call = match state {
        Some(State::Pending(_)) => Call::Start { conversation: id },
        Some(State::InProgress { responsible, .. }) => Call::TakeOver { conversation: id, from: Some(responsible) },
        Some(State::Finished(_)) | None => return,
    };
    let into = shown.link.known.with_untracked(|known| Some((known.me?, known.heads.get(&id)?.team)));
    if let Some((me, team)) = into {
        super::moving::warn(shown, id, me, team);
    }
    shown.link.call(call);
}

/// What somebody is at work on, or is being offered, is not taken from them by one key.
fn ask_to_take_over(shown: Shown, id: ConversationId) {
    let holder = shown.board.with_untracked(|board| board.as_ref()?.slip(id)?.holder());
    if holder.is_some() && holder != shown.link.known.with_untracked(|known| known.me) {
        shown.above.set(Some(Above::TakeOver(id)));
    } else {
        take_over(shown, id);
    }
}

/// Arrows walk through the rows of a lane and from lane to lane, in the order of the page.
fn walk(event: &web_sys::KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let walked = match (event.key().as_str(), single_keys::act()) {
        ("ArrowDown", _) | ("j", true) => browser::focus_neighbour(ROW, 1),
        ("ArrowUp", _) | ("k", true) => browser::focus_neighbour(ROW, -1),
        ("ArrowRight", _) => browser::focus_beside(".lane", ".slip-main", true),
        ("ArrowLeft", _) => browser::focus_beside(".lane", ".slip-main", false),
        _ => return,
    };
    if walked {
        event.prevent_default();
    }
}
