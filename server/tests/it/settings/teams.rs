//! Teams that are made, changed and deleted while people work.

use ciranda_api::{BoardAside, ErrorCode, OpenCounts, Saved, Turns};
use ciranda_domain::conversation::State;
use ciranda_domain::ids::TeamId;
use ciranda_domain::settings::{DistributionForm, FaultKind, Field, RoleForm, TeamForm, Thresholds};
use ciranda_domain::team::{Level, Strategy, Weights};
use ciranda_server::hub;
use ciranda_sync::calls::Call;
use serde_json::json;

use super::Desk;
use crate::desk::world::{EXAMPLE, FREE};
use crate::live::agrees;
use crate::rig::{Browser, fresh_id, log_in};

const JOANA: &str = "5511900000001";
const PEDRO: &str = "5511900000002";

impl Desk {
    /// Saves a team as it would be after `change`.
    async fn change(&self, team: TeamId, change: impl FnOnce(&mut TeamForm)) -> Saved {
        let mut entry = self.team(team).await;
        change(&mut entry.form);
        self.ok("save_team", json!({ "team": team, "rev": entry.rev, "form": entry.form, "leaving": null })).await
    }
}

#[tokio::test]
async fn a_new_team_is_there_for_everybody_and_asked_for_twice_it_is_one() {
    let desk = Desk::new(FREE).await;
    hub::spawn(&desk.shop.test.app);
    let bruno = Browser::live(&desk.shop.test, desk.shop.account, desk.shop.person("Bruno")).await;
    let id = TeamId(fresh_id());
    let form = TeamForm {
        name: "Vendas".into(),
        is_default: true,
        instead_of: Some(desk.shop.team),
        level: Level::Attendant,
        distribution: DistributionForm { on: true, overflow: true, limit: 3, ..DistributionForm::default() },
        people: vec![RoleForm { person: desk.shop.person("Bruno"), attends: true, supervises: true }],
    };
    let saved: Saved = desk.ok("create_team", json!({ "team": id, "form": form })).await;
    let again: Saved = desk.ok("create_team", json!({ "team": id, "form": form })).await;
    assert_eq!(saved, again);
    let entry = desk.team(id).await;
    assert_eq!((entry.rev, entry.form.clone()), (saved.rev, TeamForm { instead_of: None, ..form }));
    assert!(!desk.team(desk.shop.team).await.form.is_default, "the flag moved");
    bruno.until("it is told", |client| client.view().reference().organisation.teams.contains_key(&id)).await;
    desk.shop.write(JOANA, "oi").await;
    assert_eq!(desk.shop.with(JOANA).await.team, id, "what has no team comes to the default one");
    assert_eq!(desk.shop.holder(JOANA).await, "Bruno");
    agrees(&desk.shop, &bruno).await;
}

#[tokio::test]
async fn each_change_of_a_team_takes_rows_from_open_screens_and_gives_them() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    for phone in [JOANA, PEDRO] {
        shop.write(phone, "oi").await;
    }
    let started = shop.with(PEDRO).await.id;
    shop.ok("Ana", Call::Start { conversation: started }).await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.until("the team sees both", |client| client.view().replica().heads().len() == 2).await;

    desk.change(shop.team, |form| form.level = Level::Attendant).await;
    bruno.until("what Ana serves is gone", |client| client.view().conversation(started).is_none()).await;
    agrees(shop, &bruno).await;
    let bruno_id = shop.person("Bruno");
    desk.change(shop.team, |form| form.people.retain(|line| line.person != bruno_id)).await;
    bruno.until("everything is gone", |client| client.view().replica().heads().is_empty()).await;
    agrees(shop, &bruno).await;
    let role = RoleForm { person: bruno_id, attends: false, supervises: true };
    desk.change(shop.team, |form| form.people.push(role)).await;
    bruno.until("a supervisor sees both", |client| client.view().replica().heads().len() == 2).await;
    agrees(shop, &bruno).await;
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn settings_of_distribution_reach_what_waits_as_the_decisions_say() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    shop.write(JOANA, "oi").await;
    assert_eq!(shop.holder(JOANA).await, "Ana");
    desk.change(shop.team, |form| form.distribution.overflow = false).await;
    shop.at("11:00").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Ana", "without overflow they keep it");
    desk.change(shop.team, |form| {
        form.distribution.overflow = true;
        form.distribution.limit = 5;
    })
    .await;
    shop.at("11:06").await;
    shop.tick().await;
    assert_eq!(shop.holder(JOANA).await, "Bruno", "armed from that instant");
    desk.change(shop.team, |form| form.distribution.on = false).await;
    assert_eq!(shop.holder(JOANA).await, "equipe", "switched off everything is open");
}

#[tokio::test]
async fn what_is_switched_off_is_kept_for_the_day_it_is_switched_on_again() {
    let desk = Desk::new(EXAMPLE).await;
    let team = desk.shop.team;
    desk.change(team, |form| {
        form.distribution.limit = 7;
        form.distribution.maximum = 21;
        form.distribution.capacity = Some(4);
        form.distribution.strategy = Strategy::LeastLoaded;
        form.distribution.weights = Weights { instagram: 2, ..Weights::ONE };
    })
    .await;
    let before = desk.team(team).await.form.distribution;
    desk.change(team, |form| form.distribution.on = false).await;
    assert_eq!(desk.team(team).await.form.distribution, DistributionForm { on: false, ..before });
    desk.change(team, |form| form.name = "Balcão".to_owned()).await;
    desk.change(team, |form| form.distribution.on = true).await;
    assert_eq!(desk.team(team).await.form.distribution, before);
    desk.change(team, |form| form.distribution.overflow = false).await;
    assert_eq!(desk.team(team).await.form.distribution, DistributionForm { overflow: false, ..before });
}

#[tokio::test]
async fn a_form_that_was_loaded_before_somebody_saved_is_refused_and_says_who() {
    let desk = Desk::new(FREE).await;
    let team = desk.shop.team;
    let loaded = desk.team(team).await;
    let ana = desk.shop.person("Ana");
    let person = desk.person(ana).await;
    desk.change(team, |form| form.people.retain(|line| line.person != ana)).await;
    let rosa = Some(desk.shop.person("Rosa"));
    let stale = (Field::Form, FaultKind::ChangedMeanwhile { by: rosa });
    let body = json!({ "team": team, "rev": loaded.rev, "form": loaded.form, "leaving": null });
    assert_eq!(desk.refused("save_team", body).await, stale);
    let body = json!({ "person": ana, "rev": person.rev, "form": person.form, "leaving": null });
    assert_eq!(desk.refused("save_person", body).await, stale, "the team's form changed the person's too");
}

#[tokio::test]
async fn of_two_administrators_who_save_at_once_one_is_told_of_the_other() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    let other = shop.test.beside().await;
    for round in 0..8 {
        let entry = desk.team(shop.team).await;
        let form = |name: String| TeamForm { name, ..entry.form.clone() };
        let body = |form| json!({ "team": shop.team, "rev": entry.rev, "form": form, "leaving": null });
        let first = super::call::<Saved>(&shop.test, &desk.cookie, "save_team", body(form(format!("Uma {round}"))));
        let second = super::call::<Saved>(&other, &desk.cookie, "save_team", body(form(format!("Outra {round}"))));
        let ((_, first), (_, second)) = tokio::join!(first, second);
        let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
        won.expect("one of them is saved");
        let faults = lost.expect_err("and only one").faults();
        let rosa = Some(shop.person("Rosa"));
        assert_eq!(faults[0].kind, FaultKind::ChangedMeanwhile { by: rosa }, "round {round}");
    }
    let lines = "select count(*) from audit where action = 'TeamSaved'";
    assert_eq!(shop.count(lines).await, 8);
}

#[tokio::test]
async fn the_last_who_attends_stays_while_somebody_waits() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    shop.write(JOANA, "oi").await;
    let entry = desk.team(shop.team).await;
    let empty = TeamForm { people: Vec::new(), ..entry.form.clone() };
    let body = json!({ "team": shop.team, "rev": entry.rev, "form": empty, "leaving": null });
    let expected = (Field::People, FaultKind::LastAttending { waiting: 1 });
    assert_eq!(desk.refused("save_team", body.clone()).await, expected);
    for name in ["Ana", "Bruno", "Carla"] {
        desk.ok::<()>("block_person", json!({ "person": shop.person(name), "fate": null })).await;
    }
    let davi = shop.person("Davi");
    let expected = (Field::Team(shop.team), FaultKind::LastAttending { waiting: 1 });
    for name in ["block_person", "delete_person"] {
        assert_eq!(desk.refused(name, json!({ "person": davi, "fate": null })).await, expected);
    }
    let id = shop.with(JOANA).await.id;
    shop.ok("Rosa", Call::Conclude { conversation: id }).await;
    let _: Saved = desk.ok("save_team", body).await;
}

#[tokio::test]
async fn a_deleted_team_concludes_or_moves_what_is_open_and_keeps_its_history() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    let refused = desk.refused("delete_team", json!({ "team": shop.team, "fate": null })).await;
    assert_eq!(refused, (Field::DefaultTeam, FaultKind::NoDefault));
    desk.change(shop.other_team, |form| {
        form.is_default = true;
        form.instead_of = Some(shop.team);
    })
    .await;
    // Three are open in the first team: designated, in progress with Ana and with Davi, who is of both teams.
    shop.count(&format!(
        "with t as (update channel set team_id = '{}' returning 1) select count(*) from t",
        shop.team.0
    ))
    .await;
    for phone in ["5511900000003", PEDRO, JOANA] {
        shop.write(phone, "oi").await;
    }
    let (davi, ana) = (shop.with("5511900000003").await.id, shop.with(PEDRO).await.id);
    shop.ok("Ana", Call::Start { conversation: davi }).await;
    shop.ok("Ana", Call::TransferToPerson { conversation: davi, person: shop.person("Davi"), team: shop.team }).await;
    shop.ok("Rosa", Call::TransferToPerson { conversation: ana, person: shop.person("Ana"), team: shop.team }).await;
    let counts: OpenCounts = desk.ok("preview_delete_team", json!({ "team": shop.team })).await;
    assert_eq!(counts, OpenCounts { pending: 1, in_progress: 2 });
    let refused = desk.refused("delete_team", json!({ "team": shop.team, "fate": null })).await;
    assert_eq!(refused, (Field::Fate, FaultKind::NeedsFate { open: 3 }));
    let fate = json!({ "MoveTo": shop.other_team });
    desk.ok::<()>("delete_team", json!({ "team": shop.team, "fate": fate })).await;
    assert_eq!(shop.holder("5511900000003").await, "com Davi", "who is of the other team as well goes on");
    for phone in [PEDRO, JOANA] {
        let head = shop.with(phone).await;
        assert!(matches!(head.state, State::Pending(_)) && head.team == shop.other_team, "{:?}", head.state);
    }
    assert_eq!(
        shop.count("select count(*) from fate").await + shop.count("select count(*) from due where kind = 5").await,
        0
    );
    let again = desk.call::<()>("delete_team", json!({ "team": shop.team, "fate": null })).await;
    assert_eq!(again.expect_err("it is gone").code, ErrorCode::NotFound);
    shop.write("5511900000004", "oi").await;
    assert_eq!(shop.with("5511900000004").await.team, shop.other_team, "the channel's team is gone: the default one");
    let call = Call::TransferToTeam { conversation: davi, team: shop.team };
    assert!(matches!(shop.press("Davi", call).await, ciranda_server::desk::calls::Outcome::Refused { .. }));
    agrees(shop, &bruno).await;
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn what_a_deleted_team_has_open_is_concluded_when_that_is_asked() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    for phone in [JOANA, PEDRO] {
        shop.write(phone, "oi").await;
        let id = shop.with(phone).await.id;
        shop.ok("Rosa", Call::TransferToTeam { conversation: id, team: shop.other_team }).await;
    }
    desk.ok::<()>("delete_team", json!({ "team": shop.other_team, "fate": "Conclude" })).await;
    for phone in [JOANA, PEDRO] {
        assert_eq!(shop.holder(phone).await, "concluída");
    }
    // Its customers, who write again, come to a team that is there.
    shop.write(JOANA, "e agora?").await;
    assert_eq!(shop.with(JOANA).await.team, shop.team);
}

#[tokio::test]
async fn a_deleted_team_leaves_the_screens_of_its_members_and_its_history_stays_there() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    shop.let_attend(&shop.test, "Bruno", shop.team, false).await;
    shop.let_attend(&shop.test, "Bruno", shop.other_team, true).await;
    desk.change(shop.team, |form| form.level = Level::Attendant).await;
    for phone in [JOANA, PEDRO, "5511900000003"] {
        shop.write(phone, "oi").await;
        let conversation = shop.with(phone).await.id;
        shop.ok("Rosa", Call::TransferToTeam { conversation, team: shop.other_team }).await;
    }
    let (waiting, served, past) =
        (shop.with(JOANA).await.id, shop.with(PEDRO).await.id, shop.with("5511900000003").await.id);
    for conversation in [served, past] {
        shop.ok("Bruno", Call::Start { conversation }).await;
    }
    shop.ok("Bruno", Call::Conclude { conversation: past }).await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    let carla = Browser::live(&shop.test, shop.account, shop.person("Carla")).await;
    let holds = |client: &ciranda_sync::machine::Client, id| client.view().conversation(id).is_some();
    bruno.until("he sees all of his team", |client| [waiting, served, past].iter().all(|id| holds(client, *id))).await;
    carla.until("she sees nothing of it", |client| !holds(client, waiting)).await;

    let fate = json!({ "MoveTo": shop.team });
    desk.ok::<()>("delete_team", json!({ "team": shop.other_team, "fate": fate })).await;
    bruno.until("what is open is gone", |client| !holds(client, waiting) && !holds(client, served)).await;
    assert!(bruno.look(|client| holds(client, past)), "what he concluded stays his history");
    assert!(bruno.look(|client| client.view().reference().organisation.teams[&shop.other_team].deleted));
    carla.until("both wait for her team", |client| holds(client, waiting) && holds(client, served)).await;
    assert!(carla.look(|client| !holds(client, past)));
    for browser in [&bruno, &carla] {
        agrees(shop, browser).await;
    }
    assert!(shop.wrong_audiences().await.is_empty());
}

#[tokio::test]
async fn a_refused_form_leaves_the_thresholds_as_they_were_and_an_old_one_overwrites_none() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    shop.write("5511900000001", "oi").await;
    let entry = desk.team(shop.team).await;
    let body = |form: &TeamForm, queue: u32| {
        let thresholds = Thresholds { queue: Some(queue), ..entry.thresholds };
        json!({ "team": entry.id, "rev": entry.rev, "form": form, "thresholds": thresholds, "leaving": null })
    };
    let mut nobody = entry.form.clone();
    nobody.people.iter_mut().for_each(|role| role.attends = false);
    let stranded = (Field::People, FaultKind::LastAttending { waiting: 1 });
    assert_eq!(desk.refused("save_team", body(&nobody, 7)).await, stranded);
    assert_eq!(desk.team(shop.team).await.thresholds, entry.thresholds, "both or neither");
    let _: Saved = desk.ok("save_team", body(&entry.form, 8)).await;
    let stale = (Field::Form, FaultKind::ChangedMeanwhile { by: Some(shop.person("Rosa")) });
    assert_eq!(desk.refused("save_team", body(&entry.form, 5)).await, stale);
    assert_eq!(desk.team(shop.team).await.thresholds.queue, Some(8));
}

#[tokio::test]
async fn supervisors_read_the_thresholds_of_their_teams_and_change_nothing() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    let set = Thresholds { queue: Some(5), oldest_minutes: Some(20), ..Thresholds::default() };
    for team in [shop.team, shop.other_team] {
        let entry = desk.team(team).await;
        let body = json!({ "team": team, "rev": entry.rev, "form": entry.form, "thresholds": set, "leaving": null });
        let _: Saved = desk.ok("save_team", body).await;
    }
    assert_eq!(desk.team(shop.team).await.thresholds, set);
    let eva = log_in(&shop.test, shop.account, shop.person("Eva")).await;
    let (_, told) = super::call::<BoardAside>(&shop.test, &eva, "board", json!({})).await;
    assert_eq!(told.expect("she supervises one").thresholds, [(shop.team, set)]);
    for (who, what) in [("Bruno", "board"), ("Eva", "settings")] {
        let cookie = log_in(&shop.test, shop.account, shop.person(who)).await;
        let (status, refused) = super::call::<serde_json::Value>(&shop.test, &cookie, what, json!({})).await;
        assert_eq!((status.as_u16(), refused.expect_err("not theirs").code), (403, ErrorCode::NotAllowed), "{what}");
    }
}

#[tokio::test]
async fn a_teams_form_knows_whose_turn_it_is() {
    let desk = Desk::new(EXAMPLE).await;
    let turns = async || desk.team(desk.shop.team).await.turns;
    assert_eq!(turns().await, Turns::default(), "nobody has had a turn");
    desk.shop.write(JOANA, "oi").await;
    assert_eq!(turns().await.arrow, Some(desk.shop.person("Bruno")));
}
