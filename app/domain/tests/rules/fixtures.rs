//! A small account to test with: product.md 4.1 with one team whose level the test chooses.

use ciranda_domain::access::Actor;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Archive, Conversation, Finished, Pending, State, Window};
use ciranda_domain::ids::{
    ChannelId, ContactId, ConversationId, IdentityId, PersonId, PersonNumber, TeamId, TeamNumber,
};
use ciranda_domain::life::Context;
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Distribution, Level, Membership, Team};
use ciranda_domain::time::Moment;
use uuid::Uuid;

pub const ANA: PersonId = person_id(1);
pub const BRUNO: PersonId = person_id(2);
pub const CARLA: PersonId = person_id(3);
pub const DAVI: PersonId = person_id(4);
pub const EVA: PersonId = person_id(5);
pub const FABIO: PersonId = person_id(6);
/// An attendant of another team.
pub const GIL: PersonId = person_id(7);
/// A restricted attendant of the team besides Fábio.
pub const RITA: PersonId = person_id(8);

/// The team of the tests: Bruno, Carla, Davi, Fábio and Rita attend, Eva supervises.
pub const SUPORTE: TeamId = TeamId(Uuid::from_u128(101));
/// Gil's team.
pub const GERAL: TeamId = TeamId(Uuid::from_u128(102));

pub const LEVELS: [Level; 3] = [Level::Everyone, Level::Team, Level::Attendant];

pub const fn person_id(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub const fn conversation_id(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(1_000 + n))
}

/// Thursday 2026-01-15, in UTC.
pub const fn at(hour: i64, minute: i64) -> Moment {
    Moment((1_768_435_200 + hour * 3_600 + minute * 60) * 1_000)
}

pub fn person(id: PersonId, profile: Profile) -> Person {
    let n = u32::try_from(id.0.as_u128()).expect("people of the tests have small ids");
    Person {
        id,
        number: PersonNumber(n),
        name: format!("Pessoa {n}"),
        profile,
        availability: Availability::Available,
        status: PersonStatus::Active,
        created_at: Moment(i64::from(n)),
    }
}

pub fn team(id: TeamId, level: Level) -> Team {
    let n = u32::try_from(id.0.as_u128()).expect("teams of the tests have small ids");
    Team {
        id,
        number: TeamNumber(n),
        name: format!("Equipe {n}"),
        is_default: id == GERAL,
        level,
        distribution: Distribution::Off,
        deleted: false,
    }
}

pub const fn attends(person: PersonId, team: TeamId) -> Membership {
    Membership { team, person, attends: true, supervises: false }
}

pub const fn supervises(person: PersonId, team: TeamId) -> Membership {
    Membership { team, person, attends: false, supervises: true }
}

pub fn organisation(level: Level) -> Organisation {
    let people = [
        person(ANA, Profile::Administrator),
        person(BRUNO, Profile::Attendant),
        person(CARLA, Profile::Attendant),
        person(DAVI, Profile::Attendant),
        person(EVA, Profile::Attendant),
        person(FABIO, Profile::Restricted),
        person(GIL, Profile::Attendant),
        person(RITA, Profile::Restricted),
    ];
    let members = [BRUNO, CARLA, DAVI, FABIO, RITA].map(|member| attends(member, SUPORTE));
    let others = [supervises(EVA, SUPORTE), attends(GIL, GERAL)];
    Organisation::new(people, [team(SUPORTE, level), team(GERAL, Level::Team)], members.into_iter().chain(others))
}

pub fn actor(organisation: &Organisation, person: PersonId) -> Actor {
    organisation.actor(person).expect("the person belongs to the account of the tests")
}

pub fn context<'a>(organisation: &'a Organisation, actor: &'a Actor, now: Moment) -> Context<'a> {
    Context { now, actor, organisation, archive: Archive::InTwelveHours, other_open: false }
}

pub fn conversation(state: State) -> Conversation {
    Conversation {
        id: conversation_id(1),
        channel: ChannelId(Uuid::from_u128(201)),
        contact: ContactCard {
            id: ContactId(Uuid::from_u128(301)),
            identity: IdentityId(Uuid::from_u128(302)),
            name: "Cliente".to_owned(),
            phone: "5511999990000".to_owned(),
            preferred: None,
        },
        team: SUPORTE,
        state,
        created_at: at(8, 0),
        enqueued_at: None,
        last_at: at(8, 0),
        last_line: None,
        unread: 0,
        window: Window::default(),
        waiting: 0,
        received_from: None,
        mentions: Vec::new(),
    }
}

pub const fn open() -> State {
    State::Pending(Pending::Open { since: at(8, 0) })
}

pub const fn queued() -> State {
    State::Pending(Pending::Queued { since: at(8, 0) })
}

pub const fn designated(designee: PersonId) -> State {
    let deadline = Some(at(8, 10));
    State::Pending(Pending::Designated {
        designee,
        since: at(8, 0),
        deadline,
        max_deadline: Some(at(9, 0)),
        attempt: 1,
    })
}

pub const fn in_progress(responsible: PersonId) -> State {
    State::InProgress { responsible, since: at(8, 5) }
}

/// Concluded at 09:00 by the responsible, to come back within 12 hours.
pub const fn finished(responsible: Option<PersonId>) -> State {
    State::Finished(Finished { at: at(9, 0), by: responsible, responsible, archive: Archive::InTwelveHours })
}
