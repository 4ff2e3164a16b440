//! Rights that change while people work: what is no longer theirs leaves their screens, and nothing of it comes back.

use ciranda_domain::ids::TeamId;
use ciranda_domain::person::{PersonStatus, Profile};
use ciranda_domain::team::{Level, Membership};
use ciranda_server::desk::rights::{Revision, revise};
use ciranda_server::hub;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Input;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::acts::{happen, some_act};
use super::agrees;
use crate::desk::world::{EXAMPLE, FREE, PEOPLE, World};
use crate::rig::Browser;

const JOANA: &str = "5511900000001";

fn member(shop: &World, name: &str, team: TeamId, attends: bool, supervises: bool) -> Revision {
    Revision::Membership(Membership { team, person: shop.person(name), attends, supervises })
}

async fn change(shop: &World, revision: Revision) {
    revise(shop.app(), shop.account, revision).await.expect("changed");
}

#[tokio::test]
async fn whoever_leaves_a_team_loses_its_conversations_and_gets_them_back_when_they_return() {
    let shop = World::new(FREE).await;
    hub::spawn(&shop.test.app);
    for phone in [JOANA, "5511900000002"] {
        shop.write(phone, "oi").await;
    }
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.input(Input::Open(shop.with(JOANA).await.id));
    agrees(&shop, &bruno).await;

    change(&shop, member(&shop, "Bruno", shop.team, false, false)).await;
    bruno.until("they are gone", |client| client.view().replica().heads().is_empty()).await;
    assert!(bruno.look(|client| client.open_conversations().is_empty()), "the pane closes");
    shop.write(JOANA, "alguém?").await;
    agrees(&shop, &bruno).await;

    change(&shop, member(&shop, "Bruno", shop.team, true, false)).await;
    bruno.until("they are back", |client| client.view().replica().heads().len() == 2).await;
    agrees(&shop, &bruno).await;
}

#[tokio::test]
async fn a_stricter_level_takes_what_others_serve_out_of_sight() {
    let shop = World::new(FREE).await;
    hub::spawn(&shop.test.app);
    shop.write(JOANA, "oi").await;
    let id = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation: id }).await;
    let (bruno, eva) = (
        Browser::live(&shop.test, shop.account, shop.person("Bruno")).await,
        Browser::live(&shop.test, shop.account, shop.person("Eva")).await,
    );
    bruno.until("the team sees it", |client| client.view().conversation(id).is_some()).await;
    change(&shop, Revision::Level { team: shop.team, level: Level::Attendant }).await;
    bruno.until("it is gone", |client| client.view().conversation(id).is_none()).await;
    agrees(&shop, &bruno).await;
    agrees(&shop, &eva).await;
    assert!(eva.look(|client| client.view().conversation(id).is_some()), "the supervisor still sees it");
}

#[tokio::test]
async fn what_somebody_was_offered_goes_on_when_they_leave_or_are_blocked() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
    change(&shop, member(&shop, "Ana", shop.team, false, false)).await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    change(&shop, Revision::Status { person: shop.person("Bruno"), status: PersonStatus::Blocked }).await;
    assert_eq!(shop.holder(JOANA).await, "Davi");
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn two_servers_that_change_rights_at_once_do_both() {
    let shop = World::new(FREE).await;
    let other = shop.test.beside().await;
    for round in 0..10 {
        let on = round % 2 == 0;
        let first = revise(shop.app(), shop.account, member(&shop, "Ana", shop.other_team, on, false));
        let second = revise(&other.app, shop.account, member(&shop, "Bruno", shop.other_team, on, true));
        let (first, second) = tokio::join!(first, second);
        first.expect("changed");
        second.expect("changed too");
        let members = format!("select count(*) from membership where team_id = '{}'", shop.other_team);
        assert_eq!(shop.count(&members).await, if on { 3 } else { 2 }, "Davi is there all the while, Bruno supervises");
    }
    let holes =
        "select count(*) from (select seq - lag(seq) over (order by seq) as step from sync_log) s where step <> 1";
    assert_eq!(shop.count(holes).await, 0);
}

fn some_revision(shop: &World, random: &mut StdRng) -> Revision {
    let name = PEOPLE[random.random_range(0..PEOPLE.len())];
    let team = if random.random() { shop.team } else { shop.other_team };
    match random.random_range(0..6) {
        0..3 => member(shop, name, team, random.random(), random.random_bool(0.3)),
        3 => {
            let profiles = [Profile::Administrator, Profile::Attendant, Profile::Restricted];
            Revision::Profile { person: shop.person(name), profile: profiles[random.random_range(0..3)] }
        }
        4 => {
            let levels = [Level::Everyone, Level::Team, Level::Attendant];
            Revision::Level { team, level: levels[random.random_range(0..3)] }
        }
        _ => {
            let status = if random.random_bool(0.3) { PersonStatus::Blocked } else { PersonStatus::Active };
            Revision::Status { person: shop.person(name), status }
        }
    }
}

#[tokio::test]
async fn whatever_changes_while_people_work_every_screen_shows_what_it_may_and_no_more() {
    let shop = World::new(EXAMPLE).await;
    hub::spawn(&shop.test.app);
    let mut random = StdRng::seed_from_u64(21);
    let mut tabs = Vec::new();
    for name in PEOPLE {
        tabs.push(Browser::live(&shop.test, shop.account, shop.person(name)).await);
    }
    for step in 0..160 {
        if step % 4 == 3 {
            change(&shop, some_revision(&shop, &mut random)).await;
        } else {
            happen(&shop, some_act(&shop, &mut random).await).await;
        }
        if step % 40 == 39 {
            for tab in &tabs {
                agrees(&shop, tab).await;
            }
        }
    }
    assert!(shop.wrong_audiences().await.is_empty());
}
