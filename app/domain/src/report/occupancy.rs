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
    /// Of stretches in any order, which may overlap; only what lies in `open` counts, which is in order and does not.
    #[must_use]
    pub fn of(present: Vec<Stretch>, held: Vec<Stretch>, open: &[Stretch]) -> Self {
        let present = common(&joined(present), open);
        let busy = common(&present, &joined(held));
        Self { available: whole(&present), busy: whole(&busy) }
    }
}

/// What lies in both; each is in order and without overlap.
fn common(some: &[Stretch], others: &[Stretch]) -> Vec<Stretch> {
    let (mut common, mut some, mut others) = (Vec::new(), some.iter().peekable(), others.iter().peekable());
    while let (Some(here), Some(there)) = (some.peek(), others.peek()) {
        let both = Stretch { from: here.from.max(there.from), until: here.until.min(there.until) };
        if both.from < both.until {
            common.push(both);
        }
        // Whichever ends first meets nothing that comes later.
        if here.until < there.until {
            some.next()
        } else {
            others.next()
        };
    }
    common
}

fn whole(stretches: &[Stretch]) -> Span {
    Span(stretches.iter().map(|stretch| stretch.until.since(stretch.from).0).sum())
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
