//! What a team's rows say is what an engine that was never written down would know.

use std::collections::BTreeMap;

use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::distribution::{Engine, Input, Load, Rows, Seat, Stay};
use ciranda_domain::ids::{ConversationId, PersonId};
use ciranda_domain::person::Availability;
use ciranda_domain::team::Strategy;
use ciranda_domain::time::{Moment, Span};
use ciranda_server::desk::calls::Outcome;
use ciranda_server::store;
use ciranda_server::store::team::Extent;
use ciranda_sync::calls::Call;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::world::{EXAMPLE, Setting, World};

/// Whoever may press.
const NAMES: [&str; 5] = ["Ana", "Bruno", "Carla", "Davi", "Rosa"];

/// The engine of the shop's first team, loaded from its rows as a transaction of the desk loads it.
pub async fn loaded(shop: &World) -> Engine {
    let mut scoped = store::begin(shop.app(), shop.account).await.expect("begun");
    let reference = shop.app().memory.reference(&mut scoped).await.expect("read");
    let team = scoped.lock_teams(&[shop.team]).await.expect("locked").remove(0);
    let (_, pending) = scoped.pending(&[shop.team], Extent::All, scoped.now).await.expect("read");
    let members = reference.members(shop.team);
    let people: Vec<PersonId> = members.iter().map(|member| member.person).collect();
    let held = scoped.loads(&people).await.expect("counted");
    let mut loads: BTreeMap<PersonId, Load> = BTreeMap::new();
    for row in held {
        let count = i32::try_from(row.count).expect("few");
        loads.entry(row.person).or_default().change(reference.kind(row.channel), count);
    }
    // Not merely dropped: whoever comes next must not find the team locked.
    scoped.commit().await.expect("read");
    Engine::load(Rows {
        config: reference.config(shop.team),
        members,
        arrow: team.arrow,
        recent: team.recent,
        pending: pending
            .into_iter()
            .map(|row| {
                let kind = reference.kind(row.channel);
                (row.conversation, Stay { kind, pending: row.pending, tried: row.tried })
            })
            .collect(),
        loads: loads.into_iter().collect(),
        clock: team.clock,
        outage: None,
    })
}

/// What two engines are compared by: what is open to the team may be left out, and loads count only where they are
/// asked for.
#[derive(PartialEq, Debug)]
struct Known {
    arrow: Option<PersonId>,
    recent: Vec<PersonId>,
    pending: BTreeMap<ConversationId, Stay>,
    next: Option<Moment>,
    ring: Vec<Seat>,
}

fn known(engine: &Engine, setting: Setting) -> Known {
    let rows = engine.rows();
    let moves = |stay: &Stay| !matches!(stay.pending, Pending::Open { .. });
    let counts = setting.capacity.is_some() || setting.strategy == Strategy::LeastLoaded;
    let ring = engine.ring().into_iter().map(|seat| Seat { load: if counts { seat.load } else { 0 }, ..seat });
    Known {
        arrow: rows.arrow,
        recent: rows.recent,
        pending: rows.pending.into_iter().filter(|(_, stay)| moves(stay)).collect(),
        next: engine.next_deadline(),
        ring: ring.collect(),
    }
}

/// The engine that is only ever told, and never written down.
struct Told {
    engine: Engine,
    customers: u32,
}

impl Told {
    /// The instant of the team's last step, which is the instant of whatever was just done.
    async fn step(&mut self, shop: &World, inputs: Vec<Input>) {
        let at = loaded(shop).await.rows().clock;
        let mut out = Vec::new();
        self.engine.advance(at, &mut out);
        for input in inputs {
            self.engine.step(at, input, &mut out);
        }
    }

    /// What somebody holds, and one conversation more or less.
    fn load(&self, person: PersonId, by: i32) -> Load {
        let mut load = self.engine.rows().loads.iter().find(|(id, _)| *id == person).map_or(Load::NONE, |(_, l)| *l);
        load.change(ChannelKind::WhatsApp, by);
        load
    }

    async fn play(&mut self, shop: &World, random: &mut StdRng) {
        match random.random_range(0..10) {
            0..4 => {
                self.customers += 1;
                let phone = format!("5511900{:06}", self.customers);
                shop.write(&phone, "oi").await;
                let conversation = shop.with(&phone).await.id;
                self.step(shop, vec![Input::Enqueued { conversation, kind: ChannelKind::WhatsApp, prefer: None }])
                    .await;
            }
            4..6 => {
                shop.at_moment(shop.now().await + Span::minutes(random.random_range(1..15))).await;
                shop.tick().await;
                self.step(shop, Vec::new()).await;
            }
            6 => {
                let name = NAMES[random.random_range(0..NAMES.len() - 1)];
                let availability = if random.random() { Availability::Available } else { Availability::Unavailable };
                shop.ok(name, Call::SetAvailability { availability }).await;
                self.step(shop, vec![Input::Availability { person: shop.person(name), availability }]).await;
            }
            _ => self.press(shop, random).await,
        }
    }

    async fn press(&mut self, shop: &World, random: &mut StdRng) {
        let all = shop.all().await;
        if all.is_empty() {
            return;
        }
        let conversation = all[random.random_range(0..all.len())].head.id;
        let name = NAMES[random.random_range(0..NAMES.len())];
        let call = match random.random_range(0..5) {
            0..3 => Call::Start { conversation },
            3 => Call::Conclude { conversation },
            _ => Call::TransferToTeam { conversation, team: shop.other_team },
        };
        let before = shop.head(conversation).await;
        if !matches!(shop.press(name, call).await, Outcome::Done { changed: true, .. }) {
            return;
        }
        let after = shop.head(conversation).await.state;
        let pending = matches!(before.state, State::Pending(_)) && before.team == shop.team;
        let input = match (before.state, after) {
            (State::Pending(_), State::InProgress { responsible, .. }) if pending => {
                Input::Started { conversation, by: responsible }
            }
            (State::Pending(_), _) if pending => Input::Left { conversation },
            (State::InProgress { responsible, .. }, _) => {
                Input::LoadChanged { person: responsible, load: self.load(responsible, -1) }
            }
            (State::Pending(_), State::InProgress { responsible, .. }) => {
                Input::LoadChanged { person: responsible, load: self.load(responsible, 1) }
            }
            (State::Pending(_) | State::Finished(_), _) => return,
        };
        self.step(shop, vec![input]).await;
    }
}

#[tokio::test]
async fn an_engine_that_is_written_down_after_each_step_goes_on_like_one_that_never_is() {
    let settings = [
        EXAMPLE,
        Setting { limit_minutes: 3, maximum_minutes: Some(7), ..EXAMPLE },
        Setting { maximum_minutes: None, ..EXAMPLE },
        Setting { capacity: Some(2), ..EXAMPLE },
        Setting { capacity: Some(1), maximum_minutes: None, ..EXAMPLE },
        Setting { strategy: Strategy::LeastRecent, limit_minutes: 3, ..EXAMPLE },
        Setting { strategy: Strategy::LeastRecent, capacity: Some(2), ..EXAMPLE },
        Setting { strategy: Strategy::LeastLoaded, limit_minutes: 3, ..EXAMPLE },
        Setting { strategy: Strategy::LeastLoaded, capacity: Some(5), weight: 2, ..EXAMPLE },
    ];
    for (seed, setting) in (0..).zip(settings) {
        let shop = World::new(setting).await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut told = Told { engine: loaded(&shop).await, customers: 0 };
        for step in 0..60 {
            told.play(&shop, &mut random).await;
            let stored = loaded(&shop).await;
            let (stored, told) = (known(&stored, setting), known(&told.engine, setting));
            assert_eq!(stored, told, "run {seed}, step {step}");
        }
    }
}
