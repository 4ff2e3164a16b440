//! What would happen to the next conversations of a team: the engine of distribution itself, played ahead.
//!
//! *Invariant:* nothing is decided here. Whoever is offered a conversation, and until when, is the engine's answer; this
//! module only sends arrivals and starts at their instants and writes down what comes back.

use std::collections::BTreeMap;

use ciranda_domain::calendar::Calendar;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Pending;
use ciranda_domain::distribution::{Config, Effect, Engine, Input, Load, Member, Rows};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::team::Distribution;
use ciranda_domain::time::{Moment, Span};
use uuid::Uuid;

/// So many conversations arrive.
pub const ARRIVALS: u32 = 10;

/// The team as it is, or as a form would make it.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    pub members: Vec<Member>,
    pub arrow: Option<PersonId>,
    /// Whom it designated before, the latest last.
    pub recent: Vec<PersonId>,
    /// What they hold already.
    pub loads: Vec<(PersonId, Load)>,
    pub distribution: Distribution,
}

/// How the time goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Between two arrivals.
    pub spacing: Span,
    /// From an offer to its start; `None`: nobody starts.
    pub starting: Option<Span>,
}

/// Where a conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    Queue,
    Offered { to: PersonId, until: Option<Moment> },
    Team,
    Started { by: PersonId },
}

/// One conversation's way, from its arrival on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Way(pub Vec<(Moment, Holder)>);

impl Way {
    /// Where it is at an instant; `None` before it arrives.
    #[must_use]
    pub fn at(&self, now: Moment) -> Option<Holder> {
        self.0.iter().rev().find(|(at, _)| *at <= now).map(|(_, holder)| *holder)
    }
}

/// What was played.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Play {
    pub ways: Vec<Way>,
    /// At whom the arrow points from these instants on.
    arrows: Vec<(Moment, Option<PersonId>)>,
    /// The last instant at which anything happens.
    pub end: Span,
}

impl Play {
    /// To whom the next new conversation would go at an instant.
    #[must_use]
    pub fn next(&self, now: Moment) -> Option<PersonId> {
        self.arrows.iter().rev().find(|(at, _)| *at <= now).and_then(|(_, person)| *person)
    }
}

/// Plays the team's next ten conversations; the first arrives at instant zero, on an open day.
#[must_use]
pub fn play(scene: &Scene, pace: Pace) -> Play {
    let config = Config { distribution: scene.distribution, calendar: Calendar::always() };
    let mut stage = Stage {
        engine: Engine::load(Rows {
            config,
            members: scene.members.clone(),
            arrow: scene.arrow,
            recent: scene.recent.clone(),
            pending: Vec::new(),
            loads: scene.loads.clone(),
            clock: Moment(0),
            outage: None,
        }),
        play: Play { ways: vec![Way::default(); ARRIVALS as usize], ..Play::default() },
        starts: BTreeMap::new(),
        starting: pace.starting,
    };
    stage.look(Moment(0));
    let mut arriving = 0;
    // Each offer is passed on or started and each stay ends, so this ends too; the bound says so to whoever doubts it.
    for _ in 0..10_000 {
        let arrival = (arriving < ARRIVALS).then(|| Moment(pace.spacing.0 * i64::from(arriving)));
        let start = stage.starts.keys().next().map(|(at, _)| *at);
        let due = stage.engine.next_deadline();
        let Some(at) = [arrival, start, due].into_iter().flatten().min() else { break };
        if due == Some(at) {
            stage.advance(at);
        } else if start == Some(at) {
            stage.start_next();
        } else {
            stage.step(at, Input::Enqueued { conversation: id(arriving), kind: ChannelKind::WhatsApp, prefer: None });
            arriving += 1;
        }
    }
    stage.play
}

struct Stage {
    engine: Engine,
    play: Play,
    /// Starts to come: who starts which conversation when.
    starts: BTreeMap<(Moment, ConversationId), PersonId>,
    starting: Option<Span>,
}

impl Stage {
    fn advance(&mut self, at: Moment) {
        let mut out = Vec::new();
        self.engine.advance(at, &mut out);
        self.note(at, &out);
    }

    fn step(&mut self, at: Moment, input: Input) {
        let mut out = Vec::new();
        self.engine.step(at, input, &mut out);
        self.note(at, &out);
    }

    /// The next start: it counts if the conversation is still with that person.
    fn start_next(&mut self) {
        let Some(((at, conversation), by)) = self.starts.pop_first() else { return };
        let theirs =
            matches!(self.engine.pending(conversation), Some(Pending::Designated { designee, .. }) if designee == by);
        if theirs {
            self.step(at, Input::Started { conversation, by });
            self.go(conversation, at, Holder::Started { by });
        }
    }

    fn note(&mut self, at: Moment, effects: &[Effect]) {
        for effect in effects {
            match *effect {
                Effect::Designate { conversation, at, to, deadline, .. } => {
                    self.go(conversation, at, Holder::Offered { to, until: deadline });
                    if let Some(after) = self.starting {
                        self.starts.insert((at + after, conversation), to);
                    }
                }
                Effect::Queue { conversation, at, .. } => self.go(conversation, at, Holder::Queue),
                Effect::Release { conversation, at, .. } => self.go(conversation, at, Holder::Team),
                Effect::Extend { conversation, deadline, .. } => self.prolong(conversation, at, deadline),
                Effect::Arm { .. }
                | Effect::Disarm { .. }
                | Effect::MoveArrow(_)
                | Effect::Latest(_)
                | Effect::Timeline { .. } => {}
            }
        }
        self.look(at);
    }

    fn prolong(&mut self, conversation: ConversationId, at: Moment, until: Option<Moment>) {
        if let Some(Pending::Designated { designee, .. }) = self.engine.pending(conversation) {
            self.go(conversation, at, Holder::Offered { to: designee, until });
        }
    }

    fn go(&mut self, conversation: ConversationId, at: Moment, holder: Holder) {
        let way = usize::try_from(conversation.0.as_u128()).ok().and_then(|n| self.play.ways.get_mut(n));
        if let Some(way) = way {
            way.0.push((at, holder));
            self.play.end = self.play.end.max(at.since(Moment(0)));
        }
    }

    /// Notes at whom the arrow points.
    fn look(&mut self, at: Moment) {
        let next = self.engine.ring().iter().find(|seat| seat.next).map(|seat| seat.person);
        if self.play.arrows.last().map(|(_, person)| *person) != Some(next) {
            self.play.arrows.push((at, next));
        }
    }
}

fn id(n: u32) -> ConversationId {
    ConversationId(Uuid::from_u128(u128::from(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciranda_domain::person::Availability;
    use ciranda_domain::team::{Overflow, Strategy, Weights};

    fn person(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn scene(people: u128, capacity: Option<u32>) -> Scene {
        let member = |n| Member {
            person: person(n),
            created_at: Moment(i64::try_from(n).unwrap()),
            availability: Availability::Available,
        };
        let overflow = Overflow::On { limit: Span::minutes(10), maximum: Span::minutes(25) };
        Scene {
            members: (1..=people).map(member).collect(),
            arrow: None,
            recent: Vec::new(),
            loads: Vec::new(),
            distribution: Distribution::On { overflow, capacity, strategy: Strategy::Circle, weights: Weights::ONE },
        }
    }

    fn minutes(n: i64) -> Moment {
        Moment(0) + Span::minutes(n)
    }

    #[test]
    fn ten_conversations_go_round_and_each_passes_on_until_the_team_has_it() {
        let played = play(&scene(3, None), Pace { spacing: Span::minutes(1), starting: None });
        let first = |n: usize| played.ways[n].0[0];
        for n in 0..10 {
            let to = person(u128::try_from(n % 3).unwrap() + 1);
            let at = minutes(i64::try_from(n).unwrap());
            assert_eq!(first(n), (at, Holder::Offered { to, until: Some(at + Span::minutes(10)) }), "{n}");
        }
        let way = &played.ways[0];
        assert_eq!(way.at(minutes(12)), Some(Holder::Offered { to: person(2), until: Some(minutes(20)) }));
        assert_eq!(way.at(minutes(25)), Some(Holder::Team));
        assert_eq!(played.ways[1].at(minutes(0)), None);
        assert_eq!(played.end, Span::minutes(34));
    }

    #[test]
    fn whoever_starts_keeps_it_and_whoever_is_full_lets_others_wait() {
        let pace = Pace { spacing: Span::minutes(1), starting: Some(Span::minutes(2)) };
        let played = play(&scene(2, Some(2)), pace);
        assert_eq!(played.ways[0].at(minutes(60)), Some(Holder::Started { by: person(1) }));
        let waiting = played.ways.iter().filter(|way| way.at(minutes(60)) == Some(Holder::Queue)).count();
        assert_eq!(waiting, 6, "two people take two each");
    }
}
