//! One browser: the client machine, and a screen that looks again only at what a change set names.

use std::collections::BTreeMap;

use ciranda_domain::access::{Tab, tab};
use ciranda_domain::conversation::{Conversation, Pending, State};
use ciranda_domain::ids::{ClientId, ConversationId, MessageId, PersonId};
use ciranda_domain::message::Message;
use ciranda_sync::calls::Call;
use ciranda_sync::horizon::Horizon;
use ciranda_sync::machine::{Client, Input, Output, Tick};
use ciranda_sync::view::{ChangeSet, Progress};

/// A browser.
pub struct Desktop {
    pub person: PersonId,
    pub id: ClientId,
    pub client: Client,
    pub incarnation: u32,
    pub wake: Option<u64>,
    /// What became of each text written here, as far as this browser was told.
    pub texts: BTreeMap<MessageId, Fate>,
    screen: BTreeMap<ConversationId, Conversation>,
    panes: BTreeMap<ConversationId, Vec<(Message, Progress)>>,
}

/// What became of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Given,
    Refused,
    TakenBack,
}

impl Desktop {
    pub fn new(person: PersonId, id: ClientId, seed: u64, horizon: Horizon) -> Self {
        Self {
            person,
            id,
            client: Client::with_horizon(id, seed, horizon),
            incarnation: 0,
            wake: None,
            texts: BTreeMap::new(),
            screen: BTreeMap::new(),
            panes: BTreeMap::new(),
        }
    }

    /// Gives the machine an input; the outputs, after looking at what they name.
    pub fn input(&mut self, now: Tick, input: Input) -> Vec<Output> {
        match &input {
            Input::Call(Call::Send { message, .. }) => _ = self.texts.insert(*message, Fate::Given),
            Input::Discard(conversation) => self.note_discarded(*conversation),
            Input::Open(conversation) => self.look_at_pane(*conversation),
            _ => {}
        }
        self.client.input(now, input);
        let outputs: Vec<_> = std::iter::from_fn(|| self.client.poll()).collect();
        for output in &outputs {
            match output {
                Output::Changed(changes) => self.look(changes),
                Output::Rejected { call: Call::Send { message, .. }, .. } => {
                    _ = self.texts.insert(*message, Fate::Refused)
                }
                _ => {}
            }
        }
        self.check_screen();
        outputs
    }

    fn note_discarded(&mut self, conversation: ConversationId) {
        for entry in self.client.outbox().held(conversation) {
            if let Call::Send { message, .. } = &entry.call {
                self.texts.insert(*message, Fate::TakenBack);
            }
        }
    }

    fn look(&mut self, changes: &ChangeSet) {
        for id in &changes.heads {
            match self.client.view().conversation(*id) {
                Some(conversation) => _ = self.screen.insert(*id, conversation.clone()),
                None => _ = self.screen.remove(id),
            }
        }
        for id in changes.retracted.iter().chain(changes.lines.keys()).chain(&changes.heads) {
            if self.panes.contains_key(id) {
                self.look_at_pane(*id);
            }
        }
    }

    fn look_at_pane(&mut self, id: ConversationId) {
        let lines = self.client.view().lines(id).map(|line| (line.message.clone(), line.progress)).collect();
        self.panes.insert(id, lines);
    }

    /// A screen that looked only where it was told to shows what is there, in every tab and open pane.
    fn check_screen(&mut self) {
        let view = self.client.view();
        for id in view.replica().heads().keys() {
            assert_eq!(self.screen.get(id), view.conversation(*id), "{id} changed unannounced");
        }
        assert_eq!(self.screen.len(), view.replica().heads().len(), "a head went unannounced");
        let open = self.client.open_conversations();
        self.panes.retain(|id, _| open.contains(id));
        for (id, pane) in &self.panes {
            let shown = view.lines(*id).map(|line| (line.message, line.progress));
            assert!(
                shown.eq(pane.iter().map(|(message, progress)| (message, *progress))),
                "lines of {id} changed unannounced"
            );
        }
        for tab in [Tab::New, Tab::Mine, Tab::Others, Tab::Finished] {
            self.check_tab(tab);
        }
    }

    fn check_tab(&self, which: Tab) {
        let mut expected: Vec<_> = self.screen.values().filter(|shown| tab(self.person, shown) == which).collect();
        expected.sort_by_key(|shown| match shown.state {
            State::Pending(Pending::Designated { designee, since, .. }) => (designee != self.person, since.0, shown.id),
            State::Pending(Pending::Queued { since } | Pending::Open { since }) => (true, since.0, shown.id),
            State::InProgress { .. } => (true, -shown.last_at.0, shown.id),
            State::Finished(finished) => (true, -finished.at.0, shown.id),
        });
        let view = self.client.view();
        assert!(view.tab(which).eq(expected.iter().map(|shown| shown.id)), "{which:?} is out of order");
        let count = view.count(which);
        assert_eq!(count.conversations, expected.len());
        assert_eq!(count.unread, expected.iter().filter(|shown| shown.is_unseen()).count());
    }
}
