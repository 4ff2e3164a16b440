//! When nothing is going on any more, every replica is what a fresh snapshot for its person would be.

use std::collections::BTreeMap;

use ciranda_domain::ids::ConversationId;
use ciranda_sync::horizon::Reach;
use ciranda_sync::machine::{Connection, Input};
use ciranda_sync::replica::Touched;
use ciranda_sync::view::Progress;

use crate::authority::Head;
use crate::desktop::{Desktop, Fate};
use crate::world::World;

/// Long enough for the longest wait, a silent socket and a few pages.
const CALM: u64 = 150_000;

impl World {
    /// Ends the faults, lets everything settle and compares.
    pub fn quiesce(&mut self) {
        self.faults = false;
        for at in 0..self.desktops.len() {
            self.input(at, Input::Online(true));
        }
        for connection in self.server.connections.values_mut() {
            connection.lagging = false;
        }
        self.run_until(self.now + CALM);
        self.answer_held();
        // Whoever lost the very last delta notices with the next one.
        self.rename_account();
        self.run_until(self.now + 5_000);
        for desktop in &self.desktops {
            self.compare(desktop);
        }
    }

    fn compare(&self, desktop: &Desktop) {
        let client = &desktop.client;
        assert_eq!(client.connection(), Connection::Live, "{:?} did not come back", desktop.person);
        assert_eq!(client.cursor(), Some(self.authority.head));
        assert_eq!(client.outbox().entries(), [], "{:?} still waits", desktop.person);
        self.compare_reference(desktop);
        self.compare_heads(desktop);
        for conversation in client.open_conversations() {
            self.compare_lines(desktop, *conversation);
            self.compare_history(desktop, *conversation);
        }
        self.compare_texts(desktop);
    }

    fn compare_reference(&self, desktop: &Desktop) {
        let reference = desktop.client.view().reference();
        assert_eq!(reference.organisation, self.authority.organisation);
        assert_eq!(reference.channels, self.authority.channels);
        assert_eq!(reference.account.as_ref(), Some(&self.authority.account));
    }

    fn compare_heads(&self, desktop: &Desktop) {
        let now = self.authority.now;
        let open = desktop.client.open_conversations();
        let mut replica = desktop.client.view().replica().clone();
        replica.trim(now, &mut Touched::default());
        let reach = |head: &Head| self.horizon.reach(now, desktop.person, &head.conversation);
        let visible: Vec<_> = self.authority.visible(desktop.person).collect();
        let mut newest: Vec<_> = visible.iter().filter_map(|head| if_newest(reach(head))).collect();
        newest.sort_unstable();
        let cut = newest.len().saturating_sub(self.horizon.others);
        let floor = newest.get(cut).copied().max(replica.floor());
        let expected: BTreeMap<_, _> = visible
            .into_iter()
            .filter(|head| match reach(head) {
                Reach::Within => true,
                Reach::IfNewest(key) => floor.is_none_or(|floor| key >= floor),
                Reach::Beyond => false,
            })
            .filter(|head| !open.contains(&head.conversation.id))
            .map(|head| (head.conversation.id, (head.rev, &head.conversation, &head.audience)))
            .collect();
        let held: BTreeMap<_, _> = replica
            .heads()
            .iter()
            .filter(|(id, _)| !open.contains(id))
            .map(|(id, head)| (*id, (head.rev, &head.conversation, &head.audience)))
            .collect();
        assert_eq!(
            held,
            expected,
            "replica of {:?}; open {open:?}; newest {newest:?}; floor {:?}",
            desktop.person,
            replica.floor()
        );
        // What is on screen is held whatever the horizon says.
        for id in open {
            let stored = &self.authority.heads[id];
            let head = replica.head(*id).expect("a conversation on screen is held or was retracted");
            assert_eq!(
                (head.rev, &head.conversation, &head.audience),
                (stored.rev, &stored.conversation, &stored.audience)
            );
            assert!(self.authority.could_see(desktop.person, *id, self.authority.head));
        }
    }

    fn compare_lines(&self, desktop: &Desktop, conversation: ConversationId) {
        let view = desktop.client.view();
        let thread = view.replica().thread(conversation).expect("an open conversation has lines");
        assert!(thread.is_live(), "{conversation} was not answered");
        let mut stored: Vec<_> = self.authority.lines[&conversation].values().collect();
        stored.sort_by_key(|(_, line)| (line.at, line.order, line.id));
        let held: Vec<_> = thread.lines().collect();
        if !thread.more() {
            let missing: Vec<_> = stored.iter().filter(|line| !held.contains(line)).collect();
            assert_eq!(held.len(), stored.len(), "{:?} lacks lines of {conversation}: {missing:?}", desktop.person);
        }
        assert_eq!(held, stored[stored.len() - held.len()..], "lines of {conversation}");
        assert!(view.lines(conversation).all(|line| line.progress == Progress::Confirmed));
    }

    /// The contact's other conversations that the person sees are there, each as it is, and the others are only counted.
    fn compare_history(&self, desktop: &Desktop, conversation: ConversationId) {
        let thread = desktop.client.view().replica().thread(conversation).expect("an open conversation has lines");
        let held = thread.history().expect("an open conversation's history was told");
        let (seen, unseen) = self.authority.history(desktop.person, conversation);
        let expected: BTreeMap<_, _> = seen.iter().map(|head| (head.conversation.id, &head.conversation)).collect();
        let told: BTreeMap<_, _> = held.conversations().map(|head| (head.id, head)).collect();
        assert_eq!((told, held.unseen), (expected, unseen), "{:?} of {conversation}", desktop.person);
        assert!(held.conversations().is_sorted_by_key(|head| std::cmp::Reverse(head.created_at)));
    }

    /// A text given and not refused or taken back is there once; a refused one is not.
    fn compare_texts(&self, desktop: &Desktop) {
        for (message, fate) in &desktop.texts {
            let stored = self.authority.lines.values().filter(|lines| lines.contains_key(message)).count();
            match fate {
                Fate::Given => assert_eq!(stored, 1, "{message} was lost"),
                Fate::Refused => assert_eq!(stored, 0, "{message} was refused and sent"),
                Fate::TakenBack => {}
            }
        }
        assert!(self.forgot || self.authority.repeated_texts == 0, "a text was carried out twice");
    }
}

fn if_newest(reach: Reach) -> Option<ciranda_sync::horizon::FinishedKey> {
    match reach {
        Reach::IfNewest(key) => Some(key),
        Reach::Within | Reach::Beyond => None,
    }
}
