//! What the live board shows: counts and rows out of the heads that this person sees.
//!
//! *Invariant:* a number is the length of the very list that it opens ([`Board::rows`]), so the two never differ. Pure:
//! instants are parameters, and nothing here decides what the rules decide.

use std::collections::BTreeMap;

use ciranda_domain::access::Actor;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, Pending, Side, State};
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::person::{Availability, PersonStatus};
use ciranda_domain::settings::Thresholds;
use ciranda_domain::time::{Moment, Span};
use ciranda_domain::window::MessagingWindow;
use ciranda_sync::replica::Reference;
use ciranda_ui::show::{ring, window};

use crate::link::Known;

/// One conversation on the board.
#[derive(Clone, PartialEq, Debug)]
pub struct Slip {
    pub id: ConversationId,
    pub name: String,
    pub channel: Option<ChannelKind>,
    pub team: TeamId,
    pub state: State,
    /// How long each person of its team has to start.
    pub limit: Option<Span>,
    /// When the stay in the present state began.
    pub since: Moment,
    /// When the customer wrote what nobody has answered.
    pub unanswered: Option<Moment>,
    /// When the window closes, while it is open.
    pub closes: Option<Moment>,
    /// It closes soon and the customer wrote last.
    pub closing: bool,
}

impl Slip {
    /// Who holds it or is offered it.
    #[must_use]
    pub fn holder(&self) -> Option<PersonId> {
        match self.state {
            State::Pending(Pending::Designated { designee, .. }) => Some(designee),
            State::InProgress { responsible, .. } => Some(responsible),
            State::Pending(Pending::Queued { .. } | Pending::Open { .. }) | State::Finished(_) => None,
        }
    }

    /// How many people it has been offered to in this stay.
    fn attempt(&self) -> u32 {
        match self.state {
            State::Pending(Pending::Designated { attempt, .. }) => attempt,
            State::Pending(Pending::Queued { .. } | Pending::Open { .. })
            | State::InProgress { .. }
            | State::Finished(_) => 0,
        }
    }

    fn closes_within(&self, within: Span, now: Moment) -> bool {
        self.closes.is_some_and(|closes| closes.since(now) < within)
    }
}

/// Which conversations a number counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Which {
    /// Everything that nobody has started.
    Waiting,
    Queued,
    Offered,
    Open,
    InProgress,
    /// The window closes soon and the customer wrote last.
    Closing,
    /// In progress with this person.
    With(PersonId),
    OfferedTo(PersonId),
}

/// A number of the board: which conversations, of one team or of all that are looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Number {
    pub which: Which,
    pub team: Option<TeamId>,
}

impl Number {
    /// Over all teams that are looked at.
    #[must_use]
    pub const fn of(which: Which) -> Self {
        Self { which, team: None }
    }
}

/// Somebody who attends in the teams that are looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonLine {
    pub id: PersonId,
    pub name: String,
    pub available: bool,
    pub in_progress: usize,
    pub offered: usize,
}

/// The board at an instant.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Board {
    /// Teams that this person oversees, by name.
    pub teams: Vec<(TeamId, String)>,
    pub people: Vec<PersonLine>,
    /// Of the chosen teams, whoever waits longest first.
    slips: Vec<Slip>,
}

impl Board {
    /// Composes the board of a person; `None` for somebody who oversees nothing.
    #[must_use]
    pub fn of(known: &Known, chosen: Option<TeamId>, now: Moment) -> Option<Self> {
        let actor = known.reference.organisation.actor(known.me?)?;
        let teams = overseen(&known.reference, &actor);
        if teams.is_empty() {
            return None;
        }
        let looks_at = |team| actor.oversees(team) && chosen.is_none_or(|chosen| chosen == team);
        let unfinished = |head: &&Conversation| !matches!(head.state, State::Finished(_)) && looks_at(head.team);
        let mut slips: Vec<Slip> =
            known.heads.values().filter(unfinished).map(|head| slip(&known.reference, head, now)).collect();
        slips.sort_by_key(|slip| (slip.since, slip.id));
        let mut board = Self { teams, people: Vec::new(), slips };
        board.people = board.people_of(&known.reference, looks_at);
        Some(board)
    }

    /// The rows that a number counts, whoever waits longest first.
    pub fn rows(&self, number: Number) -> impl Iterator<Item = &Slip> {
        let of_team = move |slip: &&Slip| number.team.is_none_or(|team| slip.team == team);
        self.slips.iter().filter(of_team).filter(move |slip| counts(number.which, slip))
    }

    /// The number itself.
    #[must_use]
    pub fn count(&self, number: Number) -> usize {
        self.rows(number).count()
    }

    /// Since when the oldest of them has been so.
    #[must_use]
    pub fn oldest(&self, number: Number) -> Option<Moment> {
        self.rows(number).next().map(|slip| slip.since)
    }

    /// A conversation of the board.
    #[must_use]
    pub fn slip(&self, id: ConversationId) -> Option<&Slip> {
        self.slips.iter().find(|slip| slip.id == id)
    }

    fn people_of(&self, reference: &Reference, looks_at: impl Fn(TeamId) -> bool) -> Vec<PersonLine> {
        let organisation = &reference.organisation;
        let mut held: BTreeMap<PersonId, (usize, usize)> = BTreeMap::new();
        for slip in &self.slips {
            match slip.state {
                State::InProgress { responsible, .. } => held.entry(responsible).or_default().0 += 1,
                State::Pending(Pending::Designated { designee, .. }) => held.entry(designee).or_default().1 += 1,
                State::Pending(Pending::Queued { .. } | Pending::Open { .. }) | State::Finished(_) => {}
            }
        }
        let attends =
            |person| organisation.memberships.values().any(|m| m.person == person && m.attends && looks_at(m.team));
        let mut people: Vec<PersonLine> = organisation
            .people
            .values()
            .filter(|person| person.status == PersonStatus::Active)
            .filter(|person| attends(person.id) || held.contains_key(&person.id))
            .map(|person| PersonLine {
                id: person.id,
                name: person.name.clone(),
                available: person.availability == Availability::Available,
                in_progress: held.get(&person.id).map_or(0, |held| held.0),
                offered: held.get(&person.id).map_or(0, |held| held.1),
            })
            .collect();
        people.sort_by(|a, b| (!a.available, &a.name).cmp(&(!b.available, &b.name)));
        people
    }
}

fn counts(which: Which, slip: &Slip) -> bool {
    match (which, slip.state) {
        (Which::Waiting, State::Pending(_))
        | (Which::Queued, State::Pending(Pending::Queued { .. }))
        | (Which::Offered, State::Pending(Pending::Designated { .. }))
        | (Which::Open, State::Pending(Pending::Open { .. }))
        | (Which::InProgress, State::InProgress { .. }) => true,
        (Which::Closing, _) => slip.closing,
        (Which::With(person), State::InProgress { responsible, .. }) => responsible == person,
        (Which::OfferedTo(person), State::Pending(Pending::Designated { designee, .. })) => designee == person,
        (
            Which::Waiting
            | Which::Queued
            | Which::Offered
            | Which::Open
            | Which::InProgress
            | Which::With(_)
            | Which::OfferedTo(_),
            _,
        ) => false,
    }
}

fn overseen(reference: &Reference, actor: &Actor) -> Vec<(TeamId, String)> {
    let teams = reference.organisation.teams.values().filter(|team| !team.deleted && actor.oversees(team.id));
    let mut teams: Vec<_> = teams.map(|team| (team.id, team.name.clone())).collect();
    teams.sort_by(|a, b| a.1.cmp(&b.1));
    teams
}

fn slip(reference: &Reference, head: &Conversation, now: Moment) -> Slip {
    let channel = reference.channels.get(&head.channel).map(|channel| channel.kind);
    let closes = channel.and_then(|kind| match window::state(head, kind, now) {
        MessagingWindow::Open { until } => Some(until),
        MessagingWindow::HumanOnly { .. } | MessagingWindow::Closed { .. } | MessagingWindow::NotStarted => None,
    });
    let last = head.last_line.as_ref().filter(|line| line.side == Side::Customer);
    Slip {
        id: head.id,
        name: head.contact.name.clone(),
        channel,
        team: head.team,
        state: head.state,
        limit: ring::limit(reference.organisation.teams.get(&head.team)),
        since: since(head),
        unanswered: last.map(|line| line.at),
        closes,
        closing: last.is_some() && closes.is_some_and(|closes| closes.since(now) < window::SOON),
    }
}

/// Since when it waits, or is attended, or is over. It waits from its arrival in the team on, whoever it was offered to.
fn since(head: &Conversation) -> Moment {
    if let (State::Pending(_), Some(enqueued_at)) = (&head.state, head.enqueued_at) {
        return enqueued_at;
    }
    match head.state {
        State::Pending(Pending::Queued { since } | Pending::Designated { since, .. } | Pending::Open { since })
        | State::InProgress { since, .. } => since,
        State::Finished(finished) => finished.at,
    }
}

/// Something that asks for attention.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Alert {
    Queue {
        team: TeamId,
        waiting: usize,
        limit: u32,
    },
    Oldest {
        team: TeamId,
        since: Moment,
        limit: Span,
    },
    /// So many offers were passed on more than `limit` times.
    Passed {
        team: TeamId,
        passed: usize,
        limit: u32,
    },
    Closing {
        team: TeamId,
        windows: usize,
        within: Span,
    },
    /// Conversations wait and nobody of the team is available.
    Nobody {
        team: TeamId,
        waiting: usize,
    },
}

impl Alert {
    /// The number that the alert is about.
    #[must_use]
    pub const fn number(&self) -> Number {
        match *self {
            Self::Queue { team, .. } | Self::Oldest { team, .. } | Self::Nobody { team, .. } => {
                Number { which: Which::Waiting, team: Some(team) }
            }
            Self::Passed { team, .. } => Number { which: Which::Offered, team: Some(team) },
            Self::Closing { team, .. } => Number { which: Which::Closing, team: Some(team) },
        }
    }
}

/// The alerts of a board, by team; a team without `thresholds` has the usual ones.
#[must_use]
pub fn alerts(
    board: &Board,
    reference: &Reference,
    thresholds: &BTreeMap<TeamId, Thresholds>,
    now: Moment,
) -> Vec<Alert> {
    let mut alerts = Vec::new();
    for (team, _) in &board.teams {
        let team = *team;
        let thresholds = thresholds.get(&team).copied().unwrap_or(Thresholds::USUAL);
        let number = |which| Number { which, team: Some(team) };
        let waiting = board.count(number(Which::Waiting));
        if waiting > 0 && !anybody(reference, team) {
            alerts.push(Alert::Nobody { team, waiting });
        }
        if let Some(limit) = thresholds.queue.filter(|limit| waiting > *limit as usize) {
            alerts.push(Alert::Queue { team, waiting, limit });
        }
        let oldest = board.oldest(number(Which::Waiting));
        if let Some((since, limit)) = oldest.zip(thresholds.oldest_minutes.map(|n| Span::minutes(i64::from(n))))
            && now.since(since) > limit
        {
            alerts.push(Alert::Oldest { team, since, limit });
        }
        if let Some(limit) = thresholds.passed {
            let passed = board.rows(number(Which::Offered)).filter(|slip| slip.attempt() > limit).count();
            if passed > 0 {
                alerts.push(Alert::Passed { team, passed, limit });
            }
        }
        if let Some(within) = thresholds.window_minutes.map(|n| Span::minutes(i64::from(n))) {
            let windows = board.rows(number(Which::Closing)).filter(|slip| slip.closes_within(within, now)).count();
            if windows > 0 {
                alerts.push(Alert::Closing { team, windows, within });
            }
        }
    }
    alerts
}

fn anybody(reference: &Reference, team: TeamId) -> bool {
    let organisation = &reference.organisation;
    organisation.people.keys().any(|person| organisation.can_be_designated(*person, team))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
