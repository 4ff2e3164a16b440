//! What a person is told by a sound besides an offer and a message: that an offer still waits, that a note called them,
//! and, who supervises, that a conversation is nobody's.
//!
//! *Invariant:* each is told once; nothing is told of what was so already when the page was loaded.

use std::collections::BTreeSet;

use ciranda_domain::access::{Tab, hears};
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::time::Moment;
use ciranda_sync::machine::Connection;
use ciranda_sync::view::View;
use ciranda_text::Key;
use leptos::prelude::*;

use super::{Chime, Core, Desk, Place};
use crate::browser::storage;
use crate::show::calendar::OpenTime;
use crate::show::notice::{self, half, is_loose};
use crate::words::{t, tf, words};

/// Where it is kept, for each person, up to when offers of closed hours have been told.
const OPENING_TOLD: &str = "ciranda.opening-told.";

/// What has been told.
#[derive(Default)]
pub(super) struct Told {
    /// The offers that rang a second time, by when they were made.
    halves: Vec<(ConversationId, Moment)>,
    /// Conversations in which a note calls the person.
    called: BTreeSet<ConversationId>,
    /// Conversations of teams they supervise that are nobody's.
    loose: BTreeSet<ConversationId>,
    /// Of those, the ones that became so since the board was looked at.
    bells: BTreeSet<ConversationId>,
}

impl Desk {
    /// Rings again for what is offered to this person and not started at half of its time.
    pub(super) fn ring_again(&self, core: &Core) {
        let landed = core.landed.get() && self.connection.get_untracked() == Connection::Live;
        let names = if landed { core.halves_due(self.now.get_untracked()) } else { Vec::new() };
        if !names.is_empty() {
            let told: Vec<_> = names.iter().map(|name| tf(Key::HalfSay, &[name])).collect();
            self.tell(core, Chime::Half, &told.join(". "));
        }
    }

    /// The bell of those who supervise: a discreet tone, words, and a number at the board's door. What became nobody's
    /// in one change is told by one.
    pub(super) fn ring_bell(&self, core: &Core, heads: &BTreeSet<ConversationId>) {
        let looked_at = self.place.get_untracked() == Place::Board;
        let noted: Vec<_> = heads.iter().filter_map(|id| core.loose_anew(*id, looked_at)).collect();
        if noted.is_empty() {
            return;
        }
        self.count_bells(core);
        let bells: Vec<_> = noted.into_iter().flatten().collect();
        let Some((text, quiet)) = notice::bell(words(), &bells) else { return };
        if self.connection.get_untracked() == Connection::Live {
            if !quiet {
                self.muted.set(!core.host.chime(Chime::Bell));
            }
            // On the board it is before their eyes: words would cover what they look at.
            if looked_at {
                self.spoken.set(text);
            } else {
                self.toasts.say(&text);
            }
        }
    }

    /// The board has been looked at.
    pub(super) fn forget_bells(&self) {
        let core = self.core();
        core.told.borrow_mut().bells.clear();
        self.count_bells(&core);
    }

    fn count_bells(&self, core: &Core) {
        let bells = core.told.borrow().bells.len();
        if bells != self.bells.get_untracked() {
            self.bells.set(bells);
        }
    }

    /// What is said of a note that calls this person.
    pub(super) fn called_words(&self, core: &Core, by: PersonId, head: &Conversation) -> String {
        let client = core.client.borrow();
        let people = &client.view().reference().organisation.people;
        let name = people.get(&by).map_or(t(Key::SomebodyGone), |person| person.name.as_str());
        tf(Key::MentionedSay, &[name, &head.contact.name])
    }
}

impl Core {
    /// Whose offers ring a second time now; each is named once.
    pub(super) fn halves_due(&self, now: Moment) -> Vec<String> {
        let client = self.client.borrow();
        let view = client.view();
        let (Some(me), rung) = (view.me(), self.rung.borrow()) else { return Vec::new() };
        let halves = &mut self.told.borrow_mut().halves;
        halves.retain(|(id, _)| rung.contains(id));
        let calendar = self.calendar();
        let open = OpenTime { hours: view.reference().hours(), calendar: &*calendar };
        let mut due = Vec::new();
        for id in rung.iter() {
            let Some(head) = view.conversation(*id) else { continue };
            let team = view.reference().organisation.teams.get(&head.team);
            let Some(since) = half(head, team, me, open, now) else { continue };
            let rings = (*id, since);
            if !halves.contains(&rings) {
                halves.push(rings);
                due.push(head.contact.name.clone());
            }
        }
        due
    }

    /// Whether an offer was made while the account was closed.
    pub(super) fn is_silent(&self, head: &Conversation) -> bool {
        self.by_hours(|open| notice::is_silent(head, open))
    }

    /// Whether the account is closed now.
    fn is_closed(&self) -> bool {
        let now = self.moment(self.host.tick());
        self.by_hours(|open| open.is_closed(now))
    }

    /// How many offers of closed hours wait for the person now that it is open, if that is news.
    pub(super) fn overnight_news(&self) -> Option<u32> {
        if self.is_closed() {
            return None;
        }
        self.overnight().filter(|(_, news)| *news).map(|(waiting, _)| waiting)
    }

    /// How many offers made to the person while the account was closed wait for them, and whether they were not told of
    /// the newest of these yet; they are now. Kept beyond the page: whoever looks in twice is told once (decision 4).
    pub(super) fn overnight(&self) -> Option<(u32, bool)> {
        let (me, offers) = {
            let client = self.client.borrow();
            let (view, me) = (client.view(), client.view().me()?);
            let heads = view.tab(Tab::New).filter_map(|id| view.conversation(id).cloned());
            (me, heads.filter(|head| notice::offered_to(head, me).is_some()).collect::<Vec<_>>())
        };
        let silent = offers.iter().filter(|head| self.is_silent(head)).filter_map(|head| notice::offered_to(head, me));
        let (waiting, newest) = silent.fold((0, None), |(n, newest), since| (n + 1, newest.max(Some(since))));
        let newest = newest?;
        let key = [OPENING_TOLD, &me.to_string()].concat();
        let told = storage::get(&key).and_then(|told| told.parse().ok()).map(Moment);
        let news = told < Some(newest);
        if news {
            storage::set(&key, &newest.0.to_string());
        }
        Some((waiting, news))
    }

    fn by_hours(&self, ask: impl FnOnce(OpenTime<'_>) -> bool) -> bool {
        let calendar = self.calendar();
        let client = self.client.borrow();
        ask(OpenTime { hours: client.view().reference().hours(), calendar: &*calendar })
    }

    /// Who calls the person in a note, where nobody did a moment ago.
    pub(super) fn called_anew(&self, id: ConversationId, head: Option<&Conversation>) -> Option<PersonId> {
        let me = self.client.borrow().view().me()?;
        let by = head.and_then(|head| head.called_by(me));
        let called = &mut self.told.borrow_mut().called;
        match by {
            Some(by) => called.insert(id).then_some(by).filter(|_| self.landed.get()),
            None => {
                called.remove(&id);
                None
            }
        }
    }

    /// Notes whether a conversation of a team that the person supervises is nobody's. `None` when that has not changed;
    /// else, when it became so, the words for it and whether it rings for them already.
    fn loose_anew(&self, id: ConversationId, seen: bool) -> Option<Option<(String, bool)>> {
        let client = self.client.borrow();
        let view = client.view();
        let actor = view.actor()?;
        let team = |head: &Conversation| view.reference().organisation.teams.get(&head.team);
        let head = view.replica().head(id).map(|held| &held.conversation);
        let head = head.filter(|head| is_loose(actor, head, team(head)));
        let mut told = self.told.borrow_mut();
        let Some(head) = head else {
            told.bells.remove(&id);
            return told.loose.remove(&id).then_some(None);
        };
        if !told.loose.insert(id) || !self.landed.get() {
            return None;
        }
        if !seen {
            told.bells.insert(id);
        }
        Some(Some((bell_words(view, head), hears(actor, head))))
    }
}

fn bell_words(view: &View, head: &Conversation) -> String {
    let queued = matches!(head.state, State::Pending(Pending::Queued { .. }));
    let team = view.reference().organisation.teams.get(&head.team).map_or("", |team| team.name.as_str());
    tf(if queued { Key::BellQueued } else { Key::BellOpen }, &[&head.contact.name, team])
}
