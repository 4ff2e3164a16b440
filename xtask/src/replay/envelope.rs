//! What is missing around a part of a webhook body. The part's own shape says which part it is, its folder which product.

use std::path::Path;

use serde_json::{Value, json};

/// How a file becomes a body.
pub enum Body {
    /// It is one.
    Whole,
    /// It was a part; this is the whole.
    Wrapped(Value),
    /// It is neither.
    NoWebhook,
}

/// Finds out what a document is and completes it.
pub fn complete(part: Value, file: &Path) -> Body {
    let has = |name: &str| part.get(name).is_some();
    let object = product(file);
    if has("object") || has("entry") || !part.is_object() {
        Body::Whole
    } else if has("error") {
        Body::NoWebhook
    } else if has("messaging") || has("changes") || has("standby") {
        Body::Wrapped(json!({ "object": object, "entry": [part] }))
    } else if has("field") {
        Body::Wrapped(json!({ "object": object, "entry": [{ "id": "1", "time": 1_569_262_486, "changes": [part] }] }))
    } else if object == "whatsapp_business_account" {
        Body::Wrapped(whatsapp_status(part))
    } else {
        Body::Wrapped(messaging(part, object))
    }
}

/// The `object` of the product whose folder a file lies in.
fn product(file: &Path) -> &'static str {
    let within = |name: &str| file.iter().any(|folder| folder == name);
    if within("instagram") {
        "instagram"
    } else if within("messenger") {
        "page"
    } else {
        "whatsapp_business_account"
    }
}

/// An item of `messaging`, with the people and the time that documentation leaves out.
fn messaging(part: Value, object: &str) -> Value {
    let item = over(
        json!({ "sender": { "id": "1234567890" }, "recipient": { "id": "17841400008460056" }, "timestamp": 1_569_262_485_349_u64 }),
        part,
    );
    json!({ "object": object, "entry": [{ "id": "17841400008460056", "time": 1_569_262_486_134_u64, "messaging": [item] }] })
}

/// An item of `statuses`, with the identity that documentation leaves out.
fn whatsapp_status(part: Value) -> Value {
    let item = over(
        json!({ "id": "wamid.fragment", "status": "delivered", "timestamp": "1750263773", "recipient_id": "16505551234" }),
        part,
    );
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": "106540352242922" },
        "statuses": [item],
    });
    let change = json!({ "field": "messages", "value": value });
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": [change] }] })
}

/// The fields of `part`, and those of `base` that it lacks.
fn over(mut base: Value, part: Value) -> Value {
    if let (Some(base), Value::Object(part)) = (base.as_object_mut(), part) {
        base.extend(part);
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(part: Value, file: &str) -> Value {
        match complete(part, Path::new(file)) {
            Body::Wrapped(body) => body,
            Body::Whole | Body::NoWebhook => panic!("{file} is a part"),
        }
    }

    #[test]
    fn a_message_of_instagram_gets_its_people_and_keeps_its_own() {
        let body =
            wrapped(json!({ "sender": { "id": "7" }, "message": { "mid": "m" } }), "instagram/fragments/echo.json");
        let item = &body["entry"][0]["messaging"][0];
        assert_eq!(
            (&body["object"], &item["sender"]["id"], &item["message"]["mid"]),
            (&json!("instagram"), &json!("7"), &json!("m"))
        );
        assert!(item["recipient"]["id"].is_string());
    }

    #[test]
    fn a_price_becomes_a_status() {
        let body = wrapped(json!({ "pricing": { "billable": true } }), "whatsapp/statuses/fragments/a.json");
        assert_eq!(body["entry"][0]["changes"][0]["value"]["statuses"][0]["pricing"]["billable"], json!(true));
    }

    #[test]
    fn an_entry_alone_gets_its_object() {
        let body = wrapped(json!({ "id": "1", "messaging": [] }), "messenger/entry_only.json");
        assert_eq!(body, json!({ "object": "page", "entry": [{ "id": "1", "messaging": [] }] }));
    }

    #[test]
    fn whole_bodies_are_left_alone_and_errors_are_not_posted() {
        assert!(matches!(complete(json!({ "entry": [] }), Path::new("whatsapp/a.json")), Body::Whole));
        assert!(matches!(complete(json!({ "error": {} }), Path::new("errors/a.json")), Body::NoWebhook));
    }
}
