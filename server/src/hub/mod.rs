//! Who is connected, and what they are told when an account's sequence moves.

use ciranda_domain::ids::AccountId;
use ciranda_sync::filter::Commit;

/// The sockets of this server.
#[derive(Default)]
pub struct Hub {}

impl Hub {
    /// Tells the account's sockets of a commit.
    pub fn publish(&self, account: AccountId, commit: Commit) {
        let _ = (account, commit);
    }
}
