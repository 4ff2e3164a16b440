//! What a team's form does, in plain words and with the names of the people it is about.

use std::collections::BTreeMap;

use ciranda_api::OpenCounts;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::distribution::loads;
use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::settings::{DistributionForm, TeamForm};
use ciranda_domain::team::{Level, Strategy};
use ciranda_text::Key;
use ciranda_text::catalogue::settings::Settings as Say;
use ciranda_ui::{t, tf, words};

use super::faults::length;
use super::names::listed;

/// A level's name, and what it does.
pub const fn level(level: Level) -> (Say, Say) {
    match level {
        Level::Everyone => (Say::LevelEveryone, Say::LevelEveryoneEffect),
        Level::Team => (Say::LevelTeam, Say::LevelTeamEffect),
        Level::Attendant => (Say::LevelAttendant, Say::LevelAttendantEffect),
    }
}

/// A strategy's name, and what it does.
pub const fn strategy(strategy: Strategy) -> (Say, Say) {
    match strategy {
        Strategy::Circle => (Say::Circle, Say::CircleEffect),
        Strategy::LeastRecent => (Say::LeastRecent, Say::LeastRecentEffect),
        Strategy::LeastLoaded => (Say::LeastLoaded, Say::LeastLoadedEffect),
    }
}

/// A profile's name.
pub const fn profile(profile: Profile) -> Key {
    match profile {
        Profile::Administrator => Key::ProfileAdministrator,
        Profile::Attendant => Key::ProfileAttendant,
        Profile::Restricted => Key::ProfileRestricted,
    }
}

/// How a team hands out its conversations, in a line.
pub fn distribution(form: &DistributionForm) -> String {
    if !form.on {
        return t(Say::DistributionOff).to_owned();
    }
    let name = t(strategy(form.strategy).0);
    let mut parts = vec![name.to_owned()];
    if form.overflow {
        parts.push(tf(Say::PassesAfter, &[&length(form.limit), &length(form.maximum)]));
    }
    if let Some(most) = form.capacity {
        parts.push(tf(Say::AtMost, &[&most.to_string()]));
    }
    parts.join(" · ")
}

/// What somebody is in a team: `Usuário`, `Supervisor`, both, or nothing.
pub fn role(attends: bool, supervises: bool) -> &'static str {
    t(match (attends, supervises) {
        (true, true) => Say::RoleBoth,
        (true, false) => Say::RoleAttends,
        (false, true) => Say::RoleSupervises,
        (false, false) => Say::RoleNone,
    })
}

/// How many open conversations a team has, of those that are seen.
pub fn open_in(team: TeamId, heads: &BTreeMap<ConversationId, Conversation>) -> OpenCounts {
    let mut counts = OpenCounts::default();
    for head in heads.values().filter(|head| head.team == team) {
        match head.state {
            State::Pending(_) => counts.pending += 1,
            State::InProgress { .. } => counts.in_progress += 1,
            State::Finished(_) => {}
        }
    }
    counts
}

/// `1 esperando, 2 em andamento`, without what there is none of.
pub fn counted(open: OpenCounts) -> String {
    let parts = [(open.pending, Say::OpenWaiting), (open.in_progress, Say::OpenHeld)];
    let there = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, say)| tf(say, &[&count.to_string()]));
    let said = there.collect::<Vec<_>>().join(", ");
    if said.is_empty() { t(Say::NothingOpen).to_owned() } else { said }
}

/// Who attends in the order of the ring (OVF-01), and whether they take a turn now.
pub fn ring<'a>(form: &TeamForm, organisation: &'a Organisation) -> Vec<(&'a Person, bool)> {
    let attends = |person: &PersonId| form.people.iter().any(|line| line.person == *person && line.attends);
    let mut people: Vec<&Person> = organisation.people.values().collect();
    people.retain(|person| attends(&person.id) && person.status == PersonStatus::Active);
    people.sort_by_key(|person| (person.created_at, person.id));
    people.into_iter().map(|person| (person, person.availability == Availability::Available)).collect()
}

/// What will happen to the next conversations, one sentence a line.
pub fn effects(
    form: &TeamForm,
    organisation: &Organisation,
    heads: &BTreeMap<ConversationId, Conversation>,
    kind: impl Fn(ChannelId) -> Option<ChannelKind>,
) -> Vec<String> {
    let ring = ring(form, organisation);
    let turns: Vec<String> = ring.iter().filter(|(_, on)| *on).map(|(person, _)| person.name.clone()).collect();
    let away: Vec<String> = ring.iter().filter(|(_, on)| !on).map(|(person, _)| person.name.clone()).collect();
    if !form.distribution.on {
        return vec![t(Say::EffectOff).to_owned()];
    }
    let [first, others @ ..] = turns.as_slice() else { return vec![t(Say::EffectNobody).to_owned()] };
    let mut lines = Vec::new();
    match form.distribution.strategy {
        Strategy::Circle => lines.push(tf(Say::EffectCircle, &[&turns.join(" → ")])),
        Strategy::LeastRecent => lines.push(tf(Say::EffectLeastRecent, &[&listed(&turns)])),
        Strategy::LeastLoaded => {
            let loads = loads(heads.values(), kind);
            let held = |person: &Person| {
                loads.get(&person.id).map_or(0, |load| load.weighed(&form.distribution.weights, None))
            };
            let mut by_load: Vec<_> = ring.iter().filter(|(_, on)| *on).map(|(person, _)| *person).collect();
            by_load.sort_by_key(|person| held(person));
            let told = by_load.iter().map(|person| [&person.name, " (", &held(person).to_string(), ")"].concat());
            lines.push(tf(Say::EffectLeastLoaded, &[&told.collect::<Vec<_>>().join(", ")]));
        }
    }
    if form.distribution.overflow {
        let (limit, maximum) = (length(form.distribution.limit), length(form.distribution.maximum));
        lines.push(match others.first() {
            Some(next) if form.distribution.strategy == Strategy::Circle => {
                tf(Say::EffectPasses, &[first, next, &limit])
            }
            Some(_) => tf(Say::EffectPassesOn, &[&limit]),
            None => tf(Say::EffectAlone, &[first, &limit]),
        });
        lines.push(tf(Say::EffectMaximum, &[&maximum]));
    } else {
        lines.push(t(Say::EffectStays).to_owned());
    }
    if let Some(most) = form.distribution.capacity {
        lines.push(words().count(most, Say::EffectCapacityOne, Say::EffectCapacityMany));
    }
    if !away.is_empty() {
        let key = if away.len() == 1 { Say::EffectAwayOne } else { Say::EffectAwayMany };
        lines.push(tf(key, &[&listed(&away)]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::PersonNumber;
    use ciranda_domain::settings::RoleForm;
    use ciranda_domain::time::Moment;
    use uuid::Uuid;

    use super::*;

    fn person(n: u32, name: &str, availability: Availability) -> Person {
        Person {
            id: PersonId(Uuid::from_u128(u128::from(n))),
            number: PersonNumber(n),
            name: name.to_owned(),
            profile: Profile::Attendant,
            availability,
            status: PersonStatus::Active,
            // The last one made has the smallest id: the ring goes by the instant.
            created_at: Moment(i64::from(100 - n)),
        }
    }

    fn account() -> (Organisation, TeamForm) {
        let people = [
            person(3, "Ana", Availability::Available),
            person(2, "Bruno", Availability::Available),
            person(1, "Carla", Availability::Unavailable),
        ];
        let roles = people.iter().map(|person| RoleForm { person: person.id, attends: true, supervises: false });
        let distribution = DistributionForm { on: true, overflow: true, ..DistributionForm::default() };
        let form = TeamForm {
            name: "Suporte".to_owned(),
            is_default: false,
            instead_of: None,
            level: Level::Team,
            distribution,
            people: roles.collect(),
        };
        (Organisation::new(people, [], []), form)
    }

    fn told(form: &TeamForm, organisation: &Organisation) -> Vec<String> {
        effects(form, organisation, &BTreeMap::new(), |_| None)
    }

    #[test]
    fn the_circle_is_told_with_names_in_creation_order() {
        let (organisation, form) = account();
        let lines = told(&form, &organisation);
        assert_eq!(lines[0], "A vez anda nesta ordem: Ana → Bruno.");
        assert_eq!(
            lines[1],
            "Na vez de Ana, se não iniciar em 10 min, a conversa passa para Bruno, e assim por diante."
        );
        assert_eq!(lines[2], "Depois de 1 h no total, qualquer pessoa da equipe pode iniciar.");
        assert_eq!(lines[3], "Carla está indisponível e não recebe a vez.");
    }

    #[test]
    fn nobody_to_take_a_turn_is_said() {
        let (organisation, mut form) = account();
        form.people.retain(|line| line.person == PersonId(Uuid::from_u128(1)));
        assert_eq!(told(&form, &organisation), [t(Say::EffectNobody)]);
        form.distribution.on = false;
        assert_eq!(told(&form, &organisation), [t(Say::EffectOff)]);
    }

    #[test]
    fn the_line_of_a_team_says_what_is_set() {
        let form = DistributionForm { on: true, overflow: true, capacity: Some(5), ..DistributionForm::default() };
        assert_eq!(distribution(&form), "Em roda · passa em 10 min, aberta a todos em 1 h · até 5 por pessoa");
        assert_eq!(distribution(&DistributionForm::default()), t(Say::DistributionOff));
    }
}
