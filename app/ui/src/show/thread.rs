//! The lines of a conversation as entries on screen: day separators, timeline facts, bubbles.
//!
//! *Invariant:* an entry's key is stable while its content changes, so that a tick changes a tick and nothing else.

use ciranda_domain::ids::{MessageId, PersonId};
use ciranda_domain::message::{Body, Cancelled, Content, Delivery, Kind};
use ciranda_domain::time::{Moment, Span};
use ciranda_sync::view::{Line, Progress};
use ciranda_text::facts::{self, Names};
use ciranda_text::{Key, Piece, Words, failures};

use super::calendar::{Calendar, day_title, near};
use super::row::spoken_line;

/// Names an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EntryKey {
    /// The day, in days since the epoch.
    Day(i64),
    Line(MessageId),
}

/// What an entry shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Entry {
    Day(String),
    Fact { time: String, pieces: Vec<Piece> },
    Bubble(Bubble),
}

/// One message.
#[derive(Clone, PartialEq, Debug)]
pub struct Bubble {
    pub id: MessageId,
    pub side: Side,
    pub said: Said,
    pub time: String,
    /// First and last of a run of the same author: the run is drawn closer together.
    pub first: bool,
    pub last: bool,
    /// What became of one of ours.
    pub fate: Option<Fate>,
}

/// Who said it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Side {
    Customer,
    /// One of ours; named when it is not the viewer.
    Desk {
        author: Option<String>,
    },
    /// A note, which the customer never sees.
    Note {
        author: Option<String>,
    },
}

/// What was said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    Text(String),
    Placeholder { kind: Kind, label: String },
}

/// What became of an outgoing message, as the bubble shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fate {
    pub tick: Tick,
    /// For the tooltip and the screen reader.
    pub label: &'static str,
    /// A line below the bubble, when there is something to say or to do.
    pub after: Option<After>,
}

/// The line below a bubble.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum After {
    /// Waits for the customer; can be taken back by its author.
    Waiting {
        words: String,
        can_delete: bool,
    },
    /// Waits although the window is open: behind one on its way, or stopped by one that did not leave (decision 21).
    Behind {
        stopped: bool,
        can_send: bool,
        can_delete: bool,
    },
    Failed {
        words: String,
        can_retry: bool,
    },
    Unknown {
        words: String,
    },
    /// Has not left this browser yet.
    Kept {
        words: String,
    },
    Cancelled {
        words: String,
    },
}

/// The little mark beside the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tick {
    Clock,
    One,
    Two,
    Read,
    Waiting,
    Failed,
    Unknown,
    Off,
}

impl Tick {
    /// The mark of a state.
    #[must_use]
    pub const fn of(delivery: Delivery) -> Self {
        match delivery {
            Delivery::Waiting => Self::Waiting,
            Delivery::Queued => Self::Clock,
            Delivery::Accepted | Delivery::Sent => Self::One,
            Delivery::Delivered => Self::Two,
            Delivery::Read => Self::Read,
            Delivery::Failed { .. } => Self::Failed,
            Delivery::Unknown => Self::Unknown,
            Delivery::Cancelled(_) => Self::Off,
        }
    }
}

/// What the thread knows besides its lines.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub words: Words,
    pub calendar: &'a dyn Calendar,
    pub names: &'a dyn Names,
    pub me: PersonId,
    pub now: Moment,
    pub online: bool,
    /// Texts can leave now.
    pub open: bool,
    /// The viewer may write in this conversation.
    pub writes: bool,
}

/// Runs of one author are broken by this much silence.
const PAUSE: Span = Span::minutes(5);

/// How long a waiting text lives (decision 21).
const WAITING_LIFE: Span = Span::days(7);

/// The entries of a conversation, oldest first.
pub fn entries<'a>(lines: impl Iterator<Item = Line<'a>>, around: Surroundings<'_>) -> Vec<(EntryKey, Entry)> {
    let mut out: Vec<(EntryKey, Entry)> = Vec::new();
    let mut day = None;
    let mut run: Option<(Voice, Moment)> = None;
    // Whether the next waiting text has one before it that leaves, or waits to leave, first.
    let mut behind = false;
    for line in lines {
        let at = line.message.at;
        let today = around.calendar.day(at);
        if day != Some(today) {
            day = Some(today);
            run = None;
            // Two lines out of order around midnight must not give the same key twice.
            if !out.iter().any(|(key, _)| *key == EntryKey::Day(today)) {
                let title = day_title(around.words, around.calendar, at, around.now);
                out.push((EntryKey::Day(today), Entry::Day(title)));
            }
        }
        let voice = Voice::of(line);
        let joins = match (&voice, &run) {
            (Some(voice), Some((before, when))) => voice == before && at.since(*when) < PAUSE,
            _ => false,
        };
        if joins && let Some((_, Entry::Bubble(before))) = out.last_mut() {
            before.last = false;
        }
        run = voice.map(|voice| (voice, at));
        out.push((EntryKey::Line(line.message.id), entry(line, !joins, behind, around)));
        behind |=
            matches!(line.message.content, Content::Outbound { delivery: Delivery::Queued | Delivery::Waiting, .. });
    }
    out
}

/// Whose run a bubble belongs to. A bubble with a line below ends its run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    Customer,
    Desk(PersonId),
    Note(PersonId),
}

impl Voice {
    fn of(line: Line<'_>) -> Option<Self> {
        match &line.message.content {
            Content::Inbound { .. } => Some(Self::Customer),
            Content::Outbound { author, .. } => Some(Self::Desk(*author)),
            Content::Note { author, .. } => Some(Self::Note(*author)),
            Content::Fact(_) => None,
        }
    }
}

fn entry(line: Line<'_>, first: bool, behind: bool, around: Surroundings<'_>) -> Entry {
    let Surroundings { words, calendar, names, me, .. } = around;
    let message = line.message;
    let time = calendar.clock(message.at);
    let named = |author| (author != me).then(|| names.person(author)).flatten();
    let bubble = |side, said, fate| {
        Entry::Bubble(Bubble { id: message.id, side, said, time: time.clone(), first, last: true, fate })
    };
    match &message.content {
        Content::Inbound { body } => bubble(Side::Customer, said(words, body), None),
        Content::Outbound { author, body, delivery } => {
            let fate = fate(line, *author, *delivery, behind, around);
            bubble(Side::Desk { author: named(*author) }, said(words, body), Some(fate))
        }
        Content::Note { author, text, .. } => {
            bubble(Side::Note { author: named(*author) }, Said::Text(text.clone()), unconfirmed(line, around))
        }
        Content::Fact(fact) => Entry::Fact { time, pieces: facts::sentence(words, fact, names) },
    }
}

fn said(words: Words, body: &Body) -> Said {
    match body {
        Body::Text(text) => Said::Text(text.clone()),
        Body::Placeholder { kind, caption } => {
            Said::Placeholder { kind: *kind, label: spoken_line(words, *kind, caption.as_deref().unwrap_or_default()) }
        }
    }
}

fn fate(line: Line<'_>, author: PersonId, delivery: Delivery, behind: bool, around: Surroundings<'_>) -> Fate {
    let Surroundings { words, calendar, me, now, open, writes, .. } = around;
    let unconfirmed = match delivery {
        Delivery::Waiting | Delivery::Cancelled(_) => None,
        _ => unconfirmed(line, around),
    };
    if let Some(fate) = unconfirmed {
        return fate;
    }
    let label = words.get(match delivery {
        Delivery::Waiting if open => Key::DeliveryQueued,
        delivery => failures::delivery(delivery),
    });
    let after = match delivery {
        Delivery::Waiting if open => {
            Some(After::Behind { stopped: !behind, can_send: !behind && writes, can_delete: writes || author == me })
        }
        Delivery::Waiting => {
            let until = near(words, calendar, line.message.at + WAITING_LIFE, now);
            Some(After::Waiting { words: words.fill(Key::DeliveryWaitingHint, &[&until]), can_delete: author == me })
        }
        Delivery::Failed { code } => Some(After::Failed {
            words: failures::explain(words, code),
            can_retry: failures::of_code(code).again == failures::Again::Worth,
        }),
        Delivery::Unknown => Some(After::Unknown { words: words.get(Key::DeliveryUnknownHint).to_owned() }),
        Delivery::Cancelled(Cancelled::ByAuthor | Cancelled::ByConclusion | Cancelled::Expired) => {
            Some(After::Cancelled { words: label.to_owned() })
        }
        Delivery::Queued | Delivery::Accepted | Delivery::Sent | Delivery::Delivered | Delivery::Read => None,
    };
    Fate { tick: Tick::of(delivery), label, after }
}

/// What is said of a line that the server has not confirmed.
fn unconfirmed(line: Line<'_>, around: Surroundings<'_>) -> Option<Fate> {
    let key = match line.progress {
        Progress::Confirmed => return None,
        Progress::Held => Key::HeldBack,
        Progress::Sending if around.online => Key::Sending,
        Progress::Sending => Key::QueuedOffline,
    };
    let label = around.words.get(key);
    let after = (key != Key::Sending).then(|| After::Kept { words: label.to_owned() });
    Some(Fate { tick: Tick::Clock, label, after })
}

/// The facts that tell how the conversation came to where it is, oldest first: since it last began a stay.
pub fn path<'a>(lines: impl Iterator<Item = Line<'a>>, around: Surroundings<'_>) -> Vec<(String, Vec<Piece>)> {
    lines
        .filter_map(|line| match &line.message.content {
            Content::Fact(fact) if facts::explains_place(fact) => {
                let at = near(around.words, around.calendar, line.message.at, around.now);
                Some((at, facts::sentence(around.words, fact, around.names)))
            }
            Content::Fact(_) | Content::Inbound { .. } | Content::Outbound { .. } | Content::Note { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests;
