//! The run: clients, node and network on one queue of events in simulated time. Everything random comes from one seed.

use std::collections::BTreeMap;

use ciranda_domain::ids::{ClientId, PersonId};
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, PageRequest, Up};
use ciranda_sync::horizon::Horizon;
use ciranda_sync::machine::{FetchId, Input, Output, SocketId, Tick};
use ciranda_sync::serve::Encoded;
use ciranda_sync::wire::{decode_down, decode_up, encode};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::authority::Authority;
use crate::desktop::Desktop;
use crate::network::{Socket, SocketNo};
use crate::organisation;
use crate::server::{Effect, Server};

/// Everything there is.
pub struct World {
    pub random: SmallRng,
    pub authority: Authority,
    pub server: Server,
    pub horizon: Horizon,
    pub desktops: Vec<Desktop>,
    pub now: u64,
    /// Whether the network and the node misbehave.
    pub faults: bool,
    /// Whether a client's numbers were forgotten: then a text may be asked for twice.
    pub forgot: bool,
    traced: Option<u64>,
    pub sockets: BTreeMap<SocketNo, Socket>,
    events: BTreeMap<(u64, u64), Event>,
    /// What each number was first sent for.
    numbered: BTreeMap<(ClientId, u64), Call>,
    boot: u32,
    serial: u64,
}

/// What is to happen.
pub enum Event {
    Wake {
        desktop: usize,
        incarnation: u32,
    },
    Accept(SocketNo),
    Opened(SocketNo),
    Up(SocketNo, Vec<u8>),
    Down(SocketNo, Vec<u8>),
    /// The client learns that the socket is gone.
    ClosedAtClient(SocketNo, u16),
    /// The server learns it.
    ClosedAtServer(SocketNo),
    Asked {
        desktop: usize,
        incarnation: u32,
        fetch: FetchId,
        request: Option<PageRequest>,
    },
    Answered {
        desktop: usize,
        incarnation: u32,
        fetch: FetchId,
        answer: Result<Vec<u8>, u16>,
    },
    Publish {
        boot: u32,
        commit: Box<Encoded>,
    },
    Poll,
    Act,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut random = SmallRng::seed_from_u64(seed);
        let authority = organisation::found(&mut random);
        let horizon = Horizon { own: Span::hours(2), others: 2 };
        let mut world = Self {
            authority,
            server: Server::default(),
            horizon,
            desktops: Vec::new(),
            now: 1_000,
            faults: true,
            forgot: false,
            traced: crate::number("SIM_TRACE"),
            sockets: BTreeMap::new(),
            events: BTreeMap::new(),
            numbered: BTreeMap::new(),
            boot: 0,
            serial: 0,
            random,
        };
        let people: Vec<_> = world.authority.organisation.people.keys().copied().collect();
        for person in people.iter().chain(&people[..2]) {
            world.seat(*person);
        }
        world.at(250, Event::Poll);
        world
    }

    fn seat(&mut self, person: PersonId) {
        let id = ClientId(Uuid::from_u128(self.random.random()));
        let desktop = Desktop::new(person, id, self.random.random(), self.horizon);
        self.desktops.push(desktop);
        self.input(self.desktops.len() - 1, Input::Start);
    }

    /// The page is loaded anew: a new client, and whatever the old one had is forgotten.
    pub fn reload(&mut self, at: usize) {
        let old = self.incarnation(at);
        let gone: Vec<_> = self.own_sockets(at).collect();
        for socket in gone {
            self.client_leaves(socket);
        }
        let id = ClientId(Uuid::from_u128(self.random.random()));
        let person = self.desktops[at].person;
        self.desktops[at] = Desktop::new(person, id, self.random.random(), self.horizon);
        self.desktops[at].incarnation = old + 1;
        self.input(at, Input::Start);
    }

    pub fn incarnation(&self, desktop: usize) -> u32 {
        self.desktops[desktop].incarnation
    }

    /// Schedules an event so many milliseconds from now.
    pub fn at(&mut self, delay: u64, event: Event) {
        self.serial += 1;
        self.events.insert((self.now + delay, self.serial), event);
    }

    /// Lets simulated time pass.
    pub fn run_until(&mut self, until: u64) {
        while let Some(entry) = self.events.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), event) = entry.remove_entry();
            self.advance(at);
            self.happen(event);
        }
        self.advance(until);
    }

    fn advance(&mut self, to: u64) {
        let passed = to.max(self.now) - self.now;
        self.now += passed;
        self.authority.now = self.authority.now + Span(passed.cast_signed());
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Wake { desktop, incarnation } => {
                let due = self.desktops[desktop].wake.is_some_and(|wake| wake <= self.now);
                if self.incarnation(desktop) == incarnation && due {
                    self.desktops[desktop].wake = None;
                    self.input(desktop, Input::Tick);
                }
            }
            Event::Accept(socket) => {
                let Some(person) = self.sockets.get(&socket).map(|socket| self.desktops[socket.desktop].person) else {
                    return;
                };
                self.server.connect(socket, person);
                self.down(socket, Event::Opened);
            }
            Event::Opened(no) => self.tell_client(no, Input::SocketOpened),
            Event::Up(no, bytes) => {
                let effects = self.server.receive(no, &bytes, &mut self.authority, self.horizon, &mut self.random);
                self.effects(effects);
            }
            Event::Down(no, bytes) => self.tell_client(no, |socket| Input::Frame { socket, bytes }),
            Event::ClosedAtClient(no, code) => {
                self.tell_client(no, |socket| Input::SocketClosed { socket, code });
                if let Some(socket) = self.sockets.get_mut(&no) {
                    socket.at_client = false;
                }
            }
            Event::ClosedAtServer(no) => _ = self.server.connections.remove(&no),
            Event::Asked { desktop, incarnation, fetch, request } => self.asked(desktop, incarnation, fetch, request),
            Event::Answered { desktop, incarnation, fetch, answer } => {
                if self.incarnation(desktop) == incarnation {
                    self.input(
                        desktop,
                        match answer {
                            Ok(body) => Input::Fetched { fetch, body },
                            Err(status) => Input::FetchFailed { fetch, status },
                        },
                    );
                }
            }
            Event::Publish { boot, commit } => {
                if boot == self.boot {
                    let effects = self.server.publish(&commit, &self.authority);
                    self.effects(effects);
                }
            }
            Event::Poll => {
                let effects = self.server.poll(&self.authority);
                self.effects(effects);
                self.at(500, Event::Poll);
            }
            Event::Act => self.act(),
        }
    }

    fn tell_client(&mut self, no: SocketNo, input: impl FnOnce(SocketId) -> Input) {
        let Some(socket) = self.sockets.get(&no) else { return };
        // Late events of a socket the client has left do reach it, and must not matter.
        if self.incarnation(socket.desktop) == socket.incarnation {
            self.input(socket.desktop, input(socket.local));
        }
    }

    fn asked(&mut self, desktop: usize, incarnation: u32, fetch: FetchId, request: Option<PageRequest>) {
        let person = self.desktops[desktop].person;
        let answer = if self.faults && self.random.random_bool(0.05) {
            Err(*[0, 500, 503].get(self.random.random_range(0..3)).unwrap_or(&0))
        } else {
            Ok(match request {
                None => Server::start(person, &self.authority),
                Some(request) => Server::page(person, &request, &self.authority, self.horizon),
            })
        };
        let delay = self.latency();
        self.at(delay, Event::Answered { desktop, incarnation, fetch, answer });
    }

    fn effects(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(no, bytes) => {
                    // A lost or doubled delta is what the ranges are there to notice.
                    let delta = matches!(decode_down(&bytes), Ok(Down::Delta { .. }));
                    let copies = if delta && self.faults && self.random.random_bool(0.02) {
                        self.random.random_range(0..3)
                    } else {
                        1
                    };
                    for _ in 0..copies {
                        let bytes = bytes.clone();
                        self.down(no, |no| Event::Down(no, bytes));
                    }
                }
                Effect::Close(no, code) => {
                    self.server.connections.remove(&no);
                    self.down(no, |no| Event::ClosedAtClient(no, code));
                }
                Effect::Publish(commit) => self.publish(commit),
            }
        }
    }

    /// Hands a commit to the hub; a node that crashes in between never does.
    pub fn publish(&mut self, commit: Encoded) {
        if self.faults && self.random.random_bool(0.01) {
            return self.crash();
        }
        let lost = self.faults && self.random.random_bool(0.03);
        let delay = if self.faults { self.random.random_range(0..30) } else { 1 };
        if !lost {
            self.at(delay, Event::Publish { boot: self.boot, commit: Box::new(commit) });
        }
    }

    /// The node dies and another begins: every socket breaks, whatever was not committed or published is gone.
    pub fn crash(&mut self) {
        self.boot += 1;
        let sockets: Vec<_> = self.server.connections.keys().copied().collect();
        self.server.connections.clear();
        for socket in sockets {
            self.down(socket, |no| Event::ClosedAtClient(no, 1006));
        }
    }

    /// The clock of the business is moved.
    pub fn move_clock(&mut self, by: Span) {
        self.authority.now = self.authority.now + by;
        let now: Moment = self.authority.now;
        let sockets: Vec<_> = self.server.connections.keys().copied().collect();
        for no in sockets {
            self.down(no, |no| Event::Down(no, encode(&Down::Clock { now })));
        }
    }

    /// Gives a client an input and does what it wants.
    pub fn input(&mut self, at: usize, input: Input) {
        let tick = Tick(self.now);
        self.trace(at, &input);
        let outputs = self.desktops[at].input(tick, input);
        for output in outputs {
            self.output(at, output);
        }
    }

    /// With `SIM_TRACE=2` everything that desktop 2 is told and does is printed.
    fn trace(&self, at: usize, input: &Input) {
        if self.traced == Some(at as u64) {
            match input {
                Input::Frame { socket, bytes } => eprintln!("{} {socket:?} {:.400?}", self.now, decode_down(bytes)),
                other => eprintln!("{} {other:.200?}", self.now),
            }
        }
    }

    fn output(&mut self, at: usize, output: Output) {
        if self.traced == Some(at as u64) && !matches!(output, Output::Changed(_)) {
            eprintln!("{} -> {output:.200?}", self.now);
        }
        let (desktop, incarnation) = (at, self.incarnation(at));
        match output {
            Output::FetchStart(fetch) => {
                let delay = self.latency();
                self.at(delay, Event::Asked { desktop, incarnation, fetch, request: None });
            }
            Output::FetchPage { fetch, request } => {
                let delay = self.latency();
                self.at(delay, Event::Asked { desktop, incarnation, fetch, request: Some(request) });
            }
            Output::Connect(local) => self.connect(desktop, incarnation, local),
            Output::Disconnect(local) => {
                let left = self.own_sockets(at).find(|no| self.sockets[no].local == local);
                left.into_iter().for_each(|no| self.client_leaves(no));
            }
            Output::Send { socket, bytes } => {
                self.note_numbers(at, &bytes);
                let no = self.own_sockets(at).find(|no| self.sockets[no].local == socket);
                if let Some(no) = no {
                    self.up(no, |no| Event::Up(no, bytes));
                }
            }
            Output::WakeAt(Tick(wake)) => {
                self.desktops[at].wake = Some(wake);
                self.at(wake.saturating_sub(self.now), Event::Wake { desktop, incarnation });
            }
            Output::Changed(_) | Output::Connection(_) | Output::Rejected { .. } | Output::Clock { .. } => {}
        }
    }

    /// A number is for one call only; the one exception is a call taken back.
    fn note_numbers(&mut self, at: usize, bytes: &[u8]) {
        let Ok(Up::Mutate { first, calls }) = decode_up(bytes) else { return };
        let client = self.desktops[at].id;
        for (n, call) in (first..).zip(calls) {
            let known = self.numbered.entry((client, n)).or_insert_with(|| call.clone());
            assert!(*known == call || call == Call::Nothing || self.forgot, "number {n} was {known:?}, is {call:?}");
        }
    }
}
