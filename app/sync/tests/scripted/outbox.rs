//! What the person does: shown at once, numbered, confirmed, refused, asked about.

use ciranda_domain::access::Tab;
use ciranda_domain::conversation::State;
use ciranda_domain::message::{Content, Delivery};
use ciranda_domain::person::Availability;
use ciranda_domain::time::Span;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Extent, Refused, Reset};
use ciranda_sync::machine::{Input, Output, Standing};
use ciranda_sync::rows::Seq;
use ciranda_sync::view::Progress;

use crate::fixture::{ANA, BRUNO, Bench, CHAT, MORNING, answered, line, message, offered, row, started_by, text};

const START: Call = Call::Start { conversation: CHAT };

/// Longer than a text waits without asking.
const LUNCH: u64 = 11 * 60 * 1000;

#[test]
fn starting_moves_the_conversation_at_once_and_the_delta_confirms_it() {
    let mut bench = Bench::live();
    bench.input(Input::Call(START));
    assert!(bench.client.view().tab(Tab::Mine).eq([CHAT]));
    assert_eq!(bench.client.view().count(Tab::New).conversations, 0);
    assert_eq!(bench.calls(), [(1, START)]);
    bench.delta(1, vec![row(&started_by(ANA))]);
    assert!(bench.client.outbox().is_empty());
    assert!(bench.client.view().tab(Tab::Mine).eq([CHAT]));
}

#[test]
fn a_refused_start_goes_back_and_says_who_was_faster() {
    let mut bench = Bench::live();
    bench.input(Input::Call(START));
    bench.delta(0, vec![row(&started_by(BRUNO))]);
    let refusal = Refused::AlreadyStarted { by: BRUNO };
    bench.frame(&Down::Rejected { n: 1, refusal: refusal.clone() });
    assert!(bench.client.view().tab(Tab::Others).eq([CHAT]));
    assert!(bench.wanted(|output| *output == Output::Rejected { call: START, refusal: refusal.clone() }));
}

#[test]
fn a_text_is_shown_as_sending_and_never_twice() {
    let mut bench = with_open_chat();
    bench.input(Input::Call(text(1)));
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Sending)]);
    let at = bench.moment();
    bench.delta(1, vec![line(1, at), row(&answered(started_by(ANA), at))]);
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Confirmed)]);
}

#[test]
fn a_text_written_after_the_window_closed_is_shown_as_waiting() {
    let mut bench = with_open_chat();
    bench.frame(&Down::Clock { now: MORNING + ciranda_domain::time::Span::hours(25) });
    bench.input(Input::Call(text(1)));
    assert_eq!(shown(&bench), [(Delivery::Waiting, Progress::Sending)]);
    assert_eq!(bench.client.view().conversation(CHAT).map(|head| head.waiting), Some(1));
}

#[test]
fn concluding_shows_at_once() {
    let mut bench = with_open_chat();
    bench.input(Input::Call(Call::Conclude { conversation: CHAT }));
    let state = bench.client.view().conversation(CHAT).map(|head| head.state);
    assert!(matches!(state, Some(State::Finished(finished)) if finished.by == Some(ANA)));
    assert!(bench.client.view().tab(Tab::Finished).eq([CHAT]));
}

#[test]
fn availability_shows_at_once() {
    let mut bench = Bench::live();
    let availability = Availability::Unavailable;
    bench.input(Input::Call(Call::SetAvailability { availability }));
    assert_eq!(bench.client.view().availability(), Some(availability));
}

#[test]
fn after_silence_a_call_goes_again_under_the_same_number() {
    let mut bench = Bench::live();
    bench.input(Input::Call(START));
    assert_eq!(bench.calls(), [(1, START)]);
    lose(&mut bench);
    bench.pass(40_000);
    bench.welcome(0);
    assert_eq!(bench.calls(), [(1, START)]);
}

#[test]
fn what_the_server_has_seen_is_not_sent_again_but_confirmed() {
    let mut bench = Bench::live();
    bench.input(Input::Call(START));
    bench.calls();
    lose(&mut bench);
    bench.pass(40_000);
    bench.welcome(1);
    assert_eq!(bench.calls(), []);
    assert!(bench.client.outbox().is_empty());
}

#[test]
fn calls_made_without_a_socket_go_in_order_once_it_is_live() {
    let mut bench = with_open_chat();
    lose(&mut bench);
    bench.input(Input::Call(text(1)));
    bench.input(Input::Call(text(2)));
    bench.pass(40_000);
    assert_eq!(bench.calls(), []);
    bench.welcome(0);
    assert_eq!(bench.calls(), [(1, text(1)), (2, text(2))]);
}

#[test]
fn after_ten_minutes_a_text_asks_before_it_leaves() {
    let mut bench = with_open_chat();
    lose(&mut bench);
    bench.input(Input::Call(text(1)));
    bench.input(Input::Call(Call::Conclude { conversation: CHAT }));
    bench.pass(LUNCH);
    bench.welcome(0);
    assert_eq!(bench.calls(), [], "what was to follow the text waits with it");
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Held)]);
    assert!(bench.client.view().tab(Tab::Mine).eq([CHAT]), "the conclusion has not begun");
    bench.input(Input::Release(CHAT));
    assert_eq!(bench.calls(), [(1, text(1)), (2, Call::Conclude { conversation: CHAT })]);
}

#[test]
fn a_note_shows_at_once_and_leaves_without_asking_however_long_it_waited() {
    let mut bench = with_open_chat();
    let (message, mentions) = (message(7), vec![BRUNO]);
    let note = Call::AddNote { conversation: CHAT, message, text: "cuidado".to_owned(), mentions };
    lose(&mut bench);
    bench.input(Input::Call(text(1)));
    bench.input(Input::Call(note.clone()));
    let notes = |bench: &Bench| {
        let lines = bench.client.view().lines(CHAT);
        lines.filter(|line| matches!(line.message.content, Content::Note { .. })).map(|line| line.progress).collect()
    };
    let shown: Vec<_> = notes(&bench);
    assert_eq!(shown, [Progress::Sending]);
    bench.pass(LUNCH);
    bench.welcome(0);
    assert_eq!(bench.calls(), [(1, note.clone())], "the text asks first, the note does not wait for it");
    bench.input(Input::Discard(CHAT));
    let shown: Vec<_> = notes(&bench);
    assert_eq!(shown, [Progress::Sending]);
}

#[test]
fn a_held_text_can_be_taken_back() {
    let mut bench = with_open_chat();
    lose(&mut bench);
    bench.input(Input::Call(text(1)));
    bench.pass(LUNCH);
    bench.welcome(0);
    bench.input(Input::Discard(CHAT));
    assert_eq!(bench.calls(), []);
    assert!(bench.client.outbox().is_empty());
    assert_eq!(shown(&bench), []);
}

#[test]
fn a_text_asks_when_somebody_answered_meanwhile() {
    let mut bench = with_open_chat();
    lose(&mut bench);
    bench.input(Input::Call(text(1)));
    bench.pass(40_000);
    bench.input(Input::SocketOpened(bench.socket));
    let (now, head) = (bench.moment(), Seq(bench.seq + 1));
    bench.frame(&Down::Welcome { now, head, epoch: ciranda_sync::rows::Epoch(1), last_mutation: 0 });
    bench.delta(0, vec![row(&answered(started_by(ANA), now))]);
    assert_eq!(bench.calls(), []);
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Held)]);
}

#[test]
fn an_old_text_that_had_left_asks_too_and_its_number_is_used_up() {
    let mut bench = with_open_chat();
    bench.input(Input::Call(text(1)));
    bench.input(Input::Call(Call::MarkRead { conversation: CHAT }));
    bench.calls();
    lose(&mut bench);
    bench.pass(LUNCH);
    bench.welcome(0);
    // A late copy of number 1 can now only be the text itself or nothing, never another call.
    assert_eq!(bench.calls(), [(1, Call::Nothing), (2, Call::MarkRead { conversation: CHAT })]);
    bench.delta(2, Vec::new());
    let standing: Vec<_> = bench.client.outbox().entries().iter().map(|entry| entry.standing).collect();
    assert_eq!(standing, [Standing::Held]);
    bench.input(Input::Release(CHAT));
    assert_eq!(bench.calls(), [(3, text(1))]);
}

#[test]
fn a_server_that_forgot_the_client_gets_its_calls_under_new_numbers() {
    let mut bench = Bench::live();
    bench.input(Input::Call(START));
    bench.delta(1, vec![row(&started_by(ANA))]);
    bench.input(Input::Call(text(1)));
    assert_eq!(bench.calls(), [(1, START), (2, text(1))]);
    bench.frame(&Down::Reset(Reset::Client));
    bench.pass(1);
    bench.welcome(0);
    assert_eq!(bench.calls(), [(1, text(1))]);
}

#[test]
fn a_text_of_an_earlier_page_goes_again_under_its_own_id() {
    let mut bench = with_open_chat();
    bench.input(Input::Recall { call: text(1), at: bench.moment() - Span::minutes(2) });
    assert_eq!(bench.calls(), [(1, text(1))]);
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Sending)]);
}

#[test]
fn an_old_text_of_an_earlier_page_asks_before_it_leaves() {
    let mut bench = with_open_chat();
    bench.input(Input::Recall { call: text(1), at: bench.moment() - Span::minutes(10) });
    assert_eq!(bench.calls(), []);
    assert_eq!(shown(&bench), [(Delivery::Queued, Progress::Held)]);
    bench.input(Input::Release(CHAT));
    assert_eq!(bench.calls(), [(1, text(1))]);
}

/// A live browser with the conversation started, on screen and answered by the server.
fn with_open_chat() -> Bench {
    let mut bench = Bench::live();
    bench.delta(0, vec![row(&started_by(ANA))]);
    bench.input(Input::Open(CHAT));
    let lines = vec![(Seq(bench.seq), row(&started_by(ANA)))];
    bench.frame(&Down::Lines { conversation: CHAT, extent: Extent::Newest, lines, more: false });
    bench.sent();
    assert_ne!(offered().state, started_by(ANA).state);
    bench
}

fn lose(bench: &mut Bench) {
    let socket = bench.socket;
    bench.input(Input::SocketClosed { socket, code: 1006 });
    bench.sent();
}

/// The outgoing lines as they are shown.
fn shown(bench: &Bench) -> Vec<(Delivery, Progress)> {
    let lines = bench.client.view().lines(CHAT);
    lines
        .filter_map(|line| match line.message.content {
            Content::Outbound { delivery, .. } => Some((delivery, line.progress)),
            Content::Inbound { .. } | Content::Fact(_) | Content::Note { .. } => None,
        })
        .collect()
}
