//! Ajustes: what administrators change, each change in one transaction with what follows from it.
//!
//! *Invariant:* an [`Office`] exists for an active administrator only, and each transaction asks again, on the rows it
//! decides on. A form is checked by `domain::settings` alone; what only the database knows is checked under its locks. A
//! change carries its audit line, its numbers, its rights and what distribution makes of it, or does not happen.
//!
//! Read in this order: this page, `teams`, `people`, `hours`, `access`, `fate` (what becomes of open conversations), `audit`, `view`.

mod access;
mod audit;
pub mod fate;
mod hours;
mod people;
mod teams;
mod view;

use std::sync::Arc;

use ciranda_api::{AuditKind, OpenCounts, PersonEntry, Rev, Settings, Snapshot, TeamEntry};
use ciranda_domain::access::{AccountAction, may_in_account};
use ciranda_domain::contact::ContactCard;
use ciranda_domain::ids::{AccountId, PersonId};
use ciranda_domain::person::Availability;
use ciranda_domain::settings::{Fate, Fault, FaultKind, Field, PersonForm, Thresholds, receiving_team};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Reference, Work};
use crate::app::App;
use crate::clock::id_at;
use crate::store::audit::AuditRow;
use crate::store::fate::Open;
use crate::store::people::{Contacted, links};
use crate::store::{self, Scoped};

/// An administrator at work.
pub struct Office {
    pub app: Arc<App>,
    pub account: AccountId,
    pub person: PersonId,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("only administrators may")]
    NotAllowed,
    /// Not of this account, or deleted.
    #[error("not there")]
    NotFound,
    #[error("the form is refused")]
    Faults(Vec<Fault>),
    #[error("it could not be done")]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        match fault.kind {
            FaultKind::Gone if fault.field == Field::Form => Self::NotFound,
            _ => Self::Faults(vec![fault]),
        }
    }
}

/// What a body answers.
pub type Answer<T> = std::result::Result<T, Refused>;

/// Runs a transaction, again where another one was faster.
macro_rules! attempt {
    ($transaction:expr) => {{
        let mut tries = 0;
        loop {
            match $transaction.await {
                Err($crate::desk::settings::Refused::Failed(error))
                    if tries < $crate::desk::ATTEMPTS && $crate::desk::overtaken(&error) =>
                {
                    tries += 1;
                    $crate::desk::pause(tries).await;
                }
                other => break other,
            }
        }
    }};
}
pub(crate) use attempt;

impl Office {
    /// The office of a person of an account.
    #[must_use]
    pub const fn new(app: Arc<App>, account: AccountId, person: PersonId) -> Self {
        Self { app, account, person }
    }

    /// Begins a transaction in which this administrator may change things.
    async fn begin(&self) -> Answer<(Scoped, Work)> {
        let mut scoped = store::begin(&self.app, self.account).await?;
        let reference = self.app.memory.reference(&mut scoped).await?;
        self.may(&reference)?;
        let work = Work::new(reference, scoped.now);
        Ok((scoped, work))
    }

    fn may(&self, reference: &Reference) -> Answer<()> {
        let actor = reference.organisation.actor(self.person).ok_or(Refused::NotAllowed)?;
        may_in_account(&actor, AccountAction::Configure).map_err(|_| Refused::NotAllowed)
    }

    /// Everything that Ajustes shows at first.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn settings(&self) -> Answer<Settings> {
        let links = links(&self.app.pool, self.account.0).await?;
        let (mut scoped, work) = self.begin().await?;
        let reference = &work.reference;
        let thresholds = scoped.thresholds().await?;
        let mut turns = scoped.turns().await?;
        let mut teams: Vec<TeamEntry> = Vec::new();
        for team in reference.organisation.teams.values().filter(|team| !team.deleted) {
            let form = reference.team_form(team, &reference.organisation);
            let set = thresholds.iter().find(|(id, _)| *id == team.id).map(|(_, set)| *set);
            let thresholds = set.unwrap_or(Thresholds::USUAL);
            let turns = turns.remove(&team.id).unwrap_or_default();
            teams.push(TeamEntry { id: team.id, rev: rev(&(&form, thresholds)), form, thresholds, turns });
        }
        let contacted = scoped.logins().await?;
        let hours = hours::entry(&mut scoped).await?;
        let access = access::entry(reference);
        scoped.commit().await?;
        let mut people: Vec<PersonEntry> =
            contacted.iter().filter_map(|contacted| people::entry(contacted, reference, &links)).collect();
        teams.sort_by_cached_key(|team| ciranda_domain::settings::fold(&team.form.name));
        people.sort_by_cached_key(|person| ciranda_domain::settings::fold(&person.form.name));
        Ok(Settings { teams, people, hours, access, mails: self.app.mail.sends() })
    }

    /// An audit line of this administrator.
    fn line(&self, kind: AuditKind, subject: Uuid, before: Option<&Snapshot>, after: Option<&Snapshot>) -> AuditRow {
        audit_row(self.person, kind, subject, before, after)
    }
}

/// A line of the audit: who changed what of whom, from what to what.
fn audit_row(
    by: PersonId,
    kind: AuditKind,
    subject: Uuid,
    before: Option<&Snapshot>,
    after: Option<&Snapshot>,
) -> AuditRow {
    let value = |snapshot: Option<&Snapshot>| snapshot.and_then(|snapshot| serde_json::to_value(snapshot).ok());
    AuditRow {
        id: id_at(crate::clock::machine_now()),
        actor: by.0,
        action: format!("{kind:?}"),
        subject,
        touched: Vec::new(),
        before: value(before),
        after: value(after),
    }
}

/// The line of somebody's availability, their own hand or another's (OVF-11, OVF-12).
pub(super) fn availability_row(by: PersonId, of: PersonId, before: Availability, after: Availability) -> AuditRow {
    let (before, after) = (Snapshot::Availability(before), Snapshot::Availability(after));
    audit_row(by, AuditKind::AvailabilitySet, of.0, Some(&before), Some(&after))
}

/// The line of whom a contact's conversations are offered to first, before and after (OVF-14).
pub(super) fn preferred_row(by: PersonId, contact: &ContactCard, chosen: Option<PersonId>) -> AuditRow {
    let snapshot = |person| Snapshot::Preferred { contact: contact.name.clone(), person };
    let (before, after) = (snapshot(contact.preferred), snapshot(chosen));
    let line = audit_row(by, AuditKind::PreferredSet, contact.id.0, Some(&before), Some(&after));
    // It is found by whom it is about: whoever was, and whoever is offered them first.
    AuditRow { touched: contact.preferred.into_iter().chain(chosen).map(|person| person.0).collect(), ..line }
}

/// What a form showed: whoever saves it must have seen what it says now.
fn rev<T: Serialize>(form: &T) -> Rev {
    let bytes = serde_json::to_vec(form).unwrap_or_default();
    Rev(hex::encode(&Sha256::digest(bytes)[..12]))
}

/// Refuses a form that was loaded before somebody else saved.
async fn fresh<T: Serialize>(scoped: &mut Scoped, loaded: &Rev, present: &T, subject: Uuid) -> Answer<()> {
    if *loaded == rev(present) {
        return Ok(());
    }
    let by = scoped.last_changed_by(subject).await?;
    Err(Refused::Faults(vec![Fault::new(Field::Form, FaultKind::ChangedMeanwhile { by })]))
}

/// The person's form as it stands.
fn person_form(contacted: &Contacted, reference: &Reference) -> Option<PersonForm> {
    let organisation = &reference.organisation;
    let person = organisation.people.get(&contacted.login.person)?;
    let lives = |team| organisation.has_team(team);
    Some(PersonForm {
        name: person.name.clone(),
        email: contacted.login.email.clone().unwrap_or_default(),
        phone: contacted.login.phone.clone().map(|digits| format!("+{digits}")).unwrap_or_default(),
        profile: person.profile,
        memberships: organisation
            .memberships
            .values()
            .copied()
            .filter(|m| m.person == person.id && lives(m.team))
            .collect(),
    })
}

/// What becomes of what is left behind must be said where there is anything, and the receiver must be able to take it.
fn check_fate(
    fate: Option<Fate>,
    leaving: &[PersonId],
    open: u32,
    reference: &Reference,
) -> std::result::Result<(), Fault> {
    match fate {
        None if open > 0 => Err(Fault::new(Field::Fate, FaultKind::NeedsFate { open })),
        Some(Fate::Transfer(to)) => {
            let teams = reference.organisation.teams.keys().next().copied();
            let takes = teams.and_then(|team| receiving_team(to, team, &reference.organisation)).is_some();
            if takes && !leaving.contains(&to) {
                Ok(())
            } else {
                Err(Fault::new(Field::Fate, FaultKind::CannotReceive))
            }
        }
        Some(Fate::Conclude | Fate::ReturnToQueue) | None => Ok(()),
    }
}

impl From<Open> for OpenCounts {
    fn from(open: Open) -> Self {
        Self { pending: open.pending, in_progress: open.in_progress }
    }
}
