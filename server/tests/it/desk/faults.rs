//! Clocks that jump, servers that were away, two servers on one database: the same history as if nothing had happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use ciranda_domain::conversation::State;
use ciranda_domain::distribution::{Holder, holders};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::time::Moment;
use ciranda_server::desk::{self, overflow};
use ciranda_sync::calls::Call;

use super::world::{EXAMPLE, MIDNIGHT, Setting, World};
use crate::rig::TestApp;

const PHONES: [&str; 3] = ["5511900000001", "5511900000002", "5511900000003"];

/// Who had a conversation, minute by minute from 09:00 on, in names.
type Story = Vec<(i64, String)>;

async fn story(shop: &World, id: ConversationId) -> Story {
    let facts = shop.facts(id).await;
    let name = |holder| match holder {
        Holder::Team => "equipe".to_owned(),
        Holder::Queue => "fila".to_owned(),
        Holder::Designee(person) => shop.name(person).to_owned(),
        Holder::Responsible(person) => format!("com {}", shop.name(person)),
        Holder::Nobody => "concluída".to_owned(),
    };
    let minute = |at: Moment| (at.0 - MIDNIGHT.0).div_euclid(60_000) - 9 * 60;
    holders(facts.iter().map(|(at, fact)| (*at, fact)))
        .into_iter()
        .map(|since| (minute(since.at), name(since.holder)))
        .collect()
}

async fn stories(shop: &World) -> BTreeMap<&'static str, Story> {
    let mut told = BTreeMap::new();
    for phone in PHONES {
        told.insert(phone, story(shop, shop.with(phone).await.id).await);
    }
    told
}

/// The reasons for which it moved on or was opened.
async fn whys(shop: &World, id: ConversationId) -> Vec<Why> {
    let facts = shop.facts(id).await.into_iter();
    let why = facts.filter_map(|(_, fact)| match fact {
        Fact::Designated { why, attempt, .. } if attempt > 1 => Some(why),
        Fact::Released { why } => Some(why),
        _ => None,
    });
    why.collect()
}

async fn tick(server: &TestApp) {
    while overflow::fire_due(&server.app).await.expect("fired") == overflow::Fired::Busy {}
}

/// Nobody presses anything from nine to ten: what the story of one conversation is with every timer on time.
const UNDISTURBED: [(i64, &str); 8] =
    [(0, "equipe"), (0, "Ana"), (10, "Bruno"), (20, "Davi"), (30, "Ana"), (40, "Bruno"), (50, "Davi"), (60, "equipe")];

fn undisturbed() -> Story {
    UNDISTURBED.iter().map(|(minute, name)| (*minute, (*name).to_owned())).collect()
}

/// The service stops at nine and starts again at noon, by both clocks.
async fn three_hours_pass(shop: &World) {
    shop.count("with b as (update server_beat set at = at - interval '3 hours' returning 1) select count(*) from b")
        .await;
    shop.at("12:00").await;
}

#[tokio::test]
async fn three_hours_of_standstill_change_nothing_but_the_reasons() {
    let shop = World::new(EXAMPLE).await;
    shop.write(PHONES[0], "oi").await;
    let id = shop.with(PHONES[0]).await.id;
    ciranda_server::store::due::beat(&shop.app().pool).await.expect("alive");
    three_hours_pass(&shop).await;
    desk::spawn(&shop.test.app).await.expect("the timers run");
    while shop.holder(PHONES[0]).await != "equipe" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(story(&shop, id).await, undisturbed());
    let [hops @ .., last] = &whys(&shop, id).await[..] else { panic!("it moved") };
    assert_eq!(hops.len(), 5);
    assert!(hops.iter().all(|why| matches!(why, Why::LimitReachedDuringOutage { .. })), "{hops:?}");
    assert_eq!(*last, Why::MaximumReachedDuringOutage, "nobody could have started it");
}

#[tokio::test]
async fn a_server_that_starts_a_moment_after_another_knows_of_the_outage_too() {
    let shop = World::new(EXAMPLE).await;
    let other = shop.test.beside().await;
    shop.write(PHONES[0], "oi").await;
    let id = shop.with(PHONES[0]).await.id;
    ciranda_server::store::due::beat(&shop.app().pool).await.expect("alive");
    three_hours_pass(&shop).await;
    // The first is back and has fired nothing yet when the second comes and does.
    ciranda_server::store::due::beat(&shop.app().pool).await.expect("alive");
    desk::spawn(&other.app).await.expect("the timers run");
    while shop.holder(PHONES[0]).await != "equipe" {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(whys(&shop, id).await.contains(&Why::MaximumReachedDuringOutage));
}

#[tokio::test]
async fn an_hour_forward_plays_what_was_due_at_its_own_instants() {
    let shop = World::new(EXAMPLE).await;
    shop.write(PHONES[0], "oi").await;
    shop.at("09:05").await;
    shop.tick().await;
    shop.at("10:05").await;
    shop.tick().await;
    assert_eq!(story(&shop, shop.with(PHONES[0]).await.id).await, undisturbed());
}

#[tokio::test]
async fn an_hour_back_takes_nothing_back_and_time_stands_still_until_it_has_caught_up() {
    let shop = World::new(EXAMPLE).await;
    shop.write(PHONES[0], "oi").await;
    let id = shop.with(PHONES[0]).await.id;
    shop.at("09:11").await;
    shop.tick().await;
    shop.at("08:11").await;
    shop.tick().await;
    assert_eq!(shop.holder(PHONES[0]).await, "Bruno", "what happened has happened");
    // Who arrives meanwhile arrives at the last instant that the team saw.
    shop.write(PHONES[1], "oi").await;
    assert_eq!(shop.holder(PHONES[1]).await, "Bruno", "the arrow has moved on from Ana");
    let State::Pending(pending) = shop.with(PHONES[1]).await.state else { panic!("nobody started it") };
    let ciranda_domain::conversation::Pending::Designated { since, .. } = pending else { panic!("designated") };
    assert!(since >= Moment(MIDNIGHT.0 + (9 * 60 + 11) * 60_000), "not before the team's last instant: {since:?}");
    for time in ["09:09", "09:15", "09:22", "10:30"] {
        shop.at(time).await;
        shop.tick().await;
    }
    assert_eq!(story(&shop, id).await, undisturbed());
}

/// A morning: three customers, somebody starts, somebody leaves for a while, the rest is left to the timers.
async fn morning(shop: &World, servers: [&TestApp; 2]) {
    let at = async |time: &str| {
        shop.at(time).await;
        let offset = ciranda_server::store::clock_offset(&shop.app().pool).await.expect("read");
        servers.iter().for_each(|server| server.app.clock.set_offset(offset));
    };
    at("09:00").await;
    let mut turn = servers.into_iter().cycle();
    let mut server = || turn.next().expect("without end");
    shop.arrives_at(server(), PHONES[0], "oi").await;
    at("09:03").await;
    shop.arrives_at(server(), PHONES[1], "oi").await;
    at("09:04").await;
    shop.arrives_at(server(), PHONES[2], "oi").await;
    at("09:12").await;
    tick(server()).await;
    shop.ok("Bruno", Call::Start { conversation: shop.with(PHONES[0]).await.id }).await;
    for time in ["09:16", "09:27", "09:31", "09:40"] {
        at(time).await;
        tick(server()).await;
    }
    // A server that sees nothing for an hour comes last.
    at("10:40").await;
    tick(server()).await;
}

#[tokio::test]
async fn two_servers_in_turn_make_the_history_that_one_makes() {
    use ciranda_domain::team::Strategy;
    for strategy in [Strategy::Circle, Strategy::LeastRecent, Strategy::LeastLoaded] {
        let setting = Setting { strategy, capacity: Some(2), ..EXAMPLE };
        let alone = World::new(setting).await;
        let server = Arc::clone(&alone.test);
        morning(&alone, [&server, &server]).await;
        let shared = World::new(setting).await;
        let (first, second) = (Arc::clone(&shared.test), shared.test.beside().await);
        morning(&shared, [&first, &second]).await;
        assert_eq!(stories(&shared).await, stories(&alone).await, "{strategy:?}");
    }
}
