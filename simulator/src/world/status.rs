//! The way of a sent message: `sent`, `delivered`, `read` or `failed`, each a webhook with its price once.

use ciranda_simulator_wire::{CustomerId, Refusal, Tick};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Webhook, World};
use crate::config::TemplateCategory;
use crate::envelope::{self, News};
use crate::graph::error::GraphError;
use crate::pricing::Charge;

/// A message on its way to a customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outgoing {
    pub customer: CustomerId,
    pub number: String,
    pub wamid: String,
    pub(super) opaque: Option<String>,
    pub(super) kind: Kind,
    /// A status has told what it is charged as.
    pub(super) priced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Kind {
    Service,
    Template(TemplateCategory),
    /// Gets `sent` and nothing more.
    Reaction,
}

impl World {
    /// The servers of WhatsApp have it.
    pub fn sent(&mut self, outgoing: &Outgoing, now: i64) -> Option<Webhook> {
        if outgoing.kind != Kind::Reaction && !self.step(&outgoing.wamid, Tick::Sending, Tick::Sent) {
            return None;
        }
        self.status(outgoing, "sent", now, None, None)
    }

    /// The phone has it, if it is on.
    pub fn delivered(&mut self, wamid: &str, now: i64) -> Option<Webhook> {
        let outgoing = self.kept(wamid)?.outgoing.clone()?;
        if !self.person(outgoing.customer).is_ok_and(|person| person.phone_on)
            || !self.step(wamid, Tick::Sent, Tick::Delivered)
        {
            return None;
        }
        if self.faults_of(outgoing.customer).skip_delivered {
            return None;
        }
        let pricing = self.price(&outgoing, now);
        self.status(&outgoing, "delivered", now, pricing, None)
    }

    /// It will never arrive.
    pub fn failed(&mut self, outgoing: &Outgoing, code: u32, now: i64) -> Option<Webhook> {
        self.step(&outgoing.wamid, Tick::Sending, Tick::Failed);
        self.status(outgoing, "failed", now, None, Some(&GraphError::of(code)))
    }

    /// The customer opens the chat: everything on the phone is read.
    pub fn open(&mut self, customer: CustomerId, number: &str, now: i64) -> Result<Vec<Webhook>, Refusal> {
        self.person(customer)?;
        self.number(number).ok_or(Refusal::UnknownNumber)?;
        let unread: Vec<_> = self.waiting(customer, number, Tick::Delivered);
        let mut webhooks = Vec::new();
        for outgoing in unread {
            self.step(&outgoing.wamid, Tick::Delivered, Tick::Read);
            let pricing = self.price(&outgoing, now);
            webhooks.extend(self.status(&outgoing, "read", now, pricing, None));
        }
        Ok(webhooks)
    }

    /// Switches a phone on or off; switched on, it receives what waited.
    pub fn switch_phone(&mut self, customer: CustomerId, on: bool, now: i64) -> Result<Vec<Webhook>, Refusal> {
        self.person_mut(customer)?.phone_on = on;
        self.changed(customer);
        let numbers: Vec<_> = self.numbers.iter().map(|number| number.phone_number_id.clone()).collect();
        let mut webhooks = Vec::new();
        for number in &numbers {
            for outgoing in self.waiting(customer, number, Tick::Sent) {
                webhooks.extend(self.delivered(&outgoing.wamid, now));
            }
        }
        Ok(webhooks)
    }

    /// The business's messages of a chat that came exactly this far.
    fn waiting(&mut self, customer: CustomerId, number: &str, tick: Tick) -> Vec<Outgoing> {
        let kept = self.thread(customer, number).kept.iter();
        kept.filter(|kept| kept.message.tick == tick).filter_map(|kept| kept.outgoing.clone()).collect()
    }

    fn step(&mut self, wamid: &str, from: Tick, to: Tick) -> bool {
        let there = self.kept(wamid).is_some_and(|kept| kept.message.tick == from);
        there && self.revise(wamid, |kept| kept.message.tick = to)
    }

    /// The pricing object, on the first status after which the message counts as delivered.
    fn price(&mut self, outgoing: &Outgoing, now: i64) -> Option<Value> {
        if outgoing.priced {
            return None;
        }
        let charge = match outgoing.kind {
            Kind::Service => Charge::Service { free: self.tier.take(&outgoing.number, now) },
            Kind::Template(category) => Charge::Template(category),
            Kind::Reaction => return None,
        };
        self.revise(&outgoing.wamid, |kept| {
            if let Some(kept) = &mut kept.outgoing {
                kept.priced = true;
            }
        });
        Some(charge.pricing())
    }

    fn status(
        &self,
        outgoing: &Outgoing,
        status: &str,
        now: i64,
        pricing: Option<Value>,
        error: Option<&GraphError>,
    ) -> Option<Webhook> {
        let number = self.number(&outgoing.number)?;
        let person = self.person(outgoing.customer).ok()?;
        let mut value = json!({
            "id": outgoing.wamid,
            "status": status,
            "timestamp": now.div_euclid(1000).to_string(),
        });
        if let Some(wa_id) = &person.wa_id {
            value["recipient_id"] = wa_id.as_str().into();
        }
        // A failed status names no user id, and brings no contact, when it went to a phone.
        if error.is_none() || person.wa_id.is_none() {
            value["recipient_user_id"] = person.user_id.as_str().into();
        }
        if let Some(opaque) = &outgoing.opaque {
            value["biz_opaque_callback_data"] = opaque.as_str().into();
        }
        if let Some(pricing) = pricing {
            value["pricing"] = pricing;
        }
        if let Some(error) = error {
            value["errors"] = json!([error.as_status_error()]);
        }
        let contact = error.is_none().then_some(person);
        Some(Webhook {
            customer: outgoing.customer,
            number: outgoing.number.clone(),
            body: envelope::webhook(number, contact, News::Status(value)),
        })
    }
}
