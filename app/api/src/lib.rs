//! Signatures of the server functions, what travels through them, and the trait that their bodies call.
//!
//! *Invariant:* paths are stable (`/api/fn/<name>`), so that a tab of an older version survives a deploy; DTOs only
//! grow optional fields. Nothing here knows SQL or sessions: the server implements `Backend` (decision 29).

#[cfg(feature = "ssr")]
mod backend;
mod board;
mod entry;
mod error;
mod explain;
mod reports;
mod settings;

#[cfg(feature = "ssr")]
pub use backend::{Answer, Backend, PATHS, register};
pub use board::{BoardAside, board};
pub use entry::{
    CodeSent, DemoPerson, DemoTeam, Me, SignInOptions, enter, enter_as, redeem_link, request_code, sign_in_options,
    sign_out, whoami,
};
pub use error::{ApiError, ErrorCode};
pub use explain::explain;
pub use reports::{
    Cell, Choices, FactHead, Figure, PageEnd, Part, Report, ReportQuery, ReportRow, ReportRows, RowsPage, Today,
    TodayNumbers, report, report_rows, today,
};
pub use settings::{
    AccessEntry, AuditFilter, AuditKind, AuditLine, AuditPage, HoursEntry, Invite, Invited, OpenCounts, PersonEntry,
    Rev, Saved, Seen, Settings, Snapshot, TeamEntry, Turns, ViewAs, ViewTab, audit, block_person, create_team,
    delete_person, delete_team, invite_person, preview_delete_person, preview_delete_team, resend_invite, save_access,
    save_hours, save_person, save_team, set_availability_of, settings, unblock_person, view_as,
};
