//! Carries: the machine's wishes to the browser, the browser's events to the machine.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use ciranda_domain::ids::ClientId;
use ciranda_sync::machine::{Client, Input, Output, SocketId, Tick};
use ciranda_ui::browser::{self, notifications};
use ciranda_ui::desk::{Chime, Desk, Host};
use leptos::ev;
use leptos::prelude::*;
use uuid::Uuid;

use crate::clock::Clock;
use crate::net::{self, Socket};
use crate::sound::Sound;
use crate::{bridge, handle, ids};

/// This end of the desk.
struct Browser {
    clock: Clock,
    sound: Sound,
    desk: Cell<Option<Desk>>,
    socket: RefCell<Option<(SocketId, Socket)>>,
    wake: Cell<Option<TimeoutHandle>>,
}

/// The part that the screens hold.
struct Ours(Rc<Browser>);

/// Builds the desk, listens to the browser and starts the machine.
pub fn start() -> Desk {
    let browser = Rc::new(Browser {
        clock: Clock::new(),
        sound: Sound::default(),
        desk: Cell::new(None),
        socket: RefCell::new(None),
        wake: Cell::new(None),
    });
    let client = Client::new(ClientId(ids::fresh()), ids::seed());
    let desk = Desk::new(Box::new(Ours(browser.clone())), client);
    browser.desk.set(Some(desk));
    handle::install(desk);
    bridge::install(desk);
    listen(desk, &browser);
    beat(desk);
    desk.input(Input::Start);
    if let Some(id) = browser::place() {
        desk.show(id);
    }
    desk
}

/// The page lives as long as the desk, so nothing here is ever taken back.
fn listen(desk: Desk, browser: &Rc<Browser>) {
    _ = window_event_listener(ev::online, move |_| desk.input(Input::Online(true)));
    _ = window_event_listener(ev::offline, move |_| desk.input(Input::Online(false)));
    _ = window_event_listener(ev::focus, move |_| desk.came_to_front());
    _ = window_event_listener_untyped("popstate", move |_| desk.travelled());
    // The first press anywhere lets sound through, so that most people are never asked.
    let browser = browser.clone();
    _ = window_event_listener(ev::pointerdown, move |_| browser.sound.unmute());
}

/// A second of business time at a time, on the second, so that what ends at a whole second is seen to end there.
fn beat(desk: Desk) {
    desk.beat();
    let into = desk.now.get_untracked().0.rem_euclid(1000);
    let rest = Duration::from_millis(u64::try_from(1000 - into).unwrap_or(1000) + 2);
    set_timeout(move || beat(desk), rest);
}

impl Browser {
    fn report(self: &Rc<Self>) -> impl Fn(Input) + Clone + use<> {
        let browser = Rc::downgrade(self);
        move |input| {
            if let Some(desk) = browser.upgrade().and_then(|browser| browser.desk.get()) {
                desk.input(input);
            }
        }
    }

    fn connect(self: &Rc<Self>, id: SocketId) {
        // The earlier one goes first: two sockets never live at once.
        self.socket.replace(None);
        if let Some(socket) = Socket::open(id, self.report()) {
            self.socket.replace(Some((id, socket)));
        }
    }

    fn disconnect(&self, id: SocketId) {
        let mut held = self.socket.borrow_mut();
        if held.as_ref().is_some_and(|(open, _)| *open == id) {
            *held = None;
        }
    }

    fn wake_at(self: &Rc<Self>, at: Tick) {
        let wait = Duration::from_millis(at.0.saturating_sub(self.clock.tick().0));
        if let Some(earlier) = self.wake.take() {
            earlier.clear();
        }
        let report = self.report();
        self.wake.set(set_timeout_with_handle(move || report(Input::Tick), wait).ok());
    }
}

impl Host for Ours {
    fn tick(&self) -> Tick {
        self.0.clock.tick()
    }

    fn fresh_id(&self) -> Uuid {
        ids::fresh()
    }

    fn carry(&self, output: Output) {
        let browser = &self.0;
        match output {
            Output::FetchStart(fetch) => net::fetch_start(fetch, browser.report()),
            Output::FetchPage { fetch, request } => net::fetch_page(fetch, &request, browser.report()),
            Output::Connect(id) => browser.connect(id),
            Output::Disconnect(id) => browser.disconnect(id),
            Output::Send { socket, bytes } => {
                if let Some((_, open)) = browser.socket.borrow().as_ref().filter(|(open, _)| *open == socket) {
                    open.send(&bytes);
                }
            }
            Output::WakeAt(at) => browser.wake_at(at),
            // The desk keeps these to itself.
            Output::Changed(_) | Output::Connection(_) | Output::Rejected { .. } | Output::Clock { .. } => {}
        }
    }

    fn chime(&self, chime: Chime) -> bool {
        self.0.sound.play(chime)
    }

    fn unmute(&self) {
        self.0.sound.unmute();
    }

    fn notify(&self, title: &str, body: &str) {
        notifications::show(title, body);
    }
}
