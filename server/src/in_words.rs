//! A refusal of the interface in words, for callers that have no screen of ours: the reason, and what to do.
//!
//! *Invariant:* the sentences are those of the screens, from the same catalogue; nothing of an inner error is among them.

use axum::http::{HeaderMap, header};
use ciranda_api::{ApiError, ErrorCode};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::settings::{Fault, Field};
use ciranda_text::catalogue::reports::Reports;
use ciranda_text::catalogue::settings::Settings as S;
use ciranda_text::facts::Names;
use ciranda_text::{Key, Lang, Words, faults};

const WEEKDAYS: [S; 7] = [S::Monday, S::Tuesday, S::Wednesday, S::Thursday, S::Friday, S::Saturday, S::Sunday];

/// The language that a request asks for first.
pub fn language(headers: &HeaderMap) -> Words {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Words::of(Lang::of_tag(asked.unwrap_or_default()))
}

/// One sentence or two for an error; for a form everything that is wrong with it, each at its field.
pub fn message(words: Words, error: &ApiError, organisation: &Organisation) -> String {
    let faults = error.faults();
    if faults.is_empty() {
        return general(words, error).to_owned();
    }
    let said = faults.iter().map(|fault| at_field(words, fault, organisation));
    said.collect::<Vec<_>>().join(" ")
}

/// What is told of arguments that no function could be called with.
pub fn unreadable(words: Words) -> ApiError {
    let mut error = ApiError::new(ErrorCode::Invalid);
    words.get(S::FaultUnreadable).clone_into(&mut error.message);
    error
}

fn at_field(words: Words, fault: &Fault, organisation: &Organisation) -> String {
    let said = faults::explain(words, fault, organisation);
    match field(words, fault.field, organisation) {
        Some(field) => [&field, ": ", &said].concat(),
        None => said,
    }
}

/// What a field is called on its form; the form as a whole has no name.
fn field(words: Words, field: Field, organisation: &Organisation) -> Option<String> {
    let key = match field {
        Field::Form => return None,
        Field::Person(id) => return organisation.person(id),
        Field::Team(id) => return organisation.team(id),
        Field::Weekday(day) => *WEEKDAYS.get(usize::from(day))?,
        Field::Exception(_) => S::Exceptions,
        Field::Name => S::Name,
        Field::DefaultTeam => S::DefaultTeam,
        Field::Level => S::Level,
        Field::Limit => S::Limit,
        Field::Maximum => S::Maximum,
        Field::Capacity => S::Capacity,
        Field::Weights => S::Weights,
        Field::People => S::People,
        Field::Email => S::Email,
        Field::Phone => S::Phone,
        Field::Profile => S::Profile,
        Field::Status => S::Status,
        Field::Zone => S::Zone,
        Field::AutoReply => S::ReplyTitle,
        Field::Fate => S::FateLabel,
        Field::Queue => S::AlertQueue,
        Field::OldestWait => S::AlertOldest,
        Field::Passed => S::AlertPassed,
        Field::WindowCloses => S::AlertWindow,
    };
    Some(words.get(key).to_owned())
}

/// The sentence of an error that is about no form.
pub fn general(words: Words, error: &ApiError) -> &'static str {
    match (error.code, error.field.as_deref()) {
        (ErrorCode::Invalid, Some("login")) => words.get(Key::ErrorLoginInvalid),
        (ErrorCode::Invalid, Some("to")) => words.get(Reports::Backwards),
        (ErrorCode::Invalid, Some("period")) => words.get(Reports::TooLong),
        (ErrorCode::Invalid, _) => words.get(Key::ErrorInvalid),
        (ErrorCode::SignedOut, _) => words.get(Key::ErrorSignedOut),
        (ErrorCode::TooMany, _) => words.get(Key::ErrorTooMany),
        (ErrorCode::BadCode, _) => words.get(Key::ErrorCodeWrong),
        (ErrorCode::BadLink, _) => words.get(Key::ErrorLinkDead),
        (ErrorCode::NotFound, _) => words.get(Key::ErrorMissing),
        (ErrorCode::NotAllowed, Some("reports")) => words.get(Reports::Restricted),
        (ErrorCode::NotAllowed, _) => words.get(S::NotAllowed),
        (ErrorCode::DemoOnly, _) => words.get(Key::ErrorDemoOnly),
        (ErrorCode::Offline | ErrorCode::Unavailable, _) => words.get(Key::ErrorServer),
    }
}
