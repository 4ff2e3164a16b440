//! A team to play with: Ana, Bruno, Carla ("Indisponível") and Davi attend; limit 10 min, maximum 60 min, open 08–18.

use ciranda_domain::calendar::{Calendar, Hours, Period};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Config, Effect, Engine, Input, Member, Outage, Rows};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability;
use ciranda_domain::team::{Distribution, Overflow};
use ciranda_domain::time::{Moment, Span};
use jiff::tz::TimeZone;

use crate::fixtures::{ANA, BRUNO, CARLA, DAVI, at, conversation_id};

/// An engine and everything it has said.
pub struct Rig {
    pub engine: Engine,
    pub effects: Vec<Effect>,
    now: Moment,
}

/// A line of the story: when, which conversation, who has it now (`None` for the whole team), and why.
pub type Line = (Moment, u128, Option<PersonId>, Why);

pub const fn on(limit: i64, maximum: i64) -> Distribution {
    let overflow = Overflow::On { limit: Span::minutes(limit), maximum: Span::minutes(maximum) };
    Distribution::circle(overflow, None)
}

pub const fn without_overflow() -> Distribution {
    Distribution::circle(Overflow::Off, None)
}

pub const fn with_capacity(capacity: u32, distribution: Distribution) -> Distribution {
    match distribution {
        Distribution::Off => Distribution::Off,
        Distribution::On { overflow, strategy, weights, .. } => {
            Distribution::On { overflow, capacity: Some(capacity), strategy, weights }
        }
    }
}

pub fn eight_to_six() -> Calendar {
    Calendar::new(Hours::weekdays(&[Period::new((8, 0), (18, 0))]), TimeZone::UTC).expect("sensible hours")
}

pub fn member(person: PersonId, availability: Availability) -> Member {
    let created_at = Moment(i64::try_from(person.0.as_u128()).expect("small ids"));
    Member { person, created_at, availability }
}

/// Conversation `n` comes, by WhatsApp.
pub fn arrival(n: u128, prefer: Option<PersonId>) -> Input {
    Input::Enqueued { conversation: conversation_id(n), kind: ChannelKind::WhatsApp, prefer }
}

impl Rig {
    pub fn new(distribution: Distribution) -> Self {
        Self::with(distribution, None)
    }

    pub fn with_outage(distribution: Distribution, outage: Outage) -> Self {
        Self::with(distribution, Some(outage))
    }

    fn with(distribution: Distribution, outage: Option<Outage>) -> Self {
        use Availability::{Available, Unavailable};
        let members = [(ANA, Available), (BRUNO, Available), (CARLA, Unavailable), (DAVI, Available)];
        let engine = Engine::load(Rows {
            config: Config { distribution, calendar: eight_to_six() },
            // The engine puts them in order itself.
            members: members.iter().rev().map(|(person, availability)| member(*person, *availability)).collect(),
            arrow: Some(ANA),
            recent: Vec::new(),
            pending: Vec::new(),
            loads: Vec::new(),
            clock: at(0, 0),
            outage,
        });
        Self { engine, effects: Vec::new(), now: at(8, 0) }
    }

    /// The clock of what follows; a second call of the same hour may go on by minutes.
    pub fn at(&mut self, hour: i64, minute: i64) -> &mut Self {
        self.now = at(hour, minute);
        self
    }

    pub fn input(&mut self, input: Input) -> &mut Self {
        self.engine.step(self.now, input, &mut self.effects);
        self
    }

    pub fn enqueue(&mut self, n: u128) -> &mut Self {
        self.input(arrival(n, None))
    }

    pub fn prefer(&mut self, n: u128, person: PersonId) -> &mut Self {
        self.input(arrival(n, Some(person)))
    }

    pub fn start(&mut self, n: u128, by: PersonId) -> &mut Self {
        self.input(Input::Started { conversation: conversation_id(n), by })
    }

    pub fn available(&mut self, person: PersonId) -> &mut Self {
        self.input(Input::Availability { person, availability: Availability::Available })
    }

    pub fn unavailable(&mut self, person: PersonId) -> &mut Self {
        self.input(Input::Availability { person, availability: Availability::Unavailable })
    }

    pub fn configure(&mut self, distribution: Distribution) -> &mut Self {
        self.input(Input::ConfigChanged(Box::new(Config { distribution, calendar: eight_to_six() })))
    }

    /// Lets the time pass without anything happening.
    pub fn pass(&mut self) -> &mut Self {
        self.engine.advance(self.now, &mut self.effects);
        self
    }

    /// Who has conversation `n` now; `None` when the team does, or nobody here.
    pub fn designee(&self, n: u128) -> Option<PersonId> {
        match self.engine.pending(conversation_id(n)) {
            Some(Pending::Designated { designee, .. }) => Some(designee),
            Some(Pending::Queued { .. } | Pending::Open { .. }) | None => None,
        }
    }

    pub fn deadline(&self, n: u128) -> Option<Moment> {
        match self.engine.pending(conversation_id(n)) {
            Some(Pending::Designated { deadline, .. }) => deadline,
            Some(Pending::Queued { .. } | Pending::Open { .. }) | None => None,
        }
    }

    pub fn max_deadline(&self, n: u128) -> Option<Moment> {
        match self.engine.pending(conversation_id(n)) {
            Some(Pending::Designated { max_deadline, .. }) => max_deadline,
            Some(Pending::Queued { .. } | Pending::Open { .. }) | None => None,
        }
    }

    pub fn is_open(&self, n: u128) -> bool {
        matches!(self.engine.pending(conversation_id(n)), Some(Pending::Open { .. }))
    }

    pub fn is_queued(&self, n: u128) -> bool {
        matches!(self.engine.pending(conversation_id(n)), Some(Pending::Queued { .. }))
    }

    /// Whom the next new conversation would go to.
    pub fn next(&self) -> Option<PersonId> {
        self.engine.ring().iter().find(|seat| seat.next).map(|seat| seat.person)
    }

    /// Every designation and release so far.
    pub fn story(&self) -> Vec<Line> {
        self.effects.iter().filter_map(line).collect()
    }

    /// Facts of the timelines so far.
    pub fn timeline(&self) -> Vec<(Moment, Fact)> {
        let fact = |effect: &Effect| match effect {
            Effect::Timeline { at, fact, .. } => Some((*at, fact.clone())),
            _ => None,
        };
        self.effects.iter().filter_map(fact).collect()
    }
}

fn line(effect: &Effect) -> Option<Line> {
    match *effect {
        Effect::Designate { conversation, at, to, why, .. } => Some((at, number(conversation), Some(to), why)),
        Effect::Release { conversation, at, why, .. } => Some((at, number(conversation), None, why)),
        _ => None,
    }
}

fn number(conversation: ConversationId) -> u128 {
    conversation.0.as_u128() - conversation_id(0).0.as_u128()
}
