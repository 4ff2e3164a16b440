//! The chats as the page shows them.

use ciranda_simulator_wire::{
    Chat, ChatHead, Customer, CustomerId, Message, Number, Preview, Refusal, Side, State, Tick,
};

use super::{Thread, WINDOW_MS, World};
use crate::people;

/// More rows than a person reads; the page finds the others when they write.
const LISTED: usize = 200;

/// What the business wrote is on the phone once it is delivered, what the customer wrote at once.
pub(super) const fn on_phone(message: &Message) -> bool {
    match message.by {
        Side::Customer => true,
        Side::Business => matches!(message.tick, Tick::Delivered | Tick::Read),
    }
}

impl World {
    /// Everything but the chats' messages.
    #[must_use]
    pub fn state(&self) -> State {
        let mut customers: Vec<_> = self.people.iter().filter_map(|person| self.customer(person.id).ok()).collect();
        let active = |customer: &Customer| customer.chats.iter().filter_map(|chat| Some(chat.last.as_ref()?.at)).max();
        customers.sort_by_key(|customer| std::cmp::Reverse(active(customer)));
        customers.truncate(LISTED);
        let numbers = self.numbers.iter().map(|number| Number {
            id: number.phone_number_id.clone(),
            display: people::written(&number.display_phone),
            name: number.name.clone(),
        });
        let templates = self.templates.iter().map(|template| template.name.clone()).collect();
        State { numbers: numbers.collect(), templates, customers, faults: self.faults.clone() }
    }

    /// A customer's row.
    pub fn customer(&self, id: CustomerId) -> Result<Customer, Refusal> {
        let person = self.person(id)?;
        let nothing = Thread::default();
        let chats = self.numbers.iter().map(|number| {
            let key = (id, number.phone_number_id.clone());
            head(&number.phone_number_id, self.threads.get(&key).unwrap_or(&nothing))
        });
        Ok(Customer {
            id,
            name: person.name.clone(),
            phone: person.wa_id.as_deref().map(people::written),
            user_id: person.user_id.clone(),
            username: person.username.clone(),
            phone_on: person.phone_on,
            faults: person.faults.clone(),
            chats: chats.collect(),
        })
    }

    /// A chat with its messages.
    pub fn chat(&self, customer: CustomerId, number: &str) -> Result<Chat, Refusal> {
        self.person(customer)?;
        self.number(number).ok_or(Refusal::UnknownNumber)?;
        let nothing = Thread::default();
        let thread = self.threads.get(&(customer, number.to_owned())).unwrap_or(&nothing);
        let messages = thread.kept.iter().map(|kept| &kept.message).filter(|message| on_phone(message));
        Ok(Chat { customer, head: head(number, thread), messages: messages.cloned().collect() })
    }
}

fn head(number: &str, thread: &Thread) -> ChatHead {
    let shown = || thread.kept.iter().map(|kept| &kept.message).filter(|message| on_phone(message));
    let unread = shown().filter(|message| message.by == Side::Business && message.tick == Tick::Delivered).count();
    let last =
        shown().next_back().map(|message| Preview { by: message.by, at: message.at, content: message.content.clone() });
    ChatHead {
        number: number.to_owned(),
        last,
        unread: u32::try_from(unread).unwrap_or(u32::MAX),
        window_ends: thread.counted.map(|at| at + WINDOW_MS),
        typing: thread.typing.is_some(),
    }
}
