//! The worked examples of product.md 7.6 on real rows.

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::calls::Call;

use super::world::{EXAMPLE, Setting, World};

#[tokio::test]
async fn d2_four_conversations_go_round_the_ring() {
    let shop = World::new(EXAMPLE).await;
    for phone in ["5511900000001", "5511900000002", "5511900000003", "5511900000004"] {
        shop.write(phone, "oi").await;
    }
    let mut holders = Vec::new();
    for phone in ["5511900000001", "5511900000002", "5511900000003", "5511900000004"] {
        holders.push(shop.holder(phone).await);
    }
    assert_eq!(holders, ["Ana", "Bruno", "Davi", "Ana"], "Carla is unavailable, Eva only supervises");
}

#[tokio::test]
async fn d3_and_d4_overflow_passes_on_at_the_true_instants_until_somebody_starts() {
    let shop = World::new(EXAMPLE).await;
    shop.write("5511900000001", "oi").await;
    let conversation = shop.with("5511900000001").await;
    let State::Pending(Pending::Designated { since, .. }) = conversation.state else { panic!("designated") };
    for (time, holder) in [("09:11", "Bruno"), ("09:21", "Davi"), ("09:31", "Ana"), ("09:41", "Bruno")] {
        shop.at(time).await;
        shop.tick().await;
        assert_eq!(shop.holder("5511900000001").await, holder, "at {time}");
    }
    let hops: Vec<Moment> = shop
        .facts(conversation.id)
        .await
        .into_iter()
        .filter(|(_, fact)| matches!(fact, Fact::Designated { why: Why::LimitReached { .. }, .. }))
        .map(|(at, _)| at)
        .collect();
    let expected: Vec<Moment> = (1..=4).map(|hop| since + Span::minutes(10 * hop)).collect();
    assert_eq!(hops, expected, "late timers tell the true instants");
    shop.ok("Bruno", Call::Start { conversation: conversation.id }).await;
    assert_eq!(shop.holder("5511900000001").await, "com Bruno");
    shop.at("12:00").await;
    shop.tick().await;
    assert_eq!(shop.holder("5511900000001").await, "com Bruno", "timers are cleared");
}

#[tokio::test]
async fn d3_nobody_starts_and_the_team_is_offered_it_at_the_maximum() {
    let shop = World::new(EXAMPLE).await;
    shop.write("5511900000001", "oi").await;
    shop.at("10:30").await;
    shop.tick().await;
    assert_eq!(shop.holder("5511900000001").await, "equipe");
    let id = shop.with("5511900000001").await.id;
    let facts = shop.facts(id).await;
    let released = facts.iter().filter(|(_, fact)| matches!(fact, Fact::Released { why: Why::MaximumReached })).count();
    let designated = facts.iter().filter(|(_, fact)| matches!(fact, Fact::Designated { .. })).count();
    assert_eq!((designated, released), (6, 1), "{facts:?}");
    assert_eq!(shop.count("select count(*) from due where kind = 1").await, 0, "no timer is left");
}

#[tokio::test]
async fn d6_everybody_unavailable_and_the_team_is_offered_it_at_once() {
    let shop = World::new(EXAMPLE).await;
    for name in ["Ana", "Bruno", "Davi"] {
        shop.ok(name, Call::SetAvailability { availability: ciranda_domain::person::Availability::Unavailable }).await;
    }
    shop.write("5511900000001", "oi").await;
    assert_eq!(shop.holder("5511900000001").await, "equipe");
}

#[tokio::test]
async fn a_freed_slot_goes_to_the_one_who_has_waited_longest() {
    let setting = Setting { capacity: Some(1), maximum_minutes: None, ..EXAMPLE };
    let shop = World::new(setting).await;
    let phones = ["5511900000001", "5511900000002", "5511900000003", "5511900000004", "5511900000005"];
    for phone in phones {
        shop.write(phone, "oi").await;
    }
    assert_eq!(shop.holder(phones[3]).await, "fila");
    let first = shop.with(phones[0]).await.id;
    shop.ok("Ana", Call::Start { conversation: first }).await;
    assert_eq!(shop.holder(phones[3]).await, "fila", "a started one still takes the slot");
    shop.ok("Ana", Call::Conclude { conversation: first }).await;
    assert_eq!(shop.holder(phones[3]).await, "Ana");
    assert_eq!(shop.holder(phones[4]).await, "fila");
}
