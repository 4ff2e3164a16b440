//! Where a conversation can be transferred to.
//!
//! *Invariant:* offers only what the rules accept: the team is in the account, the person is active and belongs to it;
//! unavailable people are offered, and shown as such.

use std::collections::BTreeMap;

use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::distribution::Load;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Distribution, Level, Team};
use ciranda_text::{Key, Words};

/// A team to choose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamChoice {
    pub id: TeamId,
    pub name: String,
    pub level: Level,
    pub current: bool,
    /// Whether anybody attends it; with nobody it may be chosen, knowing so (SUP-06).
    pub attended: bool,
}

/// A person to choose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonChoice {
    pub id: PersonId,
    pub name: String,
    pub availability: Availability,
    /// Where the conversation goes on.
    pub into: Into,
}

/// The team that a conversation goes on in after a transfer to a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Into {
    /// The present one, or their only one.
    Team(TeamId),
    /// Ask: the person is not in the present team and has several.
    Ask(Vec<(TeamId, String)>),
}

/// Teams by name. The present one only when the conversation is being attended: then it goes back to its queue.
#[must_use]
pub fn teams(organisation: &Organisation, conversation: &Conversation) -> Vec<TeamChoice> {
    let pending = matches!(conversation.state, State::Pending(_));
    let active = || organisation.people.values().filter(|person| person.status == PersonStatus::Active);
    let attends = |team| active().any(|person| organisation.attends(person.id, team));
    let choice = |team: &Team| TeamChoice {
        id: team.id,
        name: team.name.clone(),
        level: team.level,
        current: team.id == conversation.team,
        attended: attends(team.id),
    };
    let mut choices: Vec<_> = organisation
        .teams
        .values()
        .filter(|team| !team.deleted)
        .map(choice)
        .filter(|choice| !(pending && choice.current))
        .collect();
    choices.sort_by(|a, b| a.name.cmp(&b.name));
    choices
}

/// People by name, the responsible left out.
#[must_use]
pub fn people(organisation: &Organisation, conversation: &Conversation) -> Vec<PersonChoice> {
    let mut choices: Vec<_> = organisation
        .people
        .values()
        .filter(|person| person.status == PersonStatus::Active && Some(person.id) != conversation.responsible())
        .filter_map(|person| {
            let into = into(organisation, person, conversation.team)?;
            Some(PersonChoice { id: person.id, name: person.name.clone(), availability: person.availability, into })
        })
        .collect();
    choices.sort_by(|a, b| a.name.cmp(&b.name));
    choices
}

/// What a person holds and the most they may in the team that the conversation goes to, where they hold that much
/// already: a person may still give it to them, knowing so (decision 1).
#[must_use]
pub fn at_limit(
    organisation: &Organisation,
    choice: &PersonChoice,
    loads: &BTreeMap<PersonId, Load>,
) -> Option<(u32, u32)> {
    let Into::Team(team) = choice.into else { return None };
    full(organisation, choice.id, team, loads)
}

/// What a person holds and the most they may in a team, where they hold that much already.
#[must_use]
pub fn full(
    organisation: &Organisation,
    person: PersonId,
    team: TeamId,
    loads: &BTreeMap<PersonId, Load>,
) -> Option<(u32, u32)> {
    let Distribution::On { capacity: Some(capacity), weights, .. } = organisation.teams.get(&team)?.distribution else {
        return None;
    };
    let held = loads.get(&person)?.weighed(&weights, Some(capacity));
    (held >= capacity).then_some((held, capacity))
}

/// The warning of an act by which a person who was full already gets one more (decision 1); none where the conversation
/// takes a slot of theirs as it is.
#[must_use]
pub fn warning(
    words: Words,
    organisation: &Organisation,
    (person, team): (PersonId, TeamId),
    conversation: &Conversation,
    loads: &BTreeMap<PersonId, Load>,
) -> Option<String> {
    if conversation.holder() == Some(person) {
        return None;
    }
    let (held, most) = full(organisation, person, team, loads)?;
    let name = &organisation.people.get(&person)?.name;
    Some(words.fill(Key::OverLimit, &[name, &held.to_string(), &most.to_string()]))
}

fn into(organisation: &Organisation, person: &Person, present: TeamId) -> Option<Into> {
    let stays = organisation.has_team(present);
    if stays && (organisation.belongs(person.id, present) || person.profile == Profile::Administrator) {
        return Some(Into::Team(present));
    }
    let mut own: Vec<_> = organisation
        .teams
        .values()
        .filter(|team| !team.deleted && organisation.belongs(person.id, team.id))
        .map(|team| (team.id, team.name.clone()))
        .collect();
    own.sort_by(|a, b| a.1.cmp(&b.1));
    match own.as_slice() {
        [] => None,
        [(only, _)] => Some(Into::Team(*only)),
        _ => Some(Into::Ask(own)),
    }
}

/// Whether a name matches what was typed, without regard to case and accents.
#[must_use]
pub fn matches(name: &str, typed: &str) -> bool {
    plain(name).contains(&plain(typed.trim()))
}

/// Small letters without the marks that names in the languages around here carry.
fn plain(text: &str) -> String {
    let plain = |letter| match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciranda_domain::conversation::Pending;
    use ciranda_domain::ids::PersonNumber;
    use ciranda_domain::team::Overflow;
    use ciranda_domain::time::Moment;

    #[test]
    fn a_name_is_found_without_its_accents_and_with_them() {
        for typed in ["fab", "FÁB", " fábio ", ""] {
            assert!(matches("Fábio", typed), "{typed}");
        }
        assert!(matches("Jurídico", "juridico"));
        assert!(!matches("Fábio", "ana"));
    }

    #[test]
    fn decision_1_an_act_that_exceeds_somebodys_limit_is_allowed_and_said() {
        use crate::show::notice::tests::{ME, TEAM, circle, head, offered};
        let person = Person {
            id: ME,
            number: PersonNumber(1),
            name: "Davi".to_owned(),
            profile: Profile::Attendant,
            availability: Availability::Available,
            status: PersonStatus::Active,
            created_at: Moment(0),
        };
        let loads = BTreeMap::from([(ME, Load { whatsapp: 2, ..Load::NONE })]);
        let told = |most, conversation: &Conversation| {
            let team = Team { distribution: Distribution::circle(Overflow::Off, Some(most)), ..circle() };
            let (teams, people) = (BTreeMap::from([(TEAM, team)]), BTreeMap::from([(ME, person.clone())]));
            let organisation = Organisation { teams, people, ..Organisation::default() };
            warning(Words::PORTUGUESE, &organisation, (ME, TEAM), conversation, &loads)
        };
        let open = head(State::Pending(Pending::Open { since: Moment(0) }));
        assert_eq!(told(2, &open), Some("Davi já estava no limite: 2 de 2".to_owned()));
        assert_eq!(told(3, &open), None);
        assert_eq!(told(2, &offered(ME, 10)), None, "it holds the slot already");
    }
}
