//! The bodies of WhatsApp's webhooks.
//!
//! *Invariant:* bytes are made once, here, as Meta writes them: everything outside ASCII and every slash escaped, so
//! that a desk that parses and re-serialises before checking the signature fails at once.

use serde_json::{Value, json};

use crate::config::SimNumber;
use crate::people::Person;

/// What one webhook tells.
pub enum News {
    Message(Value),
    Status(Value),
}

/// One webhook with one piece of news.
#[must_use]
pub fn webhook(number: &SimNumber, person: Option<&Person>, news: News) -> String {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.display_phone,
            "phone_number_id": number.phone_number_id,
        },
    });
    if let Some(person) = person {
        value["contacts"] = json!([contact(person)]);
    }
    match news {
        News::Message(message) => value["messages"] = json!([message]),
        News::Status(status) => value["statuses"] = json!([status]),
    }
    let body = json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": number.waba_id, "changes": [{ "value": value, "field": "messages" }] }],
    });
    escaped(&body.to_string())
}

/// Keys of what WhatsApp does not know are absent.
fn contact(person: &Person) -> Value {
    let mut contact = json!({ "profile": { "name": person.name }, "user_id": person.user_id });
    if let Some(username) = &person.username {
        contact["profile"]["username"] = username.as_str().into();
    }
    if let Some(wa_id) = &person.wa_id {
        contact["wa_id"] = wa_id.as_str().into();
    }
    contact
}

/// JSON text with `\u00e4` for what lies outside ASCII and `\/` for the slash.
///
/// Both only ever occur within the strings of JSON text, so it stays the same value.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 8);
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_ascii_and_the_same_value() {
        let value = json!({ "t": "äöå 👍 a/b \"quoted\" \\ back" });
        let text = escaped(&value.to_string());
        assert!(text.is_ascii());
        assert!(text.contains("\\u00e4\\u00f6\\u00e5 \\ud83d\\udc4d a\\/b"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
