//! What one does to a person at once, apart from their form: availability, invitation, "Ver como"; and, at the foot,
//! blocking and deleting with the fate of what they hold.

use ciranda_api::{ApiError, Invited, OpenCounts, PersonEntry};
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::{Availability, PersonStatus};
use ciranda_domain::settings::Change;
use ciranda_domain::settings::check_change;
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::parts::icon::{Glyph, Icon};
use ciranda_ui::{t, tf};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::LinkDialog;
use crate::fields::{self, About};
use crate::settings::fate::{Choosing, Confirming, choices};
use crate::settings::model::{faults, place::Place};
use crate::settings::people::status;
use crate::settings::store::{Store, use_store};
use crate::settings::team::{open_said, said};
use crate::settings::zones;

/// The panel above the form.
#[component]
pub fn Acts(person: PersonId) -> impl IntoView {
    let store = use_store();
    let link = store.link;
    let entry = Memo::new(move |_| store.person(person));
    let invited = RwSignal::new(None::<Invited>);
    let see = move |_| link.go(&Place::As(person).address());
    let chip = move || {
        entry
            .with(|entry| entry.as_ref().and_then(status))
            .map(|(tone, text)| view! { <span class=["mark-chip ", tone].concat()>{text}</span> })
    };
    let until = move || {
        let invite = entry.with(|entry| entry.as_ref()?.invite.filter(|invite| !invite.expired))?;
        Some(view! { <span class="field-hint">{tf(Say::InviteUntil, &[&zones::stamp(store, invite.until)])}</span> })
    };
    let waits = Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.invite.is_some())));
    let active = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.status == PersonStatus::Active))
    });
    view! {
        <section class="panel">
            <div class="panel-row person-acts">
                {move || (active.get() && !waits.get()).then(|| availability(store, person, entry))}
                {chip}
                {until}
                <span class="grow"></span>
                {move || (active.get() && waits.get()).then(|| resend(store, person, invited))}
                <button on:click=see>{t(Say::SeeAs)}</button>
            </div>
        </section>
        {move || invited.get().map(|one| view! { <LinkDialog invited=one close=Callback::new(move |()| invited.set(None))/> })}
    }
}

/// Changed at once (OVF-12); the switch shows what was asked until the server has said it.
fn availability(store: Store, person: PersonId, entry: Memo<Option<PersonEntry>>) -> impl IntoView {
    let asked = RwSignal::new(None::<bool>);
    let on = Signal::derive(move || {
        asked.get().unwrap_or_else(|| {
            entry.with(|entry| entry.as_ref().is_some_and(|entry| entry.availability == Availability::Available))
        })
    });
    let set = Callback::new(move |on: bool| {
        asked.set(Some(on));
        let availability = if on { Availability::Available } else { Availability::Unavailable };
        spawn_local(async move {
            let answer = ciranda_api::set_availability_of(person, availability).await;
            store.load().await;
            asked.set(None);
            match answer {
                Ok(()) => store.link.say(t(Say::AvailabilitySaved)),
                Err(error) => store.link.say(&said(store, &error)),
            }
        });
    });
    let about = About::plain("field-availability", t(Key::Available)).hint(t(Say::AvailabilityHint));
    fields::switch(&about, on, set)
}

fn resend(store: Store, person: PersonId, invited: RwSignal<Option<Invited>>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let again = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = ciranda_api::resend_invite(person).await;
            busy.set(false);
            match answer {
                Ok(one) => {
                    invited.set(Some(one));
                    store.reload();
                }
                Err(error) => store.link.say(&said(store, &error)),
            }
        });
    };
    view! { <button disabled=move || busy.get() || !store.is_live() on:click=again>{t(Say::Resend)}</button> }
}

/// What ends somebody's work here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ending {
    Block,
    Delete,
}

impl Ending {
    const fn words(self) -> [Say; 4] {
        match self {
            Self::Block => [Say::BlockTitle, Say::BlockHint, Say::BlockDo, Say::PersonBlockedNow],
            Self::Delete => [Say::DeletePersonTitle, Say::DeletePersonHint, Say::DeletePersonDo, Say::PersonDeletedNow],
        }
    }

    const fn status(self) -> PersonStatus {
        match self {
            Self::Block => PersonStatus::Blocked,
            Self::Delete => PersonStatus::Deleted,
        }
    }
}

/// The panel at the foot.
#[component]
pub fn Endings(person: PersonId) -> impl IntoView {
    let store = use_store();
    let asking = RwSignal::new(None::<Ending>);
    let blocked = Memo::new(move |_| store.person(person).is_some_and(|entry| entry.status == PersonStatus::Blocked));
    view! {
        <section class="panel danger">
            {move || if blocked.get() { unblock(store, person).into_any() } else { row(store, person, Ending::Block, asking).into_any() }}
            {row(store, person, Ending::Delete, asking)}
        </section>
        {move || asking.get().map(|ending| view! { <EndDialog person ending close=Callback::new(move |()| asking.set(None))/> })}
    }
}

fn unblock(store: Store, person: PersonId) -> impl IntoView {
    let busy = RwSignal::new(false);
    let again = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = ciranda_api::unblock_person(person).await;
            busy.set(false);
            match answer {
                Ok(()) => {
                    store.link.say(t(Say::PersonUnblockedNow));
                    store.reload();
                }
                Err(error) => store.link.say(&said(store, &error)),
            }
        });
    };
    view! {
        <div class="panel-row">
            <p><b>{t(Say::Unblock)}</b>{t(Say::UnblockHint)}</p>
            <button disabled=move || busy.get() || !store.is_live() on:click=again>{t(Say::Unblock)}</button>
        </div>
    }
}

fn row(store: Store, person: PersonId, ending: Ending, asking: RwSignal<Option<Ending>>) -> impl IntoView {
    let [_, hint, act, _] = ending.words();
    // Oneself and the last administrator are told why not before anybody tries.
    let refusal = Memo::new(move |_| {
        let by = store.me()?;
        store.organisation(|organisation| check_change(person, Change::Status(ending.status()), by, organisation).err())
    });
    let why = move || refusal.get().map(|fault| store.names(|names| faults::said(&fault, names)));
    view! {
        <div class="panel-row">
            <p><b>{t(act)}</b>{move || why().unwrap_or_else(|| t(hint).to_owned())}</p>
            <button disabled=move || refusal.with(Option::is_some) || !store.is_live() on:click=move |_| asking.set(Some(ending))>{t(act)}</button>
        </div>
    }
}

#[component]
fn EndDialog(person: PersonId, ending: Ending, close: Callback<()>) -> impl IntoView {
    let store = use_store();
    let [title, hint, act, done] = ending.words();
    let name = untrack(|| store.names(|names| names.person(person)));
    let counts = RwSignal::new(None::<Result<OpenCounts, ApiError>>);
    let look = move || spawn_local(async move { counts.set(Some(ciranda_api::preview_delete_person(person).await)) });
    look();
    let confirming = Confirming::begin(&name);
    let choosing = Choosing::begin(store, Some(person));
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let end = move |open: OpenCounts| {
        if busy.get_untracked() {
            return;
        }
        let fate = (open.in_progress > 0).then(|| choosing.fate());
        busy.set(true);
        spawn_local(async move {
            let answer = match ending {
                Ending::Block => ciranda_api::block_person(person, fate).await,
                Ending::Delete => ciranda_api::delete_person(person, fate).await,
            };
            busy.set(false);
            match answer {
                Ok(()) => {
                    // It may have been closed by hand meanwhile.
                    _ = close.try_run(());
                    store.link.say(t(done));
                    store.reload();
                    if ending == Ending::Delete {
                        store.link.kept.set(None);
                        store.link.go(&Place::People.address());
                    }
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
                <p>{t(hint)}</p>
                <p>{open_said(open)}</p>
                {(open.pending > 0).then(|| view! { <p>{t(Say::PassedOn)}</p> })}
                {(open.in_progress > 0).then(|| choices(store, choosing, Some(person)))}
                {confirming.field(open, move || end(open))}
                {move || error.get().map(|error| view! { <p class="warn shut" role="alert"><Glyph icon=Icon::Alert/>{error}</p> })}
            </div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main harm" disabled=move || busy.get() || !confirming.is_given(open) on:click=move |_| end(open)>{t(act)}</button>
            </footer>
        }
        .into_any(),
    }
    };
    view! { <Sheet title=tf(title, &[&name]) close>{body}</Sheet> }
}
