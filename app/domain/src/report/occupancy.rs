//! How much of the time in which a person was available they held a conversation.
//!
//! *Invariant:* an instant counts once, however many conversations they held in it.

use crate::time::{Moment, Span};

/// A stretch of time; the end is exclusive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stretch {
    pub from: Moment,
    pub until: Moment,
}

/// What occupancy is a share of, and the share.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Occupied {
    pub available: Span,
    pub busy: Span,
}

impl Occupied {
    /// Of stretches in any order, which may overlap.
    #[must_use]
    pub fn of(present: Vec<Stretch>, held: Vec<Stretch>) -> Self {
        let (present, held) = (joined(present), joined(held));
        let available = present.iter().map(length).sum();
        let (mut busy, mut present, mut held) = (0, present.iter().peekable(), held.iter().peekable());
        while let (Some(here), Some(there)) = (present.peek(), held.peek()) {
            let both = Stretch { from: here.from.max(there.from), until: here.until.min(there.until) };
            busy += length(&both).max(0);
            // Whichever ends first meets nothing that comes later.
            if here.until < there.until {
                present.next()
            } else {
                held.next()
            };
        }
        Self { available: Span(available), busy: Span(busy) }
    }
}

const fn length(stretch: &Stretch) -> i64 {
    stretch.until.since(stretch.from).0
}

/// The same time in order, without overlap.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match joined.last_mut().filter(|last| stretch.from <= last.until) {
            Some(last) => last.until = last.until.max(stretch.until),
            None => joined.push(stretch),
        }
    }
    joined
}
