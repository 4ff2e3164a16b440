//! Attendants with a socket open: what reaches each of them, and when.
//!
//! A thin client on purpose: it decodes frames and notes instants, so that what is measured is the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ClientId, ConversationId, PersonId};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Op, SCHEMA, SUBPROTOCOL, Started, Up};
use ciranda_sync::rows::{Row, Seq};
use ciranda_sync::wire;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

use crate::rig::Rig;
use crate::seed::Login;

/// A conversation as somebody saw it change.
#[derive(Clone)]
pub struct Seen {
    pub by: PersonId,
    pub at: Instant,
    pub head: Arc<Conversation>,
}

impl Seen {
    /// The text of the newest line.
    #[must_use]
    pub fn text(&self) -> &str {
        self.head.last_line.as_ref().map_or("", |line| &line.text)
    }

    /// Whether it is in somebody's hands.
    #[must_use]
    pub fn in_progress(&self) -> bool {
        matches!(self.head.state, State::InProgress { .. })
    }
}

/// One attendant's open socket.
pub struct Attendant {
    pub person: PersonId,
    up: mpsc::Sender<Vec<u8>>,
    next_mutation: u64,
    heads: Arc<Mutex<BTreeMap<ConversationId, Arc<Conversation>>>>,
    cursor: Arc<Mutex<Seq>>,
    reader: tokio::task::JoinHandle<()>,
}

impl Attendant {
    /// Opens the socket and waits until it is caught up; `seen` hears of every conversation from then on.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn connect(rig: &Rig, login: &Login, seen: broadcast::Sender<Seen>) -> Result<Self> {
        let started = start(rig, login).await?;
        Self::resume(rig, login, &started, started.seq, seen).await
    }

    /// As [`Attendant::connect`], from a cursor.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn resume(
        rig: &Rig,
        login: &Login,
        started: &Started,
        cursor: Seq,
        seen: broadcast::Sender<Seen>,
    ) -> Result<Self> {
        let socket = open(rig, login).await?;
        let (mut sink, mut stream) = socket.split();
        let hello = Up::Hello {
            client: ClientId(Uuid::now_v7_here()),
            cursor,
            epoch: started.epoch,
            schema: SCHEMA,
            settled: 0,
        };
        sink.send(Message::Binary(wire::encode(&hello).into())).await?;
        let (up, mut outgoing) = mpsc::channel::<Vec<u8>>(64);
        let (ready, readied) = tokio::sync::oneshot::channel();
        let heads = Arc::new(Mutex::new(BTreeMap::new()));
        let at = Arc::new(Mutex::new(cursor));
        let mut reading = Reading {
            by: login.person,
            seen,
            heads: Arc::clone(&heads),
            cursor: Arc::clone(&at),
            head: Seq(u64::MAX),
            ready: Some(ready),
        };
        let reader = tokio::spawn(async move {
            let mut beat = tokio::time::interval(Duration::from_secs(15));
            loop {
                tokio::select! {
                    frame = stream.next() => match frame {
                        Some(Ok(Message::Binary(bytes))) => reading.take(&bytes),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                        Some(Ok(_)) => {}
                    },
                    Some(bytes) = outgoing.recv() => if sink.send(Message::Binary(bytes.into())).await.is_err() { return },
                    _ = beat.tick() => if sink.send(Message::Binary(wire::encode(&Up::Ping(1)).into())).await.is_err() { return },
                }
            }
        });
        timeout(Duration::from_secs(30), readied).await.context("the socket was not caught up in 30 s")??;
        Ok(Self { person: login.person, up, next_mutation: 1, heads, cursor: at, reader })
    }

    /// Asks for a mutation.
    ///
    /// # Errors
    /// When the socket is gone.
    pub async fn call(&mut self, call: Call) -> Result<()> {
        let frame = Up::Mutate { first: self.next_mutation, calls: vec![call] };
        self.next_mutation += 1;
        self.up.send(wire::encode(&frame)).await?;
        Ok(())
    }

    /// The conversations seen so far.
    #[must_use]
    pub fn heads(&self) -> Vec<Arc<Conversation>> {
        self.heads.lock().map(|heads| heads.values().cloned().collect()).unwrap_or_default()
    }

    /// Up to where the socket is told.
    #[must_use]
    pub fn cursor(&self) -> Seq {
        self.cursor.lock().map(|cursor| *cursor).unwrap_or_default()
    }

    /// Drops the socket without a word, as a lost network does.
    pub fn cut(self) {
        self.reader.abort();
    }
}

/// What a socket's reader keeps.
struct Reading {
    by: PersonId,
    seen: broadcast::Sender<Seen>,
    heads: Arc<Mutex<BTreeMap<ConversationId, Arc<Conversation>>>>,
    cursor: Arc<Mutex<Seq>>,
    head: Seq,
    ready: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Reading {
    fn take(&mut self, bytes: &[u8]) {
        match wire::decode_down(bytes) {
            Ok(Down::Welcome { head, .. }) => self.head = head,
            Ok(Down::Delta { to, ops, .. } | Down::Scope { to, ops, .. }) => {
                let at = Instant::now();
                for op in ops {
                    self.apply(op, at);
                }
                if let Ok(mut cursor) = self.cursor.lock() {
                    *cursor = to;
                }
                if to >= self.head
                    && let Some(ready) = self.ready.take()
                {
                    ready.send(()).ok();
                }
            }
            Ok(Down::Rejected { n, refusal }) => eprintln!("call {n} was refused: {refusal:?}"),
            Ok(Down::Reset(why)) => eprintln!("reset: {why:?}"),
            Ok(
                Down::Lines { .. }
                | Down::Clock { .. }
                | Down::GoAway { .. }
                | Down::Pong(_)
                | Down::Opening { .. }
                | Down::History { .. }
                | Down::Recount { .. },
            ) => {}
            Err(error) => eprintln!("a frame could not be read: {error}"),
        }
    }

    fn apply(&mut self, op: Op, at: Instant) {
        if let Op::Put { row: Row::Conversation { head, .. }, .. } = op {
            let head: Arc<Conversation> = Arc::new(*head);
            if let Ok(mut heads) = self.heads.lock() {
                heads.insert(head.id, Arc::clone(&head));
            }
            self.seen.send(Seen { by: self.by, at, head }).ok();
        }
    }
}

/// `GET /sync/v1/start`.
///
/// # Errors
/// When the server refuses.
pub async fn start(rig: &Rig, login: &Login) -> Result<Started> {
    let answer = rig.http.get(format!("{}/sync/v1/start", rig.url())).header("cookie", &login.cookie).send().await?;
    if !answer.status().is_success() {
        bail!("/sync/v1/start answered {}", answer.status());
    }
    Ok(wire::decode_started(&answer.bytes().await?)?)
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn open(rig: &Rig, login: &Login) -> Result<Socket> {
    let mut request = format!("ws://{}/sync/v1", rig.address).into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("cookie", login.cookie.parse()?);
    headers.insert("origin", rig.url().parse()?);
    headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse()?);
    let (socket, _) = tokio_tungstenite::connect_async(request).await.context("the socket was refused")?;
    Ok(socket)
}

/// Ids of this tool.
pub trait Here {
    /// A new id.
    fn now_v7_here() -> Self;
}

impl Here for Uuid {
    fn now_v7_here() -> Self {
        #[allow(clippy::disallowed_methods, reason = "a measuring tool makes ids of its own")]
        Self::now_v7()
    }
}
