//! Open desks: what browsers hold while servers, networks and people do what they do.

mod acts;
mod agree;
mod catch_up;
mod frames;
mod history;
pub mod opening;
mod outage;
mod presence;
mod rights;
mod traffic;
mod two_servers;

pub use acts::{happen, some_act};
pub use agree::agrees;
