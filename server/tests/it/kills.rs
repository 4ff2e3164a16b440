//! The program itself, ended without a word at any moment while everything is going on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_domain::message::{Body, Content, Delivery, Fact};
use ciranda_domain::time::{Moment, Span};
use ciranda_server::secrets::Place;
use ciranda_sync::calls::Call;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::StatusCode;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::channels::graph::{Answer, FakeGraph};
use crate::desk::world::{EXAMPLE, SECRET, World, fresh_message, post, webhook};
use crate::rig::Binary;

/// How often it is killed.
const KILLS: u32 = 7;
const OFFERED: [&str; 3] = ["5511900000001", "5511900000002", "5511900000003"];
const SERVED: [&str; 4] = ["5511900000011", "5511900000012", "5511900000013", "5511900000014"];

/// A shop whose server is the program in a process of its own, and Meta beside it.
struct Scene {
    shop: World,
    graph: FakeGraph,
    data: TempDir,
    /// Started by Ana.
    served: Vec<ConversationId>,
    /// Started by nobody, with the instants of their making.
    offered: Vec<(ConversationId, Moment)>,
    /// Texts of Ana, by conversation, in order.
    written: Mutex<BTreeMap<ConversationId, Vec<MessageId>>>,
    /// Provider's ids of what was posted and answered with 200.
    accepted: Mutex<Vec<String>>,
}

impl Scene {
    async fn set() -> Self {
        let shop = World::new(EXAMPLE).await;
        let place = Place::channel_credential(shop.account, shop.channel.0);
        let credential = shop.app().secrets.seal(place, b"token").expect("small");
        sqlx::query("update channel set credential = $1")
            .bind(credential)
            .execute(&mut shop.test.db.owner().await)
            .await
            .expect("connected");
        let (mut served, mut offered) = (Vec::new(), Vec::new());
        for phone in SERVED {
            shop.write(phone, "oi").await;
            let conversation = shop.with(phone).await.id;
            let holder = shop.holder(phone).await;
            shop.ok(&holder, Call::Start { conversation }).await;
            let call = Call::TransferToPerson { conversation, person: shop.person("Ana"), team: shop.team };
            if holder != "Ana" {
                shop.ok(&holder, call).await;
            }
            served.push(conversation);
        }
        for phone in OFFERED {
            shop.write(phone, "oi").await;
            let head = shop.with(phone).await;
            offered.push((head.id, head.created_at));
        }
        let graph = FakeGraph::start().await;
        // Slow enough to be interrupted in the middle.
        graph.answer(&[Answer::Slow(Duration::from_millis(100)); 400]);
        let data = tempfile::tempdir().expect("a folder");
        let (written, accepted) = (Mutex::default(), Mutex::default());
        Self { shop, graph, data, served, offered, written, accepted }
    }

    async fn server(&self) -> Binary {
        let options = &self.shop.test.db.options;
        let socket = options.get_socket().expect("the tests' cluster has a socket").display();
        let database = options.get_database().expect("of its own");
        let url = format!("postgres://postgres@localhost/{database}?host={socket}");
        let env = [
            ("DATABASE_URL", url.as_str()),
            ("CIRANDA_META_APP_SECRET", SECRET),
            ("CIRANDA_META_GRAPH_URL", &self.graph.url),
            ("CIRANDA_MASTER_KEY", &"07".repeat(32)),
        ];
        Binary::start(self.data.path(), &env).await
    }

    /// A customer keeps writing until nobody answers any more.
    async fn customer(self: Arc<Self>, base: String, name: String) {
        for number in 0.. {
            let id = format!("wamid.{name}.{number}");
            let phone = SERVED[number % SERVED.len()];
            let body = webhook(self.shop.channel, &id, self.shop.app().clock.business_now(), phone, &id);
            match post(&base, body).await {
                Ok(StatusCode::OK) => self.accepted.lock().expect("no panic").push(id),
                Ok(status) => panic!("{status}"),
                Err(_) => return,
            }
            sleep(Duration::from_millis(3)).await;
        }
    }

    /// Ana writes to everybody.
    async fn writes(&self) {
        for conversation in &self.served {
            let message = fresh_message();
            let text = message.0.to_string();
            self.shop.ok("Ana", Call::Send { conversation: *conversation, message, text }).await;
            self.written.lock().expect("no panic").entry(*conversation).or_default().push(message);
        }
    }

    async fn quiet(&self) -> bool {
        let open = "select (select count(*) from envelope where state = 0) + (select count(*) from outbox)
            + (select count(*) from due where kind = 1)";
        self.shop.count(open).await == 0
    }

    async fn no_webhook_is_lost(&self) {
        let stored: Vec<String> = sqlx::query_scalar("select provider_id from message where side = 1")
            .fetch_all(&mut self.shop.test.db.owner().await)
            .await
            .expect("read");
        let accepted = self.accepted.lock().expect("no panic").clone();
        assert!(accepted.len() > 30, "much came in: {}", accepted.len());
        for id in accepted {
            assert_eq!(stored.iter().filter(|stored| **stored == id).count(), 1, "{id} is there once");
        }
        let set_aside = self.shop.count("select count(*) from envelope where state <> 1").await;
        assert_eq!(set_aside, 0, "none is broken");
    }

    async fn nothing_is_sent_twice(&self) {
        let texts = self.graph.texts();
        let (mut accepted, mut unknown) = (0, 0);
        let written = self.written.lock().expect("no panic").clone();
        for (conversation, messages) in written {
            let ids: Vec<String> = messages.iter().map(|id| id.0.to_string()).collect();
            let asked: Vec<&String> = texts.iter().filter(|text| ids.contains(text)).collect();
            let in_order: Vec<&String> = ids.iter().filter(|id| texts.contains(id)).collect();
            assert_eq!(asked, in_order, "each at most once, in the order in which they were written");
            for line in self.shop.lines(conversation).await {
                let Content::Outbound { body: Body::Text(text), delivery, .. } = line.message.content else { continue };
                match delivery {
                    Delivery::Accepted => {
                        accepted += 1;
                        assert!(asked.contains(&&text), "what was taken over was sent");
                    }
                    Delivery::Unknown => unknown += 1,
                    other => panic!("its outcome is told: {other:?}"),
                }
            }
        }
        assert!(accepted > 20 && unknown <= KILLS * 4, "{accepted} were sent, {unknown} interrupted");
    }

    async fn every_overflow_is_played_once(&self) {
        for (id, made) in &self.offered {
            let facts = self.shop.facts(*id).await.into_iter();
            let hops: Vec<(Moment, bool)> = facts
                .filter_map(|(at, fact)| match fact {
                    Fact::Designated { .. } => Some((at, true)),
                    Fact::Released { .. } => Some((at, false)),
                    _ => None,
                })
                .collect();
            let minutes = |number: i64| *made + Span::minutes(10 * number);
            let expected: Vec<_> = (0..6).map(|hop| (minutes(hop), true)).chain([(minutes(6), false)]).collect();
            assert_eq!(hops, expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_loses_nothing_sends_nothing_twice_and_plays_every_overflow_once() {
    ciranda_server::run::choose_tls();
    let scene = Arc::new(Scene::set().await);
    let mut random = StdRng::seed_from_u64(3);
    for kill in 0..KILLS {
        // What comes due while nobody is there is played by the next.
        scene.shop.at_moment(scene.shop.now().await + Span::minutes(10)).await;
        for _ in 0..2 {
            scene.writes().await;
        }
        let server = scene.server().await;
        let mut customers = JoinSet::new();
        for customer in 0..3 {
            customers.spawn(Arc::clone(&scene).customer(server.base.clone(), format!("{kill}.{customer}")));
        }
        sleep(Duration::from_millis(random.random_range(0..150))).await;
        scene.writes().await;
        sleep(Duration::from_millis(random.random_range(0..700))).await;
        server.kill().await;
        while let Some(ended) = customers.join_next().await {
            ended.expect("a customer is only ever answered with 200");
        }
        // Nobody waits here for the lease of who was killed.
        let owner = &mut scene.shop.test.db.owner().await;
        sqlx::query("update outbox set leased_until = now() where state = 1").execute(owner).await.expect("over");
    }
    let server = scene.server().await;
    for _ in 0..600 {
        if scene.quiet().await {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(scene.quiet().await, "everything is done in the end");
    assert!(server.stop().await.success());
    scene.no_webhook_is_lost().await;
    scene.nothing_is_sent_twice().await;
    scene.every_overflow_is_played_once().await;
}
