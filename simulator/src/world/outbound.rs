//! What the business sends: accepted or refused as Meta would.

use ciranda_simulator_wire::{Choice, Content, CustomerId, Fail, FailHow, Message, NewCustomer, Refusal, Side, Tick};
use serde_json::{Value, json};

use super::status::{Kind, Outgoing};
use super::{Kept, World, take_drop, take_fail};
use crate::config::{SimTemplate, TemplateCategory};
use crate::graph::error::GraphError;
use crate::graph::request::{Parameter, Payload, Recipient, Send, Template};
use crate::people;

/// An accepted send: its answer, and what is to follow.
#[derive(Debug)]
pub struct Accepted {
    pub outgoing: Outgoing,
    pub answer: Value,
    /// Fails later with this code instead of being delivered.
    pub failing: Option<u32>,
    /// The connection is to drop without the answer.
    pub drop_answer: bool,
}

impl World {
    /// The business sends; errors are what the call is answered with.
    pub fn business_sends(&mut self, number: &str, send: Send, now: i64) -> Result<Accepted, GraphError> {
        let sender = self.number(number).ok_or_else(|| GraphError::unknown_object("post", number))?.clone();
        if matches!(&send.to, Recipient::Phone { digits, .. } if people::same_phone(digits, &sender.display_phone)) {
            return Err(GraphError::of(131_021));
        }
        let customer = self.recipient(&send.to)?;
        let failing = self.take(customer, take_fail);
        if let Some(Fail { code, how: FailHow::Answer, .. }) = failing {
            return Err(GraphError::of(code));
        }
        self.may_send(customer, number, &send, now)?;
        let address = self.person(customer).ok().and_then(|person| person.wa_id.clone());
        let wamid = self.ids.wamid(Side::Business, address.as_deref().unwrap_or(number));
        let answer = answer(&send, address.as_deref(), &wamid);
        let outgoing = self.enter(customer, number, send, wamid, now);
        Ok(Accepted {
            outgoing,
            answer,
            failing: failing.map(|fail| fail.code),
            drop_answer: self.take(customer, take_drop).is_some(),
        })
    }

    /// A template of this name, sent as by a call; what faults do to calls is not for it.
    pub fn notify(
        &mut self,
        customer: CustomerId,
        number: &str,
        template: &str,
        now: i64,
    ) -> Result<Accepted, Refusal> {
        self.number(number).ok_or(Refusal::UnknownNumber)?;
        let known = self.templates.iter().find(|known| known.name == template).ok_or(Refusal::UnknownTemplate)?;
        let template = Template {
            name: known.name.clone(),
            language: known.language.clone(),
            parameters: Vec::new(),
            payloads: Vec::new(),
        };
        let person = self.person(customer)?;
        let to = Recipient::User(person.user_id.clone());
        let address = person.wa_id.clone().unwrap_or_else(|| person.user_id.clone());
        let send = Send { to, payload: Payload::Template(template), opaque: None, quotes: None };
        let wamid = self.ids.wamid(Side::Business, &address);
        let outgoing = self.enter(customer, number, send, wamid, now);
        Ok(Accepted { outgoing, answer: Value::Null, failing: None, drop_answer: false })
    }

    /// Writing to a number nobody has yet gives that number a phone: a desk may write first.
    fn recipient(&mut self, to: &Recipient) -> Result<CustomerId, GraphError> {
        match to {
            Recipient::User(user_id) => self.by_user_id(user_id).ok_or_else(|| GraphError::of(131_009)),
            Recipient::Phone { digits, .. } => match self.by_phone(digits) {
                Some(customer) => Ok(customer),
                None => {
                    let new = NewCustomer { name: people::written(digits), phone: format!("+{digits}") };
                    self.add_customer(&new).map_err(|_| GraphError::of(131_026))
                }
            },
        }
    }

    fn may_send(&self, customer: CustomerId, number: &str, send: &Send, now: i64) -> Result<(), GraphError> {
        match &send.payload {
            Payload::Template(template) => self.may_use(template, &send.to),
            Payload::Free(_) | Payload::Reaction { .. } => {
                let thread = self.threads.get(&(customer, number.to_owned()));
                let ends = thread.and_then(|thread| thread.counted).map(|at| at + super::WINDOW_MS);
                if ends.is_none_or(|ends| now >= ends) {
                    return Err(GraphError::of(131_047));
                }
                if let Payload::Reaction { wamid, .. } = &send.payload
                    && self.places.get(wamid).is_none_or(|place| place.0 != customer)
                {
                    return Err(GraphError::of(131_009));
                }
                Ok(())
            }
        }
    }

    fn template(&self, template: &Template) -> Option<&SimTemplate> {
        self.templates.iter().find(|known| known.name == template.name && known.language == template.language)
    }

    fn may_use(&self, template: &Template, to: &Recipient) -> Result<(), GraphError> {
        if self.templates.is_empty() {
            return Ok(());
        }
        let known = self.template(template).ok_or_else(|| GraphError::of(132_001))?;
        if known.category == TemplateCategory::Authentication && matches!(to, Recipient::User(_)) {
            return Err(GraphError::of(131_062));
        }
        let wanted = placeholders(&known.body).len();
        if wanted != template.parameters.len() {
            return Err(GraphError {
                details: Some(format!(
                    "body: number of localizable_params ({}) does not match the expected number of params ({wanted})",
                    template.parameters.len()
                )),
                ..GraphError::of(132_000)
            });
        }
        Ok(())
    }

    /// Writes the message into the chat, where it stays unseen until it is delivered.
    fn enter(&mut self, customer: CustomerId, number: &str, send: Send, wamid: String, now: i64) -> Outgoing {
        let (content, kind) = match send.payload {
            Payload::Reaction { wamid, emoji } => {
                let emoji = Some(emoji).filter(|emoji| !emoji.is_empty());
                self.revise(&wamid, |kept| kept.message.reaction = emoji);
                (None, Kind::Reaction)
            }
            Payload::Free(content) => (Some(content), Kind::Service),
            Payload::Template(template) => {
                let category = self.template(&template).map_or(TemplateCategory::Utility, |known| known.category);
                (Some(self.drawn(&template)), Kind::Template(category))
            }
        };
        let outgoing = Outgoing {
            customer,
            number: number.to_owned(),
            wamid: wamid.clone(),
            opaque: send.opaque,
            kind,
            priced: false,
        };
        if let Some(content) = content {
            let quoted = send.quotes.as_deref().and_then(|id| self.kept(id));
            let quotes = quoted.map(|kept| super::inbound::summary(&kept.message.content));
            let message = Message {
                id: wamid,
                by: Side::Business,
                at: now,
                content,
                tick: Tick::Sending,
                quotes,
                reaction: None,
                chosen: None,
            };
            self.thread(customer, number).typing = None;
            self.keep(customer, number, Kept { message, outgoing: Some(outgoing.clone()), untaken: None });
        }
        outgoing
    }

    /// The template as the phone draws it.
    fn drawn(&self, template: &Template) -> Content {
        let payload =
            |index: usize| template.payloads.iter().find(|(of, _)| *of == index).map(|(_, payload)| payload.clone());
        let name = template.name.clone();
        let Some(known) = self.template(template) else {
            let text =
                template.parameters.iter().map(|parameter| parameter.text.as_str()).collect::<Vec<_>>().join("\n");
            let buttons =
                template.payloads.iter().map(|(_, payload)| Choice { id: payload.clone(), title: payload.clone() });
            return Content::Template { name, text, buttons: buttons.collect() };
        };
        let buttons = known
            .buttons
            .iter()
            .enumerate()
            .map(|(index, title)| Choice { id: payload(index).unwrap_or_else(|| title.clone()), title: title.clone() });
        Content::Template { name, text: filled(&known.body, &template.parameters), buttons: buttons.collect() }
    }
}

fn answer(send: &Send, wa_id: Option<&str>, wamid: &str) -> Value {
    let contact = match (&send.to, wa_id) {
        (Recipient::Phone { input, digits }, wa_id) => {
            json!({ "input": input, "wa_id": wa_id.unwrap_or(digits) })
        }
        (Recipient::User(user_id), _) => json!({ "input": user_id, "user_id": user_id }),
    };
    let mut message = json!({ "id": wamid });
    if matches!(send.payload, Payload::Template(_)) {
        message["message_status"] = "accepted".into();
    }
    json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] })
}

/// The names between `{{` and `}}`, each once.
fn placeholders(body: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in body.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}")
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn filled(body: &str, parameters: &[Parameter]) -> String {
    let mut text = body.to_owned();
    for (index, name) in placeholders(body).into_iter().enumerate() {
        let named = parameters.iter().find(|parameter| parameter.name.as_deref() == Some(name.trim()));
        if let Some(parameter) = named.or_else(|| parameters.get(index)) {
            text = text.replace(&format!("{{{{{name}}}}}"), &parameter.text);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_fill_their_places_by_number_and_by_name() {
        let parameter =
            |name: Option<&str>, text: &str| Parameter { name: name.map(str::to_owned), text: text.to_owned() };
        let by_number = filled("Oi {{1}}, pedido {{2}} de {{1}}", &[parameter(None, "Ana"), parameter(None, "7")]);
        assert_eq!(by_number, "Oi Ana, pedido 7 de Ana");
        let by_name = filled("Oi {{nome}}", &[parameter(Some("nome"), "Ana")]);
        assert_eq!(by_name, "Oi Ana");
    }
}
