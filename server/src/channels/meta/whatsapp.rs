//! WhatsApp's `messages` field: every message type and status becomes an event of the domain.
//!
//! *Invariant:* text is read whole; every other type becomes a typed placeholder with what a person can read of it, and
//! a type that is not known becomes an unsupported one. Nothing fails. This module must not know accounts, contacts or
//! conversations.

use ciranda_domain::ids::{ChannelId, MessageId};
use ciranda_domain::inbound::{InboundEvent, InboundMessage, ProviderStatus, Sender, StatusUpdate};
use ciranda_domain::message::{Body, Kind};
use ciranda_domain::time::Moment;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::parse::{Aside, Heard, MAX_ID, bounded, moment_at, number_at, phone, word, word_at};

/// Meta allows 4,096 characters; the margin is for a day when it allows more.
const MAX_TEXT: usize = 16_384;
const MAX_CAPTION: usize = 4_096;
const MAX_NAME: usize = 256;
/// A BSUID has about 130 characters; it is indexed.
const MAX_USER_ID: usize = 256;
/// Meta's "something went wrong", for a failure that does not say why.
const CODE_UNKNOWN: u32 = 131_000;

/// Reads one change. Positions run on through a body, so that its order is kept across changes.
#[must_use]
pub fn events(channel: ChannelId, value: &Value, now: Moment, position: &mut u32) -> (Vec<Heard>, Vec<Aside>) {
    let mut reader = Reader { channel, value, now, position, heard: Vec::new(), asides: Vec::new() };
    for message in list(value, "messages") {
        reader.message(message);
    }
    for status in list(value, "statuses") {
        reader.status(status);
    }
    for _ in list(value, "errors") {
        reader.asides.push(Aside::Error);
    }
    (reader.heard, reader.asides)
}

struct Reader<'a> {
    channel: ChannelId,
    value: &'a Value,
    now: Moment,
    position: &'a mut u32,
    heard: Vec<Heard>,
    asides: Vec<Aside>,
}

impl Reader<'_> {
    fn message(&mut self, message: &Value) {
        if message.get("group_id").is_some() {
            return self.asides.push(Aside::Group);
        }
        let sender = self.sender(message);
        let at = moment_at(message, "timestamp", self.now);
        let kind = word_at(message, "type").unwrap_or_default();
        let sender = match kind.as_str() {
            "system" => self.system(message, sender, at),
            _ => sender,
        };
        if unnamed(&sender) {
            return self.asides.push(Aside::Senderless);
        }
        let (kind, body) = body(&kind, message);
        let event = InboundMessage {
            channel: self.channel,
            provider_id: provider_id(message, &sender),
            sender,
            at,
            position: self.next_position(),
            kind,
            body,
            quotes: quotes(message),
        };
        self.heard.push(Heard { event: InboundEvent::Message(event), raw: message.clone() });
    }

    /// A change of number or id links the old identity to the new one; the line itself is then the new one's.
    fn system(&mut self, message: &Value, sender: Sender, at: Moment) -> Sender {
        let system = &message["system"];
        let kind = word_at(system, "type").unwrap_or_default();
        if !matches!(kind.as_str(), "user_changed_number" | "user_changed_user_id" | "customer_changed_number") {
            return sender;
        }
        let new_phone =
            ["wa_id", "new_wa_id"].iter().find_map(|key| word_at(system, key)).and_then(|text| phone(&text));
        let new_id = user_id(system, "user_id");
        let previous = Sender {
            phone: sender.phone.or_else(|| word_at(system, "customer").and_then(|text| phone(&text))),
            user_id: user_id(system, "previous_user_id").or(sender.user_id.filter(|id| Some(id) != new_id.as_ref())),
            name: None,
        };
        let current = Sender { phone: new_phone, user_id: new_id, name: sender.name };
        let (nothing_old, nothing_new) = (unnamed(&previous), unnamed(&current));
        if nothing_new {
            self.asides.push(Aside::Identity);
            return Sender { name: current.name, ..previous };
        }
        if nothing_old || previous.phone == current.phone && previous.user_id == current.user_id {
            self.asides.push(Aside::Identity);
            return current;
        }
        let event = InboundEvent::IdentityChanged { channel: self.channel, previous, current: current.clone(), at };
        self.heard.push(Heard { event, raw: message.clone() });
        current
    }

    fn status(&mut self, status: &Value) {
        if word_at(status, "recipient_type").as_deref() == Some("group") {
            return self.asides.push(Aside::Group);
        }
        let read = match word_at(status, "status").as_deref() {
            Some("sent") => ProviderStatus::Sent,
            Some("delivered") => ProviderStatus::Delivered,
            Some("read") => ProviderStatus::Read,
            Some("played") => ProviderStatus::Played,
            Some("failed") => ProviderStatus::Failed { code: code(status) },
            Some(_) | None => return self.asides.push(Aside::Status),
        };
        let Some(provider_id) = word_at(status, "id").filter(|id| id.len() <= MAX_ID) else {
            return self.asides.push(Aside::Status);
        };
        let callback = word_at(status, "biz_opaque_callback_data");
        let event = StatusUpdate {
            channel: self.channel,
            provider_id,
            message: callback.and_then(|text| Uuid::try_parse(&text).ok()).map(MessageId),
            status: read,
            at: moment_at(status, "timestamp", self.now),
        };
        self.heard.push(Heard { event: InboundEvent::Status(event), raw: status.clone() });
    }

    /// Who sent it. `contacts` tells the name, and the id where the message does not; it may be missing, or empty.
    fn sender(&self, message: &Value) -> Sender {
        let from = word_at(message, "from").and_then(|text| phone(&text));
        let from_id = user_id(message, "from_user_id");
        let contacts = list(self.value, "contacts");
        let named = contacts.iter().find(|contact| {
            let wa_id = word_at(contact, "wa_id").and_then(|text| phone(&text));
            let id = user_id(contact, "user_id");
            from.is_some() && from == wa_id || from_id.is_some() && from_id == id
        });
        // A message that does not name its sender is from the only contact there is.
        let only = if from.is_none() && from_id.is_none() && contacts.len() == 1 { contacts.first() } else { None };
        let contact = named.or(only);
        Sender {
            phone: from.or_else(|| contact.and_then(|it| word_at(it, "wa_id")).and_then(|text| phone(&text))),
            user_id: from_id.or_else(|| contact.and_then(|it| user_id(it, "user_id"))),
            name: contact.and_then(name),
        }
    }

    fn next_position(&mut self) -> u32 {
        let position = *self.position;
        *self.position = position.saturating_add(1);
        position
    }
}

/// Kind and readable part of a message.
fn body(kind: &str, message: &Value) -> (Kind, Body) {
    let part = &message[kind];
    let caption = || word_at(part, "caption");
    match kind {
        "text" => match word_at(part, "body") {
            Some(text) => (Kind::Text, Body::Text(bounded(&text, MAX_TEXT))),
            None => placeholder(Kind::Unsupported, None),
        },
        "image" => placeholder(Kind::Image, caption()),
        "video" => placeholder(Kind::Video, caption()),
        "audio" if part["voice"] == Value::Bool(true) => placeholder(Kind::Voice, None),
        "audio" | "voice" => placeholder(if kind == "voice" { Kind::Voice } else { Kind::Audio }, None),
        "document" => placeholder(Kind::Document, joined([word_at(part, "filename"), caption()], " — ")),
        "sticker" => placeholder(Kind::Sticker, None),
        "location" => placeholder(Kind::Location, place(part)),
        "contacts" => placeholder(Kind::Contacts, joined(list(message, "contacts").iter().map(card_name), ", ")),
        "interactive" => placeholder(Kind::Interactive, choice(part)),
        "button" => placeholder(Kind::Button, word_at(part, "text").or_else(|| word_at(part, "payload"))),
        "reaction" => placeholder(Kind::Reaction, word_at(part, "emoji")),
        "order" => placeholder(Kind::Order, word_at(part, "text")),
        "system" => placeholder(Kind::System, word_at(part, "body")),
        "edit" => placeholder(Kind::Edit, edited(&part["message"])),
        "revoke" => placeholder(Kind::Revoke, None),
        // Most numbers tell of an edit in this form only.
        "unsupported" if part["type"] == "edit" => placeholder(Kind::Edit, None),
        "unsupported" => placeholder(Kind::Unsupported, word_at(part, "type")),
        // A type of a later day: its name is all that can be said, the raw event keeps the rest.
        other => placeholder(Kind::Unsupported, Some(other.to_owned()).filter(|name| !name.is_empty())),
    }
}

fn placeholder(kind: Kind, caption: Option<String>) -> (Kind, Body) {
    (kind, Body::Placeholder { kind, caption: caption.map(|text| bounded(&text, MAX_CAPTION)) })
}

/// What the edited message says now.
fn edited(message: &Value) -> Option<String> {
    let kind = word_at(message, "type")?;
    match body(&kind, message).1 {
        Body::Text(text) => Some(text),
        Body::Placeholder { caption, .. } => caption,
    }
}

fn place(location: &Value) -> Option<String> {
    let named = joined([word_at(location, "name"), word_at(location, "address")], " — ");
    named.or_else(|| Some(format!("{}, {}", word_at(location, "latitude")?, word_at(location, "longitude")?)))
}

fn card_name(card: &Value) -> Option<String> {
    let name = &card["name"];
    let whole = ["formatted_name", "first_name", "last_name"].iter().find_map(|key| word_at(name, key));
    whole.or_else(|| list(card, "phones").iter().find_map(|phone| word_at(phone, "phone")))
}

/// What was chosen in an interactive message. The answer of a flow is a form; its own short text says that it was sent.
fn choice(interactive: &Value) -> Option<String> {
    let kind = word_at(interactive, "type")?;
    let reply = &interactive[kind.as_str()];
    ["title", "body", "response", "name"].iter().find_map(|key| word_at(reply, key))
}

/// The message this one is about: the quoted, reacted to, edited or revoked one.
fn quotes(message: &Value) -> Option<String> {
    let about = ["/reaction/message_id", "/edit/original_message_id", "/revoke/original_message_id", "/context/id"];
    about.iter().find_map(|path| message.pointer(path).and_then(word)).filter(|id| id.len() <= MAX_ID)
}

/// The provider's id. One that is missing or too long to be indexed is made from the content, so that the message is
/// kept and a repeated delivery of it is still known.
fn provider_id(message: &Value, sender: &Sender) -> String {
    match word_at(message, "id") {
        Some(id) if id.len() <= MAX_ID => id,
        Some(_) | None => {
            let content = format!("{sender:?} {message}");
            format!("sha256:{}", hex::encode(Sha256::digest(content.as_bytes())))
        }
    }
}

fn code(status: &Value) -> u32 {
    let error = list(status, "errors").first();
    error.and_then(|error| number_at(error, "code")).and_then(|code| u32::try_from(code).ok()).unwrap_or(CODE_UNKNOWN)
}

fn name(contact: &Value) -> Option<String> {
    let profile = &contact["profile"];
    let name = word_at(profile, "name").or_else(|| word_at(profile, "username"))?;
    let name = bounded(name.trim(), MAX_NAME);
    (!name.is_empty()).then_some(name)
}

fn user_id(value: &Value, key: &str) -> Option<String> {
    word_at(value, key).filter(|id| id.len() <= MAX_USER_ID)
}

fn unnamed(sender: &Sender) -> bool {
    sender.phone.is_none() && sender.user_id.is_none()
}

/// The elements of an array under `key`; none where there is no array.
fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The parts that are there, joined; `None` when none is.
fn joined(parts: impl IntoIterator<Item = Option<String>>, between: &str) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(between))
}
