//! What people ask for: each call of a tab, carried out at most once.
//!
//! *Invariant:* a call's number is counted in the transaction of its effect or of its refusal. What is refused changes
//! nothing but what was due before it anyway (decision 10). Everything is decided by `domain::life` and `domain::access`.

pub(super) mod conversation;
mod notes;
mod preferred;
mod texts;

use anyhow::Result;
use ciranda_domain::access::{AccountAction, Actor, Refusal, may_in_account};
use ciranda_domain::ids::{AccountId, ClientId, PersonId};
use ciranda_domain::person::Availability;
use ciranda_sync::calls::Call;
use ciranda_sync::frames::Refused;
use ciranda_sync::rows::Seq;
use ciranda_sync::serve::{Numbered, numbered};

use super::rights::{Revision, carry_out};
use super::settings::availability_row;
use super::{Work, attempts};
use crate::app::App;
use crate::store::write::Mutation;
use crate::store::{self, Scoped};

/// Who asks, from which tab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caller {
    pub account: AccountId,
    pub person: PersonId,
    pub client: ClientId,
}

/// What came of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Done; where it changed something the acknowledgement comes with the change.
    Done { at: Seq, changed: bool },
    /// Not done, and counted as done.
    Refused { refusal: Refused, at: Seq },
    /// Its number was counted before; what came of it has been told or will be.
    Seen,
    /// A number before it is missing.
    Gap,
}

/// Carries out call `number` of a tab.
///
/// # Errors
/// When the database cannot be reached; the call is then not counted and may be sent again.
pub async fn execute(app: &App, caller: Caller, number: u64, call: &Call) -> Result<Outcome> {
    attempts(|| once(app, caller, number, call)).await
}

async fn once(app: &App, caller: Caller, number: u64, call: &Call) -> Result<Outcome> {
    let mut scoped = store::begin(app, caller.account).await?;
    let last = scoped.lock_client(caller.client, caller.person).await?.unwrap_or_default();
    match numbered(last, number) {
        Numbered::Seen => return Ok(Outcome::Seen),
        Numbered::Gap => return Ok(Outcome::Gap),
        Numbered::Next => {}
    }
    let reference = app.memory.reference(&mut scoped).await?;
    let mutation = Mutation { client: caller.client, person: caller.person, number };
    let mut work = Work::new(reference, scoped.now);
    let decided = match work.reference.organisation.actor(caller.person) {
        Some(actor) => perform(&mut scoped, &mut work, &actor, call).await?,
        None => Err(Refusal::NotAllowed),
    };
    match decided {
        Ok(()) => {
            work.carries_out(mutation);
            let committed = work.commit(app, scoped).await?;
            Ok(Outcome::Done { at: committed.at, changed: committed.changed })
        }
        Err(refusal) => {
            let refusal = Refused::from(refusal);
            scoped.refuse(mutation, &refusal).await?;
            let committed = work.commit(app, scoped).await?;
            Ok(Outcome::Refused { refusal, at: committed.at })
        }
    }
}

async fn perform(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    call: &Call,
) -> Result<std::result::Result<(), Refusal>> {
    use ciranda_domain::life::Command;
    match call {
        Call::Start { conversation } => conversation::command(scoped, work, actor, *conversation, Command::Start).await,
        Call::Conclude { conversation } => {
            conversation::command(scoped, work, actor, *conversation, Command::Conclude).await
        }
        Call::TransferToTeam { conversation, team } => {
            let command = Command::TransferToTeam { team: *team };
            conversation::command(scoped, work, actor, *conversation, command).await
        }
        Call::TransferToPerson { conversation, person, team } => {
            let command = Command::TransferToPerson { person: *person, team: *team };
            conversation::command(scoped, work, actor, *conversation, command).await
        }
        Call::Restart { conversation } => {
            conversation::command(scoped, work, actor, *conversation, Command::Restart).await
        }
        Call::TakeOver { conversation, from } => {
            conversation::command(scoped, work, actor, *conversation, Command::TakeOver { from: *from }).await
        }
        Call::MarkRead { conversation } => {
            conversation::command(scoped, work, actor, *conversation, Command::MarkRead).await
        }
        Call::Send { conversation, message, text } => {
            texts::send(scoped, work, actor, *conversation, *message, text).await
        }
        Call::AddNote { conversation, message, text, mentions } => {
            notes::add(scoped, work, actor, *conversation, *message, (text, mentions)).await
        }
        Call::Prefer { conversation, person } => preferred::set(scoped, work, actor, *conversation, *person).await,
        Call::CancelWaiting { conversation, message } => {
            texts::cancel_waiting(scoped, work, actor, *conversation, *message).await
        }
        Call::Retry { conversation, message } => texts::retry(scoped, work, actor, *conversation, *message).await,
        Call::SetAvailability { availability } => set_availability(scoped, work, actor, *availability).await,
        Call::Nothing => Ok(Ok(())),
    }
}

/// A person's own availability, which is global (OVF-11).
async fn set_availability(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    availability: Availability,
) -> Result<std::result::Result<(), Refusal>> {
    if let Err(refusal) = may_in_account(actor, AccountAction::SetAvailability { of: actor.person }) {
        return Ok(Err(refusal));
    }
    let person = work.reference.organisation.people.get(&actor.person);
    let Some(present) = person.map(|person| person.availability).filter(|present| *present != availability) else {
        return Ok(Ok(()));
    };
    work.writes.audit.push(availability_row(actor.person, actor.person, present, availability));
    carry_out(scoped, work, vec![Revision::Availability { person: actor.person, availability }]).await?;
    Ok(Ok(()))
}
