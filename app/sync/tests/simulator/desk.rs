//! What happens to conversations: calls of people, messages of customers, the provider's news, the ring moving on. Each
//! is decided by `ciranda_domain::life` and written as one commit.

use ciranda_domain::access::{Actor, Refusal};
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Archive, Conversation, Pending, State, Window};
use ciranda_domain::ids::{ClientId, ContactId, ConversationId, IdentityId, MessageId, PersonId, TeamId};
use ciranda_domain::inbound::ProviderStatus;
use ciranda_domain::life::{self, Arrival, Command, Context, Outcome, Told, WaitingTexts};
use ciranda_domain::message::{Body, Content, Delivery, Fact, Kind, Message, Why};
use ciranda_domain::time::Span;
use ciranda_domain::window::HumanAgent;
use ciranda_sync::calls::Call;
use ciranda_sync::filter::Commit;
use ciranda_sync::frames::Refused;
use ciranda_sync::rows::Row;
use rand::Rng;
use rand::rngs::SmallRng;
use rand::seq::IteratorRandom;

use crate::authority::{Authority, Edit};

/// What came of a call.
pub enum Done {
    Committed(Commit),
    /// Accepted, and there was nothing to change.
    Idle,
    Refused(Refused),
}

impl Authority {
    /// Carries a call out, as mutation `n` of `client`, and records the number whatever comes of it.
    pub fn perform(&mut self, client: ClientId, n: u64, person: PersonId, call: &Call, random: &mut SmallRng) -> Done {
        let known = self.clients.entry(client).or_default();
        known.last_mutation = n;
        match self.edits(person, call, random) {
            Ok(edits) if edits.is_empty() => Done::Idle,
            Ok(edits) => Done::Committed(self.commit(Some((client, n)), edits)),
            Err(refusal) => {
                let refusal = Refused::from(refusal);
                self.clients.entry(client).or_default().refusals.insert(n, refusal.clone());
                Done::Refused(refusal)
            }
        }
    }

    fn edits(&mut self, person: PersonId, call: &Call, random: &mut SmallRng) -> Result<Vec<Edit>, Refusal> {
        let decide = |this: &mut Self, conversation, command, random: &mut SmallRng| {
            let head = this.heads.get(conversation).ok_or(Refusal::NotFound)?.conversation.clone();
            let actor = this.actor(person);
            let context = this.context(&actor, &head);
            let outcome = life::decide(&head, &command, &context)?;
            Ok(this.written(&head, outcome, random))
        };
        match *call {
            Call::Start { ref conversation } => decide(self, conversation, Command::Start, random),
            Call::Conclude { ref conversation } => decide(self, conversation, Command::Conclude, random),
            Call::Restart { ref conversation } => decide(self, conversation, Command::Restart, random),
            Call::TakeOver { ref conversation, from } => decide(self, conversation, Command::TakeOver { from }, random),
            Call::MarkRead { ref conversation } => decide(self, conversation, Command::MarkRead, random),
            Call::TransferToTeam { ref conversation, team } => {
                decide(self, conversation, Command::TransferToTeam { team }, random)
            }
            Call::TransferToPerson { ref conversation, person, team } => {
                decide(self, conversation, Command::TransferToPerson { person, team }, random)
            }
            Call::Send { conversation, message, ref text } => self.send(person, conversation, message, text),
            Call::AddNote { conversation, message, ref text, ref mentions } => {
                self.note(person, conversation, message, text, mentions)
            }
            Call::Prefer { conversation, person: preferred } => self.prefer(person, conversation, preferred),
            Call::CancelWaiting { conversation, message } => self.again(person, conversation, message, Again::Cancel),
            Call::Retry { conversation, message } => self.again(person, conversation, message, Again::Retry),
            Call::SetAvailability { availability } => {
                let mut row = self.organisation.people[&person].clone();
                if row.availability == availability {
                    return Ok(Vec::new());
                }
                row.availability = availability;
                Ok(vec![Edit::Reference(Row::Person(row))])
            }
            Call::Nothing => Ok(Vec::new()),
        }
    }

    fn context<'a>(&'a self, actor: &'a Actor, head: &Conversation) -> Context<'a> {
        let other_open = self.heads.values().map(|held| &held.conversation).any(|other| {
            other.id != head.id
                && other.contact.identity == head.contact.identity
                && !matches!(other.state, State::Finished(_))
        });
        let (now, archive) = (self.now, Archive::InTwelveHours);
        Context { now, actor, organisation: &self.organisation, archive, other_open }
    }

    /// Head and lines of an outcome, with the ring's answer where it was told something.
    fn written(&mut self, before: &Conversation, outcome: Outcome, random: &mut SmallRng) -> Vec<Edit> {
        let mut head = outcome.head;
        let mut facts = outcome.facts;
        for told in outcome.told {
            if let Told::Enqueued { team } = told {
                facts.extend(self.offer(&mut head, team, random));
            }
        }
        let mut edits = Vec::new();
        if let WaitingTexts::Cancelled(cancelled) = outcome.waiting {
            edits.extend(self.redelivered(before.id, Delivery::Waiting, Delivery::Cancelled(cancelled)));
        }
        for fact in facts {
            edits.push(self.fact(head.id, fact));
        }
        if head != *before || !edits.is_empty() {
            edits.insert(0, Edit::Head(head));
        }
        edits
    }

    /// The ring, as far as the protocol cares: somebody eligible is offered it, or everybody is.
    fn offer(&self, head: &mut Conversation, team: TeamId, random: &mut SmallRng) -> Option<Fact> {
        let people = self.organisation.people.keys().copied();
        let eligible = people.filter(|person| self.organisation.can_be_designated(*person, team)).choose(random);
        let since = self.now;
        match eligible.filter(|_| random.random_bool(0.7)) {
            Some(to) => {
                let (deadline, max_deadline) = (Some(since + Span::minutes(5)), Some(since + Span::minutes(20)));
                let attempt = 1;
                head.state =
                    State::Pending(Pending::Designated { designee: to, since, deadline, max_deadline, attempt });
                Some(Fact::Designated { to, attempt, why: Why::TheirTurn })
            }
            None => {
                head.state = State::Pending(Pending::Open { since });
                Some(Fact::Released { why: Why::NobodyEligible })
            }
        }
    }

    fn fact(&mut self, conversation: ConversationId, fact: Fact) -> Edit {
        let id = MessageId(self.new_id());
        Edit::Line(Message { id, conversation, at: self.now, order: 0, content: Content::Fact(fact) })
    }

    fn send(
        &mut self,
        person: PersonId,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
    ) -> Result<Vec<Edit>, Refusal> {
        if self.lines.values().any(|lines| lines.contains_key(&message)) {
            // The same text again, from a client whose numbers were forgotten.
            self.repeated_texts += 1;
            return Ok(Vec::new());
        }
        let head = &self.heads.get(&conversation).ok_or(Refusal::NotFound)?.conversation;
        let actor = self.actor(person);
        let context = self.context(&actor, head);
        let written = life::write(head, text, ChannelKind::WhatsApp, HumanAgent::NotGranted, &context)?;
        let (author, body, delivery) = (person, Body::Text(text.to_owned()), written.delivery);
        let content = Content::Outbound { author, body, delivery };
        let line = Message { id: message, conversation, at: self.now, order: 0, content };
        Ok(vec![Edit::Line(line), Edit::Head(written.head)])
    }

    fn note(
        &self,
        person: PersonId,
        conversation: ConversationId,
        message: MessageId,
        text: &str,
        mentions: &[PersonId],
    ) -> Result<Vec<Edit>, Refusal> {
        if self.lines.values().any(|lines| lines.contains_key(&message)) {
            return Ok(Vec::new());
        }
        let head = &self.heads.get(&conversation).ok_or(Refusal::NotFound)?.conversation;
        let actor = self.actor(person);
        let noted = life::note(head, text, mentions, &self.context(&actor, head))?;
        let content = Content::Note { author: person, text: text.to_owned(), mentions: noted.mentions };
        let line = Message { id: message, conversation, at: self.now, order: 0, content };
        Ok(vec![Edit::Line(line), Edit::Head(noted.head)])
    }

    fn prefer(
        &self,
        person: PersonId,
        conversation: ConversationId,
        preferred: Option<PersonId>,
    ) -> Result<Vec<Edit>, Refusal> {
        let head = &self.heads.get(&conversation).ok_or(Refusal::NotFound)?.conversation;
        let actor = self.actor(person);
        let after = life::prefer(head, preferred, &self.context(&actor, head))?;
        Ok(vec![Edit::Head(after)])
    }

    fn again(
        &mut self,
        person: PersonId,
        conversation: ConversationId,
        message: MessageId,
        again: Again,
    ) -> Result<Vec<Edit>, Refusal> {
        let head = &self.heads.get(&conversation).ok_or(Refusal::NotFound)?.conversation;
        let actor = self.actor(person);
        let context = self.context(&actor, head);
        let mut line = match self.lines.get(&conversation).and_then(|lines| lines.get(&message)) {
            Some((_, line)) => line.clone(),
            None => return Err(Refusal::NotFound),
        };
        let Content::Outbound { author, delivery, .. } = &mut line.content else { return Err(Refusal::TooLate) };
        let written = match again {
            Again::Cancel => life::cancel_waiting(head, *author, *delivery, &context)?,
            Again::Retry => life::retry(head, *delivery, ChannelKind::WhatsApp, HumanAgent::NotGranted, &context)?,
        };
        *delivery = written.delivery;
        Ok(vec![Edit::Line(line), Edit::Head(written.head)])
    }

    /// A customer writes.
    pub fn customer_writes(&mut self, customer: u128, random: &mut SmallRng) -> Commit {
        let identity = IdentityId(uuid::Uuid::from_u128(customer));
        let theirs =
            self.heads.values().map(|head| &head.conversation).filter(|head| head.contact.identity == identity);
        let latest =
            theirs.max_by_key(|head| (!matches!(head.state, State::Finished(_)), head.created_at, head.id)).cloned();
        let (now, kind) = (self.now, if random.random_bool(0.9) { Kind::Text } else { Kind::Reaction });
        let (mut edits, mut head) = match (life::receive(latest.as_ref(), kind, now, now, &self.organisation), latest) {
            (Arrival::Continue | Arrival::Attach, Some(head)) => (Vec::new(), head),
            (Arrival::Return(outcome), Some(head)) => {
                let mut edits = self.written(&head, *outcome, random);
                match edits.remove(0) {
                    Edit::Head(head) => (edits, head),
                    Edit::Line(_) | Edit::Reference(_) | Edit::RemoveMembership(_) => {
                        unreachable!("the head comes first")
                    }
                }
            }
            (Arrival::Begin | Arrival::KeepRaw | Arrival::Continue | Arrival::Attach | Arrival::Return(_), _) => {
                self.begin(identity, random)
            }
        };
        let body = match kind {
            Kind::Text => Body::Text(format!("{}", random.random::<u32>())),
            other => Body::Placeholder { kind: other, caption: None },
        };
        life::heard(&mut head, ChannelKind::WhatsApp, &body, now, now);
        let id = MessageId(self.new_id());
        let content = Content::Inbound { body };
        edits.push(Edit::Line(Message {
            id,
            conversation: head.id,
            at: now,
            order: random.random_range(0..3),
            content,
        }));
        if head.waiting > 0 {
            head.waiting = 0;
            edits.extend(self.redelivered(head.id, Delivery::Waiting, Delivery::Queued));
        }
        edits.push(Edit::Head(head));
        self.commit(None, edits)
    }

    fn begin(&mut self, identity: IdentityId, random: &mut SmallRng) -> (Vec<Edit>, Conversation) {
        let team = *self.organisation.teams.keys().choose(random).expect("there are teams");
        let channel = *self.channels.keys().choose(random).expect("there are channels");
        let now = self.now;
        let mut head = Conversation {
            id: ConversationId(self.new_id()),
            channel,
            contact: ContactCard {
                id: ContactId(identity.0),
                identity,
                name: format!("{identity}"),
                phone: String::new(),
                preferred: None,
            },
            team,
            state: State::Pending(Pending::Open { since: now }),
            created_at: now,
            enqueued_at: None,
            last_at: now,
            last_line: None,
            unread: 0,
            window: Window::default(),
            waiting: 0,
            received_from: None,
            mentions: Vec::new(),
        };
        let offered = self.offer(&mut head, team, random);
        let received = self.fact(head.id, Fact::Received { channel_name: "Loja".to_owned() });
        let mut edits = vec![received];
        edits.extend(offered.map(|fact| self.fact(head.id, fact)));
        (edits, head)
    }

    /// Every line with one delivery gets another.
    fn redelivered(&self, conversation: ConversationId, from: Delivery, to: Delivery) -> Vec<Edit> {
        let lines = self.lines.get(&conversation).into_iter().flat_map(|lines| lines.values());
        lines
            .filter_map(|(_, line)| match &line.content {
                Content::Outbound { author, body, delivery } if *delivery == from => {
                    let content = Content::Outbound { author: *author, body: body.clone(), delivery: to };
                    Some(Edit::Line(Message { content, ..line.clone() }))
                }
                Content::Outbound { .. } | Content::Inbound { .. } | Content::Fact(_) | Content::Note { .. } => None,
            })
            .collect()
    }

    /// The provider tells how a message gets on.
    pub fn provider_tells(&mut self, random: &mut SmallRng) -> Option<Commit> {
        let outbound = self
            .lines
            .values()
            .flat_map(|lines| lines.values())
            .filter(|(_, line)| matches!(line.content, Content::Outbound { .. }));
        let mut line = outbound.choose(random)?.1.clone();
        let status = match random.random_range(0..4) {
            0 => ProviderStatus::Sent,
            1 => ProviderStatus::Delivered,
            2 => ProviderStatus::Read,
            _ => ProviderStatus::Failed { code: 131_026 },
        };
        let Content::Outbound { delivery, .. } = &mut line.content else { return None };
        *delivery = life::advance(*delivery, status)?;
        Some(self.commit(None, vec![Edit::Line(line)]))
    }

    /// A designated conversation passes on, or is offered to the whole team.
    pub fn ring_moves(&mut self, random: &mut SmallRng) -> Option<Commit> {
        let designated = self.heads.values().filter(|head| matches!(head.conversation.state, State::Pending(_)));
        let mut head = designated.choose(random)?.conversation.clone();
        let team = head.team;
        let fact = self.offer(&mut head, team, random)?;
        let line = self.fact(head.id, fact);
        Some(self.commit(None, vec![line, Edit::Head(head)]))
    }
}

enum Again {
    Cancel,
    Retry,
}
