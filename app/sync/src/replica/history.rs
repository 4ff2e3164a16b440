//! What else there is of a contact whose conversation is on screen.
//!
//! *Invariant:* only what this person sees: what a delta takes away goes at once, and so does the number of those not
//! seen as soon as rights or the account may have changed it. It is asked for again then.

use ciranda_domain::access::{Unseen, meets};
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::ConversationId;

use super::{Head, Replica, Touched};
use crate::rows::{Atom, Row, Seq};

/// A contact's other conversations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// The latest to begin first.
    heads: Vec<Head>,
    /// Whether there are older ones.
    pub more: bool,
    pub unseen: Unseen,
    /// The server has answered since the conversation came on screen.
    told: bool,
    /// The answer that counts is on its way or here.
    asked: bool,
}

impl History {
    /// The conversations, the latest to begin first.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.heads.iter().map(|head| &head.conversation)
    }

    pub(super) fn told(&self) -> Option<&Self> {
        self.told.then_some(self)
    }

    /// What is held may not be all any more.
    pub(super) fn doubt(&mut self) {
        self.asked = false;
    }

    /// The number of those not seen may be another now.
    fn recount(&mut self) {
        self.unseen = Unseen::NONE;
        self.doubt();
    }

    fn put(&mut self, head: &Head) {
        let id = head.conversation.id;
        match self.heads.iter().position(|held| held.conversation.id == id) {
            Some(at) if self.heads[at].rev < head.rev => self.heads[at] = head.clone(),
            Some(_) => {}
            None => {
                let later = |held: &Head| held.conversation.created_at > head.conversation.created_at;
                self.heads.insert(self.heads.partition_point(later), head.clone());
                // It may have been one of those not seen, or one more than are told.
                self.doubt();
            }
        }
    }

    /// Tells whether anything went.
    fn keep(&mut self, stays: impl Fn(&Head) -> bool) -> bool {
        let held = self.heads.len();
        self.heads.retain(stays);
        self.heads.len() < held
    }
}

impl Replica {
    /// Whether the history of a conversation on screen is to be asked for now.
    pub fn want_history(&mut self, id: ConversationId) -> bool {
        self.threads.get_mut(&id).is_some_and(|thread| !std::mem::replace(&mut thread.history.asked, true))
    }

    /// What is known of a history may not be all any more.
    pub fn doubt_history(&mut self, id: ConversationId) {
        if let Some(thread) = self.threads.get_mut(&id) {
            thread.history.doubt();
        }
    }

    /// Takes a [`crate::frames::Down::History`].
    pub fn history(
        &mut self,
        id: ConversationId,
        heads: Vec<(Seq, Row)>,
        more: bool,
        unseen: Unseen,
        touched: &mut Touched,
    ) {
        let Some(thread) = self.threads.get_mut(&id).filter(|thread| thread.is_open()) else { return };
        let history = &mut thread.history;
        (history.more, history.unseen, history.told) = (more, unseen, true);
        history.heads.clear();
        for (rev, row) in heads {
            if let Row::Conversation { head, audience } = row {
                history.heads.push(Head { rev, conversation: *head, audience });
            }
        }
        touched.lines.entry(id).or_default();
    }

    /// A head came: it belongs to the histories of its contact that are on screen.
    pub(super) fn chronicle(&mut self, head: &Head, touched: &mut Touched) {
        let (id, contact) = (head.conversation.id, head.conversation.contact.id);
        for (open, thread) in &mut self.threads {
            let same = |held: &Head| held.conversation.contact.id == contact;
            if *open != id && thread.history.told && self.heads.get(open).is_some_and(same) {
                thread.history.put(head);
                touched.lines.entry(*open).or_default();
            }
        }
    }

    /// A conversation is gone or not this person's any more.
    pub(super) fn strike(&mut self, id: ConversationId, rev: Seq, touched: &mut Touched) {
        for (open, thread) in &mut self.threads {
            if thread.history.keep(|head| head.conversation.id != id || head.rev > rev) {
                thread.history.doubt();
                touched.lines.entry(*open).or_default();
            }
        }
    }

    /// The person's rights are these now.
    pub(super) fn retain_histories(&mut self, atoms: &[Atom], touched: &mut Touched) {
        for (open, thread) in &mut self.threads {
            thread.history.keep(|head| meets(&head.audience, atoms));
            thread.history.recount();
            touched.lines.entry(*open).or_default();
        }
    }

    /// The account may say another thing of what is not seen now.
    pub(super) fn recount_histories(&mut self, touched: &mut Touched) {
        for (open, thread) in &mut self.threads {
            thread.history.recount();
            touched.lines.entry(*open).or_default();
        }
    }
}
