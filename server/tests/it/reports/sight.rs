//! Nobody is told of what they may not see.

use ciranda_api::{ApiError, ErrorCode};
use ciranda_domain::ids::TeamId;
use ciranda_domain::person::Profile;
use ciranda_domain::report::{By, Metric};
use ciranda_domain::team::Membership;
use ciranda_server::desk::rights::{Revision, revise};
use ciranda_server::reports::Refusal;
use ciranda_server::store;
use ciranda_sync::calls::Call;

use super::*;
use crate::desk::world::FREE;
use crate::rig::{fresh_id, log_in};

async fn refused(shop: &World, name: &str, query: ReportQuery) -> ApiError {
    match reports::report(shop.app(), viewer(shop, name), query).await {
        Err(Refusal::Refused(error)) => error,
        other => panic!("it must be refused: {other:?}"),
    }
}

/// Two conversations: Ana's in the first team, Davi's in the other.
async fn two(shop: &World) {
    shop.write(JOANA, "oi").await;
    shop.write(BIA, "oi").await;
    start(shop, "Ana", JOANA).await;
    answer(shop, "Ana", JOANA).await;
    let conversation = shop.with(BIA).await.id;
    shop.ok("Rosa", Call::TransferToTeam { conversation, team: shop.other_team }).await;
    start(shop, "Davi", BIA).await;
    answer(shop, "Davi", BIA).await;
}

#[tokio::test]
async fn an_administrator_counts_all_a_supervisor_their_teams_an_attendant_their_own() {
    let shop = World::new(FREE).await;
    two(&shop).await;
    for (name, answers, arrivals) in [("Rosa", 2, 2), ("Eva", 1, 1), ("Ana", 1, 1), ("Davi", 1, 1), ("Bruno", 0, 0)] {
        let query = ReportQuery { metrics: vec![Metric::Arrivals, Metric::FirstResponse], ..question() };
        let report = ask(&shop, name, &query).await;
        let told = (report.rows[0].figures[1].n, report.rows[0].figures[0].n);
        assert_eq!(told, (answers, arrivals), "{name}");
    }
}

#[tokio::test]
async fn who_supervises_every_team_counts_what_an_administrator_does() {
    let shop = World::new(FREE).await;
    two(&shop).await;
    let query = ReportQuery { by: By::Team, ..question() };
    let all = ask(&shop, "Rosa", &query).await.rows;
    assert!(ask(&shop, "Eva", &query).await.rows.len() < all.len(), "she supervises the first team only");
    let membership = Membership { team: shop.other_team, person: shop.person("Eva"), attends: false, supervises: true };
    revise(shop.app(), shop.account, Revision::Membership(membership)).await.expect("changed");
    assert_eq!(ask(&shop, "Eva", &query).await.rows, all);
}

#[tokio::test]
async fn both_halves_of_an_answer_see_one_state_of_the_database() {
    let shop = World::new(FREE).await;
    let mut first = store::counting(shop.app(), shop.account).await.expect("begun");
    let count = "select count(*) from conversation";
    let before: i64 = sqlx::query_scalar(count).fetch_one(&mut *first.tx).await.expect("counted");
    shop.write(JOANA, "oi").await;
    let mut beside = first.beside(shop.app()).await.expect("begun");
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&mut *beside.tx).await.expect("counted");
    assert_eq!((before, seen, beside.now), (0, 0, first.now));
    let mut later = store::counting(shop.app(), shop.account).await.expect("begun");
    let after: i64 = sqlx::query_scalar(count).fetch_one(&mut *later.tx).await.expect("counted");
    assert_eq!(after, 1);
}

#[tokio::test]
async fn what_left_the_team_is_no_longer_counted_for_who_cannot_open_it() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    start(&shop, "Ana", JOANA).await;
    answer(&shop, "Ana", JOANA).await;
    let query = ReportQuery { metrics: vec![Metric::FirstResponse], ..question() };
    assert_eq!(ask(&shop, "Eva", &query).await.rows[0].figures[0].n, 1);
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::TransferToTeam { conversation, team: shop.other_team }).await;
    assert_eq!(ask(&shop, "Eva", &query).await.rows[0].figures[0].n, 0, "she supervises the first team only");
    assert_eq!(ask(&shop, "Ana", &query).await.rows[0].figures[0].n, 0, "it is not hers any more");
    assert_eq!(ask(&shop, "Rosa", &query).await.rows[0].figures[0].n, 1);
}

#[tokio::test]
async fn ids_that_are_not_the_viewers_are_not_found_and_nonsense_is_refused_with_its_reason() {
    let shop = World::new(FREE).await;
    let neighbour = shop.neighbour(FREE).await;
    for (name, team) in
        [("Eva", shop.other_team), ("Rosa", neighbour.team), ("Rosa", TeamId(fresh_id())), ("Ana", shop.other_team)]
    {
        let error = refused(&shop, name, ReportQuery { team: Some(team), ..question() }).await;
        assert_eq!(error, ApiError::new(ErrorCode::NotFound), "{name}");
    }
    let theirs = Some(neighbour.person("Ana"));
    assert_eq!(refused(&shop, "Rosa", ReportQuery { person: theirs, ..question() }).await.code, ErrorCode::NotFound);
    let bruno = Some(shop.person("Bruno"));
    assert_eq!(refused(&shop, "Ana", ReportQuery { person: bruno, ..question() }).await.code, ErrorCode::NotFound);
    let channel = Some(neighbour.channel);
    assert_eq!(refused(&shop, "Rosa", ReportQuery { channel, ..question() }).await.code, ErrorCode::NotFound);
    let backwards = refused(&shop, "Rosa", ReportQuery { from: day(3), to: day(2), ..question() }).await;
    assert_eq!(backwards, ApiError::invalid("to"));
    let long = refused(&shop, "Rosa", ReportQuery { from: day(0), to: day(731), ..question() }).await;
    assert_eq!(long, ApiError::invalid("period"));
    let profile = Revision::Profile { person: shop.person("Bruno"), profile: Profile::Restricted };
    revise(shop.app(), shop.account, profile).await.expect("changed");
    let restricted = refused(&shop, "Bruno", question()).await;
    assert_eq!((restricted.code, restricted.field.as_deref()), (ErrorCode::NotAllowed, Some("reports")));
}

#[tokio::test]
async fn the_rows_of_somebody_elses_key_are_not_found() {
    let shop = World::new(FREE).await;
    two(&shop).await;
    let query = ReportQuery { by: By::Team, ..question() };
    let asked = ReportRows {
        query,
        cell: Cell::Team(shop.other_team),
        metric: Metric::Arrivals,
        part: Part::Counted,
        after: None,
    };
    let found = reports::rows(shop.app(), viewer(&shop, "Eva"), asked).await;
    assert!(matches!(found, Ok(page) if page.rows.is_empty()), "nothing of a team she does not supervise");
}

#[tokio::test]
async fn the_table_for_spreadsheets_is_what_the_viewer_may_see_and_holds_no_formulas() {
    let shop = World::new(FREE).await;
    let mut owner = shop.test.db.owner().await;
    sqlx::query("update person set name = '=HYPERLINK(1)' where account_id = $1 and id = $2")
        .bind(shop.account.0)
        .bind(shop.person("Ana").0)
        .execute(&mut owner)
        .await
        .expect("renamed");
    two(&shop).await;
    let address = format!("{}/relatorios.csv?de=2026-11-24&ate=2026-11-24&por=pessoa", shop.test.base);
    let anonymous = reqwest::get(&address).await.expect("answered");
    assert_eq!(anonymous.status(), 401);
    for (name, shown, hidden) in [("Rosa", "Davi;Chegadas;1", "Bia"), ("Eva", "'=HYPERLINK(1)", "Davi;Chegadas;1")] {
        let cookie = log_in(&shop.test, shop.account, shop.person(name)).await;
        let request = reqwest::Client::new().get(&address).header("cookie", cookie);
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        let text = String::from_utf8(answer.bytes().await.expect("read").to_vec()).expect("text");
        assert!(text.starts_with("\u{feff}Pessoa;métrica;n;"), "{text}");
        assert!(text.contains("mediana (s), corridas"), "which hours they are is said: {text}");
        assert!(text.contains(shown) && !text.contains(hidden), "{name}: {text}");
        assert!(!text.contains("\r\n="), "{name}: {text}");
    }
    let cookie = log_in(&shop.test, shop.account, shop.person("Rosa")).await;
    for (further, file, headings) in [
        ("", "relatorio-2026-11-24-2026-11-24.csv", "Pessoa;métrica;n;"),
        ("&lingua=en-GB&horas=uteis", "report-2026-11-24-2026-11-24-business.csv", "Person,metric,n,"),
    ] {
        let asked = reqwest::Client::new().get([&address, further].concat()).header("cookie", &cookie);
        let answer = asked.send().await.expect("answered");
        let disposition = format!("attachment; filename=\"{file}\"");
        assert_eq!(answer.headers()["content-disposition"], disposition.as_str());
        let text = String::from_utf8(answer.bytes().await.expect("read").to_vec()).expect("text");
        assert!(text.starts_with(&["\u{feff}", headings].concat()), "{text}");
    }
    for wrong in [
        "?de=2026-11-25&ate=2026-11-24",
        "",
        "?de=2026-11-24",
        "?de=ontem&ate=hoje",
        "?de=2026-11-24&ate=2026-11-24&equipe=1",
    ] {
        let asked = reqwest::Client::new().get(format!("{}/relatorios.csv{wrong}", shop.test.base));
        let refused = asked.header("cookie", &cookie).send().await.expect("answered");
        assert_eq!(refused.status(), 422, "{wrong}");
        let told = refused.text().await.expect("read");
        assert!(told.ends_with(".\n") && !told.contains("query"), "{wrong}: {told}");
    }
}
