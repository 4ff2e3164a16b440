//! A small shop on a database of its own: the team of product.md 7.6, a channel, and people who write and press.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::{AccountId, ChannelId, ClientId, ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::inbound::{InboundEvent, InboundMessage, ProviderStatus, Sender, StatusUpdate};
use ciranda_domain::message::{Body, Content, Fact, Kind};
use ciranda_domain::team::{Membership, Strategy};
use ciranda_domain::time::Moment;
use ciranda_server::app::App;
use ciranda_server::channels::meta::{ingress, signature};
use ciranda_server::config::Mode;
use ciranda_server::desk::calls::{self, Caller, Outcome};
use ciranda_server::desk::inbound::{self, Arrived};
use ciranda_server::desk::overflow;
use ciranda_server::desk::rights::{Revision, revise};
use ciranda_server::store::conversation::Held;
use ciranda_server::store::message::Line;
use ciranda_server::{clock, store};
use ciranda_sync::calls::Call;
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::arrange::arrange;
use crate::rig::{TestApp, fresh_id};

/// Tuesday 2026-11-24, 00:00 in São Paulo.
pub const MIDNIGHT: Moment = Moment(1_795_489_200_000);

/// The names of the shop's people, in the order in which they were created.
pub const PEOPLE: [&str; 6] = ["Ana", "Bruno", "Carla", "Davi", "Eva", "Rosa"];

pub const SECRET: &str = "segredo-do-aplicativo";

/// A shop.
pub struct World {
    pub test: Arc<TestApp>,
    pub account: AccountId,
    pub team: TeamId,
    pub other_team: TeamId,
    pub channel: ChannelId,
    pub people: BTreeMap<&'static str, PersonId>,
    clients: Mutex<BTreeMap<PersonId, (ClientId, u64)>>,
    messages: Mutex<u64>,
}

/// How the first team hands out conversations.
#[derive(Clone, Copy)]
pub struct Setting {
    pub distributes: bool,
    pub limit_minutes: i64,
    /// No overflow without.
    pub maximum_minutes: Option<i64>,
    pub capacity: Option<i32>,
    pub strategy: Strategy,
    /// What a conversation by WhatsApp counts.
    pub weight: i16,
    pub auto_reply: Option<&'static str>,
}

/// Nobody is designated: whoever is first takes it.
pub const FREE: Setting = Setting { distributes: false, maximum_minutes: None, ..EXAMPLE };

/// As in the worked examples: ten minutes each, an hour in all.
pub const EXAMPLE: Setting = Setting {
    distributes: true,
    limit_minutes: 10,
    maximum_minutes: Some(60),
    capacity: None,
    strategy: Strategy::Circle,
    weight: 1,
    auto_reply: None,
};

impl World {
    pub async fn new(setting: Setting) -> Self {
        let env = [("CIRANDA_META_APP_SECRET", SECRET)];
        Self::on(Arc::new(TestApp::with(Mode::Serve, &env).await), setting).await
    }

    /// Another shop on the same server.
    pub async fn neighbour(&self, setting: Setting) -> Self {
        Self::on(Arc::clone(&self.test), setting).await
    }

    async fn on(test: Arc<TestApp>, setting: Setting) -> Self {
        let id = || fresh_id();
        let people = PEOPLE.iter().map(|name| (*name, PersonId(id()))).collect();
        let world = Self {
            account: AccountId(id()),
            team: TeamId(id()),
            other_team: TeamId(id()),
            channel: ChannelId(id()),
            people,
            test,
            clients: Mutex::default(),
            messages: Mutex::new(0),
        };
        let mut owner = world.test.db.owner().await;
        arrange(&world, &mut owner, setting).await;
        world.at("09:00").await;
        world
    }

    pub fn app(&self) -> &App {
        &self.test.app
    }

    pub fn person(&self, name: &str) -> PersonId {
        self.people[name]
    }

    pub fn name(&self, id: PersonId) -> &'static str {
        self.people.iter().find(|(_, person)| **person == id).map(|(name, _)| *name).expect("of the shop")
    }

    /// Moves the shop's clock to a time of the day, "09:10", or of the next, "+1 08:05".
    pub async fn at(&self, time: &str) {
        let (days, time) = match time.strip_prefix('+').and_then(|rest| rest.split_once(' ')) {
            Some((days, time)) => (days.parse::<i64>().expect("days"), time),
            None => (0, time),
        };
        let (hours, minutes) = time.split_once(':').expect("hours and minutes");
        let minutes = hours.parse::<i64>().expect("hours") * 60 + minutes.parse::<i64>().expect("minutes");
        self.at_moment(Moment(MIDNIGHT.0 + days * 86_400_000 + minutes * 60_000)).await;
    }

    pub async fn at_moment(&self, moment: Moment) {
        let sql =
            "update installation set clock_offset_ms = $1 - (extract(epoch from clock_timestamp()) * 1000)::bigint";
        sqlx::query(sql).bind(moment.0).execute(&self.app().pool).await.expect("the clock is moved");
        let offset = store::clock_offset(&self.app().pool).await.expect("read");
        self.app().clock.set_offset(offset);
    }

    /// Fires whatever is due.
    pub async fn tick(&self) {
        loop {
            match overflow::fire_due(self.app()).await.expect("fired") {
                overflow::Fired::Done => return,
                overflow::Fired::Busy => tokio::time::sleep(Duration::from_millis(5)).await,
                overflow::Fired::Failed => panic!("a timer failed"),
            }
        }
    }

    pub async fn now(&self) -> Moment {
        store::begin(self.app(), self.account).await.expect("begun").now
    }

    /// A customer's text, stamped as Meta stamps it: in whole seconds.
    pub async fn text(&self, phone: &str, text: &str) -> Arrived {
        self.message(sender(phone), Body::Text(text.into())).await
    }

    fn next_message(&self) -> u64 {
        let mut number = self.messages.lock().expect("not poisoned");
        *number += 1;
        *number
    }

    pub async fn message(&self, sender: Sender, body: Body) -> Arrived {
        let number = self.next_message();
        let now = self.now().await;
        let kind = body.kind();
        Arrived {
            event: InboundEvent::Message(InboundMessage {
                channel: self.channel,
                provider_id: format!("wamid.{number}"),
                sender,
                at: Moment(now.0 / 1000 * 1000),
                position: 0,
                kind,
                body,
                quotes: None,
            }),
            raw: serde_json::json!({ "number": number }),
        }
    }

    pub async fn apply(&self, arrived: &[Arrived]) {
        inbound::apply(self.app(), self.account, arrived, &[]).await.expect("applied");
    }

    /// A customer writes.
    pub async fn write(&self, phone: &str, text: &str) {
        let arrived = self.text(phone, text).await;
        self.apply(&[arrived]).await;
    }

    /// A customer writes to the shop's own server, as Meta tells it.
    pub async fn arrives(&self, phone: &str, text: &str) {
        self.arrives_at(&self.test, phone, text).await;
    }

    /// A customer writes to a server, as Meta tells it: signed, kept, then processed.
    pub async fn arrives_at(&self, server: &TestApp, phone: &str, text: &str) {
        let id = format!("wamid.{}", self.next_message());
        let body = webhook(self.channel, &id, self.now().await, phone, text);
        assert_eq!(post(&server.base, body).await.expect("answered"), StatusCode::OK);
        for _ in 0..50 {
            if ingress::pass(&server.app).await.expect("the database answers") == ingress::Pass::Caught {
                return;
            }
        }
        panic!("it never caught up");
    }

    /// A person presses something, from the one tab they have.
    pub async fn press(&self, name: &str, call: Call) -> Outcome {
        let person = self.person(name);
        let (client, number) = {
            let mut clients = self.clients.lock().expect("not poisoned");
            let entry = clients.entry(person).or_insert((ClientId(fresh_id()), 0));
            entry.1 += 1;
            *entry
        };
        let caller = Caller { account: self.account, person, client };
        calls::execute(self.app(), caller, number, &call).await.expect("executed")
    }

    /// A press that must succeed.
    pub async fn ok(&self, name: &str, call: Call) {
        let outcome = self.press(name, call).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{name}: {outcome:?}");
    }

    pub async fn status(&self, provider_id: &str, message: Option<MessageId>, status: ProviderStatus) {
        let at = self.now().await;
        let update = StatusUpdate { channel: self.channel, provider_id: provider_id.into(), message, status, at };
        let arrived = Arrived { event: InboundEvent::Status(update), raw: serde_json::Value::Null };
        self.apply(&[arrived]).await;
    }

    /// Somebody becomes "Usuário" of a team, or leaves it, at a server.
    pub async fn let_attend(&self, server: &TestApp, name: &str, team: TeamId, attends: bool) {
        let membership = Membership { team, person: self.person(name), attends, supervises: false };
        revise(&server.app, self.account, Revision::Membership(membership)).await.expect("changed");
    }

    /// Every conversation, oldest first.
    pub async fn all(&self) -> Vec<Held> {
        let mut scoped = store::begin(self.app(), self.account).await.expect("begun");
        let ids: Vec<Uuid> = sqlx::query_scalar("select id from conversation where account_id = $1")
            .bind(self.account.0)
            .fetch_all(&mut *scoped.tx)
            .await
            .expect("read");
        let ids: Vec<ConversationId> = ids.into_iter().map(ConversationId).collect();
        let mut all = scoped.conversations(&ids).await.expect("read");
        all.sort_by_key(|held| (held.head.created_at, held.head.id));
        all
    }

    /// The newest conversation with a phone.
    pub async fn with(&self, phone: &str) -> Conversation {
        let found = self.all().await.into_iter().rev().find(|held| held.head.contact.phone == phone);
        found.expect("they have written").head
    }

    pub async fn head(&self, id: ConversationId) -> Conversation {
        let mut scoped = store::begin(self.app(), self.account).await.expect("begun");
        scoped.conversations(&[id]).await.expect("read").pop().expect("it is there").head
    }

    /// The lines of a conversation, oldest first.
    pub async fn lines(&self, id: ConversationId) -> Vec<Line> {
        let mut scoped = store::begin(self.app(), self.account).await.expect("begun");
        let mut lines = scoped.newest_lines(id, 1000).await.expect("read");
        lines.reverse();
        lines
    }

    pub async fn facts(&self, id: ConversationId) -> Vec<(Moment, Fact)> {
        let lines = self.lines(id).await.into_iter();
        let facts = lines.filter_map(|line| match line.message.content {
            Content::Fact(fact) => Some((line.message.at, fact)),
            Content::Inbound { .. } | Content::Outbound { .. } | Content::Note { .. } => None,
        });
        facts.collect()
    }

    /// Who a conversation is designated to; "equipe" when offered to all, "fila" when it waits for a slot, else whose
    /// it is.
    pub async fn holder(&self, phone: &str) -> String {
        match self.with(phone).await.state {
            State::Pending(Pending::Designated { designee, .. }) => self.name(designee).into(),
            State::Pending(Pending::Open { .. }) => "equipe".into(),
            State::Pending(Pending::Queued { .. }) => "fila".into(),
            State::InProgress { responsible, .. } => format!("com {}", self.name(responsible)),
            State::Finished(_) => "concluída".into(),
        }
    }

    /// Conversations whose stored audience is not what the rules say.
    pub async fn wrong_audiences(&self) -> Vec<ConversationId> {
        let mut scoped = store::begin(self.app(), self.account).await.expect("begun");
        let reference = self.app().memory.reference(&mut scoped).await.expect("read");
        let all = self.all().await.into_iter();
        let wrong = all.filter(|held| held.audience != reference.audience(&held.head));
        wrong.map(|held| held.head.id).collect()
    }

    /// How many more conversations the available members of the first team's ring may take.
    pub async fn free_slots(&self) -> i64 {
        let sql = "select coalesce(sum(greatest(0, t.capacity - (select count(*) from conversation c
            where c.account_id = p.account_id and (c.phase = 4 and c.responsible = p.id or c.phase = 2 and c.designee = p.id)))), 0)::bigint
            from team t join membership m on m.team_id = t.id and m.attends
            join person p on p.id = m.person_id and p.availability = 0
            where t.capacity is not null";
        self.count(sql).await
    }

    pub async fn count(&self, sql: &str) -> i64 {
        let mut owner = self.test.db.owner().await;
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query_scalar(sql).fetch_one(&mut owner).await.expect("counted")
    }
}

/// A webhook's body that tells of one text.
pub fn webhook(channel: ChannelId, id: &str, now: Moment, phone: &str, text: &str) -> String {
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": "200300", "changes": [{
    "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140000000", "phone_number_id": channel.0.to_string()},
        "contacts": [{"profile": {"name": format!("Cliente {phone}")}, "wa_id": phone}],
        "messages": [{
            "from": phone, "id": id, "timestamp": (now.0 / 1000).to_string(), "type": "text", "text": {"body": text}
        }],
    }}]}]});
    body.to_string()
}

/// Posts a body, signed, to a server.
pub async fn post(base: &str, body: String) -> reqwest::Result<StatusCode> {
    let request = reqwest::Client::new().post(format!("{base}/webhooks/meta"));
    let header = signature::sign(SECRET, body.as_bytes());
    Ok(request.header(signature::HEADER, header).body(body).send().await?.status())
}

pub fn sender(phone: &str) -> Sender {
    Sender { phone: Some(phone.into()), user_id: None, name: Some(format!("Cliente {phone}")) }
}

pub fn unsupported() -> Body {
    Body::Placeholder { kind: Kind::Unsupported, caption: None }
}

pub fn fresh_message() -> MessageId {
    MessageId(clock::id_at(clock::machine_now()))
}
