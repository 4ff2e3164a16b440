//! The overflow ring: how much of a designee's time is left to start.

use ciranda_domain::conversation::{Pending, State};
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

/// The ring of a designated conversation with a deadline; nothing else has one.
#[must_use]
pub fn of(words: Words, state: &State, now: Moment) -> Option<Ring> {
    let State::Pending(Pending::Designated { since, deadline: Some(deadline), max_deadline, .. }) = *state else {
        return None;
    };
    let whole = deadline.since(since).0.max(1);
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
        let at = |minutes| of(Words::PORTUGUESE, &state, Moment(0) + Span::minutes(minutes)).unwrap();
        assert_eq!((at(0).percent, at(0).tone, at(0).counter.as_str()), (100, Tone::Open, "10:00"));
        assert_eq!((at(5).percent, at(5).tone), (50, Tone::Soon));
        assert_eq!((at(9).percent, at(9).tone), (10, Tone::Shut));
        assert_eq!((at(11).percent, at(11).title.as_str()), (0, "Passando adiante…"));
    }

    #[test]
    fn the_last_ring_of_a_stay_says_that_the_team_comes_next() {
        let state = designated(Span::minutes(10), Some(Span::minutes(10)));
        assert_eq!(of(Words::PORTUGUESE, &state, Moment(0)).unwrap().title, "Aberta à equipe em 10:00");
    }

    #[test]
    fn nothing_rings_without_a_deadline() {
        let state = State::Pending(Pending::Open { since: Moment(0) });
        assert_eq!(of(Words::PORTUGUESE, &state, Moment(0)), None);
    }
}
