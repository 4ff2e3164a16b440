//! A few conversations to begin with, told through the very paths that real ones take: webhook, calls, Graph.
//!
//! *Invariant:* they come on the number without distribution, so that the circle of "Suporte" begins untouched.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use ciranda_domain::ids::{ClientId, ConversationId, MessageId, PersonId};
use ciranda_simulator::Simulator;
use ciranda_simulator::wire::{Compose, CustomerId};
use ciranda_sync::calls::Call;
use tokio::time::sleep;

use super::{ACCOUNT, seed};
use crate::app::App;
use crate::desk::calls::{self, Caller, Outcome};
use crate::store::page::Reader;
use crate::store::{self};

/// What customers said, by their places in the simulator's list, and what became of it.
const STORY: [(u32, &str, Then); 4] = [
    (
        1,
        "Boa tarde! Vocês abrem aos sábados?",
        Then::Concluded { by: 3, answer: "Boa tarde! Só de segunda a sexta, das 8h às 18h." },
    ),
    (
        2,
        "Oi, a camisa veio no tamanho errado, pedi M e chegou P.",
        Then::Concluded { by: 0, answer: "Já separei a M, pode trocar na loja ou por aqui." },
    ),
    (
        3,
        "Quero dois do vaso azul. Como pago?",
        Then::Answered { by: 1, answer: "Que ótimo! Envio o link de pagamento em um minuto." },
    ),
    (4, "Bom dia, quero trocar um produto", Then::Left),
];

enum Then {
    Concluded { by: usize, answer: &'static str },
    Answered { by: usize, answer: &'static str },
    Left,
}

/// Tells the story beside everything else; a demo without it is a demo all the same.
pub fn begin(app: &Arc<App>, simulator: Simulator) {
    let teller = Arc::clone(app);
    app.spawn(async move {
        let stop = teller.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            told = tell(&teller, &simulator) => match told {
                Ok(()) => tracing::info!("the demo's first conversations are there"),
                Err(error) => tracing::warn!("the demo's first conversations could not be made: {error:#}"),
            },
        }
    });
}

async fn tell(app: &App, simulator: &Simulator) -> Result<()> {
    let number = seed::numbers().pop().map(|number| number.phone_number_id).unwrap_or_default();
    order_is_ready(simulator)?;
    let mut known = Vec::new();
    for (customer, text, then) in STORY {
        let compose = Compose::Text { text: text.to_owned(), quotes: None };
        if let Err(refusal) = simulator.customer_sends(CustomerId(customer), &number, compose) {
            anyhow::bail!("a phone refused: {refusal:?}");
        }
        let conversation = next(app, &mut known).await?;
        match then {
            Then::Left => {}
            Then::Answered { by, answer } => answered(app, conversation, by, answer).await?,
            Then::Concluded { by, answer } => {
                let tab = answered_by(app, conversation, by, answer).await?;
                tab.call(app, 3, Call::Conclude { conversation }).await?;
            }
        }
    }
    Ok(())
}

/// The first customer has a message with buttons to tap, on the number that hands its conversations round.
fn order_is_ready(simulator: &Simulator) -> Result<()> {
    let number = seed::numbers().into_iter().next().map(|number| number.phone_number_id).unwrap_or_default();
    for template in seed::templates() {
        if let Err(refusal) = simulator.notify(CustomerId(0), &number, &template.name) {
            anyhow::bail!("a phone refused a template: {refusal:?}");
        }
    }
    Ok(())
}

/// Waits for the conversation that is not known yet.
async fn next(app: &App, known: &mut Vec<ConversationId>) -> Result<ConversationId> {
    for _ in 0..200 {
        let mut scoped = store::snapshot(app, ACCOUNT).await?;
        let atoms = app.memory.reference(&mut scoped).await?.rights(seed::person(0)).atoms;
        let reader = Reader { person: seed::person(0), atoms: &atoms };
        let open = scoped.open_page(&reader, None, 100).await?;
        scoped.commit().await?;
        if let Some(held) = open.iter().find(|held| !known.contains(&held.head.id)) {
            known.push(held.head.id);
            return Ok(held.head.id);
        }
        sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("a message did not become a conversation within ten seconds")
}

async fn answered(app: &App, conversation: ConversationId, by: usize, answer: &str) -> Result<()> {
    answered_by(app, conversation, by, answer).await.map(drop)
}

async fn answered_by(app: &App, conversation: ConversationId, by: usize, answer: &str) -> Result<Tab> {
    let tab = Tab { person: seed::person(by), client: ClientId(app.clock.new_id()) };
    tab.call(app, 1, Call::Start { conversation }).await?;
    let message = MessageId(app.clock.new_id());
    tab.call(app, 2, Call::Send { conversation, message, text: answer.to_owned() }).await?;
    Ok(tab)
}

/// Somebody's hand at the desk.
struct Tab {
    person: PersonId,
    client: ClientId,
}

impl Tab {
    async fn call(&self, app: &App, number: u64, call: Call) -> Result<()> {
        let caller = Caller { account: ACCOUNT, person: self.person, client: self.client };
        let outcome = calls::execute(app, caller, number, &call).await?;
        ensure!(matches!(outcome, Outcome::Done { .. }), "a call was not done: {outcome:?}");
        Ok(())
    }
}
