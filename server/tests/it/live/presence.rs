//! Who has the desk open, as the board tells it.

use std::collections::BTreeSet;
use std::time::Duration;

use ciranda_domain::ids::PersonId;
use ciranda_server::auth::{Principal, SessionId};
use ciranda_server::desk::board;
use ciranda_server::presence::present;
use tokio::time::{Instant, sleep};

use crate::desk::world::{EXAMPLE, World};
use crate::rig::{Browser, TestApp};

async fn until(server: &TestApp, shop: &World, people: &[&str]) {
    let expected: BTreeSet<PersonId> = people.iter().map(|name| shop.person(name)).collect();
    let begun = Instant::now();
    loop {
        let found = present(&server.app, shop.account).await.expect("asked");
        if found == expected {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{found:?} instead of {people:?}");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn whoever_has_the_desk_open_is_present_at_both_servers_and_nobody_else() {
    let shop = World::new(EXAMPLE).await;
    let other = shop.test.beside().await;
    let neighbour = shop.neighbour(EXAMPLE).await;
    let _theirs = Browser::live(&shop.test, neighbour.account, neighbour.person("Ana")).await;
    let _ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    let bruno = Browser::live(&other, shop.account, shop.person("Bruno")).await;
    for server in [&shop.test, &other] {
        until(server, &shop, &["Ana", "Bruno"]).await;
    }
    bruno.unplug();
    until(&other, &shop, &["Ana"]).await;
}

#[tokio::test]
async fn the_board_is_told_of_whoever_belongs_to_its_teams_and_of_its_reader() {
    let shop = World::new(EXAMPLE).await;
    let names = ["Ana", "Rosa", "Eva"];
    let mut browsers = Vec::new();
    for name in names {
        browsers.push(Browser::live(&shop.test, shop.account, shop.person(name)).await);
    }
    until(&shop.test, &shop, &names).await;
    let eva = Principal { account: shop.account, person: shop.person("Eva"), session: SessionId([0; 32]) };
    let told = board::aside(&shop.test.app, eva).await.expect("asked").expect("she oversees a team").present;
    let told: BTreeSet<PersonId> = told.into_iter().collect();
    assert_eq!(told, ["Ana", "Eva"].map(|name| shop.person(name)).into(), "Rosa is of no team");
}

#[tokio::test]
async fn somebody_with_two_tabs_stays_present_until_both_are_closed() {
    let shop = World::new(EXAMPLE).await;
    let first = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    let second = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    first.unplug();
    first.heard().await;
    until(&shop.test, &shop, &["Ana"]).await;
    second.unplug();
    until(&shop.test, &shop, &[]).await;
}
