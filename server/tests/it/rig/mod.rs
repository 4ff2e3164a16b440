//! What tests stand on: [`TestDb`], a migrated database of its own for each test, and [`TestApp`], a server on it.

mod app;
mod cluster;

pub use app::TestApp;
pub use cluster::{TestDb, fresh_id};
