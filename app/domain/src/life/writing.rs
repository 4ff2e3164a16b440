//! A text that a person of the account writes: it leaves, or it waits for the customer's answer (WIN-07, decision 21).

use crate::access::{Action, Refusal, may};
use crate::channel::ChannelKind;
use crate::conversation::{Conversation, Side};
use crate::ids::PersonId;
use crate::life::Context;
use crate::life::inbound::{last_line, show_last};
use crate::limits::validate_text;
use crate::message::{Body, Cancelled, Delivery};
use crate::time::{Moment, Span};
use crate::window::{FreeText, HumanAgent, free_text};

/// How long a waiting text lives from writing (decision 21).
pub const WAITING_LIFE: Span = Span::days(7);

/// What becomes of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// [`Delivery::Queued`] or [`Delivery::Waiting`], or what a waiting or failed text turned into.
    pub delivery: Delivery,
    pub head: Conversation,
}

/// Decides a text that `context.actor` writes now.
///
/// # Errors
/// [`Refusal::BadText`] for a blank or too long text, [`Refusal::TooLate`] when the window is closed on Instagram or
/// Messenger (the text stays a draft), else as [`may`] says.
pub fn write(
    head: &Conversation,
    text: &str,
    channel: ChannelKind,
    grant: HumanAgent,
    context: &Context<'_>,
) -> Result<Written, Refusal> {
    may(context.actor, Action::Write, head)?;
    validate_text(channel, text).map_err(|_| Refusal::BadText)?;
    let delivery = match departure(head, channel, grant, context.now)? {
        // Those that wait were written before this one and leave before it (decision 21).
        Delivery::Queued if head.waiting > 0 => Delivery::Waiting,
        delivery => delivery,
    };
    let mut head = head.clone();
    let body = Body::Text(text.to_owned());
    show_last(&mut head, last_line(context.now, Side::Desk, &body, Some(delivery)));
    count_waiting(&mut head, delivery);
    Ok(Written { delivery, head })
}

/// Decides that a waiting text is taken back: by its author, or by whoever may write in the conversation now.
///
/// # Errors
/// [`Refusal::TooLate`] when it no longer waits, else as [`may`] says.
pub fn cancel_waiting(
    head: &Conversation,
    author: PersonId,
    delivery: Delivery,
    context: &Context<'_>,
) -> Result<Written, Refusal> {
    may(context.actor, Action::Open, head)?;
    if author != context.actor.person {
        may(context.actor, Action::Write, head)?;
    }
    if delivery != Delivery::Waiting {
        return Err(Refusal::TooLate);
    }
    let head = Conversation { waiting: head.waiting.saturating_sub(1), ..head.clone() };
    Ok(Written { delivery: Delivery::Cancelled(Cancelled::ByAuthor), head })
}

/// Decides that a text goes again because a person says so: one that failed, one whose outcome is unknown, or one that
/// waits although the window is open, because the one before it did not leave (decision 21). Of several that wait, the
/// caller lets only the first go.
///
/// # Errors
/// [`Refusal::TooLate`] when it is on its way or gone, waits for the customer, or the window is closed on Instagram or
/// Messenger; else as [`may`] says.
pub fn retry(
    head: &Conversation,
    delivery: Delivery,
    channel: ChannelKind,
    grant: HumanAgent,
    context: &Context<'_>,
) -> Result<Written, Refusal> {
    may(context.actor, Action::Write, head)?;
    let again = departure(head, channel, grant, context.now);
    let mut head = head.clone();
    match (delivery, again?) {
        (Delivery::Failed { .. } | Delivery::Unknown, delivery) => {
            count_waiting(&mut head, delivery);
            Ok(Written { delivery, head })
        }
        (Delivery::Waiting, Delivery::Queued) => {
            head.waiting = head.waiting.saturating_sub(1);
            Ok(Written { delivery: Delivery::Queued, head })
        }
        (
            Delivery::Waiting
            | Delivery::Queued
            | Delivery::Accepted
            | Delivery::Sent
            | Delivery::Delivered
            | Delivery::Read
            | Delivery::Cancelled(_),
            _,
        ) => Err(Refusal::TooLate),
    }
}

/// When a text written at `written` stops waiting: it expires at that instant.
#[must_use]
pub fn expires_at(written: Moment) -> Moment {
    written + WAITING_LIFE
}

fn departure(head: &Conversation, channel: ChannelKind, grant: HumanAgent, now: Moment) -> Result<Delivery, Refusal> {
    match free_text(&head.window, channel, grant, now) {
        FreeText::Leaves | FreeText::LeavesAsHuman => Ok(Delivery::Queued),
        FreeText::Waits => Ok(Delivery::Waiting),
        FreeText::StaysDraft => Err(Refusal::TooLate),
    }
}

fn count_waiting(head: &mut Conversation, delivery: Delivery) {
    if delivery == Delivery::Waiting {
        head.waiting = head.waiting.saturating_add(1);
    }
}
