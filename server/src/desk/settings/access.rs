//! What people are told of conversations that they do not see (ACC-10).

use ciranda_api::{AccessEntry, AuditKind, Rev, Saved, Snapshot};
use ciranda_domain::settings::AccessForm;

use super::super::rights::{Revision, carry_out};
use super::{Answer, Office, Reference, attempt, fresh, rev};

impl Office {
    /// Changes what people are told; open screens are told the account anew and ask again.
    ///
    /// # Errors
    /// [`Refused`](super::Refused).
    pub async fn save_access(&self, loaded: Rev, form: AccessForm) -> Answer<Saved> {
        attempt!(self.save_access_once(&loaded, form))
    }

    async fn save_access_once(&self, loaded: &Rev, form: AccessForm) -> Answer<Saved> {
        let (mut scoped, mut work) = self.begin().await?;
        let present = entry(&work.reference).form;
        // Whoever wants what stands already need not have seen it.
        if form != present {
            fresh(&mut scoped, loaded, &present, self.account.0).await?;
            let snapshots = (Snapshot::Access(present), Snapshot::Access(form));
            let line = self.line(AuditKind::AccessSaved, self.account.0, Some(&snapshots.0), Some(&snapshots.1));
            work.writes.audit.push(line);
            carry_out(&mut scoped, &mut work, vec![Revision::CountsUnseen(form.counts_unseen)]).await?;
            work.commit(&self.app, scoped).await?;
        }
        Ok(Saved { rev: rev(&form) })
    }
}

/// As it stands.
pub(super) fn entry(reference: &Reference) -> AccessEntry {
    let form = AccessForm { counts_unseen: reference.counts_unseen };
    AccessEntry { rev: rev(&form), form }
}
