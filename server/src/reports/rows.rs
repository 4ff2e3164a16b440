//! The rows behind a number.

use ciranda_api::{ErrorCode, FactHead, PageEnd, Part, ReportRows, RowsPage};
use ciranda_domain::ids::{ChannelId, ConversationId, PersonId, TeamId};
use ciranda_domain::report::{AGES, Measure};
use ciranda_domain::time::{Moment, Span};

use super::sight::{self, Allowed};
use super::{Refusal, Result};
use crate::app::App;
use crate::desk::Reference;
use crate::store::login::Whose;
use crate::store::report::{Cursor, RowOf, Which};
use crate::store::{self, Scoped};

/// Rows of a page.
const PAGE: usize = 100;

/// Answers a page of the rows behind a number.
///
/// # Errors
/// As [`super::report`]; also when the metric has no such number.
pub async fn rows(app: &App, viewer: Whose, asked: ReportRows) -> Result<RowsPage> {
    let mut scoped = store::counting(app, viewer.account).await?;
    let reference = app.memory.reference(&mut scoped).await?;
    let mut allowed = sight::of(&reference, viewer.person, &asked.query, scoped.now)?;
    allowed.narrow(&reference, asked.cell)?;
    if !asked.metric.splits(asked.query.by) {
        return Err(ErrorCode::NotFound.into());
    }
    let after = asked.after.map(|end| Cursor { at: end.at.0, conversation: end.conversation.0, no: end.no });
    let mut rows = read(&mut scoped, &allowed, &asked, after).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| PageEnd {
        at: Moment(row.at),
        conversation: ConversationId(row.conversation),
        no: row.no,
    });
    Ok(RowsPage { rows: rows.into_iter().map(|row| head(row, &reference)).collect(), next })
}

async fn read(scoped: &mut Scoped, allowed: &Allowed, asked: &ReportRows, after: Option<Cursor>) -> Result<Vec<RowOf>> {
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let ask = &allowed.ask;
    let none = || Refusal::from(ErrorCode::NotFound);
    let (kind, which) = match (asked.metric.definition().measure, asked.part) {
        (Measure::Count(kind) | Measure::Share { counted: kind, .. }, Part::Counted) => (kind, Which::All),
        (Measure::Share { of, .. }, Part::Whole) => (of, Which::All),
        (Measure::Length(kind), Part::Counted) => (kind, Which::Ended),
        (Measure::Length(kind), Part::Running) => (kind, Which::Running),
        (Measure::Length(kind), Part::Without) => (kind, Which::Without),
        (Measure::Backlog, Part::Counted) => {
            return Ok(scoped.backlog_rows(ask, (i64::MIN, i64::MAX), after, limit).await?);
        }
        (Measure::Backlog, Part::Aged(age)) => {
            let at = AGES.iter().position(|(step, _)| *step == age).ok_or_else(none)?;
            let before = |span: Option<Span>| span.map_or(i64::MIN, |span| ask.now - span.0);
            let newest = if at == 0 { i64::MAX } else { before(AGES[at - 1].1) };
            return Ok(scoped.backlog_rows(ask, (before(AGES[at].1), newest), after, limit).await?);
        }
        (Measure::Occupancy, Part::Counted) => {
            return Ok(scoped.busy_rows(ask, &allowed.people(), after, limit).await?);
        }
        (
            Measure::Count(_) | Measure::Share { .. } | Measure::Length(_) | Measure::Backlog | Measure::Occupancy,
            Part::Whole | Part::Running | Part::Without | Part::Aged(_),
        ) => return Err(none()),
    };
    Ok(scoped.fact_rows(ask, kind, which, after, limit).await?)
}

fn head(row: RowOf, reference: &Reference) -> FactHead {
    let (team, person) = (TeamId(row.team), Some(PersonId(row.person)).filter(|id| !id.0.is_nil()));
    let person_row = person.and_then(|id| reference.organisation.people.get(&id));
    FactHead {
        conversation: ConversationId(row.conversation),
        contact_name: row.contact_name,
        team,
        team_name: reference.organisation.teams.get(&team).map(|team| team.name.clone()).unwrap_or_default(),
        person,
        person_name: person_row.map(|person| person.name.clone()).unwrap_or_default(),
        channel: ChannelId(row.channel),
        at: Moment(row.at),
        until: row.ended_at.map(Moment),
        length: row.ms.map(Span),
    }
}
