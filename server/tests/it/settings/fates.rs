//! What becomes of more conversations than one transaction takes, while servers die and work side by side.

use std::time::Duration;

use ciranda_domain::ids::TeamId;
use ciranda_domain::settings::{Fate, TeamFate};
use ciranda_server::desk::overflow::{self, Fired};
use ciranda_server::desk::settings::Office;
use ciranda_sync::calls::Call;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use super::Desk;
use crate::desk::world::{FREE, SECRET, World};
use crate::rig::{Binary, TestApp};

const JOANA: &str = "5511900000001";
/// More than two transactions take.
const MANY: i64 = 1_100;

/// Somebody serves [`MANY`] customers in a team: one the ordinary way, the others like her.
async fn many(shop: &World, name: &str, team: TeamId) {
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    if team != shop.team {
        shop.ok("Rosa", Call::TransferToTeam { conversation, team }).await;
    }
    shop.ok("Rosa", Call::TransferToPerson { conversation, person: shop.person(name), team }).await;
    let likewise = format!(
        "with copy as materialized (
             select gen_random_uuid() as id, gen_random_uuid() as contact, gen_random_uuid() as identity, n::text as n
             from generate_series(2, {MANY}) n),
         known as (
             insert into contact select account_id, copy.contact, 'Cliente ' || n, created_at from contact, copy returning 1),
         reached as (
             insert into contact_identity (account_id, id, contact_id, kind, phone, phone_key)
             select account_id, copy.identity, copy.contact, kind, '55119' || lpad(n, 8, '0'), '55119' || lpad(n, 8, '0')
             from contact_identity, copy returning 1),
         held as (
             insert into conversation select (jsonb_populate_record(c, jsonb_build_object(
                 'id', copy.id, 'contact_id', copy.contact, 'identity_id', copy.identity))).*
             from conversation c, copy where c.id = '{}' returning 1)
         select count(*) from held",
        conversation.0
    );
    assert_eq!(shop.count(&likewise).await, MANY - 1);
}

/// How many somebody still serves.
async fn held(shop: &World, name: &str) -> i64 {
    let sql = format!("select count(*) from conversation where phase = 4 and responsible = '{}'", shop.person(name).0);
    shop.count(&sql).await
}

/// What is noted as still to be done.
async fn promised(shop: &World) -> i64 {
    shop.count("select (select count(*) from fate) + (select count(*) from due where kind = 5)").await
}

/// Two servers fire what is due until nothing is.
async fn both_finish(shop: &World, other: &TestApp) {
    // By then the timer is due that the first transaction armed.
    shop.at("09:01").await;
    other.app.clock.set_offset(shop.app().clock.offset());
    let fire = async |server: &TestApp| {
        while promised(shop).await > 0 {
            assert_ne!(overflow::fire_due(&server.app).await.expect("the database answers"), Fired::Failed);
        }
    };
    tokio::join!(fire(&shop.test), fire(other));
}

/// Every conversation was moved once, by Rosa, and the change is written down once.
async fn moved_once(shop: &World, fact: &str, action: &str) {
    let rosa = shop.person("Rosa").0;
    let moves = format!("from message where fact ? '{fact}' and fact -> '{fact}' ->> 'by' = '{rosa}'");
    // The copies have no history of their own: what is in it was done to them.
    let own = format!("{moves} and conversation_id <> '{}'", shop.with(JOANA).await.id.0);
    assert_eq!(shop.count(&format!("select count(*) {own}")).await, MANY - 1, "as many moves as conversations");
    let different = format!("select count(distinct conversation_id) {own}");
    assert_eq!(shop.count(&different).await, MANY - 1, "and none moved twice");
    assert_eq!(shop.count(&format!("select count(*) from audit where action = '{action}'")).await, 1);
    assert_eq!(
        shop.count("select max(n) from (select count(*) n from report_fact group by conversation_id, no) f").await,
        1
    );
    assert!(shop.wrong_audiences().await.is_empty());
}

/// The program itself on the shop's database.
async fn program(shop: &World, data: &TempDir) -> Binary {
    let options = &shop.test.db.options;
    let socket = options.get_socket().expect("the tests' cluster has a socket").display();
    let database = options.get_database().expect("of its own");
    let url = format!("postgres://postgres@localhost/{database}?host={socket}");
    let key = "07".repeat(32);
    let env = [("DATABASE_URL", url.as_str()), ("CIRANDA_META_APP_SECRET", SECRET), ("CIRANDA_MASTER_KEY", &key)];
    Binary::start(data.path(), &env).await
}

#[tokio::test]
async fn a_server_killed_between_two_batches_leaves_nobody_behind_and_moves_nobody_twice() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    many(shop, "Ana", shop.team).await;
    let data = tempfile::tempdir().expect("a folder");
    let server = program(shop, &data).await;
    let (url, cookie) = (server.url("/api/fn/delete_person"), desk.cookie.clone());
    let body = json!({ "person": shop.person("Ana"), "fate": "ReturnToQueue" });
    let asked = tokio::spawn(async move {
        reqwest::Client::new().post(url).header("cookie", cookie).json(&body).send().await.map(|answer| answer.status())
    });
    while held(shop, "Ana").await == MANY {
        assert!(!asked.is_finished(), "it is still at the first batch");
        sleep(Duration::from_millis(2)).await;
    }
    server.kill().await;
    asked.await.expect("no panic").expect_err("the server died before it answered");
    let left = held(shop, "Ana").await;
    assert!(left == MANY - 500 || left == MANY - 1_000, "whole batches were written: {left} are left");
    assert_eq!(promised(shop).await, 2, "and what is to be done is known, with its timer");

    let other = shop.test.beside().await;
    both_finish(shop, &other).await;
    assert_eq!(held(shop, "Ana").await, 0);
    let waiting = format!("select count(*) from conversation where phase = 3 and team_id = '{}'", shop.team.0);
    assert_eq!(shop.count(&waiting).await, MANY);
    moved_once(shop, "TransferredToTeam", "PersonDeleted").await;
}

#[tokio::test]
async fn a_deletion_that_was_interrupted_is_answered_as_done_and_finished() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    many(shop, "Davi", shop.other_team).await;
    let office = Office::new(shop.test.app.clone(), shop.account, shop.person("Rosa"));
    let (team, fate) = (shop.other_team, Some(TeamFate::MoveTo(shop.team)));
    let deletion = tokio::spawn(async move { office.delete_team(team, fate).await });
    let open = format!("select count(*) from conversation where phase < 5 and team_id = '{}'", team.0);
    while shop.count(&open).await == MANY {
        sleep(Duration::from_millis(2)).await;
    }
    deletion.abort();
    assert!(deletion.await.expect_err("it was cut off").is_cancelled());
    assert_eq!(promised(shop).await, 2, "it is half done");
    let other = shop.test.beside().await;
    both_finish(shop, &other).await;
    assert_eq!(shop.count(&open).await, 0);
    assert_eq!(held(shop, "Davi").await, MANY, "he is of the other team and goes on with them there");
    moved_once(shop, "TransferredToPerson", "TeamDeleted").await;
    let again = desk.call::<()>("delete_team", json!({ "team": team, "fate": null })).await;
    assert_eq!(again.expect_err("it is gone").code, ciranda_api::ErrorCode::NotFound);
}

#[tokio::test]
async fn whoever_is_to_receive_and_goes_meanwhile_receives_nothing() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    many(shop, "Ana", shop.team).await;
    let office = Office::new(shop.test.app.clone(), shop.account, shop.person("Rosa"));
    let (ana, davi) = (shop.person("Ana"), shop.person("Davi"));
    let blocking = tokio::spawn(async move { office.block_person(ana, Some(Fate::Transfer(davi))).await });
    while held(shop, "Davi").await == 0 {
        sleep(Duration::from_millis(2)).await;
    }
    blocking.abort();
    assert!(blocking.await.expect_err("it was cut off").is_cancelled());
    let reached = held(shop, "Davi").await;
    assert!(reached < MANY, "some had not reached him");
    desk.ok::<()>("block_person", json!({ "person": davi, "fate": "Conclude" })).await;
    let other = shop.test.beside().await;
    both_finish(shop, &other).await;
    assert_eq!((held(shop, "Ana").await, held(shop, "Davi").await), (0, 0));
    let by_phase = |phase: i16| format!("select count(*) from conversation where phase = {phase}");
    assert_eq!(shop.count(&by_phase(5)).await, reached, "what had reached him is concluded");
    assert_eq!(shop.count(&by_phase(3)).await, MANY - reached, "the rest waits for anybody of the team");
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn whoever_is_blocked_leaves_what_they_held_as_was_chosen() {
    for (fate, expected) in
        [(json!("Conclude"), "concluída"), (json!("ReturnToQueue"), "equipe"), (Value::Null, "com Davi")]
    {
        let desk = Desk::new(FREE).await;
        let shop = &desk.shop;
        shop.write(JOANA, "oi").await;
        let id = shop.with(JOANA).await.id;
        shop.ok("Ana", Call::Start { conversation: id }).await;
        let fate = if fate.is_null() { json!({ "Transfer": shop.person("Davi") }) } else { fate };
        desk.ok::<()>("block_person", json!({ "person": shop.person("Ana"), "fate": fate })).await;
        assert_eq!(shop.holder(JOANA).await, expected, "{fate}");
        assert_eq!(promised(shop).await, 0);
        // She is let in again, and what was hers does not come back by itself.
        desk.ok::<()>("unblock_person", json!({ "person": shop.person("Ana") })).await;
        assert_eq!(shop.holder(JOANA).await, expected, "{fate}");
        assert!(shop.wrong_audiences().await.is_empty());
    }
}

#[tokio::test]
async fn whoever_receives_from_a_team_they_are_not_of_takes_it_to_their_own() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    shop.write(JOANA, "oi").await;
    let id = shop.with(JOANA).await.id;
    shop.ok("Rosa", Call::TransferToTeam { conversation: id, team: shop.other_team }).await;
    shop.ok("Davi", Call::Start { conversation: id }).await;
    let fate = json!({ "Transfer": shop.person("Bruno") });
    desk.ok::<()>("delete_person", json!({ "person": shop.person("Davi"), "fate": fate })).await;
    assert_eq!(shop.holder(JOANA).await, "com Bruno");
    assert_eq!(shop.with(JOANA).await.team, shop.team, "Bruno is of the first team only");
}

#[tokio::test]
async fn an_invitation_of_somebody_blocked_or_deleted_opens_nothing() {
    let desk = Desk::new(FREE).await;
    for end in ["block_person", "delete_person"] {
        let id = crate::rig::fresh_id();
        let form = json!({ "name": end, "email": format!("{end}@loja.example"), "phone": "", "profile": "Attendant", "memberships": [] });
        let invited: ciranda_api::Invited = desk.ok("invite_person", json!({ "person": id, "form": form })).await;
        let link = invited.link.expect("nothing is sent here");
        let secret = link.split_once("#link=").expect("a secret").1;
        desk.ok::<()>(end, json!({ "person": id, "fate": null })).await;
        let (status, _) = super::raw(&desk.shop.test, None, "/api/fn/redeem_link", &json!({ "secret": secret })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{end}");
        let again = desk.call::<ciranda_api::Invited>("resend_invite", json!({ "person": id })).await;
        assert_eq!(again.expect_err("not while they are out").code, ciranda_api::ErrorCode::NotFound, "{end}");
    }
}
