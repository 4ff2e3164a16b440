//! The socket: connecting, heartbeat, losing it and coming back.
//!
//! *Invariant:* at most one socket is wanted; events of any other are ignored. A socket is asked for only when the
//! replica has a cursor to begin from.

use ciranda_domain::ids::{ConversationId, MessageId};

use super::backoff::Backoff;
use super::{Client, Output, SocketId, Stop, Tick};
use crate::frames::{SCHEMA, Up, close};
use crate::rows::Seq;
use crate::wire::encode;

/// Each side speaks at least this often.
const HEARTBEAT: u64 = 15_000;
/// A side not heard for so long is dead; so is a socket that does not open or is not welcomed.
const DEAD: u64 = 30_000;
const GREETING: u64 = 10_000;
/// A connection that lasted so long forgives the failures before it.
const STEADY: u64 = 10_000;

#[derive(Debug)]
pub(super) struct Link {
    stage: Stage,
    backoff: Backoff,
    last: u32,
    pings: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    /// Not wanted: there is no cursor yet.
    Down,
    /// To be opened at this instant.
    From(Tick),
    Opening {
        socket: SocketId,
        since: Tick,
    },
    /// Open, `Hello` sent.
    Greeting {
        socket: SocketId,
        since: Tick,
    },
    /// Welcomed. Caught up once the cursor reaches `head`, by a delta received since.
    Up {
        socket: SocketId,
        since: Tick,
        heard: Tick,
        pinged: Tick,
        catching_up: Option<Seq>,
    },
    Stopped(Stop),
}

impl Link {
    pub(super) fn new(seed: u64) -> Self {
        Self { stage: Stage::Down, backoff: Backoff::new(seed), last: 0, pings: 0 }
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        match self.stage {
            Stage::Stopped(stop) => Some(stop),
            Stage::Down | Stage::From(_) | Stage::Opening { .. } | Stage::Greeting { .. } | Stage::Up { .. } => None,
        }
    }

    pub(super) fn failures(&self) -> u32 {
        self.backoff.failures()
    }

    pub(super) fn is_down(&self) -> bool {
        self.stage == Stage::Down
    }

    pub(super) fn is_up(&self) -> bool {
        matches!(self.stage, Stage::Up { .. })
    }

    /// Welcomed, and everything missed has been replayed.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Up { catching_up: None, .. })
    }

    pub(super) fn greets(&self, socket: SocketId) -> bool {
        matches!(self.stage, Stage::Greeting { socket: own, .. } if own == socket)
    }

    fn socket(&self) -> Option<SocketId> {
        match self.stage {
            Stage::Opening { socket, .. } | Stage::Greeting { socket, .. } | Stage::Up { socket, .. } => Some(socket),
            Stage::Down | Stage::From(_) | Stage::Stopped(_) => None,
        }
    }

    pub(super) fn due(&self) -> Option<Tick> {
        match self.stage {
            Stage::Down | Stage::Stopped(_) => None,
            Stage::From(at) => Some(at),
            Stage::Opening { since, .. } | Stage::Greeting { since, .. } => Some(Tick(since.0 + GREETING)),
            Stage::Up { heard, pinged, .. } => Some(Tick((heard.0 + DEAD).min(pinged.0 + HEARTBEAT))),
        }
    }

    /// Notes that the other side was heard; false when the frame is of another socket.
    pub(super) fn hear(&mut self, now: Tick, from: SocketId) -> bool {
        let own = self.socket() == Some(from);
        if let (true, Stage::Up { heard, .. }) = (own, &mut self.stage) {
            *heard = now;
        }
        own
    }

    pub(super) fn welcome(&mut self, now: Tick, head: Seq) {
        if let Stage::Greeting { socket, .. } = self.stage {
            self.stage = Stage::Up { socket, since: now, heard: now, pinged: now, catching_up: Some(head) };
        }
    }

    /// A delta reached `cursor`; true when that is what was missing to be live.
    pub(super) fn reached(&mut self, cursor: Seq) -> bool {
        match &mut self.stage {
            Stage::Up { catching_up: head @ Some(_), .. } if *head <= Some(cursor) => {
                *head = None;
                true
            }
            Stage::Up { .. }
            | Stage::Down
            | Stage::From(_)
            | Stage::Opening { .. }
            | Stage::Greeting { .. }
            | Stage::Stopped(_) => false,
        }
    }
}

impl Client {
    /// The replica has a cursor: connect, if that is not under way.
    pub(super) fn want_socket(&mut self, now: Tick) {
        if self.link.is_down() {
            self.link.stage = Stage::From(now);
        }
    }

    pub(super) fn socket_opened(&mut self, now: Tick, opened: SocketId) {
        if let Stage::Opening { socket, .. } = self.link.stage
            && socket == opened
            && let Some(cursor) = self.cursor
        {
            self.link.stage = Stage::Greeting { socket, since: now };
            let hello = Up::Hello {
                client: self.id,
                cursor,
                epoch: self.epoch,
                schema: SCHEMA,
                settled: self.outbox.settled(),
            };
            self.send(&hello);
        }
    }

    pub(super) fn socket_closed(&mut self, now: Tick, socket: SocketId, code: u16) {
        if self.link.socket() == Some(socket) {
            match code {
                close::SIGNED_OUT => self.stop(Stop::SignedOut),
                close::REFUSED => self.stop(Stop::Refused),
                _ => self.lose(now),
            }
        }
    }

    pub(super) fn link_due(&mut self, now: Tick) {
        if self.link.due().is_none_or(|due| due > now) {
            return;
        }
        match &mut self.link.stage {
            Stage::From(_) => {
                self.link.last += 1;
                let socket = SocketId(self.link.last);
                self.link.stage = Stage::Opening { socket, since: now };
                self.outputs.push_back(Output::Connect(socket));
            }
            Stage::Up { heard, pinged, .. } if heard.0 + DEAD > now.0 => {
                *pinged = now;
                self.ping();
            }
            Stage::Up { .. } | Stage::Opening { .. } | Stage::Greeting { .. } => self.lose(now),
            Stage::Down | Stage::Stopped(_) => {}
        }
    }

    fn ping(&mut self) {
        self.link.pings = self.link.pings.wrapping_add(1);
        self.send(&Up::Ping(self.link.pings));
    }

    /// The socket is dead or useless: let go of it and come back after a wait.
    pub(super) fn lose(&mut self, now: Tick) {
        if let Stage::Up { since, .. } = self.link.stage
            && now.0 >= since.0 + STEADY
        {
            self.link.backoff.succeed();
        }
        if matches!(self.link.stage, Stage::Opening { .. }) {
            self.probe(now);
        }
        if self.link.socket().is_some() {
            let at = self.link.backoff.fail(now);
            self.leave(at);
        }
    }

    /// Lets go of the socket and connects again at `at`, if there is a cursor to begin from.
    pub(super) fn leave(&mut self, at: Tick) {
        self.outputs.extend(self.link.socket().map(Output::Disconnect));
        self.link.stage = if self.cursor.is_some() { Stage::From(at) } else { Stage::Down };
        let cursor = self.cursor.unwrap_or_default();
        self.view.edit(|replica| replica.disconnected(cursor));
    }

    pub(super) fn stop(&mut self, stop: Stop) {
        self.outputs.extend(self.link.socket().map(Output::Disconnect));
        self.link.stage = Stage::Stopped(stop);
        self.fetcher.stop();
    }

    /// The network or the person is back: whatever waits is tried at once, and a silent socket is asked for a sign.
    pub(super) fn hurry(&mut self, now: Tick) {
        self.fetcher.hurry(now);
        match &mut self.link.stage {
            Stage::From(at) => *at = now,
            Stage::Up { pinged, .. } => {
                *pinged = now;
                self.ping();
            }
            Stage::Down | Stage::Opening { .. } | Stage::Greeting { .. } | Stage::Stopped(_) => {}
        }
    }

    /// Sends what of the outbox may go.
    pub(super) fn flush(&mut self) {
        if self.link.is_live() {
            for frame in self.outbox.transmit() {
                self.send(&frame);
            }
        }
    }

    pub(super) fn send_open(&mut self, conversation: ConversationId, have: Seq) {
        if self.link.is_up() {
            *self.unanswered.entry(conversation).or_default() += 1;
            self.send(&Up::Open { conversation, have });
        }
    }

    pub(super) fn send_close(&mut self, conversation: ConversationId) {
        if self.link.is_up() {
            self.send(&Up::Close { conversation });
        }
    }

    pub(super) fn send_older(&mut self, conversation: ConversationId, before: MessageId) {
        self.send(&Up::Older { conversation, before });
    }

    /// Asks for the histories that are missing of what is on screen.
    pub(super) fn ask_histories(&mut self) {
        if !self.link.is_up() {
            return;
        }
        for conversation in self.open.clone() {
            if self.view.edit(|replica| replica.want_history(conversation)) {
                self.send(&Up::History { conversation });
            }
        }
    }

    pub(super) fn send(&mut self, frame: &Up) {
        if let Some(socket) = self.link.socket() {
            self.outputs.push_back(Output::Send { socket, bytes: encode(frame) });
        }
    }
}
