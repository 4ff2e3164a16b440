//! The bodies of the server functions.
//!
//! *Invariant:* an inner error is logged here and told to the caller as a code and the catalogue's words for it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use ciranda_api::{
    Answer, ApiError, AuditFilter, AuditPage, Backend, BoardAside, CodeSent, ErrorCode, Invited, Me, OpenCounts,
    Report, ReportQuery, ReportRows, Rev, RowsPage, Saved, Settings, SignInOptions, Today, ViewAs,
};
use ciranda_domain::distribution::Decision;
use ciranda_domain::ids::{ConversationId, PersonId, TeamId};
use ciranda_domain::organisation::Organisation;
use ciranda_domain::person::Availability;
use ciranda_domain::settings::{AccessForm, Fate, HoursForm, PersonForm, TeamFate, TeamForm, Thresholds};
use ciranda_text::{Lang, Words};
use uuid::Uuid;

use crate::app::App;
use crate::auth::{self, CODE_MINUTES, Refusal, Token};
use crate::demo;
use crate::desk::board;
use crate::desk::explain;
use crate::desk::rights;
use crate::desk::settings::{Office, Refused};
use crate::in_words;
use crate::reports;
use crate::store;
use crate::store::login::Whose;

/// What a function asks of the answer besides its value.
#[derive(Default)]
pub struct Outcome {
    cookie: Mutex<Option<HeaderValue>>,
    status: Mutex<Option<StatusCode>>,
}

impl Outcome {
    /// Puts it into the answer. A body that refuses says with what status; where none was reached, its arguments could
    /// not be read, which is said in these words.
    pub fn apply(&self, response: &mut Response, words: Words) {
        if let Some(cookie) = self.cookie.lock().unwrap_or_else(PoisonError::into_inner).take() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        let refused = self.status.lock().unwrap_or_else(PoisonError::into_inner).take();
        if response.status().is_success() {
            return;
        }
        *response.status_mut() = refused.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        if refused.is_none() {
            let told = in_words::unreadable(words);
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::from(serde_json::to_string(&told).unwrap_or_default());
        }
    }

    fn set_cookie(&self, cookie: HeaderValue) {
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = Some(cookie);
    }

    fn refuse(&self, error: &ApiError) {
        let status = match error.code {
            ErrorCode::SignedOut => StatusCode::UNAUTHORIZED,
            ErrorCode::TooMany => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::BadCode | ErrorCode::BadLink | ErrorCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::NotAllowed => StatusCode::FORBIDDEN,
            ErrorCode::NotFound | ErrorCode::DemoOnly => StatusCode::NOT_FOUND,
            ErrorCode::Offline | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
    }
}

/// One request's view of the server.
pub struct Call {
    app: Arc<App>,
    /// Only what is needed of them is kept: the cookie, the browser's name and its language.
    headers: HeaderMap,
    from: IpAddr,
    outcome: Arc<Outcome>,
}

impl Call {
    /// For a request with these headers from this address.
    #[must_use]
    pub fn new(app: Arc<App>, headers: &HeaderMap, from: IpAddr, outcome: Arc<Outcome>) -> Self {
        let mut kept = HeaderMap::new();
        for name in [header::COOKIE, header::USER_AGENT, header::ACCEPT_LANGUAGE] {
            for value in headers.get_all(&name) {
                kept.append(&name, value.clone());
            }
        }
        Self { app, headers: kept, from, outcome }
    }

    /// Runs a body and gives its refusal the fitting status and words.
    fn run<'a, T: 'a>(&'a self, body: impl Future<Output = Result<T, ApiError>> + Send + 'a) -> Answer<'a, T> {
        Box::pin(async move {
            let mut error = match body.await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            self.outcome.refuse(&error);
            error.message = self.said(&error).await;
            Err(error)
        })
    }

    /// A refusal in words; names are those of the caller's own account.
    async fn said(&self, error: &ApiError) -> String {
        let organisation = if error.faults().is_empty() { None } else { self.organisation().await };
        in_words::message(in_words::language(&self.headers), error, &organisation.unwrap_or_default())
    }

    async fn organisation(&self) -> Option<Organisation> {
        let whose = self.whose().await.ok()?;
        let mut scoped = store::begin(&self.app, whose.account).await.ok()?;
        let reference = self.app.memory.reference(&mut scoped).await.ok()?;
        scoped.commit().await.ok()?;
        Some(reference.organisation.clone())
    }

    /// Lets somebody in: a new session, never the one the browser had before.
    async fn let_in(&self, whose: Whose) -> Result<Me, ApiError> {
        let me = self.me(whose).await?;
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let before = auth::of(&self.app, &self.headers);
        let token = auth::begin_session(&self.app, whose, before, agent).await.map_err(|error| unavailable(&error))?;
        rights::comes_in(&self.app, whose.account, whose.person).await.map_err(|error| {
            tracing::error!("somebody's first entry could not be noted: {error:#}");
            ApiError::new(ErrorCode::Unavailable)
        })?;
        self.outcome.set_cookie(auth::set(&self.app.config.public_url, &token));
        Ok(me)
    }

    async fn me(&self, whose: Whose) -> Result<Me, ApiError> {
        let known = auth::known(&self.app, whose).await.map_err(|error| unavailable(&error))?;
        let known = known.ok_or_else(|| ApiError::new(ErrorCode::SignedOut))?;
        Ok(Me {
            account_name: known.account_name,
            person: whose.person,
            name: known.name,
            profile: known.profile,
            demo: self.app.config.is_demo(),
        })
    }

    /// Where whoever is logged in changes settings, if they may.
    async fn office(&self) -> Result<Office, ApiError> {
        let found = auth::principal(&self.app, &self.headers).await.map_err(|error| unavailable(&error))?;
        let who = found.ok_or_else(|| ApiError::new(ErrorCode::SignedOut))?;
        Ok(Office::new(Arc::clone(&self.app), who.account, who.person))
    }

    /// Who is logged in.
    async fn whose(&self) -> Result<Whose, ApiError> {
        let found = auth::principal(&self.app, &self.headers).await.map_err(|error| unavailable(&error))?;
        let principal = found.ok_or_else(|| ApiError::new(ErrorCode::SignedOut))?;
        Ok(Whose { account: principal.account, person: principal.person })
    }

    fn token(&self) -> Option<Token> {
        auth::of(&self.app, &self.headers)
    }
}

impl Backend for Call {
    fn sign_in_options(&self) -> Answer<'_, SignInOptions> {
        self.run(async {
            if !self.app.config.is_demo() {
                return Ok(SignInOptions { demo: None });
            }
            let people = demo::people(&self.app).await.map_err(|error| unavailable(&error))?;
            Ok(SignInOptions { demo: Some(people) })
        })
    }

    fn request_code(&self, login: String, language: String) -> Answer<'_, CodeSent> {
        self.run(async move {
            let words = Words::of(Lang::of_tag(&language));
            let challenge = auth::request_code(&self.app, &login, self.from, words)
                .await
                .map_err(|error| refused(&error, ErrorCode::BadCode))?;
            Ok(CodeSent { challenge, minutes: CODE_MINUTES })
        })
    }

    fn enter(&self, challenge: Uuid, code: String) -> Answer<'_, Me> {
        self.run(async move {
            let whose = auth::verify(&self.app, challenge, &code, self.from).await;
            self.let_in(whose.map_err(|error| refused(&error, ErrorCode::BadCode))?).await
        })
    }

    fn enter_as(&self, person: PersonId) -> Answer<'_, Me> {
        self.run(async move {
            if !self.app.config.is_demo() {
                return Err(ApiError::new(ErrorCode::DemoOnly));
            }
            let people = demo::people(&self.app).await.map_err(|error| unavailable(&error))?;
            if !people.iter().any(|known| known.id == person) {
                return Err(ApiError::new(ErrorCode::NotFound));
            }
            self.let_in(Whose { account: demo::ACCOUNT, person }).await
        })
    }

    fn redeem_link(&self, secret: String) -> Answer<'_, Me> {
        self.run(async move {
            let whose = auth::redeem(&self.app, &secret, self.from).await;
            self.let_in(whose.map_err(|error| refused(&error, ErrorCode::BadLink))?).await
        })
    }

    fn sign_out(&self) -> Answer<'_, ()> {
        self.run(async {
            if let Some(token) = self.token() {
                auth::end(&self.app, &token).await.map_err(|error| unavailable(&error))?;
            }
            self.outcome.set_cookie(auth::cleared(&self.app.config.public_url));
            Ok(())
        })
    }

    fn whoami(&self) -> Answer<'_, Me> {
        self.run(async {
            let found = auth::principal(&self.app, &self.headers).await.map_err(|error| unavailable(&error))?;
            let (Some(principal), Some(token)) = (found, self.token()) else {
                return Err(ApiError::new(ErrorCode::SignedOut));
            };
            let me = self.me(Whose { account: principal.account, person: principal.person }).await?;
            // The browser's copy lives thirty days from its last use as well.
            self.outcome.set_cookie(auth::set(&self.app.config.public_url, &token));
            Ok(me)
        })
    }

    fn board(&self) -> Answer<'_, BoardAside> {
        self.run(async move {
            let found = auth::principal(&self.app, &self.headers).await.map_err(|error| unavailable(&error))?;
            let who = found.ok_or_else(|| ApiError::new(ErrorCode::SignedOut))?;
            let aside = board::aside(&self.app, who).await.map_err(|error| {
                tracing::error!("the board could not be read: {error:#}");
                ApiError::new(ErrorCode::Unavailable)
            })?;
            aside.ok_or_else(|| ApiError::new(ErrorCode::NotAllowed))
        })
    }

    fn explain(&self, conversation: ConversationId) -> Answer<'_, Vec<Decision>> {
        self.run(async move {
            let found = auth::principal(&self.app, &self.headers).await.map_err(|error| unavailable(&error))?;
            let who = found.ok_or_else(|| ApiError::new(ErrorCode::SignedOut))?;
            let told = explain::explain(&self.app, who.account, who.person, conversation).await.map_err(|error| {
                tracing::error!("decisions could not be read: {error:#}");
                ApiError::new(ErrorCode::Unavailable)
            })?;
            told.ok_or_else(|| ApiError::new(ErrorCode::NotFound))
        })
    }

    fn settings(&self) -> Answer<'_, Settings> {
        self.run(async move { self.office().await?.settings().await.map_err(|error| told(&error)) })
    }

    fn create_team(&self, team: TeamId, form: TeamForm, thresholds: Option<Thresholds>) -> Answer<'_, Saved> {
        self.run(
            async move { self.office().await?.create_team(team, form, thresholds).await.map_err(|error| told(&error)) },
        )
    }

    fn save_team(
        &self,
        team: TeamId,
        rev: Rev,
        form: TeamForm,
        thresholds: Option<Thresholds>,
        leaving: Option<Fate>,
    ) -> Answer<'_, Saved> {
        self.run(async move {
            let filled = (form, thresholds);
            self.office().await?.save_team(team, rev, filled, leaving).await.map_err(|error| told(&error))
        })
    }

    fn preview_delete_team(&self, team: TeamId) -> Answer<'_, OpenCounts> {
        self.run(async move { self.office().await?.preview_delete_team(team).await.map_err(|error| told(&error)) })
    }

    fn delete_team(&self, team: TeamId, fate: Option<TeamFate>) -> Answer<'_, ()> {
        self.run(async move { self.office().await?.delete_team(team, fate).await.map_err(|error| told(&error)) })
    }

    fn invite_person(&self, person: PersonId, form: PersonForm) -> Answer<'_, Invited> {
        self.run(async move { self.office().await?.invite_person(person, form).await.map_err(|error| told(&error)) })
    }

    fn resend_invite(&self, person: PersonId) -> Answer<'_, Invited> {
        self.run(async move { self.office().await?.resend_invite(person).await.map_err(|error| told(&error)) })
    }

    fn save_person(&self, person: PersonId, rev: Rev, form: PersonForm, leaving: Option<Fate>) -> Answer<'_, Saved> {
        self.run(async move {
            self.office().await?.save_person(person, rev, form, leaving).await.map_err(|error| told(&error))
        })
    }

    fn preview_delete_person(&self, person: PersonId) -> Answer<'_, OpenCounts> {
        self.run(async move { self.office().await?.preview_delete_person(person).await.map_err(|error| told(&error)) })
    }

    fn block_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<'_, ()> {
        self.run(async move { self.office().await?.block_person(person, fate).await.map_err(|error| told(&error)) })
    }

    fn unblock_person(&self, person: PersonId) -> Answer<'_, ()> {
        self.run(async move { self.office().await?.unblock_person(person).await.map_err(|error| told(&error)) })
    }

    fn delete_person(&self, person: PersonId, fate: Option<Fate>) -> Answer<'_, ()> {
        self.run(async move { self.office().await?.delete_person(person, fate).await.map_err(|error| told(&error)) })
    }

    fn save_access(&self, rev: Rev, form: AccessForm) -> Answer<'_, Saved> {
        self.run(async move { self.office().await?.save_access(rev, form).await.map_err(|error| told(&error)) })
    }

    fn save_hours(&self, rev: Rev, form: HoursForm) -> Answer<'_, Saved> {
        self.run(async move { self.office().await?.save_hours(rev, form).await.map_err(|error| told(&error)) })
    }

    fn set_availability_of(&self, person: PersonId, availability: Availability) -> Answer<'_, ()> {
        self.run(async move {
            self.office().await?.set_availability_of(person, availability).await.map_err(|error| told(&error))
        })
    }

    fn audit(&self, filter: AuditFilter, before: Option<String>) -> Answer<'_, AuditPage> {
        self.run(async move { self.office().await?.audit(filter, before).await.map_err(|error| told(&error)) })
    }

    fn view_as(&self, person: PersonId) -> Answer<'_, ViewAs> {
        self.run(async move { self.office().await?.view_as(person).await.map_err(|error| told(&error)) })
    }

    fn report(&self, query: ReportQuery) -> Answer<'_, Report> {
        self.run(async move { reports::report(&self.app, self.whose().await?, query).await.map_err(unreported) })
    }

    fn report_rows(&self, rows: ReportRows) -> Answer<'_, RowsPage> {
        self.run(async move { reports::rows(&self.app, self.whose().await?, rows).await.map_err(unreported) })
    }

    fn today(&self) -> Answer<'_, Today> {
        self.run(async move { reports::today(&self.app, self.whose().await?).await.map_err(unreported) })
    }
}

fn unreported(refusal: reports::Refusal) -> ApiError {
    match refusal {
        reports::Refusal::Refused(error) => error,
        reports::Refusal::Failed(error) => {
            tracing::error!("a report failed: {error:#}");
            ApiError::new(ErrorCode::Unavailable)
        }
    }
}

fn refused(refusal: &Refusal, wrong: ErrorCode) -> ApiError {
    match refusal {
        Refusal::Malformed => ApiError::invalid("login"),
        Refusal::TooMany => ApiError::new(ErrorCode::TooMany),
        Refusal::Wrong => ApiError::new(wrong),
        Refusal::Database(error) => unavailable(error),
    }
}

fn unavailable(error: &store::Error) -> ApiError {
    tracing::error!("a server function failed: {error}");
    ApiError::new(ErrorCode::Unavailable)
}

fn told(refused: &Refused) -> ApiError {
    match refused {
        Refused::NotAllowed => ApiError::new(ErrorCode::NotAllowed),
        Refused::NotFound => ApiError::new(ErrorCode::NotFound),
        Refused::Faults(faults) => ApiError::refused(faults),
        Refused::Failed(error) => {
            tracing::error!("a change of settings failed: {error:#}");
            ApiError::new(ErrorCode::Unavailable)
        }
    }
}
