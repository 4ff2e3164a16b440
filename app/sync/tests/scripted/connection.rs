//! Booting, losing the socket, coming back, giving up.

use ciranda_domain::access::Tab;
use ciranda_sync::frames::{Down, Extent, Op, Reset, Up, close};
use ciranda_sync::machine::{Connection, Input, Output, SocketId, Stop, Tick};
use ciranda_sync::replica::Thread;
use ciranda_sync::rows::{Epoch, RowId, Seq};

use crate::fixture::{ANA, Bench, CHAT, MORNING, atoms, line, offered, row, started_by};

#[test]
fn the_desk_is_usable_before_the_socket_is_open() {
    let mut bench = Bench::new();
    assert_eq!(bench.client.connection(), Connection::Starting);
    bench.boot();
    assert!(bench.client.is_usable());
    assert!(bench.client.view().tab(Tab::New).eq([CHAT]));
    assert_eq!(bench.client.connection(), Connection::Recovering);
    bench.welcome(0);
    assert_eq!(bench.client.connection(), Connection::Live);
}

#[test]
fn hello_says_where_the_replica_is() {
    let mut bench = Bench::live();
    bench.delta(0, vec![row(&started_by(ANA))]);
    let hello = reconnect(&mut bench);
    assert!(matches!(hello, Up::Hello { cursor: Seq(11), epoch: Epoch(1), settled: 0, .. }));
}

#[test]
fn a_gap_costs_the_socket_and_the_cursor_brings_the_rest() {
    let mut bench = Bench::live();
    bench.frame(&Down::Delta { from: Seq(12), to: Seq(13), acked: 0, ops: Vec::new() });
    assert!(bench.wanted(|output| *output == Output::Disconnect(SocketId(1))));
    assert_eq!(bench.client.cursor(), Some(Seq(10)));
    let hello = reconnect(&mut bench);
    assert!(matches!(hello, Up::Hello { cursor: Seq(10), .. }));
}

#[test]
fn frames_of_a_socket_that_was_left_do_nothing() {
    let mut bench = Bench::live();
    let old = bench.socket;
    bench.input(Input::SocketClosed { socket: old, code: 1006 });
    bench.pass(300);
    let ops = vec![Op::Remove { rev: Seq(11), row: RowId::Conversation(CHAT) }];
    let late = Down::Delta { from: Seq(10), to: Seq(11), acked: 0, ops };
    bench.input(Input::Frame { socket: old, bytes: ciranda_sync::wire::encode(&late) });
    assert!(bench.client.view().conversation(CHAT).is_some());
}

#[test]
fn it_pings_every_fifteen_seconds_and_gives_a_silent_socket_up_at_thirty() {
    let mut bench = Bench::live();
    bench.sent();
    bench.pass(15_000);
    assert!(matches!(bench.sent()[..], [Up::Ping(_)]));
    bench.pass(14_900);
    assert_eq!(bench.client.connection(), Connection::Live);
    bench.pass(100);
    assert_eq!(bench.client.connection(), Connection::Recovering);
}

#[test]
fn failing_again_and_again_is_shown_as_offline_since_it_was_last_live() {
    let mut bench = Bench::live();
    let since = Tick(bench.now);
    for _ in 0..2 {
        let socket = bench.socket;
        bench.input(Input::SocketClosed { socket, code: 1006 });
        bench.pass(30_000);
    }
    assert_eq!(bench.client.connection(), Connection::Offline { since });
}

#[test]
fn waits_grow_to_thirty_seconds_and_no_further() {
    let mut bench = Bench::live();
    let mut longest = 0;
    for _ in 0..60 {
        let socket = bench.socket;
        let lost = bench.now;
        bench.input(Input::SocketClosed { socket, code: 1006 });
        while bench.socket == socket {
            bench.pass(10);
        }
        longest = longest.max(bench.now - lost);
    }
    assert!((10_000..=30_010).contains(&longest), "{longest}");
}

#[test]
fn a_wait_of_no_time_at_all_is_waited_for_too() {
    // The heartbeat's own instant can be the instant of the next attempt.
    for seed in 0..300 {
        let mut bench = Bench::live();
        bench.client = ciranda_sync::machine::Client::new(ciranda_domain::ids::ClientId(uuid::Uuid::nil()), seed);
        bench.outputs.clear();
        bench.input(Input::Start);
        bench.boot();
        bench.welcome(0);
        let socket = bench.socket;
        bench.pass(31_000);
        assert_ne!(bench.socket, socket, "seed {seed} waits for ever");
    }
}

#[test]
fn the_network_coming_back_is_tried_at_once() {
    let mut bench = Bench::live();
    bench.input(Input::Online(false));
    assert!(matches!(bench.client.connection(), Connection::Offline { .. }));
    let old = bench.socket;
    bench.input(Input::Online(true));
    assert_ne!(bench.socket, old);
}

#[test]
fn a_server_that_goes_away_is_left_for_as_long_as_it_says() {
    let mut bench = Bench::live();
    let old = bench.socket;
    bench.frame(&Down::GoAway { after_ms: 4_000 });
    bench.pass(3_999);
    assert_eq!(bench.socket, old);
    bench.pass(1);
    assert_ne!(bench.socket, old);
}

#[test]
fn a_session_that_ended_is_not_tried_again() {
    let mut bench = Bench::live();
    let socket = bench.socket;
    bench.input(Input::SocketClosed { socket, code: close::SIGNED_OUT });
    assert_eq!(bench.client.connection(), Connection::Stopped(Stop::SignedOut));
    bench.pass(600_000);
    assert_eq!(bench.socket, socket);
}

#[test]
fn a_socket_that_is_not_even_opened_makes_it_ask_whether_the_person_is_logged_in() {
    let mut bench = Bench::live();
    bench.input(Input::SocketClosed { socket: bench.socket, code: 1006 });
    bench.pass(2_000);
    assert_eq!(bench.asked(), None);
    bench.input(Input::SocketClosed { socket: bench.socket, code: 1006 });
    let fetch = bench.asked().expect("a refused handshake says nothing, a request does");
    bench.input(Input::FetchFailed { fetch, status: 401 });
    assert_eq!(bench.client.connection(), Connection::Stopped(Stop::SignedOut));
}

#[test]
fn a_question_that_is_not_answered_changes_nothing() {
    let mut bench = Bench::live();
    for _ in 0..2 {
        bench.input(Input::SocketClosed { socket: bench.socket, code: 1006 });
        bench.pass(2_000);
    }
    let fetch = bench.asked().expect("asked");
    bench.input(Input::FetchFailed { fetch, status: 0 });
    assert!(matches!(bench.client.connection(), Connection::Offline { .. }));
    assert!(bench.client.view().conversation(CHAT).is_some());
}

#[test]
fn other_shapes_of_rows_mean_loading_the_page_again() {
    let mut bench = Bench::live();
    bench.frame(&Down::Reset(Reset::Schema));
    assert_eq!(bench.client.connection(), Connection::Stopped(Stop::NewVersion));
}

#[test]
fn a_reset_keeps_what_is_visible_until_the_pages_have_come() {
    let mut bench = Bench::live();
    bench.frame(&Down::Reset(Reset::Cursor));
    assert!(bench.client.view().conversation(CHAT).is_some());
    bench.seq = 40;
    bench.boot();
    assert!(bench.client.view().conversation(CHAT).is_some());
    assert_eq!(bench.client.cursor(), Some(Seq(40)));
}

#[test]
fn rights_that_go_away_retract_at_once_and_the_open_pane_is_told() {
    let mut bench = Bench::live();
    bench.input(Input::Open(CHAT));
    bench.sent();
    let (from, to) = (Seq(10), Seq(11));
    let ops = Vec::new();
    bench.frame(&Down::Scope { from, to, acked: 0, epoch: Epoch(2), atoms: Vec::new(), ops });
    assert!(bench.client.view().conversation(CHAT).is_none());
    let told = |output: &Output| matches!(output, Output::Changed(changes) if changes.retracted.contains(&CHAT));
    assert!(bench.wanted(told));
    assert_eq!(bench.sent(), [Up::Close { conversation: CHAT }]);
    assert!(bench.asked().is_some(), "the pages are fetched again");
}

#[test]
fn a_removal_overtaking_a_page_is_not_undone_by_it() {
    let mut bench = Bench::live();
    // Rights change, so the pages are fetched again; one was read before the removal and comes after it.
    let (from, to) = (Seq(10), Seq(11));
    bench.frame(&Down::Scope { from, to, acked: 0, epoch: Epoch(2), atoms: atoms(), ops: Vec::new() });
    let ops = vec![Op::Remove { rev: Seq(12), row: RowId::Conversation(CHAT) }];
    bench.frame(&Down::Delta { from: Seq(11), to: Seq(12), acked: 0, ops });
    let late = ciranda_sync::frames::Page { epoch: Epoch(2), rows: vec![(Seq(9), row(&offered()))], next: None };
    bench.answer(ciranda_sync::wire::encode(&late));
    assert!(bench.client.view().conversation(CHAT).is_none());
}

#[test]
fn a_page_of_older_rights_is_discarded() {
    let mut bench = Bench::live();
    let (from, to) = (Seq(10), Seq(11));
    bench.frame(&Down::Scope { from, to, acked: 0, epoch: Epoch(2), atoms: Vec::new(), ops: Vec::new() });
    bench.answer(ciranda_sync::wire::encode(&crate::fixture::page(vec![(Seq(9), row(&offered()))])));
    assert!(bench.client.view().conversation(CHAT).is_none());
}

#[test]
fn sight_that_is_given_back_is_not_kept_away_by_the_removal_that_took_it() {
    let mut bench = Bench::live();
    let scope = |from, epoch, atoms| {
        let (from, to) = (Seq(from), Seq(from + 1));
        Down::Scope { from, to, acked: 0, epoch: Epoch(epoch), atoms, ops: Vec::new() }
    };
    bench.frame(&scope(10, 2, atoms()));
    let ops = vec![Op::Remove { rev: Seq(12), row: RowId::Conversation(CHAT) }];
    bench.frame(&Down::Delta { from: Seq(11), to: Seq(12), acked: 0, ops });
    bench.frame(&scope(12, 3, atoms()));
    let page = ciranda_sync::frames::Page { epoch: Epoch(3), rows: vec![(Seq(12), row(&offered()))], next: None };
    bench.answer(ciranda_sync::wire::encode(&page));
    assert!(bench.client.view().conversation(CHAT).is_some());
}

#[test]
fn of_two_openings_only_the_last_answer_makes_the_lines_live() {
    let mut bench = Bench::live();
    for input in [Input::Open(CHAT), Input::Close(CHAT), Input::Open(CHAT)] {
        bench.input(input);
    }
    let answer = |lines: Vec<_>| Down::Lines { conversation: CHAT, extent: Extent::Newest, lines, more: false };
    let head = (Seq(bench.seq), row(&offered()));
    let live = |bench: &Bench| bench.client.view().replica().thread(CHAT).is_some_and(Thread::is_live);
    bench.frame(&answer(vec![head.clone()]));
    assert!(!live(&bench), "this one was read before the conversation was closed in between");
    bench.frame(&answer(vec![head, (Seq(bench.seq), line(1, MORNING))]));
    assert!(live(&bench));
    assert_eq!(bench.client.view().lines(CHAT).count(), 1);
}

/// Loses the socket and opens the next one; what is said first.
fn reconnect(bench: &mut Bench) -> Up {
    let old = bench.socket;
    bench.input(Input::SocketClosed { socket: old, code: 1006 });
    bench.pass(40_000);
    assert_ne!(bench.socket, old);
    bench.sent();
    bench.input(Input::SocketOpened(bench.socket));
    bench.sent().remove(0)
}
