//! The server's session: who is greeted, how ranges are told, when an acknowledgement is.

use std::collections::BTreeSet;

use ciranda_domain::access::{Atom, Unseen};
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ClientId, ConversationId};
use ciranda_sync::filter::{Change, Commit, Current, Rights, Session as Filter, ops_for};
use ciranda_sync::frames::{Down, HISTORY, MAX_DOWN, Op, Refused, Reset, SCHEMA};
use ciranda_sync::horizon::Horizon;
use ciranda_sync::rows::{Epoch, Row, RowId, Seq};
use ciranda_sync::serve::{Encoded, Hello, MAX_LAG, Offered, Session, Standing};
use ciranda_sync::wire::decode_down;
use uuid::Uuid;

use crate::fixture::{ANA, CHAT, MORNING, atoms, message, offered, row, started_by};

const CLIENT: ClientId = ClientId(Uuid::from_u128(77));

#[test]
fn a_client_that_cannot_be_caught_up_is_told_why() {
    let standing = standing(MAX_LAG + 100);
    let greet = |hello| Session::greet(hello, ANA, Horizon::default(), &standing, &[]).map(|_| ());
    let hello = Hello { client: CLIENT, cursor: Seq(200), epoch: Epoch(1), schema: SCHEMA, settled: 0 };
    assert_eq!(greet(hello), Ok(()));
    assert_eq!(greet(Hello { schema: SCHEMA + 1, ..hello }), Err(Reset::Schema));
    assert_eq!(greet(Hello { epoch: Epoch(2), ..hello }), Err(Reset::Epoch));
    assert_eq!(greet(Hello { settled: 4, ..hello }), Err(Reset::Client));
    let cursors = [standing.floor.0 - 1, 99, standing.head.0 + 1, u64::MAX];
    for cursor in cursors.map(Seq) {
        assert_eq!(greet(Hello { cursor, ..hello }), Err(Reset::Cursor), "{cursor:?}");
    }
}

#[test]
fn refusals_not_yet_heard_are_told_before_any_delta() {
    let refusals = [(2, Refused::NotFound), (3, Refused::PassedOn)];
    let hello = Hello { client: CLIENT, cursor: Seq(60), epoch: Epoch(1), schema: SCHEMA, settled: 2 };
    let (_, frames) =
        Session::greet(hello, ANA, Horizon::default(), &standing(60), &refusals).expect("nothing stands against it");
    assert!(matches!(frames[..], [Down::Welcome { .. }, Down::Rejected { n: 3, .. }]));
}

#[test]
fn even_without_news_a_catch_up_acknowledges() {
    let mut session = session(60);
    let frames = session.catch_up(&standing(60), &[]);
    assert_eq!(decoded(&frames), [Down::Delta { from: Seq(60), to: Seq(60), acked: 3, ops: Vec::new() }]);
}

#[test]
fn silent_commits_move_the_cursor_with_the_next_frame() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    assert_eq!(offer(&mut session, commit(60, 61, Vec::new())), []);
    let told = offer(&mut session, commit(61, 62, vec![head_change(62, true)]));
    assert!(matches!(told[..], [Down::Delta { from: Seq(60), to: Seq(62), .. }]));
    assert_eq!(offer(&mut session, commit(62, 63, Vec::new())), []);
    let idle = session.idle().expect("the cursor is behind");
    assert!(matches!(decode_down(&idle), Ok(Down::Delta { from: Seq(62), to: Seq(63), .. })));
    assert_eq!(session.idle(), None);
}

#[test]
fn a_missing_commit_is_noticed_and_a_repeated_one_is_not_told_twice() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    let late = Encoded::new(commit(61, 62, Vec::new()));
    assert_eq!(session.offer(&late, MORNING), Offered::Behind);
    assert_eq!(offer(&mut session, commit(50, 60, vec![head_change(60, true)])), []);
}

#[test]
fn an_acknowledgement_without_change_waits_for_the_commits_before_it() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    // Number 4 was carried out by the commit of 61, number 5 changed nothing after it.
    assert_eq!(session.done(5, Seq(61)), None);
    let first = Commit { client: Some((CLIENT, 4)), ..commit(60, 61, Vec::new()) };
    assert!(matches!(offer(&mut session, first)[..], [Down::Delta { to: Seq(61), acked: 5, .. }]));
    let frame = session.done(6, Seq(61)).expect("everything before it was told");
    assert!(matches!(decode_down(&frame), Ok(Down::Delta { from: Seq(61), to: Seq(61), acked: 6, .. })));
}

#[test]
fn what_an_earlier_socket_did_is_not_acknowledged_before_its_refusals_are_told() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    // The earlier socket's last frame carried 4, which was refused to it, and 5, which changed something.
    let fifth = Commit { client: Some((CLIENT, 5)), ..commit(60, 61, vec![head_change(61, true)]) };
    assert!(matches!(offer(&mut session, fifth)[..], [Down::Delta { acked: 3, .. }]));
    let behind = Standing { last_mutation: 5, ..standing(62) };
    assert!(matches!(decoded(&session.catch_up(&behind, &[]))[..], [Down::Delta { acked: 3, .. }]));
    // Both come again on this socket, were seen, and are told.
    for n in [4, 5] {
        let frame = session.done(n, Seq(62)).expect("everything before it was told");
        assert!(matches!(decode_down(&frame), Ok(Down::Delta { acked, .. }) if acked == n));
    }
}

#[test]
fn a_change_of_rights_is_told_as_a_scope() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    let rights = vec![Rights { person: ANA, epoch: Epoch(2), atoms: Vec::new() }];
    let commit = Commit { rights, ..commit(60, 61, vec![head_change(61, true)]) };
    let told = offer(&mut session, commit);
    let ops = vec![Op::Remove { rev: Seq(61), row: RowId::Conversation(CHAT) }];
    let (from, to, acked, epoch, atoms) = (Seq(60), Seq(61), 3, Epoch(2), Vec::new());
    assert_eq!(told, [Down::Scope { from, to, acked, epoch, atoms, ops }]);
}

#[test]
fn a_range_too_large_for_a_frame_is_split_between_numbers() {
    let mut session = session(60);
    let changes: Vec<_> = (61..=4_060).map(|seq| head_change(seq, true)).collect();
    let frames = session.catch_up(&standing(4_060), &changes);
    assert!(frames.len() > 1 && frames.iter().all(|frame| frame.len() < MAX_DOWN));
    let (mut cursor, mut told) = (Seq(60), 0);
    let last = frames.len() - 1;
    for (n, down) in decoded(&frames).into_iter().enumerate() {
        let Down::Delta { from, to, acked, ops } = down else { panic!("{down:?}") };
        assert_eq!(from, cursor);
        assert!(ops.iter().all(|op| matches!(op, Op::Put { rev, .. } if from < *rev && *rev <= to)));
        assert_eq!(acked, if n == last { 3 } else { 0 }, "an acknowledgement goes with the last rows");
        (cursor, told) = (to, told + ops.len());
    }
    assert_eq!((cursor, told), (Seq(4_060), changes.len()));
}

#[test]
fn lines_go_to_sessions_that_have_the_conversation_open() {
    let mut filter =
        Filter { person: ANA, atoms: atoms(), epoch: Epoch(1), open: BTreeSet::new(), horizon: Horizon::default() };
    let commit = commit(60, 61, vec![line_change(61)]);
    assert_eq!(ops_for(&filter, &commit, MORNING), []);
    filter.open.insert(CHAT);
    assert!(matches!(ops_for(&filter, &commit, MORNING)[..], [Op::Put { .. }]));
    filter.atoms.clear();
    assert_eq!(ops_for(&filter, &commit, MORNING), [], "open is not enough");
}

#[test]
fn what_was_never_visible_is_not_even_removed() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    assert_eq!(offer(&mut session, commit(60, 61, vec![head_change(61, false)])), []);
}

fn session(cursor: u64) -> Session {
    let hello = Hello { client: CLIENT, cursor: Seq(cursor), epoch: Epoch(1), schema: SCHEMA, settled: 0 };
    Session::greet(hello, ANA, Horizon::default(), &standing(cursor), &[]).expect("nothing stands against it").0
}

/// The client has done three mutations; the log begins after 50, or far back where the head is far ahead.
fn standing(head: u64) -> Standing {
    let floor = if head > MAX_LAG { 100 } else { 50 };
    Standing { now: MORNING, head: Seq(head), floor: Seq(floor), epoch: Epoch(1), atoms: atoms(), last_mutation: 3 }
}

fn commit(from: u64, to: u64, changes: Vec<Change>) -> Commit {
    Commit { from: Seq(from), to: Seq(to), client: None, changes, rights: Vec::new(), notices: Vec::new() }
}

/// The conversation changes; `ours` tells whether Ana's team sees it.
fn head_change(seq: u64, ours: bool) -> Change {
    let id = ConversationId(Uuid::from_u128(u128::from(seq)));
    let mut head = if ours { offered() } else { started_by(crate::fixture::BRUNO) };
    if seq > 100 {
        head.id = id;
    }
    let Row::Conversation { head, mut audience } = row(&head) else { unreachable!("a head's row") };
    if !ours {
        audience.retain(|atom| *atom == ciranda_domain::access::Atom::ADMINISTRATORS);
    }
    let row = RowId::Conversation(head.id);
    let after = Some(Row::Conversation { head, audience: audience.clone() });
    Change { seq: Seq(seq), row, after, audience_before: audience.clone(), audience_after: audience }
}

fn line_change(seq: u64) -> Change {
    let Row::Conversation { audience, .. } = row(&offered()) else { unreachable!("a head's row") };
    let (row, after) = (RowId::Message(CHAT, message(1)), Some(crate::fixture::line(1, MORNING)));
    Change { seq: Seq(seq), row, after, audience_before: audience.clone(), audience_after: audience }
}

fn offer(session: &mut Session, commit: Commit) -> Vec<Down> {
    match session.offer(&Encoded::new(commit), MORNING) {
        Offered::Frames(frames) => decoded(&frames),
        Offered::Behind => panic!("it is behind"),
    }
}

fn decoded(frames: &[Vec<u8>]) -> Vec<Down> {
    frames.iter().map(|bytes| decode_down(bytes).expect("a client can read it")).collect()
}

#[test]
fn at_opening_time_each_person_is_told_their_own_number_after_the_range() {
    let mut session = session(60);
    session.catch_up(&standing(60), &[]);
    let notice = |person, waiting| ciranda_sync::filter::Notice { person, waiting };
    let notices = vec![notice(crate::fixture::BRUNO, 7), notice(ANA, 2)];
    let told = offer(&mut session, Commit { notices, ..commit(60, 61, Vec::new()) });
    assert_eq!(told.last(), Some(&Down::Opening { waiting: 2 }), "{told:?}");
    assert_eq!(told.iter().filter(|down| matches!(down, Down::Opening { .. })).count(), 1);
}

/// Rights that changed and were not told yet, in either direction, show nothing more.
#[test]
fn a_history_is_what_both_the_rights_told_and_those_of_the_database_show() {
    let mut session = session(60);
    let current = |n: u128| {
        let head = Conversation { id: ConversationId(Uuid::from_u128(n)), ..started_by(ANA) };
        let Row::Conversation { audience, .. } = row(&head) else { unreachable!("a head") };
        Current { rev: Seq(5), row: row(&head), audience }
    };
    let hidden = Current { audience: Vec::new(), ..current(20) };
    let unseen = Unseen { elsewhere: 1, own_teams: 0 };
    let mut told = |rights: &[Atom], head: Option<&Current>, others: Vec<Current>| {
        let Down::History { heads, more, unseen, .. } = session.history(CHAT, rights, head, others, Some(unseen))
        else {
            unreachable!("a history is answered with one")
        };
        (heads.len(), more, unseen)
    };
    let chat = current(10);
    assert_eq!(told(&atoms(), Some(&chat), vec![current(11), hidden.clone()]), (1, false, unseen));
    let many: Vec<_> = (11..).take(HISTORY + 1).map(current).collect();
    assert_eq!(told(&atoms(), Some(&chat), many), (HISTORY, true, unseen));
    let nothing = (0, false, Unseen::NONE);
    assert_eq!(told(&[], Some(&chat), vec![current(11)]), nothing, "the database shows less than was told");
    assert_eq!(told(&atoms(), Some(&hidden), vec![current(11)]), nothing, "not this person's to ask about");
    assert_eq!(told(&atoms(), None, Vec::new()), nothing);
}

/// A conversation that a session is not told of may still be one more of a contact: only where the number is said, and
/// only while its history is on screen.
#[test]
fn what_is_not_seen_is_counted_again_when_it_may_be_another_number() {
    let Row::Conversation { audience, .. } = row(&offered()) else { unreachable!("a head") };
    let chat = Current { rev: Seq(5), row: row(&offered()), audience };
    let change = |before: &[Atom], after: &[Atom]| {
        let hidden = Conversation { id: ConversationId(Uuid::from_u128(20)), ..offered() };
        let (row_id, row) = (RowId::Conversation(hidden.id), row(&hidden));
        let (audience_before, audience_after) = (before.to_vec(), after.to_vec());
        Change { seq: Seq(61), row: row_id, after: Some(row), audience_before, audience_after }
    };
    let others = [Atom(990), Atom(991)];
    let told = |counts: Option<Unseen>, change: Change| {
        let mut session = session(60);
        session.catch_up(&standing(60), &[]);
        session.open(CHAT);
        _ = session.history(CHAT, &atoms(), Some(&chat), Vec::new(), counts);
        offer(&mut session, commit(60, 61, vec![change]))
    };
    let recount = [Down::Recount { conversation: CHAT }];
    assert_eq!(told(Some(Unseen::NONE), change(&[], &others[..1])), recount, "one began");
    assert_eq!(told(Some(Unseen::NONE), change(&others[..1], &others[1..])), recount, "one moved");
    assert_eq!(told(Some(Unseen::NONE), change(&others, &others)), [], "a message in one changes no number");
    assert_eq!(told(None, change(&[], &others)), [], "nothing tells of it where it is not to be counted");
    let mut closed = session(60);
    closed.catch_up(&standing(60), &[]);
    closed.open(CHAT);
    _ = closed.history(CHAT, &atoms(), Some(&chat), Vec::new(), Some(Unseen::NONE));
    closed.close(CHAT);
    assert_eq!(offer(&mut closed, commit(60, 61, vec![change(&[], &others)])), []);
}
