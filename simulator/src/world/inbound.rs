//! What customers send: a bubble on their phone and a webhook for the desk.

use ciranda_simulator_wire::{Compose, Content, CustomerId, Message, Refusal, Side, Tick};
use serde_json::{Value, json};

use super::{Kept, Webhook, World};
use crate::envelope::{self, News};

const TEXT_LIMIT: usize = 4096;

/// A message as it is written into the chat and into the webhook.
struct Written {
    kind: &'static str,
    body: Value,
    /// None for what makes no bubble of its own.
    content: Option<Content>,
    context: Option<String>,
    /// Whether it opens the window: reactions and unsupported kinds do not.
    counted: bool,
}

impl Written {
    fn new(kind: &'static str, body: Value, content: Content) -> Self {
        Self { kind, body, content: Some(content), context: None, counted: true }
    }
}

impl World {
    /// A customer writes to a number; the message's id comes with the webhook.
    pub fn customer_sends(
        &mut self,
        customer: CustomerId,
        number: &str,
        compose: Compose,
        now: i64,
    ) -> Result<(String, Webhook), Refusal> {
        let number = self.number(number).ok_or(Refusal::UnknownNumber)?.clone();
        let person = self.person(customer)?.clone();
        let written = self.write(customer, &number.phone_number_id, compose)?;
        let address = person.wa_id.as_deref().unwrap_or(&person.user_id);
        let wamid = self.ids.wamid(Side::Customer, address);
        let mut message = json!({
            "from_user_id": person.user_id,
            "id": wamid,
            "timestamp": now.div_euclid(1000).to_string(),
            "type": written.kind,
        });
        if let Some(wa_id) = &person.wa_id {
            message["from"] = wa_id.as_str().into();
        }
        if written.kind == "unsupported" {
            message["errors"] = unsupported_errors();
        }
        message[written.kind] = written.body;
        let quoted = written.context.as_deref().and_then(|id| self.kept(id)).map(|kept| kept.message.clone());
        if let Some(quoted) = &quoted {
            let from = match quoted.by {
                Side::Business => number.display_phone.as_str(),
                Side::Customer => address,
            };
            message["context"] = json!({ "from": from, "id": quoted.id });
        }
        let body = envelope::webhook(&number, Some(&person), News::Message(message));
        let quotes = quoted.as_ref().map(|message| summary(&message.content));
        if let Some(content) = written.content {
            let message = Message {
                id: wamid.clone(),
                by: Side::Customer,
                at: now,
                content,
                tick: Tick::Sending,
                quotes,
                reaction: None,
                chosen: None,
            };
            self.keep(customer, &number.phone_number_id, Kept { message, outgoing: None, untaken: Some(body.clone()) });
        }
        if written.counted {
            let thread = self.thread(customer, &number.phone_number_id);
            thread.counted = thread.counted.max(Some(now));
            self.changed(customer);
        }
        Ok((wamid, Webhook { customer, number: number.phone_number_id, body }))
    }

    fn write(&mut self, customer: CustomerId, number: &str, compose: Compose) -> Result<Written, Refusal> {
        Ok(match compose {
            Compose::Text { text, quotes } => Written { context: quotes, ..text_of(text)? },
            Compose::Image { caption } => {
                let mut body = self.media("image/jpeg");
                if let Some(caption) = &caption {
                    body["caption"] = caption.as_str().into();
                }
                Written::new("image", body, Content::Image { caption })
            }
            Compose::Audio => {
                let mut body = self.media("audio/ogg; codecs=opus");
                body["voice"] = true.into();
                Written::new("audio", body, Content::Audio)
            }
            Compose::Document => {
                let name = "comprovante.pdf";
                let mut body = self.media("application/pdf");
                body["filename"] = name.into();
                Written::new("document", body, Content::Document { name: Some(name.to_owned()) })
            }
            Compose::Sticker => {
                let mut body = self.media("image/webp");
                body["animated"] = false.into();
                Written::new("sticker", body, Content::Sticker)
            }
            Compose::Location => place(),
            Compose::Contact => card(),
            Compose::Reaction { message, emoji } => self.react(customer, number, message, emoji)?,
            Compose::Unsupported => Written {
                counted: false,
                ..Written::new(
                    "unsupported",
                    json!({ "type": "poll_creation" }),
                    Content::Unsupported { what: "poll_creation".to_owned() },
                )
            },
            Compose::Tap { message, choice } => self.tap(customer, number, message, &choice)?,
        })
    }

    fn media(&mut self, mime: &str) -> Value {
        json!({ "id": self.ids.media(), "mime_type": mime, "sha256": self.ids.digest() })
    }

    /// A message of the business in this very chat.
    fn theirs(&self, customer: CustomerId, number: &str, wamid: &str) -> Result<&Message, Refusal> {
        let here = self.places.get(wamid).is_some_and(|place| place.0 == customer && place.1 == number);
        let kept = self.kept(wamid).filter(|kept| here && kept.message.by == Side::Business);
        kept.map(|kept| &kept.message).ok_or(Refusal::UnknownMessage)
    }

    fn react(
        &mut self,
        customer: CustomerId,
        number: &str,
        message: String,
        emoji: String,
    ) -> Result<Written, Refusal> {
        self.theirs(customer, number, &message)?;
        // Taking a reaction off is told by the absence of the emoji.
        let emoji = Some(emoji).filter(|emoji| !emoji.is_empty());
        let mut body = json!({ "message_id": message });
        if let Some(emoji) = &emoji {
            body["emoji"] = emoji.as_str().into();
        }
        self.revise(&message, |kept| kept.message.reaction = emoji);
        Ok(Written { kind: "reaction", body, content: None, context: None, counted: false })
    }

    fn tap(&mut self, customer: CustomerId, number: &str, message: String, choice: &str) -> Result<Written, Refusal> {
        let target = self.theirs(customer, number, &message)?;
        let (template, list, buttons) = match &target.content {
            Content::Template { buttons, .. } => (true, false, buttons),
            Content::Interactive { buttons, list, .. } => (false, *list, buttons),
            _ => return Err(Refusal::UnknownChoice),
        };
        let choice = buttons.iter().find(|known| known.id == choice).ok_or(Refusal::UnknownChoice)?.clone();
        self.revise(&message, |kept| kept.message.chosen = Some(choice.id.clone()));
        let content = Content::Tapped { title: choice.title.clone() };
        let (kind, body) = if template {
            ("button", json!({ "payload": choice.id, "text": choice.title }))
        } else {
            let kind = if list { "list_reply" } else { "button_reply" };
            ("interactive", json!({ "type": kind, kind: { "id": choice.id, "title": choice.title } }))
        };
        Ok(Written { context: Some(message), ..Written::new(kind, body, content) })
    }
}

fn text_of(text: String) -> Result<Written, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::EmptyText);
    }
    if text.chars().count() > TEXT_LIMIT {
        return Err(Refusal::TextTooLong);
    }
    Ok(Written::new("text", json!({ "body": text }), Content::Text { text }))
}

fn place() -> Written {
    let (latitude, longitude, name) = (-23.561_414, -46.655_882, "Avenida Paulista, 1578");
    let body = json!({
        "latitude": latitude,
        "longitude": longitude,
        "name": name,
        "address": "Bela Vista, São Paulo - SP",
    });
    Written::new("location", body, Content::Location { latitude, longitude, name: Some(name.to_owned()) })
}

fn card() -> Written {
    let name = "Sônia Figueira";
    let body = json!([{
        "name": { "formatted_name": name, "first_name": "Sônia", "last_name": "Figueira" },
        "phones": [{ "phone": "+55 11 90000-1199", "wa_id": "5511900001199", "type": "CELL" }],
    }]);
    Written::new("contacts", body, Content::Contact { name: name.to_owned() })
}

fn unsupported_errors() -> Value {
    json!([{
        "code": 131_051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": { "details": "Message type is currently not supported." },
    }])
}

/// A message in a few words, for a quote; kinds without text stay without words here, the page has them.
pub(super) fn summary(content: &Content) -> String {
    match content {
        Content::Text { text } | Content::Template { text, .. } | Content::Interactive { text, .. } => text.clone(),
        Content::Tapped { title } => title.clone(),
        Content::Image { caption } | Content::Video { caption } => caption.clone().unwrap_or_default(),
        Content::Document { name } | Content::Location { name, .. } => name.clone().unwrap_or_default(),
        Content::Contact { name } => name.clone(),
        Content::Audio | Content::Sticker | Content::Unsupported { .. } => String::new(),
    }
}
