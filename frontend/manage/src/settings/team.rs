//! The form of a team, new or present.

mod alerts;
mod deletion;
pub use deletion::{open_said, said};
mod distributing;
mod matrix;

use ciranda_api::{Rev, TeamEntry};
use ciranda_domain::ids::TeamId;
use ciranda_domain::settings::{DistributionForm, Fault, FaultKind, Field, TeamForm, Thresholds};
use ciranda_domain::team::Level;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{t, tf};
use leptos::prelude::*;

use super::bar;
use super::draft::Draft;
use super::fate::FateDialog;
use super::model::place::Place;
use super::model::summary;
use super::store::{Store, use_store};
use super::{head, title};
use crate::fields::{self, Choice, Kind};
use crate::ids;

/// A team and when the board raises alerts for it: one form, saved whole or not at all.
pub type Filled = (TeamForm, Thresholds);

/// The page.
#[component]
pub fn TeamPage(#[prop(optional)] id: Option<TeamId>) -> impl IntoView {
    let store = use_store();
    let gone = Memo::new(move |_| id.is_some_and(|id| store.team(id).is_none()));
    move || {
        if gone.get() {
            view! { {head(Place::Teams, || t(Say::Teams).to_owned())}<p class="page-note">{t(Say::TeamGone)}</p> }
                .into_any()
        } else {
            view! { <Filling id/> }.into_any()
        }
    }
}

fn fresh() -> TeamForm {
    TeamForm {
        name: String::new(),
        is_default: false,
        instead_of: None,
        level: Level::Team,
        distribution: DistributionForm::default(),
        people: Vec::new(),
    }
}

fn filled(entry: &TeamEntry) -> (Filled, Rev) {
    ((entry.form.clone(), entry.thresholds), entry.rev.clone())
}

fn check(store: Store, team: TeamId, (form, thresholds): &Filled) -> Vec<Fault> {
    let mut faults = store.organisation(|organisation| form.check(team, organisation)).err().unwrap_or_default();
    faults.extend(thresholds.check().err().unwrap_or_default());
    faults
}

#[component]
fn Filling(id: Option<TeamId>) -> impl IntoView {
    let store = use_store();
    let team = id.unwrap_or_else(|| TeamId(ids::fresh()));
    let read = move || id.and_then(|id| store.team(id)).map(|entry| filled(&entry));
    let draft = Draft::begin(store, || (fresh(), Thresholds::USUAL), read, move |filled| check(store, team, filled));
    let name = draft.value(|(form, _)| form.name.clone());
    let title = move || title(&name.get(), &draft.base.read().0.name, Say::NewTeam);
    let save = Callback::new(move |()| send(draft, team, id.is_none(), None));
    view! {
        {head(Place::Teams, title)}
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); save.run(()); }>
            {identity(draft)}
            <matrix::Matrix draft/>
            <distributing::Distributing draft team/>
            <alerts::Alerts draft/>
            {bar::bar(draft, save, if id.is_none() { Say::CreateTeam } else { Say::Save }, id.is_none())}
        </form>
        {id.map(|id| view! { <deletion::Deletion team=id/> })}
        {move || draft.asks_fate().map(|open| view! {
            <FateDialog open title=t(Say::LeavingTitle).to_owned() lead=(Say::LeavingLeadOne, Say::LeavingLeadMany) leaving=None
                act=Say::Save close=Callback::new(move |()| draft.forget_fate())
                chosen=Callback::new(move |fate| { draft.forget_fate(); send(draft, team, false, Some(fate)); })/>
        })}
    }
}

/// A second default team is refused until somebody says that this one takes the place of the present one.
fn takes_over(draft: Draft<Filled>) -> Option<AnyView> {
    let store = use_store();
    let name = |team| store.names(|names| names.team(team));
    if let Some(from) = draft.form.with(|(form, _)| form.instead_of) {
        let told = tf(Say::DefaultMoves, &[&name(from)]);
        return Some(view! { <p class="warn soon" role="status"><Glyph icon=Icon::Info/>{told}</p> }.into_any());
    }
    let FaultKind::SecondDefault { present } = draft.fault(Field::DefaultTeam)?.kind else { return None };
    let replace = move |_| draft.change(Field::DefaultTeam, |(form, _)| form.instead_of = Some(present));
    let act = tf(Say::DefaultReplaces, &[&name(present)]);
    Some(view! { <p><button type="button" on:click=replace>{act}</button></p> }.into_any())
}

/// Name, default, level.
fn identity(draft: Draft<Filled>) -> impl IntoView {
    let name = fields::text(
        &draft.about(Field::Name, t(Say::Name)),
        Kind::Plain,
        draft.value(|(form, _)| form.name.clone()),
        draft.edit(Field::Name, |(form, _): &mut Filled, name| form.name = name),
    );
    let default = fields::switch(
        &draft.about(Field::DefaultTeam, t(Say::DefaultTeam)).hint(t(Say::DefaultTeamHint)),
        draft.value(|(form, _)| form.is_default),
        draft.pick(Field::DefaultTeam, |(form, _): &mut Filled, on| {
            form.is_default = on;
            form.instead_of = None;
        }),
    );
    let levels = [Level::Everyone, Level::Team, Level::Attendant].map(|level| {
        let (title, effect) = summary::level(level);
        Choice::new(level, t(title), t(effect))
    });
    let level = fields::choice(
        &draft.about(Field::Level, t(Say::Level)).hint(t(Say::LevelHint)),
        levels.into(),
        draft.value(|(form, _)| form.level),
        draft.pick(Field::Level, |(form, _): &mut Filled, level| form.level = level),
    );
    view! {
        <section class="panel">
            <h2>{t(Say::TeamIdentity)}</h2>
            <div class="panel-body">{name}{default}{move || takes_over(draft)}{level}</div>
        </section>
    }
}

/// Creates or saves.
fn send(draft: Draft<Filled>, team: TeamId, new: bool, leaving: Option<ciranda_domain::settings::Fate>) {
    let link = draft.link();
    let request = move |rev: Rev, (form, thresholds): Filled| async move {
        let saved = if new {
            ciranda_api::create_team(team, form, Some(thresholds)).await
        } else {
            ciranda_api::save_team(team, rev, form, Some(thresholds), leaving).await
        };
        saved.map(|saved| saved.rev)
    };
    let saved = move || {
        link.say(t(if new { Say::TeamCreated } else { Say::TeamSaved }));
        if new {
            link.kept.set(None);
            link.go(&Place::Teams.address());
        }
    };
    draft.save(request, saved, move |settings| settings.teams.iter().find(|entry| entry.id == team).map(filled));
}
