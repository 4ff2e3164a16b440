//! Whoever was away ends with what a newcomer sees, whatever was missed and however it was told.

use ciranda_domain::access::meets;
use ciranda_domain::ids::TeamId;
use ciranda_server::{hub, store};
use ciranda_sync::machine::{Connection, Input};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::acts::{happen, some_act};
use super::agrees;
use crate::desk::world::{EXAMPLE, FREE, PEOPLE, World};
use crate::rig::Browser;

/// How many conversations of the shop a person sees, and up to which number the log has been written.
async fn seen_by(shop: &World, name: &str) -> (Vec<ciranda_domain::ids::ConversationId>, u64) {
    let mut scoped = store::begin(shop.app(), shop.account).await.expect("begun");
    let atoms = shop.app().memory.reference(&mut scoped).await.expect("read").rights(shop.person(name)).atoms;
    let head = scoped.standing().await.expect("read").head;
    let seen = shop.all().await.into_iter().filter(|held| meets(&held.audience, &atoms));
    (seen.map(|held| held.head.id).collect(), head.0)
}

#[tokio::test]
async fn whoever_missed_much_ends_with_what_a_newcomer_sees() {
    let shop = World::new(EXAMPLE).await;
    // Where only the responsible sees a started one, much goes out of sight.
    sqlx::query("update team set level = 2").execute(&mut shop.test.db.owner().await).await.expect("set");
    hub::spawn(&shop.test.app);
    let mut random = StdRng::seed_from_u64(11);
    for _ in 0..150 {
        happen(&shop, some_act(&shop, &mut random).await).await;
    }
    let mut away = Vec::new();
    for name in PEOPLE {
        let browser = Browser::live(&shop.test, shop.account, shop.person(name)).await;
        let (seen, _) = seen_by(&shop, name).await;
        for id in seen.iter().take(2) {
            browser.input(Input::Open(*id));
        }
        agrees(&shop, &browser).await;
        away.push((name, browser, seen));
    }
    for (_, browser, _) in &away {
        browser.unplug();
        browser.heard().await;
    }
    let (_, before) = seen_by(&shop, "Ana").await;
    for _ in 0..300 {
        happen(&shop, some_act(&shop, &mut random).await).await;
    }
    let (mut gained, mut lost) = (0, 0);
    for (name, browser, earlier) in &away {
        let (seen, head) = seen_by(&shop, name).await;
        assert!(head - before >= 300, "much was missed: {}", head - before);
        gained += seen.iter().filter(|id| !earlier.contains(id)).count();
        lost += earlier.iter().filter(|id| !seen.contains(id)).count();
        assert!(browser.look(|client| client.connection() != Connection::Live), "{name} is away");
        browser.plug(&shop.test);
    }
    assert!(gained >= 5 && lost >= 5, "rows came into sight and went out of it: {gained}, {lost}");
    for (name, browser, _) in &away {
        agrees(&shop, browser).await;
        agrees(&shop, &Browser::live(&shop.test, shop.account, shop.person(name)).await).await;
    }
}

#[tokio::test]
async fn what_was_committed_and_not_told_is_found_in_the_log() {
    let shop = World::new(FREE).await;
    hub::spawn(&shop.test.app);
    let ana = Browser::live(&shop.test, shop.account, shop.person("Ana")).await;
    // A server that tells nobody and is gone after its commit.
    let silent = shop.test.beside().await;
    shop.arrives_at(&silent, "5511900000001", "oi").await;
    silent.stop().await;
    let first = shop.with("5511900000001").await.id;
    ana.until("the untold commit is there", |client| client.view().conversation(first).is_some()).await;

    let silent = shop.test.beside().await;
    ana.input(Input::Open(first));
    ana.until("its lines are there", |client| client.view().lines(first).count() == 2).await;
    for round in 0..5 {
        // One that is told comes after one that is not: the hole is filled before it.
        shop.arrives_at(&silent, "5511900000001", &format!("calada {round}")).await;
        shop.arrives_at(&shop.test, "5511900000001", &format!("contada {round}")).await;
    }
    agrees(&shop, &ana).await;
    assert_eq!(ana.look(|client| client.view().lines(first).count()), 12);
}

/// A membership and the rights that follow from it, numbered and told to nobody.
async fn attend_untold(shop: &World, name: &str, team: TeamId, attends: bool) {
    let sql = "with numbers as (
           update account_seq set seq = seq + 2, reference = seq + 2 where account_id = $1 returning seq - 2 as base),
         member as (
           insert into membership (account_id, team_id, person_id, attends, supervises, rev)
           select $1, $2, $3, $4, false, base + 1 from numbers
           on conflict (account_id, team_id, person_id) do update set attends = excluded.attends, rev = excluded.rev),
         person as (update person set epoch = epoch + 1 where account_id = $1 and id = $3)
         insert into sync_log (account_id, seq, entity, entity_id, parent_id, op, audience_before, audience_after)
         select $1, base + 1, 4, $2, $3, 1, array[]::bigint[], array[]::bigint[] from numbers
         union all select $1, base + 2, 8, $3, null, 1, array[]::bigint[], array[]::bigint[] from numbers";
    let owner = &mut shop.test.db.owner().await;
    let query = sqlx::query(sql).bind(shop.account.0).bind(team.0).bind(shop.person(name).0).bind(attends);
    query.execute(owner).await.expect("changed");
}

#[tokio::test]
async fn rights_that_change_while_connected_or_away_bring_and_take_rows() {
    let shop = World::new(FREE).await;
    hub::spawn(&shop.test.app);
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    for phone in ["5511900000001", "5511900000002", "5511900000003"] {
        shop.write(phone, "oi").await;
    }
    let open = shop.with("5511900000001").await.id;
    bruno.until("they are there", |client| client.view().replica().heads().len() == 3).await;
    bruno.input(Input::Open(open));
    agrees(&shop, &bruno).await;

    attend_untold(&shop, "Bruno", shop.team, false).await;
    bruno.until("they are gone", |client| client.view().replica().heads().is_empty()).await;
    assert!(bruno.look(|client| client.open_conversations().is_empty()), "the pane closes");
    agrees(&shop, &bruno).await;

    bruno.unplug();
    shop.write("5511900000004", "oi").await;
    attend_untold(&shop, "Bruno", shop.team, true).await;
    shop.write("5511900000001", "alguém?").await;
    bruno.plug(&shop.test);
    bruno.until("they are back", |client| client.view().replica().heads().len() == 4).await;
    agrees(&shop, &bruno).await;

    bruno.unplug();
    attend_untold(&shop, "Bruno", shop.team, false).await;
    shop.write("5511900000005", "oi").await;
    bruno.plug(&shop.test);
    bruno.until("they are gone again", |client| client.view().replica().heads().is_empty()).await;
    agrees(&shop, &bruno).await;
}
