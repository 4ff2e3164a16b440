//! Why the server said no, in words.
//!
//! *Invariant:* exhaustive over [`Refused`]; names who was faster where the refusal does.

use ciranda_sync::frames::Refused;

use crate::facts::Names;
use crate::{Key, Words};

/// One sentence for a refusal.
#[must_use]
pub fn explain(words: Words, refused: &Refused, names: &dyn Names) -> String {
    let key = match refused {
        Refused::AlreadyStarted { by } => {
            let by = names.person(*by).unwrap_or_else(|| words.get(Key::SomebodyGone).to_owned());
            return words.fill(Key::RefusedAlreadyStarted, &[&by]);
        }
        Refused::NotFound => Key::RefusedNotFound,
        Refused::PassedOn => Key::RefusedPassedOn,
        Refused::NotAllowed => Key::RefusedNotAllowed,
        Refused::Finished => Key::RefusedFinished,
        Refused::CannotReceive => Key::RefusedCannotReceive,
        Refused::BadText => Key::RefusedBadText,
        Refused::AlreadyOpen => Key::RefusedAlreadyOpen,
        Refused::TooLate => Key::RefusedTooLate,
    };
    words.get(key).to_owned()
}
