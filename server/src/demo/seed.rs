//! What the demo begins with, made once: "Loja Aurora" with its people, teams and two WhatsApp numbers.
//!
//! *Invariant:* ids are fixed, so that every demo is the same; a demo that is there already is left as it is.

use anyhow::{Context, Result};
use ciranda_domain::calendar::{Calendar, Hours, Period};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::ids::{ChannelId, PersonId, TeamId};
use ciranda_domain::person::{Availability, Profile};
use ciranda_domain::team::{Distribution, Level, Overflow};
use ciranda_domain::time::{Moment, Span};
use ciranda_simulator::{SimNumber, SimTemplate, TemplateCategory};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use super::{ACCOUNT, clock};
use crate::app::App;
use crate::secrets::Place;
use crate::store::setup::{NewChannel, NewPerson, NewTeam, Role};
use crate::store::{self, Scoped};

const ZONE: &str = "America/Sao_Paulo";
/// The hour at which the demo's clock starts, on a working day (decision 39).
const MORNING: u16 = 9;
/// From when to when the shop is open on a working day.
const OPEN: [(u16, u16); 2] = [(8, 12), (13, 18)];
const AUTO_REPLY: &str =
    "Olá! A Loja Aurora atende de segunda a sexta, das 8h às 12h e das 13h às 18h. Respondemos assim que abrirmos.";

/// The people in creation order: name, profile, availability.
const PEOPLE: [(&str, Profile, Availability); 6] = [
    ("Ana", Profile::Administrator, Availability::Available),
    ("Bruno", Profile::Attendant, Availability::Available),
    ("Carla", Profile::Attendant, Availability::Unavailable),
    ("Davi", Profile::Attendant, Availability::Available),
    ("Eva", Profile::Attendant, Availability::Available),
    ("Fábio", Profile::Restricted, Availability::Available),
];

/// Who is what in which team: team, person, role, by their places above and below.
const MEMBERS: [(usize, usize, Role); 14] = [
    (0, 0, Role::Attends),
    (0, 1, Role::Attends),
    (0, 2, Role::Attends),
    (0, 3, Role::Attends),
    (0, 4, Role::Attends),
    (0, 5, Role::Attends),
    (1, 0, Role::Both),
    (1, 1, Role::Attends),
    (1, 2, Role::Attends),
    (1, 3, Role::Attends),
    (1, 4, Role::Supervises),
    (2, 3, Role::Attends),
    (2, 5, Role::Attends),
    (2, 4, Role::Supervises),
];

/// The demo's numbers, the one that hands its conversations round first.
pub fn numbers() -> Vec<SimNumber> {
    let number = |id: &str, phone: &str, name: &str| SimNumber {
        phone_number_id: id.to_owned(),
        display_phone: phone.to_owned(),
        waba_id: "102290129340398".to_owned(),
        name: name.to_owned(),
    };
    vec![
        number("106540352242922", "551130004821", "Loja Aurora"),
        number("106540352242923", "551130004800", "Loja Aurora Balcão"),
    ]
}

/// What the shop's order system sends: a desk hears of it when a customer taps a button.
pub fn templates() -> Vec<SimTemplate> {
    vec![SimTemplate {
        name: "pedido_pronto".to_owned(),
        language: "pt_BR".to_owned(),
        category: TemplateCategory::Utility,
        body: "Olá! Seu pedido na Loja Aurora está pronto. Como você prefere receber?".to_owned(),
        buttons: ["Busco na loja", "Quero entrega", "Falar com alguém"].map(str::to_owned).to_vec(),
    }]
}

/// The id of a person of the demo, by creation order from 0.
pub fn person(index: usize) -> PersonId {
    PersonId(id(1, index))
}

fn team(index: usize) -> TeamId {
    TeamId(id(2, index))
}

fn id(kind: u128, index: usize) -> Uuid {
    Uuid::from_u128(ACCOUNT.0.as_u128() + (kind << 32) + index as u128 + 1)
}

/// Seeds an empty installation; whether there was anything to do. A demo that is begun, or that is found closed for
/// the day, goes on to the next morning.
///
/// # Errors
/// When the database cannot be reached.
pub async fn once(app: &App) -> Result<bool> {
    let mut scoped = store::begin(app, ACCOUNT).await?;
    let (fresh, now) = (!scoped.account_exists().await?, scoped.now);
    scoped.commit().await?;
    let calendar = Calendar::new(hours(), TimeZone::get(ZONE).context("the demo's time zone")?)?;
    if fresh || !calendar.is_open(now) {
        clock::forward(app, clock::until_morning(app)?).await?;
    }
    if fresh {
        // Its people begin in the morning too: nobody was there in the night before.
        let mut scoped = store::begin(app, ACCOUNT).await?;
        account(app, &mut scoped).await?;
        scoped.commit().await?;
    }
    Ok(fresh)
}

fn hours() -> Hours {
    Hours::weekdays(&OPEN.map(|(from, to)| Period::new((from, 0), (to, 0))))
}

fn email_of(name: &str) -> String {
    format!("{}@aurora.example", name.to_lowercase().replace('á', "a"))
}

/// With what everybody can log in by code.
pub fn emails() -> Vec<String> {
    PEOPLE.iter().map(|(name, ..)| email_of(name)).collect()
}

async fn account(app: &App, scoped: &mut Scoped) -> Result<()> {
    scoped.insert_account("Loja Aurora", ZONE, Some(&hours()), Some(AUTO_REPLY)).await?;
    for (index, (name, profile, availability)) in PEOPLE.into_iter().enumerate() {
        let email = email_of(name);
        let number = i32::try_from(index)? + 1;
        let new = NewPerson { id: person(index), number, name, email: &email, profile, availability };
        scoped.insert_person(&new).await?;
    }
    let overflow = Overflow::On { limit: Span::minutes(10), maximum: Span::minutes(60) };
    let circle = Distribution::circle(overflow, None);
    let teams = [
        ("Geral", Level::Everyone, Distribution::Off),
        ("Suporte", Level::Team, circle),
        ("Jurídico", Level::Attendant, Distribution::Off),
    ];
    for (index, (name, level, distribution)) in teams.into_iter().enumerate() {
        let number = i32::try_from(index)? + 1;
        let new = NewTeam { id: team(index), number, name, is_default: index == 0, level, distribution };
        scoped.insert_team(&new).await?;
    }
    for (of, who, role) in MEMBERS {
        scoped.insert_membership(team(of), person(who), role).await?;
    }
    channels(app, scoped).await
}

async fn channels(app: &App, scoped: &mut Scoped) -> Result<()> {
    for (index, number) in numbers().into_iter().enumerate() {
        let channel = ChannelId(id(3, index));
        let place = Place::channel_credential(ACCOUNT, channel.0);
        let new = NewChannel {
            id: channel,
            kind: ChannelKind::WhatsApp,
            name: &number.name,
            address: &number.display_phone,
            provider_id: &number.phone_number_id,
            waba_id: &number.waba_id,
            team: (index == 0).then(|| team(1)),
            credential: app.secrets.seal(place, b"demo")?,
        };
        scoped.insert_channel(&new).await?;
    }
    Ok(())
}

/// The next instant at which it is nine in the morning of a working day in the account's zone.
///
/// # Errors
/// When the zone is not known here.
pub fn next_morning(now: Moment) -> Result<Moment> {
    next_of(now, &[MORNING])
}

/// The next instant at which the shop opens: in the morning, or after lunch.
///
/// # Errors
/// When the zone is not known here.
pub fn next_opening(now: Moment) -> Result<Moment> {
    next_of(now, &OPEN.map(|(from, _)| from))
}

/// The next instant after now at which one of these hours begins on a working day.
fn next_of(now: Moment, hours: &[u16]) -> Result<Moment> {
    let here = Timestamp::from_millisecond(now.0)?.in_tz(ZONE).context("the demo's time zone")?;
    let mut day = here.clone();
    loop {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            for hour in hours {
                let at = day.with().time(jiff::civil::time(i8::try_from(*hour)?, 0, 0, 0)).build()?;
                if at > here {
                    return Ok(Moment(at.timestamp().as_millisecond()));
                }
            }
        }
        day = day.checked_add(1.day())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, next: impl Fn(Moment) -> Result<Moment>) -> String {
        let now: Timestamp = text.parse().expect("an instant");
        let at = next(Moment(now.as_millisecond())).expect("the zone is known");
        Timestamp::from_millisecond(at.0).expect("in range").to_string()
    }

    fn opening_after(text: &str) -> String {
        after(text, next_opening)
    }

    #[test]
    fn the_shop_opens_in_the_morning_and_after_lunch() {
        assert_eq!(opening_after("2026-11-24T06:00:00Z"), "2026-11-24T11:00:00Z", "a Tuesday at night");
        assert_eq!(opening_after("2026-11-24T12:00:00Z"), "2026-11-24T16:00:00Z", "before lunch");
        assert_eq!(opening_after("2026-11-24T16:00:00Z"), "2026-11-25T11:00:00Z", "just opened");
        assert_eq!(opening_after("2026-11-27T22:00:00Z"), "2026-11-30T11:00:00Z", "over the weekend");
    }

    #[test]
    fn the_clock_starts_at_nine_of_a_working_day() {
        assert_eq!(after("2026-11-24T06:00:00Z", next_morning), "2026-11-24T12:00:00Z", "a Tuesday before nine");
        assert_eq!(after("2026-11-24T12:00:01Z", next_morning), "2026-11-25T12:00:00Z", "a Tuesday after nine");
        assert_eq!(after("2026-11-27T20:00:00Z", next_morning), "2026-11-30T12:00:00Z", "over the weekend");
    }

    #[test]
    fn nobody_but_a_supervisor_only_supervises() {
        let only = MEMBERS.iter().filter(|(_, _, role)| *role == Role::Supervises).map(|(_, who, _)| PEOPLE[*who].0);
        assert_eq!(only.collect::<Vec<_>>(), ["Eva", "Eva"]);
    }
}
