//! One websocket, from its first frame to its end.
//!
//! *Invariant:* a socket only ever costs itself: what it sends is bounded and checked, what it is slow to read is read
//! again later from the log, and a fault of its own closes it with a code.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use ciranda_domain::ids::ClientId;
use ciranda_sync::frames::{Down, Up, close};
use ciranda_sync::serve::Hello;
use ciranda_sync::wire::{decode_up, encode};
use rand::Rng;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::Error as WebSocketError;

use super::greeting::{Greeted, greet};
use super::session::{Answer, Live};
use crate::app::App;
use crate::auth::{self, Principal};
use crate::hub::News;
use crate::metrics::{Kind, Metric};
use crate::presence;

/// How long a new socket may take to say hello.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How often a socket is asked whether it is there.
const BEAT: Duration = Duration::from_secs(15);
/// After which silence it is taken for dead (decision 34).
const SILENCE: Duration = Duration::from_secs(30);
/// How long one frame may take to be sent.
const SENT_WITHIN: Duration = Duration::from_secs(30);
/// How often a cursor is moved over commits that did not concern its session.
const IDLE: Duration = Duration::from_secs(2);
/// How often the session behind the socket is asked for: another server may have ended it.
const RECHECK: Duration = Duration::from_secs(15);
/// How long a client may take to say that it heard why its socket ends.
const FAREWELL: Duration = Duration::from_secs(1);
/// Over how long the clients of a server that goes away spread their return.
const RETURN_WITHIN_MS: u32 = 5_000;

static OPENED: Metric = Metric { name: "sync_sockets_opened_total", help: "Sockets opened.", kind: Kind::Counter };
static ENDED: Metric = Metric { name: "sync_sockets_ended_total", help: "Sockets that ended.", kind: Kind::Counter };
static BEHIND: Metric = Metric {
    name: "sync_sockets_behind_total",
    help: "Times a socket fell behind and had to read the log.",
    kind: Kind::Counter,
};

/// Why a socket ends.
enum End {
    /// The client left, or the connection broke: nobody is there to be told.
    Gone,
    Close(u16, &'static str),
}

/// Serves a socket to its end.
pub async fn serve(app: Arc<App>, who: Principal, mut socket: WebSocket) {
    let news = app.hub.subscribe(who.account);
    app.metrics.add(&OPENED, &[], 1);
    let end = match run(&app, who, &mut socket, news).await {
        Ok(end) => end,
        Err(error) => {
            tracing::warn!(person.id = %who.person, "a socket ended: {error:#}");
            End::Close(1011, "try again")
        }
    };
    app.metrics.add(&ENDED, &[], 1);
    if let End::Close(code, reason) = end {
        let frame = CloseFrame { code, reason: reason.into() };
        timeout(FAREWELL, farewell(&mut socket, frame)).await.ok();
    }
}

/// Says why, and reads on until the client has heard: with bytes unread the connection would break before the word came.
async fn farewell(socket: &mut WebSocket, frame: CloseFrame) {
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

async fn run(app: &Arc<App>, who: Principal, socket: &mut WebSocket, news: Receiver<News>) -> Result<End> {
    let hello = match timeout(HELLO_WITHIN, socket.recv()).await {
        Ok(Some(Ok(Message::Binary(bytes)))) => decode_up(&bytes).ok().and_then(as_hello),
        Ok(Some(Ok(_))) | Err(_) => None,
        Ok(Some(Err(error))) => return Ok(broken(&error)),
        Ok(None) => return Ok(End::Gone),
    };
    let Some(hello) = hello else { return Ok(End::Close(close::BAD_FRAME, "say hello first")) };
    match greet(app, &who, hello).await? {
        Greeted::Welcome(session, frames) => {
            if let Some(end) = send(socket, frames).await {
                return Ok(end);
            }
            let _present = app.presence.enter(who.account, who.person);
            presence::vouch(app, who.session).await?;
            let live = Live { app: Arc::clone(app), who, client: hello.client, session };
            Connected { live, socket, news, heard: Instant::now() }.run().await
        }
        Greeted::Reset(reset) => {
            send(socket, vec![encode(&Down::Reset(reset))]).await;
            Ok(End::Close(1000, "start again"))
        }
        Greeted::NotYours => Ok(End::Close(close::BAD_FRAME, "another client id")),
    }
}

fn as_hello(up: Up) -> Option<Hello> {
    match up {
        Up::Hello { client, cursor, epoch, schema, settled } if client != ClientId(uuid::Uuid::nil()) => {
            Some(Hello { client, cursor, epoch, schema, settled })
        }
        Up::Hello { .. }
        | Up::Mutate { .. }
        | Up::Open { .. }
        | Up::Older { .. }
        | Up::Close { .. }
        | Up::History { .. }
        | Up::Ping(_) => None,
    }
}

/// A socket after its greeting.
struct Connected<'a> {
    live: Live,
    socket: &'a mut WebSocket,
    news: Receiver<News>,
    /// When the client was last heard.
    heard: Instant,
}

impl Connected<'_> {
    async fn run(mut self) -> Result<End> {
        let (mut idle, mut beat, mut recheck) = (ticks(IDLE), ticks(BEAT), ticks(RECHECK));
        let stop = self.live.app.stop.clone();
        loop {
            let end = tokio::select! {
                () = stop.cancelled() => return Ok(self.leave().await),
                frame = self.socket.recv() => self.frame(frame).await?,
                news = self.news.recv() => self.news(news).await?,
                _ = idle.tick() => self.idle().await,
                _ = beat.tick() => self.beat().await,
                _ = recheck.tick() => self.recheck().await?,
            };
            if let Some(end) = end {
                return Ok(end);
            }
        }
    }

    async fn frame(&mut self, frame: Option<Result<Message, axum::Error>>) -> Result<Option<End>> {
        let message = match frame {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Ok(Some(broken(&error))),
            None => return Ok(Some(End::Gone)),
        };
        self.heard = Instant::now();
        match message {
            Message::Binary(bytes) => match decode_up(&bytes) {
                Ok(up) => match self.live.take(up).await? {
                    Answer::Frames(frames) => Ok(self.send(frames).await),
                    Answer::Bad => Ok(Some(End::Close(close::BAD_FRAME, "out of order"))),
                },
                Err(_) => Ok(Some(End::Close(close::BAD_FRAME, "not a frame"))),
            },
            Message::Text(_) => Ok(Some(End::Close(close::BAD_FRAME, "not a frame"))),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
            Message::Close(_) => Ok(Some(End::Gone)),
        }
    }

    async fn news(&mut self, news: Result<News, RecvError>) -> Result<Option<End>> {
        let frames = match news {
            Ok(News::Commit(commit)) => self.live.hear(&commit).await?,
            Ok(News::Clock(now)) => vec![encode(&Down::Clock { now })],
            Ok(News::Ended(session)) if session == self.live.who.session => {
                return Ok(Some(End::Close(close::SIGNED_OUT, "log in again")));
            }
            Ok(News::Ended(_)) => return Ok(None),
            Err(RecvError::Lagged(_)) => {
                self.live.app.metrics.add(&BEHIND, &[], 1);
                self.live.catch_up().await?
            }
            Err(RecvError::Closed) => return Ok(Some(End::Close(1012, "try again"))),
        };
        Ok(self.send(frames).await)
    }

    async fn idle(&mut self) -> Option<End> {
        let frames = self.live.session.idle().into_iter().collect();
        self.send(frames).await
    }

    /// Asks whether the client is there; browsers answer a websocket's ping by themselves.
    async fn beat(&mut self) -> Option<End> {
        if self.heard.elapsed() >= SILENCE {
            return Some(End::Close(close::TOO_SLOW, "silent"));
        }
        match timeout(SENT_WITHIN, self.socket.send(Message::Ping(Vec::new().into()))).await {
            Ok(Ok(())) => None,
            Ok(Err(_)) | Err(_) => Some(End::Gone),
        }
    }

    async fn recheck(&mut self) -> Result<Option<End>> {
        let valid = auth::still_valid(&self.live.app, self.live.who.session).await?;
        presence::vouch(&self.live.app, self.live.who.session).await?;
        Ok((!valid).then_some(End::Close(close::SIGNED_OUT, "log in again")))
    }

    async fn leave(&mut self) -> End {
        let after_ms = rand::rng().random_range(250..RETURN_WITHIN_MS);
        self.send(vec![encode(&Down::GoAway { after_ms })]).await;
        End::Close(1001, "the server is going away")
    }

    async fn send(&mut self, frames: Vec<Vec<u8>>) -> Option<End> {
        send(self.socket, frames).await
    }
}

/// Sends in order; how it ended when it could not.
async fn send(socket: &mut WebSocket, frames: Vec<Vec<u8>>) -> Option<End> {
    for bytes in frames {
        match timeout(SENT_WITHIN, socket.send(Message::Binary(bytes.into()))).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Some(End::Gone),
            Err(_) => return Some(End::Close(close::TOO_SLOW, "too slow")),
        }
    }
    None
}

/// A frame that was too large or broke the protocol is the client's fault; everything else is the network's.
fn broken(error: &axum::Error) -> End {
    use std::error::Error;
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(some) = cause {
        if let Some(error) = some.downcast_ref::<WebSocketError>() {
            return match error {
                WebSocketError::Capacity(_) => End::Close(close::BAD_FRAME, "too large"),
                WebSocketError::Protocol(_) | WebSocketError::Utf8(_) => End::Close(close::BAD_FRAME, "not a frame"),
                _ => End::Gone,
            };
        }
        cause = some.source();
    }
    End::Gone
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}
