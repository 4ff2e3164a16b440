use ciranda_domain::ids::{ConversationId, TeamId};
use ciranda_domain::message::{Fact, Message};
use uuid::Uuid;

use super::*;
use crate::show::calendar::tests::{NOON, SaoPaulo};

struct House;

impl Names for House {
    fn person(&self, id: PersonId) -> Option<String> {
        Some(if id == ME { "Bruno" } else { "Eva" }.to_owned())
    }
    fn team(&self, _: TeamId) -> Option<String> {
        Some("Suporte".to_owned())
    }
}

const ME: PersonId = PersonId(Uuid::from_u128(1));
const EVA: PersonId = PersonId(Uuid::from_u128(2));

fn around() -> Surroundings<'static> {
    let words = Words::PORTUGUESE;
    Surroundings {
        words,
        calendar: &SaoPaulo,
        names: &House,
        me: ME,
        now: NOON,
        online: true,
        open: false,
        writes: true,
    }
}

fn message(n: u128, at: Moment, content: Content) -> Message {
    Message { id: MessageId(Uuid::from_u128(n)), conversation: ConversationId(Uuid::nil()), at, order: 0, content }
}

fn text(said: &str) -> Body {
    Body::Text(said.to_owned())
}

fn ours(author: PersonId, delivery: Delivery) -> Content {
    Content::Outbound { author, body: text("oi"), delivery }
}

fn shown(messages: &[Message]) -> Vec<Entry> {
    entries(messages.iter().map(|message| Line { message, progress: Progress::Confirmed }), around())
        .into_iter()
        .map(|(_, entry)| entry)
        .collect()
}

fn after(delivery: Delivery, author: PersonId) -> Option<After> {
    match shown(&[message(1, NOON, ours(author, delivery))]).pop() {
        Some(Entry::Bubble(bubble)) => bubble.fate.and_then(|fate| fate.after),
        other => panic!("a bubble was expected, not {other:?}"),
    }
}

#[test]
fn each_day_has_one_separator() {
    let yesterday = NOON - Span::days(1);
    let lines = [
        message(1, yesterday, Content::Inbound { body: text("a") }),
        message(2, NOON, Content::Inbound { body: text("b") }),
        message(3, NOON, Content::Inbound { body: text("c") }),
    ];
    let days: Vec<_> = shown(&lines).into_iter().filter(|e| matches!(e, Entry::Day(_))).collect();
    assert_eq!(days, [Entry::Day("Ontem".into()), Entry::Day("Hoje".into())]);
}

#[test]
fn a_run_of_one_author_is_drawn_together() {
    let lines = [
        message(1, NOON, Content::Inbound { body: text("a") }),
        message(2, NOON + Span::minutes(1), Content::Inbound { body: text("b") }),
        message(3, NOON + Span::minutes(2), ours(ME, Delivery::Sent)),
        message(4, NOON + Span::minutes(3), ours(EVA, Delivery::Sent)),
        message(5, NOON + Span::minutes(9), ours(EVA, Delivery::Sent)),
    ];
    let runs: Vec<_> = shown(&lines)
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Bubble(bubble) => Some((bubble.first, bubble.last)),
            Entry::Day(_) | Entry::Fact { .. } => None,
        })
        .collect();
    assert_eq!(runs, [(true, false), (false, true), (true, true), (true, true), (true, true)]);
}

#[test]
fn a_colleagues_bubble_is_named_and_ones_own_is_not() {
    for (author, name) in [(ME, None), (EVA, Some("Eva".to_owned()))] {
        let Some(Entry::Bubble(bubble)) = shown(&[message(1, NOON, ours(author, Delivery::Read))]).pop() else {
            panic!("a bubble was expected");
        };
        assert_eq!(bubble.side, Side::Desk { author: name });
    }
}

#[test]
fn a_waiting_text_says_until_when_and_only_its_author_takes_it_back() {
    let Some(After::Waiting { words, can_delete }) = after(Delivery::Waiting, ME) else { panic!("it waits") };
    assert!(words.contains("12:00"), "{words}");
    assert!(can_delete);
    assert!(matches!(after(Delivery::Waiting, EVA), Some(After::Waiting { can_delete: false, .. })));
}

#[test]
fn with_the_window_open_the_first_that_waits_has_stopped_and_the_others_leave_after_it() {
    let befores = |first| {
        let deliveries = [first, Delivery::Waiting, Delivery::Waiting];
        let lines: Vec<_> = (1..).zip(deliveries).map(|(n, delivery)| message(n, NOON, ours(ME, delivery))).collect();
        let lines = lines.iter().map(|message| Line { message, progress: Progress::Confirmed });
        let open = Surroundings { open: true, ..around() };
        let stopped = |entry| match entry {
            Entry::Bubble(Bubble {
                fate: Some(Fate { after: Some(After::Behind { stopped, can_send, .. }), .. }),
                ..
            }) => {
                assert_eq!(stopped, can_send);
                Some(stopped)
            }
            _ => None,
        };
        entries(lines, open).into_iter().filter_map(|(_, entry)| stopped(entry)).collect::<Vec<_>>()
    };
    assert_eq!(befores(Delivery::Failed { code: 131_026 }), [true, false]);
    assert_eq!(befores(Delivery::Queued), [false, false], "the one before is on its way");
}

#[test]
fn a_failure_offers_another_try_only_where_it_can_help() {
    assert!(matches!(after(Delivery::Failed { code: 131_016 }, ME), Some(After::Failed { can_retry: true, .. })));
    assert!(matches!(after(Delivery::Failed { code: 131_026 }, ME), Some(After::Failed { can_retry: false, .. })));
}

#[test]
fn a_text_not_yet_confirmed_is_sending_whatever_it_looks_like() {
    let line = message(1, NOON, ours(ME, Delivery::Queued));
    let offline = Surroundings { online: false, ..around() };
    for (around, label) in [(around(), "Enviando"), (offline, "Sai quando a conexão voltar")] {
        let all = entries(std::iter::once(Line { message: &line, progress: Progress::Sending }), around);
        let Some((_, Entry::Bubble(bubble))) = all.last() else { panic!("a bubble was expected") };
        let fate = bubble.fate.as_ref().unwrap();
        assert_eq!((fate.tick, fate.label), (Tick::Clock, label));
    }
}

#[test]
fn the_path_keeps_what_explains_the_place() {
    let lines = [
        message(1, NOON, Content::Fact(Fact::Received { channel_name: "Loja".into() })),
        message(2, NOON, Content::Fact(Fact::Started { by: ME })),
        message(3, NOON, Content::Inbound { body: text("a") }),
    ];
    let path = path(lines.iter().map(|message| Line { message, progress: Progress::Confirmed }), around());
    assert_eq!(path.len(), 1);
    assert_eq!(path[0].0, "12:00");
}

#[test]
fn a_note_is_nobodys_answer_and_breaks_the_run_of_its_author() {
    let note = Content::Note { author: EVA, text: "cuidado".to_owned(), mentions: vec![ME] };
    let lines = [
        message(1, NOON, ours(EVA, Delivery::Sent)),
        message(2, NOON, note),
        message(3, NOON, ours(ME, Delivery::Sent)),
    ];
    let bubbles: Vec<_> = shown(&lines)
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Bubble(bubble) => Some((bubble.side, bubble.first, bubble.last, bubble.fate.is_some())),
            Entry::Day(_) | Entry::Fact { .. } => None,
        })
        .collect();
    let author = || Some("Eva".to_owned());
    let expected = [
        (Side::Desk { author: author() }, true, true, true),
        (Side::Note { author: author() }, true, true, false),
        (Side::Desk { author: None }, true, true, true),
    ];
    assert_eq!(bubbles, expected);
}
