//! The list of people, with a search.

use ciranda_api::PersonEntry;
use ciranda_domain::person::{Availability, PersonStatus};
use ciranda_domain::settings::fold;
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::avatar::Avatar;
use ciranda_ui::t;
use leptos::prelude::*;

use super::model::names::listed;
use super::model::place::Place;
use super::model::summary;
use super::store::{Store, use_store};
use super::way_to;
use crate::fields::{self, About, Kind};
use crate::link::use_link;

/// The page.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let store = use_store();
    let link = use_link();
    let typed = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let typed = fold(&typed.get());
        let mut people = store.with(|settings| settings.people.clone()).unwrap_or_default();
        people.retain(|person| [&person.form.name, &person.form.email].iter().any(|text| fold(text).contains(&typed)));
        people
    });
    let search = fields::text(
        &About::plain("people-search", t(Say::SearchPerson)),
        Kind::Search,
        typed.into(),
        Callback::new(move |text| typed.set(text)),
    );
    let none = move || found.with(Vec::is_empty).then(|| view! { <p class="panel-lead">{t(Say::NobodyFound)}</p> });
    view! {
        <div class="list-top">
            <div class="search">{search}</div>
            <button class="main" on:click=move |_| link.go(&Place::NewPerson.address())>{t(Say::Invite)}</button>
        </div>
        <section class="panel">
            <ul class="entries">{move || found.get().into_iter().map(|person| view! { <Line person/> }).collect_view()}</ul>
            {none}
        </section>
    }
}

#[component]
fn Line(person: PersonEntry) -> impl IntoView {
    let store = use_store();
    let id = person.id;
    let teams = untrack(|| teams_of(store, &person));
    let available = person.availability == Availability::Available;
    let status = status(&person);
    let state = if person.status == PersonStatus::Active && person.invite.is_none() {
        Some(t(if available { Key::Available } else { Key::Unavailable }))
    } else {
        None
    };
    let shown = (person.status == PersonStatus::Active && person.invite.is_none()).then_some(available);
    let me = move || (store.me() == Some(id)).then(|| view! { <span class="mark-chip">{t(Key::You)}</span> });
    let name = person.form.name.clone();
    let login = [person.form.email.as_str(), person.form.phone.as_str()];
    let login = login.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <li class="listed">
            <Avatar name=person.form.name.clone() available=shown/>
            <div class="listed-main">
                <h3>{way_to(Place::Person(id), move || name, || None)}{me}{status.map(|(tone, text)| view! { <span class=["mark-chip ", tone].concat()>{text}</span> })}</h3>
                <p>{login}</p>
            </div>
            <div class="listed-side">
                <p>{t(summary::profile(person.form.profile))}{state.map(|state| [" · ", state].concat())}</p>
                <p>{if teams.is_empty() { t(Say::NoTeam).to_owned() } else { listed(&teams) }}</p>
            </div>
        </li>
    }
}

/// Blocked, invited, or an invitation that ran out.
pub fn status(person: &PersonEntry) -> Option<(&'static str, &'static str)> {
    match (person.status, person.invite) {
        (PersonStatus::Blocked, _) => Some(("shut", t(Say::Blocked))),
        (PersonStatus::Active | PersonStatus::Deleted, Some(invite)) if invite.expired => {
            Some(("soon", t(Say::InviteExpired)))
        }
        (PersonStatus::Active | PersonStatus::Deleted, Some(_)) => Some(("calm", t(Say::Invited))),
        (PersonStatus::Active | PersonStatus::Deleted, None) => None,
    }
}

/// `Suporte`, `Jurídico (Supervisor)`.
fn teams_of(store: Store, person: &PersonEntry) -> Vec<String> {
    let memberships = person.form.memberships.iter().filter(|m| m.attends || m.supervises);
    let mut teams: Vec<String> = memberships
        .map(|m| {
            let name = store.names(|names| names.team(m.team));
            if m.supervises { [&name, " (", summary::role(m.attends, m.supervises), ")"].concat() } else { name }
        })
        .collect();
    teams.sort_by_key(|name| fold(name));
    teams
}
