//! Text that PostgreSQL cannot keep: the zero character, which customers may send and no screen shows.

use ciranda_domain::inbound::{InboundEvent, Sender};
use ciranda_domain::message::Body;
use serde_json::Value;

use super::inbound::Arrived;

/// The event without zero characters.
#[must_use]
pub fn arrived(mut arrived: Arrived) -> Arrived {
    match &mut arrived.event {
        InboundEvent::Message(message) => {
            sender(&mut message.sender);
            text(&mut message.provider_id);
            match &mut message.body {
                Body::Text(body) => text(body),
                Body::Placeholder { caption, .. } => caption.iter_mut().for_each(text),
            }
        }
        InboundEvent::Status(update) => text(&mut update.provider_id),
        InboundEvent::IdentityChanged { previous, current, .. } => {
            sender(previous);
            sender(current);
        }
    }
    value(&mut arrived.raw);
    arrived
}

/// Takes the zero characters out of a text.
pub fn text(text: &mut String) {
    if text.contains('\0') {
        text.retain(|character| character != '\0');
    }
}

fn sender(sender: &mut Sender) {
    for part in [&mut sender.phone, &mut sender.user_id, &mut sender.name] {
        part.iter_mut().for_each(text);
    }
}

fn value(value: &mut Value) {
    match value {
        Value::String(string) => text(string),
        Value::Array(items) => items.iter_mut().for_each(self::value),
        Value::Object(fields) => {
            if fields.keys().any(|key| key.contains('\0')) {
                let renamed = std::mem::take(fields).into_iter().map(|(mut key, value)| {
                    text(&mut key);
                    (key, value)
                });
                *fields = renamed.collect();
            }
            fields.values_mut().for_each(self::value);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_characters_are_taken_out_of_everything_that_is_kept() {
        let mut raw = serde_json::json!({ "te\u{0}xt": { "body": ["a\u{0}b", 1, null] } });
        value(&mut raw);
        assert_eq!(raw, serde_json::json!({ "text": { "body": ["ab", 1, null] } }));
    }
}
