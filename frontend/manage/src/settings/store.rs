//! What Ajustes knows: the forms as the server has them, and who is who.
//!
//! *Invariant:* what is shown stays on screen while it is read again or cannot be.

use std::sync::Arc;
use std::time::Duration;

use ciranda_api::{ApiError, ErrorCode, PersonEntry, Settings, TeamEntry};
use ciranda_domain::distribution::Load;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::Profile;
use ciranda_domain::settings::Login;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::model::names::Names;
use crate::link::Link;

/// How long the connection may take before reading is tried without it.
const PATIENCE: Duration = Duration::from_secs(3);

/// A handle on it; cheap to copy.
#[derive(Clone, Copy)]
pub struct Store {
    pub link: Link,
    known: RwSignal<Option<Arc<Settings>>>,
    pub failed: RwSignal<Option<ErrorCode>>,
    /// How often it was asked: an answer to an earlier question comes too late to be told.
    turn: RwSignal<u32>,
}

impl Store {
    /// Begins to read, and reads again whenever the account, people or teams changed.
    pub fn begin(link: Link) -> Self {
        let (known, failed, turn) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(0));
        let store = Self { link, known, failed, turn };
        let live = Memo::new(move |_| link.known.with(|known| known.live));
        let told = Memo::new(move |_| link.known.with(|known| known.told));
        Effect::new(move |_| {
            // Read, not only tracked: a memo that was never read counts as changed with the first news of anything.
            told.get();
            if live.get() && store.administers() == Some(true) {
                store.reload();
            }
        });
        // Without a connection there is nothing to wait for: that it cannot be read is told, with a way to try again.
        set_timeout(
            move || {
                let nothing = store.known.try_with_untracked(Option::is_none) == Some(true);
                if nothing
                    && untrack(|| store.administers()) != Some(false)
                    && store.failed.try_with_untracked(Option::is_none) == Some(true)
                {
                    store.reload();
                }
            },
            PATIENCE,
        );
        store
    }

    /// Reads everything again.
    pub fn reload(self) {
        spawn_local(async move { _ = self.load().await });
    }

    /// Reads everything again, and gives what was read, also where a later question will say what is shown.
    pub async fn load(self) -> Option<Arc<Settings>> {
        let turn = self.turn.try_get_untracked()? + 1;
        self.turn.set(turn);
        let answer = ciranda_api::settings().await.map(Arc::new);
        // The screen may have been left meanwhile, or something saved.
        let is_newest = self.turn.try_get_untracked() == Some(turn);
        match answer {
            Ok(settings) => {
                if is_newest {
                    self.failed.set(None);
                    if self.known.with_untracked(|known| known.as_ref() != Some(&settings)) {
                        self.known.set(Some(Arc::clone(&settings)));
                    }
                }
                Some(settings)
            }
            Err(ApiError { code, .. }) => {
                if is_newest {
                    self.failed.set(Some(code));
                }
                None
            }
        }
    }

    /// Whether it has been read; reactive.
    pub fn is_there(self) -> bool {
        self.known.with(Option::is_some)
    }

    /// Looks at what was read; reactive.
    pub fn with<T>(self, look: impl FnOnce(&Settings) -> T) -> Option<T> {
        self.known.with(|known| known.as_deref().map(look))
    }

    /// Looks at what was read; nothing once the screen has been left.
    pub fn with_untracked<T>(self, look: impl FnOnce(&Settings) -> T) -> Option<T> {
        self.known.try_with_untracked(|known| known.as_deref().map(look)).flatten()
    }

    /// A team's entry; reactive.
    pub fn team(self, id: TeamId) -> Option<TeamEntry> {
        self.with(|settings| settings.teams.iter().find(|team| team.id == id).cloned()).flatten()
    }

    /// A person's entry; reactive.
    pub fn person(self, id: PersonId) -> Option<PersonEntry> {
        self.with(|settings| settings.people.iter().find(|person| person.id == id).cloned()).flatten()
    }

    /// The account as it is this instant; reactive.
    pub fn organisation<T>(self, look: impl FnOnce(&Organisation) -> T) -> T {
        self.link.known.with(|known| look(&known.reference.organisation))
    }

    /// What people hold this instant; reactive.
    pub fn held(self) -> Vec<(PersonId, Load)> {
        self.link.known.with(|known| known.loads().into_iter().collect())
    }

    /// Who is who; reactive.
    pub fn names<T>(self, look: impl FnOnce(&Names<'_>) -> T) -> T {
        self.organisation(|organisation| look(&Names::of(organisation)))
    }

    /// Whether the server hears us; reactive.
    pub fn is_live(self) -> bool {
        self.link.known.with(|known| known.live)
    }

    /// Whether this person may change settings; nothing while that is not known. Reactive.
    pub fn administers(self) -> Option<bool> {
        let me = self.me()?;
        self.organisation(|organisation| organisation.people.get(&me).map(|me| me.profile == Profile::Administrator))
    }

    /// Who fills in the forms; reactive.
    pub fn me(self) -> Option<PersonId> {
        self.link.known.with(|known| known.me)
    }

    /// With what everybody logs in; reactive.
    pub fn logins(self) -> Vec<Login> {
        let login = |person: &PersonEntry| Login {
            person: person.id,
            email: Some(person.form.email.to_lowercase()).filter(|email| !email.is_empty()),
            phone: digits(&person.form.phone),
        };
        self.with(|settings| settings.people.iter().map(login).collect()).unwrap_or_default()
    }
}

fn digits(phone: &str) -> Option<String> {
    ciranda_domain::contact::Phone::parse_in("55", phone).ok().map(|phone| phone.digits().to_owned())
}

/// The handle that the screen put into the context.
pub fn use_store() -> Store {
    expect_context::<Store>()
}
