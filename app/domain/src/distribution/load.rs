//! What somebody holds: conversations in progress and designated ones, counted by kind of channel.
//!
//! *Invariant:* counts know no weights; each team weighs them with its own when it asks.

use std::collections::BTreeMap;

use crate::channel::ChannelKind;
use crate::conversation::{Conversation, Pending, State};
use crate::ids::{ChannelId, PersonId};
use crate::team::Weights;

/// Conversations that one person holds in all teams.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Load {
    pub whatsapp: u32,
    pub instagram: u32,
    pub messenger: u32,
}

impl Load {
    pub const NONE: Self = Self { whatsapp: 0, instagram: 0, messenger: 0 };

    /// So many conversations of one kind and no others.
    #[must_use]
    pub const fn of(kind: ChannelKind, count: u32) -> Self {
        match kind {
            ChannelKind::WhatsApp => Self { whatsapp: count, ..Self::NONE },
            ChannelKind::Instagram => Self { instagram: count, ..Self::NONE },
            ChannelKind::Messenger => Self { messenger: count, ..Self::NONE },
        }
    }

    /// One more or less of a kind.
    pub const fn change(&mut self, kind: ChannelKind, by: i32) {
        let count = match kind {
            ChannelKind::WhatsApp => &mut self.whatsapp,
            ChannelKind::Instagram => &mut self.instagram,
            ChannelKind::Messenger => &mut self.messenger,
        };
        *count = count.saturating_add_signed(by);
    }

    /// What it all counts; with a capacity no conversation counts more than that, so that each fits somebody free.
    #[must_use]
    pub fn weighed(&self, weights: &Weights, capacity: Option<u32>) -> u32 {
        [
            (self.whatsapp, ChannelKind::WhatsApp),
            (self.instagram, ChannelKind::Instagram),
            (self.messenger, ChannelKind::Messenger),
        ]
        .iter()
        .fold(0, |sum, (count, kind)| sum.saturating_add(count.saturating_mul(cost(weights, *kind, capacity))))
    }
}

/// What one conversation counts.
pub(super) fn cost(weights: &Weights, kind: ChannelKind, capacity: Option<u32>) -> u32 {
    let weight = weights.of(kind);
    capacity.map_or(weight, |capacity| weight.min(capacity.max(1)))
}

/// What each person holds of these conversations; `kind` tells a channel's.
#[must_use]
pub fn loads<'a>(
    conversations: impl IntoIterator<Item = &'a Conversation>,
    kind: impl Fn(ChannelId) -> Option<ChannelKind>,
) -> BTreeMap<PersonId, Load> {
    let mut loads: BTreeMap<PersonId, Load> = BTreeMap::new();
    for conversation in conversations {
        let holder = match conversation.state {
            State::InProgress { responsible, .. } => responsible,
            State::Pending(Pending::Designated { designee, .. }) => designee,
            State::Pending(Pending::Open { .. } | Pending::Queued { .. }) | State::Finished(_) => continue,
        };
        let kind = kind(conversation.channel).unwrap_or(ChannelKind::WhatsApp);
        loads.entry(holder).or_default().change(kind, 1);
    }
    loads
}
