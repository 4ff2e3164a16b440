//! What a socket may send: anything else costs that socket, with a code, and nobody else.

use ciranda_domain::ids::{ClientId, ConversationId};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::{Down, MAX_UP, SCHEMA, SUBPROTOCOL, Up, close};
use ciranda_sync::rows::{Epoch, Seq};
use ciranda_sync::wire::{decode_down, encode};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, StatusCode};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

use super::agrees;
use crate::desk::world::{FREE, World, fresh_message};
use crate::rig::{Browser, fresh_id, log_in};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A shop with a conversation, somebody whose desk is open all the while, and the cookie of somebody else.
struct Stage {
    shop: World,
    bystander: Browser,
    cookie: String,
    conversation: ConversationId,
}

impl Stage {
    async fn new() -> Self {
        let shop = World::new(FREE).await;
        ciranda_server::hub::spawn(&shop.test.app);
        shop.write("5511900000001", "oi").await;
        let conversation = shop.with("5511900000001").await.id;
        let bystander = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
        let cookie = log_in(&shop.test, shop.account, shop.person("Bruno")).await;
        Self { shop, bystander, cookie, conversation }
    }

    /// Asks for a socket with these headers beside the cookie's.
    async fn ask(&self, headers: &[(&'static str, &str)]) -> Result<Socket, StatusCode> {
        let address = format!("{}/sync/v1", self.shop.test.base.replace("http:", "ws:"));
        let mut request = address.into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("plain"));
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(answer)) => Err(StatusCode::from_u16(answer.status().as_u16()).expect("a status")),
            Err(error) => panic!("{error}"),
        }
    }

    async fn socket(&self) -> Socket {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("origin", &self.shop.test.base),
            ("sec-websocket-protocol", SUBPROTOCOL),
        ];
        self.ask(&headers).await.expect("opened")
    }

    fn hello(&self) -> Up {
        let client = ClientId(fresh_id());
        Up::Hello { client, cursor: Seq(1), epoch: Epoch(0), schema: SCHEMA, settled: 0 }
    }

    /// A socket that was welcomed and is caught up.
    async fn greeted(&self) -> Socket {
        let mut socket = self.socket().await;
        socket.send(Message::Binary(encode(&self.hello()).into())).await.expect("sent");
        loop {
            let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("it is welcomed") };
            if let Down::Delta { .. } = decode_down(&bytes).expect("a frame") {
                return socket;
            }
        }
    }

    /// Neither the conversation nor the desk that was open all the while has noticed anything.
    async fn untouched(&self) {
        assert_eq!(self.shop.holder("5511900000001").await, "equipe");
        assert_eq!(self.shop.count("select count(*) from message where side = 2").await, 0);
        agrees(&self.shop, &self.bystander).await;
        let (phone, before) = ("5511900000002", self.shop.all().await.len());
        self.shop.write(phone, "oi").await;
        if before == 1 {
            let id = self.shop.with(phone).await.id;
            self.bystander.until("it is still told", |client| client.view().conversation(id).is_some()).await;
        }
        agrees(&self.shop, &self.bystander).await;
    }
}

/// The code with which a socket is closed; what comes before it is passed over.
async fn closed(mut socket: Socket) -> u16 {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => return frame.expect("a code").code.into(),
            Some(Ok(_)) => {}
            Some(Err(error)) => panic!("it ended without a word: {error}"),
            None => panic!("it ended without a word"),
        }
    }
}

#[tokio::test]
async fn what_is_no_frame_closes_its_socket_and_touches_nothing_else() {
    let stage = Stage::new().await;
    let trailing = [encode(&Up::Ping(1)), vec![0]].concat();
    let bad = [
        ("noise", Message::Binary(vec![0xFF; 40].into())),
        ("nothing", Message::Binary(Vec::new().into())),
        ("more than a frame", Message::Binary(trailing.into())),
        ("half a frame", Message::Binary(encode(&stage.hello())[..9].to_vec().into())),
        ("text", Message::text("{\"type\":\"ping\"}")),
        ("a second hello", Message::Binary(encode(&stage.hello()).into())),
        ("too much", Message::Binary(vec![0; MAX_UP + 1].into())),
    ];
    for (what, message) in bad {
        let mut socket = stage.greeted().await;
        socket.send(message).await.expect("sent");
        assert_eq!(closed(socket).await, close::BAD_FRAME, "{what}");
        stage.untouched().await;
    }
}

#[tokio::test]
async fn whoever_does_not_say_hello_first_is_closed() {
    let stage = Stage::new().await;
    let nobody =
        Up::Hello { client: ClientId(Uuid::nil()), cursor: Seq(1), epoch: Epoch(0), schema: SCHEMA, settled: 0 };
    let start = Up::Mutate { first: 1, calls: vec![Call::Start { conversation: stage.conversation }] };
    for first in [Up::Ping(1), nobody, start, Up::Open { conversation: stage.conversation, have: Seq(0) }] {
        let mut socket = stage.socket().await;
        socket.send(Message::Binary(encode(&first).into())).await.expect("sent");
        assert_eq!(closed(socket).await, close::BAD_FRAME, "{first:?}");
    }
    let mut socket = stage.socket().await;
    socket.send(Message::Binary(vec![0; MAX_UP + 1].into())).await.expect("sent");
    assert_eq!(closed(socket).await, close::BAD_FRAME, "too much before hello");
    stage.untouched().await;
}

#[tokio::test]
async fn signing_out_ends_the_sessions_other_tabs_with_their_code() {
    let stage = Stage::new().await;
    let (mut first, second) = (stage.greeted().await, stage.greeted().await);
    // Bytes that nobody reads any more must not cost it the word.
    first.send(Message::Binary(encode(&Up::Ping(1)).into())).await.expect("sent");
    let url = stage.shop.test.url("/api/fn/sign_out");
    let request = Client::new().post(url).header("cookie", &stage.cookie).json(&serde_json::json!({}));
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::OK);
    for socket in [first, second] {
        assert_eq!(closed(socket).await, close::SIGNED_OUT);
    }
    stage.untouched().await;
}

#[tokio::test]
async fn calls_out_of_order_close_the_socket_and_do_nothing() {
    let stage = Stage::new().await;
    let start = || vec![Call::Start { conversation: stage.conversation }];
    for first in [0, 2, u64::MAX] {
        let mut socket = stage.greeted().await;
        socket.send(Message::Binary(encode(&Up::Mutate { first, calls: start() }).into())).await.expect("sent");
        assert_eq!(closed(socket).await, close::BAD_FRAME, "{first}");
        stage.untouched().await;
    }
}

#[tokio::test]
async fn a_client_of_somebody_else_is_not_taken_over() {
    let stage = Stage::new().await;
    let hello = encode(&stage.hello());
    let mut own = stage.socket().await;
    own.send(Message::Binary(hello.clone().into())).await.expect("sent");
    let Some(Ok(Message::Binary(_))) = own.next().await else { panic!("it is welcomed") };
    let davi = log_in(&stage.shop.test, stage.shop.account, stage.shop.person("Davi")).await;
    let other = Stage { cookie: davi, ..stage };
    let mut socket = other.socket().await;
    socket.send(Message::Binary(hello.into())).await.expect("sent");
    assert_eq!(closed(socket).await, close::BAD_FRAME);
    other.untouched().await;
}

#[tokio::test]
async fn what_somebody_may_not_see_or_do_is_refused_and_their_socket_lives_on() {
    let stage = Stage::new().await;
    let neighbour = stage.shop.neighbour(FREE).await;
    neighbour.write("5511900000009", "segredo").await;
    let foreign = neighbour.with("5511900000009").await.id;
    let mut socket = stage.greeted().await;
    let text = "oi".to_owned();
    let calls = vec![
        Call::Start { conversation: foreign },
        Call::Send { conversation: foreign, message: fresh_message(), text },
        Call::Conclude { conversation: ConversationId(fresh_id()) },
    ];
    for up in [Up::Mutate { first: 1, calls }, Up::Open { conversation: foreign, have: Seq(0) }, Up::Ping(7)] {
        socket.send(Message::Binary(encode(&up).into())).await.expect("sent");
    }
    let (mut refused, mut empty) = (0, false);
    loop {
        let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("it lives on") };
        match decode_down(&bytes).expect("a frame") {
            Down::Rejected { refusal, .. } => {
                assert_eq!(refusal, ciranda_sync::frames::Refused::NotFound);
                refused += 1;
            }
            Down::Lines { lines, .. } => empty = lines.is_empty(),
            Down::Pong(7) => break,
            _ => {}
        }
    }
    assert_eq!((refused, empty), (3, true), "nothing of another account is told");
    assert_eq!(neighbour.holder("5511900000009").await, "equipe");
    stage.untouched().await;
}

#[tokio::test]
async fn a_socket_is_for_those_who_are_logged_in_and_come_from_our_own_page() {
    let stage = Stage::new().await;
    let (cookie, base) = (stage.cookie.as_str(), stage.shop.test.base.clone());
    let protocol = ("sec-websocket-protocol", SUBPROTOCOL);
    let refused = async |headers: &[(&'static str, &str)]| stage.ask(headers).await.err();
    assert_eq!(refused(&[("origin", &base), protocol]).await, Some(StatusCode::UNAUTHORIZED));
    let made_up = format!("ciranda={}", "A".repeat(43));
    assert_eq!(refused(&[("cookie", &made_up), ("origin", &base), protocol]).await, Some(StatusCode::UNAUTHORIZED));
    let evil = ("origin", "https://evil.example");
    assert_eq!(refused(&[("cookie", cookie), evil, protocol]).await, Some(StatusCode::FORBIDDEN));
    for path in ["/sync/v1/start", "/sync/v1/page?part=open"] {
        let answer = reqwest::get(stage.shop.test.url(path)).await.expect("answered");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    stage.untouched().await;
}

#[tokio::test]
async fn whoever_logs_out_is_cut_off_in_every_tab_at_once() {
    let stage = Stage::new().await;
    let tabs = [stage.greeted().await, stage.greeted().await];
    let request = Client::new().post(stage.shop.test.url("/api/fn/sign_out")).json(&serde_json::json!({}));
    let answer = request.header("cookie", &stage.cookie).send().await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    for tab in tabs {
        assert_eq!(closed(tab).await, close::SIGNED_OUT);
    }
    let again = [("cookie", stage.cookie.as_str()), ("origin", &stage.shop.test.base)];
    assert_eq!(stage.ask(&again).await.err(), Some(StatusCode::UNAUTHORIZED));
    stage.untouched().await;
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_refused() {
    let stage = Stage::new().await;
    let status = async |query: &str| {
        let request = Client::new().get(stage.shop.test.url(&format!("/sync/v1/page{query}")));
        request.header("cookie", &stage.cookie).send().await.expect("answered").status()
    };
    assert_eq!(status("?part=open").await, StatusCode::OK);
    for query in ["", "?part=everything", "?part=open&after=x", "?part=finished&after=1.2"] {
        assert_eq!(status(query).await, StatusCode::BAD_REQUEST, "{query}");
    }
}
