//! Reports: what a viewer may ask, what is read for it, and the facts made anew.
//!
//! *Invariant:* every answer goes through `sight::of`: a restricted attendant gets nothing, an attendant their own
//! facts, a supervisor those of the teams they supervise, an administrator all; of conversations they see, in each case.

mod answer;
mod csv;
mod found;
mod hours;
mod rebuild;
mod rows;
mod sight;

pub use answer::{report, today};
pub use csv::routes;
pub use rebuild::rebuild;
pub use rows::rows;

use crate::desk::Reference;
use ciranda_api::{ApiError, ErrorCode};

/// Why a report was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("refused: {0}")]
    Refused(#[from] ApiError),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<crate::store::Error> for Refusal {
    fn from(error: crate::store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::Refused(ApiError::new(code))
    }
}

type Result<T> = std::result::Result<T, Refusal>;

/// The name of a row's key, as people read it.
fn name_of(reference: &Reference, key: &ciranda_api::Cell) -> Option<String> {
    use ciranda_api::Cell;
    match key {
        Cell::Team(id) => reference.organisation.teams.get(id).map(|team| team.name.clone()),
        Cell::Person(id) => id.and_then(|id| reference.organisation.people.get(&id)).map(|person| person.name.clone()),
        Cell::Channel(id) => reference.channels.get(id).map(|channel| channel.name.clone()),
        Cell::Day(day) => Some(day.to_string()),
        Cell::All => None,
    }
}
