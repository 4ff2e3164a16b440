//! Deleting a team: what is open, and what becomes of it.

use ciranda_api::{ApiError, OpenCounts};
use ciranda_domain::ids::TeamId;
use ciranda_domain::settings::{Fault, Field, TeamFate, check_deletion};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::fields::{self, About, Choice};
use crate::settings::explain;
use crate::settings::fate::Confirming;
use crate::settings::model::{faults, place::Place, summary};
use crate::settings::store::{Store, use_store};

/// The panel at the foot of a present team.
#[component]
pub fn Deletion(team: TeamId) -> impl IntoView {
    let store = use_store();
    let asking = RwSignal::new(false);
    // The default team says why not before anybody tries.
    let refusal = Memo::new(move |_| store.organisation(|organisation| check_deletion(team, organisation).err()));
    let why = move || refusal.get().map(|fault| store.names(|names| faults::said(&fault, names)));
    view! {
        <section class="panel danger">
            <div class="panel-row">
                <p><b>{t(Say::DeleteTeam)}</b>{move || why().unwrap_or_else(|| t(Say::DeleteTeamHint).to_owned())}</p>
                <button disabled=move || refusal.with(Option::is_some) || !store.is_live() on:click=move |_| asking.set(true)>{t(Say::DeleteTeamDo)}</button>
            </div>
        </section>
        {move || asking.get().then(|| view! { <DeleteDialog team close=Callback::new(move |()| asking.set(false))/> })}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Conclude,
    Move,
}

#[component]
fn DeleteDialog(team: TeamId, close: Callback<()>) -> impl IntoView {
    let store = use_store();
    let name = untrack(|| store.names(|names| names.team(team)));
    let counts = RwSignal::new(None::<Result<OpenCounts, ApiError>>);
    let look = move || spawn_local(async move { counts.set(Some(ciranda_api::preview_delete_team(team).await)) });
    look();
    let confirming = Confirming::begin(&name);
    let way = RwSignal::new(Way::Move);
    let others = others(store, team);
    let to = RwSignal::new(others.first().map(|(id, _)| *id));
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let delete = move |open: OpenCounts| {
        if busy.get_untracked() {
            return;
        }
        let fate = match (open.pending + open.in_progress, way.get_untracked(), to.get_untracked()) {
            (0, ..) => None,
            (_, Way::Conclude, _) => Some(TeamFate::Conclude),
            (_, Way::Move, to) => to.map(TeamFate::MoveTo),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = ciranda_api::delete_team(team, fate).await;
            busy.set(false);
            match answer {
                Ok(()) => {
                    store.link.kept.set(None);
                    store.link.say(t(Say::TeamDeleted));
                    store.reload();
                    store.link.go(&Place::Teams.address());
                }
                Err(refused) => {
                    error.set(Some(said(store, &refused)));
                    // It may have been asked about what is not so any more.
                    look();
                }
            }
        });
    };
    let body = move || {
        match counts.get() {
        None => view! { <div class="sheet-body"><p role="status">{t(Say::Counting)}</p></div> }.into_any(),
        Some(Err(refused)) => {
            view! { <div class="sheet-body"><p class="warn shut" role="alert">{said(store, &refused)}</p></div> }.into_any()
        }
        Some(Ok(open)) => view! {
            <div class="sheet-body">
                <p>{open_said(open)}</p>
                {(open.pending + open.in_progress > 0).then(|| choices(store, way, to, &others))}
                {confirming.field(open, move || delete(open))}
                {move || error.get().map(|error| view! { <p class="warn shut" role="alert"><Glyph icon=Icon::Alert/>{error}</p> })}
            </div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main harm" disabled=move || busy.get() || !confirming.is_given(open) on:click=move |_| delete(open)>{t(Say::DeleteTeamDo)}</button>
            </footer>
        }
        .into_any(),
    }
    };
    view! { <Sheet title=tf(Say::DeleteTeamTitle, &[&name]) close>{body}</Sheet> }
}

/// The other teams.
fn others(store: Store, team: TeamId) -> Vec<(TeamId, String)> {
    let teams = store.with_untracked(|settings| {
        let others = settings.teams.iter().filter(|other| other.id != team);
        others.map(|other| (other.id, other.form.name.clone())).collect::<Vec<_>>()
    });
    teams.unwrap_or_default()
}

/// Conclude or move; where the other team is seen by others, that is said.
fn choices(
    store: Store,
    way: RwSignal<Way>,
    to: RwSignal<Option<TeamId>>,
    others: &[(TeamId, String)],
) -> impl IntoView + use<> {
    let about = About::plain("field-fate", t(Say::FateLabel));
    let cards = vec![
        Choice::new(Way::Conclude, t(Say::FateConclude), t(Say::FateConcludeText)),
        Choice::new(Way::Move, t(Say::FateMove), t(Say::FateMoveText)),
    ];
    let options: Vec<_> = others.iter().map(|(id, name)| (Some(*id), name.clone())).collect();
    let level = move || {
        let id = to.get()?;
        let entry = store.team(id)?;
        Some(t(summary::level(entry.form.level).1))
    };
    let set_to = Callback::new(move |team| to.set(team));
    view! {
        {fields::choice(&about, cards, way.into(), Callback::new(move |one| way.set(one)))}
        {move || (way.get() == Way::Move).then(|| view! {
            {fields::select(&About::plain("fate-team", t(Say::FateTeam)), options.clone(), to.into(), set_to)}
            <p class="field-hint">{level}</p>
        })}
    }
}

/// How much is open, in words.
pub fn open_said(open: OpenCounts) -> String {
    match open.pending + open.in_progress {
        0 => t(Say::PreviewNothing).to_owned(),
        all => {
            let parts = summary::counted(open);
            [words().count(all, Say::PreviewOne, Say::PreviewMany), " (".to_owned(), parts, ").".to_owned()].concat()
        }
    }
}

/// Why an act was refused; what is about a team says which.
pub fn said(store: Store, error: &ApiError) -> String {
    let first = error.faults().into_iter().next();
    let said = |fault: Fault| {
        untrack(|| {
            store.names(|names| match fault.field {
                Field::Team(team) => [&names.team(team), ": ", &faults::said(&fault, names)].concat(),
                _ => faults::said(&fault, names),
            })
        })
    };
    first.map_or_else(|| explain(error.code).to_owned(), said)
}
