//! Everybody at work at once, at two servers, with networks and rights that come and go and a clock that is moved.

use std::collections::BTreeSet;

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::MessageId;
use ciranda_server::{desk, hub};
use ciranda_sync::calls::Call;
use ciranda_sync::machine::Input;
use rand::rngs::StdRng;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};

use super::acts::{Act, some_act};
use super::agrees;
use crate::desk::calls::in_order;
use crate::desk::world::{EXAMPLE, PEOPLE, Setting, World};
use crate::rig::{Browser, TestApp};

const STEPS: u32 = 180;

/// A tab of each person, and a second one of Ana; who is plugged in where changes.
struct Floor {
    shop: World,
    other: TestApp,
    tabs: Vec<Browser>,
    plugged: Vec<bool>,
    texts: BTreeSet<MessageId>,
}

impl Floor {
    async fn open(setting: Setting) -> Self {
        let shop = World::new(setting).await;
        let other = shop.test.beside().await;
        for server in [&shop.test.app, &other.app] {
            hub::spawn(server);
            desk::spawn(server).await.expect("the timers run");
        }
        let mut tabs = Vec::new();
        for (number, name) in PEOPLE.into_iter().chain(["Ana"]).enumerate() {
            let server = if number % 2 == 0 { &*shop.test } else { &other };
            tabs.push(Browser::live(server, shop.account, shop.person(name)).await);
        }
        Self { plugged: vec![true; tabs.len()], shop, other, tabs, texts: BTreeSet::new() }
    }

    fn server(&self, random: &mut StdRng) -> &TestApp {
        if random.random() { &self.shop.test } else { &self.other }
    }

    async fn step(&mut self, random: &mut StdRng) {
        let at = random.random_range(0..self.tabs.len());
        match random.random_range(0..20) {
            0 if self.plugged[at] => {
                self.tabs[at].unplug();
                self.plugged[at] = false;
            }
            0..3 if !self.plugged[at] => {
                self.tabs[at].plug(self.server(random));
                self.plugged[at] = true;
            }
            3 => self.look_elsewhere(at, random),
            4 => {
                let name = ["Ana", "Bruno", "Davi"][random.random_range(0..3)];
                let team = if random.random() { self.shop.team } else { self.shop.other_team };
                self.shop.let_attend(self.server(random), name, team, random.random_bool(0.7)).await;
            }
            _ => match some_act(&self.shop, random).await {
                Act::Writes(phone) => self.shop.arrives_at(self.server(random), &phone, "oi").await,
                Act::Presses(_, call) => self.press(at, call, random),
                Act::Passes(span) => {
                    self.shop.at_moment(self.shop.now().await + span).await;
                    let offset = self.shop.test.app.clock.offset();
                    self.other.app.clock.set_offset(offset);
                    for app in [&self.shop.test.app, &self.other.app] {
                        app.hub.clock_changed(app.clock.business_now());
                        app.wake.all();
                    }
                }
            },
        }
    }

    /// A call about something that is on the person's screen, mostly; a stranger's now and then.
    fn press(&mut self, at: usize, call: Call, random: &mut StdRng) {
        let tab = &self.tabs[at];
        let seen = tab.look(|client| client.view().replica().heads().keys().copied().choose(random));
        let call = match (call, seen.filter(|_| random.random_bool(0.8))) {
            (Call::Start { .. }, Some(conversation)) => Call::Start { conversation },
            (Call::Conclude { .. }, Some(conversation)) => Call::Conclude { conversation },
            (Call::TransferToTeam { team, .. }, Some(conversation)) => Call::TransferToTeam { conversation, team },
            (Call::Send { message, text, .. }, Some(conversation)) => Call::Send { conversation, message, text },
            (call, _) => call,
        };
        if let Call::Send { message, .. } = &call {
            self.texts.insert(*message);
        }
        tab.call(call);
    }

    fn look_elsewhere(&self, at: usize, random: &mut StdRng) {
        let tab = &self.tabs[at];
        let (seen, open) = tab.look(|client| {
            let seen = client.view().replica().heads().keys().copied().choose(random);
            (seen, client.open_conversations().iter().copied().choose(random))
        });
        if let Some(open) = open.filter(|_| random.random()) {
            tab.input(Input::Close(open));
        }
        if let Some(seen) = seen {
            tab.input(Input::Open(seen));
        }
    }

    /// Everybody is back and has heard what came of everything.
    async fn calm(&self) {
        for (tab, plugged) in self.tabs.iter().zip(&self.plugged) {
            if !plugged {
                tab.plug(&self.shop.test);
            }
        }
        for tab in &self.tabs {
            tab.settled().await;
        }
        let late = "select count(*) from conversation c, installation i where c.phase = 2
            and c.deadline <= (extract(epoch from clock_timestamp()) * 1000)::bigint + i.clock_offset_ms";
        while self.shop.count(late).await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Each text was sent once, unless its author was told that it was not.
    async fn texts_are_there_once(&self) {
        let refused: BTreeSet<MessageId> = self
            .tabs
            .iter()
            .flat_map(Browser::refused)
            .filter_map(|(call, _)| if let Call::Send { message, .. } = call { Some(message) } else { None })
            .collect();
        let stored: Vec<uuid::Uuid> = sqlx::query_scalar("select id from message where side = 2")
            .fetch_all(&mut self.shop.test.db.owner().await)
            .await
            .expect("read");
        let expected: Vec<MessageId> = self.texts.difference(&refused).copied().collect();
        let mut stored: Vec<MessageId> = stored.into_iter().map(MessageId).collect();
        stored.sort_unstable();
        assert_eq!(stored, expected);
    }

    /// A designated conversation is on the screen of one attendant, and of those who oversee the team.
    async fn nobody_sees_what_is_offered_to_another(&self) {
        for held in self.shop.all().await {
            let State::Pending(Pending::Designated { designee, .. }) = held.head.state else { continue };
            for tab in &self.tabs {
                let oversees = ["Eva", "Rosa"].contains(&self.shop.name(tab.person));
                let shown = tab.look(|client| client.view().conversation(held.head.id).is_some());
                assert_eq!(shown, oversees || tab.person == designee, "{}", self.shop.name(tab.person));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_busy_day_every_screen_shows_what_is_so() {
    for (seed, capacity) in [(1, None), (2, Some(2))] {
        let mut floor = Floor::open(Setting { limit_minutes: 4, maximum_minutes: Some(9), capacity, ..EXAMPLE }).await;
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..STEPS {
            floor.step(&mut random).await;
        }
        floor.calm().await;
        for tab in &floor.tabs {
            agrees(&floor.shop, tab).await;
            let newcomer = Browser::live(&floor.other, floor.shop.account, tab.person).await;
            agrees(&floor.shop, &newcomer).await;
        }
        in_order(&floor.shop, capacity).await;
        floor.texts_are_there_once().await;
        floor.nobody_sees_what_is_offered_to_another().await;
        if let Some(capacity) = capacity {
            let over = "select coalesce(max(held), 0) from (select count(*) as held from conversation
                where phase = 2 group by designee) as offered";
            assert!(floor.shop.count(over).await <= i64::from(capacity), "nobody is offered more than they may hold");
        }
        let happened = floor.shop.count("select count(*) from sync_log").await;
        assert!(happened > i64::from(STEPS), "much has happened: {happened}");
        assert!(!floor.texts.is_empty(), "something was written");
    }
}
