//! The audit: who, when, before and after, of every change.

use std::collections::BTreeSet;

use ciranda_api::{AuditKind, AuditPage, Saved, Snapshot};
use ciranda_domain::ids::PersonId;
use ciranda_domain::person::Availability;
use ciranda_domain::settings::{AccessForm, PersonForm, TeamForm};
use ciranda_sync::calls::Call;
use serde_json::{Value, json};

use super::Desk;
use crate::desk::world::FREE;
use crate::rig::fresh_id;

#[tokio::test]
async fn every_change_is_written_down_with_what_was_before_and_after() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    let (ana, bia) = (shop.person("Ana"), PersonId(fresh_id()));
    let entry = desk.team(shop.other_team).await;
    let renamed = TeamForm { name: "Cobrança".into(), ..entry.form.clone() };
    let body = json!({ "team": shop.other_team, "rev": entry.rev, "form": renamed, "leaving": null });
    let _: Saved = desk.ok("save_team", body).await;
    let made = TeamForm { name: "Vendas".into(), is_default: false, people: Vec::new(), ..entry.form.clone() };
    let team = fresh_id();
    let _: Saved = desk.ok("create_team", json!({ "team": team, "form": made, "thresholds": { "queue": 3 } })).await;
    desk.ok::<()>("delete_team", json!({ "team": team, "fate": null })).await;
    let person = PersonForm {
        name: "Bia".into(),
        email: "bia@loja.example".into(),
        phone: String::new(),
        profile: ciranda_domain::person::Profile::Attendant,
        memberships: Vec::new(),
    };
    let _: Value = desk.ok("invite_person", json!({ "person": bia, "form": person })).await;
    let _: Value = desk.ok("resend_invite", json!({ "person": bia })).await;
    let known = desk.person(ana).await;
    let form = PersonForm { name: "Ana Lúcia".into(), ..known.form.clone() };
    let _: Saved =
        desk.ok("save_person", json!({ "person": ana, "rev": known.rev, "form": form, "leaving": null })).await;
    desk.ok::<()>("set_availability_of", json!({ "person": ana, "availability": "Unavailable" })).await;
    desk.ok::<()>("block_person", json!({ "person": ana, "fate": null })).await;
    desk.ok::<()>("unblock_person", json!({ "person": ana })).await;
    desk.ok::<()>("delete_person", json!({ "person": bia, "fate": null })).await;
    let mut hours = desk.settings().await.hours;
    hours.form.limited = false;
    let _: Saved = desk.ok("save_hours", json!({ "rev": hours.rev, "form": hours.form })).await;
    let access = desk.settings().await.access;
    let _: Saved = desk.ok("save_access", json!({ "rev": access.rev, "form": { "counts_unseen": true } })).await;
    let _: Value = desk.ok("view_as", json!({ "person": ana })).await;
    shop.arrives("5511900000001", "oi").await;
    let conversation = shop.with("5511900000001").await.id;
    for person in [Some(ana), Some(ana), None] {
        shop.ok("Rosa", Call::Prefer { conversation, person }).await;
    }

    let page: AuditPage = desk.ok("audit", json!({ "filter": {}, "before": null })).await;
    let kinds: BTreeSet<AuditKind> = page.lines.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, AuditKind::ALL.into_iter().collect(), "a kind for every change, and a line of every kind");
    assert!(page.lines.iter().all(|line| line.who == Some(shop.person("Rosa"))));
    let of = |kind| page.lines.iter().find(|line| line.kind == kind).expect("it is there");
    let saved = of(AuditKind::TeamSaved);
    assert_eq!(saved.before, Some(Snapshot::Team(entry.form)));
    assert_eq!(saved.after, Some(Snapshot::Team(renamed)));
    assert_eq!((saved.subject, saved.at.0 / 60_000), (Some(shop.other_team.0), shop.now().await.0 / 60_000));
    let told = of(AuditKind::AccessSaved);
    let access = |counts_unseen| Some(Snapshot::Access(AccessForm { counts_unseen }));
    assert_eq!((told.before.clone(), told.after.clone()), (access(false), access(true)));
    let preferred: Vec<_> = page.lines.iter().filter(|line| line.kind == AuditKind::PreferredSet).collect();
    let [unset, set] = preferred[..] else { panic!("two changes, and one that changed nothing") };
    let chosen = |snapshot: &Option<Snapshot>| match snapshot {
        Some(Snapshot::Preferred { person, .. }) => *person,
        other => panic!("{other:?}"),
    };
    let filter = json!({ "filter": { "subject": ana.0, "kind": "PreferredSet" }, "before": null });
    let about_ana: AuditPage = desk.ok("audit", filter).await;
    assert_eq!(about_ana.lines.len(), 2, "found by whom it is about");
    assert_eq!([&set.before, &set.after, &unset.before, &unset.after].map(chosen), [None, Some(ana), Some(ana), None]);
    let person = of(AuditKind::PersonSaved);
    assert_eq!(
        (person.before.clone(), person.after.clone()),
        (Some(Snapshot::Person(known.form)), Some(Snapshot::Person(form)))
    );
}

#[tokio::test]
async fn a_persons_own_availability_is_written_down_as_well() {
    let desk = Desk::new(FREE).await;
    let ana = desk.shop.person("Ana");
    for availability in [Availability::Unavailable, Availability::Unavailable, Availability::Available] {
        desk.shop.ok("Ana", Call::SetAvailability { availability }).await;
    }
    let page: AuditPage = desk.ok("audit", json!({ "filter": {}, "before": null })).await;
    let told: Vec<_> = page.lines.into_iter().map(|line| (line.who, line.subject, line.before, line.after)).collect();
    let [away, here] = [Availability::Unavailable, Availability::Available].map(|to| Some(Snapshot::Availability(to)));
    let line =
        |before: &Option<Snapshot>, after: &Option<Snapshot>| (Some(ana), Some(ana.0), before.clone(), after.clone());
    assert_eq!(told, [line(&away, &here), line(&here, &away)], "what changes nothing is no line");
}

#[tokio::test]
async fn lines_are_found_by_who_what_whom_and_when_page_by_page() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    let (ana, bruno) = (shop.person("Ana"), shop.person("Bruno"));
    for round in 0..60 {
        let availability = if round % 2 == 0 { "Unavailable" } else { "Available" };
        desk.ok::<()>("set_availability_of", json!({ "person": ana, "availability": availability })).await;
    }
    shop.at("10:00").await;
    desk.ok::<()>("set_availability_of", json!({ "person": bruno, "availability": "Unavailable" })).await;
    let page = async |filter: Value, before: Option<String>| -> AuditPage {
        desk.ok("audit", json!({ "filter": filter, "before": before })).await
    };
    let first = page(json!({}), None).await;
    let second = page(json!({}), first.next.clone()).await;
    assert_eq!((first.lines.len(), second.lines.len(), second.next), (50, 11, None));
    let ids: BTreeSet<_> = first.lines.iter().chain(&second.lines).map(|line| line.id).collect();
    assert_eq!(ids.len(), 61, "none twice");
    assert!(first.lines.windows(2).all(|pair| pair[0].at >= pair[1].at), "newest first");
    assert_eq!(page(json!({ "subject": bruno }), None).await.lines.len(), 1);
    assert_eq!(page(json!({ "kind": "TeamSaved" }), None).await.lines.len(), 0);
    assert_eq!(page(json!({ "who": ana }), None).await.lines.len(), 0);
    let noon = shop.now().await.0 - 60_000;
    assert_eq!(page(json!({ "from": noon }), None).await.lines.len(), 1);
    assert_eq!(page(json!({ "until": noon, "subject": bruno }), None).await.lines.len(), 0);
    assert!(desk.call::<AuditPage>("audit", json!({ "filter": {}, "before": "x" })).await.is_err());
}
