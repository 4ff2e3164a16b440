//! What the page knows, as plain data: the customers and the open chat.
//!
//! *Invariant:* changes that arrive while an answer travels are applied again after it, so an answer that was written
//! before a change never takes it back.

use ciranda_simulator_wire::{Change, Chat, Customer, CustomerId, Faults, Message, Number, State};

/// Everything on the page.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Model {
    pub numbers: Vec<Number>,
    pub templates: Vec<String>,
    /// Who talked last comes first.
    pub customers: Vec<Customer>,
    pub faults: Faults,
    pub open: Option<Open>,
    /// Those of the open chat, oldest first.
    pub messages: Vec<Message>,
    /// Answers under way.
    asked: u32,
    /// Changes heard since the first of them was asked for.
    heard: Vec<Change>,
}

/// The chat on screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    pub customer: CustomerId,
    pub number: String,
}

impl Model {
    /// An answer is under way.
    pub fn asking(&mut self) {
        self.asked += 1;
    }

    /// It will not come.
    pub fn unanswered(&mut self) {
        self.asked = self.asked.saturating_sub(1);
        if self.asked == 0 {
            self.heard.clear();
        }
    }

    /// Everything but the messages has come.
    pub fn state_arrived(&mut self, state: State) {
        self.numbers = state.numbers;
        self.templates = state.templates;
        self.customers = state.customers;
        self.faults = state.faults;
        self.answered();
    }

    /// A chat has come; of another one than the open one it is of no use any more.
    pub fn chat_arrived(&mut self, chat: Chat) {
        if self.is_open(chat.customer, &chat.head.number) {
            self.messages = chat.messages;
        }
        self.answered();
    }

    fn answered(&mut self) {
        for change in self.heard.clone() {
            self.apply(change);
        }
        self.unanswered();
    }

    /// A change was pushed.
    pub fn changed(&mut self, change: Change) {
        if self.asked > 0 {
            self.heard.push(change.clone());
        }
        self.apply(change);
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Customer { customer } => {
                self.customers.retain(|known| known.id != customer.id);
                self.customers.push(customer);
                self.customers.sort_by_key(|customer| (std::cmp::Reverse(last_at(customer)), customer.id));
            }
            Change::Message { customer, number, message } if self.is_open(customer, &number) => {
                match self.messages.iter_mut().find(|known| known.id == message.id) {
                    Some(known) => *known = message,
                    None => self.messages.push(message),
                }
            }
            Change::Faults { faults } => self.faults = faults,
            Change::Message { .. } | Change::Refetch => {}
        }
    }

    /// Puts another chat on screen, empty until its messages come.
    pub fn open(&mut self, open: Option<Open>) {
        self.messages.clear();
        self.open = open;
    }

    /// Whether this chat is on screen.
    #[must_use]
    pub fn is_open(&self, customer: CustomerId, number: &str) -> bool {
        self.open.as_ref().is_some_and(|open| open.customer == customer && open.number == number)
    }

    /// A customer's row.
    #[must_use]
    pub fn customer(&self, id: CustomerId) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.id == id)
    }

    /// Whose chat is on screen.
    #[must_use]
    pub fn present(&self) -> Option<&Customer> {
        self.customer(self.open.as_ref()?.customer)
    }

    /// The number that this customer would write to: where they talked last, else the first one.
    #[must_use]
    pub fn number_for(&self, customer: CustomerId) -> Option<String> {
        let chats = self.customer(customer)?.chats.iter();
        let last = chats.filter_map(|chat| Some((chat.last.as_ref()?.at, &chat.number))).max();
        last.map(|(_, number)| number).or(self.numbers.first().map(|number| &number.id)).cloned()
    }
}

fn last_at(customer: &Customer) -> Option<i64> {
    customer.chats.iter().filter_map(|chat| Some(chat.last.as_ref()?.at)).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciranda_simulator_wire::{ChatHead, Content, Preview, Side, Tick};

    fn message(id: &str, tick: Tick) -> Message {
        Message {
            id: id.to_owned(),
            by: Side::Customer,
            at: 1,
            content: Content::Audio,
            tick,
            quotes: None,
            reaction: None,
            chosen: None,
        }
    }

    fn told(id: &str, tick: Tick) -> Change {
        Change::Message { customer: CustomerId(0), number: "1".to_owned(), message: message(id, tick) }
    }

    fn head(last: Option<i64>) -> ChatHead {
        let last = last.map(|at| Preview { by: Side::Customer, at, content: Content::Audio });
        ChatHead { number: "1".to_owned(), last, unread: 0, window_ends: None, typing: false }
    }

    fn customer(id: u32, last: Option<i64>) -> Customer {
        Customer {
            id: CustomerId(id),
            name: format!("Cliente {id}"),
            phone: None,
            user_id: String::new(),
            username: None,
            phone_on: true,
            faults: Faults::default(),
            chats: vec![head(last)],
        }
    }

    fn opened() -> Model {
        let mut model = Model::default();
        model.open(Some(Open { customer: CustomerId(0), number: "1".to_owned() }));
        model
    }

    #[test]
    fn an_answer_written_before_a_change_does_not_take_it_back() {
        let mut model = opened();
        model.asking();
        model.changed(told("a", Tick::Read));
        model.changed(told("b", Tick::Sending));
        let chat = Chat { customer: CustomerId(0), head: head(None), messages: vec![message("a", Tick::Sending)] };
        model.chat_arrived(chat);
        let ticks: Vec<_> = model.messages.iter().map(|message| (message.id.as_str(), message.tick)).collect();
        assert_eq!(ticks, [("a", Tick::Read), ("b", Tick::Sending)]);
        assert!(model.heard.is_empty());
    }

    #[test]
    fn messages_of_other_chats_stay_away() {
        let mut model = opened();
        model.changed(Change::Message {
            customer: CustomerId(1),
            number: "1".to_owned(),
            message: message("x", Tick::Sent),
        });
        assert!(model.messages.is_empty());
        let late = Chat { customer: CustomerId(1), head: head(None), messages: vec![message("x", Tick::Sent)] };
        model.chat_arrived(late);
        assert!(model.messages.is_empty());
    }

    #[test]
    fn who_talked_last_comes_first_and_the_silent_keep_their_order() {
        let mut model = Model::default();
        for change in [customer(2, None), customer(1, None), customer(0, Some(5)), customer(3, Some(9))] {
            model.changed(Change::Customer { customer: change });
        }
        model.changed(Change::Customer { customer: customer(0, Some(6)) });
        let order: Vec<_> = model.customers.iter().map(|customer| customer.id.0).collect();
        assert_eq!(order, [3, 0, 1, 2]);
    }
}
