use reqwest::StatusCode;
use serde_json::json;

use super::{House, OWNER, cookie_of, told};

/// A code that is certainly not `right`.
fn wrong(right: &str) -> String {
    let other = (right.parse::<u32>().expect("digits") + 1) % 1_000_000;
    format!("{other:06}")
}

#[tokio::test]
async fn a_code_by_mail_begins_a_session() {
    let house = House::new().await;
    let challenge = house.challenge("  Rita@Loja.example ").await;
    let code = house.post.code().await;
    let response = house.enter(&challenge, &format!("{} {}", &code[..3], &code[3..])).await;
    assert_eq!(response.status(), StatusCode::OK);
    let header = response.headers()["set-cookie"].to_str().expect("plain").to_owned();
    assert!(header.starts_with("ciranda=") && header.contains("; HttpOnly; SameSite=Lax; "), "{header}");
    let cookie = cookie_of(&response);
    let me: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!((&me["name"], &me["account_name"], &me["demo"]), (&json!("Rita"), &json!("Loja"), &json!(false)));
    assert_eq!(house.whoami(&cookie).await, StatusCode::OK);
}

#[tokio::test]
async fn the_code_is_written_in_the_language_of_whoever_asks_for_it() {
    let house = House::new().await;
    for (asked, words) in [
        (json!({ "login": OWNER, "language": "en-GB" }), "is your code to sign in"),
        (json!({ "login": OWNER, "language": "pt-BR" }), "para entrar"),
        (json!({ "login": OWNER }), "para entrar"),
    ] {
        assert_eq!(house.call("request_code", asked, None).await.status(), StatusCode::OK);
        let subject = house.post.subject().await;
        assert!(subject.contains(words), "{subject}");
    }
}

#[tokio::test]
async fn answers_are_alike_whether_or_not_the_person_exists() {
    let house = House::new().await;
    let known = house.challenge(OWNER).await;
    let code = house.post.code().await;
    let unknown = house.challenge("ninguem@loja.example").await;
    let by_phone = house.challenge("(11) 98765-4321").await;

    let told_known = told(house.enter(&known, &wrong(&code)).await).await;
    assert_eq!(told_known.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told_known.1.contains("BadCode"), "{}", told_known.1);
    assert_eq!(told(house.enter(&unknown, &code).await).await, told_known);
    assert_eq!(told(house.enter(&by_phone, &code).await).await, told_known);
    let never = json!(uuid::Uuid::from_u128(7));
    assert_eq!(told(house.enter(&never, &code).await).await, told_known);
    assert!(house.post.is_empty().await, "nobody else is written to");
}

#[tokio::test]
async fn a_malformed_login_is_told_before_anything_is_looked_up() {
    let house = House::new().await;
    let (status, body) = told(house.call("request_code", json!({ "login": "rita" }), None).await).await;
    assert_eq!((status, body.contains("\"login\"")), (StatusCode::UNPROCESSABLE_ENTITY, true), "{body}");
}

#[tokio::test]
async fn a_code_holds_five_attempts() {
    let house = House::new().await;
    let challenge = house.challenge(OWNER).await;
    let code = house.post.code().await;
    for _ in 0..5 {
        assert_eq!(house.enter(&challenge, &wrong(&code)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_fifth_attempt_may_still_be_right() {
    let house = House::new().await;
    let challenge = house.challenge(OWNER).await;
    let code = house.post.code().await;
    for _ in 0..4 {
        assert_eq!(house.enter(&challenge, &wrong(&code)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::OK);
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "a code works once");
}

#[tokio::test]
async fn a_code_holds_ten_minutes() {
    let house = House::new().await;
    let challenge = house.challenge(OWNER).await;
    let code = house.post.code().await;
    house.sql("update login_code set created_at = created_at - interval '10 minutes', expires_at = expires_at - interval '10 minutes' where kind = 1").await;
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_login_gets_five_codes_in_a_quarter_of_an_hour_whether_or_not_it_exists() {
    let house = House::new().await;
    for login in [OWNER, "ninguem@loja.example"] {
        for _ in 0..5 {
            house.challenge(login).await;
        }
        let (status, body) = told(house.call("request_code", json!({ "login": login }), None).await).await;
        assert_eq!((status, body.contains("TooMany")), (StatusCode::TOO_MANY_REQUESTS, true), "{login}: {body}");
    }
    house.sql("update login_attempt set at = at - interval '16 minutes'").await;
    house.challenge(OWNER).await;
}

#[tokio::test]
async fn an_address_gets_only_so_many_attempts() {
    let house = House::new().await;
    house.sql("insert into login_attempt (bucket) select 'tries:127.0.0.1' from generate_series(1, 60)").await;
    let challenge = house.challenge(OWNER).await;
    let code = house.post.code().await;
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_blocked_person_is_not_let_in_and_not_written_to() {
    let house = House::new().await;
    let challenge = house.challenge(OWNER).await;
    let code = house.post.code().await;
    house.sql("update person set status = 1").await;
    assert_eq!(house.enter(&challenge, &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    house.challenge(OWNER).await;
    house.test.app.tasks.close();
    house.test.app.tasks.wait().await;
    assert!(house.post.is_empty().await);
}

#[tokio::test]
async fn neither_code_nor_login_nor_token_stands_in_the_database() {
    let house = House::new().await;
    let challenge = house.challenge("outra@loja.example").await;
    let cookie = house.log_in().await;
    let token = cookie.split_once('=').expect("a pair").1.to_owned();
    let tables: Vec<String> = sqlx::query_scalar(
        "select login_code::text from login_code union all select session::text from session
         union all select login_attempt::text from login_attempt",
    )
    .fetch_all(&mut house.test.db.owner().await)
    .await
    .expect("asked");
    assert!(tables.len() >= 5 && !challenge.is_null());
    assert!(tables.iter().all(|row| !row.contains(&token)));
}
