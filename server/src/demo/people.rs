//! Who can be entered as.

use ciranda_api::{DemoPerson, DemoTeam};
use ciranda_domain::person::PersonStatus;

use super::ACCOUNT;
use crate::app::App;
use crate::store;

/// The demo's people in creation order, each with the teams they are in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn people(app: &App) -> store::Result<Vec<DemoPerson>> {
    let mut scoped = store::begin(app, ACCOUNT).await?;
    let mut people = scoped.people().await?;
    let teams = scoped.teams().await?;
    let memberships = scoped.memberships().await?;
    scoped.commit().await?;
    people.retain(|row| row.person.status == PersonStatus::Active);
    people.sort_by_key(|row| row.person.number);
    let teams_of = |person| {
        let mine = memberships.iter().filter(move |(_, membership)| membership.person == person);
        let named = mine.filter_map(|(_, membership)| {
            let team = &teams.iter().find(|row| row.team.id == membership.team && !row.team.deleted)?.team;
            Some(DemoTeam { name: team.name.clone(), attends: membership.attends })
        });
        named.collect()
    };
    let told = people.into_iter().map(|row| DemoPerson {
        id: row.person.id,
        teams: teams_of(row.person.id),
        name: row.person.name,
        profile: row.person.profile,
        availability: row.person.availability,
    });
    Ok(told.collect())
}
