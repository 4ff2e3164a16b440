//! One conversation in the list.

use ciranda_domain::access::Tab;
use ciranda_domain::channel::ChannelKind;
use ciranda_domain::conversation::{Conversation, LastLine, Pending, Side, State};
use ciranda_domain::ids::PersonId;
use ciranda_domain::message::{Delivery, Kind};
use ciranda_domain::time::Moment;
use ciranda_sync::replica::Reference;
use ciranda_text::facts::Names;
use ciranda_text::{Key, Words, failures, spans};

use super::calendar::{Calendar, OpenTime, ago, near};
use super::ring::{self, Ring};
use super::thread::Tick;
use super::window::{self, Chip};

/// What a screen knows besides the row.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub words: Words,
    pub calendar: &'a dyn Calendar,
    pub reference: &'a Reference,
    pub me: PersonId,
    pub now: Moment,
}

/// A row, ready to be put on screen.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub name: String,
    pub channel: Option<ChannelKind>,
    pub tick: Option<Tick>,
    pub line: String,
    pub time: String,
    pub unread: u32,
    /// Its responsible has not looked at it as it is now.
    pub unseen: bool,
    /// Named only where the account has more than one.
    pub team: Option<String>,
    pub who: Option<Who>,
    pub ring: Option<Ring>,
    pub chip: Option<Chip>,
}

/// The words about a person at the foot of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// The viewer's own to take up.
    Mine(String),
    Other(String),
}

impl Row {
    /// Composes a row.
    #[must_use]
    pub fn of(conversation: &Conversation, around: Surroundings<'_>) -> Self {
        let Surroundings { words, calendar, reference, now, .. } = around;
        let channel = reference.channels.get(&conversation.channel).map(|channel| channel.kind);
        let last = conversation.last_line.as_ref();
        let several = reference.organisation.teams.len() > 1;
        let limit = ring::limit(reference.organisation.teams.get(&conversation.team));
        let open = OpenTime { hours: reference.hours(), calendar };
        let ring = ring::of(words, &conversation.state, limit, open, now);
        let chip = channel
            .filter(|_| ring.is_none())
            .and_then(|kind| window::row(words, conversation, window::state(conversation, kind, now), now));
        Self {
            name: conversation.contact.name.clone(),
            channel,
            tick: last.and_then(|line| line.delivery).map(Tick::of),
            line: last.map(|line| line_text(words, line)).unwrap_or_default(),
            time: ago(words, calendar, conversation.last_at, now),
            unread: conversation.unread,
            unseen: conversation.is_unseen(),
            team: reference.organisation.teams.get(&conversation.team).filter(|_| several).map(|t| t.name.clone()),
            who: who(conversation, around),
            ring,
            chip,
        }
    }
}

fn line_text(words: Words, line: &LastLine) -> String {
    let text = spoken_line(words, line.kind, &line.text);
    match (line.side, line.delivery) {
        (Side::Desk, Some(Delivery::Waiting)) => words.fill(Key::LastWaiting, &[&text]),
        (Side::Desk, Some(Delivery::Failed { .. })) => words.fill(Key::LastFailed, &[&text]),
        (Side::Desk | Side::Customer, _) => text,
    }
}

/// A text, or what kind of thing it was, with its caption.
#[must_use]
pub fn spoken_line(words: Words, kind: Kind, text: &str) -> String {
    match (kind, text) {
        (Kind::Text, text) => text.to_owned(),
        // The caption is the channel's own name for what it was: attendants read a word for it, or none.
        (Kind::Unsupported, "poll" | "poll_creation") => {
            [words.get(Key::KindPoll), words.get(Key::KindUnsupported)].join(" · ")
        }
        (kind @ Kind::Unsupported, _) | (kind, "") => words.get(failures::kind(kind)).to_owned(),
        (kind, text) => [words.get(failures::kind(kind)), text].join(" · "),
    }
}

fn who(conversation: &Conversation, around: Surroundings<'_>) -> Option<Who> {
    let Surroundings { words, reference, me, .. } = around;
    let name = |id| reference.organisation.person(id).unwrap_or_else(|| words.get(Key::SomebodyGone).to_owned());
    if let Some(by) = conversation.called_by(me) {
        return Some(Who::Mine(words.fill(Key::MentionedBy, &[&name(by)])));
    }
    match conversation.state {
        State::Pending(Pending::Designated { designee, .. }) if designee == me => {
            Some(Who::Mine(words.get(Key::ForYou).to_owned()))
        }
        State::Pending(Pending::Designated { designee, .. }) => {
            Some(Who::Other(words.fill(Key::OfferedTo, &[&name(designee)])))
        }
        State::Pending(Pending::Queued { .. }) => Some(Who::Other(words.get(Key::InQueue).to_owned())),
        State::Pending(Pending::Open { .. }) => Some(Who::Other(words.get(Key::OpenToTeam).to_owned())),
        State::InProgress { responsible, .. } if responsible == me => {
            conversation.received_from.map(|from| Who::Mine(words.fill(Key::ReceivedFrom, &[&name(from)])))
        }
        State::InProgress { responsible, .. } => Some(Who::Other(name(responsible))),
        State::Finished(finished) => {
            finished.responsible.or(finished.by).map(|by| Who::Other(words.fill(Key::FinishedBy, &[&name(by)])))
        }
    }
}

/// The line under the name in the conversation's head: where it stands and for how long.
#[must_use]
pub fn standing(conversation: &Conversation, around: Surroundings<'_>) -> String {
    let Surroundings { words, calendar, reference, me, now } = around;
    let lasted = |since| spans::spoken(words, now.since(since));
    match conversation.state {
        State::Pending(Pending::Queued { since } | Pending::Designated { since, .. } | Pending::Open { since }) => {
            words.fill(Key::PendingFor, &[&lasted(conversation.enqueued_at.unwrap_or(since))])
        }
        State::InProgress { responsible, since } if responsible == me => {
            words.fill(Key::InProgressFor, &[&lasted(since)])
        }
        State::InProgress { responsible, since } => {
            let name = reference.organisation.person(responsible).unwrap_or_default();
            words.fill(Key::InProgressWith, &[&name, &lasted(since)])
        }
        State::Finished(finished) => words.fill(Key::FinishedAt, &[&near(words, calendar, finished.at, now)]),
    }
}

/// What an empty tab says: a title and a hint.
#[must_use]
pub const fn empty(tab: Tab, available: bool) -> (Key, Key) {
    match tab {
        Tab::New if available => (Key::EmptyNew, Key::EmptyNewHint),
        Tab::New => (Key::EmptyNew, Key::EmptyNewAway),
        Tab::Mine => (Key::EmptyMine, Key::EmptyMineHint),
        Tab::Others => (Key::EmptyOthers, Key::EmptyOthersHint),
        Tab::Finished => (Key::EmptyFinished, Key::EmptyFinishedHint),
    }
}

/// The name of a tab.
#[must_use]
pub const fn tab_name(tab: Tab) -> Key {
    match tab {
        Tab::New => Key::TabNew,
        Tab::Mine => Key::TabMine,
        Tab::Others => Key::TabOthers,
        Tab::Finished => Key::TabFinished,
    }
}
