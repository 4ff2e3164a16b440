//! The messaging window: W1 to W9 of product.md 1.2 (W8 as decision 20 has it; W7 and W9 are
//! with the conversation's life), what counts, what a refusal does.

use ciranda_domain::channel::ChannelKind::{self, Instagram, Messenger, WhatsApp};
use ciranda_domain::conversation::Window;
use ciranda_domain::message::Kind;
use ciranda_domain::time::{Moment, Span};
use ciranda_domain::window::{COUNTED, FreeText, HumanAgent, MessagingWindow, counts, fold, free_text, refuse};
use proptest::prelude::*;

/// Of July 2024; the 32nd is the 1st of August.
const fn july(day: i64, hour: i64, minute: i64) -> Moment {
    Moment::from_seconds(1_719_792_000 + (day - 1) * 86_400 + hour * 3_600 + minute * 60)
}

const NOT: HumanAgent = HumanAgent::NotGranted;

fn heard(stamps: &[Moment]) -> Window {
    stamps.iter().fold(Window::default(), |window, at| fold(window, *at, *at))
}

fn whatsapp(window: Window, now: Moment) -> MessagingWindow {
    MessagingWindow::at(&window, WhatsApp, NOT, now)
}

/// A template is ours: nothing to fold. The window of W2 to W5, W7 and W9.
fn w2_window() -> Window {
    heard(&[july(30, 15, 30)])
}

#[test]
fn w1_a_template_does_not_open_the_window_and_a_text_waits() {
    let never = Window::default();
    assert_eq!(whatsapp(never, july(30, 15, 0)), MessagingWindow::NotStarted);
    assert_eq!(free_text(&never, WhatsApp, NOT, july(30, 15, 1)), FreeText::Waits);
    assert!(!counts(WhatsApp, Kind::Template));
}

#[test]
fn w2_the_answer_opens_it_for_24_hours_from_the_answer() {
    assert_eq!(whatsapp(w2_window(), july(30, 15, 30)), MessagingWindow::Open { until: july(31, 15, 30) });
}

#[test]
fn w3_another_answer_starts_the_24_hours_again() {
    let window = heard(&[july(30, 15, 30), july(31, 10, 0)]);
    assert_eq!(whatsapp(window, july(31, 10, 0)), MessagingWindow::Open { until: july(32, 10, 0) });
}

#[test]
fn w4_a_second_before_the_end_it_is_open() {
    let now = july(31, 15, 30) - Span::seconds(1);
    assert_eq!(whatsapp(w2_window(), now), MessagingWindow::Open { until: july(31, 15, 30) });
}

#[test]
fn w5_at_the_end_it_is_closed() {
    let end = july(31, 15, 30);
    assert_eq!(whatsapp(w2_window(), end), MessagingWindow::Closed { since: end });
    assert_eq!(whatsapp(w2_window(), end).changes_at(), None);
    assert_eq!(whatsapp(w2_window(), end - Span(1)).changes_at(), Some(end));
}

#[test]
fn w6_texts_that_waited_may_leave_when_the_contact_answers() {
    assert_eq!(free_text(&w2_window(), WhatsApp, NOT, july(32, 9, 0)), FreeText::Waits);
    let answer = july(33, 9, 0);
    let window = fold(w2_window(), answer, answer);
    assert_eq!(free_text(&window, WhatsApp, NOT, answer), FreeText::Leaves);
    assert_eq!(whatsapp(window, answer), MessagingWindow::Open { until: july(34, 9, 0) });
}

#[test]
fn w8_instagram_is_free_for_a_day_then_for_humans_to_the_seventh() {
    let window = w2_window();
    let at = |now, grant| MessagingWindow::at(&window, Instagram, grant, now);
    let granted = HumanAgent::Granted;
    assert_eq!(at(july(31, 15, 29), granted), MessagingWindow::Open { until: july(31, 15, 30) });
    assert_eq!(at(july(31, 15, 30), granted), MessagingWindow::HumanOnly { until: july(37, 15, 30) });
    assert_eq!(at(july(37, 15, 30), granted), MessagingWindow::Closed { since: july(37, 15, 30) });
    assert_eq!(at(july(31, 15, 30), NOT), MessagingWindow::Closed { since: july(31, 15, 30) });
    assert_eq!(free_text(&window, Instagram, granted, july(35, 0, 0)), FreeText::LeavesAsHuman);
    assert_eq!(free_text(&window, Instagram, granted, july(38, 0, 0)), FreeText::StaysDraft);
    assert_eq!(free_text(&window, Instagram, NOT, july(35, 0, 0)), FreeText::StaysDraft);
}

#[test]
fn in_the_last_ten_seconds_a_free_text_waits() {
    let end = july(31, 15, 30);
    assert_eq!(free_text(&w2_window(), WhatsApp, NOT, end - Span::seconds(11)), FreeText::Leaves);
    assert_eq!(free_text(&w2_window(), WhatsApp, NOT, end - Span::seconds(10)), FreeText::Waits);
    assert_eq!(free_text(&w2_window(), Messenger, NOT, end - Span::seconds(10)), FreeText::StaysDraft);
    assert_eq!(free_text(&w2_window(), Messenger, HumanAgent::Granted, end), FreeText::LeavesAsHuman);
}

#[test]
fn only_what_goes_to_the_provider_leaves() {
    for (text, leaves) in [
        (FreeText::Leaves, true),
        (FreeText::LeavesAsHuman, true),
        (FreeText::Waits, false),
        (FreeText::StaysDraft, false),
    ] {
        assert_eq!(text.leaves(), leaves, "{text:?}");
    }
}

#[test]
fn a_refusal_closes_it_until_the_next_counted_message() {
    let refused = refuse(w2_window(), july(30, 16, 0));
    assert_eq!(whatsapp(refused, july(30, 16, 0)), MessagingWindow::Closed { since: july(30, 16, 0) });
    assert_eq!(free_text(&refused, WhatsApp, NOT, july(30, 16, 0)), FreeText::Waits);
    // A message the provider knew of when it refused, come late, opens nothing.
    let late = fold(refused, july(30, 15, 45), july(30, 16, 5));
    assert_eq!(whatsapp(late, july(30, 16, 5)), MessagingWindow::Closed { since: july(30, 16, 0) });
    let answered = fold(refused, july(30, 17, 0), july(30, 17, 0));
    assert_eq!(whatsapp(answered, july(30, 17, 0)), MessagingWindow::Open { until: july(31, 17, 0) });
    // Within the same second nobody can tell which came first; the customer gets the benefit.
    let same_second = fold(refuse(w2_window(), july(30, 16, 0) + Span(400)), july(30, 16, 0), july(30, 16, 1));
    assert_eq!(whatsapp(same_second, july(30, 16, 1)), MessagingWindow::Open { until: july(31, 16, 0) });
    // Refused after it had closed anyway: it closed when it closed.
    let after = refuse(w2_window(), july(32, 0, 0));
    assert_eq!(whatsapp(after, july(32, 0, 0)), MessagingWindow::Closed { since: july(31, 15, 30) });
}

#[test]
fn the_table_of_counted_kinds_has_every_pair_once() {
    const KINDS: [Kind; 18] = [
        Kind::Text,
        Kind::Image,
        Kind::Video,
        Kind::Audio,
        Kind::Voice,
        Kind::Document,
        Kind::Sticker,
        Kind::Location,
        Kind::Contacts,
        Kind::Interactive,
        Kind::Button,
        Kind::Reaction,
        Kind::Order,
        Kind::System,
        Kind::Edit,
        Kind::Revoke,
        Kind::Unsupported,
        Kind::Template,
    ];
    for channel in [WhatsApp, Instagram, Messenger] {
        for kind in KINDS {
            let rows = COUNTED.iter().filter(|row| row.channel == channel && row.kind == kind);
            assert_eq!(rows.count(), 1, "{channel:?} {kind:?}");
        }
        // An append to the enumeration fails here until the table has its rows.
        assert_eq!(KINDS.last().map(|kind| *kind as usize + 1), Some(KINDS.len()));
    }
    assert!(COUNTED.iter().all(|row| row.source.contains("meta.md") || row.source.contains("decision")));
}

#[test]
fn decision_19_reactions_count_on_messenger_and_instagram_only() {
    let counted = |kind| [WhatsApp, Instagram, Messenger].map(|channel: ChannelKind| counts(channel, kind));
    assert_eq!(counted(Kind::Text), [true, true, true]);
    assert_eq!(counted(Kind::Voice), [true, true, true]);
    assert_eq!(counted(Kind::Reaction), [false, true, true]);
    for kind in [Kind::System, Kind::Edit, Kind::Revoke, Kind::Unsupported, Kind::Template] {
        assert_eq!(counted(kind), [false, false, false], "{kind:?}");
    }
}

fn any_stamps() -> impl Strategy<Value = Vec<Moment>> {
    prop::collection::vec((0..2_000_000_i64).prop_map(|seconds| july(1, 0, 0) + Span::seconds(seconds)), 1..12)
}

proptest! {
    /// The end depends on the counted instants alone, in whatever order and however often they come; late ones never
    /// shorten it.
    #[test]
    fn the_end_is_24_hours_after_the_newest(stamps in any_stamps(), seed in any::<u64>()) {
        let newest = *stamps.iter().max().unwrap();
        let mut shuffled = stamps.clone();
        shuffled.extend(stamps.iter().filter(|stamp| (stamp.0 as u64 ^ seed) & 1 == 0));
        let length = shuffled.len();
        shuffled.rotate_left(usize::try_from(seed % 64).unwrap() % length);
        let window = shuffled.iter().fold(Window::default(), |window, at| fold(window, *at, newest));
        prop_assert_eq!(window, Window { last_counted: Some(newest), refused_at: None });
        prop_assert_eq!(whatsapp(window, newest), MessagingWindow::Open { until: newest + Span::hours(24) });
    }

    /// A stamp in the future counts as now.
    #[test]
    fn future_stamps_are_clamped(ahead in 0..1_000_000_i64) {
        let now = july(30, 12, 0);
        prop_assert_eq!(fold(Window::default(), now + Span(ahead), now).last_counted, Some(now));
    }

    /// Free text leaves only while the window is open, with at least ten seconds left.
    #[test]
    fn free_text_leaves_only_in_an_open_window(stamps in any_stamps(), later in 0..700_000_i64, refused in any::<bool>()) {
        let mut window = heard(&stamps);
        let now = window.last_counted.unwrap() + Span::seconds(later);
        if refused {
            window = refuse(window, now);
        }
        for channel in [WhatsApp, Instagram, Messenger] {
            for grant in [HumanAgent::NotGranted, HumanAgent::Granted] {
                let state = MessagingWindow::at(&window, channel, grant, now);
                match free_text(&window, channel, grant, now) {
                    FreeText::Leaves => {
                        let MessagingWindow::Open { until } = state else { panic!("not open: {state:?}") };
                        prop_assert!(until.since(now) > Span::seconds(10));
                    }
                    FreeText::LeavesAsHuman => prop_assert!(channel != WhatsApp && grant == HumanAgent::Granted && !refused),
                    FreeText::Waits => prop_assert!(channel == WhatsApp),
                    FreeText::StaysDraft => prop_assert!(channel != WhatsApp),
                }
            }
        }
    }
}
