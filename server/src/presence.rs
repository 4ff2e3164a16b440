//! Who has the desk open right now, for the supervisors' board. Not availability, which is a person's own choice.
//!
//! *Invariant:* here it is known at once; of other servers it is known as of their last word, which holds for some
//! seconds only, so a server that died keeps nobody present.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use ciranda_domain::ids::{AccountId, PersonId};
use uuid::Uuid;

use crate::app::App;
use crate::auth::SessionId;
use crate::store;

type Whose = (AccountId, PersonId);

/// The sockets of this server, by person.
#[derive(Debug)]
pub struct Presence {
    /// Names this run of this server.
    server: Uuid,
    sockets: Arc<Mutex<BTreeMap<Whose, usize>>>,
}

/// Somebody is there as long as this lives.
#[derive(Debug)]
pub struct Present {
    whose: Whose,
    sockets: Arc<Mutex<BTreeMap<Whose, usize>>>,
}

impl Presence {
    /// Nobody yet; `server` names this run of this server.
    #[must_use]
    pub fn new(server: Uuid) -> Self {
        Self { server, sockets: Arc::default() }
    }

    /// A socket opened.
    #[must_use]
    pub fn enter(&self, account: AccountId, person: PersonId) -> Present {
        let whose = (account, person);
        *self.sockets.lock().unwrap_or_else(PoisonError::into_inner).entry(whose).or_default() += 1;
        Present { whose, sockets: Arc::clone(&self.sockets) }
    }

    fn here(&self, account: AccountId) -> BTreeSet<PersonId> {
        let sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        sockets.keys().filter(|(of, _)| *of == account).map(|(_, person)| *person).collect()
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sockets.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                sockets.remove(&self.whose);
            }
        }
    }
}

/// Everybody of the account who has the desk open, on any server.
///
/// # Errors
/// When the database cannot be reached.
pub async fn present(app: &App, account: AccountId) -> store::Result<BTreeSet<PersonId>> {
    let mut people = app.presence.here(account);
    people.extend(store::session::present_elsewhere(&app.pool, account, app.presence.server).await?);
    Ok(people)
}

/// Tells the other servers that a session has a socket here.
///
/// # Errors
/// When the database cannot be reached.
pub async fn vouch(app: &App, session: SessionId) -> store::Result<()> {
    store::session::vouch(&app.pool, &session.0, app.presence.server).await
}
