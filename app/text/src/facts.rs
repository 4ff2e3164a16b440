//! Timeline facts in words, with their reasons.
//!
//! *Invariant:* exhaustive over [`Fact`] and [`Why`]: a new one does not compile until it has words. Names are looked
//! up when shown, so that a renamed person or team is shown by the name of today.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::message::{Ended, Fact, Why};
use ciranda_domain::organisation::Organisation;

use crate::fill::{Piece, pieces};
use crate::{Key, Words};

/// Who is called what; the caller knows the replica or the database.
pub trait Names {
    /// `None` when the person is not known any more.
    fn person(&self, id: PersonId) -> Option<String>;
    /// `None` when the team is not known any more.
    fn team(&self, id: TeamId) -> Option<String>;
}

impl Names for Organisation {
    fn person(&self, id: PersonId) -> Option<String> {
        self.people.get(&id).map(|person| person.name.clone())
    }
    fn team(&self, id: TeamId) -> Option<String> {
        self.teams.get(&id).map(|team| team.name.clone())
    }
}

/// A fact as a sentence in pieces, names apart from the words around them.
#[must_use]
pub fn sentence(words: Words, fact: &Fact, names: &dyn Names) -> Vec<Piece> {
    let person = |id: PersonId| names.person(id).unwrap_or_else(|| words.get(Key::SomebodyGone).to_owned());
    let team = |id: TeamId| names.team(id).unwrap_or_default();
    let (key, values) = match fact {
        Fact::Received { channel_name } => (Key::FactReceived, vec![channel_name.clone()]),
        Fact::Designated { to, why, .. } => {
            let (key, from) = designated(*why);
            (key, std::iter::once(person(*to)).chain(from.map(person)).collect())
        }
        Fact::Released { why } => {
            let (key, from) = released(*why);
            (key, from.map(person).into_iter().collect())
        }
        Fact::Queued => (Key::FactQueued, vec![]),
        Fact::Started { by } => (Key::FactStarted, vec![person(*by)]),
        Fact::TransferredToTeam { by, from, to, because: None } if from == to => {
            (Key::FactToQueue, vec![person(*by), team(*to)])
        }
        Fact::TransferredToTeam { by, from, to, because } => match because {
            None => (Key::FactToTeam, vec![person(*by), team(*from), team(*to)]),
            Some(Ended::Team(gone)) => (Key::FactToTeamFromDeleted, vec![person(*by), team(*gone), team(*to)]),
            Some(Ended::Attendance(gone)) => (Key::FactToTeamFromLeft, vec![person(*gone), team(*to), person(*by)]),
        },
        // Nobody gives a conversation to themselves: they took it over.
        Fact::TransferredToPerson { by, to, because: None, .. } if by == to => (Key::FactTookOver, vec![person(*by)]),
        Fact::TransferredToPerson { by, to, team: of, because } => match because {
            None => (Key::FactToPerson, vec![person(*by), person(*to), team(*of)]),
            Some(Ended::Team(gone)) => {
                (Key::FactToPersonFromDeleted, vec![person(*by), team(*gone), person(*to), team(*of)])
            }
            Some(Ended::Attendance(gone)) => {
                (Key::FactToPersonFromLeft, vec![person(*gone), person(*to), team(*of), person(*by)])
            }
        },
        Fact::Concluded { by: Some(by) } => (Key::FactConcluded, vec![person(*by)]),
        Fact::Concluded { by: None } => (Key::FactConcludedAuto, vec![]),
        Fact::Restarted { by } => (Key::FactRestarted, vec![person(*by)]),
        Fact::Returned { to } => (Key::FactReturned, vec![person(*to)]),
        Fact::ReturnedToTeam { from: Some(from) } => (Key::FactBackFrom, vec![person(*from)]),
        Fact::ReturnedToTeam { from: None } => (Key::FactBack, vec![]),
        Fact::AutoReplied => (Key::FactAutoReplied, vec![]),
    };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    pieces(words.get(key), &values)
}

/// The phrase for a designation, and whom it passed from.
fn designated(why: Why) -> (Key, Option<PersonId>) {
    match why {
        Why::TheirTurn => (Key::FactOfferedTurn, None),
        Why::LimitReached { from } => (Key::FactPassedLimit, Some(from)),
        Why::LimitReachedDuringOutage { from } => (Key::FactPassedOutage, Some(from)),
        Why::DesigneeLeft { from } => (Key::FactPassedLeft, Some(from)),
        Why::DesigneeUnavailable { from } => (Key::FactPassedUnavailable, Some(from)),
        Why::Preferred => (Key::FactOfferedPreferred, None),
        Why::SlotFreed => (Key::FactOfferedSlot, None),
        Why::LeastRecent => (Key::FactOfferedRecent, None),
        Why::LeastLoaded => (Key::FactOfferedLoaded, None),
        Why::MaximumReached | Why::MaximumReachedDuringOutage | Why::NobodyEligible | Why::DistributionOff => {
            (Key::FactOffered, None)
        }
    }
}

/// The phrase for a release to the whole team, and whom it was released from.
fn released(why: Why) -> (Key, Option<PersonId>) {
    match why {
        Why::MaximumReached => (Key::FactReleasedMaximum, None),
        Why::MaximumReachedDuringOutage => (Key::FactReleasedMaximumOutage, None),
        Why::NobodyEligible => (Key::FactReleasedNobody, None),
        Why::DistributionOff => (Key::FactReleasedOff, None),
        Why::LimitReached { from } => (Key::FactReleasedLimit, Some(from)),
        Why::LimitReachedDuringOutage { from } => (Key::FactReleasedOutage, Some(from)),
        Why::DesigneeLeft { from } => (Key::FactReleasedLeft, Some(from)),
        Why::DesigneeUnavailable { from } => (Key::FactReleasedUnavailable, Some(from)),
        Why::TheirTurn | Why::Preferred | Why::SlotFreed | Why::LeastRecent | Why::LeastLoaded => {
            (Key::FactReleased, None)
        }
    }
}

/// Whether the fact says why the conversation is where it is: what the panel "por que veio para mim?" lists.
#[must_use]
pub fn explains_place(fact: &Fact) -> bool {
    match fact {
        Fact::Designated { .. }
        | Fact::Released { .. }
        | Fact::Queued
        | Fact::Started { .. }
        | Fact::TransferredToTeam { .. }
        | Fact::TransferredToPerson { .. }
        | Fact::Restarted { .. }
        | Fact::Returned { .. }
        | Fact::ReturnedToTeam { .. } => true,
        Fact::Received { .. } | Fact::Concluded { .. } | Fact::AutoReplied => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    struct House;
    impl Names for House {
        fn person(&self, id: PersonId) -> Option<String> {
            match id.0.as_u128() {
                1 => Some("Ana".into()),
                2 => Some("Bruno".into()),
                _ => None,
            }
        }
        fn team(&self, _: TeamId) -> Option<String> {
            Some("Suporte".into())
        }
    }

    fn say(fact: &Fact) -> String {
        sentence(Words::PORTUGUESE, fact, &House)
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => (*words).to_owned(),
                Piece::Value(value) => format!("<{value}>"),
            })
            .collect()
    }

    const ANA: PersonId = PersonId(Uuid::from_u128(1));
    const BRUNO: PersonId = PersonId(Uuid::from_u128(2));
    const NOBODY: PersonId = PersonId(Uuid::from_u128(9));

    #[test]
    fn a_hop_names_both_people() {
        let fact = Fact::Designated { to: BRUNO, attempt: 2, why: Why::LimitReached { from: ANA } };
        assert_eq!(say(&fact), "Passou para <Bruno>: <Ana> não iniciou a tempo");
    }

    #[test]
    fn whoever_passes_it_to_themselves_took_it_over() {
        let team = TeamId(Uuid::from_u128(5));
        let moved = |to| say(&Fact::TransferredToPerson { by: ANA, to, team, because: None });
        assert_eq!(moved(ANA), "<Ana> assumiu o atendimento");
        assert_eq!(moved(BRUNO), "<Ana> transferiu para <Bruno>, equipe <Suporte>");
    }

    #[test]
    fn what_goes_to_the_team_that_it_is_in_went_back_to_its_queue() {
        let (here, there) = (TeamId(Uuid::from_u128(5)), TeamId(Uuid::from_u128(6)));
        let moved = |to| say(&Fact::TransferredToTeam { by: ANA, from: here, to, because: None });
        assert_eq!(moved(here), "<Ana> devolveu à fila de <Suporte>");
        assert_eq!(moved(there), "<Ana> transferiu de <Suporte> para <Suporte>");
    }

    #[test]
    fn a_person_no_longer_known_is_somebody() {
        assert_eq!(say(&Fact::Started { by: NOBODY }), "<alguém> iniciou o atendimento");
    }

    #[test]
    fn an_outage_is_said_not_to_count() {
        let fact = Fact::Released { why: Why::LimitReachedDuringOutage { from: ANA } };
        assert!(say(&fact).ends_with("e não conta"));
    }
}
