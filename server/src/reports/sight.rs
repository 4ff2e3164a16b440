//! Whom a report shows what.

use std::collections::BTreeSet;

use ciranda_api::{ApiError, Cell, Choices, ErrorCode, ReportQuery};
use ciranda_domain::access::Actor;
use ciranda_domain::calendar::Calendar;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::Profile;
use ciranda_domain::report::{By, DayNumber, Hours, Period};
use ciranda_domain::time::Moment;
use uuid::Uuid;

use super::{Refusal, Result};
use crate::desk::Reference;
use crate::store::report::{Ask, Group, Sight};

/// A question that the viewer may ask.
pub struct Allowed {
    pub ask: Ask,
    pub today: DayNumber,
    /// Whether the viewer sees every conversation.
    pub everything: bool,
    /// The business hours of today.
    pub calendar: Calendar,
    pub choices: Choices,
}

/// The question as the database is asked it.
///
/// # Errors
/// Refuses restricted attendants, periods that make no sense, and ids that the viewer may not ask about.
pub fn of(reference: &Reference, viewer: PersonId, query: &ReportQuery, now: Moment) -> Result<Allowed> {
    let actor = reference.organisation.actor(viewer).filter(Actor::is_active);
    let actor = actor.ok_or(ErrorCode::NotFound)?;
    if actor.profile == Profile::Restricted {
        return Err(ApiError::not_allowed("reports").into());
    }
    let choices = choices(reference, &actor);
    check(query, &choices)?;
    let instants = (begins(reference, query.from)?, begins(reference, DayNumber(query.to.0.saturating_add(1)))?);
    let ask = Ask {
        days: (query.from.0, query.to.0),
        instants: (instants.0.0, instants.1.0),
        zone: reference.account.zone.clone(),
        now: now.0,
        team: query.team.map(|id| id.0),
        person: query.person.map(|id| id.0),
        channel: query.channel.map(|id| id.0),
        group: group(query.by),
        business: query.hours == Hours::Business,
        sight: sight(&actor, reference),
    };
    let today = DayNumber::at(now, &reference.zone);
    // Who oversees a team sees every conversation in it, so whoever oversees all of them sees all.
    let everything = reference.organisation.teams.keys().all(|team| actor.oversees(*team));
    Ok(Allowed { ask, today, everything, calendar: reference.calendar.clone(), choices })
}

/// The teams whose everything the person acts on.
pub fn overseen(reference: &Reference, actor: &Actor) -> Vec<TeamId> {
    let teams = reference.organisation.teams.keys().copied();
    teams.filter(|team| actor.oversees(*team)).collect()
}

fn sight(actor: &Actor, reference: &Reference) -> Sight {
    if actor.is_administrator() {
        return Sight::default();
    }
    let atoms = Some(actor.atoms().iter().map(|atom| atom.0).collect());
    let teams = overseen(reference, actor);
    if teams.is_empty() {
        Sight { atoms, teams: None, person: Some(actor.person.0) }
    } else {
        Sight { atoms, teams: Some(teams.into_iter().map(|team| team.0).collect()), person: None }
    }
}

/// What the viewer may narrow a report to.
fn choices(reference: &Reference, actor: &Actor) -> Choices {
    let organisation = &reference.organisation;
    let overseen = overseen(reference, actor);
    let teams: BTreeSet<TeamId> = if overseen.is_empty() {
        let own = actor.memberships.iter().filter(|membership| membership.attends);
        own.map(|membership| membership.team).collect()
    } else {
        overseen.iter().copied().collect()
    };
    let belongs = |person: PersonId| overseen.iter().any(|team| organisation.belongs(person, *team));
    let people = organisation.people.values().filter(|person| {
        person.id == actor.person || actor.is_administrator() || !overseen.is_empty() && belongs(person.id)
    });
    let mut choices = Choices {
        teams: teams.iter().filter_map(|id| organisation.teams.get(id)).map(|t| (t.id, t.name.clone())).collect(),
        people: people.map(|person| (person.id, person.name.clone())).collect(),
        channels: reference.channels.values().map(|channel| (channel.id, channel.name.clone())).collect(),
    };
    choices.teams.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
    choices.people.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
    choices.channels.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
    choices
}

fn check(query: &ReportQuery, choices: &Choices) -> Result<()> {
    let period = Period { from: query.from, to: query.to }.check();
    period.map_err(|fault| Refusal::from(ApiError::invalid(fault.field())))?;
    let known = |ok: bool| if ok { Ok(()) } else { Err(Refusal::from(ErrorCode::NotFound)) };
    known(query.team.is_none_or(|id| choices.teams.iter().any(|(team, _)| *team == id)))?;
    known(query.person.is_none_or(|id| choices.people.iter().any(|(person, _)| *person == id)))?;
    known(query.channel.is_none_or(|id| choices.channels.iter().any(|(channel, _)| *channel == id)))
}

fn begins(reference: &Reference, day: DayNumber) -> Result<Moment> {
    day.begins(&reference.zone).ok_or_else(|| ApiError::invalid("period").into())
}

const fn group(by: By) -> Group {
    match by {
        By::None => Group::All,
        By::Day => Group::Day,
        By::Team => Group::Team,
        By::Person => Group::Person,
        By::Channel => Group::Channel,
    }
}

impl Allowed {
    /// Narrows the question to one row of its answer.
    pub fn narrow(&mut self, reference: &Reference, cell: Cell) -> Result<()> {
        let same = |asked: Option<Uuid>, id: Uuid| asked.is_none_or(|asked| asked == id);
        let ask = &mut self.ask;
        let inside = match cell {
            Cell::All => true,
            Cell::Day(day) => {
                let inside = (ask.days.0..=ask.days.1).contains(&day.0);
                ask.days = (day.0, day.0);
                let next = DayNumber(day.0.saturating_add(1));
                ask.instants = (begins(reference, day)?.0, begins(reference, next)?.0);
                inside
            }
            Cell::Team(id) => {
                let inside = same(ask.team, id.0) && reference.organisation.teams.contains_key(&id);
                ask.team = Some(id.0);
                inside
            }
            Cell::Person(id) => {
                let stored = id.map_or(Uuid::nil(), |id| id.0);
                let inside =
                    same(ask.person, stored) && id.is_none_or(|id| reference.organisation.people.contains_key(&id));
                ask.person = Some(stored);
                inside
            }
            Cell::Channel(id) => {
                let inside = same(ask.channel, id.0) && reference.channels.contains_key(&id);
                ask.channel = Some(id.0);
                inside
            }
        };
        if inside { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
    }

    /// The people whose occupancy is told.
    pub fn people(&self) -> Vec<Uuid> {
        let people = self.choices.people.iter().map(|(id, _)| id.0);
        let own = self.ask.sight.person;
        let asked = self.ask.person;
        people.filter(|id| own.is_none_or(|own| own == *id) && asked.is_none_or(|asked| asked == *id)).collect()
    }
}
