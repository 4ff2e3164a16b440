//! Plays a story and puts what the engine says into words.

use std::collections::BTreeMap;
use std::fmt::Write;

use ciranda_domain::distribution::{Effect, Engine, Rows, Verdict};
use ciranda_domain::ids::PersonId;
use ciranda_domain::message::Why;
use ciranda_domain::time::{Moment, Span};

use crate::story::{MIDNIGHT, Step, Story};

/// The dance, a line for everything that happens; a line that is indented follows from the one before it or from time.
pub fn play(story: &Story) -> String {
    let members = story.seats();
    let mut engine = Engine::load(Rows {
        config: story.settings.config(),
        arrow: members.first().map(|member| member.person),
        members,
        recent: Vec::new(),
        pending: Vec::new(),
        loads: Vec::new(),
        clock: MIDNIGHT,
        outage: None,
    });
    let teller = Teller { story, names: story.names() };
    let mut told = String::new();
    for Step { at, input, words } in &story.steps {
        let mut effects = Vec::new();
        engine.advance(*at, &mut effects);
        teller.tell(&mut told, &effects);
        writeln!(told, "{} {words}", clock(*at)).ok();
        if let Some(input) = input {
            let mut effects = Vec::new();
            engine.step(*at, input.clone(), &mut effects);
            teller.tell(&mut told, &effects);
        }
    }
    let next = engine.ring().into_iter().find(|seat| seat.next).map(|seat| teller.name(seat.person));
    writeln!(told, "next: {}", next.unwrap_or("nobody")).ok();
    told
}

struct Teller<'a> {
    story: &'a Story,
    names: BTreeMap<PersonId, &'a str>,
}

impl Teller<'_> {
    fn tell(&self, told: &mut String, effects: &[Effect]) {
        for effect in effects {
            if let Some(line) = self.line(effect) {
                writeln!(told, "    {line}").ok();
            }
        }
    }

    fn line(&self, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Designate { conversation, at, to, attempt, deadline, max_deadline, why, .. } => {
                let (conversation, to) = (self.story.name_of(*conversation), self.name(*to));
                let until = until(*deadline, *max_deadline);
                Some(format!("{} {conversation} to {to}, attempt {attempt}{until}: {}", clock(*at), self.why(*why)))
            }
            Effect::Extend { conversation, deadline, max_deadline } => {
                let until = until(*deadline, *max_deadline);
                Some(format!("      {} stays{until}", self.story.name_of(*conversation)))
            }
            Effect::Queue { conversation, at, considered } => {
                let behind = considered.iter().any(|considered| considered.verdict == Verdict::OlderWaits);
                let why = if behind { "what waits longer comes first" } else { "everyone eligible is full" };
                Some(format!("{} {} is queued: {why}", clock(*at), self.story.name_of(*conversation)))
            }
            Effect::Release { conversation, at, why, .. } => {
                let conversation = self.story.name_of(*conversation);
                Some(format!("{} {conversation} to the whole team: {}", clock(*at), self.why(*why)))
            }
            // Timers follow from the lines above, the arrow is told at the end, timelines are the conversation's own.
            Effect::Arm { .. }
            | Effect::Disarm { .. }
            | Effect::MoveArrow(_)
            | Effect::Latest(_)
            | Effect::Timeline { .. } => None,
        }
    }

    fn why(&self, why: Why) -> String {
        match why {
            Why::TheirTurn => "their turn".to_owned(),
            Why::LimitReached { from } => format!("{} did not start in time", self.name(from)),
            Why::LimitReachedDuringOutage { from } => format!("{} could not start, we were away", self.name(from)),
            Why::MaximumReached => "the maximum was reached".to_owned(),
            Why::MaximumReachedDuringOutage => "the maximum was reached while we were away".to_owned(),
            Why::NobodyEligible => "nobody could be designated".to_owned(),
            Why::DistributionOff => "the team does not distribute".to_owned(),
            Why::DesigneeLeft { from } => format!("{} left", self.name(from)),
            Why::DesigneeUnavailable { from } => format!("{} became unavailable", self.name(from)),
            Why::LeastRecent => "the longest without one".to_owned(),
            Why::LeastLoaded => "holds least".to_owned(),
            Why::Preferred => "preferred".to_owned(),
            Why::SlotFreed => "a slot became free".to_owned(),
        }
    }

    fn name(&self, person: PersonId) -> &str {
        self.names.get(&person).copied().unwrap_or("?")
    }
}

fn until(deadline: Option<Moment>, max_deadline: Option<Moment>) -> String {
    let clocks = |moment: Option<Moment>| moment.map(clock);
    match (clocks(deadline), clocks(max_deadline)) {
        (Some(deadline), Some(max)) => format!(", until {deadline}, at most {max}"),
        (Some(deadline), None) => format!(", until {deadline}"),
        (None, _) => String::new(),
    }
}

/// As a script writes it.
fn clock(at: Moment) -> String {
    let since = at.since(MIDNIGHT);
    let (day, rest) = (since.0.div_euclid(Span::days(1).0), since.0.rem_euclid(Span::days(1).0));
    let minutes = rest / Span::minutes(1).0;
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if day == 0 { time } else { format!("+{day} {time}") }
}
