//! The network: sockets that keep their order, break with or without a word, and deliver what was on its way.

use ciranda_sync::machine::SocketId;
use rand::Rng;

use crate::world::{Event, World};

/// Names a socket of the run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SocketNo(pub u32);

/// A socket of the run, at both ends and on the way.
pub struct Socket {
    pub desktop: usize,
    pub incarnation: u32,
    pub local: SocketId,
    pub at_client: bool,
    /// Nothing that is sent arrives any more, and nobody is told.
    pub silent: bool,
    pub up_at: u64,
    pub down_at: u64,
}

impl World {
    pub fn own_sockets(&self, desktop: usize) -> impl Iterator<Item = SocketNo> {
        let incarnation = self.incarnation(desktop);
        let own = move |socket: &Socket| {
            (socket.desktop, socket.incarnation, socket.at_client) == (desktop, incarnation, true)
        };
        self.sockets.iter().filter(move |(_, socket)| own(socket)).map(|(no, _)| *no)
    }

    pub fn latency(&mut self) -> u64 {
        if self.faults && self.random.random_bool(0.05) {
            self.random.random_range(0..4_000)
        } else {
            self.random.random_range(1..60)
        }
    }

    pub fn connect(&mut self, desktop: usize, incarnation: u32, local: SocketId) {
        let no = SocketNo(self.sockets.len() as u32);
        let (up_at, down_at) = (self.now, self.now);
        self.sockets.insert(no, Socket { desktop, incarnation, local, at_client: true, silent: false, up_at, down_at });
        if self.faults && self.random.random_bool(0.1) {
            self.down(no, |no| Event::ClosedAtClient(no, 1006));
        } else {
            self.up(no, Event::Accept);
        }
    }

    /// What is sent from now on is lost; the server notices some time later.
    pub fn silence(&mut self, desktop: usize) {
        let Some(no) = self.own_sockets(desktop).last() else { return };
        if let Some(socket) = self.sockets.get_mut(&no) {
            socket.silent = true;
        }
        let delay = self.random.random_range(0..40_000);
        self.at(delay, Event::ClosedAtServer(no));
    }

    /// One socket dies: with a word to both ends, or without any.
    pub fn cut(&mut self, desktop: usize) {
        let Some(no) = self.own_sockets(desktop).last() else { return };
        if self.random.random_bool(0.3) {
            self.silence(desktop);
        } else {
            self.down(no, |no| Event::ClosedAtClient(no, 1006));
            self.up(no, Event::ClosedAtServer);
        }
    }

    /// Sends towards the client, after everything sent before.
    pub fn down(&mut self, no: SocketNo, event: impl FnOnce(SocketNo) -> Event) {
        let delay = self.latency();
        let Some(socket) = self.sockets.get_mut(&no) else { return };
        if !socket.silent {
            socket.down_at = socket.down_at.max(self.now + delay);
            let delay = socket.down_at - self.now;
            self.at(delay, event(no));
        }
    }

    pub fn up(&mut self, no: SocketNo, event: impl FnOnce(SocketNo) -> Event) {
        let delay = self.latency();
        let Some(socket) = self.sockets.get_mut(&no) else { return };
        if !socket.silent {
            socket.up_at = socket.up_at.max(self.now + delay);
            let delay = socket.up_at - self.now;
            self.at(delay, event(no));
        }
    }

    pub fn client_leaves(&mut self, no: SocketNo) {
        if let Some(socket) = self.sockets.get_mut(&no) {
            socket.at_client = false;
        }
        // Frames on their way still arrive before the server notices.
        self.up(no, Event::ClosedAtServer);
    }
}
