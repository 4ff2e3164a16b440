//! The database goes away for moments, again and again: what was accepted is there once, and every screen comes back.

use std::collections::BTreeSet;
use std::time::Duration;

use ciranda_domain::ids::MessageId;
use ciranda_server::{channels, desk, hub};
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Connection;
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, ConnectOptions};
use tokio::time::sleep;

use super::agrees;
use crate::desk::world::{EXAMPLE, World, fresh_message, post, webhook};
use crate::rig::Browser;

const NAMES: [&str; 4] = ["Ana", "Bruno", "Davi", "Rosa"];

/// Cuts every connection that the server has to its database.
async fn cut(shop: &World) {
    let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    shop.count(sql).await;
}

/// Posts until it is taken, as Meta does; how often it was told to come again.
async fn insist(shop: &World, id: &str, phone: &str) -> u32 {
    let mut refused = 0;
    loop {
        let body = webhook(shop.channel, id, shop.app().clock.business_now(), phone, id);
        match post(&shop.test.base, body).await.expect("the server is there") {
            StatusCode::OK => return refused,
            StatusCode::SERVICE_UNAVAILABLE => refused += 1,
            other => panic!("neither taken nor to come again: {other}"),
        }
        sleep(Duration::from_millis(20)).await;
    }
}

fn something(tab: &Browser, random: &mut StdRng, texts: &mut BTreeSet<MessageId>) {
    let seen = tab.look(|client| client.view().replica().heads().keys().copied().choose(random));
    let Some(conversation) = seen else { return };
    tab.call(match random.random_range(0..6) {
        0..3 => Call::Start { conversation },
        3 => Call::Conclude { conversation },
        _ => {
            let message = fresh_message();
            texts.insert(message);
            Call::Send { conversation, message, text: "olá".into() }
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_to_the_database_that_are_cut_cost_nothing_but_time() {
    let shop = World::new(EXAMPLE).await;
    let app = &shop.test.app;
    hub::spawn(app);
    channels::spawn(app).expect("the workers start");
    desk::spawn(app).await.expect("the timers run");
    let mut tabs = Vec::new();
    for name in NAMES {
        tabs.push(Browser::live(&shop.test, shop.account, shop.person(name)).await);
    }
    let mut random = StdRng::seed_from_u64(5);
    let (mut texts, mut posted) = (BTreeSet::new(), 0);
    for step in 0..120 {
        if step % 10 == 5 {
            cut(&shop).await;
        }
        if step % 3 == 0 {
            insist(&shop, &format!("wamid.{posted}"), &format!("55119000000{:02}", posted % 9)).await;
            posted += 1;
        }
        something(&tabs[random.random_range(0..tabs.len())], &mut random, &mut texts);
        sleep(Duration::from_millis(random.random_range(0..15))).await;
    }
    for tab in &tabs {
        tab.settled().await;
    }
    while shop.count("select (select count(*) from envelope where state = 0) + (select count(*) from outbox)").await > 0
    {
        sleep(Duration::from_millis(50)).await;
    }
    // A connection that has lain idle so long is asked whether it is there before it is used.
    sleep(Duration::from_millis(1100)).await;
    for tab in &tabs {
        agrees(&shop, tab).await;
    }
    assert_eq!(shop.count("select count(*) from envelope where state <> 1").await, 0, "none is broken");
    assert_eq!(shop.count("select count(*) from message where side = 1").await, posted, "each is there once");
    let refused: BTreeSet<MessageId> = tabs
        .iter()
        .flat_map(Browser::refused)
        .filter_map(|(call, _)| if let Call::Send { message, .. } = call { Some(message) } else { None })
        .collect();
    let expected = i64::try_from(texts.difference(&refused).count()).expect("small");
    assert_eq!(shop.count("select count(*) from message where side = 2").await, expected, "and so is each text");
}

/// Lets nobody into the database any more and shows out who is there, or opens it again.
async fn shut(shop: &World, shut: bool) {
    let options = shop.test.db.options.clone();
    let name = options.get_database().expect("a database of its own").to_owned();
    let mut elsewhere = options.database("postgres").connect().await.expect("the cluster answers");
    let sql = format!("alter database {name} with allow_connections {}", !shut);
    sqlx::query(AssertSqlSafe(sql)).execute(&mut elsewhere).await.expect("altered");
    let sql = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
    sqlx::query(sql).bind(name).execute(&mut elsewhere).await.expect("shown out");
}

#[tokio::test]
async fn a_screen_on_which_nobody_does_anything_says_so_while_the_database_is_gone() {
    let shop = World::new(EXAMPLE).await;
    hub::spawn(&shop.test.app);
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    shut(&shop, true).await;
    ana.until("it is no longer live", |client| client.connection() != Connection::Live).await;
    shut(&shop, false).await;
    ana.until("it is live again", |client| client.connection() == Connection::Live).await;
}
