//! What a provider tells, applied: contacts and identities, conversations continued, brought back or begun, windows,
//! lines, distribution, statuses. One transaction for a batch.
//!
//! *Invariant:* a message of the provider takes effect once however often it arrives: its id is looked up under the lock
//! of its sender's address, and is unique. The envelopes that carried it are marked in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Conversation, Pending, State, Window};
use ciranda_domain::distribution::Input;
use ciranda_domain::ids::{AccountId, ChannelId, ConversationId, IdentityId, MessageId, TeamId};
use ciranda_domain::inbound::{InboundEvent, InboundMessage, Sender};
use ciranda_domain::life::{self, Arrival};
use ciranda_domain::message::{Content, Fact, Message};
use ciranda_domain::settings::auto_reply_text;
use ciranda_domain::time::Moment;
use ciranda_domain::window::{self, FreeText, HumanAgent};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::directory::{Directory, Entry};
use super::statuses::Statuses;
use super::teams::Teams;
use super::{Outdated, Reference, Work, attempts, clean, waiting};
use crate::app::App;
use crate::clock::id_at;
use crate::store::contact::{Latest, Lead, phone_key};
use crate::store::team::Extent;
use crate::store::write::RawEventRow;
use crate::store::{self, Scoped};

/// An event of the provider, with its raw form.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrived {
    pub event: InboundEvent,
    pub raw: Value,
}

/// Applies a batch of events of one account in one transaction, in the order given, and marks the envelopes they came
/// in as processed.
///
/// # Errors
/// When the database cannot be reached, or the account's set-up makes no sense; nothing is applied then.
pub async fn apply(app: &App, account: AccountId, arrived: &[Arrived], envelopes: &[i64]) -> Result<()> {
    let arrived: Vec<Arrived> = arrived.iter().cloned().map(clean::arrived).collect();
    attempts(|| once(app, account, &arrived, envelopes)).await
}

async fn once(app: &App, account: AccountId, arrived: &[Arrived], envelopes: &[i64]) -> Result<()> {
    let addresses = Addresses::of(arrived);
    let mut scoped = store::begin_with_senders(app, account, &addresses.locks()).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut batch = Batch::look_up(&mut scoped, &addresses, arrived).await?;
    let teams = batch.teams(&reference, arrived)?;
    let mut teams = if teams.is_empty() {
        Teams::none()
    } else {
        Teams::lock(&mut scoped, &reference, teams, Extent::Only(&[])).await?
    };
    let mut work = Work::new(reference, scoped.now);
    batch.lock_conversations(&mut scoped, &mut work, &teams).await?;
    teams.apply(&mut work)?;
    for arrived in arrived {
        batch.apply(arrived, &mut work, &mut teams)?;
    }
    teams.settle(&mut work)?;
    waiting::release(&mut scoped, &mut work, &batch.opened).await?;
    teams.finish(&mut scoped, &mut work).await?;
    let (contacts, identities) = batch.directory.rows(work.now);
    (work.writes.contacts, work.writes.identities) = (contacts, identities);
    work.writes.envelopes = envelopes.to_vec();
    work.commit(app, scoped).await?;
    Ok(())
}

/// What is known of the senders of a batch, and where their messages go.
struct Batch {
    directory: Directory,
    /// By channel and identity.
    stands: BTreeMap<(ChannelId, IdentityId), Stand>,
    /// Messages that took effect before, or earlier in this batch.
    known: BTreeSet<(ChannelId, String)>,
    statuses: Statuses,
    /// Conversations whose waiting texts may leave now.
    opened: BTreeSet<ConversationId>,
}

/// Where an identity stands on a channel.
#[derive(Clone, Copy, Default)]
struct Stand {
    latest: Option<Latest>,
    window: Window,
    auto_replied_at: Option<Moment>,
}

impl Batch {
    /// Looks up what the senders' addresses, which are locked, lead to.
    async fn look_up(scoped: &mut Scoped, addresses: &Addresses, arrived: &[Arrived]) -> Result<Self> {
        let mut batch = Self {
            directory: Directory::default(),
            stands: BTreeMap::new(),
            known: BTreeSet::new(),
            statuses: Statuses::look_up(scoped, arrived).await?,
            opened: BTreeSet::new(),
        };
        if addresses.is_empty() {
            return Ok(batch);
        }
        let ids = arrived.iter().filter_map(|arrived| match &arrived.event {
            InboundEvent::Message(message) => Some((message.channel, message.provider_id.clone())),
            InboundEvent::Status(_) | InboundEvent::IdentityChanged { .. } => None,
        });
        let ids: Vec<_> = ids.collect();
        let Addresses { channels, phone_keys, user_ids } = addresses;
        let (leads, known) = scoped.leads(channels, phone_keys, user_ids, &ids).await?;
        for lead in leads {
            batch.add(lead);
        }
        batch.known = known.into_iter().collect();
        Ok(batch)
    }

    fn add(&mut self, lead: Lead) {
        let stand = Stand { latest: lead.latest, window: lead.window, auto_replied_at: lead.auto_replied_at };
        self.stands.insert((lead.channel, lead.identity.id), stand);
        self.directory.add(lead.identity, lead.contact_name, lead.preferred);
    }

    /// Teams whose engines may be told something: wherever a conversation may begin or come back. None where every
    /// message continues an unfinished conversation.
    fn teams(&self, reference: &Reference, arrived: &[Arrived]) -> Result<BTreeSet<TeamId>> {
        let mut teams = BTreeSet::new();
        for arrived in arrived {
            let InboundEvent::Message(message) = &arrived.event else { continue };
            let Some(channel) = reference.channels.get(&message.channel) else { continue };
            let identity = self.directory.known(channel.kind, &message.sender);
            let stand = identity.and_then(|identity| self.stands.get(&(channel.id, identity)));
            match stand.and_then(|stand| stand.latest) {
                Some(latest) if !latest.finished => {}
                latest => {
                    teams.insert(reference.reception_team(channel.id)?);
                    teams.extend(latest.map(|latest| latest.team));
                }
            }
        }
        Ok(teams)
    }

    async fn lock_conversations(&mut self, scoped: &mut Scoped, work: &mut Work, teams: &Teams) -> Result<()> {
        let latest: Vec<Latest> = self.stands.values().filter_map(|stand| stand.latest).collect();
        let mut ids = teams.concerned();
        ids.extend(latest.iter().map(|latest| latest.conversation));
        ids.extend(self.statuses.conversations());
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        work.hold(scoped.lock_conversations(&ids).await?);
        let as_read = |latest: &Latest| {
            work.head(latest.conversation).is_some_and(|head| {
                head.team == latest.team && matches!(head.state, State::Finished(_)) == latest.finished
            })
        };
        if latest.iter().all(as_read) { self.statuses.read(scoped).await } else { Err(Outdated.into()) }
    }

    fn apply(&mut self, arrived: &Arrived, work: &mut Work, teams: &mut Teams) -> Result<()> {
        match &arrived.event {
            InboundEvent::Message(message) => self.message(message, &arrived.raw, work, teams),
            InboundEvent::Status(status) => {
                self.opened.extend(self.statuses.apply(status, work)?);
                Ok(())
            }
            InboundEvent::IdentityChanged { channel, previous, current, at: _ } => {
                if let Some(channel) = work.reference.channels.get(channel) {
                    let renamed = self.directory.rename(channel.kind, previous, current);
                    renamed.iter().for_each(|entry| show(entry, work));
                }
                Ok(())
            }
        }
    }

    fn message(&mut self, message: &InboundMessage, raw: &Value, work: &mut Work, teams: &mut Teams) -> Result<()> {
        let Some(channel) = work.reference.channels.get(&message.channel).cloned() else {
            tracing::warn!(channel.id = %message.channel, "a message for a channel that account does not have");
            return Ok(());
        };
        if !self.known.insert((channel.id, message.provider_id.clone())) {
            return Ok(());
        }
        let entry = self.directory.find_or_make(channel.kind, &message.sender, work.now);
        show(&entry, work);
        let key = (channel.id, entry.identity.id);
        let mut stand = self.stands.get(&key).copied().unwrap_or_default();
        match self.place(message, &channel, &entry, &mut stand, work, teams)? {
            Some(conversation) => {
                self.write_down(message, raw, conversation, channel.kind, work)?;
                self.auto_reply(message, conversation, &mut stand, work)?;
            }
            None => keep_raw(message, raw, work),
        }
        self.stands.insert(key, stand);
        Ok(())
    }

    /// The conversation that the message falls into, in the state that it brings about.
    fn place(
        &mut self,
        message: &InboundMessage,
        channel: &Channel,
        entry: &Entry,
        stand: &mut Stand,
        work: &mut Work,
        teams: &mut Teams,
    ) -> Result<Option<ConversationId>> {
        let latest = stand.latest.map(|latest| latest.conversation);
        let head = latest.and_then(|id| work.head(id));
        let organisation = &work.reference.organisation;
        let id = match life::receive(head, message.kind, message.at, work.now, organisation) {
            Arrival::Continue | Arrival::Attach => latest,
            Arrival::KeepRaw => None,
            Arrival::Return(outcome) => {
                let (id, told) = (outcome.head.id, outcome.told.clone());
                *work.head_mut(id)? = outcome.head;
                for fact in outcome.facts {
                    work.fact(id, work.now, fact)?;
                }
                if !told.is_empty() {
                    work.enqueued(id)?;
                }
                teams.tell(id, work, &told);
                Some(id)
            }
            Arrival::Begin => Some(begin(message, channel, entry, stand, work, teams)?),
        };
        teams.apply(work)?;
        if let Some(head) = id.and_then(|id| work.head(id)) {
            let finished = matches!(head.state, State::Finished(_));
            stand.latest = Some(Latest { conversation: head.id, team: head.team, finished });
        }
        Ok(id)
    }

    fn write_down(
        &mut self,
        message: &InboundMessage,
        raw: &Value,
        conversation: ConversationId,
        kind: ChannelKind,
        work: &mut Work,
    ) -> Result<()> {
        let (at, now) = (message.at.min(work.now), work.now);
        let head = work.head_mut(conversation)?;
        life::heard(head, kind, &message.body, message.at, now);
        if head.waiting > 0 && window::free_text(&head.window, kind, HumanAgent::NotGranted, now) == FreeText::Leaves {
            self.opened.insert(conversation);
        }
        let id = MessageId(id_at(now));
        let content = Content::Inbound { body: message.body.clone() };
        // Lines of one second keep Meta's order; what we say of that second comes first.
        let line = Message { id, conversation, at, order: message.position.saturating_add(1), content };
        work.line(line, Some(message.provider_id.clone()))?;
        work.writes.raw_events.push(RawEventRow { message_id: id.0, event: raw.clone() });
        Ok(())
    }

    /// Outside business hours a customer who is not being served is told so, at most once in a closed period (OVF-10).
    fn auto_reply(
        &self,
        message: &InboundMessage,
        conversation: ConversationId,
        stand: &mut Stand,
        work: &mut Work,
    ) -> Result<()> {
        let now = work.now;
        let calendar = &work.reference.calendar;
        let told = stand
            .auto_replied_at
            .is_some_and(|at| !calendar.is_open(at) && calendar.next_opening(at) == calendar.next_opening(now));
        let Some(head) = work.head(conversation) else { return Ok(()) };
        let served = !matches!(head.state, State::Pending(_));
        let (channel, identity, window) = (head.channel, head.contact.identity, head.window);
        let kind = work.reference.channels.get(&channel).map(|channel| channel.kind);
        let reaches = kind.is_some_and(|kind| window::counts(kind, message.kind));
        let text = work.reference.auto_reply.as_deref().map(|text| auto_reply_text(text, &head.contact.name));
        let Some(text) = text else { return Ok(()) };
        if calendar.is_open(now) || told || served || !reaches {
            return Ok(());
        }
        work.tell_customer(conversation, Fact::AutoReplied, text)?;
        stand.auto_replied_at = Some(now);
        work.auto_replied(channel, identity, window);
        Ok(())
    }
}

/// A new conversation in the account's default team, handed to distribution.
fn begin(
    message: &InboundMessage,
    channel: &Channel,
    entry: &Entry,
    stand: &Stand,
    work: &mut Work,
    teams: &mut Teams,
) -> Result<ConversationId> {
    let (id, now) = (ConversationId(id_at(work.now)), work.now);
    let team = work.reference.reception_team(channel.id)?;
    let at = message.at.min(now);
    work.create(Conversation {
        id,
        channel: channel.id,
        contact: card(entry),
        team,
        state: State::Pending(Pending::Open { since: now }),
        created_at: now,
        enqueued_at: Some(now),
        last_at: at,
        last_line: None,
        unread: 0,
        window: stand.window,
        waiting: 0,
        received_from: None,
        mentions: Vec::new(),
    });
    work.fact_at(id, at, 0, Fact::Received { channel_name: channel.name.clone() })?;
    teams.step(team, now, Input::Enqueued { conversation: id, kind: channel.kind, prefer: entry.preferred });
    Ok(id)
}

fn card(entry: &Entry) -> ContactCard {
    ContactCard {
        id: entry.identity.contact,
        identity: entry.identity.id,
        name: entry.name.clone(),
        phone: entry.identity.phone.clone().unwrap_or_default(),
        preferred: entry.preferred,
    }
}

/// Lets the heads at hand show the contact as it is known by now.
fn show(entry: &Entry, work: &mut Work) {
    let shown = card(entry);
    // Who is preferred was read with the head, which is locked.
    work.know(entry.identity.id, |contact| *contact = ContactCard { preferred: contact.preferred, ..shown.clone() });
}

/// Keeps the event of what belongs to no conversation. The row's id follows from the provider's, so that a second
/// delivery finds it there.
fn keep_raw(message: &InboundMessage, raw: &Value, work: &mut Work) {
    let mut digest = Sha256::new();
    digest.update(message.channel.0.as_bytes());
    digest.update(message.provider_id.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    let message_id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    work.writes.raw_events.push(RawEventRow { message_id, event: raw.clone() });
}

/// What the senders of a batch are looked up by.
#[derive(Default)]
struct Addresses {
    channels: Vec<ChannelId>,
    phone_keys: Vec<String>,
    user_ids: Vec<String>,
}

impl Addresses {
    fn of(arrived: &[Arrived]) -> Self {
        let mut addresses = Self::default();
        for arrived in arrived {
            match &arrived.event {
                InboundEvent::Message(message) => addresses.add(message.channel, &message.sender),
                InboundEvent::IdentityChanged { channel, previous, current, .. } => {
                    addresses.add(*channel, previous);
                    addresses.add(*channel, current);
                }
                InboundEvent::Status(_) => {}
            }
        }
        for list in [&mut addresses.phone_keys, &mut addresses.user_ids] {
            list.sort_unstable();
            list.dedup();
        }
        addresses.channels.sort_unstable();
        addresses.channels.dedup();
        addresses
    }

    fn add(&mut self, channel: ChannelId, sender: &Sender) {
        self.channels.push(channel);
        self.phone_keys.extend(sender.phone.as_deref().map(phone_key));
        self.user_ids.extend(sender.user_id.clone());
    }

    fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    fn locks(&self) -> Vec<String> {
        self.phone_keys.iter().chain(&self.user_ids).cloned().collect()
    }
}
