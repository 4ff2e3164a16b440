//! Property 7, the golden half: one story, to the letter.

use ciranda_domain::distribution::{Config, Effect, Input};
use ciranda_domain::ids::PersonId;
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability::Available;
use ciranda_domain::time::Moment;

use crate::distribution::rig::{arrival, on, with_capacity, without_overflow};
use crate::distribution::runs::{Hours3, Run, member};
use crate::fixtures::{at, conversation_id, person_id};

/// This story may only change together with the rules.
#[test]
fn p7_the_golden_story() {
    let run = Run {
        members: (1..=3).map(|n| member(person_id(n), Available)).collect(),
        distribution: with_capacity(1, on(10, 25)),
        hours: Hours3::WithLunch,
        inputs: Vec::new(),
    };
    let (mut engine, mut effects) = (run.engine(), Vec::new());
    let enqueue = |n| arrival(n, None);
    engine.step(at(11, 45), enqueue(1), &mut effects);
    engine.step(at(11, 46), enqueue(2), &mut effects);
    engine.step(at(11, 47), enqueue(3), &mut effects);
    engine.step(at(11, 48), enqueue(4), &mut effects);
    engine.step(at(11, 50), Input::Started { conversation: conversation_id(2), by: person_id(2) }, &mut effects);
    engine.step(at(13, 30), Input::MemberRemoved(person_id(3)), &mut effects);
    let config = Config { distribution: without_overflow(), calendar: Hours3::Always.calendar() };
    engine.step(at(13, 40), Input::ConfigChanged(Box::new(config)), &mut effects);
    let lines: Vec<_> = effects.iter().map(story_line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

fn story_line(effect: &Effect) -> String {
    let clock = |moment: Moment| {
        let minutes = (moment.0 - at(0, 0).0) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let time = |moment: Option<Moment>| moment.map_or("never".to_owned(), clock);
    let who = |person: PersonId| person.0.as_u128();
    let which = effect.conversation().map_or(0, |conversation| conversation.0.as_u128() - 1_000);
    match effect {
        Effect::Designate { at, to, attempt, deadline, max_deadline, .. } => {
            let (deadline, max) = (time(*deadline), time(*max_deadline));
            format!("{} c{which} to p{}, attempt {attempt}, until {deadline}, at most {max}", clock(*at), who(*to))
        }
        Effect::Extend { deadline, max_deadline, .. } => {
            format!("      c{which} stays until {}, at most {}", time(*deadline), time(*max_deadline))
        }
        Effect::Queue { at, .. } => format!("{} c{which} queued", clock(*at)),
        Effect::Release { at, .. } => format!("{} c{which} to the team", clock(*at)),
        Effect::Arm { at, .. } => format!("      c{which} timer {}", clock(*at)),
        Effect::Disarm { .. } => format!("      c{which} no timer"),
        Effect::MoveArrow(arrow) => {
            format!("      arrow {}", arrow.map_or("nowhere".to_owned(), |p| format!("p{}", who(p))))
        }
        Effect::Latest(person) => format!("      p{} designated last", who(*person)),
        Effect::Timeline { at, fact, .. } => format!("{} c{which} {}", clock(*at), fact_line(fact)),
    }
}

fn fact_line(fact: &Fact) -> String {
    match fact {
        Fact::Designated { why, .. } | Fact::Released { why } => format!("says {}", why_line(*why)),
        Fact::Queued => "says queued".to_owned(),
        other => panic!("distribution tells no such fact: {other:?}"),
    }
}

fn why_line(why: Why) -> String {
    let who = |person: PersonId| person.0.as_u128();
    match why {
        Why::LimitReached { from } => format!("limit reached by p{}", who(from)),
        Why::LimitReachedDuringOutage { from } => format!("limit reached by p{} in an outage", who(from)),
        Why::DesigneeLeft { from } => format!("p{} left", who(from)),
        Why::DesigneeUnavailable { from } => format!("p{} unavailable", who(from)),
        Why::TheirTurn
        | Why::LeastRecent
        | Why::LeastLoaded
        | Why::MaximumReached
        | Why::MaximumReachedDuringOutage
        | Why::NobodyEligible
        | Why::DistributionOff
        | Why::Preferred
        | Why::SlotFreed => format!("{why:?}"),
    }
}
