//! Who the customer is, and why the conversation is where it is.

use std::sync::Arc;

use ciranda_domain::access::Action;
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::organisation::Organisation;
use ciranda_sync::machine::Connection;
use ciranda_text::Key;
use ciranda_text::facts::Names;
use leptos::prelude::*;

use super::considered::{Asked, Considered};
use super::history::HistoryCard;
use super::thread::pieces;
use crate::desk::{Desk, use_desk};
use crate::parts::avatar::{Avatar, kind_name};
use crate::parts::icon::{Glyph, Icon};
use crate::show::calendar::near;
use crate::show::thread::{Surroundings, path};
use crate::words::{t, tf, words};

/// The pane at the side.
#[component]
pub fn ContactPane() -> impl IntoView {
    let desk = use_desk();
    view! {
        <aside class="contact" aria-label=t(Key::ContactPane)>
            {move || desk.open.get().map(|id| view! { <Cards id/> })}
        </aside>
    }
}

#[component]
fn Cards(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let asked = RwSignal::new(Asked::No);
    let stood = head.clone();
    Effect::new(move |before: Option<Option<State>>| {
        let state = stood.get().map(|head| head.state);
        if before.is_some_and(|before| before != state) {
            asked.set(Asked::No);
        }
        state
    });
    let cards = move || {
        desk.track_reference();
        head.get().map(|head| {
            view! {
                <div class="card top">
                    <Avatar name=head.contact.name.clone() class="av big"/>
                    <h2>{head.contact.name.clone()}</h2>
                    <p>{if head.contact.phone.is_empty() { t(Key::NoPhone).to_owned() } else { phone(&head.contact.phone) }}</p>
                </div>
                <div class="card">
                    <details open>
                        <summary>{why_title(desk, &head)}<Glyph icon=Icon::Down/></summary>
                        <Path id/>
                        <Considered id asked/>
                    </details>
                </div>
                <div class="card">
                    <details open>
                        <summary>{t(Key::Details)}<Glyph icon=Icon::Down/></summary>
                        {details(desk, &head)}
                    </details>
                </div>
            }
        })
    };
    view! {
        <button class="ghost icon-only close" aria-label=t(Key::Close) on:click=move |_| desk.contact_shown.set(false)>
            <Glyph icon=Icon::Close/>
        </button>
        {cards}
        <HistoryCard id/>
        <Preferred id/>
    }
}

/// Whom the conversation came to: the designee, the responsible, or nobody yet.
fn holder(head: &Conversation) -> Option<PersonId> {
    match head.state {
        State::Pending(Pending::Designated { designee, .. }) => Some(designee),
        State::Pending(Pending::Queued { .. } | Pending::Open { .. }) => None,
        State::InProgress { responsible, .. } => Some(responsible),
        State::Finished(finished) => finished.responsible,
    }
}

/// What that person is to the conversation: offered it until they start, responsible from then on.
fn held_by(head: &Conversation) -> Option<(Key, PersonId)> {
    let label = if matches!(head.state, State::Pending(_)) { Key::OfferedToLabel } else { Key::Responsible };
    holder(head).map(|person| (label, person))
}

fn why_title(desk: Desk, head: &Conversation) -> String {
    let name = |person| desk.look(|view| view.reference().organisation.person(person)).unwrap_or_default();
    let oversees = desk.look(|view| view.actor().is_some_and(|actor| actor.oversees(head.team)));
    match holder(head) {
        None => t(Key::WhyNobody).to_owned(),
        Some(person) if Some(person) == desk.me() => t(Key::WhyMe).to_owned(),
        Some(person) => tf(if oversees { Key::WhyWith } else { Key::WhyThem }, &[&name(person)]),
    }
}

#[component]
fn Path(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let steps = Memo::new(move |_| {
        desk.track_lines();
        let online = matches!(desk.connection.get(), Connection::Live);
        let now = desk.minute.get();
        desk.shown(now, |view, around| {
            let names = &around.reference.organisation;
            let (calendar, me) = (around.calendar, around.me);
            let (open, writes) = (false, false);
            let around = Surroundings { words: words(), calendar, names, me, now, online, open, writes };
            path(view.lines(id), around)
        })
        .unwrap_or_default()
    });
    let step = |(time, said): &(String, Vec<ciranda_text::Piece>)| view! { <li><time>{time.clone()}</time>{pieces(said)}</li> };
    view! {
        <Show when=move || steps.with(|steps| !steps.is_empty())
            fallback=move || view! { <p class="why">{move || t(no_path(desk, id))}</p> }>
            <ol class="why">{move || steps.with(|steps| steps.iter().map(step).collect_view())}</ol>
        </Show>
    }
}

/// What stands in place of a path: nobody was chosen, or the lines that tell it are still on their way.
fn no_path(desk: Desk, id: ConversationId) -> Key {
    desk.track_lines();
    desk.look(|view| {
        let told = view.replica().thread(id).is_some_and(ciranda_sync::replica::Thread::is_live);
        let open = view.conversation(id).is_some_and(|head| matches!(head.state, State::Pending(Pending::Open { .. })));
        if told && open { Key::WhyOpen } else { Key::WhyEmpty }
    })
}

fn details(desk: Desk, head: &Arc<Conversation>) -> impl IntoView + use<> {
    let now = desk.now.get_untracked();
    let rows = desk.shown(now, |view, around| {
        let reference = view.reference();
        let channel = reference.channels.get(&head.channel);
        let held = held_by(head).map(|(label, person)| (label, reference.organisation.person(person)));
        [
            (Key::Channel, channel.map(|channel| [kind_name(channel.kind), &channel.name].join(" · "))),
            (Key::Team, reference.organisation.team(head.team)),
            held.unwrap_or((Key::Responsible, None)),
            (Key::StartedLabel, Some(near(words(), around.calendar, head.created_at, now))),
        ]
    });
    let row = |(label, value): (Key, Option<String>)| {
        value.map(|value| view! { <dt>{t(label)}</dt><dd title=value.clone()>{value.clone()}</dd> })
    };
    view! { <dl class="facts">{rows.into_iter().flatten().map(row).collect_view()}</dl> }
}

/// Whom the contact's conversations are offered to first; only who may choose it is shown the choice. It stands apart
/// from what every message draws anew, so that an open list stays open.
#[component]
fn Preferred(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let head = desk.follow(id);
    let shown = Memo::new(move |_| {
        desk.track_reference();
        let chosen = head.get()?.contact.preferred;
        desk.allows(Action::Prefer, id).then(|| (chosen, desk.look(|view| who_may_be(&view.reference().organisation))))
    });
    let change = move |event| desk.prefer(id, event_target_value(&event).parse().ok().map(PersonId));
    move || {
        shown.get().map(|(chosen, people)| {
            let option = |(person, name): (PersonId, String)| {
                view! { <option value=person.to_string() selected=chosen == Some(person)>{name}</option> }
            };
            view! {
                <div class="card">
                    <label class="preferred"><span>{t(Key::Preferred)}</span>
                        <select on:change=change>
                            <option value="">{t(Key::PreferredNobody)}</option>
                            {people.into_iter().map(option).collect_view()}
                        </select>
                        <small>{t(Key::PreferredHint)}</small>
                    </label>
                </div>
            }
        })
    }
}

/// Whoever attends some team, by name.
fn who_may_be(organisation: &Organisation) -> Vec<(PersonId, String)> {
    let attending = organisation.people.values().filter(|person| organisation.attends_somewhere(person.id));
    let mut people: Vec<_> = attending.map(|person| (person.id, person.name.clone())).collect();
    people.sort_by_key(|(_, name)| name.to_lowercase());
    people
}

/// A Brazilian number the way it is said; any other with its plus.
fn phone(e164: &str) -> String {
    crate::show::phone::spoken(e164)
}
