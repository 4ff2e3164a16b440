//! "Ver como" tells exactly what the person's own desk shows.

use std::collections::BTreeSet;

use ciranda_api::ViewAs;
use ciranda_domain::access::{Tab, hears};
use ciranda_domain::ids::ConversationId;
use ciranda_server::hub;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::json;

use super::Desk;
use crate::desk::world::{EXAMPLE, PEOPLE};
use crate::live::{agrees, happen, some_act};
use crate::rig::Browser;

#[tokio::test]
async fn an_administrator_sees_and_hears_what_somebodys_own_desk_does() {
    let desk = Desk::new(EXAMPLE).await;
    let shop = &desk.shop;
    hub::spawn(&shop.test.app);
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..120 {
        happen(shop, some_act(shop, &mut random).await).await;
    }
    let mut seen = 0;
    for name in PEOPLE {
        let browser = Browser::live(&shop.test, shop.account, shop.person(name)).await;
        agrees(shop, &browser).await;
        let view: ViewAs = desk.ok("view_as", json!({ "person": shop.person(name) })).await;
        for tab in [Tab::New, Tab::Mine, Tab::Others, Tab::Finished] {
            let told = view.tabs.iter().find(|told| told.tab == tab).expect("every tab");
            let own: Vec<ConversationId> = browser.look(|client| client.view().tab(tab).collect());
            assert_eq!(told.count as usize, own.len(), "{name}, {tab:?}");
            let heads: Vec<ConversationId> = told.heads.iter().map(|seen| seen.head.id).collect();
            assert_eq!(heads, own[..heads.len()], "{name}, {tab:?}, in order");
            let heard: BTreeSet<ConversationId> = browser.look(|client| {
                let actor = client.view().actor().expect("live");
                let heads = own.iter().filter_map(|id| client.view().conversation(*id));
                heads.filter(|head| hears(actor, head)).map(|head| head.id).collect()
            });
            let hears: BTreeSet<_> = told.heads.iter().filter(|seen| seen.hears).map(|seen| seen.head.id).collect();
            assert_eq!((told.heard as usize, hears), (heard.len(), heard), "{name}, {tab:?}");
            seen += own.len();
        }
    }
    assert!(seen > 30, "there was something to see: {seen}");
    let logged = "select count(*) from audit where action = 'ViewedAs'";
    assert_eq!(shop.count(logged).await, i64::try_from(PEOPLE.len()).expect("few"));
}
