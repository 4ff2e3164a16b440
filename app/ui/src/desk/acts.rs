//! What a person does: each act checks what the rules allow and becomes one call.
//!
//! *Invariant:* an act that the rules refuse is told at once and never leaves; one that they allow is shown at once and
//! may still be refused by the server.

use ciranda_domain::access::{Action, Tab, may, tab};
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ConversationId, MessageId, PersonId, TeamId};
use ciranda_domain::limits::{validate_note, validate_text};
use ciranda_domain::person::Availability;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Input;
use ciranda_text::{Key, refusals};
use leptos::prelude::*;

use super::drafts::{self, Slot};
use super::{Desk, Dialog, Place, TABS};
use crate::browser;
use crate::show::{mention, transfer};
use crate::words::{tf, words};

impl Desk {
    pub(super) fn call(&self, call: Call) {
        self.input(Input::Call(call));
    }

    /// Whether the rules allow an act on a conversation as it is now.
    pub fn allows(&self, action: Action, id: ConversationId) -> bool {
        self.look(|view| match (view.actor(), view.conversation(id)) {
            (Some(actor), Some(head)) => may(actor, action, head).is_ok(),
            _ => false,
        })
    }

    /// As [`Self::allows`], telling the person why not.
    fn checked(&self, action: Action, id: ConversationId) -> bool {
        let refusal = self.look(|view| {
            let (actor, head) = (view.actor()?, view.conversation(id)?);
            let refusal = may(actor, action, head).err()?;
            Some(refusals::explain(words(), &refusal.into(), &view.reference().organisation))
        });
        match refusal {
            Some(told) => self.toasts.say(&told),
            None => return self.look(|view| view.conversation(id).is_some()),
        }
        false
    }

    /// "Iniciar", or "Reiniciar" for a finished one.
    pub fn start(&self, id: ConversationId) {
        let finished =
            self.look(|view| view.conversation(id).is_some_and(|head| matches!(head.state, State::Finished(_))));
        let (action, call) = if finished {
            (Action::Restart, Call::Restart { conversation: id })
        } else {
            (Action::Start, Call::Start { conversation: id })
        };
        if self.checked(action, id) {
            self.hold(id, call);
        }
    }

    /// "Assumir": the conversation becomes this person's in place of whoever attends it.
    pub fn take_over(&self, id: ConversationId) {
        if self.checked(Action::TakeOver, id) {
            let from = self.look(|view| view.conversation(id).and_then(Conversation::responsible));
            self.hold(id, Call::TakeOver { conversation: id, from });
        }
    }

    /// Makes a conversation the person's own, and leads them to writing in it.
    fn hold(&self, id: ConversationId, call: Call) {
        let warning = self.look(|view| {
            let (me, head) = (view.me()?, view.conversation(id)?);
            transfer::warning(words(), &view.reference().organisation, (me, head.team), head, &view.loads())
        });
        if let Some(warning) = warning {
            self.toasts.say(&warning);
        }
        self.call(call);
        self.tab.set(Tab::Mine);
        self.show(id);
        self.noting.set(None);
        self.write.update(|n| *n += 1);
    }

    /// Sends a text; `false` when it is not fit to be sent, and stays where it was written.
    pub fn send(&self, id: ConversationId, text: &str) -> bool {
        let fit = self.look(|view| {
            let head = view.conversation(id)?;
            let channel = view.reference().channels.get(&head.channel)?;
            validate_text(channel.kind, text).ok()
        });
        if fit.is_none() || !self.checked(Action::Write, id) {
            return false;
        }
        let message = MessageId(self.core().host.fresh_id());
        self.call(Call::Send { conversation: id, message, text: text.trim_end().to_owned() });
        true
    }

    /// Writes a note, calling whom its words name; `false` when it is not fit, and stays where it was written.
    pub fn note(&self, id: ConversationId, text: &str) -> bool {
        if validate_note(text).is_err() || !self.checked(Action::AddNote, id) {
            return false;
        }
        let message = MessageId(self.core().host.fresh_id());
        let mentions = self.look(|view| mention::called(&view.reference().organisation, text));
        self.call(Call::AddNote { conversation: id, message, text: text.trim_end().to_owned(), mentions });
        true
    }

    /// Asks whoever attends a conversation for it, by a note that calls them: it is there to be sent or changed.
    pub fn request_transfer(&self, id: ConversationId, of: PersonId) {
        let name = self.look(|view| view.reference().organisation.people.get(&of).map(|person| person.name.clone()));
        let text = name.map(|name| tf(Key::RequestText, &[&name])).unwrap_or_default();
        if !drafts::get(Slot::Note(id)).contains(&text) {
            drafts::give_back(Slot::Note(id), &text);
        }
        self.toggle_note(id);
    }

    /// Whether what is written in a conversation is a note: where the person chose so, and for whoever follows along
    /// until they choose otherwise. Follows the choice only.
    pub fn notes(&self, id: ConversationId) -> bool {
        let chosen = self.noting.get();
        self.look(|view| {
            let (Some(actor), Some(head)) = (view.actor(), view.conversation(id)) else { return false };
            let others = head.responsible().is_some_and(|by| by != actor.person);
            let along = others && may(actor, Action::Write, head).is_ok();
            chosen.unwrap_or(along) && may(actor, Action::AddNote, head).is_ok()
        })
    }

    /// From writing to the customer to writing a note, and back.
    pub fn toggle_note(&self, id: ConversationId) {
        if self.checked(Action::AddNote, id) {
            let there = self.open.get_untracked() == Some(id) && untrack(|| self.notes(id));
            self.show(id);
            self.noting.set(Some(!there));
            self.write.update(|n| *n += 1);
        }
    }

    /// Chooses whom the contact's conversations are offered to first.
    pub fn prefer(&self, id: ConversationId, person: Option<PersonId>) {
        if self.checked(Action::Prefer, id) {
            self.call(Call::Prefer { conversation: id, person });
        }
    }

    pub fn conclude(&self, id: ConversationId) {
        if self.checked(Action::Conclude, id) {
            let at = self.place_of(id);
            self.call(Call::Conclude { conversation: id });
            self.step_after(id, at);
        }
    }

    pub fn transfer_to_team(&self, id: ConversationId, team: TeamId) {
        if self.checked(Action::Transfer, id) {
            let at = self.place_of(id);
            self.core().given.set(Some(id));
            self.call(Call::TransferToTeam { conversation: id, team });
            self.step_after(id, at);
        }
    }

    pub fn transfer_to_person(&self, id: ConversationId, person: PersonId, team: TeamId) {
        if self.checked(Action::Transfer, id) {
            let at = self.place_of(id);
            self.core().given.set(Some(id));
            self.call(Call::TransferToPerson { conversation: id, person, team });
            self.step_after(id, at);
        }
    }

    pub fn cancel_waiting(&self, conversation: ConversationId, message: MessageId) {
        self.call(Call::CancelWaiting { conversation, message });
    }

    pub fn retry(&self, conversation: ConversationId, message: MessageId) {
        self.call(Call::Retry { conversation, message });
    }

    /// Texts held back become the draft again.
    pub fn take_back(&self, id: ConversationId) {
        let held: Vec<String> = self.machine(|client| {
            let texts = client.outbox().held(id).filter_map(|entry| match &entry.call {
                Call::Send { text, .. } => Some(text.clone()),
                _ => None,
            });
            texts.collect()
        });
        self.input(Input::Discard(id));
        if !held.is_empty() {
            drafts::give_back(Slot::Text(id), &held.join("\n"));
            self.write.update(|n| *n += 1);
        }
    }

    pub fn set_availability(&self, availability: Availability) {
        if self.look(ciranda_sync::view::View::availability) != Some(availability) {
            self.call(Call::SetAvailability { availability });
        }
    }

    /// Only the responsible's own look counts, and that of whom a note called; and only when there is something to see.
    pub(super) fn mark_read(&self, id: ConversationId) {
        let due = self.look(|view| {
            view.conversation(id).is_some_and(|head| {
                let unseen = head.is_unseen();
                let called = view.me().is_some_and(|me| head.called_by(me).is_some());
                called || unseen && head.responsible().is_some() && head.responsible() == view.me()
            })
        });
        if due && browser::is_in_front() {
            self.call(Call::MarkRead { conversation: id });
        }
    }

    /// The tab came to the front: what is before the person's eyes is read.
    pub fn came_to_front(&self) {
        self.input(Input::Visible);
        if let Some(id) = self.open.get_untracked() {
            self.mark_read(id);
        }
    }

    /// Puts a conversation on screen; on a narrow one the list it came from can be gone back to.
    pub fn show(&self, id: ConversationId) {
        self.put_on_screen(id, browser::is_narrow() && self.open.get_untracked().is_none());
    }

    /// Goes from a conversation to another one of its contact, as a step of its own.
    pub fn visit(&self, id: ConversationId) {
        // The keyboard stays where it stood in the list.
        let cursor = self.cursor.get_untracked();
        self.put_on_screen(id, true);
        self.cursor.set(cursor);
    }

    /// Puts a conversation on screen, as a step of its own in the browser's history or not.
    pub(super) fn put_on_screen(&self, id: ConversationId, step: bool) {
        self.gone.set(None);
        self.cursor.set(Some(id));
        let before = self.open.get_untracked();
        if before == Some(id) {
            return;
        }
        self.uncover();
        self.noting.set(None);
        self.open.set(Some(id));
        if let Some(before) = before {
            self.input(Input::Close(before));
        }
        self.input(Input::Open(id));
        self.mark_read(id);
        browser::remember_place(Some(id), step);
    }

    /// Takes the conversation off the screen.
    pub fn hide(&self) {
        if let Some(before) = self.open.get_untracked() {
            self.uncover();
            self.open.set(None);
            self.input(Input::Close(before));
            browser::remember_place(None, false);
        }
    }

    /// Where there is no room beside the conversation, the contact lies over it: it never lies over another one.
    pub fn uncover(&self) -> bool {
        let covered = !browser::is_wide() && self.contact_shown.get_untracked();
        if covered {
            self.contact_shown.set(false);
        }
        covered
    }

    /// The person went back or forward: first goes what lies above the conversation, then the conversation itself.
    pub fn travelled(&self) {
        let place = Place::of(&browser::path()).unwrap_or(Place::Desk);
        if place != Place::Desk || self.place.get_untracked() != place {
            self.arrive(place);
            return;
        }
        let open = self.open.get_untracked();
        let above = self.dialog.get_untracked().is_some() | (open.is_some() && self.uncover());
        if above {
            self.dialog.set(None);
            // The step back is undone: the next one leaves the conversation.
            browser::remember_place(open, true);
            return;
        }
        match browser::place() {
            // Being there already, it is no step of its own.
            Some(id) => self.put_on_screen(id, false),
            None => self.hide(),
        }
    }

    /// Where a conversation stands in the list on screen.
    fn place_of(&self, id: ConversationId) -> Option<usize> {
        let tab = self.tab.get_untracked();
        self.look(|view| view.tab(tab).position(|row| row == id))
    }

    /// After an act that ends a conversation for this person: the screen leaves it when it left its tab, and the
    /// keyboard stands on the row that took its place.
    fn step_after(&self, id: ConversationId, at: Option<usize>) {
        self.dialog.set(None);
        if self.open.get_untracked() != Some(id) {
            return;
        }
        let here = self.tab.get_untracked();
        let stays = self.look(|view| match (view.conversation(id), view.me()) {
            (Some(head), Some(me)) => tab(me, head) == here,
            _ => false,
        });
        if stays {
            return;
        }
        self.hide();
        let next = self.look(|view| {
            let last = view.count(here).conversations.checked_sub(1)?;
            view.tab(here).nth(at?.min(last))
        });
        self.cursor.set(next);
        if let Some(next) = next {
            browser::focus_row(next);
        }
    }

    /// Moves the keyboard's row by `step`, or to the first or last.
    pub fn move_cursor(&self, to: Move) {
        let tab = self.tab.get_untracked();
        let rows: Vec<_> = self.look(|view| view.tab(tab).collect());
        let at = self.cursor.get_untracked().and_then(|id| rows.iter().position(|row| *row == id));
        let last = rows.len().saturating_sub(1);
        let next = match (to, at) {
            (Move::First, _) | (Move::Next, None) => 0,
            (Move::Last, _) | (Move::Previous, None) => last,
            (Move::Next, Some(at)) => (at + 1).min(last),
            (Move::Previous, Some(at)) => at.saturating_sub(1),
        };
        if let Some(id) = rows.get(next) {
            self.cursor.set(Some(*id));
            browser::focus_row(*id);
        }
    }

    /// The conversation that a key acts on: the one on screen, else the row the keyboard stands on.
    pub fn target(&self) -> Option<ConversationId> {
        self.open.get_untracked().or_else(|| self.cursor.get_untracked())
    }

    /// Asks where to transfer the target to.
    pub fn ask_transfer(&self, id: ConversationId) {
        if self.checked(Action::Transfer, id) {
            self.dialog.set(Some(Dialog::Transfer(id)));
        }
    }

    /// Asks whether to conclude.
    pub fn ask_conclude(&self, id: ConversationId) {
        if self.checked(Action::Conclude, id) {
            self.dialog.set(Some(Dialog::Conclude(id)));
        }
    }

    /// Goes to a tab.
    pub fn go_to(&self, tab: Tab) {
        self.tab.set(tab);
        self.cursor.set(None);
    }

    /// The tab after or before the present one, round.
    pub fn neighbour(&self, step: usize) -> Tab {
        let here = TABS.iter().position(|tab| *tab == self.tab.get_untracked()).unwrap_or_default();
        TABS[(here + step) % TABS.len()]
    }
}

/// Where the keyboard goes in the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    Next,
    Previous,
    First,
    Last,
}
