//! People: invited, changed, blocked, deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use ciranda_api::{AuditKind, Invite, Invited, OpenCounts, PersonEntry, Rev, Saved, Snapshot};
use ciranda_domain::ids::{PersonId, PersonNumber, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus};
use ciranda_domain::settings::{Change, Fate, Field, Login, PersonForm, PersonSettings, check_change};
use ciranda_domain::time::Moment;
use uuid::Uuid;

use super::super::Reference;
use super::super::rights::{Revision, carry_out, tell};
use super::fate::{Left, finish};
use super::teams::{attended, refuse_stranding};
use super::{Answer, Office, Refused, attempt, availability_row, check_fate, fresh, person_form, rev};
use crate::auth::{self, SessionId};
use crate::clock::id_at;
use crate::store;
use crate::store::login::Whose;
use crate::store::people::{Contacted, LoginChange, void_links};
use crate::store::session::revoke_all;

impl Office {
    /// Makes a person and sends them a link; asked twice with the same id it makes one and sends another link.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn invite_person(&self, person: PersonId, form: PersonForm) -> Answer<Invited> {
        let (rev, email) = attempt!(self.invite_person_once(person, &form))?;
        let link = self.send_link(person, &email).await?;
        Ok(Invited { rev, link })
    }

    async fn invite_person_once(&self, id: PersonId, form: &PersonForm) -> Answer<(Rev, String)> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        let contacted = scoped.logins().await?;
        if organisation.people.contains_key(&id) {
            let known = contacted.iter().find(|known| known.login.person == id && !known.joined);
            let present = known.and_then(|known| person_form(known, &work.reference)).ok_or(Refused::NotFound)?;
            return Ok((rev(&present), present.email));
        }
        let settings = form.check(id, self.person, &organisation, &logins(&contacted)).map_err(Refused::Faults)?;
        let number = organisation.people.values().map(|person| person.number.0).max().unwrap_or(0) + 1;
        let newest = organisation.people.values().map(|person| person.created_at).max().unwrap_or_default();
        let person = Person {
            id,
            number: PersonNumber(number),
            name: settings.name.clone(),
            profile: settings.profile,
            // Nobody is handed a conversation before they came in for the first time (OVF-02).
            availability: Availability::Unavailable,
            status: PersonStatus::Active,
            created_at: work.now.max(Moment(newest.0 + 1)),
        };
        let after = form_after(&settings);
        let mut line = self.line(AuditKind::PersonInvited, id.0, None, Some(&Snapshot::Person(after.clone())));
        line.touched = settings.memberships.keys().map(|team| team.0).collect();
        work.writes.audit.push(line);
        work.writes.logins.push(login(&settings));
        let mut revisions = vec![Revision::Person(person)];
        revisions.extend(settings.changed_memberships(&organisation).into_iter().map(Revision::Membership));
        carry_out(&mut scoped, &mut work, revisions).await?;
        work.commit(&self.app, scoped).await?;
        Ok((rev(&after), settings.email))
    }

    /// Sends somebody who has not come in yet another link.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn resend_invite(&self, person: PersonId) -> Answer<Invited> {
        let (mut scoped, mut work) = self.begin().await?;
        let contacted = scoped.logins().await?;
        let active = |known: &&Contacted| {
            let person = work.reference.organisation.people.get(&known.login.person);
            person.is_some_and(|person| person.status == PersonStatus::Active)
        };
        let known = contacted.iter().find(|known| known.login.person == person && !known.joined).filter(active);
        let form = known.and_then(|known| person_form(known, &work.reference)).ok_or(Refused::NotFound)?;
        work.writes.audit.push(self.line(AuditKind::InviteSentAgain, person.0, None, None));
        work.commit(&self.app, scoped).await?;
        let link = self.send_link(person, &form.email).await?;
        Ok(Invited { rev: rev(&form), link })
    }

    /// Makes a link, the only one that works, and sends it; answers it where no mail can be sent.
    async fn send_link(&self, person: PersonId, email: &str) -> Answer<Option<String>> {
        void_links(&self.app.pool, self.account.0, person).await?;
        let whose = Whose { account: self.account, person };
        let origin = &self.app.config.public_url.origin;
        let link = auth::one_time_link(&self.app.pool, origin, whose, email).await?;
        if !self.app.mail.sends() {
            return Ok(Some(link));
        }
        let mut scoped = store::begin(&self.app, self.account).await?;
        let account = scoped.account().await?.account.name;
        scoped.commit().await?;
        let (app, email) = (Arc::clone(&self.app), email.to_owned());
        self.app.spawn(async move { app.mail.invite(&email, &account, &link).await });
        Ok(None)
    }

    /// Changes a person.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn save_person(
        &self,
        person: PersonId,
        loaded: Rev,
        form: PersonForm,
        leaving: Option<Fate>,
    ) -> Answer<Saved> {
        let (saved, left) = attempt!(self.save_person_once(person, &loaded, &form, leaving))?;
        for id in left {
            finish(&self.app, self.account, id).await;
        }
        Ok(saved)
    }

    async fn save_person_once(
        &self,
        id: PersonId,
        loaded: &Rev,
        form: &PersonForm,
        leaving: Option<Fate>,
    ) -> Answer<(Saved, Vec<Uuid>)> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        let present = alive(id, &organisation)?;
        let contacted = scoped.logins().await?;
        let known = contacted.iter().find(|known| known.login.person == id);
        let before = known.and_then(|known| person_form(known, &work.reference)).ok_or(Refused::NotFound)?;
        fresh(&mut scoped, loaded, &before, id.0).await?;
        let settings = form.check(id, self.person, &organisation, &logins(&contacted)).map_err(Refused::Faults)?;
        let after = form_after(&settings);
        if after == before {
            return Ok((Saved { rev: rev(&before) }, Vec::new()));
        }
        let person = Person { name: settings.name.clone(), profile: settings.profile, ..present.clone() };
        let members = settings.changed_memberships(&organisation);
        let teams_left: Vec<TeamId> = members.iter().filter(|m| !m.attends && !m.supervises).map(|m| m.team).collect();
        let mut changed = organisation.clone();
        for member in &members {
            changed.memberships.insert((member.team, member.person), *member);
        }
        let stranded = strands(&organisation, &changed);
        let mut revisions = vec![Revision::Person(person)];
        revisions.extend(members.iter().copied().map(Revision::Membership));
        let teams = tell(&mut scoped, &mut work, revisions, &stranded).await?;
        for team in stranded {
            refuse_stranding(&mut scoped, team, Field::Team(team)).await?;
        }
        let left = self.leave_teams(&mut scoped, &work, &[id], &teams_left, leaving).await?;
        let snapshots = (Snapshot::Person(before), Snapshot::Person(after.clone()));
        let mut line = self.line(AuditKind::PersonSaved, id.0, Some(&snapshots.0), Some(&snapshots.1));
        line.touched = members.iter().map(|m| m.team.0).collect();
        work.writes.audit.push(line);
        work.writes.logins.push(login(&settings));
        teams.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        Ok((Saved { rev: rev(&after) }, left))
    }

    /// How many open conversations somebody holds.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn preview_delete_person(&self, person: PersonId) -> Answer<OpenCounts> {
        let (mut scoped, work) = self.begin().await?;
        alive(person, &work.reference.organisation)?;
        let open = scoped.open_of_person(person, None).await?;
        scoped.commit().await?;
        Ok(open.into())
    }

    /// Ends somebody's sessions and lets them in no more.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn block_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<()> {
        self.remove(person, PersonStatus::Blocked, fate).await
    }

    /// Deletes somebody; their name stays in history, their e-mail and phone are free for others.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn delete_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<()> {
        self.remove(person, PersonStatus::Deleted, fate).await
    }

    async fn remove(&self, person: PersonId, status: PersonStatus, fate: Option<Fate>) -> Answer<()> {
        let Gone { left, sessions } = attempt!(self.remove_once(person, status, fate))?;
        for session in sessions {
            self.app.hub.session_ended(session);
        }
        if let Some(id) = left {
            finish(&self.app, self.account, id).await;
        }
        Ok(())
    }

    async fn remove_once(&self, id: PersonId, status: PersonStatus, fate: Option<Fate>) -> Answer<Gone> {
        let (mut scoped, mut work) = self.begin().await?;
        let organisation = work.reference.organisation.clone();
        let present = alive(id, &organisation)?;
        if present.status == status {
            return Ok(Gone::default());
        }
        check_change(id, Change::Status(status), self.person, &organisation)?;
        let after = Person { status, ..present.clone() };
        let mut changed = organisation.clone();
        changed.people.insert(id, after.clone());
        let stranded = strands(&organisation, &changed);
        let teams = tell(&mut scoped, &mut work, vec![Revision::Person(after)], &stranded).await?;
        for team in stranded {
            refuse_stranding(&mut scoped, team, Field::Team(team)).await?;
        }
        let open = scoped.open_of_person(id, None).await?;
        check_fate(fate, &[id], open.in_progress, &work.reference)?;
        let mut left = None;
        if let Some(fate) = fate.filter(|_| open.in_progress > 0) {
            let job = id_at(work.now);
            scoped.promise(job, self.person, &Left::Person { person: id, teams: None, fate }).await?;
            left = Some(job);
        }
        let contacted = scoped.logins().await?;
        let known = contacted.iter().find(|known| known.login.person == id);
        let before = known.and_then(|known| person_form(known, &work.reference)).map(Snapshot::Person);
        let kind = match status {
            PersonStatus::Deleted => AuditKind::PersonDeleted,
            PersonStatus::Blocked | PersonStatus::Active => AuditKind::PersonBlocked,
        };
        let after = Snapshot::PersonGone { status, open: open.into(), fate };
        work.writes.audit.push(self.line(kind, id.0, before.as_ref(), Some(&after)));
        if status == PersonStatus::Deleted {
            work.writes.logins.push(LoginChange { person: id, email: None, phone: None });
        }
        let sessions = revoke_all(&mut scoped, id).await?;
        teams.finish(&mut scoped, &mut work).await?;
        work.commit(&self.app, scoped).await?;
        let sessions = sessions.into_iter().filter_map(|hash| Some(SessionId(hash.try_into().ok()?))).collect();
        Ok(Gone { left, sessions })
    }

    /// Lets somebody in again who was blocked.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn unblock_person(&self, person: PersonId) -> Answer<()> {
        attempt!(self.unblock_once(person))
    }

    async fn unblock_once(&self, id: PersonId) -> Answer<()> {
        let (mut scoped, mut work) = self.begin().await?;
        let present = alive(id, &work.reference.organisation)?.clone();
        if present.status == PersonStatus::Active {
            return Ok(());
        }
        let snapshots = (Snapshot::Status(present.status), Snapshot::Status(PersonStatus::Active));
        let line = self.line(AuditKind::PersonUnblocked, id.0, Some(&snapshots.0), Some(&snapshots.1));
        work.writes.audit.push(line);
        let active = Person { status: PersonStatus::Active, ..present };
        carry_out(&mut scoped, &mut work, vec![Revision::Person(active)]).await?;
        work.commit(&self.app, scoped).await?;
        Ok(())
    }

    /// Changes somebody's availability (OVF-12).
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn set_availability_of(&self, person: PersonId, availability: Availability) -> Answer<()> {
        attempt!(self.set_availability_once(person, availability))
    }

    async fn set_availability_once(&self, id: PersonId, availability: Availability) -> Answer<()> {
        let (mut scoped, mut work) = self.begin().await?;
        let present = alive(id, &work.reference.organisation)?.availability;
        if present == availability {
            return Ok(());
        }
        work.writes.audit.push(availability_row(self.person, id, present, availability));
        carry_out(&mut scoped, &mut work, vec![Revision::Availability { person: id, availability }]).await?;
        work.commit(&self.app, scoped).await?;
        Ok(())
    }
}

/// What came of a removal.
#[derive(Default)]
struct Gone {
    left: Option<Uuid>,
    sessions: Vec<SessionId>,
}

/// A person as Ajustes shows them; nothing for a deleted one.
pub(super) fn entry(
    contacted: &Contacted,
    reference: &Reference,
    links: &[(PersonId, Moment, bool)],
) -> Option<PersonEntry> {
    let person = alive(contacted.login.person, &reference.organisation).ok()?;
    let form = person_form(contacted, reference)?;
    let link = links.iter().find(|(id, ..)| *id == person.id);
    let (until, expired) = link.map_or((person.created_at, true), |(_, until, expired)| (*until, *expired));
    Some(PersonEntry {
        id: person.id,
        rev: rev(&form),
        form,
        status: person.status,
        availability: person.availability,
        invite: (!contacted.joined).then_some(Invite { until, expired }),
    })
}

/// Teams that somebody attended and nobody does any more.
fn strands(before: &Organisation, after: &Organisation) -> BTreeSet<TeamId> {
    let living = before.teams.values().filter(|team| !team.deleted).map(|team| team.id);
    living.filter(|team| attended(*team, before) && !attended(*team, after)).collect()
}

fn alive(person: PersonId, organisation: &Organisation) -> Answer<&Person> {
    let known = organisation.people.get(&person).filter(|known| known.status != PersonStatus::Deleted);
    known.ok_or(Refused::NotFound)
}

fn logins(contacted: &[Contacted]) -> Vec<Login> {
    contacted.iter().map(|known| known.login.clone()).collect()
}

fn login(settings: &PersonSettings) -> LoginChange {
    LoginChange {
        person: settings.person,
        email: Some(settings.email.clone()),
        phone: settings.phone.as_ref().map(|phone| phone.digits().to_owned()),
    }
}

/// The form as it will stand.
fn form_after(settings: &PersonSettings) -> PersonForm {
    PersonForm {
        name: settings.name.clone(),
        email: settings.email.clone(),
        phone: settings.phone.as_ref().map(|phone| format!("+{}", phone.digits())).unwrap_or_default(),
        profile: settings.profile,
        memberships: settings.memberships.values().copied().collect(),
    }
}
