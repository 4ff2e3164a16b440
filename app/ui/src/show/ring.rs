//! The overflow ring: how much of a designee's time is left to start.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::team::{Distribution, Overflow, Team};
use ciranda_domain::time::{Moment, Span};
use ciranda_text::spans;
use ciranda_text::{Key, Words};

use super::Tone;

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

/// All the time that a designee has: the team's limit, or less where the maximum comes first. The time between the
/// offer and its deadline may be a night, of which no minute counts.
#[must_use]
pub fn whole(since: Moment, deadline: Moment, limit: Option<Span>) -> Span {
    let between = deadline.since(since);
    limit.map_or(between, |limit| limit.min(between)).max(Span(1))
}

/// The ring of a designated conversation with a deadline, in a team of this limit; nothing else has one.
#[must_use]
pub fn of(words: Words, state: &State, limit: Option<Span>, now: Moment) -> Option<Ring> {
    let State::Pending(Pending::Designated { since, deadline: Some(deadline), max_deadline, .. }) = *state else {
        return None;
    };
    let whole = whole(since, deadline, limit).0;
    // The second hand may be a moment behind the change: nobody has more than the whole time.
    let left = Span(deadline.since(now).0.min(whole));
    let percent = (left.0.clamp(0, whole) * 100 + whole - 1) / whole;
    let counter = if left.0 < 3_600_000 { spans::counter(left) } else { spans::short(words, left) };
    let title = if left.0 <= 0 {
        words.get(Key::PassingOn).to_owned()
    } else if max_deadline == Some(deadline) {
        words.fill(Key::OpensToTeamIn, &[&counter])
    } else {
        words.fill(Key::PassesOnIn, &[&counter])
    };
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
    use ciranda_domain::ids::PersonId;
    use uuid::Uuid;

    fn designated(limit: Span, maximum: Option<Span>) -> State {
        State::Pending(Pending::Designated {
            designee: PersonId(Uuid::nil()),
            since: Moment(0),
            deadline: Some(Moment(0) + limit),
            max_deadline: maximum.map(|span| Moment(0) + span),
            attempt: 1,
        })
    }

    #[test]
    fn the_ring_empties_and_its_tone_warns() {
        let state = designated(Span::minutes(10), Some(Span::hours(1)));
        let at = |minutes| of(Words::PORTUGUESE, &state, None, Moment(0) + Span::minutes(minutes)).unwrap();
        assert_eq!((at(0).percent, at(0).tone, at(0).counter.as_str()), (100, Tone::Open, "10:00"));
        assert_eq!((at(5).percent, at(5).tone), (50, Tone::Soon));
        assert_eq!((at(9).percent, at(9).tone), (10, Tone::Shut));
        assert_eq!((at(11).percent, at(11).title.as_str()), (0, "Passando adiante…"));
    }

    #[test]
    fn the_last_ring_of_a_stay_says_that_the_team_comes_next() {
        let state = designated(Span::minutes(10), Some(Span::minutes(10)));
        assert_eq!(of(Words::PORTUGUESE, &state, None, Moment(0)).unwrap().title, "Aberta à equipe em 10:00");
    }

    #[test]
    fn nothing_rings_without_a_deadline() {
        let state = State::Pending(Pending::Open { since: Moment(0) });
        assert_eq!(of(Words::PORTUGUESE, &state, None, Moment(0)), None);
    }

    #[test]
    fn no_minute_of_a_night_is_drawn() {
        // Offered at 18:55, five minutes before the night; due at 8:05.
        let state = designated(Span::minutes(13 * 60 + 10), None);
        let limit = Some(Span::minutes(10));
        let at = |minutes| of(Words::PORTUGUESE, &state, limit, Moment(0) + Span::minutes(minutes)).unwrap();
        assert_eq!((at(6).percent, at(6).counter.as_str()), (100, "10:00"), "the clock stands still");
        assert_eq!((at(13 * 60 + 6).percent, at(13 * 60 + 6).tone), (40, Tone::Soon));
    }
}
