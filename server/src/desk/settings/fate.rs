//! What becomes of open conversations that somebody or a team left behind, a bounded number in each transaction.
//!
//! *Invariant:* what is to be done is written with the change that makes it necessary, and struck out in the transaction
//! that finds nothing left; so a kill between two batches loses nothing and does nothing twice. Whoever is at it holds
//! the row's lock.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ciranda_domain::conversation::State as Phase;
use ciranda_domain::ids::{AccountId, ConversationId, PersonId, TeamId};
use ciranda_domain::life::{self, Told};
use ciranda_domain::settings::{Fate, TeamFate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::calls::conversation::carry_out;
use super::super::teams::Teams;
use super::super::{Outdated, Work, attempts};
use crate::app::App;
use crate::store;
use crate::store::team::Extent;

/// Conversations of one transaction.
const AT_ONCE: i64 = 500;

/// Who left what behind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Left {
    /// Everything they hold, or what they hold in some teams.
    Person {
        person: PersonId,
        teams: Option<Vec<TeamId>>,
        fate: Fate,
    },
    Team {
        team: TeamId,
        fate: TeamFate,
    },
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Done,
    More,
    /// Somebody else is at it.
    Busy,
}

/// Does it all, or waits for who is doing it. The change itself is made by now: what cannot be done here is no refusal
/// of it, and is left to the timer.
pub async fn finish(app: &App, account: AccountId, id: Uuid) {
    loop {
        match attempts(|| batch(app, account, id)).await {
            Ok(State::Done) => return,
            Ok(State::More) => {}
            Ok(State::Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => {
                tracing::warn!("what was left behind is moved later: {error:#}");
                return;
            }
        }
    }
}

/// Does some of it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn batch(app: &App, account: AccountId, id: Uuid) -> Result<State> {
    let mut scoped = store::begin(app, account).await?;
    let Some(job) = scoped.promised::<Left>(id).await? else {
        let there = scoped.is_promised(id).await?;
        return Ok(if there { State::Busy } else { State::Done });
    };
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(Arc::clone(&reference), scoped.now);
    let found = match &job.what {
        Left::Person { person, teams, .. } => scoped.held_by(*person, teams.as_deref(), AT_ONCE).await?,
        Left::Team { team, .. } => scoped.open_in(*team, AT_ONCE).await?,
    };
    if found.is_empty() {
        scoped.kept(id).await?;
        scoped.commit().await?;
        return Ok(State::Done);
    }
    let ids: Vec<ConversationId> = found.iter().map(|(conversation, _)| *conversation).collect();
    let mut involved: BTreeSet<TeamId> = found.iter().map(|(_, team)| *team).collect();
    if let Left::Team { fate: TeamFate::MoveTo(team), .. } = job.what {
        involved.insert(team);
    }
    involved.extend(reference.organisation.default_team());
    let mut teams = Teams::lock(&mut scoped, &reference, involved.clone(), Extent::Only(&ids)).await?;
    let concerned = teams.concerned();
    work.hold(scoped.lock_conversations(&ids.iter().copied().chain(concerned).collect::<Vec<_>>()).await?);
    teams.apply(&mut work)?;
    for id in ids {
        let Some(head) = work.head(id) else { continue };
        let (organisation, now) = (&reference.organisation, work.now);
        let outcome = match job.what {
            Left::Person { person, fate, .. } if head.responsible() == Some(person) => {
                life::leave(head, fate, job.by, organisation, now)
            }
            Left::Team { team, fate } if head.team == team && !matches!(head.state, Phase::Finished(_)) => {
                life::leave_team(head, fate, job.by, organisation, now)
            }
            Left::Person { .. } | Left::Team { .. } => None,
        };
        let Some(outcome) = outcome else { continue };
        let elsewhere = |told: &Told| match told {
            Told::Enqueued { team } | Told::Left { team } | Told::Started { team, .. } => !involved.contains(team),
        };
        // It moved between reading and locking it: all is read again.
        if outcome.told.iter().any(elsewhere) {
            return Err(Outdated.into());
        }
        carry_out(&mut scoped, &mut work, &mut teams, outcome).await?;
        teams.apply(&mut work)?;
    }
    teams.settle(&mut work)?;
    teams.finish(&mut scoped, &mut work).await?;
    work.commit(app, scoped).await?;
    Ok(State::More)
}
