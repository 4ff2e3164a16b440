//! Texts that leave or wait, inbound messages, statuses.

use ciranda_domain::access::Refusal;
use ciranda_domain::channel::ChannelKind::{self, Instagram, WhatsApp};
use ciranda_domain::conversation::{Conversation, Side, Window};
use ciranda_domain::inbound::ProviderStatus;
use ciranda_domain::life::{
    Arrival, Command, Written, accepted, advance, cancel_waiting, decide, expires_at, heard, last_line, receive,
    replaces, retry, write,
};
use ciranda_domain::message::{Body, Cancelled, Delivery, Kind};
use ciranda_domain::team::Level;
use ciranda_domain::time::Span;
use ciranda_domain::window::{HumanAgent, MessagingWindow};
use proptest::prelude::*;

use crate::fixtures::*;

/// The window of W2, as it stands on its second day.
const W2: Window = Window { last_counted: Some(at(15, 30)), refused_at: None };

#[test]
fn w7_what_the_business_writes_never_extends_it() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window: W2, ..conversation(in_progress(BRUNO)) };
    let noon = context(&organisation, &bruno, at(24 + 12, 0));
    let written = write(&head, "Bom dia", WhatsApp, HumanAgent::NotGranted, &noon).unwrap();
    assert_eq!((written.delivery, written.head.window), (Delivery::Queued, W2));
    let end = at(24 + 15, 30);
    let window = MessagingWindow::at(&written.head.window, WhatsApp, HumanAgent::NotGranted, end);
    assert_eq!(window, MessagingWindow::Closed { since: end });
}

#[test]
fn w9_conclusion_and_restart_leave_it_alone() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window: W2, ..conversation(in_progress(BRUNO)) };
    let concluded = decide(&head, &Command::Conclude, &context(&organisation, &bruno, at(16, 0))).unwrap().head;
    let morning = context(&organisation, &bruno, at(24 + 9, 0));
    let restarted = decide(&concluded, &Command::Restart, &morning).unwrap().head;
    assert_eq!(restarted.window, W2);
    let written = write(&restarted, "De volta", WhatsApp, HumanAgent::NotGranted, &morning).unwrap();
    assert_eq!(written.delivery, Delivery::Queued);
}

/// Writes as Bruno at 09:30, the customer having written last at 09:00 on the day before or on this one.
fn written(window: Window, text: &str, channel: ChannelKind) -> Result<Written, Refusal> {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window, ..conversation(in_progress(BRUNO)) };
    write(&head, text, channel, HumanAgent::NotGranted, &context(&organisation, &bruno, at(9, 30)))
}

const OPEN: Window = Window { last_counted: Some(at(9, 0)), refused_at: None };
const CLOSED: Window = Window { last_counted: Some(at(-15, 0)), refused_at: None };

#[test]
fn a_text_leaves_in_an_open_window_and_waits_in_a_closed_one() {
    let leaves = written(OPEN, "Olá", WhatsApp).unwrap();
    assert_eq!((leaves.delivery, leaves.head.waiting, leaves.head.last_at), (Delivery::Queued, 0, at(9, 30)));
    let line = leaves.head.last_line.unwrap();
    assert_eq!((line.side, line.text.as_str(), line.delivery), (Side::Desk, "Olá", Some(Delivery::Queued)));
    let waits = written(CLOSED, "Olá", WhatsApp).unwrap();
    assert_eq!((waits.delivery, waits.head.waiting), (Delivery::Waiting, 1));
    assert_eq!(written(CLOSED, "Olá", Instagram), Err(Refusal::TooLate), "there it stays a draft");
    assert_eq!(written(OPEN, "  ", WhatsApp), Err(Refusal::BadText));
    assert_eq!(written(OPEN, &"a".repeat(4_097), WhatsApp), Err(Refusal::BadText));
}

#[test]
fn decision_21_a_text_written_after_some_that_wait_leaves_after_them() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = Conversation { window: OPEN, waiting: 2, ..conversation(in_progress(BRUNO)) };
    let context = context(&organisation, &bruno, at(9, 30));
    let behind = write(&head, "E mais uma coisa", WhatsApp, HumanAgent::NotGranted, &context).unwrap();
    assert_eq!((behind.delivery, behind.head.waiting), (Delivery::Waiting, 3), "though the window is open");
}

#[test]
fn a_waiting_text_is_taken_back_by_its_author_or_who_may_write_now() {
    let organisation = organisation(Level::Team);
    let head = Conversation { waiting: 1, ..conversation(in_progress(DAVI)) };
    let take_back = |person, delivery| {
        let actor = actor(&organisation, person);
        cancel_waiting(&head, BRUNO, delivery, &context(&organisation, &actor, at(9, 30)))
    };
    let cancelled = take_back(BRUNO, Delivery::Waiting).unwrap();
    assert_eq!((cancelled.delivery, cancelled.head.waiting), (Delivery::Cancelled(Cancelled::ByAuthor), 0));
    assert!(take_back(DAVI, Delivery::Waiting).is_ok());
    assert_eq!(take_back(CARLA, Delivery::Waiting), Err(Refusal::NotAllowed));
    assert_eq!(take_back(BRUNO, Delivery::Queued), Err(Refusal::TooLate));
    assert_eq!(take_back(GIL, Delivery::Waiting), Err(Refusal::NotFound));
}

#[test]
fn what_failed_or_is_unknown_is_sent_again_when_a_person_says_so() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let head = |window| Conversation { window, ..conversation(in_progress(BRUNO)) };
    let again = |window, delivery| {
        retry(&head(window), delivery, WhatsApp, HumanAgent::NotGranted, &context(&organisation, &bruno, at(9, 30)))
    };
    let failed = Delivery::Failed { code: 131_026 };
    assert_eq!(again(OPEN, failed).unwrap().delivery, Delivery::Queued);
    assert_eq!(again(OPEN, Delivery::Unknown).unwrap().delivery, Delivery::Queued);
    let waits = again(CLOSED, failed).unwrap();
    assert_eq!((waits.delivery, waits.head.waiting), (Delivery::Waiting, 1));
    for delivery in [Delivery::Queued, Delivery::Accepted, Delivery::Sent, Delivery::Read] {
        assert_eq!(again(OPEN, delivery), Err(Refusal::TooLate));
    }
}

#[test]
fn what_waits_behind_a_failure_goes_on_when_a_person_says_so() {
    let organisation = organisation(Level::Team);
    let bruno = actor(&organisation, BRUNO);
    let again = |window| {
        let head = Conversation { window, waiting: 2, ..conversation(in_progress(BRUNO)) };
        let context = context(&organisation, &bruno, at(9, 30));
        retry(&head, Delivery::Waiting, WhatsApp, HumanAgent::NotGranted, &context)
    };
    let goes = again(OPEN).unwrap();
    assert_eq!((goes.delivery, goes.head.waiting), (Delivery::Queued, 1));
    assert_eq!(again(CLOSED), Err(Refusal::TooLate), "this one waits for the customer");
}

#[test]
fn an_inbound_message_counts_opens_the_window_and_shows() {
    let mut head = conversation(in_progress(BRUNO));
    heard(&mut head, WhatsApp, &Body::Text("linha um\nlinha dois".to_owned()), at(9, 0), at(9, 1));
    assert_eq!((head.unread, head.last_at, head.window.last_counted), (1, at(9, 0), Some(at(9, 0))));
    assert_eq!(head.last_line.as_ref().unwrap().text, "linha um linha dois");
    // An older one that comes late counts, and hides nothing newer.
    heard(&mut head, WhatsApp, &Body::Text("antes".to_owned()), at(8, 59), at(9, 2));
    assert_eq!((head.unread, head.last_at, head.window.last_counted), (2, at(9, 0), Some(at(9, 0))));
    assert_eq!(head.last_line.as_ref().unwrap().text, "linha um linha dois");
    // A reaction is no message to answer.
    let before = head.clone();
    let reaction = Body::Placeholder { kind: Kind::Reaction, caption: Some("👍".to_owned()) };
    heard(&mut head, WhatsApp, &reaction, at(9, 5), at(9, 5));
    assert_eq!(head, before);
    // A stamp of tomorrow counts as now.
    heard(&mut head, WhatsApp, &Body::Text("futuro".to_owned()), at(30, 0), at(9, 6));
    assert_eq!((head.last_at, head.window.last_counted), (at(9, 6), Some(at(9, 6))));
}

#[test]
fn the_last_line_keeps_120_characters() {
    let line = last_line(at(9, 0), Side::Customer, &Body::Text("ã".repeat(500)), None);
    assert_eq!((line.text.chars().count(), line.kind), (120, Kind::Text));
    let photo = Body::Placeholder { kind: Kind::Image, caption: None };
    assert_eq!(last_line(at(9, 0), Side::Customer, &photo, None).text, "");
}

#[test]
fn a_message_continues_what_is_unfinished_and_begins_what_is_not_there() {
    let organisation = organisation(Level::Team);
    let arrive = |latest: Option<&Conversation>, kind| receive(latest, kind, at(9, 0), at(9, 0), &organisation);
    for state in [open(), queued(), designated(BRUNO), in_progress(BRUNO)] {
        for kind in [Kind::Text, Kind::Reaction] {
            assert_eq!(arrive(Some(&conversation(state)), kind), Arrival::Continue);
        }
    }
    assert_eq!(arrive(None, Kind::Text), Arrival::Begin);
    assert_eq!(arrive(None, Kind::Unsupported), Arrival::Begin, "said, though it cannot be shown");
    assert_eq!(arrive(None, Kind::Reaction), Arrival::KeepRaw);
    assert_eq!(arrive(None, Kind::System), Arrival::KeepRaw);
}

#[test]
fn a_failed_send_code_reaches_the_text_and_proof_of_arrival_wins() {
    assert_eq!(
        advance(Delivery::Accepted, ProviderStatus::Failed { code: 131_047 }),
        Some(Delivery::Failed { code: 131_047 })
    );
    assert_eq!(advance(Delivery::Delivered, ProviderStatus::Failed { code: 131_047 }), None);
    assert_eq!(advance(Delivery::Failed { code: 1 }, ProviderStatus::Delivered), Some(Delivery::Delivered));
    assert_eq!(advance(Delivery::Failed { code: 1 }, ProviderStatus::Sent), None);
    assert_eq!(advance(Delivery::Queued, ProviderStatus::Read), Some(Delivery::Read), "delivered may be skipped");
    assert_eq!(advance(Delivery::Read, ProviderStatus::Played), None);
    assert_eq!(advance(Delivery::Unknown, ProviderStatus::Sent), Some(Delivery::Sent));
    assert_eq!(accepted(Delivery::Queued), Some(Delivery::Accepted));
    assert_eq!(accepted(Delivery::Sent), None, "the status was faster than the answer");
    assert_eq!(replaces(Delivery::Accepted, Delivery::Unknown), None);
    let failed = |code| Delivery::Failed { code };
    assert_eq!(replaces(failed(2), failed(1)), Some(failed(1)), "of two failures the smaller code stays");
    assert_eq!((replaces(failed(1), failed(2)), replaces(failed(1), failed(1))), (None, None));
    for gone in [Delivery::Waiting, Delivery::Cancelled(Cancelled::ByAuthor)] {
        assert_eq!(advance(gone, ProviderStatus::Sent), None);
    }
}

fn any_status() -> impl Strategy<Value = ProviderStatus> {
    prop_oneof![
        Just(ProviderStatus::Sent),
        Just(ProviderStatus::Delivered),
        Just(ProviderStatus::Read),
        Just(ProviderStatus::Played),
        (1..4_u32).prop_map(|code| ProviderStatus::Failed { code }),
    ]
}

fn settle(statuses: &[ProviderStatus]) -> Delivery {
    statuses.iter().fold(Delivery::Queued, |now, status| advance(now, *status).unwrap_or(now))
}

#[test]
fn a_waiting_text_lives_seven_days_from_writing() {
    assert_eq!(expires_at(at(9, 0)), at(9, 0) + Span::days(7));
}

proptest! {
    /// Statuses end in the same delivery in whatever order and however often they come.
    #[test]
    fn the_order_of_statuses_does_not_matter(statuses in prop::collection::vec(any_status(), 0..6), turn in 0..6_usize) {
        let expected = settle(&statuses);
        let mut other = statuses.clone();
        if !other.is_empty() {
            let length = other.len();
            other.rotate_left(turn % length);
            other.reverse();
            other.extend(statuses);
        }
        prop_assert_eq!(settle(&other), expected);
    }
}
