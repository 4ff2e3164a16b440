//! From a kept body to a conversation: in order, once, and never held up by a bad neighbour.

use std::sync::Arc;
use std::time::Duration;

use ciranda_server::app::App;
use ciranda_server::channels;
use ciranda_server::channels::meta::ingress;
use serde_json::json;

use super::world::{NUMBER, PHONE, World, eventually, text, webhook};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/channels/meta/fixtures");

#[tokio::test]
async fn a_message_becomes_a_line_of_one_conversation() {
    let world = World::start().await;
    let now = world.seconds();
    world.post_messages(&[text("wamid.1", "Oi", now), text("wamid.2", "Tudo bem?", now)]).await;
    world.process().await;
    assert_eq!(world.said().await, ["Oi", "Tudo bem?"]);
    let messages = world.messages().await;
    assert_eq!(messages[0].conversation_id, messages[1].conversation_id);
    assert_eq!(world.envelopes().await, [(1, None)]);
}

#[tokio::test]
async fn a_repeated_delivery_changes_nothing() {
    let world = World::start().await;
    let now = world.seconds();
    let body = webhook(NUMBER, &[text("wamid.1", "Oi", now)], &[]).to_string();
    world.post(body.as_bytes()).await;
    world.post(body.as_bytes()).await;
    world.process().await;
    world.post(body.as_bytes()).await;
    world.post_messages(&[text("wamid.1", "Oi", now), text("wamid.2", "De novo", now)]).await;
    world.process().await;
    assert_eq!(world.said().await, ["Oi", "De novo"]);
    assert!(world.envelopes().await.iter().all(|(state, _)| *state == 1));
}

#[tokio::test]
async fn what_belongs_to_no_conversation_is_kept_once_however_often_it_comes() {
    let world = World::start().await;
    let revoke = json!({"from": PHONE, "id": "wamid.1", "timestamp": "1767614400", "type": "revoke",
        "revoke": {"original_message_id": "wamid.0"}});
    for _ in 0..2 {
        world.post_messages(std::slice::from_ref(&revoke)).await;
        world.process().await;
    }
    assert_eq!(world.envelopes().await, [(1, None), (1, None)]);
    let events: Vec<serde_json::Value> = sqlx::query_scalar("select event from raw_event")
        .fetch_all(&mut world.owner().await)
        .await
        .expect("it answers");
    assert_eq!((events, world.messages().await), (vec![revoke], vec![]));
}

#[tokio::test]
async fn a_customer_who_changes_number_stays_the_same_customer() {
    let world = World::start().await;
    let at = world.seconds() - 10;
    world.post_messages(&[text("wamid.1", "Oi", at)]).await;
    let changed = json!({"from": PHONE, "id": "wamid.2", "timestamp": (at + 1).to_string(), "type": "system",
        "system": {"type": "user_changed_number", "body": "mudou de número", "wa_id": "5581988880009"}});
    world.post_messages(&[changed]).await;
    world.process().await;
    let mut new_number = text("wamid.3", "Sou eu", at + 2);
    new_number["from"] = "5581988880009".into();
    world.post_messages(&[new_number]).await;
    world.process().await;
    assert_eq!(world.said().await, ["Oi", "mudou de número", "Sou eu"]);
    let messages = world.messages().await;
    assert!(messages.iter().all(|message| message.conversation_id == messages[0].conversation_id));
}

#[tokio::test]
async fn within_a_contact_metas_second_orders_before_position_and_arrival() {
    let world = World::start().await;
    let now = world.seconds() - 100;
    world.post_messages(&[text("wamid.3", "três", now + 2), text("wamid.4", "quatro", now + 2)]).await;
    world.post_messages(&[text("wamid.1", "um", now)]).await;
    world.post_messages(&[text("wamid.2", "dois", now + 1)]).await;
    world.process().await;
    assert_eq!(world.said().await, ["um", "dois", "três", "quatro"]);
}

#[tokio::test]
async fn two_servers_process_everything_exactly_once() {
    let world = World::start().await;
    let other = world.another_server();
    let now = world.seconds() - 1000;
    for number in 0..150 {
        world.post_messages(&[text(&format!("wamid.{number}"), &format!("{number:03}"), now + number)]).await;
    }
    let work = |app: Arc<App>| async move {
        for _ in 0..8 {
            ingress::pass(&app).await.expect("the database answers");
        }
    };
    tokio::join!(work(Arc::clone(world.app())), work(other));
    let expected: Vec<String> = (0..150).map(|number| format!("{number:03}")).collect();
    assert_eq!(world.said().await, expected);
    assert!(world.envelopes().await.iter().all(|(state, _)| *state == 1));
}

#[tokio::test]
async fn a_server_killed_at_any_moment_loses_nothing_and_repeats_nothing() {
    let world = World::start().await;
    let now = world.seconds() - 1000;
    let mut sent = Vec::new();
    for round in 0..40 {
        for number in 0..3 {
            let words = format!("{round:02}/{number}");
            world.post_messages(&[text(&format!("wamid.{words}"), &words, now + round)]).await;
            sent.push(words);
        }
        let server = world.another_server();
        let pass = tokio::spawn(async move { drop(ingress::pass(&server).await) });
        tokio::time::sleep(Duration::from_micros(350 * u64::try_from(round).expect("small"))).await;
        pass.abort();
    }
    world.process().await;
    assert_eq!(world.said().await, sent);
}

#[tokio::test]
async fn what_was_kept_before_a_start_is_processed_after_it() {
    let world = World::start().await;
    world.post_messages(&[text("wamid.1", "Oi", world.seconds())]).await;
    let restarted = world.another_server();
    channels::spawn(&restarted).expect("the workers start");
    eventually(async || world.said().await == ["Oi"]).await;
    restarted.stop.cancel();
}

#[tokio::test]
async fn an_envelope_that_cannot_be_applied_is_set_aside_alone() {
    let world = World::start().await;
    world
        .sql(
            "create function refuse() returns trigger language plpgsql as $$
             begin if new.body like 'veneno%' then raise exception 'no' using errcode = '22000'; end if; return new; end $$;
             create trigger refuse before insert on message for each row execute function refuse()",
        )
        .await;
    let now = world.seconds() - 100;
    for (number, words) in ["antes", "veneno 5581999998888", "depois"].into_iter().enumerate() {
        let at = now + i64::try_from(number).expect("small");
        world.post_messages(&[text(&format!("wamid.{number}"), words, at)]).await;
    }
    world.process().await;
    assert_eq!(world.said().await, ["antes", "depois"]);
    let note = Some("not applied: SQLSTATE 22000".to_owned());
    assert_eq!(world.envelopes().await, [(1, None), (3, note), (1, None)]);
    assert!(world.app().metrics.text().contains("ciranda_envelopes_total{outcome=\"broken\"} 1"));
}

#[tokio::test]
async fn passing_trouble_of_the_database_is_never_held_against_an_envelope() {
    let world = World::start().await;
    world
        .sql(
            "create sequence tries; grant all on sequence tries to public;
             create function trouble() returns trigger language plpgsql as $$
             begin if nextval('tries') <= 2 then raise exception 'full' using errcode = 'disk_full'; end if; return new; end $$;
             create trigger trouble before insert on message for each row execute function trouble()",
        )
        .await;
    world.post_messages(&[text("wamid.1", "um", world.seconds() - 2)]).await;
    world.post_messages(&[text("wamid.2", "dois", world.seconds() - 1)]).await;
    assert_eq!(ingress::pass(world.app()).await.expect("it answers"), ingress::Pass::Stuck);
    assert_eq!(world.envelopes().await, [(0, None), (0, None)]);
    world.process().await;
    assert_eq!(world.said().await, ["um", "dois"]);
    assert_eq!(world.envelopes().await, [(1, None), (1, None)]);
}

#[tokio::test]
async fn unknown_channels_and_broken_bodies_are_kept_for_the_operator() {
    let world = World::start().await;
    world.post(br#"{"object":"whatsapp_business_account","entry":[{"#).await;
    world.post(webhook("999", &[text("wamid.1", "Alô?", world.seconds())], &[]).to_string().as_bytes()).await;
    world.post(br#"{"object":"instagram","entry":[]}"#).await;
    world.process().await;
    let note = |text: &str| Some(text.to_owned());
    assert_eq!(
        world.envelopes().await,
        [(3, note("not JSON")), (2, note("unknown channel WhatsApp 999")), (1, note("instagram"))]
    );
    let metrics = world.app().metrics.text();
    for line in [
        "ciranda_envelopes_total{outcome=\"broken\"} 1",
        "ciranda_envelopes_total{outcome=\"unknown channel\"} 1",
        "ciranda_inbound_asides_total{what=\"instagram\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} is missing in {metrics}");
    }
}

#[tokio::test]
async fn a_body_for_two_accounts_reaches_both_and_no_other() {
    let world = World::start().await;
    let (other, _, _) = world.add_account("Outra Loja").await;
    world.add_channel(other, "777").await;
    let part = |number: &str, id: &str, words: &str| {
        webhook(number, &[text(id, words, world.seconds())], &[])["entry"][0]["changes"][0].clone()
    };
    let body = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [part(NUMBER, "wamid.1", "para a Aurora"), part("777", "wamid.2", "para a outra")]},
        {"id": "2", "changes": [part("999", "wamid.3", "para ninguém")]}]});
    world.post(body.to_string().as_bytes()).await;
    world.process().await;
    assert_eq!(world.said().await, ["para a Aurora"]);
    let of_other: Vec<String> = sqlx::query_scalar("select body from message where account_id = $1 and side = 1")
        .bind(other)
        .fetch_all(&mut world.owner().await)
        .await
        .expect("the database answers");
    assert_eq!(of_other, ["para a outra"]);
    assert_eq!(world.envelopes().await, [(2, Some("unknown channel WhatsApp 999".into()))]);
}

#[tokio::test]
async fn every_fixture_is_taken_and_none_is_lost_or_broken() {
    let world = World::start().await;
    world.add_channel(world.account, "100200300400501").await;
    let mut count = 0;
    for sub in ["messages", "statuses", "account", "objects"] {
        let mut files: Vec<_> = std::fs::read_dir(format!("{FIXTURES}/{sub}"))
            .expect("the folder is there")
            .map(|file| file.expect("it can be listed").path())
            .collect();
        files.sort();
        for file in files {
            world.post(&std::fs::read(file).expect("it can be read")).await;
            count += 1;
        }
    }
    world.process().await;
    let envelopes = world.envelopes().await;
    assert_eq!(envelopes.len(), count);
    assert!(envelopes.iter().all(|(state, _)| *state == 1), "{envelopes:?}");
    let kinds: Vec<i16> = sqlx::query_scalar("select distinct kind from message where side = 1 order by kind")
        .fetch_all(&mut world.owner().await)
        .await
        .expect("the database answers");
    assert_eq!(kinds, (1..=17).collect::<Vec<i16>>(), "each kind of message is a line");
    let unexplained: i64 = sqlx::query_scalar(
        "select count(*) from message m where side = 1 and kind <> 1 and not exists (
           select from raw_event r where r.account_id = m.account_id and r.message_id = m.id)",
    )
    .fetch_one(&mut world.owner().await)
    .await
    .expect("the database answers");
    assert_eq!(unexplained, 0, "the raw event of each placeholder is kept");
}

#[tokio::test]
async fn large_bodies_are_taken_a_few_at_a_time_and_all_in_the_end() {
    let world = World::start().await;
    for number in 0..6 {
        let mut body = webhook(NUMBER, &[text(&format!("wamid.{number}"), &number.to_string(), world.seconds())], &[]);
        body["filler"] = "x".repeat(3 * 1024 * 1024).into();
        world.post(body.to_string().as_bytes()).await;
    }
    assert_eq!(ingress::pass(world.app()).await.expect("it answers"), ingress::Pass::More);
    assert!(world.envelopes().await.iter().any(|(state, _)| *state == 0));
    world.process().await;
    assert_eq!(world.said().await, ["0", "1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn old_envelopes_are_deleted_and_open_ones_are_not() {
    let world = World::start().await;
    world.post(b"{").await;
    world.process().await;
    world.post_messages(&[text("wamid.1", "Oi", world.seconds())]).await;
    world.sql("update envelope set received_at = now() - interval '31 days'").await;
    let gone = ciranda_server::store::envelope::forget(&world.app().pool, 30, 100).await.expect("it answers");
    assert_eq!((gone, world.envelopes().await), (1, vec![(0, None)]));
}
