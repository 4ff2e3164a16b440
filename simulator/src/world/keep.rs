//! The chats as a text that outlives the process, so that a restarted demo finds its customers where they were.
//!
//! *Invariant:* what the desk had not taken, and what had not reached a phone, goes on after a restart: the webhook of
//! a customer's message is kept until the desk takes it. Faults are not kept: a new start is a sound one.

use std::collections::VecDeque;

use ciranda_simulator_wire::{CustomerId, Message, Side, Tick};
use serde::{Deserialize, Serialize};

use super::{Kept, Outgoing, Thread, Webhook, World};
use crate::config::SimCustomer;
use crate::people::Person;

#[derive(Serialize, Deserialize)]
struct Book {
    people: Vec<KeptPerson>,
    threads: Vec<KeptThread>,
}

#[derive(Serialize, Deserialize)]
struct KeptPerson {
    name: String,
    wa_id: Option<String>,
    username: Option<String>,
    phone_on: bool,
}

#[derive(Serialize, Deserialize)]
struct KeptThread {
    customer: CustomerId,
    number: String,
    counted: Option<i64>,
    messages: Vec<KeptMessage>,
}

#[derive(Serialize, Deserialize)]
struct KeptMessage {
    message: Message,
    outgoing: Option<Outgoing>,
    untaken: Option<String>,
}

impl World {
    /// Everything that is to outlive the process.
    #[must_use]
    pub fn book(&self) -> Vec<u8> {
        let people = self.people.iter().map(|person| KeptPerson {
            name: person.name.clone(),
            wa_id: person.wa_id.clone(),
            username: person.username.clone(),
            phone_on: person.phone_on,
        });
        let threads = self.threads.iter().map(|((customer, number), thread)| KeptThread {
            customer: *customer,
            number: number.clone(),
            counted: thread.counted,
            messages: thread.kept.iter().map(KeptMessage::of).collect(),
        });
        let book = Book { people: people.collect(), threads: threads.collect() };
        serde_json::to_vec(&book).unwrap_or_default()
    }

    /// Takes up a book where there is one; an unreadable one is left aside, and the chats begin anew.
    pub fn take_up(&mut self, book: &[u8]) {
        let book: Book = match serde_json::from_slice(book) {
            Ok(book) => book,
            Err(error) => {
                tracing::warn!(%error, "the simulator's kept chats cannot be read; they begin anew");
                return;
            }
        };
        self.people.clear();
        for (id, kept) in (0..).zip(book.people) {
            let customer = SimCustomer { name: kept.name, wa_id: kept.wa_id, username: kept.username };
            self.people.push(Person { phone_on: kept.phone_on, ..Person::new(CustomerId(id), customer) });
        }
        for thread in book.threads {
            if self.person(thread.customer).is_err() || self.number(&thread.number).is_none() {
                continue;
            }
            let place = (thread.customer, thread.number);
            let kept: VecDeque<_> = thread.messages.into_iter().map(KeptMessage::back).collect();
            self.places.extend(kept.iter().map(|kept| (kept.message.id.clone(), place.clone())));
            self.threads.insert(place, Thread { kept, counted: thread.counted, ..Thread::default() });
        }
    }

    /// What the last process left undone: the customers' webhooks by message id, then the statuses of what was sent.
    pub fn resume(&mut self, now: i64) -> (Vec<(String, Webhook)>, Vec<Webhook>) {
        let (mut untaken, mut pending) = (Vec::new(), Vec::new());
        for ((customer, number), thread) in &self.threads {
            for kept in &thread.kept {
                if let Some(body) = &kept.untaken {
                    let webhook = Webhook { customer: *customer, number: number.clone(), body: body.clone() };
                    untaken.push((kept.message.id.clone(), webhook));
                }
                if let Some(outgoing) = &kept.outgoing
                    && matches!(kept.message.tick, Tick::Sending | Tick::Sent)
                {
                    pending.push(outgoing.clone());
                }
            }
        }
        let mut statuses = Vec::new();
        for outgoing in pending {
            statuses.extend(self.sent(&outgoing, now));
            statuses.extend(self.delivered(&outgoing.wamid, now));
        }
        (untaken, statuses)
    }
}

impl KeptMessage {
    fn of(kept: &Kept) -> Self {
        Self { message: kept.message.clone(), outgoing: kept.outgoing.clone(), untaken: kept.untaken.clone() }
    }

    fn back(mut self) -> Kept {
        // Without its webhook a customer's message has nothing left to wait for.
        if self.message.by == Side::Customer && self.message.tick == Tick::Sending && self.untaken.is_none() {
            self.message.tick = Tick::Failed;
        }
        Kept { message: self.message, outgoing: self.outgoing, untaken: self.untaken }
    }
}
