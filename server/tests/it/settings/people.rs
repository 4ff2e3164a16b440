//! People who are invited, changed, blocked and deleted.

use ciranda_api::{ErrorCode, Invited, OpenCounts, Saved};
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::{Availability, PersonStatus, Profile};
use ciranda_domain::settings::{FaultKind, Field, PersonForm};
use ciranda_domain::team::Membership;
use ciranda_server::hub;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::{Connection, Stop};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Desk, call, raw};
use crate::desk::world::{EXAMPLE, FREE};
use crate::live::agrees;
use crate::rig::{Browser, fresh_id, log_in};

const JOANA: &str = "5511900000001";
const PEDRO: &str = "5511900000002";

fn carlos(desk: &Desk, id: PersonId) -> PersonForm {
    PersonForm {
        name: "Carlos".into(),
        email: "Carlos@Loja.Example".into(),
        phone: "(11) 98888-7777".into(),
        profile: Profile::Attendant,
        memberships: vec![Membership { team: desk.shop.other_team, person: id, attends: true, supervises: false }],
    }
}

fn secret(invited: &Invited) -> String {
    let link = invited.link.as_deref().expect("nothing is sent here, so the link is shown");
    link.split_once("#link=").expect("a secret").1.to_owned()
}

async fn redeem(desk: &Desk, secret: &str) -> StatusCode {
    raw(&desk.shop.test, None, "/api/fn/redeem_link", &json!({ "secret": secret })).await.0
}

#[tokio::test]
async fn whoever_is_invited_comes_in_by_their_link_and_only_then_is_handed_conversations() {
    let desk = Desk::new(FREE).await;
    let id = PersonId(fresh_id());
    let form = carlos(&desk, id);
    let first: Invited = desk.ok("invite_person", json!({ "person": id, "form": form })).await;
    let entry = desk.person(id).await;
    assert_eq!((entry.form.email.as_str(), entry.form.phone.as_str()), ("carlos@loja.example", "+5511988887777"));
    assert_eq!(entry.availability, Availability::Unavailable);
    assert!(entry.invite.is_some_and(|invite| !invite.expired));
    let second: Invited = desk.ok("resend_invite", json!({ "person": id })).await;
    assert_eq!(
        redeem(&desk, &secret(&first)).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the earlier link works no more"
    );
    assert_eq!(redeem(&desk, &secret(&second)).await, StatusCode::OK);
    let entry = desk.person(id).await;
    assert_eq!((entry.availability, entry.invite), (Availability::Available, None));
    let again = desk.call::<Invited>("resend_invite", json!({ "person": id })).await;
    assert_eq!(again.expect_err("they are in").code, ErrorCode::NotFound);
    let taken = PersonForm { email: "outro@loja.example".into(), ..carlos(&desk, id) };
    let refused = desk.refused("invite_person", json!({ "person": fresh_id(), "form": taken })).await;
    assert_eq!(refused, (Field::Phone, FaultKind::LoginTaken { by: id }));
    let challenge =
        raw(&desk.shop.test, None, "/api/fn/request_code", &json!({ "login": "carlos@loja.example" })).await;
    assert_eq!(challenge.0, StatusCode::OK);
    let known = format!("select count(*) from login_code where kind = 1 and person_id = '{id}'");
    assert_eq!(desk.shop.count(&known).await, 1, "and by code from now on");
}

#[tokio::test]
async fn whoever_is_blocked_is_out_at_once_and_may_come_back() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    let ana = shop.person("Ana");
    let cookie = log_in(&shop.test, shop.account, ana).await;
    let browser = Browser::live(&shop.test, shop.account, ana).await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
    desk.ok::<()>("block_person", json!({ "person": ana, "fate": null })).await;
    assert_eq!(shop.holder(JOANA).await, "Bruno", "what she was offered goes on");
    let stopped = |connection| matches!(connection, Connection::Stopped(Stop::SignedOut));
    browser.until("her socket ends", |client| stopped(client.connection())).await;
    let (status, _) = call::<Value>(&shop.test, &cookie, "whoami", json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    desk.ok::<()>("unblock_person", json!({ "person": ana })).await;
    assert_eq!(desk.person(ana).await.status, PersonStatus::Active);
    let browser = Browser::live(&shop.test, shop.account, ana).await;
    agrees(shop, &browser).await;
}

#[tokio::test]
async fn what_somebody_held_is_concluded_transferred_or_returned() {
    for fate in [json!("Conclude"), json!("ReturnToQueue"), Value::Null] {
        let desk = Desk::new(FREE).await;
        let shop = &desk.shop;
        for phone in [JOANA, PEDRO] {
            shop.write(phone, "oi").await;
            let id = shop.with(phone).await.id;
            shop.ok("Ana", Call::Start { conversation: id }).await;
        }
        let ana = shop.person("Ana");
        let counts: OpenCounts = desk.ok("preview_delete_person", json!({ "person": ana })).await;
        assert_eq!(counts, OpenCounts { pending: 0, in_progress: 2 });
        let refused = desk.refused("delete_person", json!({ "person": ana, "fate": null })).await;
        assert_eq!(refused, (Field::Fate, FaultKind::NeedsFate { open: 2 }));
        let to_herself = json!({ "Transfer": ana });
        let refused = desk.refused("delete_person", json!({ "person": ana, "fate": to_herself })).await;
        assert_eq!(refused, (Field::Fate, FaultKind::CannotReceive));
        let (fate, expected) = match fate.as_str() {
            Some("Conclude") => (fate, "concluída"),
            Some(_) => (fate, "equipe"),
            None => (json!({ "Transfer": shop.person("Davi") }), "com Davi"),
        };
        desk.ok::<()>("delete_person", json!({ "person": ana, "fate": fate })).await;
        for phone in [JOANA, PEDRO] {
            assert_eq!(shop.holder(phone).await, expected, "{fate}");
        }
        assert!(desk.settings().await.people.iter().all(|person| person.id != ana), "she is not listed any more");
        let gone = desk.call::<()>("unblock_person", json!({ "person": ana })).await;
        assert_eq!(gone.expect_err("deleted").code, ErrorCode::NotFound);
        let login = format!("select count(*) from sign_in where person_id = '{ana}'");
        assert_eq!(shop.count(&login).await, 0, "her e-mail is free for others");
        assert!(shop.wrong_audiences().await.is_empty());
    }
}

#[tokio::test]
async fn what_a_kill_left_undone_is_finished_by_the_timer() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    for phone in [JOANA, PEDRO] {
        shop.write(phone, "oi").await;
        let id = shop.with(phone).await.id;
        shop.ok("Ana", Call::Start { conversation: id }).await;
    }
    // As the first transaction of a deletion leaves it.
    let (account, ana, job) = (shop.account.0, shop.person("Ana").0, fresh_id());
    let what = json!({ "Person": { "person": ana, "teams": null, "fate": "ReturnToQueue" } });
    let rosa = shop.person("Rosa").0;
    let promised = format!(
        "with job as (insert into fate (account_id, id, by_person, what) values ('{account}', '{job}', '{rosa}', '{what}') returning 1),
         timer as (insert into due (kind, account_id, subject, due_at) values (5, '{account}', '{job}', 0) returning 1)
         select count(*) from job, timer"
    );
    shop.count(&promised).await;
    for _ in 0..20 {
        ciranda_server::desk::overflow::fire_due(shop.app()).await.expect("fired");
    }
    for phone in [JOANA, PEDRO] {
        assert_eq!(shop.holder(phone).await, "equipe");
    }
    assert_eq!(
        shop.count("select count(*) from fate").await + shop.count("select count(*) from due where kind = 5").await,
        0
    );
}

#[tokio::test]
async fn whoever_leaves_a_team_says_what_becomes_of_what_they_hold_there() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    shop.write(JOANA, "oi").await;
    let id = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation: id }).await;
    let ana = shop.person("Ana");
    let entry = desk.person(ana).await;
    let form = PersonForm { memberships: Vec::new(), ..entry.form.clone() };
    let body = |leaving: Value| json!({ "person": ana, "rev": entry.rev, "form": form, "leaving": leaving });
    let refused = desk.refused("save_person", body(Value::Null)).await;
    assert_eq!(refused, (Field::Fate, FaultKind::NeedsFate { open: 1 }));
    let _: Saved = desk.ok("save_person", body(json!({ "Transfer": shop.person("Bruno") }))).await;
    assert_eq!(shop.holder(JOANA).await, "com Bruno");
    assert!(desk.person(ana).await.form.memberships.is_empty());
}

#[tokio::test]
async fn a_name_a_profile_and_an_availability_reach_every_screen() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    let ana = shop.person("Ana");
    let entry = desk.person(ana).await;
    let form = PersonForm { name: "Ana Lúcia".into(), profile: Profile::Restricted, ..entry.form };
    let _: Saved =
        desk.ok("save_person", json!({ "person": ana, "rev": entry.rev, "form": form, "leaving": null })).await;
    let body = json!({ "person": ana, "availability": "Unavailable" });
    desk.ok::<()>("set_availability_of", body).await;
    bruno
        .until("it is told", |client| {
            let known = &client.view().reference().organisation.people[&ana];
            known.name == "Ana Lúcia"
                && known.profile == Profile::Restricted
                && known.availability == Availability::Unavailable
        })
        .await;
    agrees(shop, &bruno).await;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Bruno", "nobody unavailable is designated");
}
