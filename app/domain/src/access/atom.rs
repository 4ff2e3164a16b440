//! Atoms: small packed facts whose intersection is sight.
//!
//! *Invariant:* two different relations never pack into the same number, as long as team numbers stay below 2²⁴; they
//! are handed out one by one within an account.

use serde::{Deserialize, Serialize};

use crate::conversation::{Pending, State};
use crate::ids::{PersonId, PersonNumber, TeamNumber};
use crate::person::{Person, PersonStatus, Profile};
use crate::team::{Level, Membership, Team};

/// One atom of sight: a relation and phase with one or two small numbers, packed in 64 bits so that PostgreSQL can
/// intersect arrays of them. From the top: 8 bits of kind, 24 of team number, 32 of person number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Atom(pub i64);

/// The kinds are stored in rows: append only, never renumbered.
#[derive(Clone, Copy)]
enum Kind {
    Everyone = 1,
    Administrators = 2,
    SupervisorsOf = 3,
    TeamPending = 4,
    Designee = 5,
    TeamInProgress = 6,
    Responsible = 7,
    FinishedBy = 8,
    TeamFinished = 9,
    EveryoneFinished = 10,
}

impl Atom {
    /// Every active person of the account; the audience of reference rows.
    pub const EVERYONE: Self = Self::pack(Kind::Everyone, 0, 0);
    /// Administrators, who see everything (ACC-02).
    pub const ADMINISTRATORS: Self = Self::pack(Kind::Administrators, 0, 0);

    /// Supervisors of a team, whatever its level (SUP-03).
    #[must_use]
    pub const fn supervisors_of(team: TeamNumber) -> Self {
        Self::pack(Kind::SupervisorsOf, team.0, 0)
    }

    /// A pending conversation offered to nobody in particular: attending members, restricted ones included (decision 5).
    #[must_use]
    pub const fn team_pending(team: TeamNumber) -> Self {
        Self::pack(Kind::TeamPending, team.0, 0)
    }

    /// The one person a pending conversation is designated to (OVF-04).
    #[must_use]
    pub const fn designee(person: PersonNumber) -> Self {
        Self::pack(Kind::Designee, 0, person.0)
    }

    /// A conversation in progress, for unrestricted attending members of a team whose level is not `Attendant`.
    #[must_use]
    pub const fn team_in_progress(team: TeamNumber) -> Self {
        Self::pack(Kind::TeamInProgress, team.0, 0)
    }

    /// Who is responsible for a conversation in progress.
    #[must_use]
    pub const fn responsible(person: PersonNumber) -> Self {
        Self::pack(Kind::Responsible, 0, person.0)
    }

    /// Who was responsible for a finished conversation of a team; held only while they belong to it, or while the team
    /// is open to everyone (ACC-08).
    #[must_use]
    pub const fn finished_by(team: TeamNumber, person: PersonNumber) -> Self {
        Self::pack(Kind::FinishedBy, team.0, person.0)
    }

    /// A finished conversation, for unrestricted attending members of a team whose level is not `Attendant`.
    #[must_use]
    pub const fn team_finished(team: TeamNumber) -> Self {
        Self::pack(Kind::TeamFinished, team.0, 0)
    }

    /// A finished conversation, for every unrestricted person of the account, of a team whose level is `Everyone`.
    #[must_use]
    pub const fn everyone_finished(team: TeamNumber) -> Self {
        Self::pack(Kind::EveryoneFinished, team.0, 0)
    }

    /// Kinds stay below 128, so the sign bit is never set.
    const fn pack(kind: Kind, team: u32, person: u32) -> Self {
        debug_assert!(team < 1 << 24, "team numbers are small within an account");
        Self(((kind as u64) << 56 | ((team & 0x00ff_ffff) as u64) << 32 | person as u64) as i64)
    }
}

/// The audience of rows that every active person of the account may see: people, teams, memberships, channels.
#[must_use]
pub fn everyone() -> Vec<Atom> {
    vec![Atom::EVERYONE]
}

/// Who sees a conversation in `state` that belongs to the team numbered `team`: sorted, without repetition.
///
/// `number_of` gives the small number of a person; one it does not know is simply not in the audience.
#[must_use]
pub fn audience(state: &State, team: TeamNumber, number_of: impl Fn(PersonId) -> Option<PersonNumber>) -> Vec<Atom> {
    let mut audience = vec![Atom::ADMINISTRATORS, Atom::supervisors_of(team)];
    match *state {
        State::Pending(Pending::Queued { .. } | Pending::Open { .. }) => audience.push(Atom::team_pending(team)),
        State::Pending(Pending::Designated { designee, .. }) => {
            audience.extend(number_of(designee).map(Atom::designee))
        }
        State::InProgress { responsible, .. } => {
            audience.push(Atom::team_in_progress(team));
            audience.extend(number_of(responsible).map(Atom::responsible));
        }
        State::Finished(finished) => {
            audience.push(Atom::team_finished(team));
            audience.push(Atom::everyone_finished(team));
            let responsible = finished.responsible.and_then(number_of);
            audience.extend(responsible.map(|person| Atom::finished_by(team, person)));
        }
    }
    audience.sort_unstable();
    audience
}

/// What a person holds: sorted, without repetition. `memberships` may be those of the whole account; blocked and
/// deleted people hold nothing.
#[must_use]
pub fn atoms(person: &Person, memberships: &[Membership], teams: &[Team]) -> Vec<Atom> {
    if person.status != PersonStatus::Active {
        return Vec::new();
    }
    let mut atoms = vec![Atom::EVERYONE, Atom::designee(person.number), Atom::responsible(person.number)];
    if person.profile == Profile::Administrator {
        atoms.push(Atom::ADMINISTRATORS);
    }
    for team in teams {
        let membership = memberships.iter().find(|m| m.person == person.id && m.team == team.id);
        add_team(&mut atoms, person, membership, team);
    }
    atoms.sort_unstable();
    atoms
}

/// What a person holds because of one team.
fn add_team(atoms: &mut Vec<Atom>, person: &Person, membership: Option<&Membership>, team: &Team) {
    let attends = membership.is_some_and(|m| m.attends);
    let supervises = membership.is_some_and(|m| m.supervises);
    // The profile wins over the association: a restricted person never supervises (SUP-04).
    let unrestricted = person.profile != Profile::Restricted;
    let shared = match team.level {
        Level::Everyone | Level::Team => true,
        Level::Attendant => false,
    };
    if attends {
        atoms.push(Atom::team_pending(team.number));
    }
    if supervises && unrestricted {
        atoms.push(Atom::supervisors_of(team.number));
    }
    if attends && unrestricted && shared {
        atoms.push(Atom::team_in_progress(team.number));
        atoms.push(Atom::team_finished(team.number));
    }
    if attends || supervises || team.level == Level::Everyone {
        atoms.push(Atom::finished_by(team.number, person.number));
    }
    if unrestricted && team.level == Level::Everyone {
        atoms.push(Atom::everyone_finished(team.number));
    }
}

/// Whether two sorted lists of atoms share one: the whole of sight.
#[must_use]
pub fn meets(audience: &[Atom], atoms: &[Atom]) -> bool {
    let (mut audience, mut atoms) = (audience.iter().peekable(), atoms.iter().peekable());
    while let (Some(a), Some(b)) = (audience.peek(), atoms.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => _ = audience.next(),
            std::cmp::Ordering::Greater => _ = atoms.next(),
        }
    }
    false
}
