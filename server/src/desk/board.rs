//! What the supervisors' board is told besides the replicated rows.
//!
//! *Invariant:* only of teams that the caller oversees, and of the people who attend in them.

use std::collections::BTreeSet;

use anyhow::Result;
use ciranda_api::BoardAside;
use ciranda_domain::ids::TeamId;

use crate::app::App;
use crate::auth::Principal;
use crate::presence;
use crate::store;

/// `None` for somebody who oversees no team.
///
/// # Errors
/// When the database cannot be reached.
pub async fn aside(app: &App, who: Principal) -> Result<Option<BoardAside>> {
    let mut scoped = store::snapshot(app, who.account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let thresholds = scoped.thresholds().await?;
    scoped.commit().await?;
    let organisation = &reference.organisation;
    let Some(actor) = organisation.actor(who.person) else { return Ok(None) };
    let overseen: BTreeSet<TeamId> = organisation
        .teams
        .keys()
        .copied()
        .filter(|team| organisation.has_team(*team) && actor.oversees(*team))
        .collect();
    if overseen.is_empty() {
        return Ok(None);
    }
    let present = presence::present(app, who.account).await?;
    let listed = |person| person == who.person || overseen.iter().any(|team| organisation.belongs(person, *team));
    let present = present.into_iter().filter(|person| listed(*person)).collect();
    Ok(Some(BoardAside {
        present,
        thresholds: thresholds.into_iter().filter(|(team, _)| overseen.contains(team)).collect(),
    }))
}
