//! A team's form: name, default, level, distribution, and what each person is in it (product.md 5 to 8).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TeamId};
use crate::organisation::Organisation;
use crate::person::{PersonStatus, Profile};
use crate::settings::fault::{Fault, FaultKind, Field};
use crate::settings::name::{fold, name};
use crate::team::{Distribution, Level, Membership, Overflow, Strategy, Team, Weights};
use crate::time::Span;

/// The bounds of both overflow lengths, in minutes: 2 minutes to 2 hours.
pub const OVERFLOW_LEAST: u32 = 2;
pub const OVERFLOW_MOST: u32 = 120;
/// The most that a capacity can say.
pub const CAPACITY_MOST: u32 = 200;
/// The most that a conversation of a kind of channel counts.
pub const WEIGHT_MOST: u8 = 10;

/// The form as it is filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamForm {
    pub name: String,
    /// Receives conversations whose team is unknown. It cannot be taken from the present default team; another one
    /// takes it over by naming that in `instead_of`.
    pub is_default: bool,
    #[serde(default)]
    pub instead_of: Option<TeamId>,
    pub level: Level,
    pub distribution: DistributionForm,
    /// The matrix; whoever is not in it has no part in the team.
    #[serde(default)]
    pub people: Vec<RoleForm>,
}

/// How the team hands out conversations, as it is filled in; lengths in minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DistributionForm {
    pub on: bool,
    pub overflow: bool,
    pub limit: u32,
    pub maximum: u32,
    /// Conversations a person may hold at once; none means no limit.
    #[serde(default)]
    pub capacity: Option<u32>,
    #[serde(default)]
    pub strategy: Strategy,
    #[serde(default)]
    pub weights: Weights,
}

/// One line of the matrix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct RoleForm {
    pub person: PersonId,
    pub attends: bool,
    pub supervises: bool,
}

/// A team as it is to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamSettings {
    pub team: TeamId,
    pub name: String,
    pub is_default: bool,
    /// The team that stops being the default one.
    pub replaces: Option<TeamId>,
    pub level: Level,
    pub distribution: Distribution,
    /// Every membership of the team afterwards, by person; nobody with neither flag.
    pub members: BTreeMap<PersonId, Membership>,
}

impl Default for DistributionForm {
    fn default() -> Self {
        Self {
            on: false,
            overflow: false,
            limit: 10,
            maximum: 60,
            capacity: None,
            strategy: Strategy::Circle,
            weights: Weights::ONE,
        }
    }
}

impl TeamForm {
    /// The form that shows a team as it is, with what is switched off as it was `kept`.
    #[must_use]
    pub fn of(team: &Team, kept: DistributionForm, organisation: &Organisation) -> Self {
        let members = organisation.memberships.values().filter(|m| m.team == team.id);
        let people = members.map(|m| RoleForm { person: m.person, attends: m.attends, supervises: m.supervises });
        Self {
            name: team.name.clone(),
            is_default: team.is_default,
            instead_of: None,
            level: team.level,
            distribution: DistributionForm::of(team.distribution, kept),
            people: people.collect(),
        }
    }

    /// What the form says of `team`, new or present, in the account as it is.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self, team: TeamId, organisation: &Organisation) -> Result<TeamSettings, Vec<Fault>> {
        let mut faults = Vec::new();
        let name = name(&self.name, &mut faults);
        let mut others = organisation.teams.values().filter(|other| other.id != team && !other.deleted);
        if let Some(other) = others.find(|other| fold(&other.name) == fold(&name)) {
            faults.push(Fault::new(Field::Name, FaultKind::NameTaken { by: other.name.clone() }));
        }
        let replaces = self.check_default(team, organisation, &mut faults);
        let distribution = self.distribution.check(&mut faults);
        let members = self.check_people(team, organisation, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let (is_default, level) = (self.is_default, self.level);
        Ok(TeamSettings { team, name, is_default, replaces, level, distribution, members })
    }

    /// Exactly one team is the default one: the flag moves, it is never switched off nor given twice.
    fn check_default(&self, team: TeamId, organisation: &Organisation, faults: &mut Vec<Fault>) -> Option<TeamId> {
        let present = organisation.teams.values().find(|team| team.is_default && !team.deleted).map(|team| team.id);
        let kind = match present {
            Some(present) if present == team => (!self.is_default).then_some(FaultKind::NoDefault),
            Some(present) if self.is_default && self.instead_of != Some(present) => {
                Some(FaultKind::SecondDefault { present })
            }
            Some(_) => None,
            None => (!self.is_default).then_some(FaultKind::NoDefault),
        };
        faults.extend(kind.map(|kind| Fault::new(Field::DefaultTeam, kind)));
        present.filter(|present| self.is_default && *present != team)
    }

    fn check_people(
        &self,
        team: TeamId,
        organisation: &Organisation,
        faults: &mut Vec<Fault>,
    ) -> BTreeMap<PersonId, Membership> {
        let mut members = BTreeMap::new();
        for RoleForm { person, attends, supervises } in self.people.iter().copied() {
            let field = Field::Person(person);
            let known = organisation.people.get(&person).filter(|known| known.status != PersonStatus::Deleted);
            match known {
                // Somebody who was deleted meanwhile stays what they were in the team's history.
                None => {
                    if !organisation.memberships.contains_key(&(team, person)) {
                        faults.push(Fault::new(field, FaultKind::Gone));
                        continue;
                    }
                }
                Some(known) if supervises && known.profile == Profile::Restricted => {
                    faults.push(Fault::new(field, FaultKind::RestrictedSupervises));
                }
                Some(_) => {}
            }
            if attends || supervises {
                members.insert(person, Membership { team, person, attends, supervises });
            }
        }
        members
    }
}

impl DistributionForm {
    /// The form that shows it. What is switched off shows as it was `kept`, so that switching it on again asks nobody to
    /// remember.
    #[must_use]
    pub fn of(distribution: Distribution, kept: Self) -> Self {
        match distribution {
            Distribution::Off => Self { on: false, ..kept },
            Distribution::On { overflow, capacity, strategy, weights } => {
                let shown = Self { on: true, capacity, strategy, weights, ..kept };
                match overflow {
                    Overflow::Off => Self { overflow: false, ..shown },
                    Overflow::On { limit, maximum } => {
                        Self { overflow: true, limit: minutes(limit), maximum: minutes(maximum), ..shown }
                    }
                }
            }
        }
    }

    /// What it says, when nothing is wrong with it: for showing what would happen before it is saved.
    #[must_use]
    pub fn distribution(&self) -> Option<Distribution> {
        let mut faults = Vec::new();
        let distribution = self.check(&mut faults);
        faults.is_empty().then_some(distribution)
    }

    fn check(&self, faults: &mut Vec<Fault>) -> Distribution {
        if !self.on {
            return Distribution::Off;
        }
        let (least, most) = (OVERFLOW_LEAST, OVERFLOW_MOST);
        let fits = |minutes: u32| (least..=most).contains(&minutes);
        if self.overflow {
            if !fits(self.limit) {
                faults.push(Fault::new(Field::Limit, FaultKind::OutOfRange { least, most }));
            }
            if !fits(self.maximum) {
                faults.push(Fault::new(Field::Maximum, FaultKind::OutOfRange { least, most }));
            } else if fits(self.limit) && self.maximum < self.limit {
                faults.push(Fault::new(Field::Maximum, FaultKind::BelowLimit { limit: self.limit }));
            }
        }
        if self.capacity.is_some_and(|capacity| !(1..=CAPACITY_MOST).contains(&capacity)) {
            faults.push(Fault::new(Field::Capacity, FaultKind::OutOfRange { least: 1, most: CAPACITY_MOST }));
        }
        let lengths = |minutes: u32| Span::minutes(i64::from(minutes));
        let overflow = if self.overflow {
            Overflow::On { limit: lengths(self.limit), maximum: lengths(self.maximum) }
        } else {
            Overflow::Off
        };
        let Weights { whatsapp, instagram, messenger } = self.weights;
        if [whatsapp, instagram, messenger].into_iter().any(|weight| weight > WEIGHT_MOST) {
            faults.push(Fault::new(Field::Weights, FaultKind::OutOfRange { least: 0, most: u32::from(WEIGHT_MOST) }));
        }
        Distribution::On { overflow, capacity: self.capacity, strategy: self.strategy, weights: self.weights }
    }
}

impl TeamSettings {
    /// Memberships that change, those that end with neither flag.
    #[must_use]
    pub fn changed_members(&self, organisation: &Organisation) -> Vec<Membership> {
        let present = organisation.memberships.values().filter(|m| m.team == self.team);
        let ended = present.filter(|m| !self.members.contains_key(&m.person)).map(|m| Membership {
            attends: false,
            supervises: false,
            ..*m
        });
        let kept = self.members.values().copied();
        let changed = kept.filter(|m| organisation.memberships.get(&(m.team, m.person)) != Some(m));
        ended.chain(changed).collect()
    }

    /// Whether somebody who can work would still attend the team.
    #[must_use]
    pub fn is_attended(&self, organisation: &Organisation) -> bool {
        let active = |person| organisation.people.get(person).is_some_and(|known| known.status == PersonStatus::Active);
        self.members.values().any(|m| m.attends && active(&m.person))
    }
}

/// Whether a team may be deleted: it is there and is not the default one (TEAM-04).
///
/// # Errors
/// The reason why not.
pub fn check_deletion(team: TeamId, organisation: &Organisation) -> Result<(), Fault> {
    match organisation.teams.get(&team) {
        Some(team) if team.is_default => Err(Fault::new(Field::DefaultTeam, FaultKind::NoDefault)),
        Some(team) if !team.deleted => Ok(()),
        Some(_) | None => Err(Fault::new(Field::Form, FaultKind::Gone)),
    }
}

fn minutes(span: Span) -> u32 {
    u32::try_from(span.0 / 60_000).unwrap_or(u32::MAX)
}
