//! The page's state and what it can do: ask the simulator, hear its changes, open chats.

use std::rc::Rc;

use ciranda_simulator_wire::{Change, Chat, Compose, CustomerId, Faults, NewCustomer, Notice, PhoneSwitch, State};
use ciranda_text::phone::Phone as Words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::clock::{self, DemoClock, Move};
use crate::customers::row_id;
use crate::format::Format;
use crate::http::{self, API, Trouble};
use crate::model::{Model, Open};

/// Whether changes are heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Link {
    Connecting,
    Live,
    Lost,
}

/// What the page shows as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    Loading,
    Ready,
    /// This server has no simulator.
    NotHere,
}

/// Handles to everything; a copy is the same page.
#[derive(Clone, Copy)]
pub struct Phones {
    pub words: &'static Words,
    pub format: StoredValue<Rc<Format>, LocalStorage>,
    pub model: RwSignal<Model>,
    pub stage: RwSignal<Stage>,
    pub link: RwSignal<Link>,
    /// None until the server has told the time.
    pub clock: RwSignal<Option<DemoClock>>,
    /// Business time, once a second.
    pub now: RwSignal<i64>,
    /// Whether looking at a chat tells the desk that it was read.
    pub receipts: RwSignal<bool>,
}

impl Phones {
    pub fn new(words: &'static Words, language: &str) -> Self {
        Self {
            words,
            format: StoredValue::new_local(Rc::new(Format::new(language))),
            model: RwSignal::new(Model::default()),
            stage: RwSignal::new(Stage::Loading),
            link: RwSignal::new(Link::Connecting),
            clock: RwSignal::new(None),
            now: RwSignal::new(0),
            receipts: RwSignal::new(true),
        }
    }

    /// A change was pushed.
    pub fn heard(self, change: Change) {
        if change == Change::Refetch {
            self.fetch_all();
            return;
        }
        self.model.update(|model| model.changed(change));
        self.read_if_looking();
    }

    /// Asks for everything again.
    fn fetch_all(self) {
        self.model.update(Model::asking);
        spawn_local(async move {
            match http::get::<State>(&[API, "/state"].concat()).await {
                Ok(state) => {
                    self.model.update(|model| model.state_arrived(state));
                    self.stage.set(Stage::Ready);
                }
                Err(trouble) => self.failed_to_fetch(trouble),
            }
        });
        self.fetch_chat();
        self.read_clock();
    }

    fn failed_to_fetch(self, trouble: Trouble) {
        self.model.update(Model::unanswered);
        if trouble == Trouble::NotHere && self.stage.get_untracked() == Stage::Loading {
            self.stage.set(Stage::NotHere);
        }
    }

    /// The stream broke. Before anything was shown only a question tells whether there is a simulator at all.
    pub fn stream_broke(self) {
        self.link.set(Link::Lost);
        if self.stage.get_untracked() == Stage::Loading {
            self.fetch_all();
        }
    }

    /// Puts a chat on screen.
    pub fn open(self, customer: CustomerId, number: String) {
        self.model.update(|model| model.open(Some(Open { customer, number })));
        self.fetch_chat();
    }

    /// Back to the list, on a narrow screen.
    pub fn close(self) {
        let left = self.model.with_untracked(|model| model.open.as_ref().map(|open| open.customer));
        self.model.update(|model| model.open(None));
        if let Some(customer) = left {
            request_animation_frame(move || focus(&row_id(customer)));
        }
    }

    fn fetch_chat(self) {
        let Some(path) = self.chat_path() else { return };
        self.model.update(Model::asking);
        spawn_local(async move {
            match http::get::<Chat>(&path).await {
                Ok(chat) => {
                    self.model.update(|model| model.chat_arrived(chat));
                    self.read_if_looking();
                }
                Err(_) => self.model.update(Model::unanswered),
            }
        });
    }

    fn chat_path(self) -> Option<String> {
        self.model.with_untracked(|model| model.open.as_ref().map(chat_path))
    }

    /// Tells the desk that the open chat was read, when somebody looks at it and receipts are on.
    pub fn read_if_looking(self) {
        if !document().hidden() && self.receipts.get_untracked() {
            self.read();
        }
    }

    /// Tells the desk that the open chat was read.
    pub fn read(self) {
        let unread = self.model.with_untracked(|model| {
            let open = model.open.as_ref()?;
            let head = model.present()?.chats.iter().find(|chat| chat.number == open.number)?;
            (head.unread > 0).then(|| chat_path(open))
        });
        if let Some(path) = unread {
            spawn_local(async move {
                // What stays unread is read with the next message or the next look.
                _ = http::tell(&[&path, "/read"].concat(), &()).await;
            });
        }
    }

    /// The customer sends, into the open chat.
    pub async fn send(self, compose: Compose) -> Result<(), Trouble> {
        match self.chat_path() {
            Some(path) => http::tell(&[&path, "/send"].concat(), &compose).await,
            None => Ok(()),
        }
    }

    /// The shop's order system sends a template into the open chat.
    pub async fn notice(self, template: String) -> Result<(), Trouble> {
        match self.chat_path() {
            Some(path) => http::tell(&[&path, "/notice"].concat(), &Notice { template }).await,
            None => Ok(()),
        }
    }

    pub async fn add(self, new: NewCustomer) -> Result<(), Trouble> {
        http::tell(&[API, "/customers"].concat(), &new).await
    }

    pub async fn switch(self, customer: CustomerId, on: bool) -> Result<(), Trouble> {
        http::put(&format!("{API}/customers/{}/phone", customer.0), &PhoneSwitch { on }).await
    }

    pub async fn set_faults(self, of: Option<CustomerId>, faults: Faults) -> Result<(), Trouble> {
        let path = match of {
            Some(customer) => format!("{API}/customers/{}/faults", customer.0),
            None => [API, "/faults"].concat(),
        };
        http::put(&path, &faults).await
    }

    /// Asks for the demo's time.
    pub fn read_clock(self) {
        spawn_local(async move {
            if let Ok(reading) = clock::read().await {
                self.clock_read(DemoClock::new(reading));
            }
        });
    }

    /// Moves the demo's time.
    pub async fn advance(self, by: Move) -> Result<(), Trouble> {
        let reading = clock::advance(by).await?;
        self.clock_read(DemoClock::new(reading));
        Ok(())
    }

    fn clock_read(self, clock: DemoClock) {
        self.clock.set(Some(clock));
        self.now.set(clock.now());
    }

    /// Once a second: what shows the time follows.
    pub fn tick(self) {
        if let Some(clock) = self.clock.get_untracked() {
            self.now.set(clock.now());
        }
    }

    pub fn formatted<T>(self, how: impl FnOnce(&Format) -> T) -> T {
        self.format.with_value(|format| how(format))
    }
}

fn chat_path(open: &Open) -> String {
    format!("{API}/customers/{}/chats/{}", open.customer.0, open.number)
}

/// Gives an element the focus.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // What is on screen takes the focus.
        _ = element.focus();
    }
}

/// Whether list and chat are two steps, as style/phone.css has it.
pub fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 760.0)
}
