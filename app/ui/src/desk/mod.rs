//! The desk's state in the browser: the sync machine, and the signals through which screens follow it.
//!
//! *Invariant:* the replica itself is plain data and never reactive. A change set wakes only the mounted rows it names
//! and one trigger a view, so an event costs what it changes, not what is held. This module decides nothing that
//! `ciranda_sync` or `ciranda_domain` decides, and does no I/O: [`Host`] does.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use ciranda_domain::access::{Tab, hears};
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, MessageId, PersonId};
use ciranda_domain::time::Moment;
use ciranda_sync::machine::{Client, Connection, Input, Output, Tick};
use ciranda_sync::view::{Count, View};
use leptos::prelude::*;
use uuid::Uuid;

use crate::bridge::News;
use crate::browser::intl::{AccountCalendar, IntlCalendar};
use crate::show::row::Surroundings;
use crate::words::words;

mod acts;
mod changes;
pub mod drafts;
mod notices;
mod place;
mod toasts;
pub mod unsent;

pub use acts::Move;
pub use place::Place;
pub use toasts::{Toast, Toasts};

/// What the browser's end does for the desk.
pub trait Host: 'static {
    /// The machine's own time.
    fn tick(&self) -> Tick;
    /// A new UUIDv7.
    fn fresh_id(&self) -> Uuid;
    /// Does what the machine asks of the network and the timers.
    fn carry(&self, output: Output);
    /// Plays a tone; tells whether it can be heard.
    fn chime(&self, chime: Chime) -> bool;
    /// Called from a click: the browser lets sound through from then on.
    fn unmute(&self);
    /// Tells the person although the tab is not in front, where they allowed it.
    fn notify(&self, title: &str, body: &str);
}

/// The tones there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chime {
    /// A conversation to start.
    Conversation,
    /// A message in one of the person's own conversations.
    Message,
    /// A conversation to start, half of the time for it gone.
    Half,
    /// A note that calls the person.
    Mention,
    /// A conversation that is nobody's, for those who supervise.
    Bell,
}

/// A dialog on screen; at most one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialog {
    Transfer(ConversationId),
    Conclude(ConversationId),
    Shortcuts,
    /// So many calls would be lost.
    SignOut(usize),
}

/// A conversation that was on screen and is no longer this person's to see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gone {
    pub name: String,
    pub draft: String,
}

/// A handle on the desk; cheap to copy.
#[derive(Clone, Copy)]
pub struct Desk {
    core: StoredValue<Rc<Core>, LocalStorage>,
    /// Business time, once a second and whenever the clock was moved.
    pub now: RwSignal<Moment>,
    /// Business time, once a minute: for what need not be looked at every second.
    pub minute: Memo<Moment>,
    pub connection: RwSignal<Connection>,
    /// The first screens can be shown.
    pub usable: RwSignal<bool>,
    /// The part of the page that is on screen.
    pub place: RwSignal<Place>,
    pub tab: RwSignal<Tab>,
    /// How many pending conversations are this person's to take up: offered to them, or open to a team they attend.
    pub waiting: RwSignal<usize>,
    /// The conversation on screen.
    pub open: RwSignal<Option<ConversationId>>,
    /// The row that the keyboard stands on.
    pub cursor: RwSignal<Option<ConversationId>>,
    pub gone: RwSignal<Option<Gone>>,
    pub dialog: RwSignal<Option<Dialog>>,
    pub contact_shown: RwSignal<bool>,
    pub muted: RwSignal<bool>,
    /// Conversations that became nobody's since the person, who supervises, looked at the board.
    pub bells: RwSignal<usize>,
    /// Words for screen readers about what happened by itself.
    pub spoken: RwSignal<String>,
    pub toasts: Toasts,
    /// The composer takes the focus, or its text anew, when this is raised.
    pub write: RwSignal<u32>,
    /// Whether the person chose to write a note, or not to, in the conversation on screen.
    pub noting: RwSignal<Option<bool>>,
}

/// Whoever else on the page follows what the desk shows.
type Teller = Box<dyn Fn(News)>;

struct Core {
    host: Box<dyn Host>,
    client: RefCell<Client>,
    offset: Cell<i64>,
    calendar: AccountCalendar,
    heads: RefCell<BTreeMap<ConversationId, Watched>>,
    tabs: BTreeMap<Tab, ArcTrigger>,
    reference: ArcTrigger,
    lines: ArcTrigger,
    outbox: ArcTrigger,
    /// Conversations whose sound this person has had, so that each offer rings once.
    rung: RefCell<BTreeSet<ConversationId>>,
    /// Of those, the ones that came while nothing could ring.
    missed: RefCell<BTreeSet<ConversationId>>,
    /// What else was told by a sound.
    told: RefCell<notices::Told>,
    /// The conversation that this person transferred last.
    given: Cell<Option<ConversationId>>,
    /// Texts of the outbox that are kept in the browser.
    unsent: RefCell<BTreeSet<MessageId>>,
    /// Who else on the page is told what changes.
    news: RefCell<Option<Teller>>,
    /// Everything was here once.
    landed: Cell<bool>,
    /// Of the person's own conversations, the counters as last seen.
    unread: RefCell<BTreeMap<ConversationId, u32>>,
}

/// A head that something on screen follows.
struct Watched {
    followers: usize,
    head: ArcRwSignal<Option<Arc<Conversation>>>,
}

/// The tabs in the order of the screen.
pub const TABS: [Tab; 4] = [Tab::New, Tab::Mine, Tab::Others, Tab::Finished];

impl Desk {
    /// A desk around a machine that has not started.
    pub fn new(host: Box<dyn Host>, client: Client) -> Self {
        let core = Core {
            host,
            client: RefCell::new(client),
            offset: Cell::new(0),
            calendar: AccountCalendar::default(),
            heads: RefCell::default(),
            tabs: TABS.into_iter().map(|tab| (tab, ArcTrigger::new())).collect(),
            reference: ArcTrigger::new(),
            lines: ArcTrigger::new(),
            outbox: ArcTrigger::new(),
            rung: RefCell::default(),
            missed: RefCell::default(),
            told: RefCell::default(),
            given: Cell::default(),
            unsent: RefCell::default(),
            news: RefCell::default(),
            landed: Cell::new(false),
            unread: RefCell::default(),
        };
        let now = RwSignal::new(Moment(0));
        Self {
            core: StoredValue::new_local(Rc::new(core)),
            now,
            minute: Memo::new(move |_| Moment(now.get().0 / 60_000 * 60_000)),
            connection: RwSignal::new(Connection::Starting),
            usable: RwSignal::new(false),
            place: RwSignal::new(Place::Desk),
            tab: RwSignal::new(Tab::New),
            waiting: RwSignal::new(0),
            open: RwSignal::new(None),
            cursor: RwSignal::new(None),
            gone: RwSignal::new(None),
            dialog: RwSignal::new(None),
            contact_shown: RwSignal::new(crate::browser::is_wide()),
            muted: RwSignal::new(false),
            bells: RwSignal::new(0),
            spoken: RwSignal::new(String::new()),
            toasts: Toasts::new(),
            write: RwSignal::new(0),
            noting: RwSignal::new(None),
        }
    }

    fn core(&self) -> Rc<Core> {
        self.core.get_value()
    }

    /// Gives the machine an input and does what follows.
    pub fn input(&self, input: Input) {
        let core = self.core();
        core.client.borrow_mut().input(core.host.tick(), input);
        loop {
            // The borrow ends before the output is handled: handling may read the view.
            let output = core.client.borrow_mut().poll();
            match output {
                None => return,
                Some(Output::Changed(changes)) => self.changed(&core, &changes),
                Some(Output::Connection(connection)) => self.connected(&core, connection),
                Some(Output::Rejected { call, refusal }) => self.rejected(call, &refusal),
                Some(Output::Clock { offset }) => {
                    core.offset.set(offset);
                    self.beat();
                }
                Some(
                    output @ (Output::FetchStart(_)
                    | Output::FetchPage { .. }
                    | Output::Connect(_)
                    | Output::Disconnect(_)
                    | Output::Send { .. }
                    | Output::WakeAt(_)),
                ) => core.host.carry(output),
            }
        }
    }

    /// A second has passed, or the clock was moved.
    pub fn beat(&self) {
        let core = self.core();
        self.now.set(core.moment(core.host.tick()));
        self.ring_again(&core);
    }

    /// The business instant of a tick of the machine.
    pub fn moment(&self, tick: Tick) -> Moment {
        self.core().moment(tick)
    }

    /// Looks at the replica with the person's own calls laid over it. Not reactive: follow a trigger besides.
    pub fn look<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(self.core().client.borrow().view())
    }

    /// Looks at the whole machine.
    pub fn machine<T>(&self, look: impl FnOnce(&Client) -> T) -> T {
        look(&self.core().client.borrow())
    }

    /// Looks at the replica with what rows need besides; `None` before anybody is known.
    pub fn shown<T>(&self, now: Moment, look: impl FnOnce(&View, Surroundings<'_>) -> T) -> Option<T> {
        let core = self.core();
        let calendar = core.calendar();
        let client = core.client.borrow();
        let view = client.view();
        let (reference, me) = (view.reference(), view.me()?);
        Some(look(view, Surroundings { words: words(), calendar: &*calendar, reference, me, now }))
    }

    /// Lets sound through; called from a click.
    pub fn unmute(&self) {
        self.core().host.unmute();
        self.muted.set(false);
    }

    /// Who is logged in.
    pub fn me(&self) -> Option<PersonId> {
        self.look(View::me)
    }

    /// Follows account, people, teams, memberships and channels.
    pub fn track_reference(&self) {
        self.core().reference.track();
    }

    /// Follows the lines of the conversation on screen.
    pub fn track_lines(&self) {
        self.core().lines.track();
    }

    /// Follows the calls that the server has not confirmed.
    pub fn track_outbox(&self) {
        self.core().outbox.track();
    }

    /// Follows the members, order and counters of a tab.
    pub fn track_tab(&self, tab: Tab) {
        if let Some(trigger) = self.core().tabs.get(&tab) {
            trigger.track();
        }
    }

    /// The numbers beside a tab's name; reactive.
    pub fn count(&self, tab: Tab) -> Count {
        self.track_tab(tab);
        self.look(|view| view.count(tab))
    }

    /// Follows a head for as long as the present owner lives.
    pub fn follow(&self, id: ConversationId) -> ArcRwSignal<Option<Arc<Conversation>>> {
        let core = self.core();
        let head = core.look_up(id);
        let signal = {
            let mut heads = core.heads.borrow_mut();
            let watched = heads.entry(id).or_insert_with(|| Watched { followers: 0, head: ArcRwSignal::new(head) });
            watched.followers += 1;
            watched.head.clone()
        };
        let desk = *self;
        on_cleanup(move || desk.unfollow(id));
        signal
    }

    fn unfollow(&self, id: ConversationId) {
        let core = self.core();
        let mut heads = core.heads.borrow_mut();
        if let Some(watched) = heads.get_mut(&id) {
            watched.followers -= 1;
            if watched.followers == 0 {
                heads.remove(&id);
            }
        }
    }
}

impl Core {
    fn moment(&self, tick: Tick) -> Moment {
        Moment(tick.0.cast_signed() + self.offset.get())
    }

    fn look_up(&self, id: ConversationId) -> Option<Arc<Conversation>> {
        self.client.borrow().view().conversation(id).cloned().map(Arc::new)
    }

    /// Notes whether a conversation concerns the person now; tells whether it did not a moment ago. Looks at what the
    /// server said: a start of the person's own that is refused offers nothing anew.
    fn offered_anew(&self, id: ConversationId) -> bool {
        let client = self.client.borrow();
        let view = client.view();
        let concerns =
            view.actor().zip(view.replica().head(id)).is_some_and(|(actor, head)| hears(actor, &head.conversation));
        let mut rung = self.rung.borrow_mut();
        if concerns {
            rung.insert(id)
        } else {
            rung.remove(&id);
            false
        }
    }

    /// Notes the counter of one of the person's own conversations, or forgets it; gives the one noted before.
    fn unread_before(&self, id: ConversationId, now: Option<u32>) -> u32 {
        let mut unread = self.unread.borrow_mut();
        let before = match now {
            Some(now) => unread.insert(id, now),
            None => unread.remove(&id),
        };
        before.unwrap_or_default()
    }

    fn calendar(&self) -> Rc<IntlCalendar> {
        self.calendar.of(self.client.borrow().view().reference().zone())
    }
}

/// The desk of the present screen.
pub fn use_desk() -> Desk {
    expect_context::<Desk>()
}
