//! What the server implements, one value for each request, and the explicit list of functions.

use std::pin::Pin;
use std::sync::Arc;

use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::person::Availability;
use ciranda_domain::settings::{AccessForm, Fate, HoursForm, PersonForm, TeamFate, TeamForm, Thresholds};
use leptos::prelude::use_context;
use leptos::server_fn::ServerFn;
use leptos::server_fn::axum::register_explicit;
use uuid::Uuid;

use crate::board::{BoardAside, BoardFn};
use crate::entry::{
    CodeSent, EnterAsFn, EnterFn, Me, RedeemLinkFn, RequestCodeFn, SignInOptions, SignInOptionsFn, SignOutFn, WhoamiFn,
};
use crate::error::{ApiError, ErrorCode};
use crate::explain::ExplainFn;
use crate::reports::{Report, ReportFn, ReportQuery, ReportRows, ReportRowsFn, RowsPage, Today, TodayFn};
use crate::settings::{
    AuditFilter, AuditFn, AuditPage, BlockPersonFn, CreateTeamFn, DeletePersonFn, DeleteTeamFn, InvitePersonFn,
    Invited, OpenCounts, PreviewDeletePersonFn, PreviewDeleteTeamFn, ResendInviteFn, Rev, SaveAccessFn, SaveHoursFn,
    SavePersonFn, SaveTeamFn, Saved, SetAvailabilityOfFn, Settings, SettingsFn, UnblockPersonFn, ViewAs, ViewAsFn,
};

/// What a method of [`Backend`] returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// The bodies of the server functions, for one request: it knows the request's cookie and address.
pub trait Backend: Send + Sync + 'static {
    fn sign_in_options(&self) -> Answer<'_, SignInOptions>;
    fn request_code(&self, login: String, language: String) -> Answer<'_, CodeSent>;
    fn enter(&self, challenge: Uuid, code: String) -> Answer<'_, Me>;
    fn enter_as(&self, person: PersonId) -> Answer<'_, Me>;
    fn redeem_link(&self, secret: String) -> Answer<'_, Me>;
    fn sign_out(&self) -> Answer<'_, ()>;
    fn whoami(&self) -> Answer<'_, Me>;
    fn board(&self) -> Answer<'_, BoardAside>;
    fn explain(&self, conversation: ConversationId) -> Answer<'_, Vec<Decision>>;
    fn settings(&self) -> Answer<'_, Settings>;
    fn create_team(&self, team: TeamId, form: TeamForm, thresholds: Option<Thresholds>) -> Answer<'_, Saved>;
    fn save_team(
        &self,
        team: TeamId,
        rev: Rev,
        form: TeamForm,
        thresholds: Option<Thresholds>,
        leaving: Option<Fate>,
    ) -> Answer<'_, Saved>;
    fn preview_delete_team(&self, team: TeamId) -> Answer<'_, OpenCounts>;
    fn delete_team(&self, team: TeamId, fate: Option<TeamFate>) -> Answer<'_, ()>;
    fn invite_person(&self, person: PersonId, form: PersonForm) -> Answer<'_, Invited>;
    fn resend_invite(&self, person: PersonId) -> Answer<'_, Invited>;
    fn save_person(&self, person: PersonId, rev: Rev, form: PersonForm, leaving: Option<Fate>) -> Answer<'_, Saved>;
    fn preview_delete_person(&self, person: PersonId) -> Answer<'_, OpenCounts>;
    fn block_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<'_, ()>;
    fn unblock_person(&self, person: PersonId) -> Answer<'_, ()>;
    fn delete_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<'_, ()>;
    fn save_hours(&self, rev: Rev, form: HoursForm) -> Answer<'_, Saved>;
    fn save_access(&self, rev: Rev, form: AccessForm) -> Answer<'_, Saved>;
    fn set_availability_of(&self, person: PersonId, availability: Availability) -> Answer<'_, ()>;
    fn audit(&self, filter: AuditFilter, before: Option<String>) -> Answer<'_, AuditPage>;
    fn view_as(&self, person: PersonId) -> Answer<'_, ViewAs>;
    fn report(&self, query: ReportQuery) -> Answer<'_, Report>;
    fn report_rows(&self, rows: ReportRows) -> Answer<'_, RowsPage>;
    fn today(&self) -> Answer<'_, Today>;
}

/// The request's backend, which the server put into its context.
pub(crate) fn backend() -> Result<Arc<dyn Backend>, ApiError> {
    use_context::<Arc<dyn Backend>>().ok_or_else(|| ApiError::new(ErrorCode::Unavailable))
}

/// The paths of all server functions; stable.
pub const PATHS: [&str; 29] = [
    SignInOptionsFn::PATH,
    RequestCodeFn::PATH,
    EnterFn::PATH,
    EnterAsFn::PATH,
    RedeemLinkFn::PATH,
    SignOutFn::PATH,
    WhoamiFn::PATH,
    BoardFn::PATH,
    ExplainFn::PATH,
    SettingsFn::PATH,
    CreateTeamFn::PATH,
    SaveTeamFn::PATH,
    PreviewDeleteTeamFn::PATH,
    DeleteTeamFn::PATH,
    InvitePersonFn::PATH,
    ResendInviteFn::PATH,
    SavePersonFn::PATH,
    PreviewDeletePersonFn::PATH,
    BlockPersonFn::PATH,
    UnblockPersonFn::PATH,
    DeletePersonFn::PATH,
    SaveHoursFn::PATH,
    SaveAccessFn::PATH,
    SetAvailabilityOfFn::PATH,
    AuditFn::PATH,
    ViewAsFn::PATH,
    ReportFn::PATH,
    ReportRowsFn::PATH,
    TodayFn::PATH,
];

/// Registers every server function. To be called once before the first request.
pub fn register() {
    register_explicit::<SignInOptionsFn>();
    register_explicit::<RequestCodeFn>();
    register_explicit::<EnterFn>();
    register_explicit::<EnterAsFn>();
    register_explicit::<RedeemLinkFn>();
    register_explicit::<SignOutFn>();
    register_explicit::<WhoamiFn>();
    register_explicit::<BoardFn>();
    register_explicit::<ExplainFn>();
    register_explicit::<SettingsFn>();
    register_explicit::<CreateTeamFn>();
    register_explicit::<SaveTeamFn>();
    register_explicit::<PreviewDeleteTeamFn>();
    register_explicit::<DeleteTeamFn>();
    register_explicit::<InvitePersonFn>();
    register_explicit::<ResendInviteFn>();
    register_explicit::<SavePersonFn>();
    register_explicit::<PreviewDeletePersonFn>();
    register_explicit::<BlockPersonFn>();
    register_explicit::<UnblockPersonFn>();
    register_explicit::<DeletePersonFn>();
    register_explicit::<SaveHoursFn>();
    register_explicit::<SaveAccessFn>();
    register_explicit::<SetAvailabilityOfFn>();
    register_explicit::<AuditFn>();
    register_explicit::<ViewAsFn>();
    register_explicit::<ReportFn>();
    register_explicit::<ReportRowsFn>();
    register_explicit::<TodayFn>();
}
