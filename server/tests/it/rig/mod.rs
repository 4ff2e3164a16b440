//! What tests stand on: [`TestDb`], a migrated database of its own for each test, [`TestApp`], a server on it,
//! [`Browser`], the desk's end without a screen, and [`Binary`], the program itself.

mod app;
mod binary;
mod browser;
mod cluster;

pub use app::TestApp;
pub use binary::Binary;
pub use browser::{Browser, log_in};
pub use cluster::{TestDb, fresh_id};
