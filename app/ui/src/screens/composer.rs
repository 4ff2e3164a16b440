//! The place below the messages. What it is follows from [`crate::show::composer`]; the text in it survives everything
//! but being sent.

use ciranda_domain::access::Action;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::window::FreeText;
use ciranda_sync::machine::Input;
use ciranda_text::Key;
use ciranda_text::facts::Names;
use leptos::html;
use leptos::prelude::*;

use super::mention::Picker;
use crate::browser;
use crate::desk::drafts::{self, Slot};
use crate::desk::{Desk, use_desk};
use crate::parts::icon::{Glyph, Icon};
use crate::show::composer::{Fate, Place, Room, place, room};
use crate::show::keys::{Enter, enter};
use crate::words::{about, t, tf, words};

/// The field's id, for the key that leads to it.
const FIELD: &str = "composer";

/// Gives the focus to the field; `false` when there is none to write in.
pub fn focus() -> bool {
    browser::focus(FIELD);
    browser::focused().is_some_and(|element| element.id() == FIELD)
}

/// The place.
#[component]
pub fn Composer(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let place = Memo::new(move |_| {
        desk.track_reference();
        let now = desk.now.get();
        let head = head.get()?;
        let noting = desk.notes(id);
        desk.look(|view| {
            let kind = view.reference().channels.get(&head.channel)?.kind;
            Some((place(view.actor()?, &head, kind, now), kind, noting))
        })
    });
    // The field stays while what happens to its text changes, so that a window closing takes neither focus nor words.
    // One memo decides what is drawn: an effect that reads a memo and another derived from it can miss a change.
    let closed = Memo::new(move |_| {
        place.get().map(|(place, _, noting)| match place {
            Place::Write(_) => None,
            Place::Start | Place::Offered { .. } | Place::Attended { .. } | Place::Finished { .. } => {
                Some(place).filter(|_| !noting)
            }
        })
    });
    let fate = Memo::new(move |_| match place.get() {
        // A note is as long as the longest text, and goes to nobody's channel.
        Some((_, _, true)) => (Ending::Note, ChannelKind::WhatsApp),
        Some((Place::Write(fate), kind, false)) => (Ending::Text(fate), kind),
        Some(_) | None => (Ending::Text(Fate::Free(FreeText::StaysDraft)), ChannelKind::WhatsApp),
    });
    move || match closed.get() {
        None => ().into_any(),
        Some(None) => view! { <Field id fate/> }.into_any(),
        Some(Some(place)) => shut(desk, id, place).into_any(),
    }
}

/// What becomes of what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Text(Fate),
    Note,
}

impl Ending {
    fn slot(self, id: ConversationId) -> Slot {
        match self {
            Self::Text(_) => Slot::Text(id),
            Self::Note => Slot::Note(id),
        }
    }

    fn stays(self) -> bool {
        self == Self::Text(Fate::Free(FreeText::StaysDraft))
    }
}

#[component]
fn Field(id: ConversationId, fate: Memo<(Ending, ChannelKind)>) -> impl IntoView {
    let desk = use_desk();
    let node = NodeRef::<html::Textarea>::new();
    let slot = move || fate.get_untracked().0.slot(id);
    let text = RwSignal::new(drafts::get(slot()));
    let head = desk.follow(id);
    let holder = head.clone();
    let written_to =
        move || tf(Key::WriteLabel, &[head.get().map_or_else(String::new, |head| head.contact.name.clone()).as_str()]);
    let send = move || {
        let written = text.get_untracked();
        let done = match fate.get_untracked().0 {
            Ending::Note => desk.note(id, &written),
            ending => !ending.stays() && desk.send(id, &written),
        };
        if done {
            text.set(String::new());
            drafts::sent(slot(), &written);
        }
    };
    let elsewhere = window_event_listener(leptos::ev::storage, move |_| {
        text.with_untracked(|text| drafts::keep_again(slot(), desk.me(), text));
    });
    on_cleanup(move || elsewhere.remove());
    let picker = Picker::new(desk, id, node, text);
    let key = move |event: web_sys::KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        if picker.key(&event.key()) {
            event.prevent_default();
        } else if enter(&event.key(), event.shift_key(), command, event.is_composing()) == Some(Enter::Send) {
            event.prevent_default();
            send();
        }
    };
    let note = Memo::new(move |_| fate.get().0 == Ending::Note);
    // Raised when a conversation was started, or a refused text was given back; and what is written may become a note.
    Effect::new(move |before: Option<(u32, bool)>| {
        let now = (desk.write.get(), note.get());
        let raised = before.map_or(now.0 > 0, |before| before.0 != now.0);
        if raised || before.is_some_and(|before| before.1 != now.1) {
            text.set(drafts::get(slot()));
            picker.close();
        }
        if raised {
            request_animation_frame(|| _ = focus());
        }
        now
    });
    let room = Memo::new(move |_| text.with(|text| room(fate.get().1, text)));
    let blocked = Memo::new(move |_| {
        text.with(|text| text.trim().is_empty()) || matches!(room.get(), Room::Over(_)) || fate.get().0.stays()
    });
    view! {
        <footer class="composer" class:noting=move || note.get()>
            {move || held_bar(desk, id)}
            {move || match fate.get().0 {
                Ending::Note => note_hint(desk, holder.get().and_then(|head| head.responsible())).into_any(),
                Ending::Text(fate) => hint(fate).into_any(),
            }}
            {picker.view()}
            <div class="composer-box">
                <textarea id=FIELD node_ref=node rows="2" dir="auto"
                    aria-label=move || if note.get() { t(Key::Note).to_owned() } else { written_to() }
                    placeholder=move || t(if note.get() { Key::NoteWrite } else { Key::Write })
                    aria-describedby="composer-hint" prop:value=move || text.get()
                    on:input=move |event| {
                        let written = event_target_value(&event);
                        picker.look(note.get_untracked(), &written);
                        drafts::keep(slot(), &written);
                        text.set(written);
                    }
                    on:keydown=key></textarea>
                <div class="composer-bar">
                    {note_button(desk, id, note)}
                    <span class="keys">{t(Key::SendHint)}</span>
                    <span class="grow"></span>
                    {move || room_left(room.get())}
                    <button class="main" disabled=blocked on:click=move |_| send()>
                        {move || t(match fate.get().0 {
                            Ending::Note => Key::NoteSave,
                            Ending::Text(Fate::Free(FreeText::Waits) | Fate::Behind) => Key::Queue,
                            Ending::Text(Fate::Free(_)) => Key::Send,
                        })}
                        <Glyph icon=Icon::Send/>
                    </button>
                </div>
            </div>
        </footer>
    }
}

/// Between writing to the customer and a note; not there for who may not add any.
fn note_button(desk: Desk, id: ConversationId, note: Memo<bool>) -> Option<AnyView> {
    desk.allows(Action::AddNote, id).then(|| {
        view! {
            <button class="note-toggle" aria-pressed=move || if note.get() { "true" } else { "false" }
                on:click=move |_| desk.toggle_note(id)>
                <Glyph icon=Icon::File/>{t(Key::Note)}<kbd aria-hidden="true">"n"</kbd>
            </button>
        }
        .into_any()
    })
}

/// That the customer does not see it, and who else attends them.
fn note_hint(desk: Desk, responsible: Option<PersonId>) -> impl IntoView {
    let other = responsible.filter(|by| Some(*by) != desk.me()).map(|by| attended(desk, by));
    let told = [other.as_deref().unwrap_or_default(), " ", t(Key::NoteHint)].concat();
    view! { <p id="composer-hint" class="composer-hint soon" role="status"><Glyph icon=Icon::Lock/>{told}</p> }
}

fn attended(desk: Desk, by: PersonId) -> String {
    tf(Key::ComposerOther, &[&name(desk, by)])
}

fn name(desk: Desk, person: PersonId) -> String {
    desk.look(|view| view.reference().organisation.person(person)).unwrap_or_else(|| t(Key::SomebodyGone).to_owned())
}

/// What will happen to the text, when it is not simply sent.
fn hint(fate: Fate) -> impl IntoView {
    let (class, icon, key) = match fate {
        Fate::Free(FreeText::Leaves) => return ().into_any(),
        Fate::Free(FreeText::LeavesAsHuman) => ("composer-hint soon", Icon::Clock, Key::ComposerHumanNow),
        Fate::Free(FreeText::Waits) => ("composer-hint soon", Icon::Hourglass, Key::ComposerClosed),
        Fate::Free(FreeText::StaysDraft) => ("composer-hint shut", Icon::Lock, Key::ComposerNoWindow),
        Fate::Behind => ("composer-hint soon", Icon::Hourglass, Key::ComposerBehind),
    };
    view! { <p id="composer-hint" class=class role="status"><Glyph icon/>{t(key)}</p> }.into_any()
}

fn room_left(room: Room) -> Option<impl IntoView> {
    let (class, words) = match room {
        Room::Plenty => return None,
        Room::Left(n) => ("num", tf(Key::CharactersLeft, &[&n.to_string()])),
        Room::Over(n) => ("num over", tf(Key::CharactersOver, &[&n.to_string()])),
    };
    Some(view! { <span class=class role="status">{words}</span> })
}

/// Texts that waited too long for the connection ask before leaving (decision 33).
fn held_bar(desk: Desk, id: ConversationId) -> Option<impl IntoView + use<>> {
    desk.track_outbox();
    let held = desk.machine(|client| client.outbox().held(id).count());
    let n = u32::try_from(held).ok().filter(|n| *n > 0)?;
    Some(view! {
        <div class="bar" role="status">
            <Glyph icon=Icon::Clock/>
            <p>{words().count(n, Key::HeldOne, Key::HeldMany)}</p>
            <button on:click=move |_| desk.take_back(id)>{t(Key::HeldDiscard)}</button>
            <button class="main" on:click=move |_| desk.input(Input::Release(id))>{t(Key::HeldSend)}</button>
        </div>
    })
}

/// Nothing to write in: what to do first, or who is at it.
fn shut(desk: Desk, id: ConversationId, place: Place) -> impl IntoView {
    let (told, act) = match place {
        Place::Write(_) => (String::new(), None),
        Place::Start => (t(Key::ComposerPending).to_owned(), Some(Key::Start)),
        Place::Offered { to: Some(to) } => (tf(Key::ComposerPendingOther, &[&name(desk, to)]), None),
        Place::Offered { to: None } => (t(Key::ComposerPendingNobody).to_owned(), None),
        Place::Attended { by } => (attended(desk, by), None),
        Place::Finished { restart } => (t(Key::ComposerFinished).to_owned(), restart.then_some(Key::Restart)),
    };
    // Whoever may not take over asks who attends (product.md, question 23).
    let request = match place {
        Place::Attended { by } => desk.allows(Action::AddNote, id).then_some(by),
        Place::Write(_) | Place::Start | Place::Offered { .. } | Place::Finished { .. } => None,
    };
    view! {
        <footer class="composer-shut">
            <KeptDraft id/>
            <p>{told}</p>
            {act.map(|act| view! { <button class="main" on:click=move |_| desk.start(id)>{t(act)}</button> })}
            {request.map(|by| view! { <button on:click=move |_| desk.request_transfer(id, by)>{t(Key::RequestTransfer)}</button> })}
            {note_button(desk, id, Memo::new(|_| false))}
        </footer>
    }
}

/// What the person wrote and cannot send here now, so that it is never out of sight.
#[component]
fn KeptDraft(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let draft = Memo::new(move |_| {
        desk.write.track();
        drafts::get(Slot::Text(id))
    });
    let discard = move |_| {
        drafts::take(Slot::Text(id));
        desk.write.update(|n| *n += 1);
    };
    move || {
        let draft = draft.get();
        (!draft.trim().is_empty()).then(|| {
            let (text, label) = (draft.clone(), about(Key::Delete, &draft));
            view! {
                <div class="kept-draft">
                    <h3>{t(Key::DraftKept)}</h3>
                    <pre tabindex="0" dir="auto" aria-label=t(Key::DraftKept)>{draft}</pre>
                    <button class="link" on:click=move |_| browser::copy(&text)>{t(Key::Copy)}</button>
                    <button class="link" aria-label=label on:click=discard>{t(Key::Delete)}</button>
                </div>
            }
        })
    }
}
