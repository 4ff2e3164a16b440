//! Random days of a team: inputs for the model test and the properties.

use ciranda_domain::calendar::{Calendar, Hours, Period};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::distribution::{Config, Engine, Input, Load, Member, Rows};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::person::Availability::{self, Available, Unavailable};
use ciranda_domain::team::{Distribution, Overflow, Strategy as Rule, Weights};
use ciranda_domain::time::{Moment, Span};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::distribution::model::{Model, OpenMinute};
use crate::fixtures::{at, conversation_id, person_id};

/// Business hours as the engine and as the model know them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hours3 {
    Always,
    EightToSix,
    WithLunch,
}

/// The inputs of a run, with the hours that go with each change of settings, so that the model can be told too.
#[derive(Clone, Debug)]
pub struct Run {
    pub members: Vec<Member>,
    pub distribution: Distribution,
    pub hours: Hours3,
    pub inputs: Vec<(Moment, Input, Hours3)>,
}

impl Hours3 {
    pub fn calendar(self) -> Calendar {
        let hours = match self {
            Self::Always => return Calendar::always(),
            Self::EightToSix => Hours::weekdays(&[Period::new((8, 0), (18, 0))]),
            Self::WithLunch => Hours::weekdays(&[Period::new((8, 0), (12, 0)), Period::new((13, 0), (18, 0))]),
        };
        Calendar::new(hours, TimeZone::UTC).expect("sensible hours")
    }

    pub fn minutes(self) -> OpenMinute {
        match self {
            Self::Always => |_| true,
            Self::EightToSix => |minute| weekday(minute) && (480..1_080).contains(&minute.rem_euclid(1_440)),
            Self::WithLunch => |minute| {
                let of_day = minute.rem_euclid(1_440);
                weekday(minute) && (480..1_080).contains(&of_day) && !(720..780).contains(&of_day)
            },
        }
    }
}

/// The epoch was a Thursday.
fn weekday(minute: i64) -> bool {
    (minute.div_euclid(1_440) + 3).rem_euclid(7) < 5
}

impl Run {
    pub fn engine(&self) -> Engine {
        Engine::load(Rows {
            config: Config { distribution: self.distribution, calendar: self.hours.calendar() },
            members: self.members.clone(),
            arrow: None,
            recent: Vec::new(),
            pending: Vec::new(),
            loads: Vec::new(),
            clock: at(7, 0),
            outage: None,
        })
    }

    pub fn model(&self) -> Model {
        Model {
            distribution: self.distribution,
            open: self.hours.minutes(),
            people: self.members.clone(),
            arrow: None,
            stays: Vec::new(),
            loads: Vec::new(),
            designated: Vec::new(),
            kinds: Vec::new(),
            tried: Vec::new(),
            log: Vec::new(),
            minute: at(7, 0).0 / 60_000,
        }
    }
}

/// One thing that happens, before its instant and its names are known.
#[derive(Clone, Debug)]
enum Step {
    Enqueue { kind: ChannelKind, prefer: Option<PersonId> },
    Start { which: usize, by: PersonId },
    Leave { which: usize },
    Availability { person: PersonId, availability: Availability },
    Add { person: PersonId, availability: Availability },
    Remove { person: PersonId },
    Configure { distribution: Distribution, hours: Hours3 },
    Load { person: PersonId, load: Load },
}

pub fn any_person() -> impl Strategy<Value = PersonId> {
    (1..6_u128).prop_map(person_id)
}

fn any_availability() -> impl Strategy<Value = Availability> {
    prop_oneof![2 => Just(Available), 1 => Just(Unavailable)]
}

fn any_hours() -> impl Strategy<Value = Hours3> {
    prop_oneof![Just(Hours3::Always), Just(Hours3::EightToSix), Just(Hours3::WithLunch)]
}

pub fn any_strategy() -> impl Strategy<Value = Rule> {
    prop_oneof![Just(Rule::Circle), Just(Rule::LeastRecent), Just(Rule::LeastLoaded)]
}

/// Every conversation as one, as most teams have it, or Instagram light and Messenger heavy.
fn any_weights() -> impl Strategy<Value = Weights> {
    let uneven = (1..3_u8, 0..2_u8, 1..4_u8);
    let uneven = uneven.prop_map(|(whatsapp, instagram, messenger)| Weights { whatsapp, instagram, messenger });
    prop_oneof![1 => Just(Weights::ONE), 1 => uneven]
}

fn any_kind() -> impl Strategy<Value = ChannelKind> {
    prop_oneof![3 => Just(ChannelKind::WhatsApp), 1 => Just(ChannelKind::Instagram), 1 => Just(ChannelKind::Messenger)]
}

fn any_distribution() -> impl Strategy<Value = Distribution> {
    let overflow = prop_oneof![
        1 => Just(Overflow::Off),
        3 => (2..30_i64, 0..60_i64).prop_map(|(limit, more)| Overflow::On {
            limit: Span::minutes(limit),
            maximum: Span::minutes(limit + more),
        }),
    ];
    let on = (overflow, prop::option::of(1..4_u32), any_strategy(), any_weights())
        .prop_map(|(overflow, capacity, strategy, weights)| Distribution::On { overflow, capacity, strategy, weights });
    prop_oneof![1 => Just(Distribution::Off), 8 => on]
}

/// Two of the five were created at the same instant, so that ids break the tie.
pub fn member(person: PersonId, availability: Availability) -> Member {
    let n = i64::try_from(person.0.as_u128()).expect("small ids");
    Member { person, created_at: Moment(n / 2), availability }
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (any_kind(), prop::option::weighted(0.2, any_person())).prop_map(|(kind, prefer)| Step::Enqueue { kind, prefer }),
        3 => (any::<usize>(), any_person()).prop_map(|(which, by)| Step::Start { which, by }),
        1 => any::<usize>().prop_map(|which| Step::Leave { which }),
        3 => (any_person(), any_availability()).prop_map(|(person, availability)| Step::Availability { person, availability }),
        1 => (any_person(), any_availability()).prop_map(|(person, availability)| Step::Add { person, availability }),
        1 => any_person().prop_map(|person| Step::Remove { person }),
        1 => (any_distribution(), any_hours()).prop_map(|(distribution, hours)| Step::Configure { distribution, hours }),
        2 => (any_person(), any_kind(), 0..4_u32).prop_map(|(person, kind, load)| Step::Load { person, load: Load::of(kind, load) }),
    ]
}

/// Up to forty things over some days, in whole minutes, beginning at seven.
pub fn any_run() -> impl Strategy<Value = Run> {
    let wait = prop_oneof![3 => 0..3_i64, 4 => 1..40_i64, 1 => 60..1_500_i64];
    let members = prop::collection::vec((any_person(), any_availability()), 0..6);
    let steps = prop::collection::vec((wait, any_step()), 1..40);
    (members, any_distribution(), any_hours(), steps).prop_map(|(members, distribution, hours, steps)| {
        let mut members: Vec<_> = members.into_iter().map(|(person, on)| member(person, on)).collect();
        members.sort_by_key(|m| m.person);
        members.dedup_by_key(|m| m.person);
        Run { members, distribution, hours, inputs: schedule(steps) }
    })
}

/// Gives each step its instant; `which` picks among all conversations so far, those already gone included.
fn schedule(steps: Vec<(i64, Step)>) -> Vec<(Moment, Input, Hours3)> {
    let (mut now, mut enqueued, mut inputs) = (at(7, 0), 0, Vec::new());
    for (minutes, step) in steps {
        now = now + Span::minutes(minutes);
        let pick = |which: usize| -> ConversationId { conversation_id(which as u128 % (enqueued + 1) + 1) };
        let mut hours = Hours3::Always;
        let input = match step {
            Step::Enqueue { kind, prefer } => {
                enqueued += 1;
                Input::Enqueued { conversation: conversation_id(enqueued), kind, prefer }
            }
            Step::Start { which, by } => Input::Started { conversation: pick(which), by },
            Step::Leave { which } => Input::Left { conversation: pick(which) },
            Step::Availability { person, availability } => Input::Availability { person, availability },
            Step::Add { person, availability } => Input::MemberAdded(member(person, availability)),
            Step::Remove { person } => Input::MemberRemoved(person),
            Step::Configure { distribution, hours: new } => {
                hours = new;
                Input::ConfigChanged(Box::new(Config { distribution, calendar: new.calendar() }))
            }
            Step::Load { person, load } => Input::LoadChanged { person, load },
        };
        inputs.push((now, input, hours));
    }
    inputs
}
