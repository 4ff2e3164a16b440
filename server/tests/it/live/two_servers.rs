//! Two servers with nothing in common but the database.

use ciranda_domain::ids::ConversationId;
use ciranda_domain::message::{Fact, Why};
use ciranda_domain::time::{Moment, Span};
use ciranda_server::{desk, hub};
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;
use ciranda_sync::machine::Input;

use super::agrees;
use crate::desk::world::{EXAMPLE, FREE, World};
use crate::rig::{Browser, TestApp};

/// A shop with two servers, each telling its own sockets and looking for what the other wrote.
async fn two(shop: &World) -> TestApp {
    let other = shop.test.beside().await;
    hub::spawn(&shop.test.app);
    hub::spawn(&other.app);
    other
}

#[tokio::test]
async fn what_comes_in_through_one_reaches_the_screens_at_the_other() {
    let shop = World::new(EXAMPLE).await;
    let other = two(&shop).await;
    let ana = Browser::live(&other, shop.account, shop.person("Ana")).await;
    let eva = Browser::live(&other, shop.account, shop.person("Eva")).await;
    let bruno = Browser::live(&other, shop.account, shop.person("Bruno")).await;
    for number in 1..=3 {
        let phone = format!("551190000000{number}");
        shop.arrives_at(&shop.test, &phone, "oi").await;
        let id = shop.with(&phone).await.id;
        eva.until("the supervisor sees it", |client| client.view().conversation(id).is_some()).await;
    }
    for browser in [&ana, &eva, &bruno] {
        agrees(&shop, browser).await;
    }
    let first = shop.with("5511900000001").await.id;
    ana.input(Input::Open(first));
    ana.until("its lines are there", |client| client.view().lines(first).count() == 3).await;
    shop.arrives_at(&shop.test, "5511900000001", "alguém?").await;
    ana.until("the line is there as well", |client| client.view().lines(first).count() == 4).await;
    agrees(&shop, &ana).await;
}

#[tokio::test]
async fn of_two_presses_at_two_servers_one_wins_and_the_other_is_told_who() {
    let shop = World::new(FREE).await;
    let other = two(&shop).await;
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    let bruno = Browser::live(&other, shop.account, shop.person("Bruno")).await;
    let mut refused = 0;
    for round in 0..6 {
        let phone = format!("55119000000{round:02}");
        shop.arrives_at(&shop.test, &phone, "oi").await;
        let conversation = shop.with(&phone).await.id;
        for browser in [&ana, &bruno] {
            browser.until("it is offered", |client| client.view().conversation(conversation).is_some()).await;
        }
        ana.call(Call::Start { conversation });
        bruno.call(Call::Start { conversation });
        ana.settled().await;
        bruno.settled().await;
        let (winner, loser) = match shop.holder(&phone).await.as_str() {
            "com Ana" => (&ana, &bruno),
            "com Bruno" => (&bruno, &ana),
            other => panic!("somebody has it: {other}"),
        };
        refused += 1;
        assert_eq!(
            loser.refused().last(),
            Some(&(Call::Start { conversation }, Refused::AlreadyStarted { by: winner.person }))
        );
        assert_eq!(ana.refused().len() + bruno.refused().len(), refused, "the winner is not refused");
    }
    agrees(&shop, &ana).await;
    agrees(&shop, &bruno).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timers_that_are_due_at_both_fire_once() {
    let shop = World::new(EXAMPLE).await;
    let other = two(&shop).await;
    let mut conversations: Vec<(ConversationId, Moment)> = Vec::new();
    for number in 0..8 {
        let phone = format!("551190000000{number}");
        shop.write(&phone, "oi").await;
        let head = shop.with(&phone).await;
        conversations.push((head.id, head.created_at));
    }
    desk::spawn(&shop.test.app).await.expect("the timers run");
    desk::spawn(&other.app).await.expect("the timers run");
    for time in ["09:11", "09:21", "09:31", "09:41", "09:51", "10:01"] {
        shop.at(time).await;
        shop.test.app.wake.overflow.notify_one();
        other.app.wake.overflow.notify_one();
        let late = "select count(*) from conversation c, installation i where c.phase = 2
            and c.deadline <= (extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms";
        while shop.count(late).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    for (id, since) in conversations {
        let facts = shop.facts(id).await;
        let hops: Vec<Moment> = facts
            .iter()
            .filter(|(_, fact)| matches!(fact, Fact::Designated { why: Why::LimitReached { .. }, .. }))
            .map(|(at, _)| *at)
            .collect();
        let expected: Vec<Moment> = (1..=5).map(|hop| since + Span::minutes(10 * hop)).collect();
        assert_eq!(hops, expected, "each hop once, at its own instant");
        let released = |fact: &Fact| matches!(fact, Fact::Released { why: Why::MaximumReached });
        let released: Vec<Moment> = facts.iter().filter(|(_, fact)| released(fact)).map(|(at, _)| *at).collect();
        assert_eq!(released, [since + Span::minutes(60)]);
    }
}
