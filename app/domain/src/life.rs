//! The life of a conversation: what each command makes of it, what an inbound message does to it, and how an outgoing
//! message gets on (product.md 11 and 13, decisions 7, 8, 10, 11, 21).
//!
//! *Invariant:* a decision depends on the head, the actor and the account's reference rows only, so a browser decides
//! optimistically exactly as the server does. Where distribution has a say the outcome names what it must be told, and
//! the state given is the one before it answers.
//!
//! The server's order within a transaction (decision 10): `Engine::advance(now)` and its effects first, then
//! [`decide`] on the head as it is after them, then one `Engine::step` for each [`Told`].

mod delivery;
mod inbound;
mod leaving;
mod notes;
mod preferred;
mod writing;

pub use delivery::{accepted, advance, replaces};
pub(crate) use inbound::speaks;
pub use inbound::{Arrival, RETURN, heard, last_line, receive};
pub use leaving::{leave, leave_team};
pub use notes::{Noted, note};
pub use preferred::prefer;
pub use writing::{WAITING_LIFE, Written, cancel_waiting, expires_at, retry, write};

use crate::access::{Action, Actor, Refusal, may};
use crate::conversation::{Archive, Conversation, Finished, Pending, State};
use crate::ids::{PersonId, TeamId};
use crate::message::{Cancelled, Fact};
use crate::organisation::Organisation;
use crate::person::{PersonStatus, Profile};
use crate::time::Moment;

/// What a person asks of one conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    Start,
    /// Back to the pending ones of a team, the present one included when it is in progress.
    TransferToTeam {
        team: TeamId,
    },
    /// To *Meus* of a person, in one of their teams (decision 8).
    TransferToPerson {
        person: PersonId,
        team: TeamId,
    },
    Conclude,
    Restart,
    MarkRead,
    /// In place of whoever the person saw attending, if that was said.
    TakeOver {
        from: Option<PersonId>,
    },
}

/// What a decision may look at besides the head.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Instant of server receipt; the browser's estimate of it.
    pub now: Moment,
    pub actor: &'a Actor,
    pub organisation: &'a Organisation,
    /// The actor's own preference for conclusions, fixed into the conversation when they conclude (decision 7).
    pub archive: Archive,
    /// Whether the contact has another unfinished conversation on this channel (decision 11). The server knows all of
    /// them, a browser those it sees.
    pub other_open: bool,
}

/// What follows from an accepted command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The head afterwards. After [`Told::Enqueued`] its state is provisionally open to the team.
    pub head: Conversation,
    /// Lines for the timeline, in order.
    pub facts: Vec<Fact>,
    /// What distribution must be told, in order.
    pub told: Vec<Told>,
    pub waiting: WaitingTexts,
    pub receipt: Receipt,
    /// Whose number of held conversations changed, so that a freed slot is filled in the same transaction (decision 1).
    pub loads_changed: Vec<PersonId>,
}

/// One message to a team's distribution engine about this conversation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// It left the team's pending ones and is held by `by` now.
    Started { team: TeamId, by: PersonId },
    /// It left the team's pending ones.
    Left { team: TeamId },
    /// It joined the team's pending ones and takes a turn of the arrow (decision 2).
    Enqueued { team: TeamId },
}

/// What happens to texts that wait for the customer's answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitingTexts {
    Kept,
    Cancelled(Cancelled),
}

/// Whether the customer is to see their messages as read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Receipt {
    None,
    Due,
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that says why not; nothing changes then.
pub fn decide(head: &Conversation, command: &Command, context: &Context<'_>) -> Result<Outcome, Refusal> {
    match *command {
        Command::Start => start(head, context),
        Command::TransferToTeam { team } => transfer_to_team(head, team, context),
        Command::TransferToPerson { person, team } => transfer_to_person(head, person, team, context),
        Command::Conclude => {
            may(context.actor, Action::Conclude, head)?;
            Ok(conclude(head, Some(context.actor.person), context.archive, context.now))
        }
        Command::Restart => restart(head, context),
        Command::MarkRead => mark_read(head, context),
        Command::TakeOver { from } => take_over(head, from, context),
    }
}

/// Concludes a conversation that is not finished; `by` is `None` for an automatic conclusion, which like those of the
/// API and in bulk gives [`Archive::Immediately`] (decision 7).
#[must_use]
pub fn conclude(head: &Conversation, by: Option<PersonId>, archive: Archive, now: Moment) -> Outcome {
    let finished = Finished { at: now, by, responsible: head.responsible(), archive };
    let mut outcome = Outcome::of(head, State::Finished(finished));
    outcome.head.unread = 0;
    if head.waiting > 0 {
        outcome.head.waiting = 0;
        outcome.waiting = WaitingTexts::Cancelled(Cancelled::ByConclusion);
    }
    outcome.facts.push(Fact::Concluded { by });
    outcome.leave_pending(head);
    outcome
}

fn start(head: &Conversation, context: &Context<'_>) -> Result<Outcome, Refusal> {
    may(context.actor, Action::Start, head)?;
    let by = context.actor.person;
    let mut outcome = Outcome::of(head, State::InProgress { responsible: by, since: context.now });
    outcome.head.unread = 0;
    outcome.facts.push(Fact::Started { by });
    outcome.told.push(Told::Started { team: head.team, by });
    // Only now does the customer see that somebody reads: looking at a pending one is not starting it.
    outcome.receipt = Receipt::Due;
    Ok(outcome)
}

fn transfer_to_team(head: &Conversation, team: TeamId, context: &Context<'_>) -> Result<Outcome, Refusal> {
    may(context.actor, Action::Transfer, head)?;
    let already_there = team == head.team && matches!(head.state, State::Pending(_));
    if already_there || !context.organisation.has_team(team) {
        return Err(Refusal::CannotReceive);
    }
    let mut outcome = Outcome::of(head, State::Pending(Pending::Open { since: context.now }));
    outcome.head.team = team;
    outcome.facts.push(Fact::TransferredToTeam { by: context.actor.person, from: head.team, to: team, because: None });
    outcome.leave_pending(head);
    outcome.told.push(Told::Enqueued { team });
    Ok(outcome)
}

fn transfer_to_person(
    head: &Conversation,
    person: PersonId,
    team: TeamId,
    context: &Context<'_>,
) -> Result<Outcome, Refusal> {
    may(context.actor, Action::Transfer, head)?;
    if head.responsible() == Some(person) && head.team == team || !can_receive(person, team, context.organisation) {
        return Err(Refusal::CannotReceive);
    }
    let by = context.actor.person;
    let mut outcome = Outcome::of(head, State::InProgress { responsible: person, since: context.now });
    outcome.head.team = team;
    outcome.head.received_from = (person != by).then_some(by);
    outcome.facts.push(Fact::TransferredToPerson { by, to: person, team, because: None });
    outcome.take_from_pending(head, person);
    Ok(outcome)
}

/// An active member of the team, available or not; an administrator may hold a conversation of any team without
/// joining it.
fn can_receive(person: PersonId, team: TeamId, organisation: &Organisation) -> bool {
    organisation.has_team(team)
        && organisation.people.get(&person).is_some_and(|receiver| {
            receiver.status == PersonStatus::Active
                && (receiver.profile == Profile::Administrator || organisation.belongs(person, team))
        })
}

fn restart(head: &Conversation, context: &Context<'_>) -> Result<Outcome, Refusal> {
    may(context.actor, Action::Restart, head)?;
    if context.other_open {
        return Err(Refusal::AlreadyOpen);
    }
    let by = context.actor.person;
    let mut outcome = Outcome::of(head, State::InProgress { responsible: by, since: context.now });
    outcome.head.team = team_of_restart(head.team, context).ok_or(Refusal::NotAllowed)?;
    outcome.facts.push(Fact::Restarted { by });
    Ok(outcome)
}

/// Administrators and members restart where it is; somebody of another team, or of one that was deleted, only into the
/// first they attend.
fn team_of_restart(present: TeamId, context: &Context<'_>) -> Option<TeamId> {
    let actor = context.actor;
    if context.organisation.has_team(present) && (actor.oversees(present) || actor.attends(present)) {
        return Some(present);
    }
    let own = context.organisation.teams.values().filter(|team| !team.deleted && actor.attends(team.id));
    own.min_by_key(|team| team.number).map(|team| team.id)
}

/// Only the responsible's own look counts: a supervisor who follows along leaves the counter and the receipt alone. For
/// whom a note called, the call is answered by looking, and nothing else is.
fn mark_read(head: &Conversation, context: &Context<'_>) -> Result<Outcome, Refusal> {
    may(context.actor, Action::Open, head)?;
    let me = context.actor.person;
    let mut outcome = Outcome::of(head, head.state);
    outcome.head.mentions.retain(|mention| mention.of != me);
    match head.state {
        State::InProgress { responsible, .. } if responsible == me => {
            outcome.head.unread = 0;
            outcome.receipt = if head.is_unseen() { Receipt::Due } else { Receipt::None };
            Ok(outcome)
        }
        _ if head.called_by(me).is_some() => {
            outcome.head.received_from = head.received_from;
            Ok(outcome)
        }
        State::Pending(_) | State::InProgress { .. } => Err(Refusal::NotAllowed),
        State::Finished(_) => Err(Refusal::Finished),
    }
}

/// Of two who take over at once the second is told who was faster (decision 10).
fn take_over(head: &Conversation, from: Option<PersonId>, context: &Context<'_>) -> Result<Outcome, Refusal> {
    may(context.actor, Action::TakeOver, head)?;
    if let Some(by) = head.responsible().filter(|by| from.is_some_and(|from| from != *by)) {
        return Err(Refusal::AlreadyStarted { by });
    }
    let by = context.actor.person;
    let mut outcome = Outcome::of(head, State::InProgress { responsible: by, since: context.now });
    outcome.facts.push(Fact::TransferredToPerson { by, to: by, team: head.team, because: None });
    Ok(outcome)
}

impl Conversation {
    /// Who is responsible while it is in progress.
    #[must_use]
    pub const fn responsible(&self) -> Option<PersonId> {
        match self.state {
            State::InProgress { responsible, .. } => Some(responsible),
            State::Pending(_) | State::Finished(_) => None,
        }
    }

    /// Whether its responsible has not looked at it as it is now: a customer wrote, or it came from somebody else
    /// (decision 8).
    #[must_use]
    pub const fn is_unseen(&self) -> bool {
        self.unread > 0 || self.received_from.is_some()
    }

    /// Whose slot it takes: the responsible's, or the designee's while it is offered to one person.
    #[must_use]
    pub const fn holder(&self) -> Option<PersonId> {
        match self.state {
            State::InProgress { responsible, .. } => Some(responsible),
            State::Pending(Pending::Designated { designee, .. }) => Some(designee),
            State::Pending(Pending::Queued { .. } | Pending::Open { .. }) | State::Finished(_) => None,
        }
    }
}

impl Outcome {
    /// The head in a new state, with the mark of a transfer gone and no other consequence yet.
    fn of(head: &Conversation, state: State) -> Self {
        let after = Conversation { state, received_from: None, ..head.clone() };
        let (before, now) = (head.holder(), after.holder());
        let changed = if before == now { Vec::new() } else { before.into_iter().chain(now).collect() };
        Self {
            head: after,
            facts: Vec::new(),
            told: Vec::new(),
            waiting: WaitingTexts::Kept,
            receipt: Receipt::None,
            loads_changed: changed,
        }
    }

    fn leave_pending(&mut self, before: &Conversation) {
        if matches!(before.state, State::Pending(_)) {
            self.told.push(Told::Left { team: before.team });
        }
    }

    fn take_from_pending(&mut self, before: &Conversation, by: PersonId) {
        if matches!(before.state, State::Pending(_)) {
            self.told.push(Told::Started { team: before.team, by });
        }
    }
}
