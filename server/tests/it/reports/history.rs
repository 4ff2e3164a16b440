//! Random days of the shop: every number has its rows, and the facts made anew are those that were written.

use ciranda_domain::report::{By, Track};
use ciranda_domain::time::{Moment, Span};
use ciranda_server::reports;
use ciranda_sync::calls::Call;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;
use crate::desk::world::{EXAMPLE, FREE, Setting};
use crate::settings::Desk;
use crate::settings::hours::each_open_day;

const NAMES: [&str; 4] = ["Ana", "Bruno", "Davi", "Rosa"];

/// Lets things happen.
async fn play(shop: &World, random: &mut StdRng, steps: usize) {
    for _ in 0..steps {
        let phone = format!("55119000000{:02}", random.random_range(0..12));
        let name = NAMES[random.random_range(0..NAMES.len())];
        match random.random_range(0..10) {
            0..3 => shop.write(&phone, "oi").await,
            3 => {
                let later = shop.now().await + Span::minutes(random.random_range(1..300));
                shop.at_moment(later).await;
                shop.tick().await;
            }
            _ => press(shop, random, name).await,
        }
    }
}

async fn press(shop: &World, random: &mut StdRng, name: &'static str) {
    let all = shop.all().await;
    if all.is_empty() {
        return;
    }
    let conversation = all[random.random_range(0..all.len())].head.id;
    let team = if random.random() { shop.team } else { shop.other_team };
    let call = match random.random_range(0..8) {
        0..2 => Call::Start { conversation },
        2..5 => Call::Send { conversation, message: fresh_message(), text: "Olá".into() },
        5 => Call::Conclude { conversation },
        6 if random.random() => Call::Restart { conversation },
        6 => Call::TransferToTeam { conversation, team },
        _ => Call::TransferToPerson { conversation, person: shop.person("Davi"), team },
    };
    // Refused ones are part of it.
    let _ = shop.press(name, call).await;
}

#[test]
fn what_was_remembered_before_bursts_were_set_aside_is_read_and_written_as_it_was() {
    let stored = r#"{"no":3,"arrived":5,"stands":"Finished","answered":true,"concluded":9}"#;
    let track: Track = serde_json::from_str(stored).expect("an older row");
    assert_eq!(track.arrived, Some(Moment(5)));
    assert_eq!(serde_json::to_string(&track).expect("written"), stored);
}

/// All facts, days and tracks, as text; the lengths of a day in order.
async fn stored(shop: &World) -> Vec<String> {
    let mut owner = shop.test.db.owner().await;
    let mut all = Vec::new();
    for sql in [
        "select f::text from report_fact f where account_id = $1 order by conversation_id, no",
        "select row(kind, day, team_id, person_id, channel_id, n, array(select unnest(ms) order by 1),
           array(select unnest(business_ms) order by 1))::text from report_day
         where account_id = $1 and (n <> 0 or ms <> '{}' or business_ms <> '{}') order by 1",
        "select id::text || track::text from conversation where account_id = $1 order by 1",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(sql).bind(shop.account.0).fetch_all(&mut owner).await.expect("read");
        all.extend(rows);
    }
    all
}

async fn made_anew(seed: u64, setting: Setting) {
    let shop = World::new(setting).await;
    play(&shop, &mut StdRng::seed_from_u64(seed), 150).await;
    made_anew_as_written(&shop).await;
}

async fn made_anew_as_written(shop: &World) {
    let written = stored(shop).await;
    assert!(written.len() > 60, "much happened: {}", written.len());
    let made = reports::rebuild(shop.app(), shop.account).await.expect("made anew");
    let anew = stored(shop).await;
    for (written, anew) in written.iter().zip(&anew) {
        assert_eq!(written, anew);
    }
    assert_eq!(written.len(), anew.len(), "{made} facts");
}

#[tokio::test]
async fn facts_made_anew_are_those_that_were_written_as_things_happened() {
    made_anew(1, FREE).await;
}

#[tokio::test]
async fn facts_made_anew_are_those_that_were_written_also_where_conversations_are_handed_out() {
    made_anew(2, EXAMPLE).await;
}

#[tokio::test]
async fn facts_made_anew_are_those_that_were_written_also_where_conversations_queue() {
    made_anew(3, Setting { capacity: Some(2), ..EXAMPLE }).await;
}

#[tokio::test]
async fn facts_made_anew_keep_the_business_hours_of_their_time() {
    let desk = Desk::new(FREE).await;
    let shop = &desk.shop;
    let random = &mut StdRng::seed_from_u64(5);
    for until in ["15:00", "20:00", "12:00"] {
        play(shop, random, 50).await;
        desk.change_hours(|form| each_open_day(form, |day| day.until = until.into())).await;
        // A customer's message has the second it was written in, which is not to lie before the change.
        shop.at_moment(shop.now().await + Span::minutes(1)).await;
    }
    made_anew_as_written(shop).await;
}

#[tokio::test]
async fn every_number_has_exactly_its_rows() {
    let shop = World::new(EXAMPLE).await;
    play(&shop, &mut StdRng::seed_from_u64(7), 120).await;
    let mut seen = 0;
    for by in [By::None, By::Day, By::Team, By::Person, By::Channel] {
        for name in ["Rosa", "Eva", "Ana"] {
            for hours in [Hours::Calendar, Hours::Business] {
                seen += numbers_have_their_rows(&shop, name, &ReportQuery { by, hours, ..question() }).await;
            }
        }
    }
    assert!(seen > 200, "most numbers are not zero: {seen}");
}
