//! The demo: the account "Loja Aurora" with made-up people, a movable clock and a simulated Meta.
//!
//! *Invariant:* reachable from this machine only, and nothing of it exists outside `ciranda demo`.

use ciranda_domain::ids::{AccountId, PersonId};
use ciranda_domain::person::{PersonStatus, Profile};
use uuid::Uuid;

use crate::app::App;
use crate::store;

/// The demo's only account.
pub const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0x0190_0000_0000_7000_8000_000a_0e0e_a0a0));

/// The demo's people in creation order, each with what is worth knowing before logging in as them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn people(app: &App) -> store::Result<Vec<(PersonId, String, Profile, String)>> {
    let mut scoped = store::begin(app, ACCOUNT).await?;
    let mut people = scoped.people().await?;
    scoped.commit().await?;
    people.retain(|row| row.person.status == PersonStatus::Active);
    people.sort_by_key(|row| row.person.number);
    Ok(people.into_iter().map(|row| (row.person.id, row.person.name, row.person.profile, String::new())).collect())
}
