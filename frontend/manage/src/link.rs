//! What this module knows of the account's life: the desk's own rows, told over the page's bridge.
//!
//! *Invariant:* a copy that follows; nothing is decided here. `Link::act` is the only way back.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::distribution::{Load, loads};
use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::time::Moment;
use ciranda_sync::calls::Call;
use ciranda_sync::replica::Reference;
use ciranda_sync::rows::Row;
use ciranda_ui::bridge::{Deed, News};
use ciranda_ui::browser::intl::{AccountCalendar, IntlCalendar};
use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `window.cirandaDesk`, see `frontend/src/bridge.rs`.
    type Bridge;

    #[wasm_bindgen(method)]
    fn follow(this: &Bridge, tell: &js_sys::Function);
    #[wasm_bindgen(method)]
    fn act(this: &Bridge, deed: Uint8Array);
    #[wasm_bindgen(method)]
    fn now(this: &Bridge) -> f64;
}

/// What is known.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub me: Option<PersonId>,
    pub live: bool,
    pub reference: Reference,
    /// How often the reference rows were told: what is told anew may be of something that no row shows.
    pub told: u32,
    pub heads: BTreeMap<ConversationId, Conversation>,
    /// What went out of sight since this module runs, and has not come back.
    pub gone: BTreeSet<ConversationId>,
}

impl Known {
    /// A channel's kind.
    #[must_use]
    pub fn kind(&self, id: ChannelId) -> Option<ChannelKind> {
        self.reference.channels.get(&id).map(|channel| channel.kind)
    }

    /// What each person holds of the conversations that are seen here.
    #[must_use]
    pub fn loads(&self) -> BTreeMap<PersonId, Load> {
        loads(self.heads.values(), |id| self.kind(id))
    }

    /// Takes what the desk told.
    pub fn take(&mut self, news: News) {
        self.me = news.me;
        self.live = news.live;
        if let Some(rows) = news.reference {
            self.reference = Reference::of(rows);
            self.told = self.told.wrapping_add(1);
        }
        if news.whole {
            self.gone.extend(std::mem::take(&mut self.heads).into_keys());
        }
        for row in news.heads {
            if let Row::Conversation { head, .. } = row {
                self.gone.remove(&head.id);
                self.heads.insert(head.id, *head);
            }
        }
        for id in news.gone {
            self.heads.remove(&id);
            self.gone.insert(id);
        }
    }
}

/// A handle on what is known; cheap to copy.
#[derive(Clone, Copy)]
pub struct Link {
    pub known: RwSignal<Known>,
    /// Business time, once a second and with every change.
    pub now: RwSignal<Moment>,
    /// The address within the page.
    pub path: RwSignal<String>,
    /// The address of a form with something unsaved: the page stays there, and asks.
    pub kept: RwSignal<Option<String>>,
    /// Where somebody wanted to go from such a form.
    pub wanted: RwSignal<Option<String>>,
    calendar: StoredValue<AccountCalendar, LocalStorage>,
}

impl Link {
    /// Begins to follow the desk.
    pub fn begin() -> Self {
        let link = Self {
            known: RwSignal::new(Known::default()),
            now: RwSignal::new(Moment(0)),
            path: RwSignal::new(ciranda_ui::browser::path()),
            kept: RwSignal::new(None),
            wanted: RwSignal::new(None),
            calendar: StoredValue::new_local(AccountCalendar::default()),
        };
        let tell: Closure<dyn Fn(Vec<u8>)> = Closure::new(move |bytes: Vec<u8>| {
            if let Some(news) = News::decode(&bytes) {
                link.beat();
                link.known.update(|known| known.take(news));
            }
        });
        if let Some(bridge) = bridge() {
            // Lives as long as the page.
            bridge.follow(tell.into_js_value().unchecked_ref());
        }
        set_interval(move || link.beat(), std::time::Duration::from_secs(1));
        // They stay for as long as the page does.
        _ = window_event_listener_untyped("ciranda-place", move |_| link.arrive());
        link
    }

    fn beat(self) {
        if let Some(bridge) = bridge() {
            #[allow(clippy::cast_possible_truncation)] // Milliseconds since 1970.
            self.now.set(Moment(bridge.now() as i64));
        }
    }

    fn act(self, deed: &Deed) {
        if let Some(bridge) = bridge() {
            bridge.act(Uint8Array::from(deed.encode().as_slice()));
        }
    }

    /// Asks the desk to make a call.
    pub fn call(self, call: Call) {
        self.act(&Deed::Call(call));
    }

    /// Goes to the desk with this conversation on screen.
    pub fn show(self, id: ConversationId) {
        self.act(&Deed::Show(id));
    }

    /// A person's name; reactive.
    #[must_use]
    pub fn person(self, id: PersonId) -> String {
        let name =
            self.known.with(|known| known.reference.organisation.people.get(&id).map(|person| person.name.clone()));
        name.unwrap_or_else(|| ciranda_ui::t(ciranda_text::Key::SomebodyGone).to_owned())
    }

    /// A team's name; reactive.
    #[must_use]
    pub fn team(self, id: TeamId) -> String {
        self.known
            .with(|known| known.reference.organisation.teams.get(&id).map(|team| team.name.clone()))
            .unwrap_or_default()
    }

    /// The name of a conversation's contact.
    #[must_use]
    pub fn contact(self, id: ConversationId) -> String {
        self.known
            .with_untracked(|known| known.heads.get(&id).map(|head| head.contact.name.clone()))
            .unwrap_or_default()
    }

    /// Days and hours as the account's people read them.
    #[must_use]
    pub fn calendar(self) -> Rc<IntlCalendar> {
        self.known.with_untracked(|known| self.calendar.with_value(|calendar| calendar.of(known.reference.zone())))
    }

    /// Tells the person something.
    pub fn say(self, text: &str) {
        self.act(&Deed::Say(text.to_owned()));
    }

    /// Goes to another of these screens, unless a form keeps the person where they are.
    pub fn go(self, address: &str) {
        if self.kept.with_untracked(|kept| kept.as_deref().is_some_and(|kept| kept != address)) {
            self.wanted.set(Some(address.to_owned()));
        } else {
            ciranda_ui::browser::advance(address);
            self.path.set(ciranda_ui::browser::path());
        }
    }

    /// The address changed by itself: by the rail, or by going back.
    fn arrive(self) {
        let to = ciranda_ui::browser::path();
        match self.kept.get_untracked() {
            Some(kept) if kept != to => {
                ciranda_ui::browser::readdress(&kept);
                // The desk has taken the other address for where we are. It is still busy with that.
                set_timeout(|| ciranda_ui::browser::announce("popstate"), std::time::Duration::ZERO);
                // The way to a part as such leads to what is open in it.
                if to.matches('/').count() > 1 || !kept.starts_with(&[to.as_str(), "/"].concat()) {
                    self.wanted.set(Some(to));
                }
            }
            _ => self.path.set(to),
        }
    }
}

fn bridge() -> Option<Bridge> {
    let found = Reflect::get(&js_sys::global(), &"cirandaDesk".into()).ok()?;
    found.is_object().then(|| found.unchecked_into())
}

/// The handle that the page put into the context.
pub fn use_link() -> Link {
    expect_context::<Link>()
}
