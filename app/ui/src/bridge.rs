//! What the desk and the managers' screens tell each other: two modules on one page that share no memory.
//!
//! *Invariant:* the desk's machine is the only one on the page that talks to the server's socket. The managers' screens
//! hold a copy of what the desk shows, the person's own unconfirmed acts included, and ask the desk to act; so there is
//! one truth, one outbox and one sound. Both ends are of one version: an address with a hash loads them.

use std::collections::BTreeSet;

use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_sync::calls::Call;
use ciranda_sync::rows::Row;
use ciranda_sync::view::{ChangeSet, View};
use serde::{Deserialize, Serialize};

/// What the desk tells.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct News {
    pub me: Option<PersonId>,
    /// Whether what is held is as the server has it now.
    pub live: bool,
    /// All reference rows, when one of them changed.
    pub reference: Option<Vec<Row>>,
    /// All heads are told: what is not among them is gone.
    pub whole: bool,
    /// Heads that changed.
    pub heads: Vec<Row>,
    /// Conversations that went out of sight.
    pub gone: Vec<ConversationId>,
}

/// What the managers' screens ask of the desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Deed {
    /// As if pressed on the desk: shown at once, confirmed by the delta.
    Call(Call),
    /// Goes to the desk and puts the conversation on screen.
    Show(ConversationId),
    /// Tells the person something.
    Say(String),
}

impl News {
    /// Everything that is held.
    #[must_use]
    pub fn whole(view: &View, live: bool) -> Self {
        let heads: BTreeSet<_> = view.replica().heads().keys().copied().collect();
        let changes = ChangeSet { heads, reference: true, ..ChangeSet::default() };
        Self { whole: true, ..Self::of(view, live, &changes) }
    }

    /// What changed.
    #[must_use]
    pub fn of(view: &View, live: bool, changes: &ChangeSet) -> Self {
        let mut news = Self {
            me: view.me(),
            live,
            reference: changes.reference.then(|| reference(view)),
            whole: false,
            heads: Vec::new(),
            gone: Vec::new(),
        };
        for id in &changes.heads {
            match view.conversation(*id) {
                Some(head) => {
                    news.heads.push(Row::Conversation { head: Box::new(head.clone()), audience: Vec::new() });
                }
                None => news.gone.push(*id),
            }
        }
        news
    }

    /// As bytes between the modules.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// `None` for bytes of another version.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

impl Deed {
    /// As bytes between the modules.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    /// `None` for bytes of another version.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

fn encode(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

fn reference(view: &View) -> Vec<Row> {
    let reference = view.reference();
    let organisation = &reference.organisation;
    let mut rows: Vec<Row> = reference.account.iter().cloned().map(Row::Account).collect();
    rows.extend(organisation.people.values().cloned().map(Row::Person));
    rows.extend(organisation.teams.values().cloned().map(Row::Team));
    rows.extend(organisation.memberships.values().copied().map(Row::Membership));
    rows.extend(reference.channels.values().cloned().map(Row::Channel));
    rows
}
