//! From the desk to the provider: who may leave, in which order, and what becomes of it when something goes wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use ciranda_server::channels;
use serde_json::json;
use uuid::Uuid;

use super::graph::{Answer, FakeGraph, nobody};
use super::world::{PHONE, World, eventually, text, webhook};

const WAITING: i16 = 0;
const QUEUED: i16 = 1;
const ACCEPTED: i16 = 2;
const DELIVERED: i16 = 4;
const FAILED: i16 = 6;
const UNKNOWN: i16 = 7;

/// A world whose customer has just written.
async fn open_window(graph: &FakeGraph) -> World {
    let world = World::running(graph).await;
    world.customer_says("wamid.IN1", "Oi").await;
    world
}

async fn count(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut world.owner().await).await.expect("the database answers")
}

async fn nothing_is_left(world: &World) {
    eventually(async || {
        count(world, "select count(*) from due where kind in (2, 4)").await == 0
            && count(world, "select count(*) from outbox").await == 0
    })
    .await;
}

#[tokio::test]
async fn a_queued_text_is_accepted_under_the_providers_id() {
    let graph = FakeGraph::start().await;
    let world = open_window(&graph).await;
    let message = world.queue("Olá, Joana!").await;
    let stored = world.until(message, ACCEPTED).await;
    assert_eq!(stored.provider_id.as_deref(), Some("wamid.SENT1"));
    let asked = graph.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].body["to"], format!("+{PHONE}"));
    assert_eq!(asked[0].body["biz_opaque_callback_data"], message.to_string());
    nothing_is_left(&world).await;
}

#[tokio::test]
async fn texts_of_one_customer_leave_in_order_each_after_the_others_acceptance() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Slow(Duration::from_millis(300)), Answer::Slow(Duration::from_millis(100))]);
    let world = open_window(&graph).await;
    let mut last = Uuid::nil();
    for words in ["um", "dois", "três"] {
        last = world.queue(words).await;
    }
    world.until(last, ACCEPTED).await;
    assert_eq!(graph.texts(), ["um", "dois", "três"]);
    let asked = graph.asked();
    assert!(asked[1].at - asked[0].at >= Duration::from_millis(300), "the second waited for the first's acceptance");
    assert!(asked[2].at - asked[1].at >= Duration::from_millis(100));
}

#[tokio::test]
async fn customers_do_not_wait_for_each_other() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Held]);
    let world = open_window(&graph).await;
    let slow = world.queue("devagar").await;
    eventually(async || graph.asked().len() == 1).await;
    let rita = json!({"from": "5581988880002", "id": "wamid.IN2", "timestamp": world.seconds().to_string(), "type": "text", "text": {"body": "Oi"}});
    world.post(webhook(super::world::NUMBER, &[rita], &[]).to_string().as_bytes()).await;
    world.process().await;
    let conversation = "update conversation set last_at = last_at + 1000 where identity_id in (select id from contact_identity where phone = '5581988880002')";
    world.sql(conversation).await;
    let quick = world.queue("depressa").await;
    world.until(quick, ACCEPTED).await;
    assert_eq!(world.message(slow).await.delivery, Some(QUEUED));
    graph.let_go();
    world.until(slow, ACCEPTED).await;
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code_and_stops_what_is_behind() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Refuse(400, 131_026)]);
    let world = World::with_graph(&graph.url).await;
    world.customer_says("wamid.IN1", "Oi").await;
    let (first, second) = (world.queue("um").await, world.queue("dois").await);
    channels::spawn(world.app()).expect("the workers start");
    let failed = world.until(first, FAILED).await;
    assert_eq!(failed.delivery_code, Some(131_026));
    world.until(second, WAITING).await;
    nothing_is_left(&world).await;
    assert_eq!(graph.texts(), ["um"]);
}

#[tokio::test]
async fn a_dropped_connection_leaves_the_outcome_unknown_until_a_status_settles_it() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Drop]);
    let world = open_window(&graph).await;
    let message = world.queue("Chegou?").await;
    world.until(message, UNKNOWN).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(graph.texts(), ["Chegou?"], "it is never sent again by itself");
    let at = world.seconds().to_string();
    world
        .post_status(json!({"id": "wamid.LOST", "status": "delivered", "timestamp": at, "recipient_id": PHONE, "biz_opaque_callback_data": message.to_string()}))
        .await;
    let settled = world.until(message, DELIVERED).await;
    assert_eq!(settled.provider_id.as_deref(), Some("wamid.LOST"));
}

#[tokio::test]
async fn what_never_left_leaves_when_the_provider_is_reachable_again() {
    let (url, later) = nobody().await;
    let world = World::with_graph(&url).await;
    world.customer_says("wamid.IN1", "Oi").await;
    channels::spawn(world.app()).expect("the workers start");
    let message = world.queue("Olá!").await;
    eventually(async || {
        let tries: Option<i16> = sqlx::query_scalar("select attempts from outbox")
            .fetch_optional(&mut world.owner().await)
            .await
            .expect("answers");
        tries.is_some_and(|tries| tries > 0)
    })
    .await;
    assert_eq!(world.message(message).await.delivery, Some(QUEUED));
    let graph = later().await;
    world.until(message, ACCEPTED).await;
    assert_eq!(graph.texts(), ["Olá!"]);
}

#[tokio::test]
async fn a_limit_is_waited_for_and_the_order_is_kept() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Refuse(400, 131_056), Answer::Refuse(429, 130_429)]);
    let world = World::with_graph(&graph.url).await;
    world.sql(NOTE_CLAIMS).await;
    world.customer_says("wamid.IN1", "Oi").await;
    channels::spawn(world.app()).expect("the workers start");
    let first = world.queue("um").await;
    eventually(async || !graph.asked().is_empty()).await;
    let second = world.queue("dois").await;
    world.until(second, ACCEPTED).await;
    assert_eq!(world.message(first).await.delivery, Some(ACCEPTED));
    assert_eq!(graph.texts(), ["um", "um", "um", "dois"]);
    let claims: Vec<i64> = sqlx::query_scalar("select at from claim order by at")
        .fetch_all(&mut world.owner().await)
        .await
        .expect("the database answers");
    assert_eq!(claims.len(), 4);
    assert!(claims[1] - claims[0] >= 1000, "4^0 seconds: {claims:?}");
    assert!(claims[2] - claims[1] >= 4000, "4^1 seconds: {claims:?}");
}

/// Notes each claim of a text by the clock from which back-offs are counted, and rounded like it, so that what is
/// waited for is compared exactly.
const NOTE_CLAIMS: &str = "create table claim (at bigint not null); grant all on claim to public;
    create function note() returns trigger language plpgsql as $$
    begin insert into claim values ((extract(epoch from clock_timestamp()) * 1000)::bigint); return new; end $$;
    create trigger note before update on outbox for each row when (old.state = 0 and new.state = 1)
    execute function note()";

#[tokio::test]
async fn the_providers_word_closes_the_window_and_the_text_waits() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Refuse(400, 131_047)]);
    let world = World::with_graph(&graph.url).await;
    world.customer_says("wamid.IN1", "Oi").await;
    let (first, second) = (world.queue("um").await, world.queue("dois").await);
    channels::spawn(world.app()).expect("the workers start");
    world.until(first, WAITING).await;
    world.until(second, WAITING).await;
    nothing_is_left(&world).await;
    let refused: Option<i64> = sqlx::query_scalar("select refused_at from messaging_window")
        .fetch_one(&mut world.owner().await)
        .await
        .expect("the database answers");
    assert!(refused.is_some());
    assert_eq!(graph.texts(), ["um"]);
    world.post_messages(&[text("wamid.IN2", "Voltei", world.seconds() + 1)]).await;
    world.until(second, ACCEPTED).await;
    assert_eq!(graph.texts(), ["um", "um", "dois"], "both left in order when the customer answered");
}

#[tokio::test]
async fn a_text_that_could_cross_the_edge_of_the_window_waits_instead() {
    let graph = FakeGraph::start().await;
    let world = open_window(&graph).await;
    let almost = world.app().clock.business_now().0 - 24 * 3_600_000 + 9_000;
    sqlx::query("update messaging_window set last_counted = $1")
        .bind(almost)
        .execute(&mut world.owner().await)
        .await
        .expect("set");
    let message = world.queue("a tempo?").await;
    world.until(message, WAITING).await;
    nothing_is_left(&world).await;
    assert!(graph.asked().is_empty());
}

#[tokio::test]
async fn a_text_left_behind_by_a_killed_server_is_unknown_and_never_sent() {
    let graph = FakeGraph::start().await;
    let world = World::with_graph(&graph.url).await;
    world.customer_says("wamid.IN1", "Oi").await;
    let (first, second) = (world.queue("um").await, world.queue("dois").await);
    let lease = "update outbox set state = 1, lease = gen_random_uuid(), leased_until = now() + interval '1 hour' where message_id = $1";
    sqlx::query(lease).bind(first).execute(&mut world.owner().await).await.expect("leased");
    channels::spawn(world.app()).expect("the workers start");
    eventually(async || count(&world, "select count(*) from due where kind = 2 and due_at > 0").await == 1).await;
    assert_eq!(world.message(first).await.delivery, Some(QUEUED), "its sender may still be at work");
    world.sql("update outbox set leased_until = now() where state = 1").await;
    world.until(first, UNKNOWN).await;
    world.until(second, ACCEPTED).await;
    assert_eq!(graph.texts(), ["dois"]);
}

#[tokio::test]
async fn two_servers_send_each_text_once() {
    let graph = FakeGraph::start().await;
    let world = World::with_graph(&graph.url).await;
    let now = world.seconds();
    for customer in 0..12 {
        let message = json!({"from": format!("55819888810{customer:02}"), "id": format!("wamid.IN{customer}"), "timestamp": (now - 100 + customer).to_string(), "type": "text", "text": {"body": "Oi"}});
        world.post(webhook(super::world::NUMBER, &[message], &[]).to_string().as_bytes()).await;
        world.process().await;
        for number in 0..3 {
            world.queue(&format!("{customer:02}/{number}")).await;
        }
    }
    let other = world.another_server();
    channels::spawn(world.app()).expect("the workers start");
    channels::spawn(&other).expect("the workers start");
    nothing_is_left(&world).await;
    other.stop.cancel();
    let mut by_customer: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for words in graph.texts() {
        by_customer.entry(words[..2].to_owned()).or_default().push(words);
    }
    assert_eq!(by_customer.len(), 12);
    for (customer, texts) in by_customer {
        assert_eq!(texts, (0..3).map(|number| format!("{customer}/{number}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_channel_without_a_credential_says_so_on_the_text() {
    let graph = FakeGraph::start().await;
    let world = open_window(&graph).await;
    world.sql("update channel set credential = null").await;
    let message = world.queue("Olá!").await;
    assert_eq!(world.until(message, FAILED).await.delivery_code, Some(190));
    assert!(graph.asked().is_empty());
}

async fn told(world: &World) -> String {
    let findings = ciranda_server::doctor::findings(world.app(), ciranda_server::postgres::Role::Plain).await;
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_channel_that_can_send_nothing_is_marked_until_something_leaves_again() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Refuse(401, 190)]);
    let world = open_window(&graph).await;
    let failed = world.queue("um").await;
    assert_eq!(world.until(failed, FAILED).await.delivery_code, Some(190));
    let findings = told(&world).await;
    assert!(findings.contains("Nothing leaves from the channel WhatsApp of Loja Aurora (code 190)"), "{findings}");
    let accepted = world.queue("dois").await;
    world.until(accepted, ACCEPTED).await;
    let findings = told(&world).await;
    assert!(!findings.contains("Nothing leaves"), "{findings}");
}

#[tokio::test]
async fn a_read_receipt_is_sent_once_and_forgotten() {
    let graph = FakeGraph::start().await;
    graph.answer(&[Answer::Refuse(503, 131_016)]);
    let world = open_window(&graph).await;
    world
        .sql(
            "insert into read_receipt (account_id, conversation_id, channel_id, provider_id)
             select account_id, id, channel_id, 'wamid.IN1' from conversation;
             insert into due (kind, account_id, subject, due_at) select 4, account_id, id, 0 from conversation",
        )
        .await;
    world.app().wake.outbox.notify_one();
    eventually(async || graph.asked().len() == 1).await;
    world.sql("update due set due_at = 0 where kind = 4").await;
    nothing_is_left(&world).await;
    let asked = graph.asked();
    assert_eq!(asked.len(), 2, "a refusal that passes is tried again");
    assert_eq!(asked[1].body, json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"}));
}
