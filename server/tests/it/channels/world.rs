//! An account with one person, one team and one WhatsApp number, and a customer who writes to it.

use std::sync::Arc;
use std::time::Duration;

use ciranda_domain::ids::AccountId;
use ciranda_server::app::App;
use ciranda_server::channels;
use ciranda_server::channels::meta::{ingress, signature};
use ciranda_server::clock::Clock;
use ciranda_server::config::Mode;
use ciranda_server::secrets::{Place, Secrets};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::graph::FakeGraph;
use crate::rig::{TestApp, fresh_id};

pub const SECRET: &str = "segredo-do-aplicativo";
pub const NUMBER: &str = "100200300400500";
pub const PHONE: &str = "5581988880001";

/// How often something is looked for, a twentieth of a second apart; long enough for a machine that is busy otherwise.
const PATIENCE: u32 = 600;

pub struct World {
    pub server: TestApp,
    pub account: Uuid,
    pub channel: Uuid,
    pub person: Uuid,
    pub team: Uuid,
}

/// A message as it is stored.
#[derive(Clone, PartialEq, Eq, Debug, sqlx::FromRow)]
pub struct Stored {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub side: i16,
    pub kind: i16,
    pub body: Option<String>,
    pub delivery: Option<i16>,
    pub delivery_code: Option<i32>,
    pub provider_id: Option<String>,
}

impl World {
    /// With its workers stopped: a test makes passes or starts them.
    pub async fn start() -> Self {
        Self::with_graph("http://127.0.0.1:9").await
    }

    /// Whose Graph API is the fake, with its workers running.
    pub async fn running(graph: &FakeGraph) -> Self {
        let world = Self::with_graph(&graph.url).await;
        channels::spawn(&world.server.app).expect("the workers start");
        world
    }

    pub async fn with_graph(graph: &str) -> Self {
        let env = [("CIRANDA_META_APP_SECRET", SECRET)];
        let server = TestApp::with_flags(Mode::Serve, &env, &["--meta-graph-url", graph]).await;
        let mut world =
            Self { server, account: Uuid::nil(), channel: Uuid::nil(), person: Uuid::nil(), team: Uuid::nil() };
        (world.account, world.team, world.person) = world.add_account("Loja Aurora").await;
        world.channel = world.add_channel(world.account, NUMBER).await;
        world
    }

    pub fn app(&self) -> &Arc<App> {
        &self.server.app
    }

    /// A second server on the same database.
    pub fn another_server(&self) -> Arc<App> {
        let app = self.app();
        let secrets = Secrets::new(&[7; 32]).expect("32 bytes");
        App::new(app.config.clone(), self.server.db.pool(), Clock::new(app.clock.offset()), secrets)
    }

    pub async fn owner(&self) -> PgConnection {
        self.server.db.owner().await
    }

    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.owner().await).await.expect("the statement is right");
    }

    /// Account, team and person.
    pub async fn add_account(&self, name: &str) -> (Uuid, Uuid, Uuid) {
        let (account, team, person) = (fresh_id(), fresh_id(), fresh_id());
        let mut db = self.owner().await;
        for (sql, id) in [
            ("insert into account (account_id, name, zone, calendar, next_person_number, next_team_number, created_at)
              values ($1, $3, 'America/Recife', 'null', 2, 2, 0)", account),
            ("insert into account_seq (account_id) select $1 where $3 <> ''", account),
            ("insert into person (account_id, id, number, name, profile, created_at) values ($1, $2, 1, $3, 1, 0)", person),
            ("insert into team (account_id, id, number, name, is_default, level) values ($1, $2, 1, $3, true, 1)", team),
        ] {
            sqlx::query(sql).bind(account).bind(id).bind(name).execute(&mut db).await.expect("seeded");
        }
        sqlx::query("insert into membership (account_id, team_id, person_id, attends, supervises) values ($1, $2, $3, true, false)")
            .bind(account)
            .bind(team)
            .bind(person)
            .execute(&mut db)
            .await
            .expect("seeded");
        (account, team, person)
    }

    pub async fn add_channel(&self, account: Uuid, number: &str) -> Uuid {
        let channel = fresh_id();
        let place = Place::channel_credential(AccountId(account), channel);
        let credential = self.app().secrets.seal(place, b"token").expect("small");
        let mut db = self.owner().await;
        sqlx::query(
            "insert into channel (account_id, id, kind, name, address, provider_id, credential)
             values ($1, $2, 1, 'WhatsApp', '+55 81 3333-0000', $3, $4)",
        )
        .bind(account)
        .bind(channel)
        .bind(number)
        .bind(credential)
        .execute(&mut db)
        .await
        .expect("seeded");
        sqlx::query("insert into channel_route (kind, provider_id, account_id, channel_id) values (1, $1, $2, $3)")
            .bind(number)
            .bind(account)
            .bind(channel)
            .execute(&mut db)
            .await
            .expect("seeded");
        channel
    }

    /// Seconds of business time, as Meta stamps them.
    pub fn seconds(&self) -> i64 {
        self.app().clock.business_now().0 / 1000
    }

    /// Posts a body, signed, and expects it to be taken.
    pub async fn post(&self, body: &[u8]) {
        let answer = Client::new()
            .post(self.server.url("/webhooks/meta"))
            .header(signature::HEADER, signature::sign(SECRET, body))
            .body(body.to_vec())
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
    }

    pub async fn post_messages(&self, messages: &[Value]) {
        self.post(webhook(NUMBER, messages, &[]).to_string().as_bytes()).await;
    }

    pub async fn post_status(&self, status: Value) {
        self.post(webhook(NUMBER, &[], &[status]).to_string().as_bytes()).await;
    }

    /// Processes everything that was kept.
    pub async fn process(&self) {
        for _ in 0..50 {
            if ingress::pass(self.app()).await.expect("the database answers") == ingress::Pass::Caught {
                return;
            }
        }
        panic!("it never caught up");
    }

    /// The customer writes, and it is processed.
    pub async fn customer_says(&self, id: &str, words: &str) {
        self.post_messages(&[text(id, words, self.seconds())]).await;
        self.process().await;
    }

    /// Messages of the account in the order of their conversation, without facts.
    pub async fn messages(&self) -> Vec<Stored> {
        sqlx::query_as(
            "select id, conversation_id, side, kind, body, delivery, delivery_code, provider_id from message
             where account_id = $1 and side < 3 order by conversation_id, at, ord, id",
        )
        .bind(self.account)
        .fetch_all(&mut self.owner().await)
        .await
        .expect("the database answers")
    }

    pub async fn said(&self) -> Vec<String> {
        self.messages().await.into_iter().filter_map(|message| message.body).collect()
    }

    /// States and notes of the envelopes.
    pub async fn envelopes(&self) -> Vec<(i16, Option<String>)> {
        sqlx::query_as("select state, note from envelope order by arrival")
            .fetch_all(&mut self.owner().await)
            .await
            .expect("the database answers")
    }

    /// A text in the newest conversation.
    pub async fn queue(&self, words: &str) -> Uuid {
        let sql = "select id from conversation where account_id = $1 order by last_at desc limit 1";
        let newest = sqlx::query_scalar(sql).bind(self.account).fetch_one(&mut self.owner().await).await;
        self.queue_in(newest.expect("there is one"), words).await
    }

    /// A text of the desk as its own transaction leaves it: queued, ready to go, and no sooner than a back-off says.
    pub async fn queue_in(&self, conversation: Uuid, words: &str) -> Uuid {
        let id = fresh_id();
        let mut db = self.owner().await;
        let sql = "with seen as (
               select c.id, c.channel_id, c.identity_id from conversation c where c.account_id = $1 and c.id = $6),
             line as (
               insert into message (account_id, conversation_id, id, at, ord, side, kind, author, body, delivery, channel_id, rev)
               select $1, id, $2, $5, 0, 2, 1, $3, $4, 1, channel_id, 0 from seen),
             leaving as (
               insert into outbox (account_id, message_id, conversation_id, channel_id, identity_id)
               select $1, $2, id, channel_id, identity_id from seen)
             insert into due (kind, account_id, subject, due_at) select 2, $1, identity_id, 0 from seen
             on conflict (kind, account_id, subject) do update set due_at = due.due_at";
        sqlx::query(sql)
            .bind(self.account)
            .bind(id)
            .bind(self.person)
            .bind(words)
            .bind(self.app().clock.business_now().0)
            .bind(conversation)
            .execute(&mut db)
            .await
            .expect("queued");
        self.app().wake.outbox.notify_one();
        id
    }

    pub async fn message(&self, id: Uuid) -> Stored {
        self.messages().await.into_iter().find(|message| message.id == id).expect("the message is there")
    }

    /// Waits until a message is delivered so.
    pub async fn until(&self, id: Uuid, delivery: i16) -> Stored {
        let mut last = None;
        for _ in 0..PATIENCE {
            let message = self.message(id).await;
            if message.delivery == Some(delivery) {
                return message;
            }
            last = Some(message);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it is still {last:?}");
    }
}

/// Waits until something is true.
pub async fn eventually(mut what: impl AsyncFnMut() -> bool) {
    for _ in 0..PATIENCE {
        if what().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come about");
}

/// A text of the customer.
pub fn text(id: &str, words: &str, seconds: i64) -> Value {
    json!({"from": PHONE, "id": id, "timestamp": seconds.to_string(), "type": "text", "text": {"body": words}})
}

/// A body with these messages and statuses for a number.
pub fn webhook(number: &str, messages: &[Value], statuses: &[Value]) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "200300", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "558133330000", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Joana Prado"}, "wa_id": PHONE}],
        "messages": messages, "statuses": statuses}}]}]})
}
