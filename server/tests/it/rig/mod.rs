//! What tests stand on: [`TestDb`], a migrated database of its own for each test, [`TestApp`], a server on it, and
//! [`Browser`], the desk's end without a screen.

mod app;
mod browser;
mod cluster;

pub use app::TestApp;
pub use browser::{Browser, log_in};
pub use cluster::{TestDb, fresh_id};
