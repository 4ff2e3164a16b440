//! "Ver como": what somebody sees, by the very pages that their own browser is given.
//!
//! *Invariant:* sight is asked of the database by the person's atoms, as for their own session; looking changes nothing
//! but the audit.

use ciranda_api::{AuditKind, Seen, ViewAs, ViewTab};
use ciranda_domain::access::{Actor, Tab, TabOrder, hears, tab};
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::person::PersonStatus;
use ciranda_sync::horizon::{FinishedKey, Horizon};

use super::{Answer, Office, Refused};
use crate::store::Scoped;
use crate::store::page::Reader;

/// Heads that are read at once.
const PAGE: i64 = 500;
/// Heads of a tab that are told.
const SHOWN: usize = 50;

impl Office {
    /// What somebody sees and hears.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn view_as(&self, person: PersonId) -> Answer<ViewAs> {
        let (mut scoped, mut work) = self.begin().await?;
        let reference = std::sync::Arc::clone(&work.reference);
        let known = reference.organisation.people.get(&person);
        let actor =
            known.filter(|known| known.status != PersonStatus::Deleted).and(reference.organisation.actor(person));
        let actor = actor.ok_or(Refused::NotFound)?;
        let heads = seen(&mut scoped, &actor).await?;
        work.writes.audit.push(self.line(AuditKind::ViewedAs, person.0, None, None));
        work.commit(&self.app, scoped).await?;
        let tabs = [Tab::New, Tab::Mine, Tab::Others, Tab::Finished];
        Ok(ViewAs { person, tabs: tabs.into_iter().map(|tab| shown(tab, &actor, &heads)).collect() })
    }
}

/// Everything they see, within the horizon of their browser.
async fn seen(scoped: &mut Scoped, actor: &Actor) -> Answer<Vec<Conversation>> {
    let reader = Reader { person: actor.person, atoms: actor.atoms() };
    let mut heads = Vec::new();
    let mut after: Option<ConversationId> = None;
    loop {
        let page = scoped.open_page(&reader, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.head.id);
        heads.extend(page.into_iter().map(|held| held.head));
    }
    let mut before: Option<FinishedKey> = None;
    loop {
        let page = scoped.finished_page(&reader, Horizon::default(), before, PAGE).await?;
        let Some(last) = page.last() else { return Ok(heads) };
        before = match last.head.state {
            State::Finished(finished) => Some((finished.at, last.head.id)),
            State::Pending(_) | State::InProgress { .. } => return Ok(heads),
        };
        heads.extend(page.into_iter().map(|held| held.head));
    }
}

/// One tab in the order of its screen.
fn shown(which: Tab, actor: &Actor, heads: &[Conversation]) -> ViewTab {
    let mut own: Vec<&Conversation> = heads.iter().filter(|head| tab(actor.person, head) == which).collect();
    own.sort_by_key(|head| (TabOrder::of(actor.person, head), head.id));
    let heard = own.iter().filter(|head| hears(actor, head)).count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let first = own.iter().take(SHOWN);
    ViewTab {
        tab: which,
        count: count(own.len()),
        heard: count(heard),
        heads: first.map(|head| Seen { head: (*head).clone(), hears: hears(actor, head) }).collect(),
    }
}
