//! Who had a conversation when, from its timeline alone.
//!
//! *Invariant:* a pure fold: nothing but the facts is asked, so what it says can be checked against any other record
//! and holds for a conversation whose rows have long changed.

use crate::ids::PersonId;
use crate::message::Fact;
use crate::time::Moment;

/// With whom a conversation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// The whole team is offered it.
    Team,
    /// It waits for somebody to have room.
    Queue,
    Designee(PersonId),
    Responsible(PersonId),
    /// It is finished.
    Nobody,
}

/// With whom it is from an instant on, until the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Since {
    pub at: Moment,
    pub holder: Holder,
}

/// Every holder in turn, by the facts of one conversation in the order of its timeline. Two facts in a row may name the
/// same holder, as when a conversation that is open is given to another team.
#[must_use]
pub fn holders<'a>(facts: impl IntoIterator<Item = (Moment, &'a Fact)>) -> Vec<Since> {
    facts.into_iter().filter_map(|(at, fact)| holder(fact).map(|holder| Since { at, holder })).collect()
}

/// With whom it was at an instant; `None` before it began.
#[must_use]
pub fn holder_at(history: &[Since], at: Moment) -> Option<Holder> {
    history.iter().rev().find(|since| since.at <= at).map(|since| since.holder)
}

/// Whom a fact gives the conversation to; `None` when it stays where it is.
const fn holder(fact: &Fact) -> Option<Holder> {
    match *fact {
        Fact::Received { .. }
        | Fact::TransferredToTeam { .. }
        | Fact::ReturnedToTeam { .. }
        | Fact::Released { .. } => Some(Holder::Team),
        Fact::Queued => Some(Holder::Queue),
        Fact::Designated { to, .. } => Some(Holder::Designee(to)),
        Fact::Started { by } | Fact::Restarted { by } => Some(Holder::Responsible(by)),
        Fact::TransferredToPerson { to, .. } | Fact::Returned { to } => Some(Holder::Responsible(to)),
        Fact::Concluded { .. } => Some(Holder::Nobody),
        Fact::AutoReplied => None,
    }
}
