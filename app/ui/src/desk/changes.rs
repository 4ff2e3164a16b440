//! What follows on screen from what the machine reports.
//!
//! *Invariant:* a retracted conversation leaves the screen in the step that reports it, its unsent text kept until the
//! person dismisses it (decision 13).

use std::sync::Arc;

use ciranda_domain::access::{Tab, hears, tab};
use ciranda_domain::conversation::{Conversation, Side, State};
use ciranda_domain::ids::ConversationId;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;
use ciranda_sync::machine::{Connection, Stop};
use ciranda_sync::view::ChangeSet;
use ciranda_text::{Key, refusals};
use leptos::prelude::*;

use super::drafts::{self, Slot};
use super::{Chime, Core, Desk, Gone};
use crate::browser;
use crate::words::{t, tf, words};

impl Desk {
    pub(super) fn changed(&self, core: &Core, changes: &ChangeSet) {
        for id in &changes.retracted {
            self.retract(core, *id);
        }
        self.ring_bell(core, &changes.heads);
        for id in &changes.heads {
            let head = core.look_up(*id);
            self.ring(core, *id, head.as_deref());
            self.refresh(core, *id, head);
        }
        for tab in &changes.tabs {
            if let Some(trigger) = core.tabs.get(tab) {
                trigger.notify();
            }
        }
        if changes.reference {
            core.reference.notify();
        }
        if changes.reference || self.open.get_untracked().is_some_and(|open| changes.lines.contains_key(&open)) {
            core.lines.notify();
        }
        if changes.outbox {
            Self::keep_unsent(core);
            core.outbox.notify();
        }
        if !changes.heads.is_empty() {
            self.count_waiting(core);
        }
        if changes.opening > 0 && core.overnight().is_none_or(|(_, news)| news) {
            self.tell_opening(core, changes.opening);
        }
        self.tell_news(core, changes);
        let usable = core.client.borrow().is_usable();
        if usable != self.usable.get_untracked() {
            self.usable.set(usable);
        }
    }

    fn count_waiting(&self, core: &Core) {
        let client = core.client.borrow();
        let pending = |id: &&ConversationId| {
            client.view().conversation(**id).is_some_and(|head| matches!(head.state, State::Pending(_)))
        };
        let waiting = core.rung.borrow().iter().filter(pending).count();
        if waiting != self.waiting.get_untracked() {
            self.waiting.set(waiting);
        }
    }

    fn refresh(&self, core: &Core, id: ConversationId, head: Option<Arc<Conversation>>) {
        let watched = core.heads.borrow().get(&id).map(|watched| watched.head.clone());
        if let Some(signal) = watched {
            signal.set(head);
        }
        // The responsible who has it before their eyes has read it.
        if self.open.get_untracked() == Some(id) {
            self.mark_read(id);
        }
    }

    fn retract(&self, core: &Core, id: ConversationId) {
        let name = core.heads.borrow().get(&id).and_then(|watched| {
            watched.head.with_untracked(|head| head.as_ref().map(|head| head.contact.name.clone()))
        });
        if self.open.get_untracked() != Some(id) {
            let was_mine = core.unread.borrow().contains_key(&id);
            if let Some(name) = name.filter(|_| was_mine && core.given.get() != Some(id)) {
                self.toasts.say(&tf(Key::TakenAway, &[&name]));
            }
            return;
        }
        let drafts = [drafts::take(Slot::Text(id)), drafts::take(Slot::Note(id))];
        let draft = drafts.join("\n").trim_matches('\n').to_owned();
        self.uncover();
        self.open.set(None);
        self.dialog.set(None);
        // Whoever gave it away knows where it went.
        if core.given.take() == Some(id) && draft.is_empty() {
            browser::remember_place(None, false);
            return;
        }
        self.tell_gone(name.unwrap_or_default(), draft);
    }

    /// Says that a conversation is gone, with what was written for it; what such a card shows already stays on it.
    fn tell_gone(&self, name: String, draft: String) {
        let before = self.gone.get_untracked().filter(|gone| !gone.draft.is_empty());
        self.gone.set(Some(match before {
            Some(gone) if draft.is_empty() => gone,
            Some(gone) => Gone { name: gone.name, draft: [gone.draft.as_str(), "\n", &draft].concat() },
            None => Gone { name, draft },
        }));
    }

    /// Rings when a conversation newly concerns this person, once an offer.
    fn ring(&self, core: &Core, id: ConversationId, head: Option<&Conversation>) {
        let offered = core.offered_anew(id);
        let called = core.called_anew(id, head);
        let Some(head) = head else { return };
        self.tell_taken(core, id, head);
        let wrote = self.heard_anew(core, id, head);
        // While catching up nothing rings: what still stands then is told once everything is here.
        if !matches!(self.connection.get_untracked(), Connection::Live) {
            if offered || called.is_some() {
                core.missed.borrow_mut().insert(id);
            }
            return;
        }
        if offered && !core.is_silent(head) {
            let told = tf(Key::NewConversationSay, &[&head.contact.name]);
            self.tell(core, Chime::Conversation, &told);
        } else if let Some(by) = called.filter(|_| !self.watches(id)) {
            self.tell(core, Chime::Mention, &self.called_words(core, by, head));
        } else if wrote {
            let told = tf(Key::NewMessageSay, &[&head.contact.name]);
            self.tell(core, Chime::Message, &told);
        }
    }

    /// One of the person's own conversations went to somebody else or back to the queue, and not by their own hand.
    fn tell_taken(&self, core: &Core, id: ConversationId, head: &Conversation) {
        let was_mine = core.unread.borrow().contains_key(&id);
        if !was_mine || core.given.get() == Some(id) {
            return;
        }
        let contact = &head.contact.name;
        match head.state {
            State::InProgress { responsible, .. } if Some(responsible) != self.me() => {
                let client = core.client.borrow();
                let person = client.view().reference().organisation.people.get(&responsible);
                let name = person.map_or("", |person| &person.name);
                self.toasts.say(&tf(Key::TakenOver, &[name, contact]));
            }
            State::Pending(_) => self.toasts.say(&tf(Key::TakenAway, &[contact])),
            State::InProgress { .. } | State::Finished(_) => {}
        }
    }

    /// The one notice of what was offered while the account was closed.
    fn tell_opening(&self, core: &Core, waiting: u32) {
        let told = tf(Key::OpeningNotice, &[&waiting.to_string()]);
        self.toasts.say(&told);
        self.tell(core, Chime::Conversation, &told);
    }

    /// Live again: one ring for all that was offered meanwhile and still is, and the notice of an opening that was missed.
    fn ring_missed(&self, core: &Core) {
        let (me, mut told, mut chime) = (self.me(), Vec::new(), Chime::Mention);
        for id in core.missed.take() {
            let Some(head) = core.look_up(id) else { continue };
            if core.rung.borrow().contains(&id) && !core.is_silent(&head) {
                chime = Chime::Conversation;
                told.push(tf(Key::NewConversationSay, &[&head.contact.name]));
            } else if let Some(by) = me.and_then(|me| head.called_by(me)) {
                told.push(self.called_words(core, by, &head));
            }
        }
        if !told.is_empty() {
            self.tell(core, chime, &told.join(". "));
        }
        if let Some(waiting) = core.overnight_news() {
            self.tell_opening(core, waiting);
        }
    }

    /// Whether a customer wrote in one of the person's own conversations that is not before their eyes.
    fn heard_anew(&self, core: &Core, id: ConversationId, head: &Conversation) -> bool {
        let mine = matches!(head.state, State::InProgress { responsible, .. } if Some(responsible) == self.me());
        let before = core.unread_before(id, mine.then_some(head.unread));
        let theirs = head.last_line.as_ref().is_some_and(|line| line.side == Side::Customer);
        mine && theirs && head.unread > before && !self.watches(id)
    }

    fn watches(&self, id: ConversationId) -> bool {
        self.open.get_untracked() == Some(id) && browser::is_in_front()
    }

    pub(super) fn tell(&self, core: &Core, chime: Chime, told: &str) {
        self.muted.set(!core.host.chime(chime));
        self.spoken.set(told.to_owned());
        if !browser::is_in_front() {
            let new = matches!(chime, Chime::Conversation);
            core.host.notify(t(if new { Key::NotifyTitle } else { Key::Product }), told);
        }
    }

    pub(super) fn connected(&self, core: &Core, connection: Connection) {
        let before = self.connection.get_untracked();
        self.connection.set(connection);
        self.tell_news(core, &ChangeSet::default());
        // What a bubble says about a text on its way depends on the connection.
        core.lines.notify();
        match connection {
            // Somebody who was never in, or has just left, is not told that a session ended.
            Connection::Stopped(Stop::SignedOut)
                if matches!(before, Connection::Starting) || !browser::has_come_in() =>
            {
                browser::leave_to("/entrar")
            }
            Connection::Stopped(Stop::SignedOut) => browser::leave_to("/entrar?saiu"),
            Connection::Stopped(Stop::NewVersion | Stop::Refused) => self.toasts.sticky(t(Key::NewVersion)),
            Connection::Live if !core.landed.replace(true) => {
                self.land(core);
                self.take_up_unsent();
                if let Some(waiting) = core.overnight_news() {
                    self.tell_opening(core, waiting);
                }
            }
            Connection::Live => self.ring_missed(core),
            Connection::Starting | Connection::Recovering | Connection::Offline { .. } => {}
        }
    }

    /// The first time everything is here: what was waiting already does not ring, and the tab of the conversation on
    /// screen opens, else the first one with work.
    fn land(&self, core: &Core) {
        let client = core.client.borrow();
        let view = client.view();
        let Some(actor) = view.actor() else { return };
        core.missed.take();
        let mut rung = core.rung.borrow_mut();
        for tab in [Tab::New, Tab::Mine] {
            for id in view.tab(tab) {
                if view.conversation(id).is_some_and(|head| hears(actor, head)) {
                    rung.insert(id);
                }
            }
        }
        let open = self.open.get_untracked().and_then(|id| view.conversation(id));
        let first = match open {
            Some(head) => Some(tab(actor.person, head)),
            None => [Tab::New, Tab::Mine].into_iter().find(|tab| view.count(*tab).conversations > 0),
        };
        drop(rung);
        drop(client);
        _ = core.halves_due(self.now.get_untracked());
        if let Some(first) = first.filter(|_| self.tab.get_untracked() == Tab::New) {
            self.tab.set(first);
        }
    }

    pub(super) fn rejected(&self, call: Call, refusal: &Refused) {
        let core = self.core();
        core.given.take();
        let told = {
            let client = core.client.borrow();
            let view = client.view();
            // A text follows the start it was written after: both are refused for the same reason.
            let by = match (&call, refusal) {
                (Call::Send { conversation, .. }, Refused::NotAllowed) => {
                    view.conversation(*conversation).and_then(Conversation::responsible)
                }
                _ => None,
            };
            let started = by.filter(|by| Some(*by) != view.me()).map(|by| Refused::AlreadyStarted { by });
            refusals::explain(words(), started.as_ref().unwrap_or(refusal), &view.reference().organisation)
        };
        let (conversation, slot, text) = match call {
            Call::Send { conversation, text, .. } => (conversation, Slot::Text(conversation), text),
            Call::AddNote { conversation, text, .. } => (conversation, Slot::Note(conversation), text),
            // Nobody asked for the read mark by hand, so nobody needs to know that it came too late.
            Call::MarkRead { .. } | Call::Nothing => return,
            Call::Restart { conversation } if *refusal == Refused::AlreadyOpen => {
                self.show_open_one(conversation);
                return self.toasts.say(&told);
            }
            _ => return self.toasts.say(&told),
        };
        let shown = core.look_up(conversation);
        if shown.is_none() {
            // A draft of what nobody can open again would be lost: it is shown until dismissed.
            self.tell_gone(String::new(), text);
            return;
        }
        drafts::give_back(slot, &text);
        if self.open.get_untracked() == Some(conversation) {
            self.noting.set(Some(slot == Slot::Note(conversation)));
        }
        self.write.update(|n| *n += 1);
        self.toasts.say(&[told.as_str(), t(Key::RefusedDraftKept)].join(" "));
    }

    /// Starting another opens the visible one (decision 11).
    fn show_open_one(&self, concluded: ConversationId) {
        let open = self.look(|view| {
            let pair = |head: &Conversation| (head.contact.identity, head.channel);
            let asked = pair(view.conversation(concluded)?);
            let heads = view.replica().heads().values().map(|held| &held.conversation);
            let mut open = heads.filter(|head| !matches!(head.state, State::Finished(_)) && pair(head) == asked);
            open.next().map(|head| head.id)
        });
        if let Some(open) = open {
            self.visit(open);
        }
    }
}
