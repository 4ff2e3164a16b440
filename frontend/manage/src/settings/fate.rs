//! What becomes of the conversations that somebody holds, when they leave a team or the account.

use ciranda_domain::ids::PersonId;
use ciranda_domain::person::PersonStatus;
use ciranda_domain::settings::{Fate, fold};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::parts::dialog::Sheet;
use ciranda_ui::{t, words};
use leptos::prelude::*;

use super::store::{Store, use_store};
use crate::fields::{self, About, Choice};

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
    let cards = vec![
        Choice::new(Way::Return, t(Say::FateReturn), t(Say::FateReturnText)),
        Choice::new(Way::Transfer, t(Say::FateTransfer), t(Say::FateTransferText)),
        Choice::new(Way::Conclude, t(Say::FateConclude), t(Say::FateConcludeText)),
    ];
    let people = receivers(store, leaving);
    let (way, to) = (choosing.way, choosing.to);
    let set = Callback::new(move |person| to.set(person));
    view! {
        {fields::choice(&About::plain("field-fate", t(Say::FateLabel)), cards, way.into(), Callback::new(move |one| way.set(one)))}
        {move || (way.get() == Way::Transfer).then(|| {
            fields::select(&About::plain("fate-person", t(Say::FatePerson)), people.clone(), to.into(), set)
        })}
    }
}

/// Asks for it when saving a form needs it.
#[component]
pub fn FateDialog(
    open: u32,
    title: String,
    lead: String,
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
                <p>{words().count(open, Say::PreviewOne, Say::PreviewMany)}". "{lead}</p>
                {choices(store, choosing, leaving)}
            </div>
            <footer>
                <button on:click=move |_| close.run(())>{t(Key::Cancel)}</button>
                <button class="main" on:click=move |_| chosen.run(choosing.fate())>{t(act)}</button>
            </footer>
        </Sheet>
    }
}
