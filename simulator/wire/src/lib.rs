//! What the page `/simulador` and the simulator say to each other, as JSON.
//!
//! *Invariant:* plain data both ends share; no behaviour of WhatsApp lives here, and neither end's libraries.
//! All instants are milliseconds of business time, the time the demo's clock shows.

use serde::{Deserialize, Serialize};

/// A customer of the simulator, in the order in which they were added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerId(pub u32);

/// One of the business's numbers, as customers see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Number {
    /// Meta's phone number id.
    pub id: String,
    pub display: String,
    pub name: String,
}

/// Everything the page needs before it opens a chat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    pub numbers: Vec<Number>,
    /// Names of the templates that the business can be made to send.
    pub templates: Vec<String>,
    /// Who wrote or was written to last comes first.
    pub customers: Vec<Customer>,
    pub faults: Faults,
}

/// A customer with a phone, as a row of the list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    /// As written for people; none when WhatsApp knows this person by user id only.
    pub phone: Option<String>,
    /// Meta's business-scoped user id.
    pub user_id: String,
    pub username: Option<String>,
    /// A phone that is off receives nothing: messages stay at "sent".
    pub phone_on: bool,
    /// This phone's own faults; the general ones apply besides.
    pub faults: Faults,
    pub chats: Vec<ChatHead>,
}

/// One chat of a customer with one of the business's numbers, without its messages.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChatHead {
    pub number: String,
    pub last: Option<Preview>,
    /// Messages of the business that the customer has not opened.
    pub unread: u32,
    /// Until when the business may write freely; exclusive. None before the first message.
    pub window_ends: Option<i64>,
    /// The business is typing.
    pub typing: bool,
}

/// The last line of a chat.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Preview {
    pub by: Side,
    pub at: i64,
    pub content: Content,
}

/// A chat with its messages, oldest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chat {
    pub customer: CustomerId,
    pub head: ChatHead,
    pub messages: Vec<Message>,
}

/// Who wrote.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Customer,
    Business,
}

/// A bubble of the phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    /// Meta's id, `wamid.…`.
    pub id: String,
    pub by: Side,
    pub at: i64,
    pub content: Content,
    /// How far the message came; of the customer's own ones as the phone shows it.
    pub tick: Tick,
    /// The text of the message this one answers.
    pub quotes: Option<String>,
    /// Emoji put on it by the other side.
    pub reaction: Option<String>,
    /// The button or row that was tapped, by its id.
    pub chosen: Option<String>,
}

/// How far a message came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    /// On its way: the other side's machine has not taken it yet.
    Sending,
    /// Given up, or refused with a code.
    Failed,
    Sent,
    Delivered,
    Read,
}

/// What a bubble shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    Text {
        text: String,
    },
    /// A template, filled in where the simulator knows its text.
    Template {
        name: String,
        text: String,
        buttons: Vec<Choice>,
    },
    /// An interactive message: reply buttons, or the rows of a list.
    Interactive {
        text: String,
        buttons: Vec<Choice>,
        /// The choices are rows of a list rather than buttons.
        list: bool,
    },
    /// The customer's tap on a button or row.
    Tapped {
        title: String,
    },
    Image {
        caption: Option<String>,
    },
    Video {
        caption: Option<String>,
    },
    Audio,
    Document {
        name: Option<String>,
    },
    Sticker,
    Location {
        latitude: f64,
        longitude: f64,
        name: Option<String>,
    },
    Contact {
        name: String,
    },
    /// A kind that WhatsApp itself calls unsupported, or one the simulator does not draw.
    Unsupported {
        what: String,
    },
}

// Coordinates are never NaN: they come from JSON, which has no such number.
impl Eq for Content {}

/// A button or a row that can be tapped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// The payload that comes back.
    pub id: String,
    pub title: String,
}

/// What a customer can send.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Compose {
    Text {
        text: String,
        /// The message it answers, by Meta's id.
        #[serde(default)]
        quotes: Option<String>,
    },
    Image {
        caption: Option<String>,
    },
    Audio,
    Document,
    Sticker,
    Location,
    Contact,
    /// An emoji on a message of the business; an empty one takes it off again.
    Reaction {
        message: String,
        emoji: String,
    },
    Unsupported,
    /// A tap on a button of a template, a reply button or a row of a list.
    Tap {
        message: String,
        choice: String,
    },
}

/// A customer to add.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewCustomer {
    pub name: String,
    /// Any spelling of a phone number; empty for one known by user id only.
    pub phone: String,
}

/// What goes wrong, on demand.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Faults {
    /// The next sends fail with this error.
    pub fail: Option<Fail>,
    /// The next sends are accepted, then the connection drops without an answer.
    pub drop_answers: u32,
    /// Each answer to a send waits this long.
    pub delay_ms: u32,
    /// Every webhook comes twice.
    pub duplicate: bool,
    /// Webhooks of this long are held and handed over in any order.
    pub shuffle_ms: u32,
    /// `sent` and `delivered` arrive before the answer to the send.
    pub statuses_first: bool,
    /// `delivered` is left out, as WhatsApp does for an open chat.
    pub skip_delivered: bool,
}

/// An error that the next sends get.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fail {
    /// Meta's code.
    pub code: u32,
    pub how: FailHow,
    /// How many sends it takes; none is left at 0.
    pub times: u32,
}

/// When the error is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailHow {
    /// As the answer to the send.
    Answer,
    /// Accepted first, then a `failed` status.
    Status,
}

/// A change, pushed to every open page; after a gap the page asks for everything again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The first one of a stream, and again after a gap: fetch everything.
    Refetch,
    Customer {
        customer: Customer,
    },
    Message {
        customer: CustomerId,
        number: String,
        message: Message,
    },
    Faults {
        faults: Faults,
    },
}

/// Why the simulator refused; the page has the words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    UnknownCustomer,
    UnknownNumber,
    UnknownMessage,
    UnknownChoice,
    UnknownTemplate,
    EmptyName,
    EmptyText,
    TextTooLong,
    BadPhone,
    PhoneTaken,
    TooManyCustomers,
    /// The simulator only ever holds so many webhooks that the desk has not taken.
    DeskNotTaking,
    Malformed,
}

/// The body of every answer that is not a success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refused {
    pub refusal: Refusal,
}

/// Has a system of the business beside the desk, an order system say, send a template.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Notice {
    pub template: String,
}

/// Switches a customer's phone on or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneSwitch {
    pub on: bool,
}
