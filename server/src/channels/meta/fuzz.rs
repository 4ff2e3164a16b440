//! No body makes the parser panic, and no event it gives breaks what the rest of the house relies on.

use std::sync::LazyLock;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::inbound::{InboundEvent, Sender};
use ciranda_domain::message::Body;
use ciranda_domain::time::{Moment, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::conformance::{NOW, everything, folder};
use super::parse::{MAX_ID, read};

/// Every fixture, as JSON.
static FIXTURES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut files: Vec<_> = ["messages", "statuses", "account", "objects"]
        .iter()
        .flat_map(|sub| std::fs::read_dir(folder().join(sub)).expect("the folder is there"))
        .map(|file| file.expect("it can be listed").path())
        .collect();
    files.sort();
    files.iter().map(|file| read(&std::fs::read(file).expect("it can be read")).expect("it is JSON")).collect()
});

/// Keys and words that the parser looks for, so that random JSON reaches its inner parts.
const WORDS: &[&str] = &[
    "object",
    "whatsapp_business_account",
    "entry",
    "changes",
    "field",
    "messages",
    "value",
    "metadata",
    "phone_number_id",
    "contacts",
    "profile",
    "name",
    "wa_id",
    "user_id",
    "from",
    "from_user_id",
    "id",
    "timestamp",
    "type",
    "text",
    "body",
    "image",
    "caption",
    "audio",
    "voice",
    "document",
    "filename",
    "location",
    "latitude",
    "interactive",
    "button_reply",
    "nfm_reply",
    "title",
    "button",
    "payload",
    "reaction",
    "message_id",
    "emoji",
    "order",
    "system",
    "user_changed_number",
    "previous_user_id",
    "edit",
    "message",
    "original_message_id",
    "revoke",
    "unsupported",
    "errors",
    "code",
    "statuses",
    "status",
    "failed",
    "sent",
    "recipient_type",
    "group",
    "group_id",
    "biz_opaque_callback_data",
    "context",
    "\0",
    "",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        Just(Value::from("9".repeat(3_000))),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(6, 120, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::Array),
            vec((proptest::sample::select(WORDS), inner), 0..8).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

/// One change of a document: at which of its nodes, and what is done there.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(usize, Value),
    Remove(usize),
    Repeat(usize),
    Unfold(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<usize>(), json_value()).prop_map(|(at, value)| Mutation::Replace(at, value)),
        any::<usize>().prop_map(Mutation::Remove),
        any::<usize>().prop_map(Mutation::Repeat),
        any::<usize>().prop_map(Mutation::Unfold),
    ]
}

fn mutate(document: &mut Value, mutation: &Mutation) {
    let (Mutation::Replace(at, _) | Mutation::Remove(at) | Mutation::Repeat(at) | Mutation::Unfold(at)) = mutation;
    let count = count(document);
    let Some(node) = nth(document, &mut (at % count)) else { return };
    match mutation {
        Mutation::Replace(_, value) => *node = value.clone(),
        Mutation::Remove(_) => match node {
            Value::Object(fields) => {
                *fields = fields.iter().skip(1).map(|(k, v)| (k.clone(), v.clone())).collect::<Map<_, _>>()
            }
            Value::Array(items) => drop(items.pop()),
            other => *other = Value::Null,
        },
        Mutation::Repeat(_) => *node = json!([node.clone(), node.clone()]),
        Mutation::Unfold(_) => {
            if let Value::Array(items) = node {
                *node = items.first().cloned().unwrap_or(Value::Null);
            }
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

fn nth<'a>(value: &'a mut Value, n: &mut usize) -> Option<&'a mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, n)),
        Value::Object(fields) => fields.values_mut().find_map(|item| nth(item, n)),
        _ => None,
    }
}

/// What the store and the rules rely on, whatever was sent.
fn check(bytes: &[u8]) {
    let (heard, _) = everything(bytes);
    for one in heard {
        assert!(!one.raw.to_string().contains("\\u0000"), "PostgreSQL cannot keep NUL");
        match one.event {
            InboundEvent::Message(message) => {
                assert!(!message.provider_id.is_empty() && message.provider_id.len() <= MAX_ID);
                assert!(message.at <= NOW + Span::minutes(1));
                assert!(message.quotes.is_none_or(|id| id.len() <= MAX_ID));
                check_sender(&message.sender);
                let readable = match message.body {
                    Body::Text(text) => Some(text),
                    Body::Placeholder { kind, caption } => {
                        assert_eq!(kind, message.kind);
                        caption
                    }
                };
                assert!(readable.is_none_or(|text| !text.contains('\0') && text.chars().count() <= 16_384));
            }
            InboundEvent::Status(update) => {
                assert!(!update.provider_id.is_empty() && update.provider_id.len() <= MAX_ID);
                assert!((Moment(0)..=NOW + Span::minutes(1)).contains(&update.at));
            }
            InboundEvent::IdentityChanged { previous, current, .. } => {
                check_sender(&previous);
                check_sender(&current);
                assert_ne!((previous.phone, previous.user_id), (current.phone, current.user_id));
            }
        }
    }
}

fn check_sender(sender: &Sender) {
    assert!(sender.phone.is_some() || sender.user_id.is_some(), "somebody said it");
    assert!(sender.phone.as_ref().is_none_or(|phone| phone.bytes().all(|digit| digit.is_ascii_digit())));
    assert!(sender.user_id.as_ref().is_none_or(|id| id.len() <= MAX_ID));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_json_never_breaks_the_parser(value in json_value()) {
        check(value.to_string().as_bytes());
        let body = json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value":
            {"metadata": {"phone_number_id": "1"}, "messages": [value], "statuses": [value], "contacts": value}}]}]});
        check(body.to_string().as_bytes());
    }

    #[test]
    fn changed_fixtures_never_break_the_parser(which in any::<usize>(), mutations in vec(mutation(), 1..6)) {
        let mut document = FIXTURES[which % FIXTURES.len()].clone();
        for mutation in &mutations {
            mutate(&mut document, mutation);
        }
        check(document.to_string().as_bytes());
    }

    #[test]
    fn bytes_that_are_no_json_never_break_the_reader(bytes in vec(any::<u8>(), 0..300), escapes in "[\\\\uD8dc0-9a-f\"{}:\\[\\],]{0,80}") {
        let _ = read(&bytes);
        let _ = read(escapes.as_bytes());
        let _ = read(format!("{{\"t\":\"{escapes}\"}}").as_bytes());
    }

    #[test]
    fn a_cut_or_damaged_fixture_is_read_or_refused(which in any::<usize>(), cut in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = FIXTURES[which % FIXTURES.len()].to_string().into_bytes();
        let at = cut % bytes.len();
        let _ = read(&bytes[..at]);
        bytes[at] = byte;
        if read(&bytes).is_some() {
            check(&bytes);
        }
    }

    #[test]
    fn only_whatsapp_is_read_so_far(which in any::<usize>()) {
        let document = FIXTURES[which % FIXTURES.len()].clone();
        for change in super::parse::split(document).changes {
            prop_assert_eq!(change.route.kind, ChannelKind::WhatsApp);
        }
    }
}
