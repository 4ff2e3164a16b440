//! Who belongs where and may see what: changes of memberships, profiles, status, levels and availability.
//!
//! *Invariant:* such a change is numbered like any other, and so is its effect on each person whose atoms it changes:
//! their epoch is raised in the same transaction, and the commit carries their new atoms (decision 13). Distribution is
//! told in that transaction too (decision 3).

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::distribution::{Input, Member};
use ciranda_domain::ids::{AccountId, ConversationId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Level, Membership};
use ciranda_sync::filter::{Change, Rights};
use ciranda_sync::rows::{Epoch, Row, RowId, Seq};

use super::teams::Teams;
use super::{Committed, Work, attempts};
use crate::app::App;
use crate::store::codes::Code;
use crate::store::log::{LogRow, Subject};
use crate::store::team::Extent;
use crate::store::write::{LevelRow, MemberRow, PersonChange};
use crate::store::{self, Scoped};

/// A change of a reference row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Revision {
    Availability {
        person: PersonId,
        availability: Availability,
    },
    Profile {
        person: PersonId,
        profile: Profile,
    },
    Status {
        person: PersonId,
        status: PersonStatus,
    },
    /// With neither flag the person leaves the team.
    Membership(Membership),
    Level {
        team: TeamId,
        level: Level,
    },
}

/// Revisions of a transaction, and the rights they change.
#[derive(Default)]
pub struct Revised {
    revisions: Vec<Revision>,
    rights: Vec<Rights>,
}

impl Revised {
    /// The rights that were changed, for the commit.
    pub(super) fn take_rights(&mut self) -> Vec<Rights> {
        std::mem::take(&mut self.rights)
    }
}

/// Changes a reference row and everything that follows from it.
///
/// # Errors
/// When the database cannot be reached; nothing is changed then.
pub async fn revise(app: &App, account: AccountId, revision: Revision) -> Result<Committed> {
    attempts(|| once(app, account, revision)).await
}

async fn once(app: &App, account: AccountId, revision: Revision) -> Result<Committed> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(reference, scoped.now);
    carry_out(&mut scoped, &mut work, revision).await?;
    work.commit(app, scoped).await
}

/// Changes the row within a transaction: its teams are told, and move what they have to (OVF-11, decision 3).
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn carry_out(scoped: &mut Scoped, work: &mut Work, revision: Revision) -> Result<()> {
    let reference = Arc::clone(&work.reference);
    let inputs = revision.inputs(&reference.organisation);
    let ids: BTreeSet<TeamId> = inputs.iter().map(|(team, _)| *team).collect();
    let mut teams =
        if ids.is_empty() { Teams::none() } else { Teams::lock(scoped, &reference, ids, Extent::All).await? };
    for (team, input) in inputs {
        teams.step(team, work.now, input);
    }
    let concerned: Vec<ConversationId> = teams.concerned().into_iter().collect();
    if !concerned.is_empty() {
        work.hold(scoped.lock_conversations(&concerned).await?);
    }
    teams.settle(work)?;
    work.revise(revision);
    teams.finish(scoped, work).await
}

impl Revision {
    /// What distribution must be told.
    fn inputs(self, organisation: &Organisation) -> Vec<(TeamId, Input)> {
        match self {
            Self::Availability { person, availability } => attended(organisation, person)
                .map(|team| (team, Input::Availability { person, availability }))
                .collect(),
            Self::Status { person, status } => {
                let Some(known) = organisation.people.get(&person) else { return Vec::new() };
                let input = match status {
                    PersonStatus::Active => Input::MemberAdded(member(known)),
                    PersonStatus::Blocked | PersonStatus::Deleted => Input::MemberRemoved(person),
                };
                attended(organisation, person).map(|team| (team, input.clone())).collect()
            }
            Self::Membership(membership) => {
                let known = organisation.people.get(&membership.person);
                let Some(known) = known.filter(|person| person.status == PersonStatus::Active) else {
                    return Vec::new();
                };
                let input = if membership.attends {
                    Input::MemberAdded(member(known))
                } else {
                    Input::MemberRemoved(membership.person)
                };
                vec![(membership.team, input)]
            }
            Self::Profile { .. } | Self::Level { .. } => Vec::new(),
        }
    }

    /// The account's people and teams afterwards.
    fn apply(self, organisation: &mut Organisation) {
        match self {
            Self::Availability { person, availability } => {
                organisation.people.entry(person).and_modify(|known| known.availability = availability);
            }
            Self::Profile { person, profile } => {
                organisation.people.entry(person).and_modify(|known| known.profile = profile);
            }
            Self::Status { person, status } => {
                organisation.people.entry(person).and_modify(|known| known.status = status);
            }
            Self::Membership(membership) => {
                let key = (membership.team, membership.person);
                if membership.attends || membership.supervises {
                    organisation.memberships.insert(key, membership);
                } else {
                    organisation.memberships.remove(&key);
                }
            }
            Self::Level { team, level } => {
                organisation.teams.entry(team).and_modify(|known| known.level = level);
            }
        }
    }
}

impl Work {
    /// Changes a reference row.
    fn revise(&mut self, revision: Revision) {
        self.revised.revisions.push(revision);
    }

    /// Numbers the changed reference rows, then the rights that they change.
    pub(super) fn number_reference(&mut self, changes: &mut Vec<Change>) {
        let revisions = std::mem::take(&mut self.revised.revisions);
        if revisions.is_empty() {
            return;
        }
        self.writes.reference = true;
        self.writes.reference_read = self.reference.seq;
        let reference = Arc::clone(&self.reference);
        let mut after = reference.organisation.clone();
        revisions.iter().for_each(|revision| revision.apply(&mut after));
        let mut epochs: Vec<Rights> = changed_rights(&reference.organisation, &after);
        for rights in &mut epochs {
            rights.epoch = Epoch(reference.epoch(rights.person).0 + 1);
        }
        let epoch_of = |person: PersonId| {
            let changed = epochs.iter().find(|rights| rights.person == person);
            changed.map_or(reference.epoch(person), |rights| rights.epoch)
        };
        let mut written: BTreeSet<PersonId> = BTreeSet::new();
        for revision in revisions {
            let seq = self.next_number();
            let change = match revision {
                Revision::Availability { person, .. }
                | Revision::Profile { person, .. }
                | Revision::Status { person, .. } => {
                    written.insert(person);
                    after.people.get(&person).map(|person| {
                        self.writes.people.push(person_row(person, epoch_of(person.id), Some(seq)));
                        reference_change(seq, RowId::Person(person.id), Some(Row::Person(person.clone())))
                    })
                }
                Revision::Membership(membership) => {
                    self.writes.members.push(member_row(membership, seq));
                    let kept = after.memberships.get(&(membership.team, membership.person));
                    let row = RowId::Membership(membership.team, membership.person);
                    Some(reference_change(seq, row, kept.map(|membership| Row::Membership(*membership))))
                }
                Revision::Level { team, level } => after.teams.get(&team).map(|known| {
                    self.writes.levels.push(LevelRow { id: team.0, level: level.code(), rev: seq.0.cast_signed() });
                    reference_change(seq, RowId::Team(team), Some(Row::Team(known.clone())))
                }),
            };
            if let Some(change) = change {
                let removed = change.after.is_none();
                self.writes.log.push(LogRow::of(seq, Subject::Row(change.row), removed, &[], &[]));
                changes.push(change);
            }
        }
        for rights in &epochs {
            let seq = self.next_number();
            self.writes.log.push(LogRow::of(seq, Subject::Rights(rights.person), false, &[], &[]));
            if let Some(person) = after.people.get(&rights.person).filter(|person| !written.contains(&person.id)) {
                self.writes.people.push(person_row(person, rights.epoch, None));
            }
        }
        self.revised.rights = epochs;
    }
}

/// Everybody whose atoms differ, with the atoms they hold afterwards.
fn changed_rights(before: &Organisation, after: &Organisation) -> Vec<Rights> {
    let atoms = |organisation: &Organisation, person| {
        organisation.actor(person).map(|actor| actor.atoms().to_vec()).unwrap_or_default()
    };
    let changed = after.people.keys().filter_map(|person| {
        let now = atoms(after, *person);
        (now != atoms(before, *person)).then_some(Rights { person: *person, epoch: Epoch(0), atoms: now })
    });
    changed.collect()
}

fn attended(organisation: &Organisation, person: PersonId) -> impl Iterator<Item = TeamId> {
    organisation.memberships.values().filter(move |m| m.person == person && m.attends).map(|m| m.team)
}

fn member(person: &Person) -> Member {
    Member { person: person.id, created_at: person.created_at, availability: person.availability }
}

fn person_row(person: &Person, epoch: Epoch, rev: Option<Seq>) -> PersonChange {
    PersonChange {
        id: person.id.0,
        profile: person.profile.code(),
        availability: person.availability.code(),
        status: person.status.code(),
        epoch: epoch.0.cast_signed(),
        rev: rev.map(|seq| seq.0.cast_signed()),
    }
}

fn member_row(membership: Membership, seq: Seq) -> MemberRow {
    MemberRow {
        team_id: membership.team.0,
        person_id: membership.person.0,
        attends: membership.attends,
        supervises: membership.supervises,
        rev: seq.0.cast_signed(),
    }
}

fn reference_change(seq: Seq, row: RowId, after: Option<Row>) -> Change {
    Change { seq, row, after, audience_before: Vec::new(), audience_after: Vec::new() }
}
