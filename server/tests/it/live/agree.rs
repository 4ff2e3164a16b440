//! What somebody's browser must hold, computed from the database alone.

use std::collections::BTreeMap;
use std::time::Duration;

use ciranda_domain::access::meets;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{ConversationId, MessageId};
use ciranda_domain::message::Message;
use ciranda_server::store;
use ciranda_sync::machine::Client;
use ciranda_sync::rows::{Row, RowId, Seq};
use tokio::time::sleep;

use crate::desk::world::World;
use crate::rig::Browser;

/// A replica in a form that two of them can be compared in.
#[derive(PartialEq, Debug)]
struct Picture {
    heads: BTreeMap<ConversationId, (Seq, Conversation)>,
    /// Of the conversations on screen, the newest lines.
    lines: BTreeMap<ConversationId, BTreeMap<MessageId, (Seq, Message)>>,
    /// Of the conversations on screen, the contact's other ones.
    histories: BTreeMap<ConversationId, BTreeMap<ConversationId, Conversation>>,
    reference: BTreeMap<RowId, Row>,
}

/// Waits until the browser holds what the database says it must, and no more; panics with the difference.
pub async fn agrees(shop: &World, browser: &Browser) {
    let name = shop.name(browser.person);
    browser.heard().await;
    let expected = expected(shop, browser).await;
    let mut held = browser.look(picture);
    for _ in 0..1500 {
        if held == expected {
            assert_eq!(browser.leaked(), [], "{name} was told of what they may not see");
            return;
        }
        sleep(Duration::from_millis(20)).await;
        held = browser.look(picture);
    }
    assert_eq!(held.reference, expected.reference, "reference rows of {name}");
    for (id, head) in &expected.heads {
        assert_eq!(held.heads.get(id), Some(head), "a conversation of {name}");
    }
    let more: Vec<_> = held.heads.keys().filter(|id| !expected.heads.contains_key(id)).collect();
    assert_eq!(more, [] as [&ConversationId; 0], "{name} holds what is not theirs to see");
    assert_eq!(held.lines, expected.lines, "lines of {name}");
    assert_eq!(held.histories, expected.histories, "what {name} sees of the contacts besides");
    unreachable!("one of these differs");
}

async fn expected(shop: &World, browser: &Browser) -> Picture {
    let mut scoped = store::begin(shop.app(), shop.account).await.expect("begun");
    let reference = shop.app().memory.reference(&mut scoped).await.expect("read");
    scoped.commit().await.expect("read");
    let atoms = reference.rights(browser.person).atoms;
    let visible = shop.all().await.into_iter().filter(|held| meets(&held.audience, &atoms));
    let heads: BTreeMap<_, _> = visible.map(|held| (held.head.id, (held.rev, held.head))).collect();
    let (mut lines, mut histories) = (BTreeMap::new(), BTreeMap::new());
    // One that went out of sight while nobody could say so is closed as soon as somebody does.
    let open = browser.look(|client| client.open_conversations().clone());
    for id in open.into_iter().filter(|id| heads.contains_key(id)) {
        let all = shop.lines(id).await.into_iter().map(|line| (line.message.id, (line.rev, line.message)));
        lines.insert(id, all.collect());
        let others = heads.values().map(|(_, head)| head);
        let others = others.filter(|head| head.id != id && head.contact.id == heads[&id].1.contact.id);
        histories.insert(id, others.map(|head| (head.id, head.clone())).collect());
    }
    let reference = reference.rows.iter().map(|(_, row)| (row.id(), row.clone())).collect();
    Picture { heads, lines, histories, reference }
}

fn picture(client: &Client) -> Picture {
    let replica = client.view().replica();
    let heads = replica.heads().iter().map(|(id, head)| (*id, (head.rev, head.conversation.clone()))).collect();
    let lines = client.open_conversations().iter().map(|id| {
        let thread = replica.thread(*id);
        let held = thread.into_iter().flat_map(ciranda_sync::replica::Thread::lines);
        (*id, held.map(|(rev, message)| (message.id, (*rev, message.clone()))).collect())
    });
    let histories = client.open_conversations().iter().map(|id| {
        let history = replica.thread(*id).and_then(ciranda_sync::replica::Thread::history);
        let others = history.into_iter().flat_map(ciranda_sync::replica::History::conversations);
        (*id, others.map(|other| (other.id, other.clone())).collect())
    });
    let histories = histories.collect();
    let reference = replica.reference();
    let organisation = &reference.organisation;
    let rows = reference.account.iter().cloned().map(Row::Account);
    let rows = rows
        .chain(organisation.people.values().cloned().map(Row::Person))
        .chain(organisation.teams.values().cloned().map(Row::Team))
        .chain(organisation.memberships.values().copied().map(Row::Membership))
        .chain(reference.channels.values().cloned().map(Row::Channel));
    Picture { heads, lines: lines.collect(), histories, reference: rows.map(|row| (row.id(), row)).collect() }
}
