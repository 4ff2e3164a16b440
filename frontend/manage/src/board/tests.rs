use super::*;
use ciranda_domain::channel::Channel;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{LastLine, Window};
use ciranda_domain::ids::{ChannelId, ContactId, IdentityId, PersonNumber, TeamNumber};
use ciranda_domain::message::Kind;
use ciranda_domain::person::{Person, Profile};
use ciranda_domain::team::{Distribution, Level, Membership, Team};
use ciranda_sync::rows::Row;
use ciranda_ui::bridge::News;
use uuid::Uuid;

const NOW: Moment = Moment(1_000_000_000);
const SUPPORT: TeamId = TeamId(Uuid::from_u128(1));
const LEGAL: TeamId = TeamId(Uuid::from_u128(2));
const EVA: PersonId = PersonId(Uuid::from_u128(10));
const BRUNO: PersonId = PersonId(Uuid::from_u128(11));

fn person(id: PersonId, number: u32, name: &str) -> Row {
    Row::Person(Person {
        id,
        number: PersonNumber(number),
        name: name.to_owned(),
        profile: Profile::Attendant,
        availability: Availability::Available,
        status: PersonStatus::Active,
        created_at: Moment(i64::from(number)),
    })
}

fn team(id: TeamId, number: u32, name: &str) -> Row {
    Row::Team(Team {
        id,
        number: TeamNumber(number),
        name: name.to_owned(),
        is_default: number == 1,
        level: Level::Attendant,
        distribution: Distribution::Off,
        deleted: false,
    })
}

/// Eva supervises Suporte, Bruno attends it; Jurídico is nobody's.
fn known(heads: Vec<Conversation>) -> Known {
    let membership =
        |person, attends, supervises| Row::Membership(Membership { team: SUPPORT, person, attends, supervises });
    let channel = Channel {
        id: ChannelId(Uuid::nil()),
        kind: ChannelKind::WhatsApp,
        name: String::new(),
        address: String::new(),
    };
    let rows = [
        person(EVA, 1, "Eva"),
        person(BRUNO, 2, "Bruno"),
        team(SUPPORT, 1, "Suporte"),
        team(LEGAL, 2, "Jurídico"),
        membership(EVA, false, true),
        membership(BRUNO, true, false),
        Row::Channel(channel),
    ];
    Known {
        me: Some(EVA),
        live: true,
        reference: Reference::of(rows),
        told: 1,
        heads: heads.into_iter().map(|head| (head.id, head)).collect(),
        ..Known::default()
    }
}

fn head(n: u128, team: TeamId, state: State) -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(100 + n)),
        channel: ChannelId(Uuid::nil()),
        contact: ContactCard {
            id: ContactId(Uuid::nil()),
            identity: IdentityId(Uuid::nil()),
            name: format!("Contato {n}"),
            phone: String::new(),
            preferred: None,
        },
        team,
        state,
        created_at: NOW,
        enqueued_at: None,
        last_at: NOW,
        last_line: None,
        unread: 0,
        window: Window::default(),
        waiting: 0,
        received_from: None,
        mentions: Vec::new(),
    }
}

fn offered(minutes_ago: i64, attempt: u32) -> State {
    let since = NOW - Span::minutes(minutes_ago);
    State::Pending(Pending::Designated { designee: BRUNO, since, deadline: None, max_deadline: None, attempt })
}

fn with_bruno() -> State {
    State::InProgress { responsible: BRUNO, since: NOW }
}

fn board(known: &Known) -> Board {
    Board::of(known, None, NOW).unwrap()
}

#[test]
fn a_supervisor_looks_at_their_teams_only_and_nobody_else_has_a_board() {
    let mut known = known(vec![head(1, SUPPORT, with_bruno()), head(2, LEGAL, with_bruno())]);
    let board = board(&known);
    assert_eq!(board.teams, [(SUPPORT, "Suporte".to_owned())]);
    assert_eq!(board.count(Number::of(Which::InProgress)), 1);
    known.me = Some(BRUNO);
    assert_eq!(Board::of(&known, None, NOW), None);
}

#[test]
fn every_number_is_the_length_of_the_rows_it_opens_and_the_oldest_comes_first() {
    let open = State::Pending(Pending::Open { since: NOW - Span::minutes(30) });
    let heads = vec![head(1, SUPPORT, offered(5, 1)), head(2, SUPPORT, open), head(3, SUPPORT, with_bruno())];
    let board = board(&known(heads));
    let counts = [
        (Which::Waiting, 2),
        (Which::Queued, 0),
        (Which::Offered, 1),
        (Which::Open, 1),
        (Which::InProgress, 1),
        (Which::With(BRUNO), 1),
        (Which::OfferedTo(BRUNO), 1),
    ];
    for (which, count) in counts {
        let number = Number::of(which);
        assert_eq!((board.count(number), board.rows(number).count()), (count, count), "{which:?}");
    }
    assert_eq!(board.oldest(Number::of(Which::Waiting)), Some(NOW - Span::minutes(30)));
    let bruno = board.people.iter().find(|person| person.id == BRUNO).unwrap();
    assert_eq!((bruno.in_progress, bruno.offered), (1, 1));
}

#[test]
fn a_window_closes_unanswered_only_when_the_customer_wrote_last() {
    let side = |n, side, hours| {
        let at = NOW - Span::hours(hours);
        let mut head = head(n, SUPPORT, with_bruno());
        head.last_line = Some(LastLine { at, side, text: String::new(), kind: Kind::Text, delivery: None });
        head.window.last_counted = Some(at);
        head
    };
    let heads = vec![side(1, Side::Customer, 23), side(2, Side::Desk, 23), side(3, Side::Customer, 2)];
    let board = board(&known(heads));
    let rows: Vec<_> = board.rows(Number::of(Which::Closing)).map(|slip| slip.name.as_str()).collect();
    assert_eq!(rows, ["Contato 1"]);
}

#[test]
fn a_team_alerts_above_its_thresholds_and_when_nobody_is_there() {
    let heads = vec![head(1, SUPPORT, offered(20, 4)), head(2, SUPPORT, offered(1, 1))];
    let mut known = known(heads);
    let thresholds =
        |queue| Thresholds { queue: Some(queue), oldest_minutes: Some(15), passed: Some(3), window_minutes: None };
    let found = |known: &Known, queue| {
        alerts(&board(known), &known.reference, &BTreeMap::from([(SUPPORT, thresholds(queue))]), NOW)
    };
    let oldest = Alert::Oldest { team: SUPPORT, since: NOW - Span::minutes(20), limit: Span::minutes(15) };
    let passed = Alert::Passed { team: SUPPORT, passed: 1, limit: 3 };
    assert_eq!(found(&known, 2), [oldest.clone(), passed.clone()]);
    assert_eq!(found(&known, 1), [Alert::Queue { team: SUPPORT, waiting: 2, limit: 1 }, oldest, passed]);
    known.reference.organisation.people.get_mut(&BRUNO).unwrap().availability = Availability::Unavailable;
    assert_eq!(found(&known, 5)[0], Alert::Nobody { team: SUPPORT, waiting: 2 });
}

#[test]
fn what_goes_out_of_sight_is_known_as_gone_until_it_comes_back() {
    let (first, second) = (head(1, SUPPORT, with_bruno()), head(2, SUPPORT, with_bruno()));
    let news = |whole: bool, heads: &[&Conversation], gone: Vec<ConversationId>| News {
        me: Some(EVA),
        live: true,
        reference: None,
        whole,
        heads: heads
            .iter()
            .map(|head| Row::Conversation { head: Box::new((*head).clone()), audience: Vec::new() })
            .collect(),
        gone,
    };
    let mut known = known(vec![first.clone(), second.clone()]);
    known.take(news(false, &[], vec![first.id]));
    assert_eq!(known.gone, [first.id].into());
    // After a lost connection everything is told, and what is not among it has gone as well.
    known.take(news(true, &[&first], Vec::new()));
    assert_eq!(known.gone, [second.id].into());
    known.take(news(false, &[&second], Vec::new()));
    assert!(known.gone.is_empty() && known.heads.len() == 2);
}
