//! What people press: counted once, decided under locks, refused with a reason.

use std::sync::Arc;

use ciranda_domain::conversation::{Pending, State};
use ciranda_domain::ids::{ClientId, ConversationId, PersonId, TeamId};
use ciranda_domain::person::Availability;
use ciranda_server::desk::calls::{self, Caller, Outcome};
use ciranda_server::desk::inbound;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::world::{EXAMPLE, FREE, Setting, World, fresh_message};
use crate::rig::fresh_id;

const JOANA: &str = "5511987654321";

fn caller(shop: &World, name: &str) -> Caller {
    Caller { account: shop.account, person: shop.person(name), client: ClientId(fresh_id()) }
}

#[tokio::test]
async fn of_two_presses_at_once_one_wins_and_the_other_is_told_who() {
    let shop = World::new(FREE).await;
    for round in 0..10 {
        let phone = format!("55119000000{round:02}");
        shop.write(&phone, "oi").await;
        let call = Call::Start { conversation: shop.with(&phone).await.id };
        let (ana, bruno) = (caller(&shop, "Ana"), caller(&shop, "Bruno"));
        let (first, second) =
            tokio::join!(calls::execute(shop.app(), ana, 1, &call), calls::execute(shop.app(), bruno, 1, &call));
        match (first.expect("executed"), second.expect("executed")) {
            (Outcome::Done { .. }, Outcome::Refused { refusal, .. }) => {
                assert_eq!(refusal, Refused::AlreadyStarted { by: ana.person });
            }
            (Outcome::Refused { refusal, .. }, Outcome::Done { .. }) => {
                assert_eq!(refusal, Refused::AlreadyStarted { by: bruno.person });
            }
            other => panic!("one wins: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_call_is_carried_out_once_and_a_gap_is_noticed() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    let ana = caller(&shop, "Ana");
    let start = Call::Start { conversation };
    let text = |text: &str| Call::Send { conversation, message: fresh_message(), text: text.into() };
    assert!(matches!(calls::execute(shop.app(), ana, 1, &start).await, Ok(Outcome::Done { changed: true, .. })));
    assert_eq!(calls::execute(shop.app(), ana, 1, &start).await.expect("seen"), Outcome::Seen);
    assert_eq!(calls::execute(shop.app(), ana, 3, &text("fora de ordem")).await.expect("gap"), Outcome::Gap);
    let refused = calls::execute(shop.app(), ana, 2, &text("  ")).await.expect("refused");
    assert!(matches!(refused, Outcome::Refused { refusal: Refused::BadText, .. }), "{refused:?}");
    let hello = text("olá");
    let both = tokio::join!(calls::execute(shop.app(), ana, 3, &hello), calls::execute(shop.app(), ana, 3, &hello));
    let outcomes = [both.0.expect("executed"), both.1.expect("executed")];
    assert!(
        outcomes.contains(&Outcome::Seen),
        "refused ones advance the number, and nothing is done twice: {outcomes:?}"
    );
    assert_eq!(shop.count("select count(*) from outbox").await, 1);
}

#[tokio::test]
async fn a_text_with_a_known_id_is_not_sent_again_under_another_number() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation }).await;
    let send = Call::Send { conversation, message: fresh_message(), text: "olá".into() };
    shop.ok("Ana", send.clone()).await;
    shop.ok("Ana", send).await;
    assert_eq!(shop.count("select count(*) from message where side = 2").await, 1);
}

#[tokio::test]
async fn a_deadline_at_the_press_wins_and_the_press_is_explained() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let head = shop.with(JOANA).await;
    let State::Pending(Pending::Designated { deadline: Some(deadline), .. }) = head.state else { panic!("designated") };
    let conversation = head.id;
    // The timer has not fired: the press itself plays what was due before it.
    shop.at_moment(deadline).await;
    let outcome = shop.press("Ana", Call::Start { conversation }).await;
    assert!(matches!(outcome, Outcome::Refused { refusal: Refused::PassedOn, .. }), "{outcome:?}");
    assert_eq!(shop.holder(JOANA).await, "Bruno");
}

#[tokio::test]
async fn a_transfer_to_a_team_takes_a_turn_there_and_to_a_person_lands_with_them() {
    let shop = World::new(EXAMPLE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation }).await;
    shop.ok("Ana", Call::TransferToTeam { conversation, team: shop.team }).await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    shop.ok("Bruno", Call::TransferToPerson { conversation, person: shop.person("Davi"), team: shop.other_team }).await;
    let head = shop.with(JOANA).await;
    assert_eq!((shop.holder(JOANA).await, head.team), ("com Davi".into(), shop.other_team));
    assert_eq!(head.received_from, Some(shop.person("Bruno")));
    shop.ok("Davi", Call::MarkRead { conversation }).await;
    assert_eq!(shop.with(JOANA).await.received_from, None);
    let outsider = shop.press("Carla", Call::Conclude { conversation }).await;
    assert!(matches!(outsider, Outcome::Refused { refusal: Refused::NotFound, .. }), "{outsider:?}");
}

#[tokio::test]
async fn another_accounts_ids_are_not_there() {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    let other = shop.neighbour(FREE).await;
    let stranger = Caller { account: other.account, person: other.person("Rosa"), client: ClientId(fresh_id()) };
    let team = shop.team;
    let foreign: [Call; 6] = [
        Call::Start { conversation },
        Call::Send { conversation, message: fresh_message(), text: "oi".into() },
        Call::Conclude { conversation },
        Call::TransferToTeam { conversation, team },
        Call::MarkRead { conversation },
        Call::Retry { conversation, message: fresh_message() },
    ];
    for (number, call) in (1_u64..).zip(foreign) {
        let outcome = calls::execute(shop.app(), stranger, number, &call).await.expect("executed");
        assert!(matches!(outcome, Outcome::Refused { refusal: Refused::NotFound, .. }), "{call:?}: {outcome:?}");
    }
    assert_eq!(shop.holder(JOANA).await, "equipe", "nothing has happened to it");
}

/// What each of those who press at random does.
const STEPS: u32 = 120;

/// Whoever presses at random, everywhere at once, finds no deadlock and leaves an orderly account behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_traffic_finds_no_deadlock_and_leaves_the_account_in_order() {
    for capacity in [None, Some(2)] {
        let shop =
            Arc::new(World::new(Setting { limit_minutes: 2, maximum_minutes: Some(4), capacity, ..EXAMPLE }).await);
        let before = deadlocks(&shop).await;
        let mut tasks = Vec::new();
        for seed in 0..6_u64 {
            let shop = Arc::clone(&shop);
            tasks.push(tokio::spawn(async move { traffic(&shop, seed).await }));
        }
        for task in tasks {
            task.await.expect("nobody panics");
        }
        assert_eq!(deadlocks(&shop).await, before, "no two transactions waited for each other");
        in_order(&shop, capacity).await;
    }
}

async fn traffic(shop: &World, seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let names = ["Ana", "Bruno", "Carla", "Davi", "Eva", "Rosa"];
    let callers = names.map(|name| caller(shop, name));
    let mut numbers = [0_u64; 6];
    let mut minute = 0;
    for _ in 0..STEPS {
        match random.random_range(0..10) {
            0..4 => {
                let mut batch = Vec::new();
                for _ in 0..random.random_range(1..4) {
                    let phone = format!("55119000000{:02}", random.random_range(0..20));
                    let mut arrived = shop.text(&phone, "oi").await;
                    if let ciranda_domain::inbound::InboundEvent::Message(message) = &mut arrived.event {
                        message.provider_id = format!("{seed}.{}", fresh_id());
                    }
                    batch.push(arrived);
                }
                inbound::apply(shop.app(), shop.account, &batch, &[]).await.expect("applied");
            }
            4 if seed == 0 => {
                minute += 1;
                shop.at(&format!("09:{minute:02}")).await;
                ciranda_server::desk::overflow::fire_due(shop.app()).await.expect("fired");
            }
            _ => {
                let who = random.random_range(0..names.len());
                let all = shop.all().await;
                if all.is_empty() {
                    continue;
                }
                let conversation = all[random.random_range(0..all.len())].head.id;
                let call = some_call(shop, &mut random, conversation);
                numbers[who] += 1;
                calls::execute(shop.app(), callers[who], numbers[who], &call).await.expect("executed");
            }
        }
    }
}

fn some_call(shop: &World, random: &mut StdRng, conversation: ConversationId) -> Call {
    let team: TeamId = if random.random() { shop.team } else { shop.other_team };
    let people: Vec<PersonId> = shop.people.values().copied().collect();
    match random.random_range(0..10) {
        0..2 => Call::Start { conversation },
        2 => Call::Conclude { conversation },
        3 => Call::TransferToTeam { conversation, team },
        4 => Call::TransferToPerson { conversation, person: people[random.random_range(0..people.len())], team },
        5 => Call::Restart { conversation },
        6 => Call::MarkRead { conversation },
        8 => Call::TakeOver { conversation, from: None },
        7 => Call::Send { conversation, message: fresh_message(), text: "olá".into() },
        _ => {
            let availability = if random.random() { Availability::Available } else { Availability::Unavailable };
            Call::SetAvailability { availability }
        }
    }
}

async fn deadlocks(shop: &World) -> i64 {
    shop.count("select deadlocks from pg_stat_database where datname = current_database()").await
}

/// The sequence has no hole, every row's number is that of its last line, and nobody holds more than they may.
pub async fn in_order(shop: &World, capacity: Option<i32>) {
    assert_eq!(
        shop.count(
            "select s.seq - 1 - (select count(*) from sync_log l where l.account_id = s.account_id) from account_seq s"
        )
        .await,
        0,
        "one line for each number after the account's making"
    );
    let stale = "select count(*) from conversation c where c.rev is distinct from
        (select max(l.seq) from sync_log l where l.entity = 6 and l.entity_id = c.id)";
    assert_eq!(shop.count(stale).await, 0, "each head's number is its last line's");
    let stale = "select count(*) from message m where m.rev is distinct from
        (select max(l.seq) from sync_log l where l.entity = 7 and l.entity_id = m.id)";
    assert_eq!(shop.count(stale).await, 0, "each line's number is its last line's");
    let audiences = shop.wrong_audiences().await;
    assert!(audiences.is_empty(), "audiences are those of the rules: {audiences:?}");
    if capacity.is_some() {
        let idle = "select count(*) from conversation where phase = 1";
        let free = shop.free_slots().await;
        assert!(shop.count(idle).await == 0 || free == 0, "nobody waits while somebody in the ring is free: {free}");
    }
}
