//! What a team's form does, in plain words and with the names of the people it is about.

use std::collections::BTreeMap;

use ciranda_api::OpenCounts;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::distribution::{Load, loads};
use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::settings::{DistributionForm, Field, TeamForm};
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

/// What will happen to the next conversations, one sentence a line; nothing of a team that nobody attends. A sentence
/// that rests on a faulty field is left out, and that is said.
pub fn effects(
    form: &TeamForm,
    organisation: &Organisation,
    heads: &BTreeMap<ConversationId, Conversation>,
    kind: impl Fn(ChannelId) -> Option<ChannelKind>,
    faulty: impl Fn(Field) -> bool,
) -> Vec<String> {
    let ring = ring(form, organisation);
    if ring.is_empty() {
        return Vec::new();
    }
    if !form.distribution.on {
        return vec![t(Say::EffectOff).to_owned()];
    }
    let turns: Vec<&Person> = ring.iter().filter(|(_, on)| *on).map(|(person, _)| *person).collect();
    if turns.is_empty() {
        return vec![t(Say::EffectNobody).to_owned()];
    }
    let mut lines = Vec::new();
    lines.extend(turn(&form.distribution, &turns, || loads(heads.values(), kind), &faulty));
    lines.extend(passing(&form.distribution, &turns, &faulty));
    if let Some(most) = form.distribution.capacity.filter(|_| !faulty(Field::Capacity)) {
        lines.push(words().count(most, Say::EffectCapacityOne, Say::EffectCapacityMany));
    }
    let away: Vec<String> = ring.iter().filter(|(_, on)| !on).map(|(person, _)| person.name.clone()).collect();
    if !away.is_empty() {
        let key = if away.len() == 1 { Say::EffectAwayOne } else { Say::EffectAwayMany };
        lines.push(tf(key, &[&listed(&away)]));
    }
    if [Field::Limit, Field::Maximum, Field::Capacity, Field::Weights].into_iter().any(faulty) {
        lines.push(t(Say::EffectFaulty).to_owned());
    }
    lines
}

/// To whom the next one goes.
fn turn(
    form: &DistributionForm,
    turns: &[&Person],
    loads: impl FnOnce() -> BTreeMap<PersonId, Load>,
    faulty: &impl Fn(Field) -> bool,
) -> Option<String> {
    let names: Vec<String> = turns.iter().map(|person| person.name.clone()).collect();
    match form.strategy {
        Strategy::Circle => Some(tf(Say::EffectCircle, &[&names.join(" → ")])),
        Strategy::LeastRecent => Some(tf(Say::EffectLeastRecent, &[&listed(&names)])),
        Strategy::LeastLoaded if faulty(Field::Weights) => None,
        Strategy::LeastLoaded => {
            let loads = loads();
            let held = |person: &Person| loads.get(&person.id).map_or(0, |load| load.weighed(&form.weights, None));
            let mut by_load = turns.to_vec();
            by_load.sort_by_key(|person| held(person));
            let told = by_load.iter().map(|person| [&person.name, " (", &held(person).to_string(), ")"].concat());
            Some(tf(Say::EffectLeastLoaded, &[&told.collect::<Vec<_>>().join(", ")]))
        }
    }
}

/// What becomes of an offer that is not started.
fn passing(form: &DistributionForm, turns: &[&Person], faulty: &impl Fn(Field) -> bool) -> Vec<String> {
    if !form.overflow {
        return vec![t(Say::EffectStays).to_owned()];
    }
    let mut lines = Vec::new();
    if !faulty(Field::Limit) {
        let limit = length(form.limit);
        lines.extend(match turns {
            [first, next, ..] if form.strategy == Strategy::Circle => {
                Some(tf(Say::EffectPasses, &[&first.name, &next.name, &limit]))
            }
            [_, _, ..] => Some(tf(Say::EffectPassesOn, &[&limit])),
            [only] => Some(tf(Say::EffectAlone, &[&only.name, &limit])),
            [] => None,
        });
    }
    if !faulty(Field::Maximum) {
        lines.push(tf(Say::EffectMaximum, &[&length(form.maximum)]));
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
        let faults = form.check(TeamId(Uuid::nil()), organisation).err().unwrap_or_default();
        let faulty = |field| faults.iter().any(|fault| fault.field == field);
        effects(form, organisation, &BTreeMap::new(), |_| None, faulty)
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
    fn of_a_team_that_nobody_attends_nothing_is_promised_sup_06() {
        let (organisation, mut form) = account();
        for line in &mut form.people {
            (line.attends, line.supervises) = (false, true);
        }
        assert_eq!(told(&form, &organisation), [""; 0]);
        form.distribution.on = false;
        assert_eq!(told(&form, &organisation), [""; 0]);
    }

    #[test]
    fn what_rests_on_a_faulty_field_is_left_out_and_that_is_said() {
        let (organisation, sound) = account();
        type Spoil = fn(&mut DistributionForm);
        let spoiled = |spoil: Spoil| {
            let mut form = sound.clone();
            (form.distribution.capacity, form.distribution.strategy) = (Some(5), Strategy::LeastLoaded);
            spoil(&mut form.distribution);
            told(&form, &organisation)
        };
        let (load, limit, maximum, capacity) = ("Agora: ", "Quem não iniciar em", "no total", "não recebe outra");
        let cases: [(Spoil, &str); 6] = [
            (|_| {}, ""),
            (|form| form.weights.whatsapp = u8::MAX, load),
            (|form| form.limit = u32::MAX, limit),
            (|form| form.maximum = 0, maximum),
            // Shorter than each person's time.
            (|form| form.maximum = 5, maximum),
            (|form| form.capacity = Some(u32::MAX), capacity),
        ];
        for (spoil, missing) in cases {
            let lines = spoiled(spoil);
            for part in [load, limit, maximum, capacity] {
                assert_eq!(lines.iter().any(|line| line.contains(part)), part != missing, "{part}: {lines:?}");
            }
            let said = lines.iter().any(|line| line == t(Say::EffectFaulty));
            assert_eq!(said, !missing.is_empty(), "{lines:?}");
        }
    }

    #[test]
    fn the_line_of_a_team_says_what_is_set() {
        let form = DistributionForm { on: true, overflow: true, capacity: Some(5), ..DistributionForm::default() };
        assert_eq!(distribution(&form), "Em roda · passa em 10 min, aberta a todos em 1 h · até 5 por pessoa");
        assert_eq!(distribution(&DistributionForm::default()), t(Say::DistributionOff));
    }
}
