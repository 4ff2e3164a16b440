//! Teams: made, changed, deleted.

use std::collections::BTreeSet;

use ciranda_api::{AuditKind, OpenCounts, Rev, Saved, Snapshot};
use ciranda_domain::ids::{PersonId, TeamId, TeamNumber};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::settings::{
    Fate, Fault, FaultKind, Field, TeamFate, TeamForm, TeamSettings, Thresholds, check_deletion,
};
use ciranda_domain::team::Team;
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
    pub async fn create_team(&self, team: TeamId, form: TeamForm) -> Answer<Saved> {
        attempt!(self.create_team_once(team, &form))
    }

    async fn create_team_once(&self, id: TeamId, form: &TeamForm) -> Answer<Saved> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        if let Some(present) = organisation.teams.get(&id) {
            let stands = work.reference.team_form(present, &organisation);
            return if stands.name == form.name.trim() && !present.deleted {
                Ok(Saved { rev: rev(&stands) })
            } else {
                Err(Refused::NotFound)
            };
        }
        let settings = form.check(id, &organisation).map_err(Refused::Faults)?;
        let number = organisation.teams.values().map(|team| team.number.0).max().unwrap_or(0) + 1;
        let (team, others) = rows(&settings, TeamNumber(number), &organisation);
        let after = TeamForm { instead_of: None, ..form_after(&work.reference, &team, &settings) };
        let mut line = self.line(AuditKind::TeamCreated, id.0, None, Some(&Snapshot::Team(after.clone())));
        line.touched = touched(&settings, &organisation);
        work.writes.audit.push(line);
        let mut revisions = vec![Revision::Team(team)];
        revisions.extend(others.into_iter().map(Revision::Team));
        revisions.extend(settings.changed_members(&organisation).into_iter().map(Revision::Membership));
        tell(&mut scoped, &mut work, revisions, &BTreeSet::new()).await?.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        Ok(Saved { rev: rev(&after) })
    }

    /// Changes a team.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn save_team(&self, team: TeamId, loaded: Rev, form: TeamForm, leaving: Option<Fate>) -> Answer<Saved> {
        let (saved, left) = attempt!(self.save_team_once(team, &loaded, &form, leaving))?;
        for id in left {
            finish(&self.app, self.account, id).await;
        }
        Ok(saved)
    }

    async fn save_team_once(
        &self,
        id: TeamId,
        loaded: &Rev,
        form: &TeamForm,
        leaving: Option<Fate>,
    ) -> Answer<(Saved, Vec<Uuid>)> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        let present = organisation.teams.get(&id).filter(|team| !team.deleted).ok_or(Refused::NotFound)?;
        let before = work.reference.team_form(present, &organisation);
        fresh(&mut scoped, loaded, &before, id.0).await?;
        let settings = form.check(id, &organisation).map_err(Refused::Faults)?;
        let (team, others) = rows(&settings, present.number, &organisation);
        let after = form_after(&work.reference, &team, &settings);
        if after == before {
            return Ok((Saved { rev: rev(&before) }, Vec::new()));
        }
        let members = settings.changed_members(&organisation);
        let gone: Vec<PersonId> = members.iter().filter(|m| !m.attends && !m.supervises).map(|m| m.person).collect();
        let mut revisions = vec![Revision::Team(team)];
        revisions.extend(others.into_iter().map(Revision::Team));
        revisions.extend(members.into_iter().map(Revision::Membership));
        let was_attended = attended(id, &organisation);
        let teams = tell(&mut scoped, &mut work, revisions, &[id].into()).await?;
        if was_attended && !settings.is_attended(&organisation) {
            refuse_stranding(&mut scoped, id, Field::People).await?;
        }
        let left = self.leave_teams(&mut scoped, &work, &gone, &[id], leaving).await?;
        let snapshots = (Snapshot::Team(before), Snapshot::Team(after.clone()));
        let mut line = self.line(AuditKind::TeamSaved, id.0, Some(&snapshots.0), Some(&snapshots.1));
        line.touched = touched(&settings, &organisation);
        work.writes.audit.push(line);
        teams.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        Ok((Saved { rev: rev(&after) }, left))
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

    /// Changes when the board raises alerts for a team.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn save_thresholds(&self, team: TeamId, thresholds: Thresholds) -> Answer<()> {
        let (mut scoped, mut work) = self.begin().await?;
        if !work.reference.organisation.has_team(team) {
            return Err(Refused::NotFound);
        }
        thresholds.check().map_err(Refused::Faults)?;
        let present = scoped.thresholds().await?.into_iter().find(|(id, _)| *id == team).map(|(_, set)| set);
        let before = present.unwrap_or(Thresholds::USUAL);
        if before == thresholds {
            return Ok(());
        }
        scoped.set_thresholds(team, thresholds).await?;
        let snapshots = (Snapshot::Thresholds(before), Snapshot::Thresholds(thresholds));
        work.writes.audit.push(self.line(AuditKind::ThresholdsSaved, team.0, Some(&snapshots.0), Some(&snapshots.1)));
        work.commit(&self.app, scoped).await?;
        Ok(())
    }
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
