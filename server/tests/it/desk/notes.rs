//! Notes and those who look on: what a supervisor does inside a conversation leaves the customer's side as it was.

use ciranda_domain::conversation::{Conversation, Mention, State};
use ciranda_domain::message::{Content, Fact};
use ciranda_server::desk::calls::Outcome;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;

use super::world::{FREE, World, fresh_message};

const JOANA: &str = "5511987654321";

/// Ana attends Joana, who has written twice since Ana looked.
async fn attended() -> (World, Conversation) {
    let shop = World::new(FREE).await;
    shop.write(JOANA, "oi").await;
    let conversation = shop.with(JOANA).await.id;
    shop.ok("Ana", Call::Start { conversation }).await;
    shop.write(JOANA, "tudo bem?").await;
    let head = shop.with(JOANA).await;
    (shop, head)
}

/// What could tell the customer, or the responsible's screen, that somebody looked.
async fn traces(shop: &World) -> [i64; 3] {
    [
        shop.count("select count(*) from read_receipt").await,
        shop.count("select count(*) from outbox").await,
        shop.count("select coalesce(sum(unread), 0)::bigint from conversation").await,
    ]
}

#[tokio::test]
async fn a_whisper_reaches_the_attendant_and_nothing_of_it_the_customer() {
    let (shop, before) = attended().await;
    let traced = traces(&shop).await;
    let (conversation, message, ana) = (before.id, fresh_message(), shop.person("Ana"));
    // Called twice counts once; the author calls nobody by calling themselves.
    let mentions = vec![ana, ana, shop.person("Eva")];
    let whisper = Call::AddNote { conversation, message, text: "Ofereça o frete.".into(), mentions };
    shop.ok("Eva", whisper.clone()).await;
    shop.ok("Eva", whisper).await;
    assert_eq!(traces(&shop).await, traced);
    let after = shop.with(JOANA).await;
    let mark = Mention { of: ana, by: shop.person("Eva") };
    assert_eq!(after, Conversation { mentions: vec![mark], ..before }, "only the call is new");
    let notes: Vec<_> = shop.lines(conversation).await.into_iter().map(|line| line.message).collect();
    let notes: Vec<_> = notes.iter().filter(|line| matches!(line.content, Content::Note { .. })).collect();
    let note = Content::Note {
        author: shop.person("Eva"),
        text: "Ofereça o frete.".into(),
        mentions: vec![shop.person("Ana")],
    };
    assert_eq!(notes.iter().map(|line| &line.content).collect::<Vec<_>>(), [&note]);
    shop.ok("Ana", Call::MarkRead { conversation }).await;
    assert_eq!(shop.with(JOANA).await.mentions, []);
}

#[tokio::test]
async fn a_supervisor_reads_along_unannounced() {
    let (shop, before) = attended().await;
    let traced = traces(&shop).await;
    let conversation = before.id;
    let refused = shop.press("Eva", Call::MarkRead { conversation }).await;
    assert!(matches!(refused, Outcome::Refused { refusal: Refused::NotAllowed, .. }), "{refused:?}");
    // A call by a note is answered by looking, and nothing else changes by it.
    let (message, mentions) = (fresh_message(), vec![shop.person("Eva")]);
    shop.ok("Ana", Call::AddNote { conversation, message, text: "Me ajuda?".into(), mentions }).await;
    shop.ok("Eva", Call::MarkRead { conversation }).await;
    assert_eq!(traces(&shop).await, traced);
    assert_eq!(shop.with(JOANA).await, before);
}

#[tokio::test]
async fn notes_of_those_who_do_not_see_it_and_without_words_are_refused() {
    let (shop, head) = attended().await;
    let conversation = head.id;
    let note =
        |text: &str| Call::AddNote { conversation, message: fresh_message(), text: text.into(), mentions: vec![] };
    for blank in ["", " \n "] {
        let refused = shop.press("Eva", note(blank)).await;
        assert!(matches!(refused, Outcome::Refused { refusal: Refused::BadText, .. }), "{refused:?}");
    }
    let neighbour = shop.neighbour(FREE).await;
    let refused = neighbour.press("Rosa", note("oi")).await;
    assert!(matches!(refused, Outcome::Refused { refusal: Refused::NotFound, .. }), "{refused:?}");
    assert_eq!(shop.count("select count(*) from message where side = 4").await, 0);
}

#[tokio::test]
async fn a_take_over_moves_it_and_says_who_took_it() {
    let (shop, head) = attended().await;
    let conversation = head.id;
    let refused = shop.press("Bruno", Call::TakeOver { conversation, from: None }).await;
    assert!(matches!(refused, Outcome::Refused { refusal: Refused::NotAllowed, .. }), "{refused:?}");
    shop.ok("Eva", Call::TakeOver { conversation, from: None }).await;
    let eva = shop.person("Eva");
    let after = shop.with(JOANA).await;
    assert!(matches!(after.state, State::InProgress { responsible, .. } if responsible == eva));
    let (_, last) = shop.facts(conversation).await.pop().expect("told");
    assert_eq!(last, Fact::TransferredToPerson { by: eva, to: eva, team: shop.team, because: None });
    assert_eq!(after.received_from, None);
}
