//! The configuration: flags and environment in, one validated value out.
//!
//! *Invariant:* everything is checked before anything starts, and all faults are told at once, each with what to do.
//! Secrets come from the environment or from files, never from flags, which other users of the machine can read.

mod cli;
mod faults;
mod parse;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use reqwest::Url;

use crate::secrets::Secret;

pub use cli::{AdminCommand, Cli, Command, Settings};
pub use faults::{Fault, Faults};
pub use parse::{AddressBlock, PublicUrl};

/// What the server was asked to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Serve,
    /// An account with made-up data, a movable clock and a simulated Meta; loopback only.
    Demo,
}

/// The validated configuration.
#[derive(Clone, Debug)]
pub struct Config {
    pub mode: Mode,
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// Without it the server runs a private cluster in its data folder.
    pub database_url: Option<Secret>,
    /// Where browsers find this server; cookies and the Origin check follow it.
    pub public_url: PublicUrl,
    pub meta: Meta,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<AddressBlock>,
    pub master_key: Option<Secret>,
    pub mail: Option<Mail>,
    /// Lets `/metrics` be read from elsewhere than loopback.
    pub metrics_token: Option<Secret>,
}

/// How Meta is reached and how its webhooks are checked.
#[derive(Clone, Debug)]
pub struct Meta {
    pub graph_url: Url,
    pub instagram_graph_url: Url,
    /// For example `v26.0`.
    pub graph_version: String,
    pub app_id: Option<String>,
    pub app_secret: Option<Secret>,
    pub verify_token: Option<Secret>,
    pub instagram_app_id: Option<String>,
    pub instagram_app_secret: Option<Secret>,
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct Mail {
    pub url: Secret,
    pub from: String,
}

impl Config {
    /// Whether this is the demo.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.mode == Mode::Demo
    }

    /// Checks everything.
    ///
    /// # Errors
    /// With every fault that was found.
    pub fn check(mode: Mode, settings: &Settings, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        parse::check(mode, settings, env)
    }
}
