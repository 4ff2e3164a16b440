//! Decisions of distribution in words: where a conversation went, why, and why not to each of the others.
//!
//! *Invariant:* exhaustive over [`Verdict`] and [`Placed`]; what a decision did is said as the timeline says it.

use ciranda_domain::distribution::{Considered, Decision, Placed, Verdict};
use ciranda_domain::message::Fact;

use crate::catalogue::explained::Explained;
use crate::facts::{Names, sentence};
use crate::fill::{Piece, pieces};
use crate::{Key, Words};

/// A decision in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Where it went and why.
    pub sentence: Vec<Piece>,
    /// What became of everybody who was considered, in the order in which they were asked.
    pub considered: Vec<Vec<Piece>>,
}

/// Says a decision.
#[must_use]
pub fn decision(words: Words, decision: &Decision, names: &dyn Names) -> Told {
    let fact = match decision.placed {
        Placed::Designated { to, attempt, why } => Fact::Designated { to, attempt, why },
        Placed::Queued => Fact::Queued,
        Placed::Released { why } => Fact::Released { why },
    };
    let considered = decision.considered.iter().map(|considered| line(words, *considered, names));
    Told { sentence: sentence(words, &fact, names), considered: considered.collect() }
}

/// Says why somebody was chosen or not: “Bruno: cheio (3 de 3)”.
#[must_use]
pub fn line(words: Words, considered: Considered, names: &dyn Names) -> Vec<Piece> {
    let mut values = vec![names.person(considered.person).unwrap_or_else(|| words.get(Key::SomebodyGone).to_owned())];
    let key = match considered.verdict {
        Verdict::Chosen => Explained::Chosen,
        Verdict::NotTheirTurn => Explained::NotTheirTurn,
        Verdict::Unavailable => Explained::Unavailable,
        Verdict::Full { load, capacity } => {
            values.extend([load.to_string(), capacity.to_string()]);
            if load < capacity { Explained::NoRoom } else { Explained::Full }
        }
        Verdict::AlreadyTried => Explained::AlreadyTried,
        Verdict::LeftTheTeam => Explained::LeftTheTeam,
        Verdict::OlderWaits => Explained::OlderWaits,
    };
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    pieces(words.get(key), &values)
}

#[cfg(test)]
mod tests {
    use ciranda_domain::ids::{PersonId, TeamId};
    use ciranda_domain::message::Why;
    use ciranda_domain::time::Moment;
    use uuid::Uuid;

    use super::*;

    const ANA: PersonId = PersonId(Uuid::from_u128(1));
    const BRUNO: PersonId = PersonId(Uuid::from_u128(2));
    const CARLA: PersonId = PersonId(Uuid::from_u128(3));
    const GONE: PersonId = PersonId(Uuid::from_u128(9));

    struct House;
    impl Names for House {
        fn person(&self, id: PersonId) -> Option<String> {
            [(ANA, "Ana"), (BRUNO, "Bruno"), (CARLA, "Carla")]
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, name)| (*name).to_owned())
        }
        fn team(&self, _: TeamId) -> Option<String> {
            None
        }
    }

    fn plain(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => (*words).to_owned(),
                Piece::Value(value) => value.clone(),
            })
            .collect()
    }

    fn considered(person: PersonId, verdict: Verdict) -> Considered {
        Considered { person, verdict }
    }

    #[test]
    fn a_hop_says_who_has_it_now_and_why_nobody_else_has() {
        let told = decision(
            Words::PORTUGUESE,
            &Decision {
                at: Moment(0),
                placed: Placed::Designated { to: CARLA, attempt: 2, why: Why::LimitReached { from: ANA } },
                considered: vec![
                    considered(BRUNO, Verdict::Full { load: 3, capacity: 3 }),
                    considered(CARLA, Verdict::Chosen),
                    considered(ANA, Verdict::AlreadyTried),
                    considered(GONE, Verdict::LeftTheTeam),
                ],
            },
            &House,
        );
        assert_eq!(plain(&told.sentence), "Passou para Carla: Ana não iniciou a tempo");
        let lines: Vec<_> = told.considered.iter().map(|line| plain(line)).collect();
        let expected =
            ["Bruno: cheio (3 de 3)", "Carla: recebeu", "Ana: já teve a vez nesta rodada", "alguém: saiu da equipe"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_queue_and_a_release_say_why_nobody_has_it() {
        let say = |placed, considered| {
            let decision = Decision { at: Moment(0), placed, considered };
            let told = super::decision(Words::PORTUGUESE, &decision, &House);
            (plain(&told.sentence), told.considered.iter().map(|line| plain(line)).collect::<Vec<_>>())
        };
        let (sentence, lines) = say(
            Placed::Queued,
            vec![
                considered(ANA, Verdict::Full { load: 4, capacity: 5 }),
                considered(BRUNO, Verdict::OlderWaits),
                considered(CARLA, Verdict::Unavailable),
            ],
        );
        assert!(sentence.starts_with("Na fila"), "{sentence}");
        let expected = [
            "Ana: sem espaço (4 de 5) para uma conversa deste peso",
            "Bruno: tinha espaço, mas há conversa mais antiga na fila",
            "Carla: indisponível",
        ];
        assert_eq!(lines, expected);
        let (sentence, lines) = say(Placed::Released { why: Why::MaximumReachedDuringOutage }, Vec::new());
        assert!(sentence.ends_with("durante uma falha nossa"), "{sentence}");
        assert!(lines.is_empty());
    }

    #[test]
    fn the_other_strategies_have_words_of_their_own() {
        let say = |why| plain(&sentence(Words::PORTUGUESE, &Fact::Designated { to: ANA, attempt: 1, why }, &House));
        assert_eq!(say(Why::LeastRecent), "Oferecida a Ana: fazia mais tempo que não recebia");
        assert_eq!(say(Why::LeastLoaded), "Oferecida a Ana: tinha menos conversas");
    }

    #[cfg(feature = "english")]
    #[test]
    fn english_says_the_same() {
        let line = line(Words::ENGLISH, considered(BRUNO, Verdict::Full { load: 3, capacity: 3 }), &House);
        assert_eq!(plain(&line), "Bruno: full (3 of 3)");
    }
}
