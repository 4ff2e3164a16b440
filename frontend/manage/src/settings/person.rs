//! The form of a person, invited or present.

mod acts;
mod matrix;

use ciranda_api::{Invited, PersonEntry, Rev};
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::Profile;
use ciranda_domain::settings::{Fate, Fault, Field, PersonForm};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{browser, t};
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

/// The page.
#[component]
pub fn PersonPage(#[prop(optional)] id: Option<PersonId>) -> impl IntoView {
    let store = use_store();
    let gone = Memo::new(move |_| id.is_some_and(|id| store.person(id).is_none()));
    move || {
        if gone.get() {
            view! { {head(Place::People, || t(Say::People).to_owned())}<p class="page-note">{t(Say::PersonGone)}</p> }
                .into_any()
        } else {
            view! { <Filling id/> }.into_any()
        }
    }
}

fn fresh() -> PersonForm {
    PersonForm {
        name: String::new(),
        email: String::new(),
        phone: String::new(),
        profile: Profile::Attendant,
        memberships: Vec::new(),
    }
}

fn filled(entry: &PersonEntry) -> (PersonForm, Rev) {
    (entry.form.clone(), entry.rev.clone())
}

fn check(store: Store, person: PersonId, form: &PersonForm) -> Vec<Fault> {
    let by = store.me().unwrap_or(person);
    let logins = store.logins();
    store.organisation(|organisation| form.check(person, by, organisation, &logins)).err().unwrap_or_default()
}

#[component]
fn Filling(id: Option<PersonId>) -> impl IntoView {
    let store = use_store();
    let person = id.unwrap_or_else(|| PersonId(ids::fresh()));
    let read = move || id.and_then(|id| store.person(id)).map(|entry| filled(&entry));
    let draft = Draft::begin(store, fresh, read, move |form| check(store, person, form));
    let name = draft.value(|form| form.name.clone());
    let title = move || title(&name.get(), &draft.base.read().name, Say::InviteTitle);
    let invited = RwSignal::new(None::<Invited>);
    let save = Callback::new(move |()| send(draft, person, id.is_none(), None, invited));
    let done = Callback::new(move |()| {
        invited.set(None);
        store.link.go(&Place::People.address());
    });
    view! {
        {head(Place::People, title)}
        {id.map(|id| view! { <acts::Acts person=id/> })}
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); save.run(()); }>
            {identity(draft)}
            <matrix::Teams draft person/>
            {bar::bar(draft, save, if id.is_none() { Say::InviteDo } else { Say::Save }, id.is_none())}
        </form>
        {id.map(|id| view! { <acts::Endings person=id/> })}
        {move || invited.get().map(|invited| view! { <LinkDialog invited close=done/> })}
        {move || draft.asks_fate().map(|open| view! {
            <FateDialog open title=t(Say::LeavingTitle).to_owned() lead=(Say::PersonLeavingLeadOne, Say::PersonLeavingLeadMany) leaving=Some(person)
                act=Say::Save close=Callback::new(move |()| draft.forget_fate())
                chosen=Callback::new(move |fate| { draft.forget_fate(); send(draft, person, false, Some(fate), invited); })/>
        })}
    }
}

/// Name, login, profile.
fn identity(draft: Draft<PersonForm>) -> impl IntoView {
    let name = fields::text(
        &draft.about(Field::Name, t(Say::Name)).hint(t(Say::PersonNameHint)),
        Kind::Plain,
        draft.value(|form| form.name.clone()),
        draft.edit(Field::Name, |form: &mut PersonForm, name| form.name = name),
    );
    let email = fields::text(
        &draft.about(Field::Email, t(Say::Email)).hint(t(Say::EmailHint)),
        Kind::Email,
        draft.value(|form| form.email.clone()),
        draft.edit(Field::Email, |form: &mut PersonForm, email| form.email = email),
    );
    let phone = fields::text(
        &draft.about(Field::Phone, t(Say::Phone)).hint(t(Say::PhoneHint)),
        Kind::Phone,
        draft.value(|form| form.phone.clone()),
        draft.edit(Field::Phone, |form: &mut PersonForm, phone| form.phone = phone),
    );
    let profiles = [
        (Profile::Attendant, Say::AttendantEffect),
        (Profile::Restricted, Say::RestrictedEffect),
        (Profile::Administrator, Say::AdministratorEffect),
    ];
    let profiles = profiles.map(|(one, effect)| Choice::new(one, t(summary::profile(one)), t(effect)));
    let profile = fields::choice(
        &draft.about(Field::Profile, t(Say::Profile)),
        profiles.into(),
        draft.value(|form| form.profile),
        draft.pick(Field::Profile, |form: &mut PersonForm, profile| form.profile = profile),
    );
    view! {
        <section class="panel">
            <h2>{t(Say::PersonIdentity)}</h2>
            <div class="panel-body">{name}<div class="pairs">{email}{phone}</div>{profile}</div>
        </section>
    }
}

/// Invites or saves.
fn send(
    draft: Draft<PersonForm>,
    person: PersonId,
    new: bool,
    leaving: Option<Fate>,
    invited: RwSignal<Option<Invited>>,
) {
    let link = draft.link();
    let request = move |rev: Rev, form: PersonForm| async move {
        if new {
            let answer = ciranda_api::invite_person(person, form).await?;
            let rev = answer.rev.clone();
            invited.set(Some(answer));
            Ok(rev)
        } else {
            Ok(ciranda_api::save_person(person, rev, form, leaving).await?.rev)
        }
    };
    let saved = move || {
        if !new {
            link.say(t(Say::PersonSaved));
        }
    };
    draft.save(request, saved, move |settings| settings.people.iter().find(|entry| entry.id == person).map(filled));
}

/// The one-time link, to be handed on; without one it was sent by e-mail.
#[component]
pub fn LinkDialog(invited: Invited, close: Callback<()>) -> impl IntoView {
    let copied = RwSignal::new(false);
    let body = match invited.link {
        None => view! { <p>{t(Say::InviteMailed)}</p> }.into_any(),
        Some(link) => {
            let shown = link.clone();
            let copy = move |_| {
                browser::copy(&link);
                copied.set(true);
            };
            view! {
                <p>{t(Say::InviteLinkLead)}</p>
                <input type="text" readonly id="invite-link" class="link-shown" aria-label=t(Say::InviteLink) prop:value=shown.clone()/>
                <p class="sr" role="status">{move || copied.get().then(|| t(Key::Copied))}</p>
                <button class="main" autofocus on:click=copy>{move || t(if copied.get() { Key::Copied } else { Key::Copy })}</button>
            }
            .into_any()
        }
    };
    view! {
        <Sheet title=t(Say::InvitedTitle).to_owned() close>
            <div class="sheet-body">{body}</div>
            <footer><button on:click=move |_| close.run(())>{t(Key::Close)}</button></footer>
        </Sheet>
    }
}
