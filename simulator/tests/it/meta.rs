//! The simulator against a desk of a few lines, over real HTTP: what Meta would do, it does.

use std::collections::BTreeSet;

use crate::common::{HOUR, NOON, NUMBER, SECRET, desk, message, number, scene_with, status, statuses_of, text_to};
use ciranda_simulator::load::{self, Load};
use ciranda_simulator::wire::{Compose, CustomerId, Fail, FailHow, Faults, Refusal};
use ciranda_simulator::{Config, Simulator};
use serde_json::json;

const MARIANA: CustomerId = CustomerId(0);
const MARIANAS_PHONE: &str = "+5511900001101";
const JOSE: CustomerId = CustomerId(1);
const TAINA: CustomerId = CustomerId(4);

fn text(text: &str) -> Compose {
    Compose::Text { text: text.to_owned(), quotes: None }
}

#[tokio::test]
async fn a_message_arrives_signed_in_metas_shape() {
    let (_, scene) = desk().await;
    let wamid = scene.simulator.customer_sends(MARIANA, NUMBER, text("Olá, à venda? 👍")).unwrap();
    let bodies = scene.wait_for(1).await;
    let value = &bodies[0]["entry"][0]["changes"][0]["value"];
    assert_eq!(bodies[0]["object"], "whatsapp_business_account");
    assert_eq!(bodies[0]["entry"][0]["id"], "510000000000001");
    assert_eq!(value["metadata"]["phone_number_id"], NUMBER);
    assert_eq!(value["contacts"][0]["profile"]["name"], "Mariana Duarte");
    assert_eq!(value["contacts"][0]["wa_id"], "5511900001101");
    let message = message(&bodies[0]);
    assert_eq!(message["id"], wamid);
    assert_eq!(message["from"], "5511900001101");
    assert_eq!(message["timestamp"], (NOON / 1000).to_string());
    assert_eq!(message["text"]["body"], "Olá, à venda? 👍");
}

#[tokio::test]
async fn someone_known_by_user_id_only_has_no_phone_keys() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(TAINA, NUMBER, text("oi")).unwrap();
    let bodies = scene.wait_for(1).await;
    let contact = &bodies[0]["entry"][0]["changes"][0]["value"]["contacts"][0];
    assert!(contact.get("wa_id").is_none() && message(&bodies[0]).get("from").is_none());
    let user_id = message(&bodies[0])["from_user_id"].as_str().unwrap().to_owned();
    assert_eq!(contact["user_id"], user_id);

    let answer = json!({
        "messaging_product": "whatsapp", "recipient": user_id, "type": "text", "text": { "body": "Oi, Tainá" },
    });
    let (code, answer) = scene.post(&answer).await.unwrap();
    assert_eq!((code, &answer["contacts"][0]["user_id"]), (200, &json!(user_id)));
    let bodies = scene.wait_for(3).await;
    assert_eq!(status(&bodies[2])["recipient_user_id"], user_id);
    assert!(status(&bodies[2]).get("recipient_id").is_none());
}

#[tokio::test]
async fn an_answer_gets_sent_delivered_and_read_in_order_with_its_price() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(JOSE, NUMBER, text("oi")).unwrap();
    // The desk writes with the ninth digit, the customer's WhatsApp id has none.
    let (code, answer) = scene.post(&text_to("+5551980001102", "Bom dia")).await.unwrap();
    assert_eq!(code, 200);
    assert_eq!(answer["contacts"][0], json!({ "input": "+5551980001102", "wa_id": "555180001102" }));
    let wamid = answer["messages"][0]["id"].as_str().unwrap();
    scene.wait_for(3).await;
    scene.simulator.customer_opens(JOSE, NUMBER).unwrap();
    let bodies = scene.wait_for(4).await;
    assert_eq!(statuses_of(&bodies, wamid), ["sent", "delivered", "read"]);
    for body in &bodies[1..] {
        assert_eq!(status(body)["biz_opaque_callback_data"], "our-own-id");
        assert_eq!(status(body)["recipient_id"], "555180001102");
    }
    let priced =
        json!({ "billable": false, "pricing_model": "PMP", "type": "free_customer_service", "category": "service" });
    assert_eq!(status(&bodies[2])["pricing"], priced);
    assert!(status(&bodies[3]).get("pricing").is_none(), "a message is priced once");
}

#[tokio::test]
async fn free_text_is_refused_when_the_window_has_closed() {
    let (_, scene) = desk().await;
    let (code, answer) = scene.post(&text_to(MARIANAS_PHONE, "cedo")).await.unwrap();
    assert_eq!((code, &answer["error"]["code"]), (400, &json!(131_047)), "nobody has written yet");

    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    scene.advance(24 * HOUR - 1);
    scene.text(MARIANAS_PHONE, "no último instante").await;
    scene.advance(1);
    let (code, answer) = scene.post(&text_to(MARIANAS_PHONE, "tarde")).await.unwrap();
    assert_eq!((code, &answer["error"]["code"]), (400, &json!(131_047)));
    assert!(answer["error"]["error_data"]["details"].as_str().unwrap().contains("24 hours"));
    assert!(answer["error"]["fbtrace_id"].is_string());

    scene.simulator.customer_sends(MARIANA, NUMBER, Compose::Unsupported).unwrap();
    let (code, _) = scene.post(&text_to(MARIANAS_PHONE, "ainda não")).await.unwrap();
    assert_eq!(code, 400, "an unsupported message opens nothing");
    scene.simulator.customer_sends(MARIANA, NUMBER, Compose::Sticker).unwrap();
    scene.text(MARIANAS_PHONE, "agora sim").await;
}

#[tokio::test]
async fn a_template_goes_out_any_time_and_its_button_comes_back() {
    let (_, scene) = desk().await;
    let template = json!({
        "messaging_product": "whatsapp", "to": MARIANAS_PHONE, "type": "template",
        "template": {
            "name": "retomar", "language": { "code": "pt_BR" },
            "components": [
                { "type": "body", "parameters": [{ "type": "text", "text": "Mariana" }] },
                { "type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{ "type": "payload", "payload": "sim-1" }] },
            ],
        },
    });
    let (code, answer) = scene.post(&template).await.unwrap();
    assert_eq!((code, &answer["messages"][0]["message_status"]), (200, &json!("accepted")));
    let wamid = answer["messages"][0]["id"].as_str().unwrap().to_owned();
    let bodies = scene.wait_for(2).await;
    assert_eq!(status(&bodies[1])["pricing"]["type"], "regular");
    assert_eq!(status(&bodies[1])["pricing"]["category"], "utility");
    let (code, _) = scene.post(&text_to(MARIANAS_PHONE, "oi")).await.unwrap();
    assert_eq!(code, 400, "a template opens no window");

    let tap = |choice: &str| Compose::Tap { message: wamid.clone(), choice: choice.to_owned() };
    assert_eq!(scene.simulator.customer_sends(MARIANA, NUMBER, tap("não há")), Err(Refusal::UnknownChoice));
    scene.simulator.customer_sends(MARIANA, NUMBER, tap("sim-1")).unwrap();
    let bodies = scene.wait_for(3).await;
    assert_eq!(message(&bodies[2])["button"], json!({ "payload": "sim-1", "text": "Sim" }));
    assert_eq!(message(&bodies[2])["context"]["id"], wamid);
    scene.text(MARIANAS_PHONE, "obrigada").await;
}

#[tokio::test]
async fn templates_are_checked_against_what_was_approved() {
    let (_, scene) = desk().await;
    let template = |name: &str, parameters: usize| {
        let parameters = vec![json!({ "type": "text", "text": "x" }); parameters];
        json!({
            "messaging_product": "whatsapp", "to": MARIANAS_PHONE, "type": "template",
            "template": { "name": name, "language": { "code": "pt_BR" }, "components": [{ "type": "body", "parameters": parameters }] },
        })
    };
    let (_, answer) = scene.post(&template("outro", 1)).await.unwrap();
    assert_eq!(answer["error"]["code"], 132_001);
    let (_, answer) = scene.post(&template("retomar", 2)).await.unwrap();
    assert_eq!(answer["error"]["code"], 132_000);
}

#[tokio::test]
async fn faulty_calls_are_answered_as_meta_does() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    let (code, answer) = scene.post_to("999", &text_to(MARIANAS_PHONE, "x")).await.unwrap();
    assert_eq!((code, &answer["error"]["code"], &answer["error"]["error_subcode"]), (400, &json!(100), &json!(33)));
    for (body, code) in [
        (text_to(MARIANAS_PHONE, ""), 100),
        (text_to(MARIANAS_PHONE, &"x".repeat(4097)), 100),
        (text_to("", "x"), 100),
        (text_to("+551130000001", "x"), 131_021),
        (json!({ "to": MARIANAS_PHONE, "type": "text", "text": { "body": "x" } }), 100),
        (json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none" }), 131_009),
        (
            json!({ "messaging_product": "whatsapp", "recipient": "BR.404", "type": "text", "text": { "body": "x" } }),
            131_009,
        ),
    ] {
        let (status, answer) = scene.post(&body).await.unwrap();
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(code)), "{body}");
        assert_eq!(answer["error"]["type"], "OAuthException");
    }
    scene.text(MARIANAS_PHONE, &"x".repeat(4096)).await;
    let url = format!("{}/v26.0/{NUMBER}/messages", scene.graph);
    let without_token = scene.http.post(url).json(&text_to(MARIANAS_PHONE, "x")).send().await.unwrap();
    assert_eq!(without_token.status(), 401);
}

#[tokio::test]
async fn a_health_check_reads_the_number() {
    let (_, scene) = desk().await;
    let get = |path: String| scene.http.get(format!("{}/v26.0/{path}", scene.graph)).bearer_auth("token").send();
    let node: serde_json::Value =
        get(format!("{NUMBER}?fields=verified_name,quality_rating")).await.unwrap().json().await.unwrap();
    assert_eq!(node, json!({ "id": NUMBER, "verified_name": "Loja Aurora", "quality_rating": "GREEN" }));
    assert_eq!(get("1".to_owned()).await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_read_receipt_turns_this_and_earlier_ticks_blue() {
    use ciranda_simulator::wire::Tick;
    let (_, scene) = desk().await;
    let wamids: Vec<_> =
        ["um", "dois", "três"].map(|word| scene.simulator.customer_sends(MARIANA, NUMBER, text(word)).unwrap()).into();
    scene.wait_for(3).await;
    let read = json!({
        "messaging_product": "whatsapp", "status": "read", "message_id": wamids[1], "typing_indicator": { "type": "text" },
    });
    assert_eq!(scene.post(&read).await.unwrap(), (200, json!({ "success": true })));
    let chat = scene.simulator.chat(MARIANA, NUMBER).unwrap();
    assert!(chat.head.typing);
    let ticks: Vec<_> = chat.messages.iter().map(|message| message.tick).collect();
    assert_eq!(ticks[..2], [Tick::Read, Tick::Read]);
    assert!(ticks[2] < Tick::Read);
    scene.text(MARIANAS_PHONE, "pronto").await;
    assert!(!scene.simulator.chat(MARIANA, NUMBER).unwrap().head.typing, "an answer ends the typing");
}

#[tokio::test]
async fn order_holds_within_a_chat_while_the_desk_refuses() {
    let (_, scene) = desk().await;
    scene.refuse_next(2);
    let sent: Vec<_> =
        (0..20).map(|n| scene.simulator.customer_sends(MARIANA, NUMBER, text(&n.to_string())).unwrap()).collect();
    let bodies = scene.wait_for(20).await;
    let arrived: Vec<_> = bodies.iter().map(|body| message(body)["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(arrived, sent);
}

#[tokio::test]
async fn duplicates_are_the_same_bytes_and_ids() {
    let (_, scene) = desk().await;
    scene.set_faults(None, Faults { duplicate: true, ..Faults::default() });
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    let bodies = scene.wait_for(2).await;
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn a_shuffled_phone_loses_nothing_and_spares_the_others() {
    let (_, scene) = desk().await;
    scene.set_faults(Some(MARIANA), Faults { shuffle_ms: 100, ..Faults::default() });
    let send = |customer, n: i32| scene.simulator.customer_sends(customer, NUMBER, text(&n.to_string())).unwrap();
    let sent: Vec<_> = (0..30).map(|n| send(MARIANA, n)).collect();
    let straight: Vec<_> = (0..30).map(|n| send(JOSE, n)).collect();
    let bodies = scene.wait_for(60).await;
    let of = |wa_id: &str| -> Vec<String> {
        let messages = bodies.iter().map(message).filter(|message| message["from"] == wa_id);
        messages.map(|message| message["id"].as_str().unwrap().to_owned()).collect()
    };
    let shuffled = of("5511900001101");
    assert_ne!(shuffled, sent);
    assert_eq!(BTreeSet::from_iter(&shuffled), BTreeSet::from_iter(&sent));
    assert_eq!(of("555180001102"), straight);
}

#[tokio::test]
async fn asked_for_failures_come_as_answer_or_as_status_and_then_stop() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    let fail = |how| Faults { fail: Some(Fail { code: 131_056, how, times: 1 }), ..Faults::default() };
    scene.set_faults(None, fail(FailHow::Answer));
    let (_, answer) = scene.post(&text_to(MARIANAS_PHONE, "a")).await.unwrap();
    assert_eq!(answer["error"]["code"], 131_056);

    scene.set_faults(Some(MARIANA), fail(FailHow::Status));
    let failing = scene.text(MARIANAS_PHONE, "b").await;
    scene.until(|bodies| statuses_of(bodies, &failing) == ["failed"]).await;
    let bodies = scene.bodies();
    let failed = status(bodies.last().unwrap());
    assert_eq!(failed["errors"][0]["code"], 131_056);
    assert_eq!(failed["biz_opaque_callback_data"], "our-own-id");

    let fine = scene.text(MARIANAS_PHONE, "c").await;
    scene.until(|bodies| statuses_of(bodies, &fine) == ["sent", "delivered"]).await;
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_caller_in_the_dark_but_the_message_goes() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    scene.set_faults(None, Faults { drop_answers: 1, ..Faults::default() });
    let error = scene.post(&text_to(MARIANAS_PHONE, "perdida")).await.unwrap_err();
    assert!(error.is_request(), "no status line came: {error:?}");
    scene.until(|bodies| bodies.iter().any(|body| status(body)["status"] == "delivered")).await;
    scene.text(MARIANAS_PHONE, "a seguinte chega").await;
}

#[tokio::test]
async fn statuses_can_overtake_the_answer() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    scene.set_faults(None, Faults { statuses_first: true, ..Faults::default() });
    let wamid = scene.text(MARIANAS_PHONE, "depois").await;
    assert_eq!(statuses_of(&scene.bodies(), &wamid), ["sent", "delivered"], "they came before the answer");
}

#[tokio::test]
async fn a_phone_that_is_off_receives_when_it_is_switched_on() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    scene.simulator.switch_phone(MARIANA, false).unwrap();
    let wamid = scene.text(MARIANAS_PHONE, "alô?").await;
    scene.until(|bodies| statuses_of(bodies, &wamid) == ["sent"]).await;
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(statuses_of(&scene.bodies(), &wamid), ["sent"]);
    assert_eq!(scene.simulator.chat(MARIANA, NUMBER).unwrap().messages.len(), 1);
    scene.simulator.switch_phone(MARIANA, true).unwrap();
    scene.until(|bodies| statuses_of(bodies, &wamid) == ["sent", "delivered"]).await;
    assert_eq!(scene.simulator.chat(MARIANA, NUMBER).unwrap().messages.len(), 2);
}

#[tokio::test]
async fn every_kind_a_customer_can_send_has_its_body() {
    let (_, scene) = desk().await;
    scene.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    let target = scene.text(MARIANAS_PHONE, "gostou?").await;
    scene.wait_for(3).await;
    let react = |emoji: &str| Compose::Reaction { message: target.clone(), emoji: emoji.to_owned() };
    let kinds = [
        (Compose::Image { caption: Some("a vitrine".to_owned()) }, "image", "/image/caption"),
        (Compose::Audio, "audio", "/audio/voice"),
        (Compose::Document, "document", "/document/filename"),
        (Compose::Sticker, "sticker", "/sticker/id"),
        (Compose::Location, "location", "/location/latitude"),
        (Compose::Contact, "contacts", "/contacts/0/name/formatted_name"),
        (Compose::Unsupported, "unsupported", "/errors/0/code"),
        (react("❤"), "reaction", "/reaction/emoji"),
        (react(""), "reaction", "/reaction/message_id"),
        (Compose::Text { text: "sim".to_owned(), quotes: Some(target.clone()) }, "text", "/context/id"),
    ];
    let expected = kinds.clone();
    for (compose, _, _) in kinds {
        scene.simulator.customer_sends(MARIANA, NUMBER, compose).unwrap();
    }
    let bodies = scene.wait_for(3 + expected.len()).await;
    for (body, (_, kind, key)) in bodies[3..].iter().zip(&expected) {
        assert_eq!(message(body)["type"], *kind);
        assert!(message(body).pointer(key).is_some(), "{kind} has no {key}: {body}");
    }
    assert!(message(&bodies[3 + 8])["reaction"].get("emoji").is_none(), "a reaction taken off has no emoji");
}

#[tokio::test]
async fn a_load_is_signed_counted_and_kept_on_this_machine() {
    let (webhook_url, scene) = desk().await;
    let load = Load {
        webhook_url,
        app_secret: SECRET.to_owned(),
        number: number(),
        rate: 200,
        seconds: 1,
        customers: 7,
        run: 1,
        clock: std::sync::Arc::new(|| NOON),
    };
    let mut planned = Vec::new();
    let report = load::run(&load, |shot, _| planned.push(shot.wamid.clone())).await.unwrap();
    assert_eq!((report.sent, report.taken, report.refused, report.failed), (200, 200, 0, 0));
    assert!(report.latency.p50 <= report.latency.p99 && report.latency.p99 <= report.latency.max);
    let bodies = scene.bodies();
    let arrived: BTreeSet<_> = bodies.iter().filter_map(|body| message(body)["id"].as_str()).collect();
    assert_eq!(arrived, planned.iter().map(String::as_str).collect());
    let people: BTreeSet<_> = bodies.iter().filter_map(|body| message(body)["from"].as_str()).collect();
    assert_eq!(people.len(), 7);

    let elsewhere = Load { webhook_url: "http://192.0.2.1/webhooks/meta".to_owned(), ..load };
    assert!(load::run(&elsewhere, |_, _| {}).await.is_err());
}

#[tokio::test]
async fn a_restarted_simulator_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("phones.json");
    let keep = || {
        let file = file.clone();
        move |config: Config| Simulator::kept_in(config, file).unwrap()
    };
    let (_, before) = scene_with(keep()).await;
    before.simulator.customer_sends(MARIANA, NUMBER, text("oi")).unwrap();
    before.wait_for(1).await;
    before.simulator.switch_phone(MARIANA, false).unwrap();
    let sent = before.text(MARIANAS_PHONE, "alô?").await;
    before.until(|bodies| statuses_of(bodies, &sent) == ["sent"]).await;
    before.refuse_next(1000);
    let untaken = before.simulator.customer_sends(JOSE, NUMBER, text("alguém aí?")).unwrap();
    before.simulator.stop();

    let (_, after) = scene_with(keep()).await;
    let bodies = after.wait_for(1).await;
    assert_eq!(message(&bodies[0])["id"], untaken, "the desk never took it, so it comes again");
    after.simulator.switch_phone(MARIANA, true).unwrap();
    after.until(|bodies| statuses_of(bodies, &sent) == ["delivered"]).await;
    after.text(MARIANAS_PHONE, "a janela segue aberta").await;
    let chat = after.simulator.chat(MARIANA, NUMBER).unwrap();
    assert_eq!(chat.messages.len(), 2);
}
