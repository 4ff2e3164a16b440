//! Commands on one conversation: start, transfer, conclude, restart, mark as read.
//!
//! *Invariant:* where the conversation is pending its team is locked and advanced first, so a deadline at the instant of
//! the press wins over the press (decision 10).

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use ciranda_domain::access::{Actor, Refusal};
use ciranda_domain::conversation::{Conversation, State};
use ciranda_domain::ids::{ConversationId, TeamId};
use ciranda_domain::life::{self, Command, Context, Outcome, Receipt, Told, WaitingTexts};

use super::super::teams::Teams;
use super::super::{Outdated, Work, waiting};
use crate::store::Scoped;
use crate::store::team::Extent;

/// Decides a command and puts down what follows.
///
/// # Errors
/// [`Outdated`], or when the database cannot be reached. A refusal is no error.
pub async fn command(
    scoped: &mut Scoped,
    work: &mut Work,
    actor: &Actor,
    id: ConversationId,
    command: Command,
) -> Result<std::result::Result<(), Refusal>> {
    let Some(seen) = scoped.conversations(&[id]).await?.pop() else { return Ok(Err(Refusal::NotFound)) };
    let mut teams = lock_teams(scoped, work, &seen.head, &command).await?;
    lock(scoped, work, &teams, &seen.head).await?;
    teams.apply(work)?;
    let Some(head) = work.head(id).cloned() else { return Ok(Err(Refusal::NotFound)) };
    let other_open = command == Command::Restart && scoped.has_unfinished(head.channel, head.contact.identity).await?;
    let reference = Arc::clone(&work.reference);
    let context = Context {
        now: work.now,
        actor,
        organisation: &reference.organisation,
        archive: reference.preference(actor.person),
        other_open,
    };
    let decided = match life::decide(&head, &command, &context) {
        Ok(outcome) => {
            carry_out(scoped, work, &mut teams, outcome).await?;
            Ok(())
        }
        Err(refusal) => Err(refusal),
    };
    teams.settle(work)?;
    teams.finish(scoped, work).await?;
    Ok(decided)
}

/// Locks and advances the teams that have a say: the one it is pending in, the one it goes to, and those with a
/// capacity where somebody's number of conversations may change.
async fn lock_teams(scoped: &mut Scoped, work: &Work, seen: &Conversation, command: &Command) -> Result<Teams> {
    let mut involved: BTreeSet<TeamId> = BTreeSet::new();
    if matches!(seen.state, State::Pending(_)) {
        involved.insert(seen.team);
    }
    let moves = match command {
        Command::TransferToTeam { team } => {
            involved.insert(*team);
            true
        }
        Command::Start
        | Command::TransferToPerson { .. }
        | Command::Conclude
        | Command::Restart
        | Command::TakeOver { .. } => true,
        Command::MarkRead => false,
    };
    if involved.is_empty() && !(moves && work.reference.has_limits()) {
        return Ok(Teams::none());
    }
    Teams::lock(scoped, &work.reference, involved, Extent::Only(&[seen.id])).await
}

/// Locks the conversation and whatever the teams are about to change; it must still stand as it was seen.
async fn lock(scoped: &mut Scoped, work: &mut Work, teams: &Teams, seen: &Conversation) -> Result<()> {
    let mut ids = teams.concerned();
    ids.insert(seen.id);
    let ids: Vec<ConversationId> = ids.into_iter().collect();
    work.hold(scoped.lock_conversations(&ids).await?);
    let pending = |head: &Conversation| matches!(head.state, State::Pending(_));
    let as_seen = work.head(seen.id).is_some_and(|head| head.team == seen.team && pending(head) == pending(seen));
    if as_seen { Ok(()) } else { Err(Outdated.into()) }
}

pub(in crate::desk) async fn carry_out(
    scoped: &mut Scoped,
    work: &mut Work,
    teams: &mut Teams,
    outcome: Outcome,
) -> Result<()> {
    let Outcome { head, facts, told, waiting: texts, receipt, loads_changed: _ } = outcome;
    let id = head.id;
    *work.head_mut(id)? = head;
    for fact in facts {
        work.fact(id, work.now, fact)?;
    }
    if told.iter().any(|told| matches!(told, Told::Enqueued { .. })) {
        work.enqueued(id)?;
    }
    teams.tell(id, work, &told);
    match texts {
        WaitingTexts::Kept => {}
        WaitingTexts::Cancelled(why) => waiting::cancel(scoped, work, id, why).await?,
    }
    match receipt {
        Receipt::None => {}
        Receipt::Due => {
            if let Some((channel, provider_id)) = scoped.newest_inbound(id).await? {
                work.receipt(id, channel, provider_id);
            }
        }
    }
    Ok(())
}
