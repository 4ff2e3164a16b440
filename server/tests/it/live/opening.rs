//! The one notice at opening time: what came while the account was closed (decision 4).

use std::time::Duration;

use ciranda_server::hub;
use tokio::time::{Instant, sleep};

use crate::desk::world::{EXAMPLE, World};
use crate::rig::Browser;

pub async fn until_told(browser: &Browser, openings: &[u32]) {
    let begun = Instant::now();
    while browser.openings() != openings {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?} instead of {openings:?}", browser.openings());
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn at_opening_time_each_designee_is_told_once_how_many_came_and_nobody_else_is() {
    let shop = World::new(EXAMPLE).await;
    let other = shop.test.beside().await;
    hub::spawn(&shop.test.app);
    hub::spawn(&other.app);
    shop.at("22:00").await;
    for number in 1..=4 {
        shop.arrives(&format!("551190000000{number}"), "oi").await;
    }
    // Ana, Bruno and Davi are available: the fourth is Ana's again. She looks through another server than the one whose
    // timer fires.
    let ana = Browser::live(&other, shop.account, shop.person("Ana")).await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    let eva = Browser::live(&shop.test, shop.account, shop.person("Eva")).await;
    shop.tick().await;
    assert_eq!((ana.openings(), bruno.openings()), (vec![], vec![]), "not before");

    shop.at("+1 08:00").await;
    shop.tick().await;
    until_told(&ana, &[2]).await;
    until_told(&bruno, &[1]).await;
    shop.at("+1 08:05").await;
    shop.tick().await;
    shop.arrives("5511900000009", "oi").await;
    eva.heard().await;
    assert_eq!((ana.openings(), bruno.openings(), eva.openings()), (vec![2], vec![1], vec![]), "once, and theirs only");
    assert_eq!(shop.count("select count(*) from due where kind = 6").await, 0, "nothing is armed while open");
}

#[tokio::test]
async fn what_somebody_started_at_night_is_not_told_in_the_morning() {
    let shop = World::new(EXAMPLE).await;
    hub::spawn(&shop.test.app);
    shop.at("22:00").await;
    shop.arrives("5511900000001", "oi").await;
    let conversation = shop.with("5511900000001").await.id;
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    shop.ok("Ana", ciranda_sync::calls::Call::Start { conversation }).await;
    shop.at("+1 08:00").await;
    shop.tick().await;
    shop.arrives("5511900000001", "alguém?").await;
    ana.until("the line is there", |client| {
        client.view().conversation(conversation).is_some_and(|head| head.unread > 0)
    })
    .await;
    assert_eq!(ana.openings(), Vec::<u32>::new());
}
