//! The preferred attendant of a contact (OVF-14, decision 6): first, without a turn, and only who can take it.

use ciranda_domain::distribution::Verdict;
use ciranda_domain::message::{Fact, Why};
use ciranda_server::desk::calls::Outcome;
use ciranda_server::desk::explain::explain;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;

use super::world::{EXAMPLE, World};

const JOANA: &str = "5511900000001";
const PEDRO: &str = "5511900000002";
const LIA: &str = "5511900000003";

/// Joana prefers somebody, and her conversation is over for longer than twelve hours.
async fn joana_prefers(name: &str) -> World {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation }).await;
    shop.ok("Ana", Call::Prefer { conversation, person: Some(shop.person(name)) }).await;
    shop.ok("Ana", Call::Conclude { conversation }).await;
    shop.at("+1 09:00").await;
    shop
}

#[tokio::test]
async fn who_is_preferred_is_offered_the_contact_first_and_the_arrow_stays() {
    let shop = joana_prefers("Davi").await;
    shop.write(JOANA, "voltei").await;
    assert_eq!(shop.holder(JOANA).await, "Davi");
    let conversation = shop.with(JOANA).await.id;
    let facts = shop.facts(conversation).await;
    assert!(facts.iter().any(|(_, fact)| matches!(fact, Fact::Designated { why: Why::Preferred, .. })), "{facts:?}");
    // It was Bruno's turn and still is.
    shop.write(PEDRO, "oi").await;
    assert_eq!(shop.holder(PEDRO).await, "Bruno");
    // The ring's timer runs, and the hop walks on as any other.
    shop.at("+1 09:11").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
}

#[tokio::test]
async fn whom_nobody_can_reach_is_passed_over_and_the_circle_goes_on() {
    // Carla is unavailable.
    let shop = joana_prefers("Carla").await;
    shop.write(JOANA, "voltei").await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    shop.write(LIA, "oi").await;
    assert_eq!(shop.holder(LIA).await, "Davi", "she took a turn");
}

#[tokio::test]
async fn a_return_to_the_team_goes_to_who_is_preferred() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation }).await;
    shop.ok("Eva", Call::Prefer { conversation, person: Some(shop.person("Davi")) }).await;
    shop.ok("Ana", Call::TransferToTeam { conversation, team: shop.team }).await;
    assert_eq!(shop.holder(JOANA).await, "Davi");
    let told = explain(shop.app(), shop.account, shop.person("Eva"), conversation).await.expect("reached");
    let considered = told.expect("Eva oversees it").pop().expect("a decision").considered;
    assert_eq!((considered[0].person, considered[0].verdict), (shop.person("Davi"), Verdict::Chosen));
}

#[tokio::test]
async fn all_conversations_of_the_contact_say_the_same_and_nobody_is_a_choice_too() {
    let shop = joana_prefers("Davi").await;
    shop.write(JOANA, "voltei").await;
    let all = || async { shop.all().await.into_iter().map(|held| held.head.contact.preferred).collect::<Vec<_>>() };
    assert_eq!(all().await, [Some(shop.person("Davi")); 2]);
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Eva", Call::Prefer { conversation, person: None }).await;
    assert_eq!(all().await, [None, None]);
}

#[tokio::test]
async fn nobody_prefers_whom_no_team_has_or_for_whom_they_do_not_see() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    let refusal = |outcome| match outcome {
        Outcome::Refused { refusal, .. } => Some(refusal),
        Outcome::Done { .. } | Outcome::Seen | Outcome::Gap => None,
    };
    let rosa = Call::Prefer { conversation, person: Some(shop.person("Rosa")) };
    assert_eq!(refusal(shop.press("Ana", rosa).await), Some(Refused::CannotReceive), "Rosa attends no team");
    let stranger = World::new(EXAMPLE).await.person("Ana");
    let strange = Call::Prefer { conversation, person: Some(stranger) };
    assert_eq!(refusal(shop.press("Ana", strange).await), Some(Refused::CannotReceive));
    let unseen = Call::Prefer { conversation, person: None };
    assert_eq!(refusal(shop.press("Bruno", unseen).await), Some(Refused::PassedOn), "it is with Ana");
}
