//! When a person is told by a sound: the second ring of an offer, and the bell of those who supervise.
//!
//! *Invariant:* follows from absolute instants and the rows alone, so that a tab that slept neither rings late for what
//! has passed on nor twice for one offer. Those who supervise hear nothing but the bell (decision 5).

use ciranda_domain::access::Actor;
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::PersonId;
use ciranda_domain::team::{Distribution, Team};
use ciranda_domain::time::Moment;
use ciranda_text::{Key, Words};

use super::calendar::OpenTime;
use super::ring;

/// When an offer that rings a second time now was made, if it rings: it is this person's, at most half of its whole time
/// ([`ring::whole`]) is left, some is, and the account is open. One offer rings a second time once.
#[must_use]
pub fn half(head: &Conversation, team: Option<&Team>, me: PersonId, open: OpenTime<'_>, now: Moment) -> Option<Moment> {
    let State::Pending(Pending::Designated { designee, since, deadline: Some(until), .. }) = head.state else {
        return None;
    };
    let whole = ring::whole(since, until, ring::limit(team), open);
    let left = open.between(now, until);
    let due = designee == me && now < until && left.0 <= whole.0 / 2 && !open.is_closed(now);
    due.then_some(since)
}

/// Since when it is offered to this person, if it is.
#[must_use]
pub fn offered_to(head: &Conversation, me: PersonId) -> Option<Moment> {
    match head.state {
        State::Pending(Pending::Designated { designee, since, .. }) if designee == me => Some(since),
        State::Pending(_) | State::InProgress { .. } | State::Finished(_) => None,
    }
}

/// Whether an offer was made while the account was closed: it rings for nobody then, and is told of in the one notice
/// at the opening (D9, decision 4).
#[must_use]
pub fn is_silent(head: &Conversation, open: OpenTime<'_>) -> bool {
    matches!(head.state, State::Pending(Pending::Designated { since, .. }) if open.is_closed(since))
}

/// Whether the conversation is one that those who supervise its team are told of: the team hands out conversations, and
/// this one is nobody's in particular, because the time ran out or everybody is full. What a deleted team leaves is about
/// to be concluded or moved, and waits for nobody.
#[must_use]
pub fn is_loose(actor: &Actor, head: &Conversation, team: Option<&Team>) -> bool {
    let loose = matches!(head.state, State::Pending(Pending::Open { .. } | Pending::Queued { .. }));
    let hands_out = team.is_some_and(|team| !team.deleted && matches!(team.distribution, Distribution::On { .. }));
    loose && hands_out && actor.supervises(head.team)
}

/// What the bell says of the conversations that became nobody's in one change, each with its words and whether it rings
/// for the person already: one is named, more are counted, and it is quiet where all are.
#[must_use]
pub fn bell(words: Words, bells: &[(String, bool)]) -> Option<(String, bool)> {
    let text = match bells {
        [] => return None,
        [(text, _)] => text.clone(),
        many => words.fill(Key::BellMany, &[&many.len().to_string()]),
    };
    Some((text, bells.iter().all(|(_, quiet)| *quiet)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::show::calendar::tests::{NOON, SaoPaulo};
    use ciranda_domain::calendar::{Hours, Period};
    use ciranda_domain::contact::ContactCard;
    use ciranda_domain::conversation::Window;
    use ciranda_domain::ids::{ChannelId, ContactId, ConversationId, IdentityId, PersonNumber, TeamId, TeamNumber};
    use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
    use ciranda_domain::team::{Level, Membership, Overflow};
    use ciranda_domain::time::Span;
    use uuid::Uuid;

    pub(crate) const ME: PersonId = PersonId(Uuid::from_u128(1));
    pub(crate) const TEAM: TeamId = TeamId(Uuid::from_u128(2));

    pub(crate) fn head(state: State) -> Conversation {
        Conversation {
            id: ConversationId(Uuid::nil()),
            channel: ChannelId(Uuid::nil()),
            contact: ContactCard {
                id: ContactId(Uuid::nil()),
                identity: IdentityId(Uuid::nil()),
                name: "Marina".to_owned(),
                phone: String::new(),
                preferred: None,
            },
            team: TEAM,
            state,
            created_at: Moment(0),
            enqueued_at: None,
            last_at: Moment(0),
            last_line: None,
            unread: 0,
            window: Window::default(),
            waiting: 0,
            received_from: None,
            mentions: Vec::new(),
        }
    }

    pub(crate) fn offered(to: PersonId, minutes: i64) -> Conversation {
        let deadline = Some(Moment(0) + Span::minutes(minutes));
        let since = Moment(0);
        head(State::Pending(Pending::Designated { designee: to, since, deadline, max_deadline: deadline, attempt: 1 }))
    }

    fn team(distribution: Distribution) -> Team {
        let (name, number) = ("Suporte".to_owned(), TeamNumber(1));
        Team { id: TEAM, number, name, is_default: true, level: Level::Team, distribution, deleted: false }
    }

    pub(crate) fn circle() -> Team {
        let overflow = Overflow::On { limit: Span::minutes(10), maximum: Span::minutes(60) };
        team(Distribution::circle(overflow, None))
    }

    fn at(minutes: i64) -> Moment {
        Moment(0) + Span::minutes(minutes)
    }

    const ALWAYS: OpenTime<'_> = OpenTime { hours: None, calendar: &SaoPaulo };

    fn rings(offer: &Conversation, open: OpenTime<'_>, minutes: i64) -> bool {
        half(offer, Some(&circle()), ME, open, at(minutes)).is_some()
    }

    #[test]
    fn an_offer_rings_again_from_half_of_its_time_until_it_passes_on() {
        let offer = offered(ME, 10);
        assert_eq!(half(&offer, Some(&circle()), ME, ALWAYS, at(5)), Some(at(0)));
        let due = [4, 5, 9, 10, 600].map(|minutes| rings(&offer, ALWAYS, minutes));
        assert_eq!(due, [false, true, true, false, false], "a tab that slept does not ring for what has passed on");
        let last = offered(ME, 4);
        assert_eq!([1, 2].map(|minutes| rings(&last, ALWAYS, minutes)), [false, true], "the last one may be short");
    }

    /// OVF-10 and D9: seven minutes to closing time and three of the next morning; the night rings for nobody.
    #[test]
    fn half_is_half_of_the_open_time_and_never_rings_while_closed() {
        // Moment 0 is 21:00 in São Paulo; it closes at 21:07, and opens at 8:00.
        let evening = [Period::new((8, 0), (21, 7))];
        let hours = Hours { week: std::array::from_fn(|_| evening.to_vec()), ..Hours::default() };
        let open = OpenTime { hours: Some(&hours), calendar: &SaoPaulo };
        let morning = 11 * 60;
        let offer = offered(ME, morning + 3);
        let due = [4, 5, 6, 7, morning - 1, morning, morning + 2].map(|minutes| rings(&offer, open, minutes));
        assert_eq!(due, [false, true, true, false, false, true, true]);
    }

    /// D9: at 22:00 it comes silently; at 8:00 the notice tells of it.
    #[test]
    fn an_offer_made_while_the_account_is_closed_is_silent() {
        let hours = Hours { week: std::array::from_fn(|_| vec![Period::new((8, 0), (18, 0))]), ..Hours::default() };
        let since = |since| Pending::Designated { designee: ME, since, deadline: None, max_deadline: None, attempt: 1 };
        let silent = |at, hours| is_silent(&head(State::Pending(since(at))), OpenTime { hours, calendar: &SaoPaulo });
        assert!(silent(NOON + Span::hours(10), Some(&hours)), "22:00");
        assert!(silent(NOON + Span::hours(6), Some(&hours)), "closing time is exclusive");
        assert!(!silent(NOON, Some(&hours)));
        assert!(!silent(NOON + Span::hours(20), Some(&hours)), "8:00");
        assert!(!silent(NOON + Span::hours(10), None), "always open");
        let open = head(State::Pending(Pending::Open { since: NOON + Span::hours(10) }));
        assert!(
            !is_silent(&open, OpenTime { hours: Some(&hours), calendar: &SaoPaulo }),
            "the notice counts designations only"
        );
    }

    #[test]
    fn only_what_is_offered_to_the_person_rings_again() {
        assert_eq!(half(&offered(PersonId(Uuid::from_u128(9)), 10), Some(&circle()), ME, ALWAYS, at(6)), None);
        assert_eq!(
            half(&head(State::Pending(Pending::Open { since: at(0) })), Some(&circle()), ME, ALWAYS, at(6)),
            None
        );
        let calm = Pending::Designated { designee: ME, since: at(0), deadline: None, max_deadline: None, attempt: 1 };
        assert_eq!(half(&head(State::Pending(calm)), Some(&circle()), ME, ALWAYS, at(6)), None);
    }

    #[test]
    fn what_becomes_nobodys_at_once_is_told_by_one_bell() {
        let (marina, joana) = (("Marina espera".to_owned(), true), ("Joana espera".to_owned(), false));
        let bell = |bells: &[_]| bell(Words::PORTUGUESE, bells);
        assert_eq!(bell(&[]), None);
        assert_eq!(bell(std::slice::from_ref(&marina)), Some(marina.clone()));
        assert_eq!(bell(&[marina, joana]), Some(("2 conversas esperam sem responsável".to_owned(), false)));
    }

    #[test]
    fn the_bell_is_for_those_who_supervise_a_team_that_hands_out() {
        let person = Person {
            id: ME,
            number: PersonNumber(1),
            name: "Eva".to_owned(),
            profile: Profile::Attendant,
            availability: Availability::Available,
            status: PersonStatus::Active,
            created_at: Moment(0),
        };
        let bell = |supervises: bool, team: Team, state: State| {
            let membership = Membership { team: TEAM, person: ME, attends: !supervises, supervises };
            let actor = Actor::new(&person, &[membership], std::slice::from_ref(&team));
            is_loose(&actor, &head(state), Some(&team))
        };
        let (open, queued) = (Pending::Open { since: at(0) }, Pending::Queued { since: at(0) });
        assert!(bell(true, circle(), State::Pending(open)));
        assert!(bell(true, circle(), State::Pending(queued)));
        assert!(!bell(false, circle(), State::Pending(open)), "who attends hears the offer itself");
        assert!(!bell(true, team(Distribution::Off), State::Pending(open)), "there it is so for every conversation");
        assert!(!bell(true, Team { deleted: true, ..circle() }, State::Pending(open)), "what it leaves is on its way");
        assert!(!bell(true, circle(), offered(ME, 10).state));
        assert!(!bell(true, circle(), State::InProgress { responsible: ME, since: at(0) }));
    }
}
