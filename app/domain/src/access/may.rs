//! Who may do what: the permission table (product.md 4.3).
//!
//! *Invariant:* nobody may act on what they do not see, and a refusal tells such a person no more than that.

use serde::{Deserialize, Serialize};

use crate::access::actor::Actor;
use crate::conversation::{Conversation, Pending, State};
use crate::ids::PersonId;
use crate::person::Profile;

/// An act on a conversation: the rows of the permission table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Action {
    /// Look at it and its messages.
    Open,
    /// "Iniciar".
    Start,
    /// Write to the customer.
    Write,
    /// Write a note that the customer never sees.
    AddNote,
    /// "Assumir": become responsible for a colleague's conversation.
    TakeOver,
    /// To a team or to a person.
    Transfer,
    Conclude,
    /// Classify, or edit the classification, after conclusion.
    Classify,
    /// "Reiniciar".
    Restart,
    /// Choose the contact's preferred attendant (decision 6).
    Prefer,
}

/// An act on the account rather than on one conversation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AccountAction {
    /// Teams, people, channels, hours, tags, approval templates.
    Configure,
    /// "Disponível" or "Indisponível" of a person (OVF-12).
    SetAvailability { of: PersonId },
}

/// Why an act was refused, one for one with `Refused` of the sync protocol, which the catalogue turns into words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    #[error("the conversation is not there, or not visible to this person")]
    NotFound,
    /// `by` may be the caller: another tab of theirs was faster.
    #[error("somebody was faster")]
    AlreadyStarted { by: PersonId },
    #[error("it was passed on before the press counted")]
    PassedOn,
    #[error("this person may not do that")]
    NotAllowed,
    #[error("the conversation is finished")]
    Finished,
    #[error("the other side of the transfer cannot take it")]
    CannotReceive,
    #[error("the text is empty or longer than the channel takes")]
    BadText,
    #[error("the contact has another open conversation on this channel")]
    AlreadyOpen,
    #[error("that makes no sense in this state any more")]
    TooLate,
}

/// Whether `actor` may do `action` to the conversation as it is now.
///
/// # Errors
/// [`Refusal::NotFound`] when they do not see it, except that a losing press by a member of its team is explained
/// (decision 10): their screen still showed it a moment ago.
pub fn may(actor: &Actor, action: Action, conversation: &Conversation) -> Result<(), Refusal> {
    if !actor.sees(conversation) {
        return Err(unseen(actor, action, conversation));
    }
    match (action, conversation.state) {
        (Action::Open, _) => Ok(()),
        (Action::Start, state) => start(actor, state),
        (Action::Write, state) => write(actor, conversation, state),
        (Action::AddNote, state) => allow(notes(actor, conversation, state)),
        (Action::TakeOver, state) => take_over(actor, conversation, state),
        (Action::Transfer | Action::Conclude, State::Pending(pending)) => {
            allow(handles_pending(actor, action, conversation, pending))
        }
        (Action::Transfer | Action::Conclude, State::InProgress { responsible, .. }) => {
            allow(actor.oversees(conversation.team) || responsible == actor.person)
        }
        (Action::Transfer | Action::Conclude, State::Finished(_)) => Err(Refusal::Finished),
        (Action::Classify, State::Finished(finished)) => {
            allow(actor.is_administrator() || finished.responsible == Some(actor.person))
        }
        (Action::Classify, State::Pending(_) | State::InProgress { .. }) => Err(Refusal::TooLate),
        // Whoever sees a finished one may restart it; a restricted person sees only their own. Somebody of another team
        // restarts it into a team of their own, which `life` checks.
        (Action::Restart, State::Finished(_)) => Ok(()),
        (Action::Restart, State::InProgress { responsible, .. }) => Err(Refusal::AlreadyStarted { by: responsible }),
        (Action::Restart, State::Pending(_)) => Err(Refusal::AlreadyOpen),
        (Action::Prefer, _) => allow(actor.profile != Profile::Restricted),
    }
}

/// Whether `actor` may do `action` in the account.
///
/// # Errors
/// [`Refusal::NotAllowed`], also for blocked and deleted people.
pub fn may_in_account(actor: &Actor, action: AccountAction) -> Result<(), Refusal> {
    allow(match action {
        AccountAction::Configure => actor.is_administrator(),
        AccountAction::SetAvailability { of } => actor.is_administrator() || actor.is_active() && of == actor.person,
    })
}

fn allow(allowed: bool) -> Result<(), Refusal> {
    if allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// What to tell somebody who does not see it. Attending members of its team had it in *Novos* until it was passed on
/// or started; ids are not guessable, so this tells nobody else that it exists.
fn unseen(actor: &Actor, action: Action, conversation: &Conversation) -> Refusal {
    if action == Action::Open || !actor.attends(conversation.team) {
        return Refusal::NotFound;
    }
    match conversation.state {
        State::Pending(Pending::Designated { .. }) => Refusal::PassedOn,
        State::InProgress { responsible, .. } if action == Action::Start => Refusal::AlreadyStarted { by: responsible },
        State::Finished(_) if action == Action::Start => Refusal::Finished,
        State::Pending(Pending::Queued { .. } | Pending::Open { .. })
        | State::InProgress { .. }
        | State::Finished(_) => Refusal::NotFound,
    }
}

/// Whoever sees a pending conversation may start it: members see it only when it is theirs or nobody's.
fn start(actor: &Actor, state: State) -> Result<(), Refusal> {
    match state {
        State::Pending(_) => allow(actor.is_active()),
        State::InProgress { responsible, .. } => Err(Refusal::AlreadyStarted { by: responsible }),
        State::Finished(_) => Err(Refusal::Finished),
    }
}

fn write(actor: &Actor, conversation: &Conversation, state: State) -> Result<(), Refusal> {
    match state {
        State::Pending(_) => Err(Refusal::NotAllowed),
        State::InProgress { responsible, .. } => {
            allow(actor.oversees(conversation.team) || responsible == actor.person)
        }
        State::Finished(_) => Err(Refusal::Finished),
    }
}

/// Notes: overseers, the responsible, and other unrestricted members of the team who see it.
fn notes(actor: &Actor, conversation: &Conversation, state: State) -> bool {
    let responsible = match state {
        State::Pending(_) => None,
        State::InProgress { responsible, .. } => Some(responsible),
        State::Finished(finished) => finished.responsible,
    };
    actor.oversees(conversation.team)
        || responsible == Some(actor.person)
        || actor.attends(conversation.team) && actor.profile != Profile::Restricted
}

fn take_over(actor: &Actor, conversation: &Conversation, state: State) -> Result<(), Refusal> {
    match state {
        State::Pending(_) => Err(Refusal::NotAllowed),
        State::InProgress { responsible, .. } if responsible == actor.person => {
            Err(Refusal::AlreadyStarted { by: responsible })
        }
        State::InProgress { .. } => allow(actor.oversees(conversation.team)),
        State::Finished(_) => Err(Refusal::Finished),
    }
}

/// Pending ones: overseers and unrestricted members; a restricted member may only pass on what is designated to them.
fn handles_pending(actor: &Actor, action: Action, conversation: &Conversation, pending: Pending) -> bool {
    let designee = match pending {
        Pending::Designated { designee, .. } => designee == actor.person,
        Pending::Queued { .. } | Pending::Open { .. } => false,
    };
    match actor.profile {
        Profile::Administrator => true,
        Profile::Attendant => actor.supervises(conversation.team) || actor.attends(conversation.team) || designee,
        Profile::Restricted => action == Action::Transfer && designee,
    }
}
