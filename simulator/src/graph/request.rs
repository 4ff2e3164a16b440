//! The body of `POST /{version}/{phone_number_id}/messages`, parsed at the edge with Meta's limits.
//!
//! *Invariant:* what passes here is well formed; whether it may be sent is for [`crate::world`] to say.

use ciranda_simulator_wire::{Choice, Content};
use serde_json::Value;

use super::error::GraphError;

/// A call to the messages endpoint.
#[derive(Clone, PartialEq, Debug)]
pub enum Call {
    Send(Box<Send>),
    /// The customer's message is read, and those before it; the business may be typing as well.
    Read {
        wamid: String,
        typing: bool,
    },
}

/// A message to send.
#[derive(Clone, PartialEq, Debug)]
pub struct Send {
    pub to: Recipient,
    pub payload: Payload,
    /// Comes back in every status.
    pub opaque: Option<String>,
    /// The message it answers, by Meta's id.
    pub quotes: Option<String>,
}

/// Whom a message goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recipient {
    /// `input` as the caller wrote it, and its digits.
    Phone {
        input: String,
        digits: String,
    },
    User(String),
}

/// What a message carries.
#[derive(Clone, PartialEq, Debug)]
pub enum Payload {
    /// Only inside the customer's window.
    Free(Content),
    /// An emoji on a message; empty takes it off.
    Reaction {
        wamid: String,
        emoji: String,
    },
    Template(Template),
}

/// A template with its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    pub name: String,
    pub language: String,
    pub parameters: Vec<Parameter>,
    /// Payloads of its quick replies, by their index.
    pub payloads: Vec<(usize, String)>,
}

/// A body parameter of a template: its name where it has one, and its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    pub name: Option<String>,
    pub text: String,
}

const TEXT_LIMIT: usize = 4096;
const OPAQUE_LIMIT: usize = 512;

/// Reads the body, or says what Meta would say.
pub fn parse(body: &[u8]) -> Result<Call, GraphError> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| GraphError::parameter("The request body is not valid JSON."))?;
    if text_at(&body, "/messaging_product") != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required and must be 'whatsapp'."));
    }
    match text_at(&body, "/status") {
        Some("read") => read(&body),
        Some(_) => Err(GraphError::parameter("Param status must be one of {READ}.")),
        None => Ok(Call::Send(Box::new(send(&body)?))),
    }
}

fn read(body: &Value) -> Result<Call, GraphError> {
    let wamid = required(body, "/message_id", "message_id")?;
    let typing = match body.pointer("/typing_indicator") {
        None => false,
        Some(indicator) if text_at(indicator, "/type") == Some("text") => true,
        Some(_) => {
            return Err(GraphError::parameter("Param typing_indicator['type'] must be one of {TEXT}."));
        }
    };
    Ok(Call::Read { wamid, typing })
}

fn send(body: &Value) -> Result<Send, GraphError> {
    if !matches!(text_at(body, "/recipient_type"), None | Some("individual")) {
        return Err(GraphError::parameter("Param recipient_type must be one of {INDIVIDUAL, GROUP}."));
    }
    let opaque = text_at(body, "/biz_opaque_callback_data").map(str::to_owned);
    if opaque.as_ref().is_some_and(|data| data.chars().count() > OPAQUE_LIMIT) {
        return Err(GraphError::parameter("Param biz_opaque_callback_data must be at most 512 characters long."));
    }
    Ok(Send {
        to: recipient(body)?,
        payload: payload(body)?,
        opaque,
        quotes: text_at(body, "/context/message_id").map(str::to_owned),
    })
}

/// `to` wins where both are given.
fn recipient(body: &Value) -> Result<Recipient, GraphError> {
    if let Some(input) = text_at(body, "/to").filter(|input| !input.is_empty()) {
        let digits: String = input.chars().filter(char::is_ascii_digit).collect();
        if !(8..=15).contains(&digits.len()) {
            return Err(GraphError::parameter("Param to must be a phone number with its country code."));
        }
        return Ok(Recipient::Phone { input: input.to_owned(), digits });
    }
    match text_at(body, "/recipient").filter(|user| !user.is_empty()) {
        Some(user) => Ok(Recipient::User(user.to_owned())),
        None => Err(GraphError::parameter("The parameter to is required.")),
    }
}

fn payload(body: &Value) -> Result<Payload, GraphError> {
    let kind = text_at(body, "/type").unwrap_or("text");
    let part = body.get(kind).ok_or_else(|| GraphError::parameter(format!("The parameter {kind} is required.")))?;
    let content = match kind {
        "text" => Content::Text { text: limited(part, "/body", "text['body']", TEXT_LIMIT)? },
        "template" => return Ok(Payload::Template(template(part)?)),
        "reaction" => {
            return Ok(Payload::Reaction {
                wamid: required(part, "/message_id", "reaction['message_id']")?,
                emoji: text_at(part, "/emoji").unwrap_or_default().to_owned(),
            });
        }
        "interactive" => interactive(part)?,
        "image" => Content::Image { caption: caption(part)? },
        "video" => Content::Video { caption: caption(part)? },
        "audio" => Content::Audio,
        "document" => Content::Document { name: text_at(part, "/filename").map(str::to_owned) },
        "sticker" => Content::Sticker,
        "location" => location(part)?,
        "contacts" => Content::Contact {
            name: required(part, "/0/name/formatted_name", "contacts[0]['name']['formatted_name']")?,
        },
        _ => {
            return Err(GraphError::parameter(
                "Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO}.",
            ));
        }
    };
    if matches!(kind, "image" | "video" | "audio" | "document" | "sticker")
        && text_at(part, "/id").is_none()
        && text_at(part, "/link").is_none()
    {
        return Err(GraphError::parameter(format!("The parameter {kind}['id'] or {kind}['link'] is required.")));
    }
    Ok(Payload::Free(content))
}

fn caption(part: &Value) -> Result<Option<String>, GraphError> {
    match text_at(part, "/caption") {
        Some(caption) if caption.chars().count() > 1024 => {
            Err(GraphError::parameter("Param caption must be at most 1024 characters long."))
        }
        caption => Ok(caption.map(str::to_owned)),
    }
}

fn location(part: &Value) -> Result<Content, GraphError> {
    let degrees = |name: &str| {
        let value = part.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    };
    match (degrees("latitude"), degrees("longitude")) {
        (Some(latitude), Some(longitude)) => {
            Ok(Content::Location { latitude, longitude, name: text_at(part, "/name").map(str::to_owned) })
        }
        _ => Err(GraphError::parameter("The parameters location['latitude'] and location['longitude'] are required.")),
    }
}

fn interactive(part: &Value) -> Result<Content, GraphError> {
    let text = limited(part, "/body/text", "interactive['body']['text']", TEXT_LIMIT)?;
    let list = text_at(part, "/type") == Some("list");
    let choices = match text_at(part, "/type") {
        Some("button") => choices(part.pointer("/action/buttons"), "/reply"),
        Some("list") => {
            let sections = part.pointer("/action/sections").and_then(Value::as_array);
            sections.into_iter().flatten().flat_map(|section| choices(section.get("rows"), "")).collect()
        }
        Some(_) => {
            return Ok(Content::Interactive { text, buttons: Vec::new(), list });
        }
        None => {
            return Err(GraphError::parameter("The parameter interactive['type'] is required."));
        }
    };
    if choices.is_empty() || choices.len() > 10 {
        return Err(GraphError::parameter("Invalid buttons count."));
    }
    Ok(Content::Interactive { text, buttons: choices, list })
}

fn choices(list: Option<&Value>, within: &str) -> Vec<Choice> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| {
            let id = text_at(item, &format!("{within}/id"))?.to_owned();
            let title = text_at(item, &format!("{within}/title"))?.to_owned();
            Some(Choice { id, title })
        })
        .collect()
}

fn template(part: &Value) -> Result<Template, GraphError> {
    let components = || part.get("components").and_then(Value::as_array).into_iter().flatten();
    let of_kind = |kind: &'static str| {
        components()
            .filter(move |component| text_at(component, "/type").is_some_and(|found| found.eq_ignore_ascii_case(kind)))
    };
    let parameters = of_kind("body")
        .flat_map(|component| component.get("parameters").and_then(Value::as_array).into_iter().flatten())
        .map(parameter)
        .collect();
    let payloads = of_kind("button")
        .filter(|button| text_at(button, "/sub_type").is_some_and(|kind| kind.eq_ignore_ascii_case("quick_reply")))
        .filter_map(|button| {
            let index = button.get("index")?;
            let index = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
            let payload = text_at(button, "/parameters/0/payload")?;
            Some((usize::try_from(index).ok()?, payload.to_owned()))
        })
        .collect();
    Ok(Template {
        name: required(part, "/name", "template['name']")?,
        language: required(part, "/language/code", "template['language']['code']")?,
        parameters,
        payloads,
    })
}

fn parameter(item: &Value) -> Parameter {
    let text = ["/text", "/currency/fallback_value", "/date_time/fallback_value"]
        .into_iter()
        .find_map(|place| text_at(item, place));
    Parameter { name: text_at(item, "/parameter_name").map(str::to_owned), text: text.unwrap_or_default().to_owned() }
}

fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

fn required(value: &Value, pointer: &str, name: &str) -> Result<String, GraphError> {
    text_at(value, pointer)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| GraphError::parameter(format!("The parameter {name} is required.")))
}

fn limited(value: &Value, pointer: &str, name: &str, limit: usize) -> Result<String, GraphError> {
    let text = required(value, pointer, name)?;
    if text.chars().count() > limit {
        return Err(GraphError::parameter(format!("Param {name} must be at most {limit} characters long.")));
    }
    Ok(text)
}
