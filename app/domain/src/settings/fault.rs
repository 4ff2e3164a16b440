//! What is wrong with a form: where, and enough to say it in words.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::ids::{PersonId, TeamId};

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    pub field: Field,
    pub kind: FaultKind,
}

/// The field that a fault is shown at. Append only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Field {
    /// The form as a whole.
    Form,
    Name,
    DefaultTeam,
    Level,
    /// Time each designee has to start.
    Limit,
    /// Time after which everybody is offered it.
    Maximum,
    Capacity,
    Weights,
    /// The matrix of people as a whole.
    People,
    /// A person's line in the matrix.
    Person(PersonId),
    /// A team's line in a person's form.
    Team(TeamId),
    Email,
    Phone,
    Profile,
    Status,
    /// 0 is Monday.
    Weekday(u8),
    /// A line of the exceptions, counted from 0.
    Exception(u32),
    Zone,
    AutoReply,
    Fate,
    Queue,
    OldestWait,
    Passed,
    WindowCloses,
}

/// Which time of a day breaks the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Break {
    Opens,
    LunchBegins,
    LunchEnds,
    Closes,
}

/// What is wrong. Append only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FaultKind {
    Empty,
    TooShort {
        least: u32,
    },
    TooLong {
        length: u32,
        most: u32,
    },
    /// Another one has this name, whatever the case and accents.
    NameTaken {
        by: String,
    },
    /// In minutes, conversations or people, as the field has it.
    OutOfRange {
        least: u32,
        most: u32,
    },
    /// The maximum is shorter than the time of one person.
    BelowLimit {
        limit: u32,
    },
    /// `present` is the default team; say that it is to be replaced.
    SecondDefault {
        present: TeamId,
    },
    /// It is the default team: make another one the default first.
    NoDefault,
    /// They are the last who attend, and so many conversations wait.
    LastAttending {
        waiting: u32,
    },
    /// A restricted person cannot supervise (SUP-04).
    RestrictedSupervises,
    /// They hold so many conversations in the team: say what becomes of them.
    NeedsFate {
        open: u32,
    },
    /// The receiver of their conversations is not active, not the same person and in a team.
    CannotReceive,
    LastAdministrator,
    /// Nobody takes their own rights away.
    Oneself,
    NotAnEmail,
    NotAPhone,
    /// Somebody of the account logs in with it.
    LoginTaken {
        by: PersonId,
    },
    NotATime {
        which: Break,
    },
    /// Each time must be later than the one before it.
    NotAscending {
        which: Break,
    },
    NeverOpens,
    NotADate,
    DateTwice {
        date: Day,
    },
    UnknownZone,
    /// Somebody saved it since it was read.
    ChangedMeanwhile {
        by: Option<PersonId>,
    },
    /// It is not there any more.
    Gone,
}

impl FaultKind {
    /// Whether it is about the date of a special day rather than its times.
    #[must_use]
    pub const fn is_of_date(&self) -> bool {
        matches!(self, Self::NotADate | Self::DateTwice { .. })
    }

    /// Which of a day's times it is about, if it is about one.
    #[must_use]
    pub const fn which(&self) -> Option<Break> {
        match self {
            Self::NotATime { which } | Self::NotAscending { which } => Some(*which),
            _ => None,
        }
    }
}

impl Fault {
    /// A fault of a field.
    #[must_use]
    pub const fn new(field: Field, kind: FaultKind) -> Self {
        Self { field, kind }
    }
}
