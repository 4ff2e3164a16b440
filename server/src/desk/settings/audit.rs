//! Reading the audit.

use ciranda_api::{AuditFilter, AuditKind, AuditLine, AuditPage};
use ciranda_domain::ids::PersonId;
use ciranda_domain::time::Moment;
use uuid::Uuid;

use super::{Answer, Office, Refused};
use crate::store::audit::{Noted, Wanted};

/// Lines of a page.
const PAGE: usize = 50;

impl Office {
    /// Who changed what, newest first.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn audit(&self, filter: AuditFilter, before: Option<String>) -> Answer<AuditPage> {
        let before = before.map(|cursor| parse(&cursor).ok_or(Refused::NotFound)).transpose();
        let (mut scoped, _) = self.begin().await?;
        let wanted = Wanted {
            actor: filter.who.map(|person| person.0),
            action: filter.kind.map(|kind| format!("{kind:?}")),
            subject: filter.subject,
            from: filter.from,
            until: filter.until,
            before: before?,
        };
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let mut noted = scoped.noted(&wanted, limit).await?;
        scoped.commit().await?;
        let more = noted.len() > PAGE;
        noted.truncate(PAGE);
        let next = noted.last().filter(|_| more).map(|last| format!("{}.{}", last.at.0, last.id));
        Ok(AuditPage { lines: noted.into_iter().filter_map(line).collect(), next })
    }
}

fn parse(cursor: &str) -> Option<(Moment, Uuid)> {
    let (at, id) = cursor.split_once('.')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

/// A line of a kind that this version does not know is passed over.
fn line(noted: Noted) -> Option<AuditLine> {
    let kind = AuditKind::ALL.into_iter().find(|kind| format!("{kind:?}") == noted.action)?;
    let snapshot = |value: Option<serde_json::Value>| value.and_then(|value| serde_json::from_value(value).ok());
    Some(AuditLine {
        id: noted.id,
        at: noted.at,
        who: noted.actor.map(PersonId),
        kind,
        subject: noted.subject,
        before: snapshot(noted.before),
        after: snapshot(noted.after),
    })
}
