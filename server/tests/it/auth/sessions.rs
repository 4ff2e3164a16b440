use ciranda_server::config::Mode;
use reqwest::StatusCode;
use serde_json::json;

use super::{House, cookie_of, told};
use crate::rig::TestApp;

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let house = House::new().await;
    let cookie = house.log_in().await;
    assert_eq!(house.whoami(&cookie).await, StatusCode::OK);
    let response = house.call("sign_out", json!({}), Some(&cookie)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(cookie_of(&response), "ciranda=");
    let (status, body) = told(house.call("whoami", json!({}), Some(&cookie)).await).await;
    assert_eq!((status, body.contains("SignedOut")), (StatusCode::UNAUTHORIZED, true), "{body}");
}

#[tokio::test]
async fn logging_in_again_ends_the_session_the_browser_had() {
    let house = House::new().await;
    let before = house.log_in().await;
    let secret = house.link.split_once("#link=").expect("a secret").1.to_owned();
    let response = house.call("redeem_link", json!({ "secret": secret }), Some(&before)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let after = cookie_of(&response);
    assert_ne!(before, after);
    assert_eq!(house.whoami(&before).await, StatusCode::UNAUTHORIZED);
    assert_eq!(house.whoami(&after).await, StatusCode::OK);
}

#[tokio::test]
async fn a_one_time_link_works_once_and_three_days() {
    let house = House::new().await;
    assert!(house.link.starts_with(&format!("{}/entrar#link=", house.test.base)), "{}", house.link);
    let secret = house.link.split_once("#link=").expect("a secret").1.to_owned();
    let redeem = async |secret: &str| house.call("redeem_link", json!({ "secret": secret }), None).await;
    assert_eq!(told(redeem("nonsense").await).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    house.sql("update login_code set expires_at = expires_at - interval '3 days' where kind = 2").await;
    let late = told(redeem(&secret).await).await;
    assert!(late.0 == StatusCode::UNPROCESSABLE_ENTITY && late.1.contains("BadLink"), "{}", late.1);
    house.sql("update login_code set expires_at = expires_at + interval '3 days' where kind = 2").await;
    assert_eq!(redeem(&secret).await.status(), StatusCode::OK);
    assert_eq!(told(redeem(&secret).await).await, late);
}

#[tokio::test]
async fn a_session_lasts_thirty_days_from_its_last_use() {
    let house = House::new().await;
    let cookie = house.log_in().await;
    house.sql("update session set seen_at = now() - interval '29 days'").await;
    assert_eq!(house.whoami(&cookie).await, StatusCode::OK);
    house.sql("update session set seen_at = seen_at - interval '29 days'").await;
    assert_eq!(house.whoami(&cookie).await, StatusCode::OK, "its use was noted");
    house.sql("update session set seen_at = now() - interval '30 days'").await;
    assert_eq!(house.whoami(&cookie).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn on_an_encrypted_address_the_cookie_is_bound_to_the_host() {
    let test = TestApp::with_flags(Mode::Serve, &[], &["--public-url", "https://desk.example.com"]).await;
    let link =
        ciranda_server::admin::create(&test.app, "Loja", "Rita", "rita@loja.example", "UTC").await.expect("created");
    let secret = link.strip_prefix("https://desk.example.com/entrar#link=").expect("the public address");
    let request = reqwest::Client::new().post(test.url("/api/fn/redeem_link")).json(&json!({ "secret": secret }));
    let response = request.send().await.expect("answered");
    let header = response.headers()["set-cookie"].to_str().expect("plain").to_owned();
    assert!(
        header.starts_with("__Host-ciranda=") && header.ends_with("; Secure") && header.contains("; Path=/;"),
        "{header}"
    );
}

#[tokio::test]
async fn entering_as_somebody_is_for_the_demo_only() {
    let house = House::new().await;
    let options: serde_json::Value = house.call("sign_in_options", json!({}), None).await.json().await.expect("JSON");
    assert_eq!(options, json!({ "demo": null }));
    let person = uuid::Uuid::from_u128(1);
    let (status, body) = told(house.call("enter_as", json!({ "person": person }), None).await).await;
    assert_eq!((status, body.contains("DemoOnly")), (StatusCode::NOT_FOUND, true), "{body}");
}
