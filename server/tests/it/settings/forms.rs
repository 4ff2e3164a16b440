//! Bad input of every form: refused by the API with the reason, at its field, and without a trace.

use ciranda_api::{ApiError, Saved};
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::Profile;
use ciranda_domain::settings::{
    DayForm, DistributionForm, FaultKind, Field, HoursForm, PersonForm, RoleForm, TeamForm, Thresholds,
};
use ciranda_domain::team::Membership;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Desk, raw};
use crate::desk::arrange::email_of;
use crate::desk::world::{EXAMPLE, FREE};
use crate::rig::fresh_id;

/// What is wrong, a name for it, the field and the reason.
type Case<T> = (&'static str, T, Field, FaultKind);

#[tokio::test]
async fn what_is_wrong_with_a_team_is_refused_at_its_field_and_changes_nothing() {
    let desk = Desk::new(FREE).await;
    let entry = desk.team(desk.shop.team).await;
    let sound = entry.form.clone();
    let on = DistributionForm { on: true, overflow: true, ..DistributionForm::default() };
    let distributes = |distribution| TeamForm { distribution, ..sound.clone() };
    let range = |least, most| FaultKind::OutOfRange { least, most };
    let stranger = PersonId(fresh_id());
    let cases: Vec<Case<TeamForm>> = vec![
        ("no name", TeamForm { name: " ".into(), ..sound.clone() }, Field::Name, FaultKind::Empty),
        (
            "another's name",
            TeamForm { name: "êquipe 2".into(), ..sound.clone() },
            Field::Name,
            FaultKind::NameTaken { by: "Equipe 2".into() },
        ),
        (
            "a long name",
            TeamForm { name: "x".repeat(61), ..sound.clone() },
            Field::Name,
            FaultKind::TooLong { length: 61, most: 60 },
        ),
        ("a short limit", distributes(DistributionForm { limit: 1, ..on }), Field::Limit, range(2, 120)),
        ("a long maximum", distributes(DistributionForm { maximum: 121, ..on }), Field::Maximum, range(2, 120)),
        (
            "a total below the limit",
            distributes(DistributionForm { limit: 30, maximum: 20, ..on }),
            Field::Maximum,
            FaultKind::BelowLimit { limit: 30 },
        ),
        ("no capacity", distributes(DistributionForm { capacity: Some(0), ..on }), Field::Capacity, range(1, 200)),
        ("no default", TeamForm { is_default: false, ..sound.clone() }, Field::DefaultTeam, FaultKind::NoDefault),
        (
            "a stranger",
            TeamForm { people: vec![RoleForm { person: stranger, attends: true, supervises: false }], ..sound.clone() },
            Field::Person(stranger),
            FaultKind::Gone,
        ),
    ];
    let before = desk.standing().await;
    for (what, form, field, kind) in cases {
        let body = json!({ "team": entry.id, "rev": entry.rev, "form": form, "leaving": null });
        assert_eq!(desk.refused("save_team", body).await, (field, kind), "{what}");
    }
    let second = TeamForm { name: "Vendas".into(), people: Vec::new(), ..sound };
    let body = json!({ "team": fresh_id(), "form": second });
    let present = desk.shop.team;
    let expected = (Field::DefaultTeam, FaultKind::SecondDefault { present });
    assert_eq!(desk.refused("create_team", body).await, expected);
    assert_eq!(desk.standing().await, before);
    assert_eq!(desk.team(present).await, entry);
}

#[tokio::test]
async fn a_caller_without_a_screen_is_told_the_reason_and_what_to_do() {
    let desk = Desk::new(FREE).await;
    let entry = desk.team(desk.shop.team).await;
    let present = entry.form.name.clone();
    let short = TeamForm {
        distribution: DistributionForm {
            on: true,
            overflow: true,
            limit: 30,
            maximum: 20,
            ..DistributionForm::default()
        },
        name: String::new(),
        ..entry.form.clone()
    };
    let body = json!({ "team": entry.id, "rev": entry.rev, "form": short, "leaving": null });
    let told = |error: ApiError| error.message;
    let both = "Nome: Preencha este campo. Tempo máximo no total: O tempo máximo não pode ser menor que o limite por \
                atendente, 30 min. Aumente o máximo ou diminua o limite.";
    assert_eq!(desk.call::<Saved>("save_team", body.clone()).await.map_err(told), Err(both.to_owned()));
    let second =
        json!({ "team": fresh_id(), "form": TeamForm { name: "Vendas".into(), people: vec![], ..entry.form } });
    let error = desk.call::<Saved>("create_team", second).await.expect_err("there is one");
    assert!(error.message.contains(&present), "{}", error.message);
    let (status, text) = raw(&desk.shop.test, Some(&desk.cookie), "/api/fn/save_team", &json!({ "team": 7 })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("Confira o nome e o tipo de cada valor"), "{text}");

    let request = reqwest::Client::new().post(desk.shop.test.url("/api/fn/save_team")).json(&body);
    let request = request.header("cookie", &desk.cookie).header("accept-language", "en-GB,en;q=0.9,pt;q=0.5");
    let english = request.send().await.expect("answered").text().await.expect("text");
    assert!(english.contains("Name: "), "{english}");
}

#[tokio::test]
async fn what_is_wrong_with_a_person_is_refused_at_its_field_and_changes_nothing() {
    let desk = Desk::new(FREE).await;
    let (ana, rosa) = (desk.shop.person("Ana"), desk.shop.person("Rosa"));
    let entry = desk.person(ana).await;
    let sound = entry.form.clone();
    let taken = email_of(&desk.shop, "Bruno").to_uppercase();
    let bruno = desk.shop.person("Bruno");
    let gone = TeamId(fresh_id());
    let part = Membership { team: gone, person: ana, attends: true, supervises: false };
    let cases: Vec<Case<PersonForm>> = vec![
        ("no name", PersonForm { name: String::new(), ..sound.clone() }, Field::Name, FaultKind::Empty),
        ("no e-mail", PersonForm { email: String::new(), ..sound.clone() }, Field::Email, FaultKind::Empty),
        ("half an e-mail", PersonForm { email: "ana@".into(), ..sound.clone() }, Field::Email, FaultKind::NotAnEmail),
        (
            "another's e-mail",
            PersonForm { email: taken, ..sound.clone() },
            Field::Email,
            FaultKind::LoginTaken { by: bruno },
        ),
        ("half a phone", PersonForm { phone: "12".into(), ..sound.clone() }, Field::Phone, FaultKind::NotAPhone),
        ("no team", PersonForm { memberships: vec![part], ..sound.clone() }, Field::Team(gone), FaultKind::Gone),
    ];
    let before = desk.standing().await;
    for (what, form, field, kind) in cases {
        let body = json!({ "person": ana, "rev": entry.rev, "form": form.clone(), "leaving": null });
        assert_eq!(desk.refused("save_person", body).await, (field, kind.clone()), "{what}");
        if !matches!(what, "another's e-mail" | "no e-mail" | "half an e-mail") {
            continue;
        }
        let body = json!({ "person": fresh_id(), "form": form });
        assert_eq!(desk.refused("invite_person", body).await, (field, kind), "inviting with {what}");
    }
    let own = desk.person(rosa).await;
    let demoted = PersonForm { profile: Profile::Attendant, ..own.form.clone() };
    let body = json!({ "person": rosa, "rev": own.rev, "form": demoted, "leaving": null });
    assert_eq!(desk.refused("save_person", body).await, (Field::Profile, FaultKind::LastAdministrator));
    for name in ["block_person", "delete_person"] {
        let refused = desk.refused(name, json!({ "person": rosa, "fate": null })).await;
        assert_eq!(refused, (Field::Status, FaultKind::LastAdministrator));
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn what_is_wrong_with_hours_or_thresholds_is_refused_at_its_field_and_changes_nothing() {
    let desk = Desk::new(EXAMPLE).await;
    let hours = desk.settings().await.hours;
    let sound = hours.form.clone();
    let overlapping =
        DayForm { lunch: true, lunch_from: "12:00".into(), lunch_until: "19:00".into(), ..sound.week[0].clone() };
    let mut week = sound.week.clone();
    week[2] = overlapping;
    let closes = ciranda_domain::settings::Break::Closes;
    let cases: Vec<Case<HoursForm>> = vec![
        (
            "overlapping hours",
            HoursForm { week, ..sound.clone() },
            Field::Weekday(2),
            FaultKind::NotAscending { which: closes },
        ),
        ("no zone", HoursForm { zone: "America/Lua".into(), ..sound.clone() }, Field::Zone, FaultKind::UnknownZone),
        ("never open", HoursForm { week: Default::default(), ..sound.clone() }, Field::Form, FaultKind::NeverOpens),
        (
            "a long reply",
            HoursForm { replies: true, auto_reply: "x".repeat(901), ..sound.clone() },
            Field::AutoReply,
            FaultKind::TooLong { length: 901, most: 900 },
        ),
        ("no reply", HoursForm { replies: true, auto_reply: " ".into(), ..sound }, Field::AutoReply, FaultKind::Empty),
    ];
    let before = desk.standing().await;
    for (what, form, field, kind) in cases {
        let body = json!({ "rev": hours.rev, "form": form });
        assert_eq!(desk.refused("save_hours", body).await, (field, kind), "{what}");
    }
    let thresholds = Thresholds { queue: Some(0), ..Thresholds::default() };
    let team = desk.team(desk.shop.team).await;
    let body =
        json!({ "team": team.id, "rev": team.rev, "form": team.form, "thresholds": thresholds, "leaving": null });
    let range = FaultKind::OutOfRange { least: 1, most: 10_000 };
    assert_eq!(desk.refused("save_team", body).await, (Field::Queue, range));
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_body_that_is_no_form_at_all_is_refused_and_not_a_fault_of_ours() {
    let desk = Desk::new(FREE).await;
    for body in [json!({}), json!({ "team": "x", "form": 1 }), json!({ "team": desk.shop.team, "form": { "name": 1 } })]
    {
        let (status, _) = super::raw(&desk.shop.test, Some(&desk.cookie), "/api/fn/create_team", &body).await;
        assert_eq!(status.as_u16(), 422, "{body}");
    }
    let level: Value = json!({ "name": "Vendas", "is_default": false, "level": "Nobody", "distribution": {} });
    let body = json!({ "team": fresh_id(), "form": level });
    assert_eq!(super::raw(&desk.shop.test, Some(&desk.cookie), "/api/fn/create_team", &body).await.0.as_u16(), 422);
}
