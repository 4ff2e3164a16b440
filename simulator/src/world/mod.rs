//! Everyone's chats: who is there, what was said, which window is open.
//!
//! *Invariant:* no clock and no I/O: each step takes the business instant and returns the webhooks it causes. A window
//! depends on the customer's counted messages only, and its end is exclusive. Everything is bounded.

mod inbound;
mod keep;
mod outbound;
mod status;
mod view;

use std::collections::{BTreeMap, HashMap, VecDeque};

use ciranda_simulator_wire::{Change, CustomerId, Fail, Faults, Message, NewCustomer, Refusal, Side, Tick};

use crate::config::{Config, SimCustomer, SimNumber, SimTemplate};
use crate::ids::Ids;
use crate::people::{self, Person};
use crate::pricing::FreeTier;

pub use outbound::Accepted;
pub use status::Outgoing;

/// Length of the customer-service window.
const WINDOW_MS: i64 = 24 * 3600 * 1000;
const MAX_CUSTOMERS: usize = 10_000;
const MAX_MESSAGES: usize = 300;
const MAX_NAME: usize = 100;

/// All state of a simulator.
pub struct World {
    numbers: Vec<SimNumber>,
    templates: Vec<SimTemplate>,
    people: Vec<Person>,
    threads: BTreeMap<(CustomerId, String), Thread>,
    /// In which thread each message lies.
    places: HashMap<String, (CustomerId, String)>,
    faults: Faults,
    ids: Ids,
    tier: FreeTier,
    changes: Vec<Change>,
}

/// One chat.
#[derive(Default)]
struct Thread {
    kept: VecDeque<Kept>,
    /// The last counted message of the customer.
    counted: Option<i64>,
    /// Which typing indicator is shown.
    typing: Option<u64>,
    typings: u64,
}

/// A message with what its statuses need.
struct Kept {
    message: Message,
    outgoing: Option<Outgoing>,
    /// The webhook of a customer's message, until the desk has taken it.
    untaken: Option<String>,
}

/// A webhook that a step causes, for one customer's lane.
pub struct Webhook {
    pub customer: CustomerId,
    pub number: String,
    pub body: String,
}

impl World {
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let mut world = Self {
            numbers: config.business.clone(),
            templates: config.templates.clone(),
            people: Vec::new(),
            threads: BTreeMap::new(),
            places: HashMap::new(),
            faults: Faults::default(),
            ids: Ids::new(config.seed),
            tier: FreeTier::default(),
            changes: Vec::new(),
        };
        for customer in config.customers.iter().take(MAX_CUSTOMERS) {
            world.enrol(customer.clone());
        }
        world
    }

    /// What changed since the last call, for open pages.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// An id for an error's trace.
    pub fn trace(&mut self) -> String {
        self.ids.trace()
    }

    /// The number of this id.
    #[must_use]
    pub fn number(&self, id: &str) -> Option<&SimNumber> {
        self.numbers.iter().find(|number| number.phone_number_id == id)
    }

    /// The number with this WhatsApp account id.
    #[must_use]
    pub fn account(&self, waba_id: &str) -> Option<&SimNumber> {
        self.numbers.iter().find(|number| number.waba_id == waba_id)
    }

    fn person(&self, id: CustomerId) -> Result<&Person, Refusal> {
        self.people.get(id.0 as usize).ok_or(Refusal::UnknownCustomer)
    }

    fn person_mut(&mut self, id: CustomerId) -> Result<&mut Person, Refusal> {
        self.people.get_mut(id.0 as usize).ok_or(Refusal::UnknownCustomer)
    }

    /// Adds a customer the page asks for.
    pub fn add_customer(&mut self, new: &NewCustomer) -> Result<CustomerId, Refusal> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME {
            return Err(Refusal::EmptyName);
        }
        let wa_id = match new.phone.trim() {
            "" => None,
            typed => Some(people::wa_id_from(typed).ok_or(Refusal::BadPhone)?),
        };
        let key = wa_id.as_deref().unwrap_or(name);
        if self.people.iter().any(|person| person.user_id == people::user_id(key))
            || wa_id.as_deref().is_some_and(|wa_id| self.by_phone(wa_id).is_some())
        {
            return Err(Refusal::PhoneTaken);
        }
        if self.people.len() >= MAX_CUSTOMERS {
            return Err(Refusal::TooManyCustomers);
        }
        Ok(self.enrol(SimCustomer { name: name.to_owned(), wa_id, username: None }))
    }

    fn enrol(&mut self, customer: SimCustomer) -> CustomerId {
        let id = CustomerId(u32::try_from(self.people.len()).expect("customers are bounded"));
        self.people.push(Person::new(id, customer));
        self.changed(id);
        id
    }

    fn by_phone(&self, digits: &str) -> Option<CustomerId> {
        let reaches = |person: &&Person| person.wa_id.as_deref().is_some_and(|wa_id| people::same_phone(wa_id, digits));
        self.people.iter().find(reaches).map(|person| person.id)
    }

    fn by_user_id(&self, user_id: &str) -> Option<CustomerId> {
        self.people.iter().find(|person| person.user_id == user_id).map(|person| person.id)
    }

    /// Sets the faults of one phone, or those of all.
    pub fn set_faults(&mut self, of: Option<CustomerId>, faults: Faults) -> Result<(), Refusal> {
        match of {
            Some(customer) => {
                self.person_mut(customer)?.faults = faults;
                self.changed(customer);
            }
            None => {
                self.faults = faults;
                self.changes.push(Change::Faults { faults: self.faults.clone() });
            }
        }
        Ok(())
    }

    /// The faults in force for a phone: its own, then the general ones; counted ones stay as they are.
    #[must_use]
    pub fn faults_of(&self, customer: CustomerId) -> Faults {
        let own = self.person(customer).map(|person| person.faults.clone()).unwrap_or_default();
        Faults {
            fail: own.fail.or(self.faults.fail),
            drop_answers: own.drop_answers.max(self.faults.drop_answers),
            delay_ms: own.delay_ms.max(self.faults.delay_ms),
            duplicate: own.duplicate || self.faults.duplicate,
            shuffle_ms: own.shuffle_ms.max(self.faults.shuffle_ms),
            statuses_first: own.statuses_first || self.faults.statuses_first,
            skip_delivered: own.skip_delivered || self.faults.skip_delivered,
        }
    }

    /// Uses up one of a counted fault, the phone's own first.
    fn take<T>(&mut self, customer: CustomerId, from: impl Fn(&mut Faults) -> Option<T>) -> Option<T> {
        let own = self.person_mut(customer).ok().and_then(|person| from(&mut person.faults));
        if own.is_some() {
            self.changed(customer);
            return own;
        }
        let general = from(&mut self.faults);
        if general.is_some() {
            self.changes.push(Change::Faults { faults: self.faults.clone() });
        }
        general
    }

    fn thread(&mut self, customer: CustomerId, number: &str) -> &mut Thread {
        self.threads.entry((customer, number.to_owned())).or_default()
    }

    /// Keeps a message at the end of its chat; the oldest go when there are too many.
    fn keep(&mut self, customer: CustomerId, number: &str, kept: Kept) {
        self.places.insert(kept.message.id.clone(), (customer, number.to_owned()));
        self.told(customer, number, &kept.message);
        let thread = self.thread(customer, number);
        thread.kept.push_back(kept);
        if thread.kept.len() > MAX_MESSAGES
            && let Some(oldest) = thread.kept.pop_front()
        {
            self.places.remove(&oldest.message.id);
        }
        self.changed(customer);
    }

    /// Changes a kept message and tells the pages; whether it was there.
    fn revise(&mut self, wamid: &str, how: impl FnOnce(&mut Kept)) -> bool {
        let Some((customer, number)) = self.places.get(wamid).cloned() else {
            return false;
        };
        let thread = self.thread(customer, &number);
        let Some(kept) = thread.kept.iter_mut().find(|kept| kept.message.id == wamid) else {
            return false;
        };
        how(kept);
        let message = kept.message.clone();
        self.told(customer, &number, &message);
        self.changed(customer);
        true
    }

    fn kept(&self, wamid: &str) -> Option<&Kept> {
        let thread = self.threads.get(self.places.get(wamid)?)?;
        thread.kept.iter().find(|kept| kept.message.id == wamid)
    }

    /// The desk took or refused the customer's message: two ticks, or a mark that it never arrived.
    pub fn customer_message_settled(&mut self, wamid: &str, taken: bool) {
        let tick = if taken { Tick::Delivered } else { Tick::Failed };
        if self.kept(wamid).is_some_and(|kept| kept.message.tick == Tick::Sending) {
            self.revise(wamid, |kept| {
                kept.message.tick = tick;
                kept.untaken = None;
            });
        }
    }

    /// The business read this message and all before it.
    pub fn read_by_business(&mut self, number: &str, wamid: &str) -> bool {
        let Some((customer, of)) = self.places.get(wamid).cloned() else {
            return false;
        };
        if of != number || self.kept(wamid).is_none_or(|kept| kept.message.by != Side::Customer) {
            return false;
        }
        let thread = self.thread(customer, number);
        let upto = thread.kept.iter().position(|kept| kept.message.id == wamid).unwrap_or(0);
        let read: Vec<_> = thread
            .kept
            .range(..=upto)
            .filter(|kept| kept.message.by == Side::Customer && kept.message.tick != Tick::Read)
            .map(|kept| kept.message.id.clone())
            .collect();
        for wamid in &read {
            self.revise(wamid, |kept| kept.message.tick = Tick::Read);
        }
        true
    }

    /// The business is typing, in the chat of this message; the token is for [`World::stop_typing`].
    pub fn start_typing(&mut self, wamid: &str) -> Option<(CustomerId, u64)> {
        let (customer, number) = self.places.get(wamid).cloned()?;
        let thread = self.thread(customer, &number);
        thread.typings += 1;
        let token = thread.typings;
        thread.typing = Some(token);
        self.changed(customer);
        Some((customer, token))
    }

    /// Takes the indicator away, if no later one has come.
    pub fn stop_typing(&mut self, customer: CustomerId, number: &str, token: u64) {
        let thread = self.thread(customer, number);
        if thread.typing == Some(token) {
            thread.typing = None;
            self.changed(customer);
        }
    }

    fn changed(&mut self, customer: CustomerId) {
        if let Ok(customer) = self.customer(customer) {
            // Steps often touch one customer twice; pages need only the last state.
            let same =
                |change: &Change| matches!(change, Change::Customer { customer: known } if known.id == customer.id);
            self.changes.retain(|change| !same(change));
            self.changes.push(Change::Customer { customer });
        }
    }

    fn told(&mut self, customer: CustomerId, number: &str, message: &Message) {
        if view::on_phone(message) {
            self.changes.push(Change::Message { customer, number: number.to_owned(), message: message.clone() });
        }
    }
}

/// Takes one of the sends that are to fail.
fn take_fail(faults: &mut Faults) -> Option<Fail> {
    let fail = faults.fail.as_mut().filter(|fail| fail.times > 0)?;
    fail.times -= 1;
    let taken = *fail;
    if taken.times == 0 {
        faults.fail = None;
    }
    Some(taken)
}

/// Takes one of the answers that are to be dropped.
fn take_drop(faults: &mut Faults) -> Option<()> {
    faults.drop_answers = faults.drop_answers.checked_sub(1)?;
    Some(())
}
