//! What a call will probably do, worked out in the browser at once: one mutator for each kind of call.
//!
//! *Invariant:* pure and total: a call that makes no sense on what is held changes nothing, and only the server says
//! why. What only the server can know (who is designated next, what a transfer leads to) is left out and comes with the
//! delta. Replaying the same calls on the same replica gives the same draft.

use std::collections::BTreeMap;

use ciranda_domain::access::{Action, Actor, may};
use ciranda_domain::conversation::{Archive, Conversation, Finished, LastLine, Side, State};
use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_domain::message::{Body, Cancelled, Content, Delivery, Kind, Message};
use ciranda_domain::person::Availability;
use ciranda_domain::time::Moment;

use crate::calls::Call;
use crate::replica::{Replica, Touched};
use crate::view::{Line, Progress};

/// A call and the business instant at which it was made, the same in every replay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proposed<'a> {
    pub call: &'a Call,
    pub at: Moment,
    /// It asks the person before it leaves.
    pub held: bool,
}

/// What the pending calls lay over the replica.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Draft {
    heads: BTreeMap<ConversationId, Conversation>,
    lines: BTreeMap<ConversationId, BTreeMap<MessageId, Drafted>>,
    availability: Option<Availability>,
}

/// A line as a pending call will make it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drafted {
    pub message: Message,
    pub held: bool,
}

impl Drafted {
    /// The line as it is shown.
    #[must_use]
    pub fn as_line(&self) -> Line<'_> {
        Line { message: &self.message, progress: if self.held { Progress::Held } else { Progress::Sending } }
    }
}

impl Draft {
    /// Replays `pending` over `replica`.
    pub(crate) fn replay<'a>(
        pending: impl IntoIterator<Item = Proposed<'a>>,
        actor: Option<&Actor>,
        replica: &Replica,
    ) -> Self {
        let mut draft = Self::default();
        if let Some(actor) = actor {
            for proposed in pending {
                draft.apply(proposed, actor, replica);
            }
        }
        draft
    }

    #[must_use]
    pub fn head(&self, id: ConversationId) -> Option<&Conversation> {
        self.heads.get(&id)
    }

    /// Lines added or changed by pending calls; ids are in the order in which they were made.
    #[must_use]
    pub fn lines(&self, id: ConversationId) -> Option<&BTreeMap<MessageId, Drafted>> {
        self.lines.get(&id)
    }

    #[must_use]
    pub fn availability(&self) -> Option<Availability> {
        self.availability
    }

    /// Names what this draft shows differently from `earlier`.
    pub(crate) fn difference(&self, earlier: &Self, touched: &mut Touched) {
        for id in self.heads.keys().chain(earlier.heads.keys()) {
            if self.heads.get(id) != earlier.heads.get(id) {
                touched.heads.insert(*id);
            }
        }
        for id in self.lines.keys().chain(earlier.lines.keys()) {
            let (now, before) = (self.lines.get(id), earlier.lines.get(id));
            if now != before {
                let ids = now.into_iter().chain(before).flat_map(BTreeMap::keys).copied();
                touched.lines.entry(*id).or_default().extend(ids);
            }
        }
        touched.reference |= self.availability != earlier.availability;
    }

    fn apply(&mut self, proposed: Proposed<'_>, actor: &Actor, replica: &Replica) {
        let at = proposed.at;
        match proposed.call {
            Call::Start { conversation } => {
                self.act(*conversation, Action::Start, actor, replica, |head| start(head, actor, at))
            }
            Call::Restart { conversation } => {
                self.act(*conversation, Action::Restart, actor, replica, |head| start(head, actor, at));
            }
            Call::Conclude { conversation } => {
                self.act(*conversation, Action::Conclude, actor, replica, |head| conclude(head, actor, at));
            }
            Call::Send { conversation, message, text } => {
                self.send(*conversation, *message, text, proposed, actor, replica);
            }
            Call::MarkRead { conversation } => {
                self.change(*conversation, replica, |head| {
                    head.unread = 0;
                    head.received_from = None;
                });
            }
            Call::CancelWaiting { conversation, message } => {
                self.redeliver(*conversation, *message, Delivery::Cancelled(Cancelled::ByAuthor), replica);
            }
            Call::Retry { conversation, message } => {
                self.redeliver(*conversation, *message, Delivery::Queued, replica);
            }
            Call::SetAvailability { availability } => self.availability = Some(*availability),
            // Where a transfer leads is decided by the ring and the other side's load: only the server knows.
            Call::TransferToTeam { .. } | Call::TransferToPerson { .. } | Call::Nothing => {}
        }
    }

    /// Changes a head if the person may do `action` to it as it is shown.
    fn act(
        &mut self,
        id: ConversationId,
        action: Action,
        actor: &Actor,
        replica: &Replica,
        change: impl FnOnce(&mut Conversation),
    ) {
        if self.shown(id, replica).is_some_and(|head| may(actor, action, head).is_ok()) {
            self.change(id, replica, change);
        }
    }

    fn change(&mut self, id: ConversationId, replica: &Replica, change: impl FnOnce(&mut Conversation)) {
        if let Some(mut head) = self.shown(id, replica).cloned() {
            change(&mut head);
            self.heads.insert(id, head);
        }
    }

    fn shown<'a>(&'a self, id: ConversationId, replica: &'a Replica) -> Option<&'a Conversation> {
        let base = &replica.head(id)?.conversation;
        Some(self.heads.get(&id).unwrap_or(base))
    }

    fn send(
        &mut self,
        id: ConversationId,
        message: MessageId,
        text: &str,
        proposed: Proposed<'_>,
        actor: &Actor,
        replica: &Replica,
    ) {
        let at = proposed.at;
        let stored = replica.thread(id).is_some_and(|thread| thread.line(message).is_some());
        let allowed = self.shown(id, replica).is_some_and(|head| may(actor, Action::Write, head).is_ok());
        if stored || !allowed {
            return;
        }
        let body = Body::Text(text.to_owned());
        let content = Content::Outbound { author: actor.person, body, delivery: Delivery::Queued };
        let line = Message { id: message, conversation: id, at, order: 0, content };
        self.lines.entry(id).or_default().insert(message, Drafted { message: line, held: proposed.held });
        self.change(id, replica, |head| {
            head.last_at = head.last_at.max(at);
            head.last_line = Some(LastLine {
                at,
                side: Side::Desk,
                text: text.chars().take(120).collect(),
                kind: Kind::Text,
                delivery: Some(Delivery::Queued),
            });
        });
    }

    fn redeliver(&mut self, id: ConversationId, message: MessageId, delivery: Delivery, replica: &Replica) {
        let drafted = self.lines.get(&id).and_then(|lines| lines.get(&message)).map(|line| &line.message);
        let stored = || replica.thread(id)?.line(message).map(|(_, line)| line);
        let Some(mut line) = drafted.or_else(stored).cloned() else { return };
        if let Content::Outbound { delivery: shown, .. } = &mut line.content {
            *shown = delivery;
            self.lines.entry(id).or_default().insert(message, Drafted { message: line, held: false });
        }
    }
}

fn start(head: &mut Conversation, actor: &Actor, at: Moment) {
    head.state = State::InProgress { responsible: actor.person, since: at };
}

fn conclude(head: &mut Conversation, actor: &Actor, at: Moment) {
    let responsible = match head.state {
        State::Pending(_) => None,
        State::InProgress { responsible, .. } => Some(responsible),
        State::Finished(finished) => finished.responsible,
    };
    // The preference of the concluder is the server's to know; it does not show in the list.
    let archive = Archive::InTwelveHours;
    head.state = State::Finished(Finished { at, by: Some(actor.person), responsible, archive });
    head.waiting = 0;
}
