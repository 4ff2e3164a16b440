//! Teams: made, changed, deleted.

use std::collections::BTreeSet;

use ciranda_api::{AuditKind, OpenCounts, Rev, Saved, Snapshot};
use ciranda_domain::ids::{PersonId, TeamId, TeamNumber};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::settings::{
    Fate, Fault, FaultKind, Field, TeamFate, TeamForm, TeamSettings, Thresholds, check_deletion,
};
use ciranda_domain::team::{Membership, Team};
use uuid::Uuid;

use super::super::rights::{Revision, tell};
use super::super::{Reference, Work};
use super::fate::{Left, finish};
use super::{Answer, Office, Refused, attempt, check_fate, fresh, rev};
use crate::clock::id_at;
use crate::store::Scoped;

impl Office {
    /// Makes a team; asked twice with the same id and form it makes one.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn create_team(&self, team: TeamId, form: TeamForm, thresholds: Option<Thresholds>) -> Answer<Saved> {
        attempt!(self.create_team_once(team, &form, thresholds.unwrap_or(Thresholds::USUAL)))
    }

    async fn create_team_once(&self, id: TeamId, form: &TeamForm, thresholds: Thresholds) -> Answer<Saved> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        if let Some(present) = organisation.teams.get(&id) {
            let stands = work.reference.team_form(present, &organisation);
            let thresholds = thresholds_of(&mut scoped, id).await?;
            return if stands.name == form.name.trim() && !present.deleted {
                Ok(Saved { rev: rev(&(&stands, thresholds)) })
            } else {
                Err(Refused::NotFound)
            };
        }
        let settings = checked(id, form, thresholds, &organisation)?;
        let number = organisation.teams.values().map(|team| team.number.0).max().unwrap_or(0) + 1;
        let (team, others) = rows(&settings, TeamNumber(number), &organisation);
        let after = TeamForm { instead_of: None, ..form_after(&work.reference, &team, &settings) };
        let mut line = self.line(AuditKind::TeamCreated, id.0, None, Some(&Snapshot::Team(after.clone())));
        line.touched = touched(&settings, &organisation);
        work.writes.audit.push(line);
        let revisions = revisions(team, others, settings.changed_members(&organisation));
        tell(&mut scoped, &mut work, revisions, &BTreeSet::new()).await?.finish(&mut scoped, &mut work).await?;
        self.set_thresholds(&mut work, id, (Thresholds::USUAL, thresholds));
        work.commit(&self.app, scoped).await?;
        Ok(Saved { rev: rev(&(&after, thresholds)) })
    }

    /// Changes a team and when the board raises alerts for it; both or neither.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn save_team(
        &self,
        team: TeamId,
        loaded: Rev,
        (form, thresholds): (TeamForm, Option<Thresholds>),
        leaving: Option<Fate>,
    ) -> Answer<Saved> {
        let (saved, left) = attempt!(self.save_team_once(team, &loaded, (&form, thresholds), leaving))?;
        for id in left {
            finish(&self.app, self.account, id).await;
        }
        Ok(saved)
    }

    async fn save_team_once(
        &self,
        id: TeamId,
        loaded: &Rev,
        (form, thresholds): (&TeamForm, Option<Thresholds>),
        leaving: Option<Fate>,
    ) -> Answer<(Saved, Vec<Uuid>)> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        let present = organisation.teams.get(&id).filter(|team| !team.deleted).ok_or(Refused::NotFound)?;
        let before = work.reference.team_form(present, &organisation);
        let alerts_before = thresholds_of(&mut scoped, id).await?;
        fresh(&mut scoped, loaded, &(&before, alerts_before), id.0).await?;
        let alerts = thresholds.unwrap_or(alerts_before);
        let settings = checked(id, form, alerts, &organisation)?;
        let (team, others) = rows(&settings, present.number, &organisation);
        let after = form_after(&work.reference, &team, &settings);
        let saved = Saved { rev: rev(&(&after, alerts)) };
        self.set_thresholds(&mut work, id, (alerts_before, alerts));
        if after == before {
            work.commit(&self.app, scoped).await?;
            return Ok((saved, Vec::new()));
        }
        let members = settings.changed_members(&organisation);
        let gone: Vec<PersonId> = members.iter().filter(|m| !m.attends && !m.supervises).map(|m| m.person).collect();
        let was_attended = attended(id, &organisation);
        let teams = tell(&mut scoped, &mut work, revisions(team, others, members), &[id].into()).await?;
        if was_attended && !settings.is_attended(&organisation) {
            refuse_stranding(&mut scoped, id, Field::People).await?;
        }
        let left = self.leave_teams(&mut scoped, &work, &gone, &[id], leaving).await?;
        let snapshots = (Snapshot::Team(before), Snapshot::Team(after));
        let mut line = self.line(AuditKind::TeamSaved, id.0, Some(&snapshots.0), Some(&snapshots.1));
        line.touched = touched(&settings, &organisation);
        work.writes.audit.push(line);
        teams.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        Ok((saved, left))
    }

    /// Notes what becomes of the conversations in progress that people hold in teams they leave (question 27).
    pub(super) async fn leave_teams(
        &self,
        scoped: &mut Scoped,
        work: &Work,
        gone: &[PersonId],
        teams: &[TeamId],
        fate: Option<Fate>,
    ) -> Answer<Vec<Uuid>> {
        let mut left = Vec::new();
        for person in gone {
            let open = scoped.open_of_person(*person, Some(teams)).await?.in_progress;
            if open == 0 {
                continue;
            }
            check_fate(fate, gone, open, &work.reference)?;
            if let Some(fate) = fate {
                let id = id_at(work.now);
                let what = Left::Person { person: *person, teams: Some(teams.to_vec()), fate };
                scoped.promise(id, self.person, &what).await?;
                left.push(id);
            }
        }
        Ok(left)
    }

    /// How many open conversations a team has.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn preview_delete_team(&self, team: TeamId) -> Answer<OpenCounts> {
        let (mut scoped, work) = self.begin().await?;
        if !work.reference.organisation.has_team(team) {
            return Err(Refused::NotFound);
        }
        let open = scoped.open_of_team(team).await?;
        scoped.commit().await?;
        Ok(open.into())
    }

    /// Deletes a team; what is open there is concluded or moved (TEAM-03). Deleting one that was deleted is done already.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn delete_team(&self, team: TeamId, fate: Option<TeamFate>) -> Answer<()> {
        if let Some(id) = attempt!(self.delete_team_once(team, fate))? {
            finish(&self.app, self.account, id).await;
        }
        Ok(())
    }

    async fn delete_team_once(&self, id: TeamId, fate: Option<TeamFate>) -> Answer<Option<Uuid>> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        check_deletion(id, &organisation)?;
        let Some(present) = organisation.teams.get(&id) else { return Err(Refused::NotFound) };
        if let Some(TeamFate::MoveTo(other)) = fate
            && (other == id || !organisation.has_team(other))
        {
            return Err(Refused::Faults(vec![Fault::new(Field::Fate, FaultKind::CannotReceive)]));
        }
        let gone = Team { deleted: true, ..present.clone() };
        let teams = tell(&mut scoped, &mut work, vec![Revision::Team(gone)], &[id].into()).await?;
        let open = scoped.open_of_team(id).await?;
        let count = open.pending + open.in_progress;
        let left = match fate {
            None if count > 0 => {
                return Err(Fault::new(Field::Fate, FaultKind::NeedsFate { open: count }).into());
            }
            Some(fate) if count > 0 => {
                let job = id_at(work.now);
                scoped.promise(job, self.person, &Left::Team { team: id, fate }).await?;
                Some(job)
            }
            Some(_) | None => None,
        };
        let before = Snapshot::Team(work.reference.team_form(present, &organisation));
        let after = Snapshot::TeamGone { open: open.into(), fate };
        let mut line = self.line(AuditKind::TeamDeleted, id.0, Some(&before), Some(&after));
        line.touched = organisation.memberships.keys().filter(|(team, _)| *team == id).map(|(_, p)| p.0).collect();
        work.writes.audit.push(line);
        teams.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        Ok(left)
    }

    /// When the board raises alerts for a team as it will stand, and its line of the audit where that changes it.
    fn set_thresholds(&self, work: &mut Work, team: TeamId, (before, after): (Thresholds, Thresholds)) {
        if before != after {
            work.writes.thresholds = Some((team, after));
            let snapshots = (Snapshot::Thresholds(before), Snapshot::Thresholds(after));
            let line = self.line(AuditKind::ThresholdsSaved, team.0, Some(&snapshots.0), Some(&snapshots.1));
            work.writes.audit.push(line);
        }
    }
}

/// Everything that is wrong with the form and its thresholds.
fn checked(id: TeamId, form: &TeamForm, thresholds: Thresholds, organisation: &Organisation) -> Answer<TeamSettings> {
    let alerts = thresholds.check().err().unwrap_or_default();
    match form.check(id, organisation) {
        Ok(settings) if alerts.is_empty() => Ok(settings),
        Ok(_) => Err(Refused::Faults(alerts)),
        Err(faults) => Err(Refused::Faults(faults.into_iter().chain(alerts).collect())),
    }
}

/// The thresholds of a team as they stand.
async fn thresholds_of(scoped: &mut Scoped, team: TeamId) -> Answer<Thresholds> {
    let set = scoped.thresholds().await?.into_iter().find(|(id, _)| *id == team).map(|(_, set)| set);
    Ok(set.unwrap_or(Thresholds::USUAL))
}

/// Refuses to take the last attending member away while conversations wait in the team. The team is locked.
pub(super) async fn refuse_stranding(scoped: &mut Scoped, team: TeamId, field: Field) -> Answer<()> {
    let waiting = scoped.open_of_team(team).await?.pending;
    if waiting > 0 { Err(Fault::new(field, FaultKind::LastAttending { waiting }).into()) } else { Ok(()) }
}

/// Whether somebody who can work attends the team.
pub(super) fn attended(team: TeamId, organisation: &Organisation) -> bool {
    !super::super::reference::members_of(organisation, team).is_empty()
}

/// The rows of the team and of the one that stops being the default.
fn rows(settings: &TeamSettings, number: TeamNumber, organisation: &Organisation) -> (Team, Option<Team>) {
    let team = Team {
        id: settings.team,
        number,
        name: settings.name.clone(),
        is_default: settings.is_default,
        level: settings.level,
        distribution: settings.distribution,
        deleted: false,
    };
    let replaced = settings.replaces.and_then(|id| organisation.teams.get(&id));
    (team, replaced.map(|team| Team { is_default: false, ..team.clone() }))
}

/// What changes: the team, the one that stops being the default, and who belongs to it how.
fn revisions(team: Team, replaced: Option<Team>, members: Vec<Membership>) -> Vec<Revision> {
    let teams = std::iter::once(team).chain(replaced).map(Revision::Team);
    teams.chain(members.into_iter().map(Revision::Membership)).collect()
}

/// The form as it will stand.
fn form_after(reference: &Reference, team: &Team, settings: &TeamSettings) -> TeamForm {
    let memberships = settings.members.values().map(|m| ((m.team, m.person), *m)).collect();
    let after = Organisation { memberships, ..Organisation::default() };
    reference.team_form(team, &after)
}

/// Whoever is told, when they hold an older form, that it changed here.
fn touched(settings: &TeamSettings, organisation: &Organisation) -> Vec<Uuid> {
    let people = settings.changed_members(organisation).into_iter().map(|m| m.person.0);
    people.chain(settings.replaces.map(|team| team.0)).collect()
}
