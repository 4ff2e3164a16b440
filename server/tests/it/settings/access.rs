//! The switch of what people are told of conversations that they do not see (ACC-10, decision 14).

use ciranda_api::{AuditPage, Saved};
use ciranda_domain::settings::{AccessForm, FaultKind, Field};
use serde_json::json;

use super::{Desk, raw};
use crate::desk::world::FREE;
use crate::rig::log_in;

const PATH: &str = "/api/fn/save_access";

#[tokio::test]
async fn it_is_off_until_an_administrator_switches_it_on() {
    let desk = Desk::new(FREE).await;
    let loaded = desk.settings().await.access;
    assert_eq!(loaded.form, AccessForm { counts_unseen: false });
    let on = json!({ "rev": loaded.rev, "form": { "counts_unseen": true } });
    let saved: Saved = desk.ok("save_access", on.clone()).await;
    let stands = desk.settings().await.access;
    assert_eq!((stands.form, stands.rev), (AccessForm { counts_unseen: true }, saved.rev.clone()));
    // An old form takes nothing back, and the same again is no change.
    let same: Saved = desk.ok("save_access", on.clone()).await;
    assert_eq!(same.rev, saved.rev, "whoever wanted the same has it");
    let old = json!({ "rev": loaded.rev, "form": { "counts_unseen": false } });
    let (field, kind) = desk.refused("save_access", old).await;
    assert!(field == Field::Form && matches!(kind, FaultKind::ChangedMeanwhile { .. }), "{kind:?}");
    let again = json!({ "rev": saved.rev, "form": { "counts_unseen": true } });
    let same: Saved = desk.ok("save_access", again).await;
    assert_eq!(same.rev, saved.rev);
    let filter = json!({ "filter": { "kind": "AccessSaved" }, "before": null });
    assert_eq!(desk.ok::<AuditPage>("audit", filter).await.lines.len(), 1);
    // Business hours and this share the account's row; neither change touches the other.
    let mut hours = desk.settings().await.hours;
    hours.form.limited = false;
    let _: Saved = desk.ok("save_hours", json!({ "rev": hours.rev, "form": hours.form })).await;
    let settings = desk.settings().await;
    assert_eq!((settings.access.form, settings.hours.form), (stands.form, hours.form.clone()));
    let off = json!({ "rev": settings.access.rev, "form": { "counts_unseen": false } });
    let _: Saved = desk.ok("save_access", off).await;
    assert_eq!(desk.settings().await.hours.form, hours.form);
}

#[tokio::test]
async fn whoever_is_no_administrator_may_not() {
    let desk = Desk::new(FREE).await;
    let loaded = desk.settings().await.access;
    for who in ["Eva", "Bruno"] {
        let cookie = log_in(&desk.shop.test, desk.shop.account, desk.shop.person(who)).await;
        let body = json!({ "rev": loaded.rev, "form": { "counts_unseen": true } });
        assert_eq!(raw(&desk.shop.test, Some(&cookie), PATH, &body).await.0, 403, "{who}");
    }
    assert_eq!(desk.settings().await.access, loaded);
}
