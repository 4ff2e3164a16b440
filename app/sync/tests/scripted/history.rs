//! A contact's history beside an open conversation: asked for when it is needed, true in between (ACC-10, decision 14).

use ciranda_domain::access::Unseen;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{AccountId, ContactId, ConversationId};
use ciranda_domain::time::Span;
use ciranda_sync::frames::{Down, Op, Up};
use ciranda_sync::machine::Input;
use ciranda_sync::rows::{Account, Epoch, Row, RowId, Seq};
use uuid::Uuid;

use crate::fixture::{ANA, Bench, CHAT, atoms, offered, row, started_by};

const EARLIER: ConversationId = ConversationId(Uuid::from_u128(11));
const LATER: ConversationId = ConversationId(Uuid::from_u128(12));
const UNSEEN: Unseen = Unseen { elsewhere: 2, own_teams: 1 };
const ASKED: Up = Up::History { conversation: CHAT };

/// Another conversation of the same contact, begun so many days later.
fn other(id: ConversationId, days: i64) -> Conversation {
    let mut head = started_by(ANA);
    (head.id, head.created_at) = (id, head.created_at + Span::days(days));
    head
}

fn answer(bench: &mut Bench, heads: Vec<(Seq, Row)>) {
    bench.frame(&Down::History { conversation: CHAT, heads, more: false, unseen: UNSEEN });
}

fn shown(bench: &Bench) -> Option<(Vec<ConversationId>, Unseen)> {
    let history = bench.client.view().replica().thread(CHAT)?.history()?;
    Some((history.conversations().map(|head| head.id).collect(), history.unseen))
}

fn asked(bench: &mut Bench) -> usize {
    bench.sent().into_iter().filter(|up| *up == ASKED).count()
}

/// The conversation is on screen and its history here.
fn opened() -> Bench {
    let mut bench = Bench::live();
    bench.input(Input::Open(CHAT));
    assert_eq!((asked(&mut bench), shown(&bench)), (1, None), "nothing is said before the answer");
    answer(&mut bench, vec![(Seq(6), row(&other(EARLIER, -1)))]);
    assert_eq!(shown(&bench), Some((vec![EARLIER], UNSEEN)));
    assert_eq!(asked(&mut bench), 0, "once is enough");
    bench
}

#[test]
fn what_a_delta_tells_of_the_contact_belongs_to_the_history() {
    let mut bench = opened();
    let mut stranger = other(ConversationId(Uuid::from_u128(13)), 1);
    stranger.contact.id = ContactId(Uuid::from_u128(99));
    bench.delta(0, vec![row(&other(LATER, 1)), row(&stranger), row(&started_by(ANA))]);
    assert_eq!(shown(&bench), Some((vec![LATER, EARLIER], UNSEEN)), "the latest to begin first, nobody else's");
    let mut changed = other(EARLIER, -1);
    changed.unread = 7;
    bench.delta(0, vec![row(&changed)]);
    let history = bench.client.view().replica().thread(CHAT).and_then(|thread| thread.history());
    let unread: Vec<_> = history.expect("told").conversations().map(|head| head.unread).collect();
    assert_eq!(unread, [0, 7]);
    assert_eq!(asked(&mut bench), 1, "the new one may have been among those not seen");
}

#[test]
fn what_leaves_sight_leaves_the_history_and_the_rest_is_asked_again() {
    let mut bench = opened();
    let (from, to) = (Seq(bench.seq), Seq(bench.seq + 1));
    bench.seq += 1;
    let ops = vec![Op::Remove { rev: to, row: RowId::Conversation(EARLIER) }];
    bench.frame(&Down::Delta { from, to, acked: 0, ops });
    assert_eq!(shown(&bench).map(|(heads, _)| heads), Some(Vec::new()));
    assert_eq!(asked(&mut bench), 1, "one more may be among those not seen");
}

#[test]
fn with_other_rights_the_number_goes_at_once_and_so_does_what_they_do_not_show() {
    let mut bench = opened();
    let mut hidden = row(&other(LATER, 1));
    if let Row::Conversation { audience, .. } = &mut hidden {
        audience.clear();
    }
    answer(&mut bench, vec![(Seq(7), hidden), (Seq(6), row(&other(EARLIER, -1)))]);
    let (from, to) = (Seq(bench.seq), Seq(bench.seq + 1));
    bench.seq += 1;
    bench.frame(&Down::Scope { from, to, acked: 0, epoch: Epoch(2), atoms: atoms(), ops: Vec::new() });
    assert_eq!(shown(&bench), Some((vec![EARLIER], Unseen::NONE)));
    assert_eq!(asked(&mut bench), 1);
}

#[test]
fn it_is_asked_again_when_the_server_says_that_the_number_may_be_another() {
    let mut bench = opened();
    bench.frame(&Down::Recount { conversation: CHAT });
    assert_eq!((shown(&bench), asked(&mut bench)), (Some((vec![EARLIER], UNSEEN)), 1));
    bench.frame(&Down::Recount { conversation: EARLIER });
    assert_eq!(asked(&mut bench), 0, "that one is not on screen");
}

#[test]
fn when_the_account_changes_the_number_is_forgotten_and_asked_again() {
    let mut bench = opened();
    let id = AccountId(Uuid::from_u128(9));
    let account = Account { id, name: "Loja".to_owned(), zone: "UTC".to_owned(), hours: None };
    bench.delta(0, vec![Row::Account(account)]);
    assert_eq!(shown(&bench), Some((vec![EARLIER], Unseen::NONE)));
    assert_eq!(asked(&mut bench), 1);
}

#[test]
fn it_stays_while_the_connection_is_gone_and_is_asked_again_after() {
    let mut bench = opened();
    let socket = bench.socket;
    bench.input(Input::SocketClosed { socket, code: 1006 });
    assert_eq!(shown(&bench), Some((vec![EARLIER], UNSEEN)), "what was known can still be read");
    assert_eq!(asked(&mut bench), 0, "nobody is there to be asked");
    bench.pass(60_000);
    bench.welcome(0);
    assert_eq!(asked(&mut bench), 1);
    bench.input(Input::Close(CHAT));
    bench.input(Input::Open(CHAT));
    assert_eq!((shown(&bench), asked(&mut bench)), (None, 1), "what was closed is told anew");
}

#[test]
fn an_answer_for_what_is_not_on_screen_is_dropped() {
    let mut bench = opened();
    bench.input(Input::Close(CHAT));
    answer(&mut bench, vec![(Seq(6), row(&offered()))]);
    assert_eq!(shown(&bench), None);
}
