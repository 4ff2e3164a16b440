//! The account's truth in memory: rows, revisions, the log and what the sequence was at every number.
//!
//! It stands for the database and its one kind of write: lock, decide, take numbers, write rows and lines, commit. The
//! decisions, the audiences, the filter and the session code are production's.

use std::collections::BTreeMap;

use ciranda_domain::access::{Actor, Unseen, audience, meets};
use ciranda_domain::channel::Channel;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ChannelId, ClientId, ConversationId, MessageId, PersonId};
use ciranda_domain::message::Message;
use ciranda_domain::organisation::Organisation;
use ciranda_domain::time::Moment;
use ciranda_sync::filter::{Change, Commit, Current, LogLine, Rights};
use ciranda_sync::frames::Refused;
use ciranda_sync::rows::{Account, Atom, Epoch, Row, RowId, Seq};
use ciranda_sync::serve::Standing;
use uuid::Uuid;

/// The account.
pub struct Authority {
    pub now: Moment,
    pub head: Seq,
    pub floor: Seq,
    pub account: Account,
    pub organisation: Organisation,
    pub channels: BTreeMap<ChannelId, Channel>,
    pub heads: BTreeMap<ConversationId, Head>,
    pub lines: BTreeMap<ConversationId, BTreeMap<MessageId, (Seq, Message)>>,
    pub clients: BTreeMap<ClientId, KnownClient>,
    /// Texts that were asked for again after they had been taken.
    pub repeated_texts: usize,
    revs: BTreeMap<RowId, Seq>,
    log: Vec<LogLine>,
    rights: BTreeMap<PersonId, BTreeMap<Seq, (Epoch, Vec<Atom>)>>,
    audiences: BTreeMap<ConversationId, BTreeMap<Seq, Vec<Atom>>>,
    ids: u128,
}

/// A conversation's head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    pub rev: Seq,
    pub conversation: Conversation,
    pub audience: Vec<Atom>,
}

/// What is remembered of a client.
#[derive(Clone, Default)]
pub struct KnownClient {
    pub last_mutation: u64,
    pub refusals: BTreeMap<u64, Refused>,
}

/// One write of a transaction.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "few at a time, and written at once")]
pub enum Edit {
    Head(Conversation),
    Line(Message),
    Reference(Row),
    RemoveMembership(RowId),
}

impl Authority {
    pub fn new(account: Account, now: Moment) -> Self {
        Self {
            now,
            head: Seq(0),
            floor: Seq(0),
            account,
            organisation: Organisation::default(),
            channels: BTreeMap::new(),
            heads: BTreeMap::new(),
            lines: BTreeMap::new(),
            clients: BTreeMap::new(),
            repeated_texts: 0,
            revs: BTreeMap::new(),
            log: Vec::new(),
            rights: BTreeMap::new(),
            audiences: BTreeMap::new(),
            ids: 1 << 64,
        }
    }

    pub fn new_id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub fn actor(&self, person: PersonId) -> Actor {
        self.organisation.actor(person).expect("everybody of the run is of the account")
    }

    /// Writes `edits` in one transaction, one number each, and tells what changed.
    pub fn commit(&mut self, client: Option<(ClientId, u64)>, edits: Vec<Edit>) -> Commit {
        let from = self.head;
        let mut changes = Vec::new();
        let seen_before: BTreeMap<_, _> = self.heads.iter().map(|(id, head)| (*id, head.audience.clone())).collect();
        for edit in edits {
            self.head.0 += 1;
            changes.push(self.write(edit));
        }
        for change in &mut changes {
            self.fill_audiences(change, &seen_before);
            self.log.push(LogLine {
                seq: change.seq,
                row: change.row,
                audience_before: change.audience_before.clone(),
                audience_after: change.audience_after.clone(),
            });
        }
        let rights = self.changed_rights();
        Commit { from, to: self.head, client, changes, rights, notices: Vec::new() }
    }

    fn write(&mut self, edit: Edit) -> Change {
        let seq = self.head;
        let (row, after) = match edit {
            Edit::Head(conversation) => {
                let team = self.organisation.teams[&conversation.team].number;
                let audience = audience(&conversation.state, team, |person| self.organisation.number_of(person));
                let head = Head { rev: seq, conversation, audience };
                let (id, row) = (head.conversation.id, head.row());
                self.audiences.entry(id).or_default().insert(seq, head.audience.clone());
                self.heads.insert(id, head);
                (RowId::Conversation(id), Some(row))
            }
            Edit::Line(message) => {
                let row = RowId::Message(message.conversation, message.id);
                self.lines.entry(message.conversation).or_default().insert(message.id, (seq, message.clone()));
                (row, Some(Row::Message(message)))
            }
            Edit::Reference(row) => {
                self.write_reference(row.clone());
                (row.id(), Some(row))
            }
            Edit::RemoveMembership(row) => {
                if let RowId::Membership(team, person) = row {
                    self.organisation.memberships.remove(&(team, person));
                }
                (row, None)
            }
        };
        match after {
            Some(_) => _ = self.revs.insert(row, seq),
            None => _ = self.revs.remove(&row),
        }
        Change { seq, row, after, audience_before: Vec::new(), audience_after: Vec::new() }
    }

    fn write_reference(&mut self, row: Row) {
        match row {
            Row::Account(account) => self.account = account,
            Row::Person(person) => _ = self.organisation.people.insert(person.id, person),
            Row::Team(team) => _ = self.organisation.teams.insert(team.id, team),
            Row::Membership(m) => _ = self.organisation.memberships.insert((m.team, m.person), m),
            Row::Channel(channel) => _ = self.channels.insert(channel.id, channel),
            Row::Conversation { .. } | Row::Message(_) => unreachable!("not reference rows"),
        }
    }

    fn fill_audiences(&self, change: &mut Change, before: &BTreeMap<ConversationId, Vec<Atom>>) {
        let (RowId::Conversation(id) | RowId::Message(id, _)) = change.row else { return };
        change.audience_before = before.get(&id).cloned().unwrap_or_default();
        change.audience_after = self.heads[&id].audience.clone();
    }

    fn changed_rights(&mut self) -> Vec<Rights> {
        let mut changed = Vec::new();
        for person in self.organisation.people.keys().copied().collect::<Vec<_>>() {
            let atoms = self.actor(person).atoms().to_vec();
            let history = self.rights.entry(person).or_default();
            let last = history.values().next_back();
            if last.is_none_or(|(_, held)| *held != atoms) {
                let epoch = Epoch(last.map_or(0, |(epoch, _)| epoch.0) + 1);
                history.insert(self.head, (epoch, atoms.clone()));
                changed.push(Rights { person, epoch, atoms });
            }
        }
        changed
    }

    /// The person's epoch and atoms.
    pub fn rights(&self, person: PersonId) -> (Epoch, Vec<Atom>) {
        self.rights_at(person, self.head)
    }

    fn rights_at(&self, person: PersonId, at: Seq) -> (Epoch, Vec<Atom>) {
        let last = self.rights[&person].range(..=at).next_back();
        last.map(|(_, rights)| rights.clone()).unwrap_or_default()
    }

    /// Whether the person might see the conversation at that number: what the check for leaks stands on.
    pub fn could_see(&self, person: PersonId, conversation: ConversationId, at: Seq) -> bool {
        let audience = self.audiences.get(&conversation).and_then(|history| history.range(..=at).next_back());
        audience.is_some_and(|(_, audience)| meets(audience, &self.rights_at(person, at).1))
    }

    pub fn standing(&self, person: PersonId, client: ClientId) -> Standing {
        let (epoch, atoms) = self.rights(person);
        let last_mutation = self.clients.get(&client).map_or(0, |client| client.last_mutation);
        Standing { now: self.now, head: self.head, floor: self.floor, epoch, atoms, last_mutation }
    }

    pub fn log_above(&self, seq: Seq) -> &[LogLine] {
        let start = self.log.partition_point(|line| line.seq <= seq);
        &self.log[start..]
    }

    /// A row as it is now.
    pub fn current(&self, row: RowId) -> Option<Current> {
        let (row, audience) = match row {
            RowId::Conversation(id) => {
                let head = self.heads.get(&id)?;
                return Some(head.current());
            }
            RowId::Message(conversation, id) => {
                let (rev, message) = self.lines.get(&conversation)?.get(&id)?;
                let audience = self.heads[&conversation].audience.clone();
                return Some(Current { rev: *rev, row: Row::Message(message.clone()), audience });
            }
            RowId::Account(_) => (Row::Account(self.account.clone()), Vec::new()),
            RowId::Person(id) => (Row::Person(self.organisation.people.get(&id)?.clone()), Vec::new()),
            RowId::Team(id) => (Row::Team(self.organisation.teams.get(&id)?.clone()), Vec::new()),
            RowId::Membership(team, person) => {
                (Row::Membership(*self.organisation.memberships.get(&(team, person))?), Vec::new())
            }
            RowId::Channel(id) => (Row::Channel(self.channels.get(&id)?.clone()), Vec::new()),
        };
        Some(Current { rev: self.revs[&row.id()], row, audience })
    }

    /// All reference rows.
    pub fn reference(&self) -> Vec<(Seq, Row)> {
        let ids = self.revs.keys().filter(|id| !matches!(id, RowId::Conversation(_) | RowId::Message(..)));
        ids.filter_map(|id| self.current(*id)).map(|current| (current.rev, current.row)).collect()
    }

    /// The other conversations of a conversation's contact that a person sees, the latest first, and how many they do not.
    pub fn history(&self, person: PersonId, conversation: ConversationId) -> (Vec<&Head>, Unseen) {
        let contact = |head: &Head| head.conversation.contact.id;
        let Some(asked) = self.heads.get(&conversation) else { return (Vec::new(), Unseen::NONE) };
        let others = self.heads.values().filter(|head| contact(head) == contact(asked));
        let others = others.filter(|head| head.conversation.id != conversation);
        let (_, atoms) = self.rights(person);
        let (mut seen, unseen): (Vec<_>, Vec<_>) = others.partition(|head| meets(&head.audience, &atoms));
        seen.sort_by_key(|head| std::cmp::Reverse(head.conversation.created_at));
        let unseen = unseen.into_iter().map(|head| (head.conversation.team, 1));
        (seen, Unseen::count(&self.actor(person), unseen))
    }

    /// The conversations a person sees.
    pub fn visible(&self, person: PersonId) -> impl Iterator<Item = &Head> {
        let (_, atoms) = self.rights(person);
        self.heads.values().filter(move |head| meets(&head.audience, &atoms))
    }
}

impl Head {
    pub fn row(&self) -> Row {
        Row::Conversation { head: Box::new(self.conversation.clone()), audience: self.audience.clone() }
    }

    pub fn current(&self) -> Current {
        Current { rev: self.rev, row: self.row(), audience: self.audience.clone() }
    }
}
