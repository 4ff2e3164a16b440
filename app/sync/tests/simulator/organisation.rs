//! A small company to begin with: an administrator, attendants, a restricted one, a supervisor, teams of each level.

use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::ids::{AccountId, ChannelId, PersonId, PersonNumber, TeamId, TeamNumber};
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Distribution, Level, Membership, Team};
use ciranda_domain::time::Moment;
use ciranda_sync::rows::{Account, Row};
use rand::Rng;
use rand::rngs::SmallRng;
use uuid::Uuid;

use crate::authority::{Authority, Edit};

/// A Monday morning.
const MORNING: Moment = Moment(1_790_000_000_000);

/// Founds the account and writes its reference rows.
pub fn found(random: &mut SmallRng) -> Authority {
    let account = Account {
        id: AccountId(Uuid::from_u128(1)),
        name: "Loja Aurora".to_owned(),
        zone: "America/Sao_Paulo".to_owned(),
        hours: None,
    };
    let mut authority = Authority::new(account.clone(), MORNING);
    let profiles =
        [Profile::Administrator, Profile::Attendant, Profile::Attendant, Profile::Attendant, Profile::Restricted];
    let levels = [Level::Everyone, Level::Team, Level::Attendant];
    let mut rows = vec![Row::Account(account)];
    rows.extend((0..).zip(levels).map(|(n, level)| team(n, level)));
    for (n, profile) in (0..).zip(profiles) {
        rows.push(person(n, profile));
        for team in 0..3 {
            let (attends, supervises) = (random.random_bool(0.6), random.random_bool(0.2));
            if attends || supervises {
                let (team, person) = (team_id(team), person_id(n));
                rows.push(Row::Membership(Membership { team, person, attends, supervises }));
            }
        }
    }
    let (id, kind) = (ChannelId(Uuid::from_u128(50)), ChannelKind::WhatsApp);
    rows.push(Row::Channel(Channel { id, kind, name: "Loja".to_owned(), address: "+55 11 5550-0001".to_owned() }));
    authority.commit(None, rows.into_iter().map(Edit::Reference).collect());
    authority
}

fn person_id(n: u32) -> PersonId {
    PersonId(Uuid::from_u128(100 + u128::from(n)))
}

fn team_id(n: u32) -> TeamId {
    TeamId(Uuid::from_u128(200 + u128::from(n)))
}

fn person(n: u32, profile: Profile) -> Row {
    Row::Person(Person {
        id: person_id(n),
        number: PersonNumber(n + 1),
        name: format!("Pessoa {n}"),
        profile,
        availability: Availability::Available,
        status: PersonStatus::Active,
        created_at: MORNING,
    })
}

fn team(n: u32, level: Level) -> Row {
    Row::Team(Team {
        id: team_id(n),
        number: TeamNumber(n + 1),
        name: format!("Equipe {n}"),
        is_default: n == 0,
        level,
        distribution: Distribution::Off,
        deleted: false,
    })
}
