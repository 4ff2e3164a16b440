//! The page's API: what it shows, what it refuses, and that changes are pushed.

use crate::common::{NUMBER, desk, serve};
use ciranda_simulator::wire::{Change, Chat, Content, Customer, Faults, Refusal, Refused, Side, State, Tick};
use serde_json::{Value, json};

const MARIANA: &str = "/customers/0/chats/410000000000001";

struct Page {
    base: String,
    http: reqwest::Client,
}

impl Page {
    async fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> T {
        self.http.get(format!("{}{path}", self.base)).send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> reqwest::Response {
        self.http.post(format!("{}{path}", self.base)).json(&body).send().await.unwrap()
    }

    async fn refused(&self, path: &str, body: Value) -> (u16, Refusal) {
        let response = self.post(path, body).await;
        let status = response.status().as_u16();
        let Refused { refusal } = response.json().await.unwrap();
        (status, refusal)
    }
}

async fn page() -> (Page, crate::common::Scene) {
    let (_, scene) = desk().await;
    let base = format!("http://{}", serve(scene.simulator.phone_router()).await);
    (Page { base, http: reqwest::Client::new() }, scene)
}

#[tokio::test]
async fn the_page_sees_customers_and_a_chat_both_ways() {
    let (page, scene) = page().await;
    let state: State = page.get("/state").await;
    assert_eq!(state.customers.len(), 5);
    assert_eq!(state.numbers[0].id, NUMBER);
    assert_eq!(state.customers[4].phone, None);

    let sent = page.post(&format!("{MARIANA}/send"), json!({ "kind": "text", "text": "Oi" })).await;
    assert_eq!(sent.status(), 200);
    scene.wait_for(1).await;
    scene.text("+5511900001101", "Bom dia").await;
    scene.wait_for(3).await;
    let chat: Chat = page.get(MARIANA).await;
    let sides: Vec<_> = chat.messages.iter().map(|message| (message.by, message.tick)).collect();
    assert_eq!(sides, [(Side::Customer, Tick::Delivered), (Side::Business, Tick::Delivered)]);
    assert_eq!(chat.messages[1].content, Content::Text { text: "Bom dia".to_owned() });
    assert_eq!(chat.head.unread, 1);

    assert_eq!(page.post(&format!("{MARIANA}/read"), json!({})).await.status(), 204);
    let chat: Chat = page.get(MARIANA).await;
    assert_eq!((chat.head.unread, chat.messages[1].tick), (0, Tick::Read));
    let state: State = page.get("/state").await;
    assert_eq!(state.customers[0].name, "Mariana Duarte", "who talked last comes first");
}

#[tokio::test]
async fn customers_are_added_once() {
    let (page, _scene) = page().await;
    let added = page.post("/customers", json!({ "name": "Bento Lacerda", "phone": "(41) 90000-1106" })).await;
    let added: Customer = added.json().await.unwrap();
    assert_eq!(added.phone.as_deref(), Some("+55 41 90000-1106"));
    let again = json!({ "name": "Outro", "phone": "+55 41 0000-1106" });
    assert_eq!(page.refused("/customers", again).await, (409, Refusal::PhoneTaken));
    assert_eq!(page.refused("/customers", json!({ "name": " ", "phone": "" })).await, (422, Refusal::EmptyName));
    assert_eq!(page.refused("/customers", json!({ "name": "X", "phone": "12" })).await, (422, Refusal::BadPhone));
    assert_eq!(page.refused("/customers", json!({ "nome": "X" })).await, (400, Refusal::Malformed));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_name() {
    let (page, _scene) = page().await;
    let send = format!("{MARIANA}/send");
    assert_eq!(page.refused(&send, json!({ "kind": "text", "text": "  " })).await, (422, Refusal::EmptyText));
    let long = "x".repeat(4097);
    assert_eq!(page.refused(&send, json!({ "kind": "text", "text": long })).await, (422, Refusal::TextTooLong));
    let tap = json!({ "kind": "tap", "message": "wamid.none", "choice": "x" });
    assert_eq!(page.refused(&send, tap).await, (404, Refusal::UnknownMessage));
    let text = json!({ "kind": "text", "text": "x" });
    assert_eq!(page.refused("/customers/99/chats/1/send", text.clone()).await, (404, Refusal::UnknownNumber));
    let nobody = format!("/customers/99/chats/{NUMBER}/send");
    assert_eq!(page.refused(&nobody, text).await, (404, Refusal::UnknownCustomer));
}

#[tokio::test]
async fn changes_are_pushed_and_the_stream_ends_with_the_simulator() {
    let (page, scene) = page().await;
    let mut stream = page.http.get(format!("{}/events", page.base)).send().await.unwrap();
    let mut pending = String::new();
    let mut seen = Vec::new();
    assert_eq!(next(&mut stream, &mut pending).await, Some(Change::Refetch));
    page.post(&format!("{MARIANA}/send"), json!({ "kind": "text", "text": "Oi" })).await;
    while !seen
        .iter()
        .any(|change| matches!(change, Change::Message { message, .. } if message.tick == Tick::Delivered))
    {
        seen.push(next(&mut stream, &mut pending).await.unwrap());
    }
    assert!(seen.iter().any(|change| matches!(change, Change::Customer { customer } if customer.id.0 == 0)));

    let faults = Faults { duplicate: true, ..Faults::default() };
    page.http.put(format!("{}/faults", page.base)).json(&faults).send().await.unwrap();
    let pushed = loop {
        match next(&mut stream, &mut pending).await.unwrap() {
            Change::Faults { faults } => break faults,
            Change::Refetch | Change::Customer { .. } | Change::Message { .. } => {}
        }
    };
    assert_eq!(pushed, faults);
    scene.simulator.stop();
    assert_eq!(next(&mut stream, &mut pending).await, None);
}

/// The next change of an event stream.
async fn next(stream: &mut reqwest::Response, pending: &mut String) -> Option<Change> {
    loop {
        if let Some((event, rest)) = pending.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
            *pending = rest.to_owned();
            if let Some(data) = data {
                return Some(serde_json::from_str(&data).unwrap());
            }
            continue;
        }
        let chunk = stream.chunk().await.unwrap()?;
        pending.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}
