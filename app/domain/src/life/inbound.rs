//! What an inbound message does to the conversation it falls into.

use crate::channel::ChannelKind;
use crate::conversation::{Archive, Conversation, Finished, LastLine, Pending, Side, State};
use crate::ids::PersonId;
use crate::life::{Outcome, Told};
use crate::message::{Body, Delivery, Fact, Kind};
use crate::organisation::Organisation;
use crate::time::{Moment, Span};
use crate::window;

/// How long after conclusion a customer's message brings the conversation back (decision 7); exclusive.
pub const RETURN: Span = Span::hours(12);

/// Characters of a text that a row of the list keeps.
const LAST_LINE: usize = 120;

/// Where an inbound message goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// Into the unfinished conversation, whose state does not change.
    Continue,
    /// Into the finished conversation, which stays finished: a reaction, an edit, an unsend, a system event.
    Attach,
    /// The finished conversation comes back: to who was responsible, or into the team's pending ones.
    Return(Box<Outcome>),
    /// A new conversation begins, in the team the channel leads to.
    Begin,
    /// Nothing of ours to attach it to, and nothing a person could answer: only the raw event is kept.
    KeepRaw,
}

/// Decides where a customer's message of `kind`, stamped `sent` by the provider and processed at `now`, goes.
///
/// `latest` is the unfinished conversation of this channel and contact identity if there is one, else the newest
/// finished one. Echoes are not customers' messages and never come here.
#[must_use]
pub fn receive(
    latest: Option<&Conversation>,
    kind: Kind,
    sent: Moment,
    now: Moment,
    organisation: &Organisation,
) -> Arrival {
    match (latest, speaks(kind)) {
        (None, true) => Arrival::Begin,
        (None, false) => Arrival::KeepRaw,
        (Some(head), speaks) => match head.state {
            State::Pending(_) | State::InProgress { .. } => Arrival::Continue,
            State::Finished(_) if !speaks => Arrival::Attach,
            State::Finished(finished) if returns(&finished, sent.min(now)) => {
                Arrival::Return(Box::new(bring_back(head, finished.responsible, now, organisation)))
            }
            State::Finished(_) => Arrival::Begin,
        },
    }
}

/// Whether the customer says something to answer, rather than changing or commenting on an earlier message. What
/// this version cannot show is still said.
pub(crate) const fn speaks(kind: Kind) -> bool {
    match kind {
        Kind::Text
        | Kind::Image
        | Kind::Video
        | Kind::Audio
        | Kind::Voice
        | Kind::Document
        | Kind::Sticker
        | Kind::Location
        | Kind::Contacts
        | Kind::Interactive
        | Kind::Button
        | Kind::Order
        | Kind::Unsupported => true,
        Kind::Reaction | Kind::System | Kind::Edit | Kind::Revoke | Kind::Template => false,
    }
}

fn returns(finished: &Finished, sent: Moment) -> bool {
    match finished.archive {
        Archive::InTwelveHours => sent < finished.at + RETURN,
        Archive::Immediately => false,
    }
}

/// Back to who was responsible when they attend the team, are active and available; else it is enqueued and takes a
/// turn like any other (decisions 2 and 7).
fn bring_back(head: &Conversation, responsible: Option<PersonId>, now: Moment, organisation: &Organisation) -> Outcome {
    match responsible.filter(|person| organisation.can_be_designated(*person, head.team)) {
        Some(to) => {
            let mut outcome = Outcome::of(head, State::InProgress { responsible: to, since: now });
            outcome.facts.push(Fact::Returned { to });
            outcome
        }
        None => {
            let mut outcome = Outcome::of(head, State::Pending(Pending::Open { since: now }));
            // A deleted team takes nobody any more.
            if !organisation.has_team(head.team) {
                outcome.head.team = organisation.default_team().unwrap_or(head.team);
            }
            outcome.facts.push(Fact::ReturnedToTeam { from: responsible });
            outcome.told.push(Told::Enqueued { team: outcome.head.team });
            outcome
        }
    }
}

/// Writes an inbound message into the head: counter, last line and window. `sent` is the provider's stamp; one in the
/// future counts as `now`.
pub fn heard(head: &mut Conversation, channel: ChannelKind, body: &Body, sent: Moment, now: Moment) {
    let (at, kind) = (sent.min(now), body.kind());
    if window::counts(channel, kind) {
        head.window = window::fold(head.window, at, now);
    }
    if speaks(kind) {
        head.unread = head.unread.saturating_add(1);
        show_last(head, last_line(at, Side::Customer, body, None));
    }
}

/// Puts a line into the head unless a newer one is there.
pub(super) fn show_last(head: &mut Conversation, line: LastLine) {
    head.last_at = head.last_at.max(line.at);
    if head.last_line.as_ref().is_none_or(|present| present.at <= line.at) {
        head.last_line = Some(line);
    }
}

/// What the list shows of a message: its first 120 characters, line breaks as spaces.
#[must_use]
pub fn last_line(at: Moment, side: Side, body: &Body, delivery: Option<Delivery>) -> LastLine {
    let text = match body {
        Body::Text(text) => text,
        Body::Placeholder { caption, .. } => caption.as_deref().unwrap_or_default(),
    };
    let text = text.chars().take(LAST_LINE).map(|c| if c.is_control() { ' ' } else { c }).collect();
    LastLine { at, side, text, kind: body.kind(), delivery }
}

impl Body {
    /// The kind of message this is the body of.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Placeholder { kind, .. } => *kind,
        }
    }
}
