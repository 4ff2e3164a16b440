//! When a person is told by a sound: the second ring of an offer, and the bell of those who supervise.
//!
//! *Invariant:* follows from absolute instants and the rows alone, so that a tab that slept neither rings late for what
//! has passed on nor twice for one offer. Those who supervise hear nothing but the bell (decision 5).

use ciranda_domain::access::Actor;
use ciranda_domain::calendar::Hours;
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::PersonId;
use ciranda_domain::team::{Distribution, Team};
use ciranda_domain::time::Moment;

use super::calendar::Calendar;
use super::ring;

/// The second ring of an offer: from half of the time left to start until there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Half {
    /// When the offer was made; one offer rings a second time once.
    pub since: Moment,
    pub from: Moment,
    pub until: Moment,
}

impl Half {
    /// Whether it rings at this instant, if it has not.
    #[must_use]
    pub fn is_due(&self, now: Moment) -> bool {
        self.from <= now && now < self.until
    }
}

/// The second ring of what is offered to this person. Counted back from the deadline by half of the team's limit: the
/// time between may be a night, of which no minute counts.
#[must_use]
pub fn half(head: &Conversation, team: Option<&Team>, me: PersonId) -> Option<Half> {
    let State::Pending(Pending::Designated { designee, since, deadline: Some(until), .. }) = head.state else {
        return None;
    };
    let whole = ring::whole(since, until, ring::limit(team));
    let left = ciranda_domain::time::Span(whole.0 / 2);
    (designee == me).then_some(Half { since, from: until - left, until })
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
pub fn is_silent(head: &Conversation, hours: Option<&Hours>, calendar: &dyn Calendar) -> bool {
    matches!(head.state, State::Pending(Pending::Designated { since, .. }) if is_closed(since, hours, calendar))
}

/// Whether the account is closed at an instant, by its own clock.
#[must_use]
pub fn is_closed(at: Moment, hours: Option<&Hours>, calendar: &dyn Calendar) -> bool {
    let minute = calendar.minute(at);
    hours.zip(minute).is_some_and(|(hours, minute)| !hours.is_open(calendar.day(at), minute))
}

/// Whether the conversation is one that those who supervise its team are told of: the team hands out conversations, and
/// this one is nobody's in particular, because the time ran out or everybody is full.
#[must_use]
pub fn is_loose(actor: &Actor, head: &Conversation, team: Option<&Team>) -> bool {
    let loose = matches!(head.state, State::Pending(Pending::Open { .. } | Pending::Queued { .. }));
    let hands_out = team.is_some_and(|team| matches!(team.distribution, Distribution::On { .. }));
    loose && hands_out && actor.supervises(head.team)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciranda_domain::contact::ContactCard;
    use ciranda_domain::conversation::Window;
    use ciranda_domain::ids::{ChannelId, ContactId, ConversationId, IdentityId, PersonNumber, TeamId, TeamNumber};
    use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
    use ciranda_domain::team::{Level, Membership, Overflow};
    use ciranda_domain::time::Span;
    use uuid::Uuid;

    const ME: PersonId = PersonId(Uuid::from_u128(1));
    const TEAM: TeamId = TeamId(Uuid::from_u128(2));

    fn head(state: State) -> Conversation {
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

    fn offered(to: PersonId, minutes: i64) -> Conversation {
        let deadline = Some(Moment(0) + Span::minutes(minutes));
        let since = Moment(0);
        head(State::Pending(Pending::Designated { designee: to, since, deadline, max_deadline: deadline, attempt: 1 }))
    }

    fn team(distribution: Distribution) -> Team {
        let (name, number) = ("Suporte".to_owned(), TeamNumber(1));
        Team { id: TEAM, number, name, is_default: true, level: Level::Team, distribution, deleted: false }
    }

    fn circle() -> Team {
        let overflow = Overflow::On { limit: Span::minutes(10), maximum: Span::minutes(60) };
        team(Distribution::circle(overflow, None))
    }

    fn at(minutes: i64) -> Moment {
        Moment(0) + Span::minutes(minutes)
    }

    #[test]
    fn an_offer_rings_again_from_half_of_its_time_until_it_passes_on() {
        let half = half(&offered(ME, 10), Some(&circle()), ME).expect("offered");
        assert_eq!((half.from, half.until), (at(5), at(10)));
        let due = [4, 5, 9, 10, 600].map(|minutes| half.is_due(at(minutes)));
        assert_eq!(due, [false, true, true, false, false], "a tab that slept does not ring for what has passed on");
    }

    #[test]
    fn a_night_between_counts_for_nothing_and_the_last_offer_may_be_short() {
        let night = half(&offered(ME, 14 * 60), Some(&circle()), ME).expect("offered");
        assert_eq!(night.from, at(14 * 60 - 5));
        let short = half(&offered(ME, 4), Some(&circle()), ME).expect("offered");
        assert_eq!(short.from, at(2));
    }

    /// D9: at 22:00 it comes silently; at 8:00 the notice tells of it.
    #[test]
    fn an_offer_made_while_the_account_is_closed_is_silent() {
        use crate::show::calendar::tests::{NOON, SaoPaulo};
        use ciranda_domain::calendar::Period;

        let hours = Hours { week: std::array::from_fn(|_| vec![Period::new((8, 0), (18, 0))]), ..Hours::default() };
        let since = |since| Pending::Designated { designee: ME, since, deadline: None, max_deadline: None, attempt: 1 };
        let silent = |at, hours| is_silent(&head(State::Pending(since(at))), hours, &SaoPaulo);
        assert!(silent(NOON + Span::hours(10), Some(&hours)), "22:00");
        assert!(silent(NOON + Span::hours(6), Some(&hours)), "closing time is exclusive");
        assert!(!silent(NOON, Some(&hours)));
        assert!(!silent(NOON + Span::hours(20), Some(&hours)), "8:00");
        assert!(!silent(NOON + Span::hours(10), None), "always open");
        let open = head(State::Pending(Pending::Open { since: NOON + Span::hours(10) }));
        assert!(!is_silent(&open, Some(&hours), &SaoPaulo), "the notice counts designations only");
    }

    #[test]
    fn only_what_is_offered_to_the_person_rings_again() {
        assert_eq!(half(&offered(PersonId(Uuid::from_u128(9)), 10), Some(&circle()), ME), None);
        assert_eq!(half(&head(State::Pending(Pending::Open { since: at(0) })), Some(&circle()), ME), None);
        let calm = Pending::Designated { designee: ME, since: at(0), deadline: None, max_deadline: None, attempt: 1 };
        assert_eq!(half(&head(State::Pending(calm)), Some(&circle()), ME), None);
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
        assert!(!bell(true, circle(), offered(ME, 10).state));
        assert!(!bell(true, circle(), State::InProgress { responsible: ME, since: at(0) }));
    }
}
