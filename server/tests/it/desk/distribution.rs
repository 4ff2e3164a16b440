//! The worked examples of product.md 7.6 on real rows: customers write by the webhook, people press, timers fire.

use std::sync::Arc;

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::person::Availability;
use ciranda_domain::team::Strategy;
use ciranda_domain::time::{Moment, Span};
use ciranda_server::desk::inbound;
use ciranda_sync::calls::Call;
use futures_util::future::join_all;

use super::engine::loaded;
use super::world::{EXAMPLE, MIDNIGHT, Setting, World};

const JOANA: &str = "5511900000001";

/// A time of the shop's first day, in hours and minutes; hours go on beyond midnight.
fn at(hours: i64, minutes: i64) -> Moment {
    MIDNIGHT + Span::minutes(hours * 60 + minutes)
}

/// The instants at which a conversation was passed on, and to whom.
async fn hops(shop: &World, id: ConversationId) -> Vec<(Moment, &'static str)> {
    let facts = shop.facts(id).await.into_iter();
    let hops = facts.filter_map(|(at, fact)| match fact {
        Fact::Designated { to, why: Why::LimitReached { .. }, .. } => Some((at, shop.name(to))),
        _ => None,
    });
    hops.collect()
}

#[tokio::test]
async fn d1_the_ring_lists_members_in_creation_order_with_the_unavailable_greyed() {
    let shop = World::new(EXAMPLE).await;
    let ring = loaded(&shop).await.ring();
    let seats: Vec<_> = ring.iter().map(|seat| (shop.name(seat.person), seat.availability, seat.next)).collect();
    let (here, away) = (Availability::Available, Availability::Unavailable);
    assert_eq!(
        seats,
        [("Ana", here, true), ("Bruno", here, false), ("Carla", away, false), ("Davi", here, false)],
        "Eva only supervises"
    );
}

#[tokio::test]
async fn d2_four_conversations_go_round_the_ring() {
    let shop = World::new(EXAMPLE).await;
    for phone in [JOANA, "5511900000002", "5511900000003", "5511900000004"] {
        shop.arrives(phone, "oi").await;
    }
    let mut holders = Vec::new();
    for phone in [JOANA, "5511900000002", "5511900000003", "5511900000004"] {
        holders.push(shop.holder(phone).await);
    }
    assert_eq!(holders, ["Ana", "Bruno", "Davi", "Ana"], "Carla is unavailable, Eva only supervises");
    let next = loaded(&shop).await.ring().into_iter().find(|seat| seat.next).expect("somebody is the next");
    assert_eq!(shop.name(next.person), "Bruno");
}

#[tokio::test]
async fn d3_and_d4_overflow_passes_on_at_the_true_instants_until_somebody_starts() {
    let shop = World::new(EXAMPLE).await;
    shop.arrives(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await;
    let State::Pending(Pending::Designated { since, .. }) = conversation.state else { panic!("designated") };
    for (time, holder) in [("09:11", "Bruno"), ("09:21", "Davi"), ("09:31", "Ana"), ("09:41", "Bruno")] {
        shop.at(time).await;
        shop.tick().await;
        assert_eq!(shop.holder(JOANA).await, holder, "at {time}");
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
    assert_eq!(shop.holder(JOANA).await, "com Bruno");
    shop.at("12:00").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "com Bruno", "timers are cleared");
}

#[tokio::test]
async fn d3_nobody_starts_and_the_team_is_offered_it_at_the_maximum() {
    let shop = World::new(EXAMPLE).await;
    shop.arrives(JOANA, "oi").await;
    shop.at("10:30").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "equipe");
    let id = shop.with(JOANA).await.id;
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
        shop.ok(name, Call::SetAvailability { availability: Availability::Unavailable }).await;
    }
    shop.arrives(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "equipe");
}

#[tokio::test]
async fn d5_limit_and_maximum_alike_go_straight_to_the_team() {
    let shop = World::new(Setting { limit_minutes: 2, maximum_minutes: Some(2), ..EXAMPLE }).await;
    shop.arrives(JOANA, "oi").await;
    let head = shop.with(JOANA).await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Ana", "until two minutes are over");
    shop.at("09:03").await;
    shop.tick().await;
    assert_eq!((shop.holder(JOANA).await.as_str(), hops(&shop, head.id).await), ("equipe", vec![]));
    let facts = shop.facts(head.id).await;
    let released = (head.created_at + Span::minutes(2), Fact::Released { why: Why::MaximumReached });
    assert!(facts.contains(&released), "{facts:?}");
}

#[tokio::test]
async fn d7_the_only_eligible_person_keeps_it_re_armed_until_the_maximum() {
    let shop = World::new(EXAMPLE).await;
    for name in ["Bruno", "Davi"] {
        shop.ok(name, Call::SetAvailability { availability: Availability::Unavailable }).await;
    }
    shop.arrives(JOANA, "oi").await;
    let head = shop.with(JOANA).await;
    for (time, armed) in [("09:11", 20), ("09:21", 30), ("09:31", 40), ("09:41", 50), ("09:51", 60)] {
        shop.at(time).await;
        shop.tick().await;
        let State::Pending(Pending::Designated { designee, deadline, .. }) = shop.with(JOANA).await.state else {
            panic!("designated")
        };
        assert_eq!((shop.name(designee), deadline), ("Ana", Some(head.created_at + Span::minutes(armed))), "{time}");
    }
    shop.at("10:01").await;
    shop.tick().await;
    assert_eq!((shop.holder(JOANA).await.as_str(), hops(&shop, head.id).await), ("equipe", vec![]));
}

#[tokio::test]
async fn d8_the_clock_stops_at_closing_time_and_goes_on_at_opening() {
    let shop = World::new(EXAMPLE).await;
    shop.at("17:55").await;
    shop.arrives(JOANA, "oi").await;
    let head = shop.with(JOANA).await;
    for time in ["18:30", "+1 08:04"] {
        shop.at(time).await;
        shop.tick().await;
        assert_eq!(shop.holder(JOANA).await, "Ana", "{time}");
    }
    shop.at("+1 08:06").await;
    shop.tick().await;
    let used = at(18, 0).since(head.created_at);
    let due = at(24 + 8, 0) + Span::minutes(10) - used;
    assert_eq!(hops(&shop, head.id).await, [(due, "Bruno")]);
}

#[tokio::test]
async fn d9_arriving_at_night_it_is_designated_silently_and_waits_for_the_morning() {
    let shop = World::new(EXAMPLE).await;
    shop.at("22:00").await;
    shop.arrives(JOANA, "oi").await;
    let id = shop.with(JOANA).await.id;
    assert_eq!(shop.count("select count(*) from outbox").await, 0, "nobody is told anything");
    shop.at("+1 08:00").await;
    shop.tick().await;
    let State::Pending(Pending::Designated { designee, deadline, max_deadline, .. }) = shop.with(JOANA).await.state
    else {
        panic!("designated")
    };
    assert_eq!((shop.name(designee), deadline, max_deadline), ("Ana", Some(at(24 + 8, 10)), Some(at(24 + 9, 0))));
    shop.at("+1 08:11").await;
    shop.tick().await;
    assert_eq!(hops(&shop, id).await, [(at(24 + 8, 10), "Bruno")]);
}

#[tokio::test]
async fn d10_whoever_becomes_available_enters_at_their_own_place_from_the_next_designation_on() {
    let shop = World::new(EXAMPLE).await;
    let phones = [JOANA, "5511900000002", "5511900000003", "5511900000004"];
    shop.arrives(phones[0], "oi").await;
    shop.arrives(phones[1], "oi").await;
    shop.ok("Carla", Call::SetAvailability { availability: Availability::Available }).await;
    shop.arrives(phones[2], "oi").await;
    shop.arrives(phones[3], "oi").await;
    let mut holders = Vec::new();
    for phone in phones {
        holders.push(shop.holder(phone).await);
    }
    assert_eq!(holders, ["Ana", "Bruno", "Carla", "Davi"]);
    shop.at("09:11").await;
    shop.tick().await;
    assert_eq!(shop.holder(phones[1]).await, "Carla", "overflow finds her between Bruno and Davi too");
}

#[tokio::test]
async fn a_freed_slot_goes_to_the_one_who_has_waited_longest() {
    let setting = Setting { capacity: Some(1), maximum_minutes: None, ..EXAMPLE };
    let shop = World::new(setting).await;
    let phones = [JOANA, "5511900000002", "5511900000003", "5511900000004", "5511900000005"];
    for phone in phones {
        shop.arrives(phone, "oi").await;
    }
    assert_eq!(shop.holder(phones[3]).await, "fila");
    let first = shop.with(phones[0]).await.id;
    shop.ok("Ana", Call::Start { conversation: first }).await;
    assert_eq!(shop.holder(phones[3]).await, "fila", "a started one still takes the slot");
    shop.ok("Ana", Call::Conclude { conversation: first }).await;
    assert_eq!(shop.holder(phones[3]).await, "Ana");
    assert_eq!(shop.holder(phones[4]).await, "fila");
}

/// How many conversations each attending, available person of the shop holds, and how many are queued.
async fn held(shop: &World) -> (Vec<i64>, i64) {
    let mut held = Vec::new();
    for name in ["Ana", "Bruno", "Davi"] {
        let id = shop.person(name);
        let sql = format!(
            "select count(*) from conversation where phase = 4 and responsible = '{id}' or phase = 2 and designee = '{id}'"
        );
        held.push(shop.count(&sql).await);
    }
    (held, shop.count("select count(*) from conversation where phase = 1").await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_arrivals_at_once_at_two_servers_fill_everybody_and_nobody_twice() {
    a_hundred_at_once(Setting { capacity: Some(4), maximum_minutes: None, ..EXAMPLE }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_arrivals_that_weigh_two_each_fill_the_least_loaded_and_nobody_twice() {
    let strategy = Strategy::LeastLoaded;
    // Nine is not a multiple of two: the last place stays free rather than being filled by half a conversation.
    a_hundred_at_once(Setting { capacity: Some(9), weight: 2, strategy, maximum_minutes: None, ..EXAMPLE }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_arrivals_fill_the_least_recent_and_nobody_twice() {
    let strategy = Strategy::LeastRecent;
    a_hundred_at_once(Setting { capacity: Some(4), strategy, maximum_minutes: None, ..EXAMPLE }).await;
}

/// Room for four each.
async fn a_hundred_at_once(setting: Setting) {
    let shop = World::new(setting).await;
    let other = shop.test.beside().await;
    let mut arrivals = Vec::new();
    for number in 0..100 {
        let arrived = shop.text(&format!("55119{number:08}"), "oi").await;
        let app = Arc::clone(if number % 2 == 0 { &shop.test.app } else { &other.app });
        let account = shop.account;
        arrivals.push(tokio::spawn(async move { inbound::apply(&app, account, &[arrived], &[]).await }));
    }
    for arrival in arrivals {
        arrival.await.expect("nothing panics").expect("taken");
    }
    assert_eq!(held(&shop).await, (vec![4, 4, 4], 88));

    // Many conclude at the same moment: each slot goes to one that waits, in the same transaction.
    let all = shop.all().await;
    let offered_to = |name: &str| {
        let person = shop.person(name);
        let designated = move |state: &State| matches!(state, State::Pending(Pending::Designated { designee, .. }) if *designee == person);
        all.iter().filter(move |held| designated(&held.head.state)).map(|held| held.head.id).collect::<Vec<_>>()
    };
    join_all(["Ana", "Bruno", "Davi"].map(async |name| {
        for conversation in offered_to(name) {
            shop.ok(name, Call::Start { conversation }).await;
            shop.ok(name, Call::Conclude { conversation }).await;
        }
    }))
    .await;
    assert_eq!(held(&shop).await, (vec![4, 4, 4], 76));
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn a_customer_waits_since_they_came_to_the_team_whoever_it_is_offered_to() {
    let shop = World::new(EXAMPLE).await;
    shop.write("5511900000001", "oi").await;
    let came = shop.with("5511900000001").await;
    assert_eq!(came.enqueued_at, Some(came.created_at));
    shop.at("09:11").await;
    shop.tick().await;
    let passed = shop.with("5511900000001").await;
    assert_ne!(passed.state, came.state);
    assert_eq!(passed.enqueued_at, came.enqueued_at);
    // A transfer begins another wait.
    let conversation = came.id;
    shop.ok("Eva", Call::TransferToTeam { conversation, team: shop.other_team }).await;
    assert!(shop.with("5511900000001").await.enqueued_at > came.enqueued_at);
}
