//! What may happen in a shop, at random.

use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::Availability;
use ciranda_domain::time::Span;
use ciranda_sync::calls::Call;
use rand::Rng;
use rand::rngs::StdRng;

use crate::desk::world::{PEOPLE, World, fresh_message};

/// One thing that happens.
#[derive(Debug)]
pub enum Act {
    /// A customer writes.
    Writes(String),
    Presses(&'static str, Call),
    /// Time passes.
    Passes(Span),
}

/// Something that may happen now.
pub async fn some_act(shop: &World, random: &mut StdRng) -> Act {
    let conversations = shop.all().await;
    match random.random_range(0..10) {
        0..3 => Act::Writes(format!("55119000000{:02}", random.random_range(0..25))),
        3 => Act::Passes(Span::minutes(random.random_range(1..8))),
        _ if conversations.is_empty() => Act::Writes("5511900000000".into()),
        _ => {
            let conversation = conversations[random.random_range(0..conversations.len())].head.id;
            let people: Vec<PersonId> = shop.people.values().copied().collect();
            let person = people[random.random_range(0..people.len())];
            let team: TeamId = if random.random_bool(0.7) { shop.team } else { shop.other_team };
            let call = match random.random_range(0..15) {
                0..4 => Call::Start { conversation },
                4..6 => Call::Conclude { conversation },
                6 => Call::TransferToTeam { conversation, team },
                7 => Call::TransferToPerson { conversation, person, team },
                8 => Call::Restart { conversation },
                9 => Call::MarkRead { conversation },
                10..13 => Call::Send { conversation, message: fresh_message(), text: "olá".into() },
                13 => Call::TakeOver { conversation, from: None },
                _ => Call::SetAvailability {
                    availability: if random.random() { Availability::Available } else { Availability::Unavailable },
                },
            };
            Act::Presses(PEOPLE[random.random_range(0..PEOPLE.len())], call)
        }
    }
}

/// Lets it happen at the shop's own server, without anybody's browser.
pub async fn happen(shop: &World, act: Act) {
    match act {
        Act::Writes(phone) => shop.write(&phone, "oi").await,
        Act::Presses(name, call) => _ = shop.press(name, call).await,
        Act::Passes(span) => {
            shop.at_moment(shop.now().await + span).await;
            shop.tick().await;
        }
    }
}
