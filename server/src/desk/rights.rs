//! Reference rows that change: people, teams, memberships and the account, and everything that follows from it.
//!
//! *Invariant:* such a change is numbered like any other, and so is its effect on each person whose atoms it changes:
//! their epoch is raised in the same transaction, and the commit carries their new atoms (decision 13). What distribution
//! must be told is the difference between the rows before and after, and it is told in that transaction too (decisions 3
//! and 4).

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::calendar::Calendar;
use ciranda_domain::distribution::{Config, Input};
use ciranda_domain::ids::{AccountId, ConversationId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::settings::OpenHours;
use ciranda_domain::team::{Level, Membership, Team};
use ciranda_sync::filter::{Change, Rights};
use ciranda_sync::rows::{Epoch, Row, RowId, Seq};

use super::reference::{calendar_of, config_of, members_of};
use super::teams::Teams;
use super::{Committed, Reference, Work, attempts};
use crate::app::App;
use crate::store::codes::Code;
use crate::store::distribution::DistributionColumns;
use crate::store::log::{LogRow, Subject};
use crate::store::revise::{AccountChange, HoursChange, MemberRow, PersonChange, TeamChange};
use crate::store::team::{Extent, OPENING};
use crate::store::{self, Scoped};

/// A change of a reference row.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// A person, new or as they are now.
    Person(Person),
    /// A team, new or as it is now.
    Team(Team),
    Hours(Box<OpenHours>),
    /// Whether a contact's history says how many conversations its reader does not see (ACC-10).
    CountsUnseen(bool),
}

/// The account's reference rows as a transaction leaves them, and the rights that it changes.
#[derive(Default)]
pub struct Revised {
    after: Option<Organisation>,
    hours: Option<Box<OpenHours>>,
    counts_unseen: Option<bool>,
    calendar: Option<Calendar>,
    rights: Vec<Rights>,
}

impl Revised {
    /// The calendar that the transaction leaves, where it changes the hours.
    pub(super) fn calendar(&self) -> Option<&Calendar> {
        self.calendar.as_ref()
    }

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
    attempts(|| once(app, account, revision.clone())).await
}

/// Somebody comes in. The first time, an invited person becomes available for new conversations (OVF-02).
///
/// # Errors
/// When the database cannot be reached.
pub async fn comes_in(app: &App, account: AccountId, person: PersonId) -> Result<()> {
    attempts(|| comes_in_once(app, account, person)).await
}

async fn comes_in_once(app: &App, account: AccountId, person: PersonId) -> Result<()> {
    let mut scoped = store::begin(app, account).await?;
    if !scoped.join(person).await? {
        return Ok(());
    }
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(reference, scoped.now);
    let available = Revision::Availability { person, availability: Availability::Available };
    carry_out(&mut scoped, &mut work, vec![available]).await?;
    work.commit(app, scoped).await?;
    Ok(())
}

async fn once(app: &App, account: AccountId, revision: Revision) -> Result<Committed> {
    let mut scoped = store::begin(app, account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut work = Work::new(reference, scoped.now);
    carry_out(&mut scoped, &mut work, vec![revision]).await?;
    work.commit(app, scoped).await
}

/// Changes rows within a transaction: their teams are told, and move what they have to (OVF-11, decisions 3 and 4).
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn carry_out(scoped: &mut Scoped, work: &mut Work, revisions: Vec<Revision>) -> Result<()> {
    let teams = tell(scoped, work, revisions, &BTreeSet::new()).await?;
    teams.finish(scoped, work).await
}

/// As [`carry_out`], with more teams locked; they are left for the caller to finish.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn tell(
    scoped: &mut Scoped,
    work: &mut Work,
    revisions: Vec<Revision>,
    also: &BTreeSet<TeamId>,
) -> Result<Teams> {
    let reference = Arc::clone(&work.reference);
    let mut after = reference.organisation.clone();
    let (mut hours, mut counts_unseen) = (None, None);
    for revision in revisions {
        match revision {
            Revision::Hours(changed) => hours = Some(changed),
            Revision::CountsUnseen(changed) => counts_unseen = Some(changed),
            other => other.apply(&mut after),
        }
    }
    let calendar = match &hours {
        Some(hours) => calendar_of(hours.hours.clone(), &hours.zone)?,
        None => reference.calendar.clone(),
    };
    let inputs = inputs(&reference, &after, &calendar);
    let mut ids: BTreeSet<TeamId> = inputs.iter().map(|(team, _)| *team).collect();
    ids.extend(also);
    let mut teams =
        if ids.is_empty() { Teams::none() } else { Teams::lock(scoped, &reference, ids, Extent::All).await? };
    // Hours that open the account now are an opening for what came while it was closed (decision 4).
    if !reference.calendar.is_open(work.now) && calendar.is_open(work.now) {
        work.notices = teams.overnight(reference.calendar.next_opening(work.now));
        work.timer(OPENING, scoped.account.0, None);
    }
    for (team, input) in inputs {
        teams.step(team, work.now, input);
    }
    let concerned: Vec<ConversationId> = teams.concerned().into_iter().collect();
    if !concerned.is_empty() {
        work.hold(scoped.lock_conversations(&concerned).await?);
    }
    teams.settle(work)?;
    work.revised.after = Some(after);
    work.revised.calendar = hours.is_some().then_some(calendar);
    work.revised.hours = hours;
    work.revised.counts_unseen = counts_unseen;
    Ok(teams)
}

/// What distribution must be told: for each team the members that came, changed or left, then how it distributes.
fn inputs(reference: &Reference, after: &Organisation, calendar: &Calendar) -> Vec<(TeamId, Input)> {
    let before = &reference.organisation;
    let mut inputs = Vec::new();
    for team in before.teams.keys().copied() {
        let (were, are) = (members_of(before, team), members_of(after, team));
        for member in &are {
            match were.iter().find(|known| known.person == member.person) {
                Some(known) if known == member => {}
                Some(_) => {
                    let (person, availability) = (member.person, member.availability);
                    inputs.push((team, Input::Availability { person, availability }));
                }
                None => inputs.push((team, Input::MemberAdded(*member))),
            }
        }
        let left = were.iter().filter(|known| !are.iter().any(|member| member.person == known.person));
        inputs.extend(left.map(|known| (team, Input::MemberRemoved(known.person))));
        let config = Config { distribution: config_of(after, team), calendar: calendar.clone() };
        if config != reference.config(team) {
            inputs.push((team, Input::ConfigChanged(Box::new(config))));
        }
    }
    inputs
}

impl Revision {
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
            Self::Person(person) => _ = organisation.people.insert(person.id, person),
            Self::Team(team) => _ = organisation.teams.insert(team.id, team),
            Self::Hours(_) | Self::CountsUnseen(_) => {}
        }
    }
}

impl Work {
    /// Numbers the changed reference rows, then the rights that they change.
    pub(super) fn number_reference(&mut self, changes: &mut Vec<Change>) {
        let (after, hours) = (self.revised.after.take(), self.revised.hours.take());
        let Some(after) = after else { return };
        let reference = Arc::clone(&self.reference);
        let before = &reference.organisation;
        let mut epochs: Vec<Rights> = changed_rights(before, &after);
        for rights in &mut epochs {
            rights.epoch = Epoch(reference.epoch(rights.person).0 + 1);
        }
        let counts_unseen = self.revised.counts_unseen.take();
        if hours.is_some() || counts_unseen.is_some() {
            self.number_account(hours.map(|hours| *hours), counts_unseen, changes);
        }
        for (id, team) in after.teams.iter().filter(|(id, team)| before.teams.get(id) != Some(team)) {
            let seq = self.number_row(RowId::Team(*id), Some(Row::Team(team.clone())), changes);
            self.writes.revisions.teams.push(team_row(team, self.now.0, seq));
        }
        for (id, person) in &after.people {
            let changed = before.people.get(id) != Some(person);
            let raised = epochs.iter().find(|rights| rights.person == *id).map(|rights| rights.epoch);
            if changed || raised.is_some() {
                let row = Row::Person(person.clone());
                let seq = changed.then(|| self.number_row(RowId::Person(*id), Some(row), changes));
                let epoch = raised.unwrap_or_else(|| reference.epoch(*id));
                self.writes.revisions.people.push(person_row(person, epoch, seq));
            }
        }
        self.number_memberships(before, &after, changes);
        for rights in &epochs {
            let seq = self.next_number();
            self.writes.log.push(LogRow::of(seq, Subject::Rights(rights.person), false, &[], &[]));
        }
        self.revised.rights = epochs;
        self.writes.reference = !self.writes.revisions.is_empty();
        self.writes.reference_read = reference.seq;
        self.writes.revisions.read = reference.seq;
    }

    fn number_memberships(&mut self, before: &Organisation, after: &Organisation, changes: &mut Vec<Change>) {
        let ended = before.memberships.iter().filter(|(key, _)| !after.memberships.contains_key(key));
        for (key, membership) in ended {
            let seq = self.number_row(RowId::Membership(key.0, key.1), None, changes);
            let nothing = Membership { attends: false, supervises: false, ..*membership };
            self.writes.revisions.members.push(member_row(nothing, seq));
        }
        let changed = after.memberships.iter().filter(|(key, now)| before.memberships.get(key) != Some(now));
        for (key, membership) in changed {
            let row = Row::Membership(*membership);
            let seq = self.number_row(RowId::Membership(key.0, key.1), Some(row), changes);
            self.writes.revisions.members.push(member_row(*membership, seq));
        }
    }

    /// The account's row is numbered even where what changed is not part of it, such as the automatic reply: servers
    /// remember the account by that number, and open screens ask again for what it may have changed.
    fn number_account(&mut self, hours: Option<OpenHours>, counts_unseen: Option<bool>, changes: &mut Vec<Change>) {
        let mut account = self.reference.account.clone();
        if let Some(hours) = &hours {
            account.zone.clone_from(&hours.zone);
            account.hours = hours.hours.clone().map(Box::new);
        }
        let seq = self.number_row(RowId::Account(account.id), Some(Row::Account(account)), changes);
        let hours = hours.map(hours_change);
        self.writes.revisions.account = Some(AccountChange { hours, counts_unseen, rev: seq.0.cast_signed() });
    }

    fn number_row(&mut self, row: RowId, after: Option<Row>, changes: &mut Vec<Change>) -> Seq {
        let seq = self.next_number();
        self.writes.log.push(LogRow::of(seq, Subject::Row(row), after.is_none(), &[], &[]));
        changes.push(Change { seq, row, after, audience_before: Vec::new(), audience_after: Vec::new() });
        seq
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

fn hours_change(hours: OpenHours) -> HoursChange {
    HoursChange {
        zone: hours.zone,
        calendar: serde_json::to_value(&hours.hours).unwrap_or_default(),
        auto_reply: hours.auto_reply.text().map(str::to_owned),
        kept: hours.kept,
    }
}

fn person_row(person: &Person, epoch: Epoch, rev: Option<Seq>) -> PersonChange {
    PersonChange {
        id: person.id.0,
        number: person.number.0.cast_signed(),
        name: person.name.clone(),
        profile: person.profile.code(),
        availability: person.availability.code(),
        status: person.status.code(),
        created_at: person.created_at.0,
        epoch: epoch.0.cast_signed(),
        rev: rev.map(|seq| seq.0.cast_signed()),
    }
}

fn team_row(team: &Team, now: i64, seq: Seq) -> TeamChange {
    let columns = DistributionColumns::of(team.distribution);
    let [weight_whatsapp, weight_instagram, weight_messenger] = columns.weights;
    TeamChange {
        id: team.id.0,
        number: team.number.0.cast_signed(),
        name: team.name.clone(),
        is_default: team.is_default,
        level: team.level.code(),
        distributes: columns.distributes,
        overflows: columns.overflows,
        limit_ms: columns.limit_ms,
        maximum_ms: columns.maximum_ms,
        capacity: columns.capacity,
        strategy: columns.strategy,
        weight_whatsapp,
        weight_instagram,
        weight_messenger,
        deleted_at: team.deleted.then_some(now),
        rev: seq.0.cast_signed(),
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
