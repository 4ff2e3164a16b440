//! Settings: the forms an administrator fills in, and what they are parsed into.
//!
//! *Invariant:* a form is plain values as typed; only its `check` makes settings of it, and it is the same code in the
//! browser and on the server. A check names every fault of a form at once, each with its field and with what is needed
//! to say it in words. What only the database knows (who waits, who took an e-mail) is handed in.
//!
//! Read in this order: `fault`, then `team`, `person`, `hours`, `access`, `thresholds`, and `fate` (what becomes of open
//! conversations).

mod access;
mod fate;
mod fault;
mod hours;
mod name;
mod person;
mod team;
mod thresholds;

pub use access::AccessForm;
pub use fate::{Fate, TeamFate, receiving_team};
pub use fault::{Break, Fault, FaultKind, Field};
pub use hours::{
    AUTO_REPLY_MOST, AUTO_REPLY_NAME, AutoReply, DayForm, ExceptionForm, HoursForm, Kept, OpenHours, auto_reply_text,
};
pub use name::{NAME_MOST, fold};
pub use person::{Change, Login, PersonForm, PersonSettings, check_change, email};
pub use team::{
    CAPACITY_MOST, DistributionForm, OVERFLOW_LEAST, OVERFLOW_MOST, RoleForm, TeamForm, TeamSettings, WEIGHT_MOST,
    check_deletion,
};
pub use thresholds::Thresholds;
