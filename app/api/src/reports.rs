//! Reports and the numbers of today.
//!
//! *Invariant:* a number and the rows behind it are asked with the same words: [`ReportRows`] carries the report's own
//! question, the row's key and the metric. Nothing is told that the viewer may not open.

use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::report::{Age, By, DayNumber, Hours, Metric};
use ciranda_domain::time::{Moment, Span};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::backend::backend;
use crate::error::ApiError;

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportQuery {
    /// Days in the account's zone, both included.
    pub from: DayNumber,
    pub to: DayNumber,
    /// None named: all of them.
    #[serde(default)]
    pub metrics: Vec<Metric>,
    #[serde(default)]
    pub by: By,
    #[serde(default)]
    pub team: Option<TeamId>,
    #[serde(default)]
    pub person: Option<PersonId>,
    #[serde(default)]
    pub channel: Option<ChannelId>,
    #[serde(default)]
    pub hours: Hours,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Report {
    pub query: ReportQuery,
    /// The instant it is true for.
    pub at: Moment,
    /// The account's day of that instant.
    pub today: DayNumber,
    /// By key; those without any number are left out, except the one for all.
    pub rows: Vec<ReportRow>,
    /// What the viewer may narrow it to.
    pub choices: Choices,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportRow {
    pub cell: Cell,
    /// As people read it; empty for all, and for nobody.
    pub name: String,
    pub figures: Vec<Figure>,
}

/// The key of a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Cell {
    All,
    Day(DayNumber),
    Team(TeamId),
    /// Nobody where no person took charge.
    Person(Option<PersonId>),
    Channel(ChannelId),
}

/// One number and what belongs to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Figure {
    pub metric: Metric,
    /// How many were counted or measured.
    pub n: u64,
    /// Of how many, for a share.
    #[serde(default)]
    pub of: Option<u64>,
    #[serde(default)]
    pub median: Option<Span>,
    #[serde(default)]
    pub ninetieth: Option<Span>,
    /// How many run still.
    #[serde(default)]
    pub running: u64,
    /// How many were cut short before they could end.
    #[serde(default)]
    pub without: u64,
    /// The backlog by age.
    #[serde(default)]
    pub ages: Vec<(Age, u64)>,
    /// Busy and available time, for occupancy.
    #[serde(default)]
    pub occupied: Option<(Span, Span)>,
}

impl Figure {
    /// Nothing of a metric yet.
    #[must_use]
    pub const fn of(metric: Metric) -> Self {
        Self {
            metric,
            n: 0,
            of: None,
            median: None,
            ninetieth: None,
            running: 0,
            without: 0,
            ages: Vec::new(),
            occupied: None,
        }
    }
}

/// Teams, people and channels to choose from, by name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Choices {
    pub teams: Vec<(TeamId, String)>,
    pub people: Vec<(PersonId, String)>,
    pub channels: Vec<(ChannelId, String)>,
}

/// Which of a figure's numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Part {
    /// `n`
    Counted,
    /// `of`
    Whole,
    Running,
    Without,
    /// Of the backlog.
    Aged(Age),
}

/// A number whose rows are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportRows {
    pub query: ReportQuery,
    pub cell: Cell,
    pub metric: Metric,
    pub part: Part,
    /// Where the page before ended.
    #[serde(default)]
    pub after: Option<PageEnd>,
}

/// Where a page ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PageEnd {
    pub at: Moment,
    pub conversation: ConversationId,
    pub no: i32,
}

/// A page of rows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowsPage {
    pub rows: Vec<FactHead>,
    /// None at the end.
    pub next: Option<PageEnd>,
}

/// One row behind a number; opens its conversation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FactHead {
    pub conversation: ConversationId,
    pub contact_name: String,
    pub team: TeamId,
    pub team_name: String,
    pub person: Option<PersonId>,
    pub person_name: String,
    pub channel: ChannelId,
    pub at: Moment,
    pub until: Option<Moment>,
    /// In the hours that were asked for.
    pub length: Option<Span>,
}

/// The numbers of the account's present day, for the live board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Today {
    pub at: Moment,
    pub day: DayNumber,
    pub all: TodayNumbers,
    /// By name; every team the viewer oversees, also one on which nothing happened.
    pub teams: Vec<(TeamId, TodayNumbers)>,
}

/// What happened today.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TodayNumbers {
    pub arrivals: u64,
    /// First answers to conversations that arrived today.
    pub answered: u64,
    pub first_median: Option<Span>,
    pub first_ninetieth: Option<Span>,
    /// Those that have not had their first answer.
    pub unanswered: u64,
    pub offers: u64,
    pub overflows: u64,
    pub windows_lost: u64,
}

/// A report. [`crate::ErrorCode::NotAllowed`] for restricted attendants.
#[server(name = ReportFn, endpoint = "report", input = Json, output = Json)]
pub async fn report(query: ReportQuery) -> Result<Report, ApiError> {
    backend()?.report(query).await
}

/// The rows behind a number, exactly as many as it says.
#[server(name = ReportRowsFn, endpoint = "report_rows", input = Json, output = Json)]
pub async fn report_rows(rows: ReportRows) -> Result<RowsPage, ApiError> {
    backend()?.report_rows(rows).await
}

/// The numbers of today. [`crate::ErrorCode::NotAllowed`] for who oversees no team.
#[server(name = TodayFn, endpoint = "today", input = Json, output = Json)]
pub async fn today() -> Result<Today, ApiError> {
    backend()?.today().await
}
