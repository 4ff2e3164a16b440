//! The four tabs: an ordered index kept up to date one conversation at a time.
//!
//! *Invariant:* a conversation stands in exactly one tab, and the counters are those of the index.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::{Tab, TabOrder, tab};
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, PersonId};

/// Ordered indexes with counters.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tabs {
    places: BTreeMap<ConversationId, Place>,
    indexes: BTreeMap<Tab, Index>,
}

/// The numbers of a tab.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    pub conversations: usize,
    /// Of them, those that their responsible has not looked at as they are now.
    pub unread: usize,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Index {
    order: BTreeSet<(TabOrder, ConversationId)>,
    unread: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    tab: Tab,
    key: TabOrder,
    unread: bool,
}

impl Tabs {
    /// The conversations of a tab in order.
    pub fn order(&self, tab: Tab) -> impl DoubleEndedIterator<Item = ConversationId> {
        self.indexes.get(&tab).into_iter().flat_map(|index| index.order.iter().map(|(_, id)| *id))
    }

    #[must_use]
    pub fn count(&self, tab: Tab) -> Count {
        let count = |index: &Index| Count { conversations: index.order.len(), unread: index.unread };
        self.indexes.get(&tab).map(count).unwrap_or_default()
    }

    /// Puts a conversation where it belongs now, or takes it out when it is not shown any more.
    pub(super) fn place(
        &mut self,
        id: ConversationId,
        shown: Option<&Conversation>,
        me: PersonId,
        changed: &mut BTreeSet<Tab>,
    ) {
        let place = shown.map(|conversation| Place::of(conversation, me));
        let earlier = self.places.get(&id).copied();
        if place == earlier {
            return;
        }
        if let Some(earlier) = earlier {
            let index = self.indexes.entry(earlier.tab).or_default();
            index.order.remove(&(earlier.key, id));
            index.unread -= usize::from(earlier.unread);
            self.places.remove(&id);
            changed.insert(earlier.tab);
        }
        if let Some(place) = place {
            let index = self.indexes.entry(place.tab).or_default();
            index.order.insert((place.key, id));
            index.unread += usize::from(place.unread);
            self.places.insert(id, place);
            changed.insert(place.tab);
        }
    }
}

impl Place {
    fn of(conversation: &Conversation, me: PersonId) -> Self {
        Self { tab: tab(me, conversation), key: TabOrder::of(me, conversation), unread: conversation.is_unseen() }
    }
}
