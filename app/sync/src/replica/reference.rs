//! Reference rows: what every person of the account holds whole.

use std::collections::BTreeMap;

use ciranda_domain::calendar::Hours;
use ciranda_domain::channel::Channel;
use ciranda_domain::ids::ChannelId;
use ciranda_domain::organisation::Organisation;

use crate::rows::{Account, Row, RowId, Seq};

/// Account, people, teams, memberships and channels.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reference {
    pub account: Option<Account>,
    pub organisation: Organisation,
    pub channels: BTreeMap<ChannelId, Channel>,
    revs: BTreeMap<RowId, Seq>,
}

impl Reference {
    /// Of rows that were told together.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut reference = Self::default();
        for row in rows {
            reference.put(Seq(1), row);
        }
        reference
    }

    /// The account's business hours; none where it is always open.
    #[must_use]
    pub fn hours(&self) -> Option<&Hours> {
        self.account.as_ref()?.hours.as_deref()
    }

    /// The account's zone; empty before it is known.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.account.as_ref().map_or("", |account| account.zone.as_str())
    }

    /// Takes a row unless a later one is held; tells whether it did. Conversations and messages are not taken.
    pub(super) fn put(&mut self, rev: Seq, row: Row) -> bool {
        let id = row.id();
        if self.revs.get(&id).is_some_and(|held| *held >= rev) {
            return false;
        }
        match row {
            Row::Account(account) => self.account = Some(account),
            Row::Person(person) => _ = self.organisation.people.insert(person.id, person),
            Row::Team(team) => _ = self.organisation.teams.insert(team.id, team),
            Row::Membership(membership) => {
                self.organisation.memberships.insert((membership.team, membership.person), membership);
            }
            Row::Channel(channel) => _ = self.channels.insert(channel.id, channel),
            Row::Conversation { .. } | Row::Message(_) => return false,
        }
        self.revs.insert(id, rev);
        true
    }

    /// Drops a row unless a later one is held; tells whether it did.
    pub(super) fn remove(&mut self, rev: Seq, id: RowId) -> bool {
        if self.revs.get(&id).is_none_or(|held| *held > rev) {
            return false;
        }
        self.revs.remove(&id);
        match id {
            RowId::Account(_) => self.account = None,
            RowId::Person(person) => _ = self.organisation.people.remove(&person),
            RowId::Team(team) => _ = self.organisation.teams.remove(&team),
            RowId::Membership(team, person) => _ = self.organisation.memberships.remove(&(team, person)),
            RowId::Channel(channel) => _ = self.channels.remove(&channel),
            RowId::Conversation(_) | RowId::Message(..) => {}
        }
        true
    }

    /// After a reset every row counts as unconfirmed, and any telling of it replaces it.
    pub(super) fn doubt(&mut self) {
        for rev in self.revs.values_mut() {
            *rev = Seq(0);
        }
    }

    /// Drops what has not been told again; tells whether anything was.
    pub(super) fn drop_doubtful(&mut self) -> bool {
        let doubtful: Vec<_> = self.revs.iter().filter(|(_, rev)| **rev == Seq(0)).map(|(id, _)| *id).collect();
        doubtful.into_iter().filter(|id| self.remove(Seq(0), *id)).count() > 0
    }
}
