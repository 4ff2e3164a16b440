//! A browser without a screen: the desk's client machine over real HTTP and a real websocket.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ciranda_domain::access::meets;
use ciranda_domain::ids::{AccountId, ClientId, ConversationId, PersonId};
use ciranda_server::auth::Token;
use ciranda_server::store;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, Op, Refused, SUBPROTOCOL};
use ciranda_sync::machine::{Client, Connection, FetchId, Input, Output, SocketId, Standing, Tick};
use ciranda_sync::rows::{Atom, Row};
use ciranda_sync::wire::{decode_down, decode_started};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{TestApp, fresh_id};

/// What a websocket says that ended without a word.
const ABNORMAL: u16 = 1006;

/// Logs somebody in; the cookie.
pub async fn log_in(server: &TestApp, account: AccountId, person: PersonId) -> String {
    let token = Token::random();
    store::session::begin(&server.app.pool, &token.id().0, account, person, "test").await.expect("logged in");
    format!("ciranda={}", token.text())
}

/// Somebody's tab.
pub struct Browser {
    pub person: PersonId,
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
    driver: AbortHandle,
}

struct Shared {
    client: Mutex<Client>,
    refused: Mutex<Vec<(Call, Refused)>>,
    /// Conversations that were told although their audience does not meet the person's atoms.
    leaked: Mutex<Vec<ConversationId>>,
    atoms: Mutex<Vec<Atom>>,
    /// What it was told at opening times.
    openings: Mutex<Vec<u32>>,
}

enum Event {
    Input(Input),
    /// The network is gone.
    Unplug,
    /// The network is there, and the server at this address.
    Plug(String),
    /// Says when everything before it has been heard.
    Mark(oneshot::Sender<()>),
}

impl Browser {
    /// Logs in and opens the desk.
    pub async fn open(server: &TestApp, account: AccountId, person: PersonId) -> Self {
        let cookie = log_in(server, account, person).await;
        let client = Client::new(ClientId(fresh_id()), 1);
        let shared = Arc::new(Shared {
            client: Mutex::new(client),
            refused: Mutex::default(),
            leaked: Mutex::default(),
            atoms: Mutex::default(),
            openings: Mutex::default(),
        });
        let (events, heard) = mpsc::unbounded_channel();
        let driver = Driver {
            shared: Arc::clone(&shared),
            // A tick of zero would be the machine's "never".
            began: Instant::now() - Duration::from_millis(1),
            base: server.base.clone(),
            cookie,
            http: reqwest::Client::new(),
            events: events.clone(),
            sockets: BTreeMap::new(),
            requests: JoinSet::new(),
            fetches: BTreeSet::new(),
            plugged: true,
            wake: None,
        };
        let driver = tokio::spawn(driver.run(heard)).abort_handle();
        let browser = Self { person, shared, events, driver };
        browser.input(Input::Start);
        browser
    }

    /// As [`Browser::open`], once everything is there and live.
    pub async fn live(server: &TestApp, account: AccountId, person: PersonId) -> Self {
        let browser = Self::open(server, account, person).await;
        browser.until("it is live", |client| client.connection() == Connection::Live).await;
        browser
    }

    pub fn input(&self, input: Input) {
        self.events.send(Event::Input(input)).expect("the driver runs");
    }

    pub fn call(&self, call: Call) {
        self.input(Input::Call(call));
    }

    /// Everything is cut, without a word.
    pub fn unplug(&self) {
        self.events.send(Event::Unplug).expect("the driver runs");
    }

    /// The network is back, with this server behind it.
    pub fn plug(&self, server: &TestApp) {
        self.events.send(Event::Plug(server.base.clone())).expect("the driver runs");
    }

    pub fn look<T>(&self, at: impl FnOnce(&Client) -> T) -> T {
        at(&lock(&self.shared.client))
    }

    /// Waits until something is so; what is waited for is named where it never comes.
    pub async fn until(&self, what: &str, mut so: impl FnMut(&Client) -> bool) {
        for _ in 0..1500 {
            if self.look(&mut so) {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        let (connection, cursor) = self.look(|client| (client.connection(), client.cursor()));
        panic!("{what}: never; {connection:?} at {cursor:?}");
    }

    /// Waits until the machine has taken everything that was put in before.
    pub async fn heard(&self) {
        let (heard, mark) = oneshot::channel();
        self.events.send(Event::Mark(heard)).expect("the driver runs");
        mark.await.expect("the driver runs");
    }

    /// Says yes to what asks before it leaves, and waits until every call has its outcome.
    pub async fn settled(&self) {
        self.heard().await;
        self.until("every call has its outcome", |client| {
            let held = client.outbox().entries().iter().filter(|entry| entry.standing == Standing::Held);
            held.filter_map(|entry| entry.call.conversation()).for_each(|id| self.input(Input::Release(id)));
            client.outbox().is_empty()
        })
        .await;
    }

    /// The calls that were refused.
    pub fn refused(&self) -> Vec<(Call, Refused)> {
        lock(&self.shared.refused).clone()
    }

    /// What it was told at opening times, in order.
    pub fn openings(&self) -> Vec<u32> {
        lock(&self.shared.openings).clone()
    }

    /// Conversations of which it was told without the right to see them.
    pub fn leaked(&self) -> Vec<ConversationId> {
        lock(&self.shared.leaked).clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panicked")
}

/// Carries between the machine and the network.
struct Driver {
    shared: Arc<Shared>,
    began: Instant,
    base: String,
    cookie: String,
    http: reqwest::Client,
    events: UnboundedSender<Event>,
    sockets: BTreeMap<SocketId, (UnboundedSender<Vec<u8>>, AbortHandle)>,
    /// What is under way; ends with the driver.
    requests: JoinSet<()>,
    /// Requests whose answers have not been heard.
    fetches: BTreeSet<FetchId>,
    plugged: bool,
    wake: Option<Tick>,
}

impl Driver {
    async fn run(mut self, mut heard: UnboundedReceiver<Event>) {
        loop {
            let far = Tick(u64::from(u32::MAX));
            let wake = self.began + Duration::from_millis(self.wake.unwrap_or(far).0);
            let event = tokio::select! {
                event = heard.recv() => event,
                () = sleep_until(wake) => {
                    self.wake = None;
                    Some(Event::Input(Input::Tick))
                }
            };
            match event {
                Some(Event::Input(input)) => {
                    if let Input::Fetched { fetch, .. } | Input::FetchFailed { fetch, .. } = &input {
                        self.fetches.remove(fetch);
                    }
                    self.input(input);
                }
                Some(Event::Unplug) => {
                    self.plugged = false;
                    self.requests.abort_all();
                    for fetch in std::mem::take(&mut self.fetches) {
                        self.input(Input::FetchFailed { fetch, status: 0 });
                    }
                    for socket in self.sockets.keys().copied().collect::<Vec<_>>() {
                        self.sockets.remove(&socket);
                        self.input(Input::SocketClosed { socket, code: ABNORMAL });
                    }
                    self.input(Input::Online(false));
                }
                Some(Event::Plug(base)) => {
                    self.plugged = true;
                    self.base = base;
                    self.input(Input::Online(true));
                    self.input(Input::Visible);
                }
                // Whoever asked may have given up.
                Some(Event::Mark(heard)) => _ = heard.send(()),
                None => return,
            }
        }
    }

    fn input(&mut self, input: Input) {
        let now = Tick(u64::try_from(self.began.elapsed().as_millis()).expect("small"));
        let outputs: Vec<Output> = {
            let mut client = lock(&self.shared.client);
            client.input(now, input);
            std::iter::from_fn(|| client.poll()).collect()
        };
        for output in outputs {
            match output {
                Output::FetchStart(fetch) => self.fetch(fetch, "/sync/v1/start".into()),
                Output::FetchPage { fetch, request } => {
                    let after = request.after.map(|after| format!("&after={after}")).unwrap_or_default();
                    self.fetch(fetch, format!("/sync/v1/page?part={}{after}", request.part.name()));
                }
                Output::Connect(socket) => self.connect(socket),
                Output::Disconnect(socket) => {
                    if let Some((_, task)) = self.sockets.remove(&socket) {
                        task.abort();
                    }
                }
                Output::Send { socket, bytes } => {
                    if let Some((up, _)) = self.sockets.get(&socket) {
                        // Where the socket has just ended, its end is on the way.
                        up.send(bytes).ok();
                    }
                }
                Output::Rejected { call, refusal } => lock(&self.shared.refused).push((call, refusal)),
                Output::WakeAt(at) => self.wake = Some(at),
                Output::Changed(_) | Output::Connection(_) | Output::Clock { .. } => {}
            }
        }
    }

    fn fetch(&mut self, fetch: FetchId, path: String) {
        let events = self.events.clone();
        if !self.plugged {
            tell(&events, Input::FetchFailed { fetch, status: 0 });
            return;
        }
        self.fetches.insert(fetch);
        let request = self.http.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let shared = Arc::clone(&self.shared);
        self.requests.spawn(async move {
            let input = match request.send().await {
                Ok(answer) if answer.status().is_success() => match answer.bytes().await {
                    Ok(body) => {
                        if let (true, Ok(started)) = (path.ends_with("/start"), decode_started(&body)) {
                            *lock(&shared.atoms) = started.atoms;
                        }
                        Input::Fetched { fetch, body: body.to_vec() }
                    }
                    Err(_) => Input::FetchFailed { fetch, status: 0 },
                },
                Ok(answer) => Input::FetchFailed { fetch, status: answer.status().as_u16() },
                Err(_) => Input::FetchFailed { fetch, status: 0 },
            };
            tell(&events, input);
        });
    }

    fn connect(&mut self, socket: SocketId) {
        if !self.plugged {
            tell(&self.events, Input::SocketClosed { socket, code: ABNORMAL });
            return;
        }
        let (up, outgoing) = mpsc::unbounded_channel();
        let line = Line { socket, shared: Arc::clone(&self.shared), events: self.events.clone() };
        let (base, cookie) = (self.base.clone(), self.cookie.clone());
        let task = self.requests.spawn(async move {
            let code = line.carry(&base, &cookie, outgoing).await;
            tell(&line.events, Input::SocketClosed { socket: line.socket, code });
        });
        self.sockets.insert(socket, (up, task));
    }
}

/// The driver may be gone: then nobody has to be told.
fn tell(events: &UnboundedSender<Event>, input: Input) {
    events.send(Event::Input(input)).ok();
}

/// One socket's task.
struct Line {
    socket: SocketId,
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
}

impl Line {
    /// Carries frames until the socket ends; its close code.
    async fn carry(&self, base: &str, cookie: &str, mut outgoing: UnboundedReceiver<Vec<u8>>) -> u16 {
        let address = format!("{}/sync/v1", base.replace("http:", "ws:"));
        let mut request = address.into_client_request().expect("an address");
        let headers = request.headers_mut();
        headers.insert("cookie", cookie.parse().expect("plain"));
        headers.insert("origin", base.parse().expect("plain"));
        headers.insert("sec-websocket-protocol", SUBPROTOCOL.parse().expect("plain"));
        let Ok((mut stream, _)) = tokio_tungstenite::connect_async(request).await else { return ABNORMAL };
        tell(&self.events, Input::SocketOpened(self.socket));
        loop {
            tokio::select! {
                frame = stream.next() => match frame {
                    Some(Ok(Message::Binary(bytes))) => {
                        self.check(&bytes);
                        tell(&self.events, Input::Frame { socket: self.socket, bytes: bytes.to_vec() });
                    }
                    Some(Ok(Message::Close(frame))) => return frame.map_or(ABNORMAL, |frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return ABNORMAL,
                },
                bytes = outgoing.recv() => match bytes {
                    Some(bytes) => if stream.send(Message::Binary(bytes.into())).await.is_err() { return ABNORMAL },
                    None => return ABNORMAL,
                },
            }
        }
    }

    /// No frame carries a row that this person may not see.
    fn check(&self, bytes: &[u8]) {
        let rows: Vec<Row> = match decode_down(bytes).expect("the server speaks the protocol") {
            Down::Delta { ops, .. } => puts(ops),
            Down::Scope { ops, atoms, .. } => {
                *lock(&self.shared.atoms) = atoms;
                puts(ops)
            }
            Down::Lines { lines: rows, .. } | Down::History { heads: rows, .. } => {
                rows.into_iter().map(|(_, row)| row).collect()
            }
            Down::Welcome { .. }
            | Down::Rejected { .. }
            | Down::Clock { .. }
            | Down::Reset(_)
            | Down::GoAway { .. }
            | Down::Recount { .. }
            | Down::Pong(_) => Vec::new(),
            Down::Opening { waiting } => {
                lock(&self.shared.openings).push(waiting);
                Vec::new()
            }
        };
        let mut atoms = lock(&self.shared.atoms).clone();
        atoms.sort_unstable();
        for row in rows {
            if let Row::Conversation { head, audience } = row
                && !meets(&audience, &atoms)
            {
                lock(&self.shared.leaked).push(head.id);
            }
        }
    }
}

fn puts(ops: Vec<Op>) -> Vec<Row> {
    let rows = ops.into_iter().filter_map(|op| match op {
        Op::Put { row, .. } => Some(row),
        Op::Remove { .. } => None,
    });
    rows.collect()
}
