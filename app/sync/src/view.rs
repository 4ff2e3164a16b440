//! What the screens read: the replica with the person's own unconfirmed calls laid over it, and the tabs in order.
//!
//! *Invariant:* what is shown is always the replica plus a replay of the pending calls, never a mixture kept by hand; the
//! tabs hold exactly the conversations shown, each in one tab. Reactive types stay out: a [`ChangeSet`] names what to
//! look at again.

use std::collections::{BTreeMap, BTreeSet};

use ciranda_domain::access::{Actor, Tab};
use ciranda_domain::conversation::Conversation;
use ciranda_domain::distribution::{Load, loads};
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::message::Message;
use ciranda_domain::person::Availability;

use crate::mutate::{Draft, Drafted, Proposed};
use crate::replica::{Reference, Replica, Thread, Touched};

mod tabs;

pub use tabs::{Count, Tabs};

/// The replica as the person sees it.
#[derive(Clone, Debug, Default)]
pub struct View {
    replica: Replica,
    overlay: Draft,
    tabs: Tabs,
    actor: Option<Actor>,
}

/// What changed in a step, so that only what is mounted looks again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChangeSet {
    /// Conversations whose head changed, appeared or went.
    pub heads: BTreeSet<ConversationId>,
    /// Lines that changed, appeared or went, by conversation; a conversation with no line named was answered to without
    /// any change.
    pub lines: BTreeMap<ConversationId, BTreeSet<MessageId>>,
    /// Tabs whose members, order or counters changed.
    pub tabs: BTreeSet<Tab>,
    /// Account, people, teams, memberships, channels or the person's own availability.
    pub reference: bool,
    /// Conversations that are no longer this person's to see: a pane showing one closes with an explanation.
    pub retracted: BTreeSet<ConversationId>,
    /// The outbox: what is pending, held or refused.
    pub outbox: bool,
    /// Business hours have just begun and so many were designated to the person meanwhile; 0 is no news.
    pub opening: u32,
}

/// One line as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line<'a> {
    pub message: &'a Message,
    pub progress: Progress,
}

/// How far a line has come; *sent* is told by the delta only (decision 35).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// As the server told it.
    Confirmed,
    /// As the person's own call will make it: shown as sending.
    Sending,
    /// It asks the person before it leaves.
    Held,
}

impl View {
    #[must_use]
    pub fn new(replica: Replica) -> Self {
        Self { replica, ..Self::default() }
    }

    #[must_use]
    pub fn me(&self) -> Option<PersonId> {
        self.replica.me()
    }

    /// The person as the rules see them; known once the reference rows are here.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.actor.as_ref()
    }

    #[must_use]
    pub fn reference(&self) -> &Reference {
        self.replica.reference()
    }

    /// What each person holds of the conversations that are seen here.
    #[must_use]
    pub fn loads(&self) -> BTreeMap<PersonId, Load> {
        let seen = self.replica.heads().values().map(|held| &held.conversation);
        loads(seen, |id| self.reference().channels.get(&id).map(|channel| channel.kind))
    }

    /// The replica without the pending calls.
    #[must_use]
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The person's own availability, the unconfirmed wish included.
    #[must_use]
    pub fn availability(&self) -> Option<Availability> {
        let stored = || self.reference().organisation.people.get(&self.me()?).map(|me| me.availability);
        self.overlay.availability().or_else(stored)
    }

    #[must_use]
    pub fn conversation(&self, id: ConversationId) -> Option<&Conversation> {
        let base = &self.replica.head(id)?.conversation;
        Some(self.overlay.head(id).unwrap_or(base))
    }

    /// The lines of an opened conversation, oldest first; the person's unconfirmed ones come last.
    pub fn lines(&self, id: ConversationId) -> impl Iterator<Item = Line<'_>> {
        let thread = self.replica.thread(id);
        let drafted = self.replica.head(id).and_then(|_| self.overlay.lines(id));
        let stored = thread.into_iter().flat_map(Thread::lines).map(move |(_, message)| {
            match drafted.and_then(|lines| lines.get(&message.id)) {
                Some(drafted) => drafted.as_line(),
                None => Line { message, progress: Progress::Confirmed },
            }
        });
        let added = drafted.into_iter().flat_map(BTreeMap::values);
        let added = added.filter(move |line| thread.is_none_or(|thread| thread.line(line.message.id).is_none()));
        stored.chain(added.map(Drafted::as_line))
    }

    /// The conversations of a tab in the order of the list.
    pub fn tab(&self, tab: Tab) -> impl DoubleEndedIterator<Item = ConversationId> {
        self.tabs.order(tab)
    }

    /// The number beside a tab's name.
    #[must_use]
    pub fn count(&self, tab: Tab) -> Count {
        self.tabs.count(tab)
    }

    /// Changes of the replica that nothing shown follows from.
    pub(crate) fn edit<T>(&mut self, step: impl FnOnce(&mut Replica) -> T) -> T {
        step(&mut self.replica)
    }

    /// Changes the replica in one step and brings everything derived from it up to date. `pending` are the calls not
    /// confirmed after the step.
    pub(crate) fn update<'a>(
        &mut self,
        changes: &mut ChangeSet,
        pending: impl IntoIterator<Item = Proposed<'a>>,
        step: impl FnOnce(&mut Replica, &mut Touched),
    ) {
        let mut touched = Touched::default();
        step(&mut self.replica, &mut touched);
        if touched.reference || self.actor.is_none() {
            self.actor = self.me().and_then(|me| self.reference().organisation.actor(me));
        }
        let earlier = std::mem::take(&mut self.overlay);
        self.overlay = Draft::replay(pending, self.actor.as_ref(), &self.replica);
        self.overlay.difference(&earlier, &mut touched);
        self.reindex(touched, changes);
    }

    fn reindex(&mut self, touched: Touched, changes: &mut ChangeSet) {
        let Some(me) = self.me() else { return };
        for id in &touched.heads {
            let shown = self.conversation(*id).cloned();
            self.tabs.place(*id, shown.as_ref(), me, &mut changes.tabs);
        }
        changes.heads.extend(touched.heads);
        for (conversation, lines) in touched.lines {
            changes.lines.entry(conversation).or_default().extend(lines);
        }
        changes.reference |= touched.reference;
        changes.retracted.extend(touched.retracted);
    }
}

impl ChangeSet {
    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
