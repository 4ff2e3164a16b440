//! What comes in and goes out: once each, in order, to the right conversation.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::inbound::{InboundEvent, ProviderStatus, Sender};
use ciranda_domain::message::{Body, Cancelled, Content, Delivery, Fact, Kind};
use ciranda_domain::person::Availability;
use ciranda_server::desk::calls::Outcome;
use ciranda_server::desk::inbound;
use ciranda_server::desk::outgoing::{SendOutcome, record};
use ciranda_sync::calls::Call;

use super::world::{EXAMPLE, Setting, World, fresh_message, sender, unsupported};

const JOANA: &str = "5511987654321";

/// Joana has written and Ana has started.
async fn served() -> (World, ciranda_domain::ids::ConversationId) {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let id = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation: id }).await;
    (shop, id)
}

/// Ana writes; the text's id.
async fn writes(
    shop: &World,
    conversation: ciranda_domain::ids::ConversationId,
    text: &str,
) -> ciranda_domain::ids::MessageId {
    let message = fresh_message();
    shop.ok("Ana", Call::Send { conversation, message, text: text.into() }).await;
    message
}

/// The texts of the desk in a conversation with what became of them.
async fn sent(shop: &World, id: ciranda_domain::ids::ConversationId) -> Vec<(String, Delivery)> {
    let lines = shop.lines(id).await.into_iter();
    let texts = lines.filter_map(|line| match line.message.content {
        Content::Outbound { body: Body::Text(text), delivery, .. } => Some((text, delivery)),
        Content::Outbound { .. } | Content::Inbound { .. } | Content::Fact(_) | Content::Note { .. } => None,
    });
    texts.collect()
}

#[tokio::test]
async fn a_message_that_arrives_twice_takes_effect_once() {
    let shop = World::new(EXAMPLE).await;
    let arrived = shop.text(JOANA, "oi").await;
    shop.apply(&[arrived.clone(), arrived.clone()]).await;
    shop.apply(&[arrived]).await;
    let head = shop.with(JOANA).await;
    assert_eq!((shop.all().await.len(), head.unread), (1, 1));
    assert_eq!(shop.count("select count(*) from message where side = 1").await, 1);
}

#[tokio::test]
async fn a_message_delivered_to_many_workers_at_once_takes_effect_once() {
    let shop = World::new(EXAMPLE).await;
    let arrived = [shop.text(JOANA, "oi").await];
    let apply = || inbound::apply(shop.app(), shop.account, &arrived, &[]);
    let (a, b, c, d) = tokio::join!(apply(), apply(), apply(), apply());
    for outcome in [a, b, c, d] {
        outcome.expect("applied or passed over");
    }
    assert_eq!((shop.all().await.len(), shop.with(JOANA).await.unread), (1, 1));
}

#[tokio::test]
async fn a_batch_keeps_its_order_and_marks_its_envelopes() {
    let shop = World::new(EXAMPLE).await;
    let mut owner = shop.test.db.owner().await;
    let envelope: i64 = sqlx::query_scalar("insert into envelope (body) values ('x') returning arrival")
        .fetch_one(&mut owner)
        .await
        .expect("kept");
    let mut batch = Vec::new();
    for (position, text) in (0_u32..).zip(["um", "dois", "três"]) {
        let mut arrived = shop.text(JOANA, text).await;
        if let InboundEvent::Message(message) = &mut arrived.event {
            message.position = position;
        }
        batch.push(arrived);
    }
    inbound::apply(shop.app(), shop.account, &batch, &[envelope]).await.expect("applied");
    let head = shop.with(JOANA).await;
    let lines = shop.lines(head.id).await;
    assert!(matches!(lines[0].message.content, Content::Fact(Fact::Received { .. })), "it begins with its beginning");
    let texts: Vec<String> = lines
        .iter()
        .filter_map(|line| match &line.message.content {
            Content::Inbound { body: Body::Text(text) } => Some(text.clone()),
            Content::Inbound { .. } | Content::Outbound { .. } | Content::Fact(_) | Content::Note { .. } => None,
        })
        .collect();
    assert_eq!(texts, ["um", "dois", "três"]);
    assert_eq!((head.unread, head.last_line.expect("a line").text.as_str()), (3, "três"));
    assert_eq!(shop.count("select count(*) from envelope where state = 1").await, 1);
}

#[tokio::test]
async fn the_other_spelling_of_a_number_and_the_providers_id_lead_to_the_same_conversation() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    shop.write("551187654321", "sem o nono dígito").await;
    let both = Sender { user_id: Some("BR.77".into()), ..sender(JOANA) };
    let only_id = Sender { phone: None, ..both.clone() };
    for sender in [both, only_id] {
        let arrived = shop.message(sender, Body::Text("e agora".into())).await;
        shop.apply(&[arrived]).await;
    }
    let all = shop.all().await;
    assert_eq!((all.len(), all[0].head.unread), (1, 4));
    assert_eq!(shop.count("select count(*) from contact_identity").await, 1);
}

#[tokio::test]
async fn what_cannot_be_rendered_is_kept_and_shown_as_a_placeholder() {
    let shop = World::new(EXAMPLE).await;
    let mut arrived = shop.message(sender(JOANA), unsupported()).await;
    arrived.raw = serde_json::json!({ "type": "poll_creation", "odd": "a\u{0}b" });
    shop.apply(&[arrived]).await;
    let head = shop.with(JOANA).await;
    assert_eq!(head.last_line.expect("a line").kind, Kind::Unsupported);
    assert_eq!(shop.count("select count(*) from raw_event where event->>'odd' = 'ab'").await, 1);
}

#[tokio::test]
async fn a_reaction_without_a_conversation_is_kept_and_begins_nothing() {
    let shop = World::new(EXAMPLE).await;
    let reaction = Body::Placeholder { kind: Kind::Reaction, caption: Some("👍".into()) };
    let arrived = shop.message(sender(JOANA), reaction).await;
    shop.apply(std::slice::from_ref(&arrived)).await;
    shop.apply(&[arrived]).await;
    assert_eq!(shop.all().await.len(), 0);
    assert_eq!(shop.count("select count(*) from raw_event").await, 1);
}

#[tokio::test]
async fn an_answer_within_twelve_hours_returns_to_who_was_responsible_and_later_begins_anew() {
    let (shop, id) = served().await;
    shop.ok("Ana", Call::Conclude { conversation: id }).await;
    shop.at("13:00").await;
    shop.write(JOANA, "só mais uma coisa").await;
    assert_eq!(shop.holder(JOANA).await, "com Ana");
    assert!(shop.facts(id).await.iter().any(|(_, fact)| matches!(fact, Fact::Returned { .. })));
    shop.ok("Ana", Call::Conclude { conversation: id }).await;
    shop.at("+1 09:00").await;
    shop.write(JOANA, "bom dia").await;
    assert_ne!(shop.with(JOANA).await.id, id, "twenty hours later");
}

#[tokio::test]
async fn an_answer_within_twelve_hours_takes_a_turn_when_the_responsible_is_unavailable() {
    let (shop, id) = served().await;
    shop.ok("Ana", Call::Conclude { conversation: id }).await;
    shop.ok("Ana", Call::SetAvailability { availability: Availability::Unavailable }).await;
    shop.write(JOANA, "oi de novo").await;
    assert_eq!((shop.with(JOANA).await.id, shop.holder(JOANA).await), (id, "Bruno".into()));
}

#[tokio::test]
async fn win_07_texts_wait_for_the_answer_and_leave_in_order_each_after_the_one_before() {
    let (shop, id) = served().await;
    shop.at("+1 09:30").await;
    let first = writes(&shop, id, "primeira").await;
    let second = writes(&shop, id, "segunda").await;
    assert_eq!(shop.head(id).await.waiting, 2);
    assert_eq!(shop.count("select count(*) from outbox").await, 0);

    shop.write(JOANA, "voltei").await;
    let states = |first, second| vec![("primeira".to_owned(), first), ("segunda".to_owned(), second)];
    assert_eq!(sent(&shop, id).await, states(Delivery::Queued, Delivery::Waiting));

    let third = writes(&shop, id, "terceira").await;
    assert_eq!(shop.head(id).await.waiting, 2, "a later text does not overtake");
    shop.ok("Ana", Call::CancelWaiting { conversation: id, message: third }).await;

    let accepted = |id: &str| SendOutcome::Accepted { provider_id: id.into() };
    record(shop.app(), shop.account, first, &accepted("out.1")).await.expect("recorded");
    record(shop.app(), shop.account, first, &accepted("out.1")).await.expect("recorded again");
    assert_eq!(sent(&shop, id).await[..2], states(Delivery::Accepted, Delivery::Queued));
    record(shop.app(), shop.account, second, &accepted("out.2")).await.expect("recorded");
    assert_eq!(sent(&shop, id).await[..2], states(Delivery::Accepted, Delivery::Accepted));
    assert_eq!((shop.head(id).await.waiting, shop.count("select count(*) from outbox").await), (0, 0));
}

#[tokio::test]
async fn conclusion_cancels_waiting_texts_and_seven_days_do_too() {
    let (shop, id) = served().await;
    shop.at("+1 09:30").await;
    writes(&shop, id, "primeira").await;
    shop.at("+3 09:30").await;
    writes(&shop, id, "segunda").await;
    shop.at("+8 09:31").await;
    shop.tick().await;
    let expired = Delivery::Cancelled(Cancelled::Expired);
    assert_eq!(sent(&shop, id).await[0].1, expired);
    assert_eq!(shop.head(id).await.waiting, 1);
    shop.ok("Ana", Call::Conclude { conversation: id }).await;
    let states: Vec<Delivery> = sent(&shop, id).await.into_iter().map(|(_, delivery)| delivery).collect();
    assert_eq!(states, [expired, Delivery::Cancelled(Cancelled::ByConclusion)]);
    assert_eq!(shop.count("select count(*) from due where kind = 3").await, 0);
}

#[tokio::test]
async fn a_refusal_because_of_the_window_makes_the_text_wait() {
    let (shop, id) = served().await;
    let message = writes(&shop, id, "oi").await;
    assert_eq!(shop.count("select count(*) from due where kind = 2").await, 1);
    record(shop.app(), shop.account, message, &SendOutcome::WindowClosed { code: 131_047 }).await.expect("recorded");
    assert_eq!(sent(&shop, id).await, [("oi".to_owned(), Delivery::Waiting)]);
    assert!(shop.head(id).await.window.refused_at.is_some());
    shop.at("09:05").await;
    shop.write(JOANA, "pode falar").await;
    assert_eq!(sent(&shop, id).await, [("oi".to_owned(), Delivery::Queued)]);
}

#[tokio::test]
async fn statuses_come_in_any_order_even_before_the_answer_to_the_request() {
    let (shop, id) = served().await;
    let message = writes(&shop, id, "oi").await;
    shop.status("out.9", None, ProviderStatus::Delivered).await;
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Queued, "nobody knows yet whose status this is");
    record(shop.app(), shop.account, message, &SendOutcome::Accepted { provider_id: "out.9".into() })
        .await
        .expect("recorded");
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Delivered);
    shop.status("out.9", None, ProviderStatus::Sent).await;
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Delivered, "an older one changes nothing");
    shop.status("out.9", None, ProviderStatus::Read).await;
    let shown = shop.head(id).await.last_line.expect("a line").delivery;
    assert_eq!((sent(&shop, id).await[0].1, shown), (Delivery::Read, Some(Delivery::Read)));
}

#[tokio::test]
async fn an_unknown_outcome_is_settled_by_a_status_and_never_sent_again_by_itself() {
    let (shop, id) = served().await;
    let message = writes(&shop, id, "oi").await;
    record(shop.app(), shop.account, message, &SendOutcome::Unknown).await.expect("recorded");
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Unknown);
    assert_eq!(shop.count("select count(*) from outbox").await, 0);
    shop.status("out.5", Some(message), ProviderStatus::Delivered).await;
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Delivered);
}

#[tokio::test]
async fn a_failed_text_is_sent_again_when_its_author_says_so() {
    let (shop, id) = served().await;
    let message = writes(&shop, id, "oi").await;
    record(shop.app(), shop.account, message, &SendOutcome::Failed { code: 131_026 }).await.expect("recorded");
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Failed { code: 131_026 });
    shop.ok("Ana", Call::Retry { conversation: id, message }).await;
    assert_eq!(sent(&shop, id).await[0].1, Delivery::Queued);
    assert_eq!(shop.count("select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn what_is_stopped_behind_a_failure_goes_on_in_order_when_somebody_says_so() {
    let (shop, id) = served().await;
    let first = writes(&shop, id, "um").await;
    let second = writes(&shop, id, "dois").await;
    record(shop.app(), shop.account, second, &SendOutcome::Waits).await.expect("recorded");
    record(shop.app(), shop.account, first, &SendOutcome::Failed { code: 131_026 }).await.expect("recorded");
    let third = writes(&shop, id, "três").await;
    let retry = |message| Call::Retry { conversation: id, message };
    assert!(matches!(shop.press("Ana", retry(third)).await, Outcome::Refused { .. }), "the second is before it");
    shop.ok("Ana", retry(second)).await;
    let states: Vec<_> = sent(&shop, id).await.into_iter().map(|(_, delivery)| delivery).collect();
    assert_eq!(states, [Delivery::Failed { code: 131_026 }, Delivery::Queued, Delivery::Waiting]);
    assert_eq!(shop.head(id).await.waiting, 1);
    record(shop.app(), shop.account, second, &SendOutcome::Accepted { provider_id: "out.2".into() })
        .await
        .expect("recorded");
    assert_eq!(sent(&shop, id).await[2].1, Delivery::Queued, "and the third after it by itself");
}

#[tokio::test]
async fn ovf_10_outside_hours_a_customer_is_told_once_in_a_closed_period() {
    let setting = Setting { auto_reply: Some("Voltamos às 8h."), ..EXAMPLE };
    let shop = World::new(setting).await;
    shop.at("20:00").await;
    for text in ["oi", "alguém?"] {
        shop.write(JOANA, text).await;
    }
    assert_eq!(shop.count("select count(*) from outbox").await, 1);
    assert_eq!(shop.count("select count(*) from message where side = 3 and body = 'Voltamos às 8h.'").await, 1);
    let State::Pending(Pending::Designated { deadline, .. }) = shop.with(JOANA).await.state else {
        panic!("designated silently")
    };
    shop.at("+1 08:00").await;
    assert!(deadline.is_some_and(|at| at > super::world::MIDNIGHT), "overflow waits for the opening");
    shop.at("+1 19:00").await;
    shop.write(JOANA, "boa noite").await;
    assert_eq!(shop.count("select count(*) from outbox").await, 2, "another closed period");
}

#[tokio::test]
async fn starting_lets_the_customer_see_that_somebody_reads() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.count("select count(*) from read_receipt").await, 0);
    let id = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation: id }).await;
    assert_eq!(shop.count("select count(*) from read_receipt where provider_id = 'wamid.1'").await, 1);
    assert_eq!(shop.count("select count(*) from due where kind = 4").await, 1);
}
