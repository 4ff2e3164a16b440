//! Frames of `GET /sync/v1` (subprotocol `ciranda.sync.v1`) and bodies of `/sync/v1/start` and `/sync/v1/page`.
//! Postcard throughout; [`crate::wire`] turns them into bytes and back.
//!
//! *Invariant:* every `Delta` covers a range of the account's sequence: `from != cursor` is the gap test. An
//! acknowledgement travels inside the delta that carries its effect. Enums are append-only.

use ciranda_domain::access::{Refusal, Unseen};
use ciranda_domain::ids::{AccountId, ClientId, ConversationId, MessageId, PersonId};
use ciranda_domain::time::Moment;
use serde::{Deserialize, Serialize};

use crate::calls::Call;
use crate::rows::{Atom, Epoch, Row, RowId, Seq};

/// Covers the shapes of rows and frames: raised by whoever changes one incompatibly.
pub const SCHEMA: u32 = 2;

/// The websocket's subprotocol.
pub const SUBPROTOCOL: &str = "ciranda.sync.v1";

/// The largest frame the server accepts, in bytes.
pub const MAX_UP: usize = 64 * 1024;

/// The largest frame the browser accepts, in bytes: fifty lines of the longest text fit.
pub const MAX_DOWN: usize = 1024 * 1024;

/// The largest body of `/sync/v1/start` and `/sync/v1/page`, in bytes.
pub const MAX_PAGE: usize = 16 * 1024 * 1024;

/// Lines sent when a conversation is opened, and at each `Older`.
pub const LINES: usize = 50;

/// The most conversations of a contact's history.
pub const HISTORY: usize = 50;

/// From the browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Up {
    /// First frame of a socket. `cursor` and `epoch` are what the replica holds. Every mutation numbered up to
    /// `settled` has its outcome at the client, so refusals up to it may be forgotten; a `settled` above the last
    /// number the server knows is answered with [`Reset::Client`].
    Hello {
        client: ClientId,
        cursor: Seq,
        epoch: Epoch,
        schema: u32,
        settled: u64,
    },
    /// Calls numbered `first`, `first + 1`, … Numbers the server has seen are answered from memory and not done again.
    Mutate {
        first: u64,
        calls: Vec<Call>,
    },
    /// The conversation is on screen: answer with [`Down::Lines`], then keep them live. The client's lines are
    /// complete up to `have`; zero when it has none.
    Open {
        conversation: ConversationId,
        have: Seq,
    },
    /// [`LINES`] more lines older than `before`.
    Older {
        conversation: ConversationId,
        before: MessageId,
    },
    Close {
        conversation: ConversationId,
    },
    Ping(u32),
    /// What else there is of the contact of this conversation: answer with [`Down::History`].
    History {
        conversation: ConversationId,
    },
}

/// From the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Down {
    /// Answers `Hello`. What follows, in this order: one `Rejected` for each refusal above the client's `settled`, then
    /// at least one `Delta` (empty if need be) whose `acked` is `last_mutation`, and whose last `to` is at least `head`.
    Welcome {
        now: Moment,
        head: Seq,
        epoch: Epoch,
        last_mutation: u64,
    },
    /// All that happened in `(from, to]` and this session may see; `ops` may be empty: the range still moves.
    /// `acked` is the client's last mutation whose effect lies at or below `to`; a delta with `from == to` moves only it.
    Delta {
        from: Seq,
        to: Seq,
        acked: u64,
        ops: Vec<Op>,
    },
    /// Mutation `n` was refused; it counts as done.
    Rejected {
        n: u64,
        refusal: Refused,
    },
    /// A delta in which the session's rights changed: drop every conversation whose audience meets none of `atoms`,
    /// apply the ops, then fetch the conversation pages again.
    Scope {
        from: Seq,
        to: Seq,
        acked: u64,
        epoch: Epoch,
        atoms: Vec<Atom>,
        ops: Vec<Op>,
    },
    /// Lines of a conversation that is open in this session. The first row is its head, so that a conversation outside
    /// the replica's horizon can be opened too; without it the conversation is not there for this person. Head and lines
    /// are read in one snapshot, after the session has been entered as having it open.
    Lines {
        conversation: ConversationId,
        extent: Extent,
        lines: Vec<(Seq, Row)>,
        more: bool,
    },
    /// The business clock was moved.
    Clock {
        now: Moment,
    },
    /// The replica cannot be caught up: start again.
    Reset(Reset),
    /// The server is going away; reconnect after so many milliseconds.
    GoAway {
        after_ms: u32,
    },
    Pong(u32),
    /// Business hours have begun: so many conversations were designated to this person meanwhile and are theirs still.
    /// Told once, to whoever is connected then.
    Opening {
        waiting: u32,
    },
    /// The heads of the contact's other conversations that this person sees, the latest to begin first, at most
    /// [`HISTORY`]; `more` tells whether there are more. Where the account has it said, how many they do not see
    /// (ACC-10). Empty where the conversation itself is not there for this person.
    History {
        conversation: ConversationId,
        heads: Vec<(Seq, Row)>,
        more: bool,
        unseen: Unseen,
    },
    /// What is not seen of this conversation's contact may be another number now: ask for the history again. Told only
    /// where the account has the number said.
    Recount {
        conversation: ConversationId,
    },
}

/// Which lines of a conversation a [`Down::Lines`] carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Extent {
    /// The newest [`LINES`], when the client had none or missed more than that: what it holds before them is dropped.
    /// `more` tells whether older ones exist.
    Newest,
    /// Every line of a revision above the client's `have`; `more` says nothing.
    Changed,
    /// The [`LINES`] before the asked one; `more` tells whether there are older ones still.
    Older,
}

/// One change to the replica.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Op {
    Put {
        rev: Seq,
        row: Row,
    },
    /// No longer there, or no longer yours; a removed conversation takes its lines with it.
    Remove {
        rev: Seq,
        row: RowId,
    },
}

/// Why a replica must start again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reset {
    /// Too far behind, or ahead of what the server knows.
    Cursor,
    /// The rows' shapes changed: reload the page for the new version.
    Schema,
    /// Rights changed while away.
    Epoch,
    /// The server no longer knows this client's numbers: unconfirmed calls are numbered anew from 1. Ids made by the
    /// client keep a text from being sent twice.
    Client,
}

/// Why a mutation was refused; the catalogue turns it into words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Refused {
    /// Not there, or not visible: told alike, so that nothing leaks.
    NotFound,
    /// Somebody was faster.
    AlreadyStarted { by: PersonId },
    /// It was passed on before the press counted (decision 10).
    PassedOn,
    /// Visible, but not this person's to do.
    NotAllowed,
    /// Already finished.
    Finished,
    /// The other side of a transfer cannot take it.
    CannotReceive,
    /// Empty, or longer than the channel takes.
    BadText,
    /// The contact already has another open conversation on this channel (decision 11).
    AlreadyOpen,
    /// The request makes no sense in this state, for example taking back a text that has left.
    TooLate,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::NotFound,
            Refusal::AlreadyStarted { by } => Self::AlreadyStarted { by },
            Refusal::PassedOn => Self::PassedOn,
            Refusal::NotAllowed => Self::NotAllowed,
            Refusal::Finished => Self::Finished,
            Refusal::CannotReceive => Self::CannotReceive,
            Refusal::BadText => Self::BadText,
            Refusal::AlreadyOpen => Self::AlreadyOpen,
            Refusal::TooLate => Self::TooLate,
        }
    }
}

/// Websocket close codes of our own.
pub mod close {
    /// A frame was malformed, oversized or out of order.
    pub const BAD_FRAME: u16 = 4400;
    /// The session ended: log in again.
    pub const SIGNED_OUT: u16 = 4401;
    /// The client was too slow; reconnect and catch up.
    pub const TOO_SLOW: u16 = 4408;
    /// Wrong origin or subprotocol.
    pub const REFUSED: u16 = 4403;
}

/// Body of `GET /sync/v1/start`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Started {
    pub schema: u32,
    pub account: AccountId,
    pub person: PersonId,
    pub seq: Seq,
    pub epoch: Epoch,
    pub atoms: Vec<Atom>,
    pub now: Moment,
}

/// Query of `GET /sync/v1/page?part=…&after=…`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PageRequest {
    pub part: Part,
    /// `next` of the page before, opaque to the client; absent for the first page of a part.
    pub after: Option<String>,
}

/// Parts of a snapshot, in the order in which they are fetched (decision 32).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Part {
    /// Account, people, teams, memberships, channels: one page.
    Reference,
    /// Unfinished conversations, in id order.
    Open,
    /// Finished ones within the horizon ([`crate::horizon`]), newest first.
    Finished,
}

impl Part {
    /// Its name in the query string.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Open => "open",
            Self::Finished => "finished",
        }
    }

    /// The part of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Reference, Self::Open, Self::Finished].into_iter().find(|part| part.name() == name)
    }
}

/// Body of a page. Rows and epoch are read in one snapshot of the database.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    pub epoch: Epoch,
    pub rows: Vec<(Seq, Row)>,
    /// What to ask next within the part; `None` when it is complete.
    pub next: Option<String>,
}
