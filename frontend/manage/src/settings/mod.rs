//! Ajustes: teams, people, business hours, access and the audit, for administrators.
//!
//! *Invariant:* forms are checked here by the very code that checks them on the server, and a refusal never takes away
//! what was typed. Only server functions change anything; what others change arrives over the link.
//!
//! Read in this order: `model` (what is said, pure), `store` (what is known), `draft` (a form being filled in), then the
//! pages.

mod access;
mod audit;
mod bar;
mod draft;
mod fate;
mod hours;
mod model;
mod people;
mod person;
mod store;
mod team;
mod teams;
mod view_as;
mod zones;

use ciranda_api::ErrorCode;
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{browser, entry, t};
use leptos::prelude::*;

use crate::link::use_link;
use model::place::{Place, Section};
use store::{Store, use_store};

/// The screen.
#[component]
pub fn SettingsScreen() -> impl IntoView {
    let link = use_link();
    let store = Store::begin(link);
    provide_context(store);
    let place = Memo::new(move |_| link.path.with(|path| Place::of(path)));
    Effect::new(move |_| name_tab(place.get().section()));
    // Not known yet, then whether this person administers.
    let allowed = Memo::new(move |_| store.administers());
    view! {
        <main class="page settings">
            <header><h1>{t(Say::Title)}</h1></header>
            {move || match allowed.get() {
                Some(false) => refused().into_any(),
                Some(true) => view! { <Sections place/><Body place/> }.into_any(),
                None => skeleton().into_any(),
            }}
        </main>
        {move || link.wanted.get().map(|to| view! { <bar::LeaveDialog to/> })}
    }
}

fn name_tab(section: Section) {
    browser::set_title(&[t(section.title()), " · ", t(Key::Settings), " · ", t(Key::Product)].concat());
}

#[component]
fn Sections(place: Memo<Place>) -> impl IntoView {
    let here = Memo::new(move |_| place.get().section());
    let way = move |section: Section| {
        view! {
            <li>{way_to(section.place(), move || t(section.label()), move || (here.get() == section).then_some("page"))}</li>
        }
    };
    view! {
        <nav class="subnav" aria-label=t(Say::SectionsLabel)><ul>{Section::ALL.map(way).into_iter().collect_view()}</ul></nav>
    }
}

/// A link to a page of Ajustes that loads nothing.
fn way_to<V: IntoView + 'static>(
    place: Place,
    content: impl FnOnce() -> V,
    current: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
) -> impl IntoView {
    let link = use_link();
    let address = place.address();
    let go = {
        let address = address.clone();
        move |click: web_sys::MouseEvent| {
            // With a key held the browser opens it in a tab of its own.
            if !(click.ctrl_key() || click.meta_key() || click.shift_key()) {
                click.prevent_default();
                link.go(&address);
            }
        }
    };
    view! { <a href=address aria-current=current on:click=go>{content()}</a> }
}

/// The page, once there is something to show on it.
#[component]
fn Body(place: Memo<Place>) -> impl IntoView {
    let store = use_store();
    let there = Memo::new(move |_| store.is_there());
    move || match (place.get(), there.get()) {
        // The audit asks for itself.
        (Place::Audit, _) => view! { <audit::AuditPage/> }.into_any(),
        (Place::As(id), _) => view! { <view_as::ViewAsPage id/> }.into_any(),
        (_, false) => waiting().into_any(),
        (Place::Teams, true) => view! { <teams::TeamsPage/> }.into_any(),
        (Place::NewTeam, true) => view! { <team::TeamPage/> }.into_any(),
        (Place::Team(id), true) => view! { <team::TeamPage id/> }.into_any(),
        (Place::People, true) => view! { <people::PeoplePage/> }.into_any(),
        (Place::NewPerson, true) => view! { <person::PersonPage/> }.into_any(),
        (Place::Person(id), true) => view! { <person::PersonPage id/> }.into_any(),
        (Place::Access, true) => view! { <access::AccessPage/> }.into_any(),
        (Place::Hours, true) => view! { <hours::HoursPage/> }.into_any(),
    }
}

/// While the forms are read, or cannot be.
fn waiting() -> impl IntoView {
    let store = use_store();
    move || match store.failed.get() {
        Some(code) => failed(code, Callback::new(move |()| store.reload())).into_any(),
        None => skeleton().into_any(),
    }
}

/// Something could not be read.
fn failed(code: ErrorCode, again: Callback<()>) -> impl IntoView {
    view! {
        <div class="page-note settings-failed" role="alert">
            <p>{explain(code)}</p>
            <button on:click=move |_| again.run(())>{t(Key::TryAgain)}</button>
        </div>
    }
}

/// An error of the API in words.
fn explain(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::NotAllowed => t(Say::NotAllowed),
        ErrorCode::Invalid => t(Key::ErrorInvalid),
        other => t(entry::explain(other)),
    }
}

fn skeleton() -> impl IntoView {
    view! {
        <div class="panel loading" role="status" aria-label=t(Say::LoadingSettings)>
            {(0..5).map(|_| view! { <span></span> }).collect_view()}
        </div>
    }
}

/// For whoever is no administrator.
fn refused() -> impl IntoView {
    view! {
        <div class="page-note settings-refused">
            <Glyph icon=Icon::Lock/>
            <h2>{t(Say::RefusedTitle)}</h2>
            <p>{t(Say::RefusedLead)}</p>
        </div>
    }
}

/// A form's title: the name as it is typed, the one that is saved while it is empty, or what is being made.
fn title(typed: &str, saved: &str, new: Say) -> String {
    let name = [typed, saved].into_iter().find(|name| !name.trim().is_empty());
    name.map_or_else(|| t(new).to_owned(), str::to_owned)
}

/// The way back from a form to its list, and the form's title.
fn head(back: Place, title: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    view! {
        <div class="form-head">
            {way_to(back, move || view! { <Glyph icon=Icon::Back/>{t(back.section().title())} }, || None)}
            <h2>{title}</h2>
        </div>
    }
}
