//! Which part of Ciranda is on screen: the desk itself, or one of the managers' screens, which are a module of their own.
//!
//! *Invariant:* the address says it; the desk lives on behind the others, so that offers ring wherever one is.

use ciranda_domain::person::Profile;
use ciranda_sync::view::ChangeSet;
use leptos::prelude::*;

use super::{Core, Desk, Teller};
use crate::bridge::{Deed, News};
use crate::browser;

/// A part of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Desk,
    Board,
    Reports,
    Settings,
}

impl Place {
    /// The part that an address belongs to; `None` for one that leads nowhere.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path.split('/').nth(1).unwrap_or_default() {
            "" => Some(Self::Desk),
            "painel" => Some(Self::Board),
            "relatorios" => Some(Self::Reports),
            "ajustes" => Some(Self::Settings),
            _ => None,
        }
    }

    /// Its first page.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::Desk => "/",
            Self::Board => "/painel",
            Self::Reports => "/relatorios",
            Self::Settings => "/ajustes",
        }
    }
}

impl Desk {
    /// Goes to a part of the page.
    pub fn go(&self, place: Place) {
        if self.place.get_untracked() == place && place == Place::Desk {
            self.hide();
        } else {
            browser::advance(place.address());
            self.arrive(place);
        }
    }

    /// The address changed: shows what it names.
    pub fn arrive(&self, place: Place) {
        self.place.set(place);
        if place == Place::Board {
            self.forget_bells();
        }
        if place != Place::Desk {
            browser::load_part("manage");
        }
        // Of leaving them too: nothing of theirs, a modal sheet least of all, may stay behind over the desk.
        browser::announce("ciranda-place");
        if place == Place::Desk
            && let Some(open) = self.open.get_untracked()
        {
            browser::remember_place(Some(open), false);
        }
    }

    /// Whether the person has a board to look at: supervisors and administrators.
    #[must_use]
    pub fn oversees(&self) -> bool {
        self.track_reference();
        self.look(|view| {
            let Some(me) = view.me() else { return false };
            let organisation = &view.reference().organisation;
            self.administers() || organisation.memberships.values().any(|m| m.person == me && m.supervises)
        })
    }

    /// Whether the person has reports, be it only of their own work: everybody but restricted attendants (section 19).
    #[must_use]
    pub fn has_reports(&self) -> bool {
        self.track_reference();
        self.look(|view| view.actor().is_some_and(|actor| actor.profile != Profile::Restricted))
    }

    /// Whether the person may change settings.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.track_reference();
        self.look(|view| {
            let me = view.me().and_then(|me| view.reference().organisation.people.get(&me));
            me.is_some_and(|me| me.profile == Profile::Administrator)
        })
    }

    /// Tells everything now, and from then on what changes.
    pub fn follow_news(&self, tell: Teller) {
        let core = self.core();
        tell(News::whole(core.client.borrow().view(), self.is_live()));
        *core.news.borrow_mut() = Some(tell);
    }

    pub(super) fn tell_news(&self, core: &Core, changes: &ChangeSet) {
        if let Some(tell) = &*core.news.borrow() {
            tell(News::of(core.client.borrow().view(), self.is_live(), changes));
        }
    }

    fn is_live(&self) -> bool {
        self.connection.get_untracked() == ciranda_sync::machine::Connection::Live
    }

    /// Does what the managers' screens ask.
    pub fn carry_out(&self, deed: Deed) {
        match deed {
            Deed::Call(call) => self.call(call),
            Deed::Say(text) => self.toasts.say(&text),
            Deed::Show(id) => {
                self.go(Place::Desk);
                self.look_for(id);
                // Going to the desk was the step: one back is where the person came from.
                self.put_on_screen(id, false);
            }
        }
    }

    /// The tab that a conversation is in comes to the front.
    fn look_for(&self, id: ciranda_domain::ids::ConversationId) {
        let tab = self.look(|view| Some(ciranda_domain::access::tab(view.me()?, view.conversation(id)?)));
        if let Some(tab) = tab {
            self.tab.set(tab);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_part() {
        for place in [Place::Desk, Place::Board, Place::Reports, Place::Settings] {
            assert_eq!(Place::of(place.address()), Some(place));
        }
        assert_eq!(Place::of("/ajustes/equipes"), Some(Place::Settings));
        assert_eq!(Place::of("/nada"), None);
    }
}
