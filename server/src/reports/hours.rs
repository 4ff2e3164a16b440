//! The business hours of the time that a report is about.
//!
//! *Invariant:* durations keep the calendar of their time (decision 48), which is read from the audit: it holds what each
//! change replaced, and is never changed itself.

use anyhow::{Context, Result, bail};
use ciranda_api::Snapshot;
use ciranda_domain::calendar::{Calendar, History};
use ciranda_domain::report::Stretch;
use ciranda_domain::time::Moment;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::sight::Allowed;
use crate::desk::calendar_of;
use crate::store::Scoped;

/// The time of the report's period that counts for occupancy: all of it, or the business hours.
///
/// # Errors
/// As [`since`].
pub async fn counted(scoped: &mut Scoped, allowed: &Allowed) -> Result<Vec<Stretch>> {
    let ask = &allowed.ask;
    let (from, until) = (Moment(ask.instants.0), Moment(ask.instants.1));
    if !ask.business {
        return Ok(vec![Stretch { from, until }]);
    }
    let history = since(scoped, &allowed.calendar, from).await?;
    let open = history.open_between(from, until.min(Moment(ask.now))).into_iter();
    Ok(open.map(|(from, until)| Stretch { from, until }).collect())
}

/// The calendars that were in force since an instant, of which the account's present one is the last.
///
/// # Errors
/// When the database cannot be reached, or the audit holds hours that make no sense.
pub async fn since(scoped: &mut Scoped, present: &Calendar, from: Moment) -> Result<History> {
    let replaced = scoped.hours_replaced(from).await?.into_iter();
    let replaced = replaced.map(|(at, before)| Ok((at, calendar(before).context("hours in the audit")?)));
    Ok(History::new(replaced.collect::<Result<_>>()?, present.clone()))
}

fn calendar(before: Option<Value>) -> Result<Calendar> {
    let Snapshot::Hours(form) = serde_json::from_value(before.unwrap_or_default())? else {
        bail!("something else was saved as hours");
    };
    let Ok(open) = form.check(|zone| TimeZone::get(zone).is_ok()) else {
        bail!("they were never accepted");
    };
    calendar_of(open.hours, &open.zone)
}
