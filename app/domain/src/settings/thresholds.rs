//! When the supervisors' board raises an alert for a team; what is not set raises none.

use serde::{Deserialize, Serialize};

use crate::settings::fault::{Fault, FaultKind, Field};

/// The thresholds of a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Thresholds {
    /// So many conversations pending.
    #[serde(default)]
    pub queue: Option<u32>,
    /// The oldest pending one has waited so many minutes.
    #[serde(default)]
    pub oldest_minutes: Option<u32>,
    /// A designation has been passed on so often.
    #[serde(default)]
    pub passed: Option<u32>,
    /// A messaging window closes within so many minutes, unanswered.
    #[serde(default)]
    pub window_minutes: Option<u32>,
}

impl Thresholds {
    /// Those of a team for which nobody has chosen any.
    pub const USUAL: Self = Self { queue: Some(10), oldest_minutes: Some(15), passed: None, window_minutes: Some(120) };

    /// Whether they make sense.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let bounds = [
            (Field::Queue, self.queue, 10_000),
            (Field::OldestWait, self.oldest_minutes, 1_440),
            (Field::Passed, self.passed, 60),
            (Field::WindowCloses, self.window_minutes, 1_440),
        ];
        let wrong = bounds.into_iter().filter(|(_, set, most)| set.is_some_and(|set| !(1..=*most).contains(&set)));
        let faults: Vec<Fault> =
            wrong.map(|(field, _, most)| Fault::new(field, FaultKind::OutOfRange { least: 1, most })).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}
