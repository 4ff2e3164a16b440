//! What goes into the client machine and what comes out of it.

use ciranda_domain::ids::ConversationId;
use ciranda_domain::time::Moment;

use crate::calls::Call;
use crate::frames::{PageRequest, Refused};
use crate::view::ChangeSet;

/// The machine's own time: milliseconds of a clock that never goes back, sleep included where the platform offers it.
/// Business time is this plus the offset of [`Output::Clock`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Tick(pub u64);

/// Names a socket, so that late events of an earlier one are told apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SocketId(pub u32);

/// Names a request, so that late answers of an earlier one are told apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct FetchId(pub u32);

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// The page is loaded and somebody is logged in.
    Start,
    SocketOpened(SocketId),
    /// Closed by the other side or by failure, also when it never opened; `code` as the websocket gives it.
    SocketClosed {
        socket: SocketId,
        code: u16,
    },
    Frame {
        socket: SocketId,
        bytes: Vec<u8>,
    },
    /// The body of a successful answer to [`Output::FetchStart`] or [`Output::FetchPage`].
    Fetched {
        fetch: FetchId,
        body: Vec<u8>,
    },
    /// `status` is zero when no answer came at all.
    FetchFailed {
        fetch: FetchId,
        status: u16,
    },
    Call(Call),
    /// A call that an earlier page of this person left without an outcome, made at this business instant.
    Recall {
        call: Call,
        at: Moment,
    },
    /// A conversation came on screen.
    Open(ConversationId),
    /// A conversation left the screen.
    Close(ConversationId),
    /// The person scrolled to the oldest line held.
    Older(ConversationId),
    /// What the browser believes of its network.
    Online(bool),
    /// The tab came to the front.
    Visible,
    /// Lets the held texts of a conversation go after all (decision 33).
    Release(ConversationId),
    /// Takes the held texts of a conversation back.
    Discard(ConversationId),
    /// The instant of the last [`Output::WakeAt`] has come.
    Tick,
}

/// What to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Output {
    /// `GET /sync/v1/start`.
    FetchStart(FetchId),
    /// `GET /sync/v1/page`.
    FetchPage {
        fetch: FetchId,
        request: PageRequest,
    },
    /// Open `GET /sync/v1` under this name.
    Connect(SocketId),
    /// Close that socket, if it is still there, and forget it.
    Disconnect(SocketId),
    Send {
        socket: SocketId,
        bytes: Vec<u8>,
    },
    /// Look again at what is named.
    Changed(ChangeSet),
    Connection(Connection),
    /// A call of this person was refused; the screen explains it and gives a text back as a draft.
    Rejected {
        call: Call,
        refusal: Refused,
    },
    /// Business time in milliseconds is the tick plus `offset`.
    Clock {
        offset: i64,
    },
    /// Give [`Input::Tick`] at this instant; replaces the last one.
    WakeAt(Tick),
}

/// The state of the connection, always on screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Connection {
    /// The first rows are on their way.
    Starting,
    /// "ao vivo"
    Live,
    /// "recuperando"
    Recovering,
    /// "sem conexão desde 14:02"
    Offline { since: Tick },
    /// It will not come back by itself.
    Stopped(Stop),
}

/// Why the machine gave up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The session ended: log in again.
    SignedOut,
    /// This origin or subprotocol is not served.
    Refused,
    /// The server speaks a newer version: load the page again.
    NewVersion,
}
