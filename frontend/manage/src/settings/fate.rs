//! What becomes of the conversations that somebody holds, when they leave a team or the account.

use ciranda_api::OpenCounts;
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::PersonStatus;
use ciranda_domain::settings::{Fate, fold};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{t, tf, words};
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::store::{Store, use_store};
use crate::fields::{self, About, Choice, Kind};

/// The three ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Return,
    Transfer,
    Conclude,
}

/// A choice being made; cheap to copy.
#[derive(Clone, Copy)]
pub struct Choosing {
    way: RwSignal<Way>,
    to: RwSignal<Option<PersonId>>,
}

impl Choosing {
    /// Begins with the way that loses nothing.
    pub fn begin(store: Store, leaving: Option<PersonId>) -> Self {
        let to = receivers(store, leaving).first().map(|(id, _)| *id);
        Self { way: RwSignal::new(Way::Return), to: RwSignal::new(to.flatten()) }
    }

    /// What is chosen.
    pub fn fate(self) -> Fate {
        match (self.way.get_untracked(), self.to.get_untracked()) {
            (Way::Conclude, _) => Fate::Conclude,
            (Way::Transfer, Some(to)) => Fate::Transfer(to),
            (Way::Return, _) | (Way::Transfer, None) => Fate::ReturnToQueue,
        }
    }
}

fn receivers(store: Store, leaving: Option<PersonId>) -> Vec<(Option<PersonId>, String)> {
    store.link.known.with_untracked(|known| {
        let people = known.reference.organisation.people.values();
        let able = people.filter(|person| person.status == PersonStatus::Active && Some(person.id) != leaving);
        let mut able: Vec<_> = able.map(|person| (Some(person.id), person.name.clone())).collect();
        able.sort_by_key(|(_, name)| fold(name));
        able
    })
}

/// The three ways as cards, and to whom.
pub fn choices(store: Store, choosing: Choosing, leaving: Option<PersonId>) -> impl IntoView {
    // The one that asks for more comes last, so that what it asks for stands below it.
    let cards = vec![
        Choice::new(Way::Return, t(Say::FateReturn), t(Say::FateReturnText)),
        Choice::new(Way::Conclude, t(Say::FateConclude), t(Say::FateConcludeText)),
        Choice::new(Way::Transfer, t(Say::FateTransfer), t(Say::FateTransferText)),
    ];
    let people = receivers(store, leaving);
    let (way, to) = (choosing.way, choosing.to);
    let set = Callback::new(move |person| to.set(person));
    view! {
        {fields::choice(&About::plain("field-fate", t(Say::FateHeldLabel)), cards, way.into(), Callback::new(move |one| way.set(one)))}
        {move || (way.get() == Way::Transfer).then(|| {
            fields::select(&About::plain("fate-person", t(Say::FatePerson)), people.clone(), to.into(), set)
        })}
    }
}

/// From so many open conversations on, one writes the name to confirm.
const MANY: u32 = 20;

/// Writing a name before much is changed at once; cheap to copy.
#[derive(Clone, Copy)]
pub struct Confirming {
    name: StoredValue<String>,
    typed: RwSignal<String>,
}

impl Confirming {
    /// Of what is deleted or blocked.
    pub fn begin(name: &str) -> Self {
        Self { name: StoredValue::new(name.to_owned()), typed: RwSignal::new(String::new()) }
    }

    /// Whether it is written, or need not be.
    pub fn is_given(self, open: OpenCounts) -> bool {
        !asks(open) || self.typed.with(|typed| self.name.with_value(|name| fold(typed) == fold(name)))
    }

    /// The field, where it is needed; Enter in it confirms.
    pub fn field(self, open: OpenCounts, act: impl Fn() + 'static) -> Option<impl IntoView> {
        let press = move |key: KeyboardEvent| {
            if key.key() == "Enter" && !key.is_composing() && self.is_given(open) {
                act();
            }
        };
        asks(open).then(move || {
            let about = About::plain("confirm-name", &tf(Say::ConfirmName, &[&self.name.get_value()]));
            let set = Callback::new(move |text| self.typed.set(text));
            view! { <div on:keydown=press>{fields::text(&about, Kind::Plain, self.typed.into(), set)}</div> }
        })
    }
}

const fn asks(open: OpenCounts) -> bool {
    open.pending.saturating_add(open.in_progress) > MANY
}

/// Asks for it when saving a form needs it.
#[component]
pub fn FateDialog(
    open: u32,
    title: String,
    /// What is open, for one conversation and for several.
    lead: (Say, Say),
    leaving: Option<PersonId>,
    act: Say,
    close: Callback<()>,
    chosen: Callback<Fate>,
) -> impl IntoView {
    let store = use_store();
    let choosing = Choosing::begin(store, leaving);
    view! {
        <Sheet title close>
            <div class="sheet-body">
                <p>{words().count(open, Say::PreviewOne, Say::PreviewMany)}". "{words().count(open, lead.0, lead.1)}</p>
                {choices(store, choosing, leaving)}
            </div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main" on:click=move |_| chosen.run(choosing.fate())>{t(act)}</button>
            </footer>
        </Sheet>
    }
}
