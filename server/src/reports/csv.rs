//! A report as a table for spreadsheets: `GET /relatorios.csv`.
//!
//! *Invariant:* it answers what [`super::report`] answers, to whom it answers it. Names that people typed are never
//! formulas; lengths are whole seconds.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ciranda_api::{ApiError, Cell, ErrorCode, Figure, Report, ReportQuery};
use ciranda_domain::ids::{ChannelId, PersonId, TeamId};
use ciranda_domain::report::{By, DayNumber, Hours};
use ciranda_domain::time::Span;
use ciranda_text::catalogue::reports::Reports;
use ciranda_text::reports::{cell, definition, name, share};
use ciranda_text::{Lang, Words};
use serde::Deserialize;
use uuid::Uuid;

use super::Refusal;
use crate::app::App;
use crate::auth::Principal;
use crate::in_words;
use crate::store::login::Whose;

/// The address's parameters; stable.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    de: String,
    ate: String,
    por: String,
    equipe: String,
    pessoa: String,
    canal: String,
    horas: String,
    lingua: String,
}

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/relatorios.csv", get(export))
}

async fn export(
    State(app): State<Arc<App>>,
    viewer: Principal,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    // What cannot be read is refused as what makes no sense: in the words of the page.
    let Query(asked) = asked.unwrap_or_default();
    let words = Words::of(Lang::of_tag(&asked.lingua));
    let refuse = |status, error: &ApiError| (status, [in_words::general(words, error), "\n"].concat()).into_response();
    let Some(query) = asked.query() else {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &ApiError::new(ErrorCode::Invalid));
    };
    let viewer = Whose { account: viewer.account, person: viewer.person };
    match super::report(&app, viewer, query).await {
        Ok(report) => {
            let (from, to) = (report.query.from, report.query.to);
            let (name, business) = match words.lang() {
                Lang::Portuguese => ("relatorio", "-uteis"),
                Lang::English => ("report", "-business"),
            };
            let hours = if report.query.hours == Hours::Business { business } else { "" };
            let file = format!("attachment; filename=\"{name}-{from}-{to}{hours}.csv\"");
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, file),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, table(words, &report)).into_response()
        }
        Err(Refusal::Refused(error)) => {
            let status = match error.code {
                ErrorCode::NotAllowed => StatusCode::FORBIDDEN,
                ErrorCode::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                ErrorCode::NotFound
                | ErrorCode::Offline
                | ErrorCode::SignedOut
                | ErrorCode::TooMany
                | ErrorCode::BadCode
                | ErrorCode::BadLink
                | ErrorCode::DemoOnly
                | ErrorCode::Unavailable => StatusCode::NOT_FOUND,
            };
            refuse(status, &error)
        }
        Err(Refusal::Failed(error)) => {
            tracing::error!("a report could not be exported: {error:#}");
            refuse(StatusCode::SERVICE_UNAVAILABLE, &ApiError::new(ErrorCode::Unavailable))
        }
    }
}

impl Asked {
    fn query(&self) -> Option<ReportQuery> {
        let by = match self.por.as_str() {
            "" => By::None,
            "dia" => By::Day,
            "equipe" => By::Team,
            "pessoa" => By::Person,
            "canal" => By::Channel,
            _ => return None,
        };
        let hours = match self.horas.as_str() {
            "" | "corridas" => Hours::Calendar,
            "uteis" => Hours::Business,
            _ => return None,
        };
        let day = |text: &str| text.parse::<DayNumber>().ok();
        let id = |text: &str| if text.is_empty() { Some(None) } else { text.parse::<Uuid>().ok().map(Some) };
        Some(ReportQuery {
            from: day(&self.de)?,
            to: day(&self.ate)?,
            metrics: Vec::new(),
            by,
            team: id(&self.equipe)?.map(TeamId),
            person: id(&self.pessoa)?.map(PersonId),
            channel: id(&self.canal)?.map(ChannelId),
            hours,
        })
    }
}

/// The table, with the mark that tells spreadsheets it is UTF-8.
fn table(words: Words, report: &Report) -> String {
    let separator = match words.lang() {
        Lang::Portuguese => ';',
        Lang::English => ',',
    };
    let mut out = String::from("\u{feff}");
    let mut line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|text| cell(text, separator)).collect();
        out.push_str(&cells.join(&separator.to_string()));
        out.push_str("\r\n");
    };
    let said = |key| words.get(key).to_owned();
    let hours = match report.query.hours {
        Hours::Calendar => Reports::CalendarHours,
        Hours::Business => Reports::BusinessHours,
    };
    let seconds = |key| [words.get(key), ", ", &said(hours).to_lowercase()].concat();
    line(&[
        said(key_heading(report.query.by)),
        said(Reports::Metric),
        said(Reports::Measured),
        said(Reports::Whole),
        said(Reports::Share),
        seconds(Reports::MedianSeconds),
        seconds(Reports::NinetiethSeconds),
        said(Reports::Running),
        said(Reports::Without),
        said(Reports::Definition),
    ]);
    for row in &report.rows {
        let key = match row.cell {
            Cell::All => said(Reports::All),
            Cell::Person(None) => said(Reports::Nobody),
            Cell::Day(_) | Cell::Team(_) | Cell::Person(Some(_)) | Cell::Channel(_) => row.name.clone(),
        };
        for figure in &row.figures {
            line(&cells(words, key.clone(), figure));
        }
    }
    out
}

fn cells(words: Words, key: String, figure: &Figure) -> [String; 10] {
    let seconds = |span: Option<Span>| span.map(|span| (span.0 / 1000).to_string()).unwrap_or_default();
    let occupied = figure.occupied.map(|(busy, available)| {
        let whole = |span: Span| u64::try_from(span.0).unwrap_or_default();
        share(words, whole(busy), whole(available))
    });
    let part = figure.of.map(|of| share(words, figure.n, of)).or(occupied);
    [
        key,
        words.get(name(figure.metric)).to_owned(),
        figure.n.to_string(),
        figure.of.map(|of| of.to_string()).unwrap_or_default(),
        part.unwrap_or_default(),
        seconds(figure.median),
        seconds(figure.ninetieth),
        figure.running.to_string(),
        figure.without.to_string(),
        definition(words, figure.metric),
    ]
}

const fn key_heading(by: By) -> Reports {
    match by {
        By::None => Reports::All,
        By::Day => Reports::Day,
        By::Team => Reports::Team,
        By::Person => Reports::Person,
        By::Channel => Reports::Channel,
    }
}
