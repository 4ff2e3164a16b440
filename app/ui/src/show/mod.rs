//! What to show: plain functions from rows of the replica to words, tones and numbers.
//!
//! *Invariant:* nothing here touches the browser or a signal, so all of it is tested natively; instants and the
//! account's calendar are parameters.

pub mod calendar;
pub mod composer;
pub mod keys;
pub mod links;
pub mod mention;
pub mod notice;
pub mod phone;
pub mod ring;
pub mod row;
pub mod scroll;
pub mod thread;
pub mod transfer;
pub mod window;

/// What a colour means; every use also says it in words, a shape or a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tone {
    /// Open, live, plenty of time.
    Open,
    /// Soon.
    Soon,
    /// Closed, breached, offline.
    Shut,
}

impl Tone {
    /// The class that sets the colours.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Soon => "soon",
            Self::Shut => "shut",
        }
    }
}
