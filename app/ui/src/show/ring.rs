//! The overflow ring: how much of a designee's time is left to start.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::team::{Distribution, Overflow, Team};
use ciranda_domain::time::{Moment, Span};
use ciranda_text::spans;
use ciranda_text::{Key, Words};

use super::Tone;
use super::calendar::OpenTime;

/// What a ring shows at an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Ring {
    /// Of the circle, 0 to 100.
    pub percent: i64,
    pub tone: Tone,
    /// Inside the circle.
    pub counter: String,
    /// For a screen reader and the tooltip.
    pub title: String,
}

/// How long each person of a team has to start.
#[must_use]
pub fn limit(team: Option<&Team>) -> Option<Span> {
    match team?.distribution {
        Distribution::On { overflow: Overflow::On { limit, .. }, .. } => Some(limit),
        Distribution::On { overflow: Overflow::Off, .. } | Distribution::Off => None,
    }
}

/// All the open time that a designee has: what lies between offer and deadline, or the team's limit where overflow was
/// switched on later than the offer. The limit may have been changed since: what is left never depends on it.
#[must_use]
pub fn whole(since: Moment, deadline: Moment, limit: Option<Span>, open: OpenTime<'_>) -> Span {
    let between = open.between(since, deadline);
    limit.map_or(between, |limit| limit.min(between)).max(Span(1))
}

/// The ring of a designated conversation with a deadline, in a team of this limit; nothing else has one. It stands still
/// while the account is closed, as the overflow does (OVF-10).
#[must_use]
pub fn of(words: Words, state: &State, limit: Option<Span>, open: OpenTime<'_>, now: Moment) -> Option<Ring> {
    let State::Pending(Pending::Designated { since, deadline: Some(deadline), max_deadline, .. }) = *state else {
        return None;
    };
    let whole = whole(since, deadline, limit, open).0;
    // The second hand may be a moment behind the change.
    let left = open.between(now.max(since), deadline);
    let percent = ((left.0.max(0) * 100 + whole - 1) / whole).min(100);
    let counter = if left.0 < 3_600_000 { spans::counter(left) } else { spans::short(words, left) };
    // Time that ends exactly at closing time passes on at the next opening, with none left through the night.
    let (title, closed) = match (now >= deadline, max_deadline == Some(deadline)) {
        (true, _) => (words.get(Key::PassingOn).to_owned(), false),
        (false, true) => (words.fill(Key::OpensToTeamIn, &[&counter]), open.is_closed(now)),
        (false, false) => (words.fill(Key::PassesOnIn, &[&counter]), open.is_closed(now)),
    };
    let title = if closed { words.fill(Key::StandsWhileClosed, &[&title]) } else { title };
    let tone = match percent {
        51.. => Tone::Open,
        18..=50 => Tone::Soon,
        _ => Tone::Shut,
    };
    Some(Ring { percent, tone, counter, title })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::calendar::tests::{NOON, SaoPaulo};
    use ciranda_domain::calendar::{Hours, Period};
    use ciranda_domain::ids::PersonId;
    use uuid::Uuid;

    const ALWAYS: OpenTime<'_> = OpenTime { hours: None, calendar: &SaoPaulo };

    fn designated(since: Moment, length: Span, maximum: Option<Span>) -> State {
        State::Pending(Pending::Designated {
            designee: PersonId(Uuid::nil()),
            since,
            deadline: Some(since + length),
            max_deadline: maximum.map(|span| since + span),
            attempt: 1,
        })
    }

    #[test]
    fn the_ring_empties_and_its_tone_warns() {
        let state = designated(NOON, Span::minutes(10), Some(Span::hours(1)));
        let at = |minutes| of(Words::PORTUGUESE, &state, None, ALWAYS, NOON + Span::minutes(minutes)).unwrap();
        assert_eq!((at(0).percent, at(0).tone, at(0).counter.as_str()), (100, Tone::Open, "10:00"));
        assert_eq!((at(5).percent, at(5).tone), (50, Tone::Soon));
        assert_eq!((at(9).percent, at(9).tone), (10, Tone::Shut));
        assert_eq!((at(11).percent, at(11).title.as_str()), (0, "Passando adiante…"));
    }

    #[test]
    fn the_last_ring_of_a_stay_says_that_the_team_comes_next() {
        let state = designated(NOON, Span::minutes(10), Some(Span::minutes(10)));
        assert_eq!(of(Words::PORTUGUESE, &state, None, ALWAYS, NOON).unwrap().title, "Aberta à equipe em 10:00");
    }

    #[test]
    fn nothing_rings_without_a_deadline() {
        let state = State::Pending(Pending::Open { since: NOON });
        assert_eq!(of(Words::PORTUGUESE, &state, None, ALWAYS, NOON), None);
    }

    /// OVF-10: offered four minutes before the break, it runs on afterwards, and stands still between.
    #[test]
    fn only_open_time_empties_the_ring() {
        let week = std::array::from_fn(|_| vec![Period::new((8, 0), (12, 4)), Period::new((13, 0), (18, 0))]);
        let hours = Hours { week, ..Hours::default() };
        let open = OpenTime { hours: Some(&hours), calendar: &SaoPaulo };
        let state = designated(NOON, Span::minutes(66), None);
        let at = |minutes| of(Words::PORTUGUESE, &state, None, open, NOON + Span::minutes(minutes)).unwrap();
        let told = [0, 3, 5, 59, 60, 63].map(|minutes| (at(minutes).counter, at(minutes).percent));
        let said = [("10:00", 100), ("7:00", 70), ("6:00", 60), ("6:00", 60), ("6:00", 60), ("3:00", 30)];
        assert_eq!(told, said.map(|(counter, percent)| (counter.to_owned(), percent)));
        assert_eq!(at(5).title, "Passa adiante em 6:00 de horário aberto; agora está fechado");
        assert_eq!(at(60).title, "Passa adiante em 6:00");
        // Four minutes that end as it closes are over at the opening.
        let state = designated(NOON, Span::minutes(60), None);
        let lunch = of(Words::PORTUGUESE, &state, None, open, NOON + Span::minutes(30)).unwrap();
        assert_eq!(lunch.title, "Passa adiante em 0:00 de horário aberto; agora está fechado");
    }

    /// Decision 4: new limits apply to designations made afterwards, and overflow switched on arms from that instant.
    #[test]
    fn what_is_left_does_not_depend_on_the_limit_of_today() {
        let state = designated(NOON, Span::minutes(10), None);
        let at = |limit, minutes| {
            let limit = Some(Span::minutes(limit));
            of(Words::PORTUGUESE, &state, limit, ALWAYS, NOON + Span::minutes(minutes)).unwrap()
        };
        assert_eq!((at(2, 1).counter.as_str(), at(2, 1).percent), ("9:00", 100), "lowered");
        assert_eq!((at(30, 1).counter.as_str(), at(30, 1).percent), ("9:00", 90), "raised");
        let armed_late = designated(NOON, Span::minutes(70), None);
        let ring = of(Words::PORTUGUESE, &armed_late, Some(Span::minutes(10)), ALWAYS, NOON + Span::hours(1)).unwrap();
        assert_eq!((ring.counter.as_str(), ring.percent), ("10:00", 100));
    }
}
