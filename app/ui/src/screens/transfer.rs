//! Where to: a team, or a person and, when it must be asked, which of their teams.

use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::person::Availability;
use ciranda_domain::team::Level;
use ciranda_text::Key;
use leptos::prelude::*;

use crate::desk::{Desk, use_desk};
use crate::parts::avatar::Avatar;
use crate::parts::dialog::Sheet;
use crate::parts::icon::{Glyph, Icon};
use crate::show::transfer::{Into, PersonChoice, TeamChoice, at_limit, matches, people, teams};
use crate::words::{t, tf};

/// A person chosen whose team must be asked for.
type Asked = Option<(PersonId, String, Vec<(TeamId, String)>)>;

/// The dialog.
#[component]
pub fn TransferDialog(id: ConversationId) -> impl IntoView {
    let desk = use_desk();
    let close = Callback::new(move |()| desk.dialog.set(None));
    let name = desk.look(|view| view.conversation(id).map(|head| head.contact.name.clone())).unwrap_or_default();
    let typed = RwSignal::new(String::new());
    let asked = RwSignal::new(None::<(PersonId, String, Vec<(TeamId, String)>)>);
    let body = move || match asked.get() {
        Some(asked) => ask_team(desk, id, asked).into_any(),
        None => view! { <Choices id typed asked/> }.into_any(),
    };
    view! {
        <Sheet title=tf(Key::TransferTitle, &[&name]) close>
            <div class="sheet-body">{body}</div>
        </Sheet>
    }
}

#[component]
fn Choices(id: ConversationId, typed: RwSignal<String>, asked: RwSignal<Asked>) -> impl IntoView {
    let desk = use_desk();
    let offered = Memo::new(move |_| {
        desk.track_reference();
        desk.look(|view| {
            let organisation = &view.reference().organisation;
            view.conversation(id).map(|head| (teams(organisation, head), people(organisation, head)))
        })
        .unwrap_or_default()
    });
    let hits = Memo::new(move |_| {
        let (mut teams, mut people) = offered.get();
        typed.with(|typed| {
            teams.retain(|team| matches(&team.name, typed));
            people.retain(|person| matches(&person.name, typed));
        });
        (teams, people)
    });
    let teams =
        move || hits.with(|(teams, _)| teams.iter().map(|team| team_button(desk, id, team)).collect::<Vec<_>>());
    let people = move || {
        hits.with(|(_, people)| people.iter().map(|person| person_button(desk, id, person, asked)).collect::<Vec<_>>())
    };
    // With one hit left there is nothing to choose.
    let enter = move |event: web_sys::KeyboardEvent| {
        if event.key() != "Enter" {
            return;
        }
        event.prevent_default();
        let (teams, people) = hits.get_untracked();
        match (teams.as_slice(), people.as_slice()) {
            ([team], []) => desk.transfer_to_team(id, team.id),
            ([], [person]) => choose(desk, id, person, asked),
            _ => {}
        }
    };
    view! {
        <input type="text" autocomplete="off" autofocus on:keydown=enter aria-label=t(Key::TransferFilter) placeholder=t(Key::TransferFilter)
            prop:value=move || typed.get() on:input=move |event| typed.set(event_target_value(&event))/>
        {section(Key::TransferToTeam, Key::TransferToTeamHint, teams)}
        {section(Key::TransferToPerson, Key::TransferToPersonHint, people)}
    }
}

fn section<V: IntoView + 'static>(
    title: Key,
    hint: Key,
    choices: impl Fn() -> Vec<V> + Send + 'static,
) -> impl IntoView {
    let body = move || {
        let choices = choices();
        if choices.is_empty() {
            view! { <p class="pick-hint">{t(Key::TransferNone)}</p> }.into_any()
        } else {
            choices.into_any()
        }
    };
    view! {
        <section class="pick">
            <h3>{t(title)}</h3>
            <p class="pick-hint">{t(hint)}</p>
            {body}
        </section>
    }
}

fn team_button(desk: Desk, id: ConversationId, team: &TeamChoice) -> impl IntoView + use<> {
    let to = team.id;
    let lock = match team.level {
        Level::Everyone => None,
        Level::Team => Some(Key::TeamRestricted),
        Level::Attendant => Some(Key::TeamAttendantOnly),
    };
    view! {
        <button on:click=move |_| desk.transfer_to_team(id, to)>
            <span class="glyph"><Glyph icon=Icon::Team/></span>
            <span>{team.name.clone()}" "{team.current.then(|| view! { <small>{t(Key::CurrentTeam)}</small> })}</span>
            {(!team.attended).then(|| view! { <small class="no">{t(Key::TeamNobody)}</small> })}
            {lock.map(|words| view! { <span class="no" title=t(words)><Glyph icon=Icon::Lock/><span class="sr">{t(words)}</span></span> })}
        </button>
    }
}

/// Transfers to a person, or asks first in which team.
fn choose(desk: Desk, id: ConversationId, person: &PersonChoice, asked: RwSignal<Asked>) {
    match &person.into {
        Into::Team(team) => desk.transfer_to_person(id, person.id, *team),
        Into::Ask(teams) => asked.set(Some((person.id, person.name.clone(), teams.clone()))),
    }
}

fn person_button(
    desk: Desk,
    id: ConversationId,
    person: &PersonChoice,
    asked: RwSignal<Asked>,
) -> impl IntoView + use<> {
    let chosen = person.clone();
    let full = desk.look(|view| at_limit(&view.reference().organisation, person, &view.loads()));
    let (class, icon, words) = match person.availability {
        Availability::Available => ("yes", Icon::Check, Key::Available),
        Availability::Unavailable => ("no", Icon::Close, Key::Unavailable),
    };
    view! {
        <button on:click=move |_| choose(desk, id, &chosen, asked)>
            <Avatar name=person.name.clone() class="av small"/>
            <span>{person.name.clone()}</span>
            <small class=class>{t(words)}</small>
            {full.map(|(held, most)| view! {
                <small class="no">{tf(Key::AtLimit, &[&held.to_string(), &most.to_string()])}</small>
            })}
            <span class=class aria-hidden="true"><Glyph icon/></span>
        </button>
    }
}

fn ask_team(
    desk: Desk,
    id: ConversationId,
    (person, name, teams): (PersonId, String, Vec<(TeamId, String)>),
) -> impl IntoView {
    let present = desk.look(|view| {
        let team = view.conversation(id)?.team;
        view.reference().organisation.teams.get(&team).map(|team| team.name.clone())
    });
    let choice = move |(team, name): (TeamId, String)| {
        view! {
            <button on:click=move |_| desk.transfer_to_person(id, person, team)>
                <span class="glyph"><Glyph icon=Icon::Team/></span><span>{name}</span>
            </button>
        }
    };
    view! {
        <p>{tf(Key::TransferWhichTeam, &[&name, &present.unwrap_or_default()])}</p>
        <div class="pick">{teams.into_iter().map(choice).collect_view()}</div>
    }
}
