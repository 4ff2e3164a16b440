//! A person's form: name, login, profile, and what they are in each team (product.md 5 and 19).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contact::Phone;
use crate::ids::{PersonId, TeamId};
use crate::organisation::Organisation;
use crate::person::{PersonStatus, Profile};
use crate::settings::fault::{Fault, FaultKind, Field};
use crate::settings::name::{count, name};
use crate::team::Membership;

/// Characters of an e-mail address.
const EMAIL_MOST: usize = 254;

/// The form as it is filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonForm {
    pub name: String,
    /// Codes to log in are sent there (decision 37).
    pub email: String,
    /// Empty for none; a Brazilian number may be typed without its country.
    #[serde(default)]
    pub phone: String,
    pub profile: Profile,
    /// A line for each team they have a part in.
    #[serde(default)]
    pub memberships: Vec<Membership>,
}

/// How somebody of the account logs in; the replica does not hold it, so it is handed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Login {
    pub person: PersonId,
    pub email: Option<String>,
    /// Digits with the country code.
    pub phone: Option<String>,
}

/// A person as they are to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonSettings {
    pub person: PersonId,
    pub name: String,
    /// In lower case.
    pub email: String,
    pub phone: Option<Phone>,
    pub profile: Profile,
    /// Every membership of theirs afterwards; none with neither flag.
    pub memberships: BTreeMap<TeamId, Membership>,
}

/// What an administrator is about to do to somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Profile(Profile),
    Status(PersonStatus),
}

impl PersonForm {
    /// What the form says of `person`, new or present. `logins` are everybody's, their own included.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(
        &self,
        person: PersonId,
        by: PersonId,
        organisation: &Organisation,
        logins: &[Login],
    ) -> Result<PersonSettings, Vec<Fault>> {
        let mut faults = Vec::new();
        let name = name(&self.name, &mut faults);
        let others = || logins.iter().filter(|login| login.person != person);
        let address = self.check_email(&mut faults);
        if let Some(other) = others().find(|login| address.is_some() && login.email == address) {
            faults.push(Fault::new(Field::Email, FaultKind::LoginTaken { by: other.person }));
        }
        let phone = self.check_phone(&mut faults);
        let digits = phone.as_ref().map(Phone::digits);
        if let Some(other) = others().find(|login| digits.is_some() && login.phone.as_deref() == digits) {
            faults.push(Fault::new(Field::Phone, FaultKind::LoginTaken { by: other.person }));
        }
        let memberships = self.check_memberships(person, organisation, &mut faults);
        if organisation.people.contains_key(&person) {
            faults.extend(check_change(person, Change::Profile(self.profile), by, organisation).err());
        }
        match address {
            Some(email) if faults.is_empty() => {
                Ok(PersonSettings { person, name, email, phone, profile: self.profile, memberships })
            }
            Some(_) | None => Err(faults),
        }
    }

    fn check_email(&self, faults: &mut Vec<Fault>) -> Option<String> {
        let typed = self.email.trim();
        let address = email(typed);
        if address.is_none() {
            let kind = if typed.is_empty() { FaultKind::Empty } else { FaultKind::NotAnEmail };
            faults.push(Fault::new(Field::Email, kind));
        }
        address
    }

    fn check_phone(&self, faults: &mut Vec<Fault>) -> Option<Phone> {
        if self.phone.trim().is_empty() {
            return None;
        }
        let phone = Phone::parse_in("55", &self.phone);
        if phone.is_err() {
            faults.push(Fault::new(Field::Phone, FaultKind::NotAPhone));
        }
        phone.ok()
    }

    fn check_memberships(
        &self,
        person: PersonId,
        organisation: &Organisation,
        faults: &mut Vec<Fault>,
    ) -> BTreeMap<TeamId, Membership> {
        let mut memberships = BTreeMap::new();
        for membership in &self.memberships {
            let (team, attends, supervises) = (membership.team, membership.attends, membership.supervises);
            let there = organisation.teams.get(&team).is_some_and(|team| !team.deleted);
            if !there {
                faults.push(Fault::new(Field::Team(team), FaultKind::Gone));
            } else if supervises && self.profile == Profile::Restricted {
                faults.push(Fault::new(Field::Team(team), FaultKind::RestrictedSupervises));
            } else if attends || supervises {
                memberships.insert(team, Membership { team, person, attends, supervises });
            }
        }
        memberships
    }
}

impl PersonSettings {
    /// Memberships that change, those that end with neither flag. Deleted teams keep their last members.
    #[must_use]
    pub fn changed_memberships(&self, organisation: &Organisation) -> Vec<Membership> {
        let lives = |team: &TeamId| organisation.teams.get(team).is_some_and(|team| !team.deleted);
        let present = organisation.memberships.values().filter(|m| m.person == self.person && lives(&m.team));
        let ended = present.filter(|m| !self.memberships.contains_key(&m.team)).map(|m| Membership {
            attends: false,
            supervises: false,
            ..*m
        });
        let kept = self.memberships.values().copied();
        let changed = kept.filter(|m| organisation.memberships.get(&(m.team, m.person)) != Some(m));
        ended.chain(changed).collect()
    }
}

/// Whether `by` may do this to somebody: nobody takes their own rights away, and one active administrator stays.
///
/// # Errors
/// The reason why not.
pub fn check_change(person: PersonId, change: Change, by: PersonId, organisation: &Organisation) -> Result<(), Fault> {
    let Some(known) = organisation.people.get(&person).filter(|known| known.status != PersonStatus::Deleted) else {
        return Err(Fault::new(Field::Form, FaultKind::Gone));
    };
    let field = match change {
        Change::Profile(_) => Field::Profile,
        Change::Status(_) => Field::Status,
    };
    let loses = known.profile == Profile::Administrator
        && known.status == PersonStatus::Active
        && match change {
            Change::Profile(profile) => profile != Profile::Administrator,
            Change::Status(status) => status != PersonStatus::Active,
        };
    let leaves = matches!(change, Change::Status(status) if status != PersonStatus::Active);
    let administers = |other: &&crate::person::Person| {
        other.id != person && other.profile == Profile::Administrator && other.status == PersonStatus::Active
    };
    if loses && !organisation.people.values().any(|other| administers(&other)) {
        return Err(Fault::new(field, FaultKind::LastAdministrator));
    }
    if (loses || leaves) && person == by { Err(Fault::new(field, FaultKind::Oneself)) } else { Ok(()) }
}

/// An e-mail address in lower case; nothing when it is none.
#[must_use]
pub fn email(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (name, host) = typed.split_once('@')?;
    let dotted = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    let plain = !typed.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'));
    let sound = !name.is_empty() && dotted && plain && !host.contains('@') && count(typed.len()) <= count(EMAIL_MOST);
    sound.then(|| typed.to_lowercase())
}
