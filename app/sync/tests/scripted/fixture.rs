//! A client at the hands of a test that plays the server.

use ciranda_domain::access::{Atom, audience};
use ciranda_domain::channel::{Channel, ChannelKind};
use ciranda_domain::contact::ContactCard;
use ciranda_domain::conversation::{Conversation, LastLine, Pending, Side, State, Window};
use ciranda_domain::ids::{
    AccountId, ChannelId, ClientId, ContactId, ConversationId, IdentityId, MessageId, PersonId, PersonNumber, TeamId,
    TeamNumber,
};
use ciranda_domain::message::{Body, Content, Delivery, Kind, Message};
use ciranda_domain::person::{Availability, Person, PersonStatus, Profile};
use ciranda_domain::team::{Distribution, Level, Membership, Team};
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Op, Page, SCHEMA, Started, Up};
use ciranda_sync::machine::{Client, FetchId, Input, Output, SocketId, Tick};
use ciranda_sync::rows::{Epoch, Row, Seq};
use ciranda_sync::wire::{decode_up, encode};
use uuid::Uuid;

pub const ANA: PersonId = PersonId(Uuid::from_u128(1));
pub const BRUNO: PersonId = PersonId(Uuid::from_u128(2));
pub const TEAM: TeamId = TeamId(Uuid::from_u128(3));
pub const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(4));
pub const CHAT: ConversationId = ConversationId(Uuid::from_u128(10));
pub const MORNING: Moment = Moment(1_790_000_000_000);

/// Ana's browser.
pub struct Bench {
    pub client: Client,
    pub now: u64,
    /// What the machine wanted since it was last asked.
    pub outputs: Vec<Output>,
    pub socket: SocketId,
    /// How many numbers the server has given.
    pub seq: u64,
}

impl Bench {
    /// A browser that has just been loaded.
    pub fn new() -> Self {
        let client = Client::new(ClientId(Uuid::from_u128(77)), 5);
        let mut bench = Self { client, now: 1_000, outputs: Vec::new(), socket: SocketId(0), seq: 10 };
        bench.input(Input::Start);
        bench
    }

    /// A browser that is live and shows one conversation, offered to the team.
    pub fn live() -> Self {
        let mut bench = Self::new();
        bench.boot();
        bench.welcome(0);
        bench
    }

    /// Answers everything that is asked for until a socket is wanted.
    pub fn boot(&mut self) {
        let started = Started {
            schema: SCHEMA,
            account: AccountId(Uuid::from_u128(9)),
            person: ANA,
            seq: Seq(self.seq),
            epoch: Epoch(1),
            atoms: atoms(),
            now: self.moment(),
        };
        self.answer(encode(&started));
        self.answer(encode(&page(reference())));
        self.answer(encode(&page(vec![(Seq(5), row(&offered()))])));
        self.answer(encode(&page(Vec::new())));
    }

    /// Business time as the server has it.
    pub fn moment(&self) -> Moment {
        MORNING + Span(self.now.cast_signed())
    }

    pub fn input(&mut self, input: Input) {
        self.client.input(Tick(self.now), input);
        while let Some(output) = self.client.poll() {
            if let Output::Connect(socket) = output {
                self.socket = socket;
            }
            self.outputs.push(output);
        }
    }

    /// Lets time pass, waking the machine whenever it wants to be.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        while let Some(wake) = self.wake().filter(|wake| *wake <= until) {
            self.now = wake.max(self.now);
            self.outputs.retain(|output| !matches!(output, Output::WakeAt(_)));
            self.input(Input::Tick);
        }
        self.now = until;
    }

    fn wake(&self) -> Option<u64> {
        self.outputs.iter().rev().find_map(|output| match output {
            Output::WakeAt(Tick(wake)) => Some(*wake),
            _ => None,
        })
    }

    /// Answers the request that is out.
    pub fn answer(&mut self, body: Vec<u8>) {
        let fetch = self.asked().expect("something is asked for");
        self.outputs.retain(|output| !matches!(output, Output::FetchStart(_) | Output::FetchPage { .. }));
        self.input(Input::Fetched { fetch, body });
    }

    pub fn asked(&self) -> Option<FetchId> {
        self.outputs.iter().rev().find_map(|output| match output {
            Output::FetchStart(fetch) | Output::FetchPage { fetch, .. } => Some(*fetch),
            _ => None,
        })
    }

    /// The socket opens and the server greets: nothing was missed, and it knows the client's numbers so far.
    pub fn welcome(&mut self, last_mutation: u64) {
        self.input(Input::SocketOpened(self.socket));
        let (now, head) = (self.moment(), Seq(self.seq));
        self.frame(&Down::Welcome { now, head, epoch: Epoch(1), last_mutation });
        self.frame(&Down::Delta { from: head, to: head, acked: last_mutation, ops: Vec::new() });
    }

    pub fn frame(&mut self, down: &Down) {
        let (socket, bytes) = (self.socket, encode(down));
        self.input(Input::Frame { socket, bytes });
    }

    /// A delta with the next numbers, one for each row.
    pub fn delta(&mut self, acked: u64, rows: Vec<Row>) {
        let from = Seq(self.seq);
        let put = |row| {
            self.seq += 1;
            Op::Put { rev: Seq(self.seq), row }
        };
        let ops = rows.into_iter().map(put).collect();
        self.frame(&Down::Delta { from, to: Seq(self.seq), acked, ops });
    }

    /// The frames sent since the last time.
    pub fn sent(&mut self) -> Vec<Up> {
        let (sent, rest) = self.outputs.drain(..).partition(|output| matches!(output, Output::Send { .. }));
        self.outputs = rest;
        let bytes = |output| match output {
            Output::Send { bytes, .. } => Some(bytes),
            _ => None,
        };
        let frames = sent.into_iter().filter_map(bytes);
        frames.map(|bytes: Vec<u8>| decode_up(&bytes).expect("the machine sends what a server can read")).collect()
    }

    /// The calls sent since the last time, with their numbers.
    pub fn calls(&mut self) -> Vec<(u64, Call)> {
        let sent = self.sent().into_iter();
        sent.flat_map(|up| match up {
            Up::Mutate { first, calls } => (first..).zip(calls).collect(),
            _ => Vec::new(),
        })
        .collect()
    }

    /// Whether something of that kind was wanted since the last [`Self::sent`].
    pub fn wanted(&self, kind: impl Fn(&Output) -> bool) -> bool {
        self.outputs.iter().any(kind)
    }
}

pub fn atoms() -> Vec<Atom> {
    ciranda_domain::access::atoms(&person(ANA, 1), &[membership(ANA)], &[team()])
}

pub fn reference() -> Vec<(Seq, Row)> {
    let channel = Channel { id: CHANNEL, kind: ChannelKind::WhatsApp, name: "Loja".to_owned(), address: String::new() };
    let rows = [
        Row::Person(person(ANA, 1)),
        Row::Person(person(BRUNO, 2)),
        Row::Team(team()),
        Row::Membership(membership(ANA)),
        Row::Membership(membership(BRUNO)),
        Row::Channel(channel),
    ];
    rows.into_iter().map(|row| (Seq(1), row)).collect()
}

fn person(id: PersonId, number: u32) -> Person {
    let (number, name, created_at) = (PersonNumber(number), "Ana".to_owned(), MORNING);
    let (profile, availability, status) = (Profile::Attendant, Availability::Available, PersonStatus::Active);
    Person { id, number, name, profile, availability, status, created_at }
}

fn team() -> Team {
    let (number, level, distribution) = (TeamNumber(1), Level::Team, Distribution::Off);
    Team { id: TEAM, number, name: "Geral".to_owned(), is_default: true, level, distribution, deleted: false }
}

fn membership(person: PersonId) -> Membership {
    Membership { team: TEAM, person, attends: true, supervises: false }
}

/// The conversation, offered to the whole team, the window open.
pub fn offered() -> Conversation {
    let at = MORNING;
    let line = LastLine { at, side: Side::Customer, text: "oi".to_owned(), kind: Kind::Text, delivery: None };
    Conversation {
        id: CHAT,
        channel: CHANNEL,
        contact: ContactCard {
            id: ContactId(Uuid::from_u128(5)),
            identity: IdentityId(Uuid::from_u128(6)),
            name: "Zé".to_owned(),
            phone: String::new(),
            preferred: None,
        },
        team: TEAM,
        state: State::Pending(Pending::Open { since: at }),
        created_at: at,
        enqueued_at: None,
        last_at: at,
        last_line: Some(line),
        unread: 1,
        window: Window { last_counted: Some(at), refused_at: None },
        waiting: 0,
        received_from: None,
        mentions: Vec::new(),
    }
}

/// The conversation once somebody has started it.
pub fn started_by(responsible: PersonId) -> Conversation {
    Conversation { state: State::InProgress { responsible, since: MORNING }, unread: 0, ..offered() }
}

/// As it is after somebody of the desk wrote at an instant.
pub fn answered(mut head: Conversation, at: Moment) -> Conversation {
    let (side, kind, delivery) = (Side::Desk, Kind::Text, Some(Delivery::Queued));
    head.last_line = Some(LastLine { at, side, text: "respondido".to_owned(), kind, delivery });
    head.last_at = at;
    head
}

pub fn row(head: &Conversation) -> Row {
    let number = |person| Some(PersonNumber(if person == ANA { 1 } else { 2 }));
    Row::Conversation { head: Box::new(head.clone()), audience: audience(&head.state, TeamNumber(1), number) }
}

pub fn text(n: u128) -> Call {
    Call::Send { conversation: CHAT, message: message(n), text: format!("texto {n}") }
}

pub fn message(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(1_000 + n))
}

/// The line that a text becomes at the server.
pub fn line(n: u128, at: Moment) -> Row {
    let body = Body::Text(format!("texto {n}"));
    let content = Content::Outbound { author: ANA, body, delivery: Delivery::Queued };
    Row::Message(Message { id: message(n), conversation: CHAT, at, order: 0, content })
}

pub fn page(rows: Vec<(Seq, Row)>) -> Page {
    Page { epoch: Epoch(1), rows, next: None }
}
