//! Business hours, zone and automatic reply.

use ciranda_api::{AuditKind, HoursEntry, Rev, Saved, Snapshot};
use ciranda_domain::settings::HoursForm;

use super::super::rights::{Revision, carry_out};
use super::{Answer, Office, Refused, attempt, fresh, rev};
use crate::store::Scoped;

impl Office {
    /// Changes the hours; open deadlines move by the open time they had left (decision 4).
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn save_hours(&self, loaded: Rev, form: HoursForm) -> Answer<Saved> {
        attempt!(self.save_hours_once(&loaded, &form))
    }

    async fn save_hours_once(&self, loaded: &Rev, form: &HoursForm) -> Answer<Saved> {
        let (mut scoped, mut work) = self.begin().await?;
        let present = entry(&mut scoped).await?.form;
        fresh(&mut scoped, loaded, &present, self.account.0).await?;
        let knows_zone = |zone: &str| jiff::tz::TimeZone::get(zone).is_ok();
        let open = form.clone().mended(&present).check(knows_zone).map_err(Refused::Faults)?;
        let after = HoursForm::of(open.hours.as_ref(), &open.zone, open.auto_reply.text(), &open.kept);
        if after == present {
            return Ok(Saved { rev: rev(&present) });
        }
        let snapshots = (Snapshot::Hours(Box::new(present)), Snapshot::Hours(Box::new(after.clone())));
        let line = self.line(AuditKind::HoursSaved, self.account.0, Some(&snapshots.0), Some(&snapshots.1));
        work.writes.audit.push(line);
        carry_out(&mut scoped, &mut work, vec![Revision::Hours(Box::new(open))]).await?;
        work.commit(&self.app, scoped).await?;
        Ok(Saved { rev: rev(&after) })
    }
}

/// The hours as they stand.
pub(super) async fn entry(scoped: &mut Scoped) -> Answer<HoursEntry> {
    let row = scoped.account().await?;
    let (account, text) = (&row.account, row.auto_reply.as_deref());
    let form = HoursForm::of(account.hours.as_deref(), &account.zone, text, &row.kept);
    Ok(HoursEntry { rev: rev(&form), form })
}
