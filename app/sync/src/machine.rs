//! The browser's end of the protocol as a machine without I/O: [`Client::input`] takes what happened, [`Client::poll`]
//! gives what to do, until it gives nothing.
//!
//! *Invariant:* whoever drives it only carries: every decision about fetching, connecting, numbering, giving up and
//! showing is taken here, from the inputs and the [`Tick`] that comes with each, so that a seeded run can replay it.
//!
//! Boot: `FetchStart`, then pages of reference, open and finished rows. Once the open ones are here the desk is usable
//! and the socket is asked for; the finished ones arrive beside live frames. **The place where a frame is applied** is
//! `Client::frame` in `machine/frames.rs`, which hands each op to [`crate::replica::Replica::apply`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ciranda_domain::ids::{ClientId, ConversationId, MessageId};
use ciranda_domain::time::Moment;

use crate::calls::Call;
use crate::horizon::Horizon;
use crate::replica::Replica;
use crate::rows::{Atom, Epoch, Seq};
use crate::view::{ChangeSet, View};

mod backoff;
mod event;
mod fetch;
mod frames;
mod link;
mod outbox;

pub use event::{Connection, FetchId, Input, Output, SocketId, Stop, Tick};
use fetch::Fetcher;
use link::Link;
pub use outbox::{Entry, Outbox, Standing};

/// One tab's end of the protocol.
#[derive(Debug)]
pub struct Client {
    id: ClientId,
    view: View,
    outbox: Outbox,
    fetcher: Fetcher,
    link: Link,
    /// Everything up to here is in the replica; `None` until a snapshot has begun.
    cursor: Option<Seq>,
    epoch: Epoch,
    /// The first screens can be shown.
    usable: bool,
    online: bool,
    offset: Option<i64>,
    /// Conversations on screen.
    open: BTreeSet<ConversationId>,
    /// How many openings of a conversation this socket has still to answer: only the last answer is of the last opening,
    /// and only from then on are its lines live.
    unanswered: BTreeMap<ConversationId, u32>,
    /// Since when it has not been live.
    lost: Tick,
    trimmed: Tick,
    changes: ChangeSet,
    outputs: VecDeque<Output>,
    told: Option<Connection>,
    wake: Option<Tick>,
}

impl Client {
    /// A machine that does nothing until [`Input::Start`]. `seed` spreads its reconnections.
    #[must_use]
    pub fn new(id: ClientId, seed: u64) -> Self {
        Self::with_horizon(id, seed, Horizon::default())
    }

    /// As [`Self::new`], with a horizon other than production's.
    #[must_use]
    pub fn with_horizon(id: ClientId, seed: u64, horizon: Horizon) -> Self {
        Self {
            id,
            view: View::new(Replica::new(horizon)),
            outbox: Outbox::default(),
            fetcher: Fetcher::new(seed),
            link: Link::new(seed.rotate_left(32)),
            cursor: None,
            epoch: Epoch(0),
            usable: false,
            online: true,
            offset: None,
            open: BTreeSet::new(),
            unanswered: BTreeMap::new(),
            lost: Tick(0),
            trimmed: Tick(0),
            changes: ChangeSet::default(),
            outputs: VecDeque::new(),
            told: None,
            wake: None,
        }
    }

    /// What the screens read.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Calls without a confirmed outcome.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    #[must_use]
    pub fn connection(&self) -> Connection {
        self.told.unwrap_or(Connection::Starting)
    }

    /// Whether the first screens can be shown.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Everything up to here is in the replica.
    #[must_use]
    pub fn cursor(&self) -> Option<Seq> {
        self.cursor
    }

    /// The conversations on screen, as far as they are this person's to see.
    #[must_use]
    pub fn open_conversations(&self) -> &BTreeSet<ConversationId> {
        &self.open
    }

    /// The business instant of a tick; `None` until the server has told its own.
    #[must_use]
    pub fn moment(&self, tick: Tick) -> Option<Moment> {
        self.offset.map(|offset| Moment(tick.0.cast_signed() + offset))
    }

    /// Takes one input. Drain [`Self::poll`] afterwards.
    pub fn input(&mut self, now: Tick, input: Input) {
        if self.link.stopped().is_some() {
            return;
        }
        // A wake-up that has come is used up: the same instant has to be asked for again.
        self.wake = self.wake.filter(|wake| *wake > now);
        match input {
            Input::Start => {
                self.lost = now;
                self.begin_snapshot(now);
            }
            Input::SocketOpened(socket) => self.socket_opened(now, socket),
            Input::SocketClosed { socket, code } => self.socket_closed(now, socket, code),
            Input::Frame { socket, bytes } => self.frame(now, socket, &bytes),
            Input::Fetched { fetch, body } => self.fetched(now, fetch, &body),
            Input::FetchFailed { fetch, status } => self.fetch_failed(now, fetch, status),
            Input::Call(call) => self.call(now, call),
            Input::Recall { call, at } => self.recall(now, call, at),
            Input::Open(conversation) => self.open(conversation),
            Input::Close(conversation) => self.close(now, conversation),
            Input::Older(conversation) => self.older(conversation),
            Input::Online(online) => self.online(now, online),
            Input::Visible => self.hurry(now),
            Input::Release(conversation) => self.release(now, conversation),
            Input::Discard(conversation) => self.discard(now, conversation),
            Input::Tick => {}
        }
        self.settle(now);
    }

    /// The next thing to do; `None` when there is nothing more until the next input.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// What follows from any input: due timers, retractions, what is outstanding, what is told.
    fn settle(&mut self, now: Tick) {
        self.fetch_due(now);
        self.link_due(now);
        self.trim_due(now);
        self.leave_retracted();
        self.ask_histories();
        self.remember_removals();
        if !self.changes.is_empty() {
            let changes = std::mem::take(&mut self.changes);
            self.outputs.push_back(Output::Changed(changes));
        }
        self.tell_connection(now);
        let wake = self.link.due().into_iter().chain(self.fetcher.due()).min();
        if self.wake != wake {
            self.wake = wake;
            self.outputs.extend(wake.map(Output::WakeAt));
        }
    }

    fn business(&self, now: Tick) -> Moment {
        self.moment(now).unwrap_or_default()
    }

    fn set_clock(&mut self, now: Tick, moment: Moment) {
        let offset = moment.0 - now.0.cast_signed();
        if self.offset != Some(offset) {
            self.offset = Some(offset);
            self.outputs.push_back(Output::Clock { offset });
        }
        self.trim(now);
    }

    /// Conversations on screen that are no longer this person's are closed at the server too.
    fn leave_retracted(&mut self) {
        let gone: Vec<_> = self.changes.retracted.intersection(&self.open).copied().collect();
        for conversation in gone {
            self.open.remove(&conversation);
            self.send_close(conversation);
        }
    }

    /// While an answer is outstanding, removals are remembered so that it cannot bring a row back.
    fn remember_removals(&mut self) {
        let replica = self.view.replica();
        let lines = self
            .open
            .iter()
            .filter_map(|id| replica.thread(*id))
            .any(|thread| thread.is_opening() || thread.awaits_older());
        let fetching = lines || self.fetcher.is_fetching();
        self.view.edit(|replica| replica.set_fetching(fetching));
    }

    fn trim_due(&mut self, now: Tick) {
        const EVERY: u64 = 10 * 60 * 1000;
        if now.0 >= self.trimmed.0 + EVERY {
            self.trim(now);
        }
    }

    fn trim(&mut self, now: Tick) {
        self.trimmed = now;
        let moment = self.business(now);
        self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| replica.trim(moment, touched));
    }

    fn tell_connection(&mut self, now: Tick) {
        let live = self.link.is_live();
        if live {
            self.lost = now;
        }
        let failing = !self.online || self.link.failures() >= 2 || self.fetcher.failures() >= 2;
        let connection = match self.link.stopped() {
            Some(stop) => Connection::Stopped(stop),
            None if live => Connection::Live,
            None if failing => Connection::Offline { since: self.lost },
            None if !self.usable => Connection::Starting,
            None => Connection::Recovering,
        };
        if self.told != Some(connection) {
            self.told = Some(connection);
            self.outputs.push_back(Output::Connection(connection));
        }
    }
}

/// What the person does.
impl Client {
    fn call(&mut self, now: Tick, call: Call) {
        let at = self.business(now);
        let basis =
            call.conversation().and_then(|id| self.view.replica().head(id)).map(|head| head.conversation.last_at);
        self.outbox.push(call, now, at, basis);
        self.flush();
        self.redraw();
    }

    fn recall(&mut self, now: Tick, call: Call, at: Moment) {
        self.outbox.recall(call, now, at, self.business(now));
        self.flush();
        self.redraw();
    }

    fn release(&mut self, now: Tick, conversation: ConversationId) {
        self.outbox.release(conversation, now);
        self.flush();
        self.redraw();
    }

    fn discard(&mut self, _now: Tick, conversation: ConversationId) {
        self.outbox.discard(conversation);
        self.redraw();
    }

    /// The outbox changed: lays it anew over the replica.
    fn redraw(&mut self) {
        self.changes.outbox = true;
        self.view.update(&mut self.changes, self.outbox.proposed(), |_, _| {});
    }

    fn open(&mut self, conversation: ConversationId) {
        if self.open.insert(conversation) {
            let have = self.view.edit(|replica| replica.open(conversation));
            self.send_open(conversation, have);
        }
    }

    fn close(&mut self, now: Tick, conversation: ConversationId) {
        if self.open.remove(&conversation) {
            let cursor = self.cursor.unwrap_or_default();
            let moment = self.business(now);
            self.view.update(&mut self.changes, self.outbox.proposed(), |replica, touched| {
                replica.close(conversation, cursor, moment, touched);
            });
            self.send_close(conversation);
        }
    }

    fn older(&mut self, conversation: ConversationId) {
        if self.link.is_up() && self.open.contains(&conversation) {
            let before: Option<MessageId> = self.view.edit(|replica| replica.want_older(conversation));
            if let Some(before) = before {
                self.send_older(conversation, before);
            }
        }
    }

    fn online(&mut self, now: Tick, online: bool) {
        if self.online != online {
            self.online = online;
            if online {
                self.hurry(now);
            } else {
                self.lose(now);
            }
        }
    }
}

/// Atoms in the order the rules compare them in, whatever order they came in.
fn sorted(mut atoms: Vec<Atom>) -> Vec<Atom> {
    atoms.sort_unstable();
    atoms
}
