//! Notes, whom they call, and how a call is answered (decision 16).

use ciranda_domain::access::Refusal;
use ciranda_domain::conversation::{Conversation, Mention};
use ciranda_domain::life::{Command, Noted, Receipt, note};
use ciranda_domain::limits::NOTE_LIMIT;
use ciranda_domain::team::Level;

use super::act;
use crate::fixtures::*;

fn noted(by: ciranda_domain::ids::PersonId, head: &Conversation, of: &[ciranda_domain::ids::PersonId]) -> Noted {
    let organisation = organisation(Level::Attendant);
    let actor = actor(&organisation, by);
    note(head, "Cuidado", of, &context(&organisation, &actor, at(9, 30))).expect("allowed")
}

#[test]
fn decision_16_a_whisper_changes_nothing_but_whom_it_calls() {
    let head = Conversation { unread: 3, waiting: 1, received_from: Some(ANA), ..conversation(in_progress(BRUNO)) };
    let whispered = noted(EVA, &head, &[BRUNO]);
    let mentions = vec![Mention { of: BRUNO, by: EVA }];
    assert_eq!(whispered, Noted { head: Conversation { mentions, ..head }, mentions: vec![BRUNO] });
}

#[test]
fn decision_16_only_those_who_see_it_are_called_each_once_and_never_the_author() {
    let head = conversation(in_progress(BRUNO));
    let called = noted(EVA, &head, &[CARLA, BRUNO, EVA, BRUNO, ANA]);
    assert_eq!(called.mentions, [BRUNO, ANA], "at level Atendente Carla does not see it");
    let again = noted(ANA, &called.head, &[BRUNO]);
    assert_eq!(
        again.head.mentions,
        [Mention { of: ANA, by: EVA }, Mention { of: BRUNO, by: ANA }],
        "the newest counts"
    );
    assert_eq!((again.head.called_by(BRUNO), again.head.called_by(CARLA)), (Some(ANA), None));
}

#[test]
fn a_note_needs_words_sight_and_room() {
    let organisation = organisation(Level::Attendant);
    let head = conversation(in_progress(BRUNO));
    let write = |by, text: &str| {
        let actor = actor(&organisation, by);
        note(&head, text, &[], &context(&organisation, &actor, at(9, 30))).map(|_| ())
    };
    assert_eq!(write(BRUNO, "Ligar amanhã"), Ok(()));
    assert_eq!(write(BRUNO, " \n"), Err(Refusal::BadText));
    assert_eq!(write(BRUNO, &"á".repeat(NOTE_LIMIT)), Ok(()));
    assert_eq!(write(BRUNO, &"á".repeat(NOTE_LIMIT + 1)), Err(Refusal::BadText));
    assert_eq!(write(GIL, "oi"), Err(Refusal::NotFound));
}

#[test]
fn decision_16_looking_answers_a_call_and_leaves_the_rest_to_the_responsible() {
    let mentions = vec![Mention { of: EVA, by: BRUNO }, Mention { of: BRUNO, by: EVA }];
    let head = Conversation { unread: 2, received_from: Some(ANA), mentions, ..conversation(in_progress(BRUNO)) };
    let looked = act(EVA, Command::MarkRead, &head).expect("called");
    let left = vec![Mention { of: BRUNO, by: EVA }];
    assert_eq!(looked.head, Conversation { mentions: left, ..head.clone() });
    assert_eq!((looked.receipt, looked.loads_changed.len()), (Receipt::None, 0));
    let read = act(BRUNO, Command::MarkRead, &head).expect("responsible");
    assert_eq!((read.head.unread, read.head.mentions), (0, vec![Mention { of: EVA, by: BRUNO }]));
    let pending = Conversation { mentions: vec![Mention { of: DAVI, by: EVA }], ..conversation(open()) };
    assert_eq!(act(DAVI, Command::MarkRead, &pending).expect("called").head.mentions, []);
}
