//! Distribution: hands the pending conversations of one team to one person at a time, in a circle, and passes each on
//! by itself when it is not taken up (OVF-01 to OVF-14, decisions 1 to 10).
//!
//! *Invariant:* deadlines are absolute and every one that is due is played, at its own true instant and in order,
//! before anything else happens. So a timer that fires late, after an outage or not at all before the next input,
//! gives the same state and the same timeline as one on time. Effects are complete: rows that applied them give back
//! an equal engine.
//!
//! How a server uses it: load an [`Engine`] from the team's rows under the team's lock, [`Engine::advance`] or
//! [`Engine::step`] it, write the [`Effect`]s in the same transaction, forget it. The simulator of the wizard is this
//! very engine in the browser.
//!
//! Read in this order: [`Input`], [`Effect`], [`Engine`], then `choose` (who comes next), then `assign` (one
//! conversation), then `change` (the team).
//!
//! What waits is served strictly oldest first: a light conversation never overtakes a heavy one that fits nobody yet,
//! because otherwise the heavy one could wait for ever.

mod assign;
mod change;
mod choose;
mod engine;
mod event;
mod history;
mod load;
mod ring;

pub use choose::{Considered, Verdict};
pub use engine::{Config, Engine, Outage, Rows, Stay};
pub use event::{Decision, Effect, Input, Placed};
pub use history::{Holder, Since, holder_at, holders};
pub use load::{Load, loads};
pub use ring::{Member, Seat};
