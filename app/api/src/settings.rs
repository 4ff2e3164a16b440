//! Ajustes: teams, people, business hours, thresholds of the board, the audit, and "Ver como". For administrators; only
//! the thresholds are told to supervisors too.
//!
//! *Invariant:* somebody who is no administrator gets [`crate::ErrorCode::NotAllowed`] before any id is looked at; an id
//! of another account is [`crate::ErrorCode::NotFound`], as one that never was. A form that is refused comes back with
//! every fault, each at its field.

use ciranda_domain::access::Tab;
use ciranda_domain::conversation::Conversation;
use ciranda_domain::ids::{PersonId, TeamId};
use ciranda_domain::person::{Availability, PersonStatus};
use ciranda_domain::settings::{AccessForm, Fate, HoursForm, PersonForm, TeamFate, TeamForm, Thresholds};
use ciranda_domain::time::Moment;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::backend::backend;
use crate::error::ApiError;

/// What a form showed when it was loaded. Goes back with it: when somebody saved meanwhile, saving is refused.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rev(pub String);

/// Everything that Ajustes shows at first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// By name; deleted ones are left out.
    pub teams: Vec<TeamEntry>,
    /// By name; deleted ones are left out.
    pub people: Vec<PersonEntry>,
    pub hours: HoursEntry,
    #[serde(default)]
    pub access: AccessEntry,
    /// Whether an invitation can be sent by e-mail; without, its link is shown to whoever invites.
    pub mails: bool,
}

/// A team and its form as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamEntry {
    pub id: TeamId,
    pub rev: Rev,
    pub form: TeamForm,
    pub thresholds: Thresholds,
    pub turns: Turns,
}

/// Where a team's distribution stands, for playing its next conversations.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Turns {
    /// Whose turn the circle's next conversation is, if anybody's yet.
    pub arrow: Option<PersonId>,
    /// Whom it designated, the latest last; kept where the strategy asks for it.
    pub recent: Vec<PersonId>,
}

/// A person and their form as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonEntry {
    pub id: PersonId,
    pub rev: Rev,
    pub form: PersonForm,
    pub status: PersonStatus,
    pub availability: Availability,
    /// Has been invited and has not come in yet.
    pub invite: Option<Invite>,
}

/// An invitation that nobody has followed yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invite {
    /// Until when its link works; in the past when it does not any more.
    pub until: Moment,
    pub expired: bool,
}

/// Business hours as they stand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoursEntry {
    pub rev: Rev,
    pub form: HoursForm,
}

/// What people are told of conversations that they do not see, as it stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AccessEntry {
    pub rev: Rev,
    pub form: AccessForm,
}

/// A form was saved; it stands at this revision now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub rev: Rev,
}

/// Somebody was invited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invited {
    pub rev: Rev,
    /// The one-time link, where no mail can be sent: whoever invites hands it on.
    #[serde(default)]
    pub link: Option<String>,
}

/// How many open conversations an act touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OpenCounts {
    pub pending: u32,
    pub in_progress: u32,
}

/// What lines of the audit are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AuditFilter {
    #[serde(default)]
    pub who: Option<PersonId>,
    #[serde(default)]
    pub kind: Option<AuditKind>,
    /// A person or a team.
    #[serde(default)]
    pub subject: Option<Uuid>,
    #[serde(default)]
    pub from: Option<Moment>,
    /// Exclusive.
    #[serde(default)]
    pub until: Option<Moment>,
}

/// Lines of the audit, newest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// Asks for the next page; none at the end.
    pub next: Option<String>,
}

/// One change: who, when, what, before and after.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditLine {
    pub id: Uuid,
    pub at: Moment,
    pub who: Option<PersonId>,
    pub kind: AuditKind,
    pub subject: Option<Uuid>,
    pub before: Option<Snapshot>,
    pub after: Option<Snapshot>,
}

/// What kind of change. Append only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum AuditKind {
    TeamCreated,
    TeamSaved,
    TeamDeleted,
    PersonInvited,
    InviteSentAgain,
    PersonSaved,
    PersonBlocked,
    PersonUnblocked,
    PersonDeleted,
    HoursSaved,
    ThresholdsSaved,
    AvailabilitySet,
    ViewedAs,
    /// Whom a contact's conversations are offered to first (OVF-14).
    PreferredSet,
    /// What people are told of conversations that they do not see (ACC-10).
    AccessSaved,
}

impl AuditKind {
    /// All of them, for the filter.
    pub const ALL: [Self; 15] = [
        Self::TeamCreated,
        Self::TeamSaved,
        Self::TeamDeleted,
        Self::PersonInvited,
        Self::InviteSentAgain,
        Self::PersonSaved,
        Self::PersonBlocked,
        Self::PersonUnblocked,
        Self::PersonDeleted,
        Self::HoursSaved,
        Self::ThresholdsSaved,
        Self::AvailabilitySet,
        Self::ViewedAs,
        Self::PreferredSet,
        Self::AccessSaved,
    ];
}

/// What something was before or after a change. Append only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Snapshot {
    Team(TeamForm),
    Person(PersonForm),
    Hours(Box<HoursForm>),
    Thresholds(Thresholds),
    Availability(Availability),
    Status(PersonStatus),
    /// A deletion, with what became of the open conversations.
    TeamGone {
        open: OpenCounts,
        fate: Option<TeamFate>,
    },
    /// Somebody who cannot work any more, with what became of the conversations they held.
    PersonGone {
        status: PersonStatus,
        open: OpenCounts,
        fate: Option<Fate>,
    },
    /// A contact's preferred attendant, or none.
    Preferred {
        contact: String,
        person: Option<PersonId>,
    },
    Access(AccessForm),
}

/// What somebody sees and hears.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ViewAs {
    pub person: PersonId,
    /// The four tabs in order, each in the order of their own screen.
    pub tabs: Vec<ViewTab>,
}

/// One tab.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ViewTab {
    pub tab: Tab,
    /// All of it, also where not every head is shown.
    pub count: u32,
    /// Of them, those that made a sound when they came.
    pub heard: u32,
    /// The first ones.
    pub heads: Vec<Seen>,
}

/// A conversation that somebody sees.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seen {
    pub head: Conversation,
    pub hears: bool,
}

/// Teams, people and hours as their forms show them.
#[server(name = SettingsFn, endpoint = "settings", input = Json, output = Json)]
pub async fn settings() -> Result<Settings, ApiError> {
    backend()?.settings().await
}

/// Makes a team, and says when the board raises alerts for it; as usual where nothing is said. The id is the caller's, so
/// that asking twice makes one.
#[server(name = CreateTeamFn, endpoint = "create_team", input = Json, output = Json)]
pub async fn create_team(team: TeamId, form: TeamForm, thresholds: Option<Thresholds>) -> Result<Saved, ApiError> {
    backend()?.create_team(team, form, thresholds).await
}

/// Changes a team and when the board raises alerts for it, both or neither; no thresholds means those that stand.
/// `leaving` is what becomes of the conversations in progress that people who leave it hold there.
#[server(name = SaveTeamFn, endpoint = "save_team", input = Json, output = Json)]
pub async fn save_team(
    team: TeamId,
    rev: Rev,
    form: TeamForm,
    thresholds: Option<Thresholds>,
    leaving: Option<Fate>,
) -> Result<Saved, ApiError> {
    backend()?.save_team(team, rev, form, thresholds, leaving).await
}

/// How many open conversations a team has.
#[server(name = PreviewDeleteTeamFn, endpoint = "preview_delete_team", input = Json, output = Json)]
pub async fn preview_delete_team(team: TeamId) -> Result<OpenCounts, ApiError> {
    backend()?.preview_delete_team(team).await
}

/// Deletes a team and concludes or moves what is open there.
#[server(name = DeleteTeamFn, endpoint = "delete_team", input = Json, output = Json)]
pub async fn delete_team(team: TeamId, fate: Option<TeamFate>) -> Result<(), ApiError> {
    backend()?.delete_team(team, fate).await
}

/// Makes a person and sends them their first link. The id is the caller's.
#[server(name = InvitePersonFn, endpoint = "invite_person", input = Json, output = Json)]
pub async fn invite_person(person: PersonId, form: PersonForm) -> Result<Invited, ApiError> {
    backend()?.invite_person(person, form).await
}

/// Sends somebody another first link; earlier ones stop working.
#[server(name = ResendInviteFn, endpoint = "resend_invite", input = Json, output = Json)]
pub async fn resend_invite(person: PersonId) -> Result<Invited, ApiError> {
    backend()?.resend_invite(person).await
}

/// Changes a person. `leaving` is what becomes of the conversations in progress they hold in teams they leave.
#[server(name = SavePersonFn, endpoint = "save_person", input = Json, output = Json)]
pub async fn save_person(
    person: PersonId,
    rev: Rev,
    form: PersonForm,
    leaving: Option<Fate>,
) -> Result<Saved, ApiError> {
    backend()?.save_person(person, rev, form, leaving).await
}

/// How many open conversations somebody holds: designated to them, and in progress.
#[server(name = PreviewDeletePersonFn, endpoint = "preview_delete_person", input = Json, output = Json)]
pub async fn preview_delete_person(person: PersonId) -> Result<OpenCounts, ApiError> {
    backend()?.preview_delete_person(person).await
}

/// Ends somebody's sessions at once and lets them in no more, until they are unblocked.
#[server(name = BlockPersonFn, endpoint = "block_person", input = Json, output = Json)]
pub async fn block_person(person: PersonId, fate: Option<Fate>) -> Result<(), ApiError> {
    backend()?.block_person(person, fate).await
}

/// Lets somebody in again.
#[server(name = UnblockPersonFn, endpoint = "unblock_person", input = Json, output = Json)]
pub async fn unblock_person(person: PersonId) -> Result<(), ApiError> {
    backend()?.unblock_person(person).await
}

/// Deletes somebody for good; history keeps their name.
#[server(name = DeletePersonFn, endpoint = "delete_person", input = Json, output = Json)]
pub async fn delete_person(person: PersonId, fate: Option<Fate>) -> Result<(), ApiError> {
    backend()?.delete_person(person, fate).await
}

/// Changes business hours, the zone and the automatic reply.
#[server(name = SaveHoursFn, endpoint = "save_hours", input = Json, output = Json)]
pub async fn save_hours(rev: Rev, form: HoursForm) -> Result<Saved, ApiError> {
    backend()?.save_hours(rev, form).await
}

/// Changes what people are told of conversations that they do not see (ACC-10).
#[server(name = SaveAccessFn, endpoint = "save_access", input = Json, output = Json)]
pub async fn save_access(rev: Rev, form: AccessForm) -> Result<Saved, ApiError> {
    backend()?.save_access(rev, form).await
}

/// Changes somebody's availability (OVF-12).
#[server(name = SetAvailabilityOfFn, endpoint = "set_availability_of", input = Json, output = Json)]
pub async fn set_availability_of(person: PersonId, availability: Availability) -> Result<(), ApiError> {
    backend()?.set_availability_of(person, availability).await
}

/// Who changed what, newest first; `before` is the `next` of the page before.
#[server(name = AuditFn, endpoint = "audit", input = Json, output = Json)]
pub async fn audit(filter: AuditFilter, before: Option<String>) -> Result<AuditPage, ApiError> {
    backend()?.audit(filter, before).await
}

/// "Ver como": what somebody sees and hears. Looking is written down.
#[server(name = ViewAsFn, endpoint = "view_as", input = Json, output = Json)]
pub async fn view_as(person: PersonId) -> Result<ViewAs, ApiError> {
    backend()?.view_as(person).await
}
