//! What a call will probably do, worked out in the browser at once: one mutator for each kind of call.
//!
//! *Invariant:* pure and total: a call that makes no sense on what is held changes nothing, and only the server says
//! why. What only the server can know (who is designated next, what a transfer leads to) is left out and comes with the
//! delta. Replaying the same calls on the same replica gives the same draft.

use std::collections::BTreeMap;

use ciranda_domain::access::Actor;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Archive, Conversation, State};
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::life::{self, Command, Context, Written};
use ciranda_domain::message::{Body, Content, Delivery, Message};
use ciranda_domain::person::Availability;
use ciranda_domain::time::Moment;
use ciranda_domain::window::HumanAgent;

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
        let scene = Scene { proposed, actor, replica };
        match proposed.call {
            Call::Start { conversation } => self.decide(*conversation, Command::Start, scene),
            Call::Restart { conversation } => self.decide(*conversation, Command::Restart, scene),
            Call::Conclude { conversation } => self.decide(*conversation, Command::Conclude, scene),
            Call::TakeOver { conversation, from } => {
                self.decide(*conversation, Command::TakeOver { from: *from }, scene);
            }
            Call::MarkRead { conversation } => self.decide(*conversation, Command::MarkRead, scene),
            Call::Send { conversation, message, text } => self.send(*conversation, *message, text, scene),
            Call::AddNote { conversation, message, text, mentions } => {
                self.note(*conversation, *message, text, mentions, scene);
            }
            Call::Prefer { conversation, person } => self.prefer(*conversation, *person, scene),
            Call::CancelWaiting { conversation, message } => self.again(*conversation, *message, life_cancel, scene),
            Call::Retry { conversation, message } => self.again(*conversation, *message, life_retry, scene),
            Call::SetAvailability { availability } => self.availability = Some(*availability),
            // Where a transfer leads is decided by the ring and the other side's load: only the server knows.
            Call::TransferToTeam { .. } | Call::TransferToPerson { .. } | Call::Nothing => {}
        }
    }

    fn shown<'a>(&'a self, id: ConversationId, replica: &'a Replica) -> Option<&'a Conversation> {
        let base = &replica.head(id)?.conversation;
        Some(self.heads.get(&id).unwrap_or(base))
    }

    fn decide(&mut self, id: ConversationId, command: Command, scene: Scene<'_>) {
        let Some(head) = self.shown(id, scene.replica) else { return };
        if let Ok(outcome) = life::decide(head, &command, &scene.context(head)) {
            self.heads.insert(id, outcome.head);
        }
    }

    fn send(&mut self, id: ConversationId, message: MessageId, text: &str, scene: Scene<'_>) {
        if scene.replica.thread(id).is_some_and(|thread| thread.line(message).is_some()) {
            // The delta has brought the line; the confirmation is only a step behind.
            return;
        }
        let Some(head) = self.shown(id, scene.replica) else { return };
        let Some(channel) = scene.channel(head) else { return };
        let Ok(written) = life::write(head, text, channel, HumanAgent::NotGranted, &scene.context(head)) else {
            return;
        };
        let (author, body, delivery) = (scene.actor.person, Body::Text(text.to_owned()), written.delivery);
        self.lay(message, written.head, Content::Outbound { author, body, delivery }, scene);
    }

    fn note(&mut self, id: ConversationId, message: MessageId, text: &str, mentions: &[PersonId], scene: Scene<'_>) {
        if scene.replica.thread(id).is_some_and(|thread| thread.line(message).is_some()) {
            return;
        }
        let Some(head) = self.shown(id, scene.replica) else { return };
        let Ok(noted) = life::note(head, text, mentions, &scene.context(head)) else { return };
        let (author, text, mentions) = (scene.actor.person, text.to_owned(), noted.mentions);
        self.lay(message, noted.head, Content::Note { author, text, mentions }, scene);
    }

    /// Shown on this conversation; the contact's others follow with the delta.
    fn prefer(&mut self, id: ConversationId, person: Option<PersonId>, scene: Scene<'_>) {
        let Some(head) = self.shown(id, scene.replica) else { return };
        if let Ok(after) = life::prefer(head, person, &scene.context(head)) {
            self.heads.insert(id, after);
        }
    }

    /// Lays a new line, and the head that comes with it, over what is held.
    fn lay(&mut self, message: MessageId, head: Conversation, content: Content, scene: Scene<'_>) {
        let (id, Proposed { at, held, .. }) = (head.id, scene.proposed);
        let line = Message { id: message, conversation: id, at, order: 0, content };
        self.heads.insert(id, head);
        self.lines.entry(id).or_default().insert(message, Drafted { message: line, held });
    }

    /// Decides something about a line that is there already.
    fn again(&mut self, id: ConversationId, message: MessageId, decision: AgainDecision, scene: Scene<'_>) {
        let drafted = self.lines.get(&id).and_then(|lines| lines.get(&message)).map(|line| &line.message);
        let stored = || scene.replica.thread(id)?.line(message).map(|(_, line)| line);
        let Some(mut line) = drafted.or_else(stored).cloned() else { return };
        let Some(head) = self.shown(id, scene.replica) else { return };
        let Content::Outbound { author, delivery, .. } = &mut line.content else { return };
        let Some(written) = decision(head, *author, *delivery, scene) else { return };
        *delivery = written.delivery;
        self.heads.insert(id, written.head);
        self.lines.entry(id).or_default().insert(message, Drafted { message: line, held: false });
    }
}

/// What a mutator looks at.
#[derive(Clone, Copy)]
struct Scene<'a> {
    proposed: Proposed<'a>,
    actor: &'a Actor,
    replica: &'a Replica,
}

type AgainDecision = fn(&Conversation, PersonId, Delivery, Scene<'_>) -> Option<Written>;

fn life_cancel(head: &Conversation, author: PersonId, delivery: Delivery, scene: Scene<'_>) -> Option<Written> {
    life::cancel_waiting(head, author, delivery, &scene.context(head)).ok()
}

fn life_retry(head: &Conversation, _author: PersonId, delivery: Delivery, scene: Scene<'_>) -> Option<Written> {
    let channel = scene.channel(head)?;
    life::retry(head, delivery, channel, HumanAgent::NotGranted, &scene.context(head)).ok()
}

impl<'a> Scene<'a> {
    fn context(&self, head: &Conversation) -> Context<'a> {
        Context {
            now: self.proposed.at,
            actor: self.actor,
            organisation: &self.replica.reference().organisation,
            // The preference of the concluder is the server's to know; it does not show in the list.
            archive: Archive::InTwelveHours,
            other_open: self.other_open(head),
        }
    }

    /// Whether another unfinished conversation of this contact and channel is among those the person sees. Looked for
    /// only where it decides something: it means looking at all of them.
    fn other_open(&self, head: &Conversation) -> bool {
        matches!(self.proposed.call, Call::Restart { .. })
            && self.replica.heads().values().map(|held| &held.conversation).any(|other| {
                other.id != head.id
                    && (other.channel, other.contact.identity) == (head.channel, head.contact.identity)
                    && !matches!(other.state, State::Finished(_))
            })
    }

    fn channel(&self, head: &Conversation) -> Option<ChannelKind> {
        self.replica.reference().channels.get(&head.channel).map(|channel| channel.kind)
    }
}
