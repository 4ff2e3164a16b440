//! The demo's clock over HTTP.

use ciranda_domain::time::Span;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::rig::TestApp;

async fn moved(test: &TestApp, how: Value) -> (StatusCode, i64) {
    let request = Client::new().post(test.url("/simulador/relogio")).json(&how);
    let response = request.send().await.expect("answered");
    let status = response.status();
    let body: Value = response.json().await.unwrap_or_default();
    (status, body["now_ms"].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn the_clock_goes_forward_only_and_takes_the_sign_of_life_along() {
    let test = TestApp::demo().await;
    ciranda_server::store::due::beat(&test.app.pool).await.expect("alive");
    let before = test.app.clock.business_now();
    let (status, now) = moved(&test, json!({ "advance_ms": Span::hours(25).0 })).await;
    assert_eq!(status, StatusCode::OK);
    let ahead = now - before.0;
    assert!((Span::hours(25).0..Span::hours(25).0 + 120_000).contains(&ahead), "{ahead}");
    let outage = ciranda_server::store::due::beat(&test.app.pool).await.expect("alive");
    // A machine that is busy otherwise may really have paused, but never for a day.
    let down = outage.map_or(Span(0), |outage| outage.until.since(outage.from));
    assert!(down < Span::minutes(10), "a jump of the clock is no outage: {down:?}");

    assert_eq!(moved(&test, json!({ "advance_ms": -1 })).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(moved(&test, json!({ "advance_ms": Span::days(61).0 })).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, opening) = moved(&test, json!({ "opening": true })).await;
    assert_eq!(status, StatusCode::OK);
    let here = jiff::Timestamp::from_millisecond(opening).expect("in range").in_tz("America/Sao_Paulo").expect("known");
    assert!(matches!((here.hour(), here.minute()), (8 | 13, 0)), "{here}");
    assert!(opening > now);

    let stored: i64 =
        sqlx::query_scalar("select clock_offset_ms from installation").fetch_one(&test.app.pool).await.expect("asked");
    assert_eq!(stored, test.app.clock.offset().0, "what is told is what a restart finds");
}
