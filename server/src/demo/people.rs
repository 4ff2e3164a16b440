//! Who can be entered as.

use ciranda_domain::ids::PersonId;
use ciranda_domain::person::{Availability, PersonStatus, Profile};

use super::ACCOUNT;
use crate::app::App;
use crate::store;

/// The demo's people in creation order, each with the teams they are in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn people(app: &App) -> store::Result<Vec<(PersonId, String, Profile, String)>> {
    let mut scoped = store::begin(app, ACCOUNT).await?;
    let mut people = scoped.people().await?;
    let teams = scoped.teams().await?;
    let memberships = scoped.memberships().await?;
    scoped.commit().await?;
    people.retain(|row| row.person.status == PersonStatus::Active);
    people.sort_by_key(|row| row.person.number);
    let hint = |person: PersonId, availability: Availability| {
        let mine = memberships.iter().filter(|(_, membership)| membership.person == person);
        let names = mine.filter_map(|(_, membership)| {
            let team = &teams.iter().find(|row| row.team.id == membership.team)?.team;
            let only_supervises = membership.supervises && !membership.attends;
            Some(if only_supervises { format!("{} (supervisão)", team.name) } else { team.name.clone() })
        });
        let names = names.collect::<Vec<_>>().join(", ");
        match availability {
            Availability::Available => names,
            Availability::Unavailable => format!("{names} · indisponível"),
        }
    };
    Ok(people
        .into_iter()
        .map(|row| {
            let hint = hint(row.person.id, row.person.availability);
            (row.person.id, row.person.name, row.person.profile, hint)
        })
        .collect())
}
