//! Who is asked, in which order, and what became of each.
//!
//! *Invariant:* the answer names everybody of the ring, so that "why not me?" has an answer for each; the one chosen
//! is the first of the order who can take the conversation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::channel::ChannelKind;
use crate::distribution::engine::Engine;
use crate::distribution::ring::{Member, Place};
use crate::ids::PersonId;
use crate::team::{Distribution, Strategy};

/// Somebody who was looked at for a conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Considered {
    pub person: PersonId,
    pub verdict: Verdict,
}

/// What became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Verdict {
    Chosen,
    /// They could have taken it; somebody before them did.
    NotTheirTurn,
    Unavailable,
    /// They hold as much as they may, or too much for a conversation of this weight.
    Full {
        load: u32,
        capacity: u32,
    },
    /// They had it before in this round and let it pass.
    AlreadyTried,
    LeftTheTeam,
    /// They had room, but what waits longer comes first.
    OlderWaits,
}

/// Whom a look round the ring found.
pub(super) enum Found {
    Person(PersonId),
    /// Somebody is eligible, and everybody who is has as many as they may hold.
    Full,
    Nobody,
}

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) enum Walk<'a> {
    /// A turn: from the arrow on, in a circle. `behind` is whether older ones wait.
    Turn { behind: bool },
    /// Somebody else than whoever has it now. `keeps` is whether they may go on holding it when nobody else can.
    Hop { place: Option<Place>, holder: PersonId, keeps: bool, tried: &'a [PersonId] },
}

impl Walk<'_> {
    fn keeps(&self, person: PersonId) -> bool {
        matches!(*self, Self::Hop { holder, keeps: true, .. } if holder == person)
    }

    /// 0 not yet, 1 already in this round, 2 right now.
    fn had(&self, person: PersonId) -> u8 {
        match *self {
            Self::Turn { .. } => 0,
            Self::Hop { holder, .. } if holder == person => 2,
            Self::Hop { tried, .. } => u8::from(tried.contains(&person)),
        }
    }
}

impl Engine {
    /// Looks round the ring for whoever takes a conversation of this kind.
    pub(super) fn look(&self, walk: Walk<'_>, kind: ChannelKind) -> (Found, Vec<Considered>) {
        let (mut found, mut considered) = (Found::Nobody, Vec::new());
        for member in self.order(walk) {
            let verdict = self.verdict(member, walk, kind, &found);
            match (verdict, &found) {
                (Verdict::Chosen, _) => found = Found::Person(member.person),
                (Verdict::Full { .. } | Verdict::OlderWaits, Found::Nobody) => found = Found::Full,
                _ => {}
            }
            considered.push(Considered { person: member.person, verdict });
        }
        (found, considered)
    }

    fn verdict(&self, member: &Member, walk: Walk<'_>, kind: ChannelKind, found: &Found) -> Verdict {
        let taken = matches!(found, Found::Person(_));
        if !member.is_available() {
            Verdict::Unavailable
        } else if walk.keeps(member.person) {
            // They have it already, so it needs no free slot of theirs.
            if taken { Verdict::AlreadyTried } else { Verdict::Chosen }
        } else if let (false, Some(capacity)) = (self.can_take(member, kind), self.capacity()) {
            Verdict::Full { load: self.load_of(member.person), capacity }
        } else if matches!(walk, Walk::Turn { behind: true }) {
            Verdict::OlderWaits
        } else if !taken {
            Verdict::Chosen
        } else if walk.had(member.person) > 0 {
            Verdict::AlreadyTried
        } else {
            Verdict::NotTheirTurn
        }
    }

    /// Everybody of the ring, in the order in which they are asked.
    pub(super) fn order(&self, walk: Walk<'_>) -> Vec<&Member> {
        match self.strategy() {
            Strategy::Circle => match walk {
                Walk::Turn { .. } => self.ring.from(self.arrow).collect(),
                Walk::Hop { place: Some(place), .. } => self.ring.after(place).collect(),
                Walk::Hop { place: None, .. } => self.ring.from(None).collect(),
            },
            Strategy::LeastRecent => self.sorted(|member| (walk.had(member.person), 0)),
            Strategy::LeastLoaded => self.sorted(|member| (walk.had(member.person), self.load_of(member.person))),
        }
    }

    /// By `first`, then by how long ago they were designated, then as they sit in the ring.
    fn sorted(&self, first: impl Fn(&Member) -> (u8, u32)) -> Vec<&Member> {
        let ranks: BTreeMap<PersonId, usize> = self.recent.iter().copied().zip(1..).collect();
        let mut members: Vec<&Member> = self.ring.members().iter().collect();
        members.sort_by_key(|member| (first(member), ranks.get(&member.person).copied().unwrap_or(0)));
        members
    }

    pub(super) const fn strategy(&self) -> Strategy {
        match self.config.distribution {
            Distribution::Off => Strategy::Circle,
            Distribution::On { strategy, .. } => strategy,
        }
    }
}
