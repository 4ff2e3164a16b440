//! The metrics and their definitions.

use serde::{Deserialize, Serialize};

use crate::report::fact::FactKind;
use crate::report::query::By;

/// What a report can show; append only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Metric {
    Arrivals,
    FirstResponse,
    NextResponse,
    Wait,
    Handle,
    Resolution,
    Conclusions,
    Reopenings,
    Transfers,
    Overflow,
    WindowsLost,
    Backlog,
    Occupancy,
}

/// What kind of number a metric is, and of which facts it is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// How many facts.
    Count(FactKind),
    /// How many facts, and how many that is of others.
    Share { of: FactKind, counted: FactKind },
    /// How long facts took: median, ninetieth percentile, how many ended, still run, and never ended.
    Length(FactKind),
    /// Conversations that are open now, by age.
    Backlog,
    /// Time with a conversation of the available time.
    Occupancy,
}

/// What a length is counted from; for a count, what is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Begins {
    /// The customer's message that began the conversation.
    Arrival,
    /// The first of the customer's messages since the last answer.
    FirstOfBurst,
    /// The conversation came to the team: it arrived, was passed on, or came back.
    CameToTeam,
    /// The person became responsible.
    TookCharge,
    Concluded,
    ReturnedWithinTwelveHours,
    PassedOn,
    OfferExpired,
    WindowEnded,
    OpenNow,
    Available,
}

/// The day to which a counted fact belongs: that of its instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Belongs {
    /// On which a length began.
    Began,
    /// On which an instant happened.
    Happened,
    /// Of the conclusion that was undone: what returns is a share of what was concluded.
    Concluded,
    /// Of the offer that ran out, for the same reason.
    Offered,
    /// On which the window ended.
    WindowEnded,
}

/// How a length may be cut short before it could end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Concluded without an answer.
    Unanswered,
    /// Concluded, or passed on to a team, without anybody's having taken charge.
    Untaken,
}

/// What a length is counted to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ends {
    /// A person's next text to the customer, waiting or failed ones included.
    PersonsText,
    /// Somebody became responsible.
    TakenCharge,
    /// The person stopped being responsible: concluded or passed on.
    LetGo,
    /// The last conclusion.
    LastConclusion,
    Now,
}

/// What a metric leaves out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Leaves {
    AutomaticReplies,
    /// Bursts after the first that were concluded without an answer: nobody had to answer.
    ConcludedBursts,
    /// What a person restarted: the customer was not waiting.
    Restarted,
    /// Hops that fell in an outage of ours.
    OutageHops,
    TakeOvers,
    Reactions,
    /// Windows that ended while the conversation was concluded: nobody was to answer.
    WhileConcluded,
}

/// Everything that says what a metric is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Definition {
    pub metric: Metric,
    pub measure: Measure,
    pub begins: Begins,
    pub ends: Option<Ends>,
    pub leaves: &'static [Leaves],
}

impl Definition {
    /// The day to which what is counted belongs; none where nothing is counted by days.
    #[must_use]
    pub const fn belongs(&self) -> Option<Belongs> {
        match self.begins {
            Begins::FirstOfBurst | Begins::CameToTeam | Begins::TookCharge => Some(Belongs::Began),
            Begins::Arrival if self.ends.is_some() => Some(Belongs::Began),
            Begins::Arrival | Begins::Concluded | Begins::PassedOn => Some(Belongs::Happened),
            Begins::ReturnedWithinTwelveHours => Some(Belongs::Concluded),
            Begins::OfferExpired => Some(Belongs::Offered),
            Begins::WindowEnded => Some(Belongs::WindowEnded),
            Begins::OpenNow | Begins::Available => None,
        }
    }

    /// How it may be cut short; none where every length ends.
    #[must_use]
    pub const fn cut(&self) -> Option<Cut> {
        match self.measure {
            Measure::Length(FactKind::FirstResponse) => Some(Cut::Unanswered),
            Measure::Length(FactKind::Wait) => Some(Cut::Untaken),
            Measure::Length(_) | Measure::Count(_) | Measure::Share { .. } | Measure::Backlog | Measure::Occupancy => {
                None
            }
        }
    }
}

impl Metric {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::Arrivals,
        Self::FirstResponse,
        Self::NextResponse,
        Self::Wait,
        Self::Handle,
        Self::Resolution,
        Self::Conclusions,
        Self::Reopenings,
        Self::Transfers,
        Self::Overflow,
        Self::WindowsLost,
        Self::Backlog,
        Self::Occupancy,
    ];

    /// Whether it can be told by day, team, person or channel: the backlog is of this instant, and only people are
    /// available.
    #[must_use]
    pub const fn splits(self, by: By) -> bool {
        match (self.definition().measure, by) {
            (Measure::Count(_) | Measure::Share { .. } | Measure::Length(_), _) | (_, By::None | By::Person) => true,
            (Measure::Backlog, By::Team | By::Channel) => true,
            (Measure::Backlog, By::Day) | (Measure::Occupancy, By::Day | By::Team | By::Channel) => false,
        }
    }

    /// What it is.
    #[must_use]
    pub const fn definition(self) -> Definition {
        use FactKind as F;
        use Leaves as L;
        use Measure::{Backlog, Count, Length, Occupancy, Share};
        let (measure, begins, ends, leaves): (_, _, _, &'static [Leaves]) = match self {
            Self::Arrivals => (Count(F::Arrival), Begins::Arrival, None, &[L::Restarted, L::Reactions]),
            Self::FirstResponse => (
                Length(F::FirstResponse),
                Begins::FirstOfBurst,
                Some(Ends::PersonsText),
                &[L::AutomaticReplies, L::Restarted, L::Reactions],
            ),
            Self::NextResponse => (
                Length(F::NextResponse),
                Begins::FirstOfBurst,
                Some(Ends::PersonsText),
                &[L::AutomaticReplies, L::ConcludedBursts, L::Reactions],
            ),
            Self::Wait => (Length(F::Wait), Begins::CameToTeam, Some(Ends::TakenCharge), &[]),
            Self::Handle => (Length(F::Handle), Begins::TookCharge, Some(Ends::LetGo), &[]),
            Self::Resolution => (Length(F::Resolution), Begins::Arrival, Some(Ends::LastConclusion), &[L::Restarted]),
            Self::Conclusions => (Count(F::Conclusion), Begins::Concluded, None, &[]),
            Self::Reopenings => (
                Share { of: F::Conclusion, counted: F::Reopening },
                Begins::ReturnedWithinTwelveHours,
                None,
                &[L::Restarted],
            ),
            Self::Transfers => (Count(F::Transfer), Begins::PassedOn, None, &[L::TakeOvers]),
            Self::Overflow => {
                (Share { of: F::Offer, counted: F::Overflow }, Begins::OfferExpired, None, &[L::OutageHops])
            }
            Self::WindowsLost => {
                (Count(F::WindowLost), Begins::WindowEnded, None, &[L::AutomaticReplies, L::WhileConcluded])
            }
            Self::Backlog => (Backlog, Begins::OpenNow, Some(Ends::Now), &[]),
            Self::Occupancy => (Occupancy, Begins::Available, None, &[]),
        };
        Definition { metric: self, measure, begins, ends, leaves }
    }
}

impl Measure {
    /// The facts that are counted, one for each row behind the number.
    #[must_use]
    pub const fn counted(self) -> Option<FactKind> {
        match self {
            Self::Count(kind) | Self::Length(kind) | Self::Share { counted: kind, .. } => Some(kind),
            Self::Backlog | Self::Occupancy => None,
        }
    }

    /// The facts that the counted ones are a share of.
    #[must_use]
    pub const fn of(self) -> Option<FactKind> {
        match self {
            Self::Share { of, .. } => Some(of),
            Self::Count(_) | Self::Length(_) | Self::Backlog | Self::Occupancy => None,
        }
    }
}
