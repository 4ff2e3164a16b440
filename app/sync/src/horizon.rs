//! How far back finished conversations are replicated (decision 32): one rule for both ends.
//!
//! *Invariant:* whether a head lies within the horizon depends on the head, the person, the instant given and, for other
//! people's finished ones, on how many newer ones there are; never on who asks first.

use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::time::{Moment, Span};

/// The limits; production uses [`Horizon::default`], the simulated runs use small ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Horizon {
    /// How long a person's own finished conversations stay.
    pub own: Span,
    /// How many of the other finished ones stay: the newest.
    pub others: usize,
}

impl Default for Horizon {
    fn default() -> Self {
        Self { own: Span::days(30), others: 2000 }
    }
}

/// Orders finished conversations by when they finished.
pub type FinishedKey = (Moment, ConversationId);

/// What the horizon says of one head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Always replicated.
    Within,
    /// Replicated while it is among the newest [`Horizon::others`] by this key.
    IfNewest(FinishedKey),
    /// Not replicated.
    Beyond,
}

impl Horizon {
    /// Whether `head` is replicated to `person` at `now`, if they may see it.
    #[must_use]
    pub fn reach(&self, now: Moment, person: PersonId, head: &Conversation) -> Reach {
        match head.state {
            State::Pending(_) | State::InProgress { .. } => Reach::Within,
            State::Finished(finished) if finished.responsible != Some(person) => {
                Reach::IfNewest((finished.at, head.id))
            }
            State::Finished(finished) if finished.at >= self.own_since(now) => Reach::Within,
            State::Finished(_) => Reach::Beyond,
        }
    }

    /// The oldest instant at which a person's own conversation may have finished and still be replicated.
    #[must_use]
    pub fn own_since(&self, now: Moment) -> Moment {
        now - self.own
    }
}
