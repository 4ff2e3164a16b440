//! A webhook body, read and split: which channel each part is for, and what is kept without being shown.
//!
//! *Invariant:* no body can make this fail. What is not understood is named (as [`Aside`]) and stays in its envelope,
//! so that a later version can read it; it is never an error and never lost. This module must not know accounts.

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::inbound::InboundEvent;
use ciranda_domain::time::{Moment, Span};
use serde_json::Value;

/// How a body names a channel; the key of `channel_route`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Route {
    pub kind: ChannelKind,
    /// Phone number id, page id or Instagram id at Meta.
    pub provider_id: String,
}

/// A part of a body that speaks of one channel's conversations.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    pub route: Route,
    pub value: Value,
}

/// An event and the very object it was read from.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    pub event: InboundEvent,
    pub raw: Value,
}

/// What a body holds.
#[derive(Default, PartialEq, Debug)]
pub struct Contents {
    pub changes: Vec<Change>,
    pub asides: Vec<Aside>,
}

/// Something that is kept in its envelope but not shown in a conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Aside {
    /// An `object` that this version does not read.
    Object(&'static str),
    /// An account-level or unknown field.
    Field(&'static str),
    /// Not of the form of a webhook, or without the id that would name its channel.
    Shapeless,
    /// Said in a group: it must not be mixed into the person's own conversation.
    Group,
    /// A message whose sender is named by neither phone nor id.
    Senderless,
    /// A status this version does not know.
    Status,
    /// An error of Meta's that belongs to no message.
    Error,
    /// A change of identity that does not say from what or to what.
    Identity,
}

impl Aside {
    /// A bounded word for metrics and for the envelope's note.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Object(name) | Self::Field(name) => name,
            Self::Shapeless => "shapeless",
            Self::Group => "group",
            Self::Senderless => "senderless",
            Self::Status => "status",
            Self::Error => "error",
            Self::Identity => "identity",
        }
    }
}

/// Fields that are known and read by later versions; any other is counted as one, because names from outside must not
/// become labels.
const FIELDS: [&str; 24] = [
    "account_alerts",
    "account_review_update",
    "account_update",
    "business_capability_update",
    "calls",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "history",
    "message_echoes",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "smb_message_echoes",
    "template_category_update",
    "user_preferences",
];

/// Reads the bytes as JSON. Halves of surrogate pairs, invalid UTF-8 and NUL (which PostgreSQL cannot keep) are replaced
/// rather than refused: one odd name must not cost the other messages of its body. `None` is a body that is no JSON.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Value> {
    let strict = serde_json::from_slice(bytes).ok();
    let mut value = strict.or_else(|| serde_json::from_str(&mended(&String::from_utf8_lossy(bytes))).ok())?;
    without_nul(&mut value);
    Some(value)
}

/// Splits a body by channel.
#[must_use]
pub fn split(body: Value) -> Contents {
    let mut contents = Contents::default();
    match body.get("object").and_then(Value::as_str) {
        Some("whatsapp_business_account") => split_whatsapp(body, &mut contents),
        // Their envelopes are kept and counted; their conversations come with their own parsers.
        Some("instagram") => contents.asides.push(Aside::Object("instagram")),
        Some("page") => contents.asides.push(Aside::Object("page")),
        Some(_) => contents.asides.push(Aside::Object("other object")),
        None => contents.asides.push(Aside::Shapeless),
    }
    contents
}

fn split_whatsapp(mut body: Value, contents: &mut Contents) {
    for entry in array_of(&mut body, "entry") {
        for change in array_of(entry, "changes") {
            match change.get("field").and_then(Value::as_str) {
                Some("messages") => {}
                Some(field) => {
                    let known = FIELDS.iter().find(|known| **known == field);
                    contents.asides.push(Aside::Field(known.unwrap_or(&"other field")));
                    continue;
                }
                None => {
                    contents.asides.push(Aside::Shapeless);
                    continue;
                }
            }
            let Some(value) = change.get_mut("value").map(Value::take) else {
                contents.asides.push(Aside::Shapeless);
                continue;
            };
            let number = value.pointer("/metadata/phone_number_id").and_then(word).filter(|id| id.len() <= MAX_ID);
            match number {
                Some(provider_id) => {
                    let route = Route { kind: ChannelKind::WhatsApp, provider_id };
                    contents.changes.push(Change { route, value });
                }
                None => contents.asides.push(Aside::Shapeless),
            }
        }
    }
}

/// The longest provider's id that is taken as one; ids are indexed, and an index entry has a limit.
pub const MAX_ID: usize = 512;

/// The elements of an array under `key`; none where there is no array.
fn array_of<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten()
}

/// A non-empty text, also where a number was sent in its place.
#[must_use]
pub fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The word under `key`.
#[must_use]
pub fn word_at(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(word)
}

/// The number under `key`, also where it was sent as a text.
#[must_use]
pub fn number_at(value: &Value, key: &str) -> Option<i64> {
    word_at(value, key)?.trim().parse().ok()
}

/// Meta's timestamp under `key`. Seconds, unless it is too large for seconds. A missing or impossible one is `now`, and
/// so is one that lies further in the future than clocks differ; a smaller difference is kept, because order depends on
/// it, and the rules themselves never let it hold a window open.
#[must_use]
pub fn moment_at(value: &Value, key: &str, now: Moment) -> Moment {
    const CLOCKS_DIFFER: Span = Span::minutes(1);
    /// Of the year 5138 as seconds, of 1973 as milliseconds.
    const TOO_LARGE_FOR_SECONDS: i64 = 100_000_000_000;
    let stamp = match number_at(value, key) {
        Some(n) if (1..TOO_LARGE_FOR_SECONDS).contains(&n) => Moment::from_seconds(n),
        Some(n) if n >= TOO_LARGE_FOR_SECONDS => Moment(n),
        Some(_) | None => now,
    };
    if stamp > now + CLOCKS_DIFFER { now } else { stamp }
}

/// At most `limit` characters of `text`.
#[must_use]
pub fn bounded(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

/// The digits of a phone number; `None` when there are too few or too many to be one.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (5..=20).contains(&digits.len()).then_some(digits)
}

/// Replaces `\uXXXX` escapes that are half of a surrogate pair by the replacement character.
fn mended(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (escape(rest), rest.get(6..).and_then(escape)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            // A backslash and whatever character it escapes; a trailing one is left for the reader to refuse.
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The code unit of a `\uXXXX` at the very beginning.
fn escape(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

fn without_nul(value: &mut Value) {
    match value {
        Value::String(text) => {
            if text.contains('\0') {
                *text = text.replace('\0', "\u{FFFD}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_nul),
        Value::Object(fields) => {
            if fields.keys().any(|key| key.contains('\0')) {
                let old = std::mem::take(fields);
                fields.extend(old.into_iter().map(|(key, value)| (key.replace('\0', "\u{FFFD}"), value)));
            }
            fields.values_mut().for_each(without_nul);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_is_split_by_entry_and_change() {
        let change = |id: Value| json!({"field": "messages", "value": {"metadata": {"phone_number_id": id}}});
        let body = json!({"object": "whatsapp_business_account", "entry": [
            {"id": "1", "changes": [change(json!("10")), change(json!(20))]},
            {"id": "2", "changes": [change(json!("")), {"field": "flows", "value": {}}, {"value": {}}, {"field": "brand_new"}]},
            {"id": "3"},
        ]});
        let contents = split(body);
        let routes: Vec<&str> = contents.changes.iter().map(|change| change.route.provider_id.as_str()).collect();
        assert_eq!(routes, ["10", "20"], "a number in place of a text is read as well");
        let expected = [Aside::Shapeless, Aside::Field("flows"), Aside::Shapeless, Aside::Field("other field")];
        assert_eq!(contents.asides, expected);
    }

    #[test]
    fn other_objects_are_named_and_never_an_error() {
        for (body, aside) in [
            (json!({"object": "instagram", "entry": []}), Aside::Object("instagram")),
            (json!({"object": "page"}), Aside::Object("page")),
            (json!({"object": "permissions"}), Aside::Object("other object")),
            (json!({"object": 7}), Aside::Shapeless),
            (json!([]), Aside::Shapeless),
            (json!("text"), Aside::Shapeless),
            (json!(null), Aside::Shapeless),
        ] {
            assert_eq!(split(body), Contents { changes: vec![], asides: vec![aside] });
        }
    }

    #[test]
    fn odd_text_is_mended_instead_of_costing_the_body() {
        let pair = r#"{"t":"\ud83d\udc4d \\ud83d \" é"}"#;
        assert_eq!(read(pair.as_bytes()), Some(json!({"t": "👍 \\ud83d \" é"})));
        let half = r#"{"t":"a\ud83d","u":"\udc4d\ud83d\ud83d\udc4d\n"}"#;
        assert_eq!(read(half.as_bytes()), Some(json!({"t": "a\u{FFFD}", "u": "\u{FFFD}\u{FFFD}👍\n"})));
        assert_eq!(read(b"{\"t\":\"a\xffb\"}"), Some(json!({"t": "a\u{FFFD}b"})));
        assert_eq!(read(br#"{"a\u0000":["\u0000b"]}"#), Some(json!({"a\u{FFFD}": ["\u{FFFD}b"]})));
    }

    #[test]
    fn what_is_no_json_is_told_apart() {
        for bytes in [&b""[..], b"{", b"{\"a\":\"\\", b"\\ud83d", b"{\"a\":1}x", b"\xff\xfe"] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(deep.as_bytes()), None);
    }

    #[test]
    fn timestamps_come_as_text_or_number_and_never_from_far_in_the_future() {
        let now = Moment::from_seconds(1_800_000_000);
        for (sent, read) in [
            (json!("1749416383"), Moment::from_seconds(1_749_416_383)),
            (json!(1_749_416_383), Moment::from_seconds(1_749_416_383)),
            (json!(1_749_416_383_123_i64), Moment(1_749_416_383_123)),
            (json!("1800000060"), Moment::from_seconds(1_800_000_060)),
            (json!("1800000061"), now),
            (json!("WEBHOOK_TRIGGER_TIMESTAMP"), now),
            (json!(-5), now),
            (json!(0), now),
            (json!(i64::MAX), now),
            (json!(null), now),
        ] {
            assert_eq!(moment_at(&json!({"timestamp": sent}), "timestamp", now), read, "{sent}");
        }
    }

    #[test]
    fn a_phone_is_its_digits() {
        assert_eq!(phone("+250 788 123 200"), Some("250788123200".into()));
        assert_eq!(phone(""), None);
        assert_eq!(phone("<WHATSAPP_USER_PHONE_NUMBER>"), None);
        assert_eq!(phone(&"9".repeat(40)), None);
    }
}
