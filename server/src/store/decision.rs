//! Decisions of distribution, as they were when they were made.
//!
//! *Invariant:* written once, in the transaction of the decision, and never changed.

use ciranda_domain::distribution::{Considered, Decision, Placed};
use ciranda_domain::ids::ConversationId;
use ciranda_domain::time::Moment;
use sqlx::types::Json;

use super::{Result, Scoped};

impl Scoped {
    /// The decisions about a conversation, oldest first.
    ///
    /// # Errors
    /// When the database cannot be reached or holds what this version does not know.
    pub async fn decisions(&mut self, conversation: ConversationId) -> Result<Vec<Decision>> {
        let rows = sqlx::query!(
            r#"select at, why as "why: Json<Placed>", considered as "considered: Json<Vec<Considered>>" from decision
               where account_id = $1 and conversation_id = $2 order by at, rev"#,
            self.account.0,
            conversation.0
        )
        .fetch_all(&mut *self.tx)
        .await?;
        let decisions = rows.into_iter().map(|row| Decision {
            at: Moment(row.at),
            placed: row.why.0,
            considered: row.considered.0,
        });
        Ok(decisions.collect())
    }
}
