//! The desk's channels against the simulated Meta over real HTTP, with everything going wrong that can.

use std::sync::Arc;
use std::time::Duration;

use ciranda_server::channels;
use ciranda_simulator::people::five_brazilians;
use ciranda_simulator::wire::{Compose, Content, CustomerId, Fail, FailHow, Faults, Side};
use ciranda_simulator::{Config, Pace, SimNumber, Simulator};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::world::{NUMBER, SECRET, World, eventually};

const ACCEPTED: i16 = 2;
const SENT: i16 = 3;
const DELIVERED: i16 = 4;
const READ: i16 = 5;
const FAILED: i16 = 6;

struct Stage {
    world: World,
    simulator: Simulator,
}

/// A desk whose Meta is the simulator, both with workers running.
async fn stage() -> Stage {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let graph = format!("http://{}", listener.local_addr().expect("bound"));
    let world = World::with_graph(&graph).await;
    let clock = Arc::clone(world.app());
    let simulator = Simulator::new(Config {
        webhook_url: world.server.url("/webhooks/meta"),
        app_secret: SECRET.into(),
        business: vec![SimNumber {
            phone_number_id: NUMBER.into(),
            display_phone: "558133330000".into(),
            waba_id: "200300".into(),
            name: "Loja Aurora".into(),
        }],
        templates: Vec::new(),
        customers: five_brazilians(),
        clock: Arc::new(move || clock.clock.business_now().0),
        seed: 7,
        pace: Pace { sent: Duration::from_millis(20), delivered: Duration::from_millis(40) },
    })
    .expect("a simulator");
    let router = simulator.graph_router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    channels::spawn(world.app()).expect("the workers start");
    Stage { world, simulator }
}

impl Stage {
    /// The customer writes; their conversation, once it is there.
    async fn says(&self, customer: CustomerId, words: &str) -> Uuid {
        let compose = Compose::Text { text: words.into(), quotes: None };
        let id = self.simulator.customer_sends(customer, NUMBER, compose).expect("it is taken");
        let mut conversation = None;
        eventually(async || {
            let messages = self.world.messages().await;
            let found = messages.into_iter().find(|message| message.provider_id.as_deref() == Some(id.as_str()));
            conversation = found.map(|message| message.conversation_id);
            conversation.is_some()
        })
        .await;
        conversation.expect("just found")
    }

    /// What the phone shows of the business, in its order.
    fn received(&self, customer: CustomerId) -> Vec<String> {
        let chat = self.simulator.chat(customer, NUMBER).expect("a chat");
        let of_business = chat.messages.into_iter().filter(|message| message.by == Side::Business);
        of_business
            .filter_map(|message| match message.content {
                Content::Text { text } => Some(text),
                _ => None,
            })
            .collect()
    }
}

#[tokio::test]
async fn an_answer_reaches_the_phone_and_its_ticks_come_back() {
    let stage = stage().await;
    let customer = CustomerId(0);
    let conversation = stage.says(customer, "Bom dia!").await;
    let message = stage.world.queue_in(conversation, "Bom dia, em que posso ajudar?").await;
    stage.world.until(message, DELIVERED).await;
    assert_eq!(stage.received(customer), ["Bom dia, em que posso ajudar?"]);
    stage.simulator.customer_opens(customer, NUMBER).expect("a chat");
    stage.world.until(message, READ).await;
}

#[tokio::test]
async fn someone_known_by_user_id_only_is_answered() {
    let stage = stage().await;
    let customer = CustomerId(4);
    let conversation = stage.says(customer, "Oi, sem telefone").await;
    let message = stage.world.queue_in(conversation, "Olá, Tainá!").await;
    stage.world.until(message, DELIVERED).await;
    assert_eq!(stage.received(customer), ["Olá, Tainá!"]);
}

/// Doubled and shuffled webhooks, statuses before the answer, slow answers and lost ones, all at once: every text is on
/// the phone exactly once, in its order, and the desk knows of each that it arrived.
#[tokio::test]
async fn with_every_fault_at_once_nothing_is_lost_or_doubled() {
    let stage = stage().await;
    for number in 0..5 {
        let faults = Faults {
            drop_answers: number,
            delay_ms: 30 * number,
            duplicate: true,
            shuffle_ms: 120,
            statuses_first: number % 2 == 1,
            ..Faults::default()
        };
        stage.simulator.set_faults(Some(CustomerId(number)), faults).expect("a customer");
    }
    let mut texts: Vec<(CustomerId, Uuid, String)> = Vec::new();
    for round in 0..3 {
        for number in 0..5 {
            let customer = CustomerId(number);
            let conversation = stage.says(customer, &format!("pergunta {round}")).await;
            for part in 0..2 {
                let words = format!("resposta {round}.{part}");
                let id = stage.world.queue_in(conversation, &words).await;
                texts.push((customer, id, words));
            }
        }
    }
    for (_, id, _) in &texts {
        eventually(async || {
            let message = stage.world.message(*id).await;
            matches!(message.delivery, Some(DELIVERED | READ)) && message.provider_id.is_some()
        })
        .await;
    }
    for number in 0..5 {
        let customer = CustomerId(number);
        let expected: Vec<&String> = texts.iter().filter(|text| text.0 == customer).map(|text| &text.2).collect();
        let received = stage.received(customer);
        assert_eq!(received.iter().collect::<Vec<_>>(), expected, "none is lost, doubled or out of order");
    }
    let questions = stage.world.messages().await.into_iter().filter(|message| message.side == 1).count();
    assert_eq!(questions, 15);
    assert!(stage.world.envelopes().await.iter().all(|(state, _)| *state == 1));
}

#[tokio::test]
async fn a_failure_told_later_replaces_the_acceptance() {
    let stage = stage().await;
    let customer = CustomerId(1);
    let conversation = stage.says(customer, "Oi").await;
    let fail = Fail { code: 131_026, how: FailHow::Status, times: 1 };
    stage.simulator.set_faults(Some(customer), Faults { fail: Some(fail), ..Faults::default() }).expect("a customer");
    let message = stage.world.queue_in(conversation, "Olá!").await;
    assert_eq!(stage.world.until(message, FAILED).await.delivery_code, Some(131_026));
}

#[tokio::test]
async fn an_acceptance_after_the_statuses_takes_nothing_back() {
    let stage = stage().await;
    let customer = CustomerId(2);
    let conversation = stage.says(customer, "Oi").await;
    let faults = Faults { statuses_first: true, delay_ms: 200, ..Faults::default() };
    stage.simulator.set_faults(Some(customer), faults).expect("a customer");
    let message = stage.world.queue_in(conversation, "Olá!").await;
    stage.world.until(message, DELIVERED).await;
    eventually(async || {
        let left = sqlx::query_scalar("select count(*) from outbox").fetch_one(&mut stage.world.owner().await).await;
        left.is_ok_and(|left: i64| left == 0)
    })
    .await;
    let settled = stage.world.message(message).await;
    assert_eq!(settled.delivery, Some(DELIVERED), "not back to {ACCEPTED} or {SENT}");
    assert!(settled.provider_id.is_some());
}
