//! A contact's history beside an open conversation: what its reader may open, and of the rest a number at most (ACC-10,
//! decision 14).

use ciranda_domain::access::Unseen;
use ciranda_domain::conversation::State;
use ciranda_domain::ids::ConversationId;
use ciranda_domain::person::Profile;
use ciranda_domain::team::{Level, Membership};
use ciranda_server::desk::rights::{Revision, revise};
use ciranda_server::hub;
use ciranda_sync::calls::Call;
use ciranda_sync::machine::{Client, Input};

use crate::desk::world::{EXAMPLE, FREE, World};
use crate::rig::Browser;

const JOANA: &str = "5511900000001";

async fn change(shop: &World, revision: Revision) {
    revise(shop.app(), shop.account, revision).await.expect("changed");
}

/// Joana was served by Ana, then by Davi in the other team, then by Bruno, and writes to the first team now.
async fn four_visits() -> (World, [ConversationId; 4]) {
    let shop = World::new(FREE).await;
    hub::spawn(&shop.test.app);
    let mut visits = Vec::new();
    for (day, who) in [("09:00", "Ana"), ("+1 09:00", "Davi"), ("+2 09:00", "Bruno"), ("+3 09:00", "")] {
        shop.at(day).await;
        shop.write(JOANA, "oi").await;
        let conversation = shop.with(JOANA).await.id;
        visits.push(conversation);
        if who == "Davi" {
            shop.ok("Rosa", Call::TransferToTeam { conversation, team: shop.other_team }).await;
        }
        if !who.is_empty() {
            shop.ok(who, Call::Start { conversation }).await;
            shop.ok(who, Call::Conclude { conversation }).await;
        }
    }
    let visits = visits.try_into().expect("four");
    (shop, visits)
}

fn shown(client: &Client, open: ConversationId) -> Option<(Vec<ConversationId>, Unseen)> {
    let history = client.view().replica().thread(open)?.history()?;
    Some((history.conversations().map(|head| head.id).collect(), history.unseen))
}

async fn until_shown(browser: &Browser, open: ConversationId, others: &[ConversationId], unseen: Unseen) {
    let expected = Some((others.to_vec(), unseen));
    browser.until(&format!("{expected:?}"), |client| shown(client, open) == expected).await;
}

async fn until_attended(browser: &Browser, open: ConversationId, other: ConversationId) {
    let attended = |client: &Client| {
        let history = client.view().replica().thread(open)?.history()?;
        let head = history.conversations().find(|head| head.id == other)?;
        matches!(head.state, State::InProgress { .. }).then_some(())
    };
    browser.until("somebody attends", |client| attended(client).is_some()).await;
}

const ELSEWHERE: Unseen = Unseen { elsewhere: 1, own_teams: 0 };

#[tokio::test]
async fn a_contacts_history_is_what_its_reader_may_open_and_says_nothing_of_the_rest() {
    let (shop, [first, other, third, now]) = four_visits().await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.input(Input::Open(now));
    until_shown(&bruno, now, &[third, first], Unseen::NONE).await;
    let rosa = Browser::live(&shop.test, shop.account, shop.person("Rosa")).await;
    rosa.input(Input::Open(now));
    until_shown(&rosa, now, &[third, other, first], Unseen::NONE).await;
    // Whoever does not see the conversation is told nothing of its contact.
    bruno.input(Input::Open(other));
    bruno.until("it is not there", |client| !client.open_conversations().contains(&other)).await;
    assert_eq!(bruno.look(|client| shown(client, other)), None);
    assert_eq!(bruno.leaked(), []);
}

#[tokio::test]
async fn how_many_are_not_seen_is_said_while_an_administrator_wants_it_so() {
    let (shop, [first, other, third, now]) = four_visits().await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.input(Input::Open(now));
    until_shown(&bruno, now, &[third, first], Unseen::NONE).await;
    change(&shop, Revision::CountsUnseen(true)).await;
    until_shown(&bruno, now, &[third, first], ELSEWHERE).await;
    // At level "Atendente" what Ana served is another's of Bruno's own team.
    change(&shop, Revision::Level { team: shop.team, level: Level::Attendant }).await;
    until_shown(&bruno, now, &[third], Unseen { elsewhere: 1, own_teams: 1 }).await;
    let rosa = Browser::live(&shop.test, shop.account, shop.person("Rosa")).await;
    rosa.input(Input::Open(now));
    until_shown(&rosa, now, &[third, other, first], Unseen::NONE).await;
    change(&shop, Revision::CountsUnseen(false)).await;
    until_shown(&bruno, now, &[third], Unseen::NONE).await;
}

#[tokio::test]
async fn an_open_history_follows_what_happens_and_what_its_reader_may_see() {
    let (shop, [first, other, third, now]) = four_visits().await;
    change(&shop, Revision::CountsUnseen(true)).await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.input(Input::Open(third));
    until_shown(&bruno, third, &[now, first], ELSEWHERE).await;
    shop.ok("Ana", Call::Start { conversation: now }).await;
    until_attended(&bruno, third, now).await;
    // It leaves Bruno's sight, and the number follows.
    shop.ok("Ana", Call::TransferToTeam { conversation: now, team: shop.other_team }).await;
    until_shown(&bruno, third, &[first], Unseen { elsewhere: 2, own_teams: 0 }).await;
    // He comes to the other team, sees all of it, and leaves again.
    let davis_team = |attends| {
        let (team, person) = (shop.other_team, shop.person("Bruno"));
        Revision::Membership(Membership { team, person, attends, supervises: false })
    };
    change(&shop, davis_team(true)).await;
    until_shown(&bruno, third, &[now, other, first], Unseen::NONE).await;
    change(&shop, davis_team(false)).await;
    until_shown(&bruno, third, &[first], Unseen { elsewhere: 2, own_teams: 0 }).await;
    // A new visit appears without anything being opened again.
    shop.ok("Davi", Call::Start { conversation: now }).await;
    shop.ok("Davi", Call::Conclude { conversation: now }).await;
    shop.at("+5 09:00").await;
    shop.write(JOANA, "de novo").await;
    let latest = shop.with(JOANA).await.id;
    until_shown(&bruno, third, &[latest, first], Unseen { elsewhere: 2, own_teams: 0 }).await;
    bruno.unplug();
    shop.ok("Ana", Call::Start { conversation: latest }).await;
    bruno.plug(&shop.test);
    until_attended(&bruno, third, latest).await;
    assert_eq!(bruno.leaked(), []);
}

#[tokio::test]
async fn one_that_begins_out_of_sight_is_counted_while_one_looks() {
    let shop = World::new(EXAMPLE).await;
    hub::spawn(&shop.test.app);
    change(&shop, Revision::CountsUnseen(true)).await;
    shop.at("09:00").await;
    shop.write(JOANA, "oi").await;
    let first = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation: first }).await;
    shop.ok("Ana", Call::Conclude { conversation: first }).await;
    let davi = Browser::live(&shop.test, shop.account, shop.person("Davi")).await;
    davi.input(Input::Open(first));
    until_shown(&davi, first, &[], Unseen::NONE).await;
    shop.at("+1 09:00").await;
    shop.write(JOANA, "de novo").await;
    assert_eq!(shop.holder(JOANA).await, "Bruno");
    until_shown(&davi, first, &[], Unseen { elsewhere: 0, own_teams: 1 }).await;
    assert_eq!(davi.leaked(), []);
}

#[tokio::test]
async fn a_restricted_attendant_reads_the_history_of_what_they_see_only() {
    let (shop, [_, _, third, now]) = four_visits().await;
    change(&shop, Revision::Profile { person: shop.person("Bruno"), profile: Profile::Restricted }).await;
    shop.ok("Bruno", Call::Start { conversation: now }).await;
    let bruno = Browser::live(&shop.test, shop.account, shop.person("Bruno")).await;
    bruno.input(Input::Open(now));
    bruno.until("it is told", |client| shown(client, now).is_some()).await;
    let (others, unseen) = bruno.look(|client| shown(client, now)).expect("told");
    assert_eq!((others.contains(&third), unseen), (true, Unseen::NONE), "what he served himself, and no number");
}
