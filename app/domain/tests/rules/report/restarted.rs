//! What becomes of the customer's window where a conversation is concluded without an answer, and restarted.

use ciranda_domain::message::{Fact as Told, Kind};
use ciranda_domain::report::FactKind;

use super::track::{Book, concluded, received};
use crate::fixtures::*;

/// Nobody answered, Bruno concluded it at 09:30, and Davi restarted it at that hour.
fn restarted_unanswered(hour: i64) -> Book {
    let mut book = Book::started();
    book.told(at(9, 30), concluded(BRUNO)).told(at(hour, 0), Told::Restarted { by: DAVI });
    book
}

#[test]
fn what_was_concluded_unanswered_and_restarted_loses_its_window_all_the_same() {
    let mut book = restarted_unanswered(20);
    book.told(at(24 + 8, 59), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), []);
    book.told(at(24 + 10, 0), Told::AutoReplied).told(at(24 + 11, 0), concluded(DAVI));
    assert_eq!(book.of(FactKind::WindowLost), [(at(24 + 9, 0), None, Some(DAVI))], "once, and by who held it then");
    assert_eq!(book.of(FactKind::NextResponse), [], "no figure of the customer's wait counts a restarted one");
}

#[test]
fn concluding_twice_without_an_answer_forgets_no_window() {
    let mut book = restarted_unanswered(10);
    book.told(at(11, 0), concluded(DAVI)).told(at(12, 0), Told::Restarted { by: EVA });
    book.told(at(50, 0), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), [(at(24 + 9, 0), None, Some(EVA))]);
}

#[test]
fn a_restarted_one_that_is_answered_in_time_loses_no_window() {
    let mut book = restarted_unanswered(20);
    book.says(at(20, 5), DAVI).told(at(50, 0), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), []);
    assert_eq!(book.of(FactKind::NextResponse), [], "what was asked before the conclusion is no burst any more");
}

#[test]
fn the_window_of_a_restarted_one_moves_with_what_the_customer_writes() {
    let mut book = restarted_unanswered(20);
    book.hears(at(21, 0), Kind::Text).told(at(24 + 20, 59), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), []);
    book.told(at(24 + 22, 0), Told::AutoReplied).says(at(24 + 23, 0), DAVI);
    assert_eq!(book.of(FactKind::WindowLost), [(at(24 + 21, 0), None, Some(DAVI))]);
    assert_eq!(book.of(FactKind::NextResponse), [(at(21, 0), Some(at(24 + 23, 0)), Some(DAVI))]);
}

#[test]
fn a_window_that_ends_while_the_conversation_is_concluded_is_nobodys_loss() {
    let mut book = restarted_unanswered(24 + 10);
    book.told(at(50, 0), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), [], "it ended before the restart");
    let mut book = Book::started();
    book.told(at(9, 30), concluded(BRUNO)).told(at(50, 0), received());
    assert_eq!(book.of(FactKind::WindowLost), []);
    let first = [(at(9, 0), None, Some(BRUNO))];
    assert_eq!(book.of(FactKind::FirstResponse), first, "that the customer had no answer is told there");
}

#[test]
fn a_window_that_was_lost_before_the_conclusion_is_not_lost_again_after_a_restart() {
    let mut book = Book::started();
    book.told(at(24 + 10, 0), concluded(BRUNO)).told(at(24 + 11, 0), Told::Restarted { by: DAVI });
    book.hears(at(9, 0), Kind::Text).told(at(50, 0), Told::AutoReplied);
    assert_eq!(book.of(FactKind::WindowLost), [(at(24 + 9, 0), None, Some(BRUNO))]);
}
