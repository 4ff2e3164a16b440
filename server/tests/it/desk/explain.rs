//! "Por que veio para mim?": what is told later is what was considered then, and only to those who see the conversation.

use ciranda_domain::distribution::{Considered, Decision, Holder, Placed, Verdict, holders};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::message::Why;
use ciranda_domain::time::Moment;
use ciranda_server::desk::explain::explain;
use ciranda_sync::calls::Call;

use super::world::{EXAMPLE, MIDNIGHT, Setting, World};

const JOANA: &str = "5511900000001";
const PEDRO: &str = "5511900000002";

async fn asked(shop: &World, name: &str, conversation: ConversationId) -> Option<Vec<Decision>> {
    explain(shop.app(), shop.account, shop.person(name), conversation).await.expect("reached")
}

fn verdicts(shop: &World, considered: &[Considered]) -> Vec<(&'static str, Verdict)> {
    let name = |person| *shop.people.iter().find(|(_, id)| **id == person).expect("of the shop").0;
    considered.iter().map(|considered| (name(considered.person), considered.verdict)).collect()
}

#[tokio::test]
async fn every_designation_hop_and_queue_tells_who_was_considered_and_why_not() {
    let shop = World::new(Setting { capacity: Some(1), maximum_minutes: Some(60), ..EXAMPLE }).await;
    shop.at("09:00").await;
    shop.arrives(JOANA, "oi").await;
    shop.arrives(PEDRO, "oi").await;
    let (joana, pedro) = (shop.with(JOANA).await.id, shop.with(PEDRO).await.id);
    let told = asked(&shop, "Ana", joana).await.expect("Ana sees what she is offered");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].placed, Placed::Designated { to: shop.person("Ana"), attempt: 1, why: Why::TheirTurn });
    let expected = [
        ("Ana", Verdict::Chosen),
        ("Bruno", Verdict::NotTheirTurn),
        ("Carla", Verdict::Unavailable),
        ("Davi", Verdict::NotTheirTurn),
    ];
    assert_eq!(verdicts(&shop, &told[0].considered), expected);

    shop.at("09:11").await;
    shop.tick().await;
    let told = asked(&shop, "Rosa", joana).await.expect("an administrator sees it");
    assert_eq!(
        told[1].placed,
        Placed::Designated { to: shop.person("Davi"), attempt: 2, why: Why::LimitReached { from: shop.person("Ana") } }
    );
    let expected = [
        ("Bruno", Verdict::Full { load: 1, capacity: 1 }),
        ("Carla", Verdict::Unavailable),
        ("Davi", Verdict::Chosen),
        ("Ana", Verdict::AlreadyTried),
    ];
    assert_eq!(verdicts(&shop, &told[1].considered), expected);
    let told = asked(&shop, "Rosa", pedro).await.expect("an administrator sees it");
    let expected = [
        ("Carla", Verdict::Unavailable),
        ("Davi", Verdict::Full { load: 1, capacity: 1 }),
        ("Ana", Verdict::Chosen),
        ("Bruno", Verdict::AlreadyTried),
    ];
    assert_eq!(verdicts(&shop, &told[1].considered), expected, "whoever passed hers on has room for his");
}

#[tokio::test]
async fn who_does_not_see_it_is_told_nothing() {
    let shop = World::new(EXAMPLE).await;
    let next_door = shop.neighbour(EXAMPLE).await;
    shop.arrives(JOANA, "oi").await;
    let joana = shop.with(JOANA).await.id;
    assert!(asked(&shop, "Ana", joana).await.is_some());
    assert_eq!(asked(&shop, "Bruno", joana).await, None, "it was offered to Ana alone");
    assert!(asked(&shop, "Eva", joana).await.is_some(), "a supervisor of the team");
    let stranger = explain(shop.app(), next_door.account, next_door.person("Rosa"), joana).await.expect("reached");
    assert_eq!(stranger, None, "another account's administrator");
    assert_eq!(asked(&shop, "Rosa", ConversationId(uuid::Uuid::from_u128(7))).await, None);
    shop.ok("Ana", Call::Start { conversation: joana }).await;
    assert_eq!(asked(&shop, "Ana", joana).await.map(|told| told.len()), Some(1), "an act of a person is no decision");
}

/// The timeline alone tells where the conversation is and was.
#[tokio::test]
async fn the_timeline_alone_reconstructs_every_holder() {
    let shop = World::new(Setting { limit_minutes: 10, maximum_minutes: Some(15), ..EXAMPLE }).await;
    shop.at("09:00").await;
    shop.arrives(JOANA, "oi").await;
    let joana = shop.with(JOANA).await.id;
    shop.at("09:12").await;
    shop.tick().await;
    shop.at("09:20").await;
    shop.tick().await;
    shop.ok("Davi", Call::Start { conversation: joana }).await;
    shop.at("09:30").await;
    shop.ok("Davi", Call::Conclude { conversation: joana }).await;
    let facts = shop.facts(joana).await;
    let history = holders(facts.iter().map(|(at, fact)| (*at, fact)));
    let minutes = |at: Moment| (at.0 - MIDNIGHT.0) / 60_000 - 9 * 60;
    let told: Vec<_> = history.iter().map(|since| (minutes(since.at), since.holder)).collect();
    let expected = [
        (0, Holder::Team),
        (0, Holder::Designee(shop.person("Ana"))),
        (10, Holder::Designee(shop.person("Bruno"))),
        (15, Holder::Team),
        (20, Holder::Responsible(shop.person("Davi"))),
        (30, Holder::Nobody),
    ];
    assert_eq!(told, expected);
}
