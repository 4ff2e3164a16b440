//! The list of teams.

use ciranda_api::TeamEntry;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{t, words};
use leptos::prelude::*;

use super::model::place::Place;
use super::model::summary;
use super::store::use_store;
use super::way_to;
use crate::link::use_link;

/// The page.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let store = use_store();
    let link = use_link();
    let teams = move || store.with(|settings| settings.teams.clone()).unwrap_or_default();
    view! {
        <div class="list-top">
            <p>{t(Say::TeamsLead)}</p>
            <button class="main" on:click=move |_| link.go(&Place::NewTeam.address())>{t(Say::NewTeam)}</button>
        </div>
        <section class="panel">
            <ul class="entries">{move || teams().into_iter().map(|team| view! { <Line team/> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn Line(team: TeamEntry) -> impl IntoView {
    let store = use_store();
    let id = team.id;
    let open = Memo::new(move |_| store.link.known.with(|known| summary::open_in(id, &known.heads)));
    let open = move || summary::counted(open.get());
    let form = &team.form;
    let people = form.people.iter().filter(|line| line.attends || line.supervises).count();
    let people = words().count(u32::try_from(people).unwrap_or(u32::MAX), Say::PersonOne, Say::PersonMany);
    let nobody = !form.people.iter().any(|line| line.attends);
    let (level, _) = summary::level(form.level);
    let distribution = summary::distribution(&form.distribution);
    let default = form.is_default.then(|| view! { <span class="mark-chip">{t(Say::DefaultMark)}</span> });
    let name = form.name.clone();
    view! {
        <li class="listed">
            <span class="glyph"><Glyph icon=Icon::Team/></span>
            <div class="listed-main">
                <h3>{way_to(Place::Team(id), move || name, || None)}{default}</h3>
                <p>{t(Say::LevelShort)}": "{t(level)}" · "{distribution}</p>
            </div>
            <div class="listed-side">
                <p>{people}{nobody.then(|| view! { <span class="soon-text">" · "{t(Say::NobodyAttends)}</span> })}</p>
                <p>{open}</p>
            </div>
        </li>
    }
}
