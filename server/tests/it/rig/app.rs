//! A server in this process, on a database of its own, listening on a port of loopback.

use std::sync::Arc;

use axum::Router;
use ciranda_domain::time::Span;
use ciranda_server::app::App;
use ciranda_server::clock::Clock;
use ciranda_server::config::{Cli, Config, Mode};
use ciranda_server::secrets::Secrets;
use ciranda_server::{demo, http, run};
use clap::Parser;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::TestDb;

/// A running server; its workers are started by the tests that want them.
pub struct TestApp {
    pub app: Arc<App>,
    /// For example `http://127.0.0.1:41234`.
    pub base: String,
    pub db: Arc<TestDb>,
    setting: Setting,
    _data: TempDir,
}

/// How a server was started, to start another one so.
#[derive(Clone)]
struct Setting {
    mode: Mode,
    env: Vec<(String, String)>,
    flags: Vec<String>,
}

impl TestApp {
    /// As `ciranda serve` with nothing set.
    pub async fn start() -> Self {
        Self::with(Mode::Serve, &[]).await
    }

    /// As `ciranda demo`, but without the demo's data and simulator.
    pub async fn demo() -> Self {
        Self::with(Mode::Demo, &[]).await
    }

    /// With variables of the environment.
    pub async fn with(mode: Mode, env: &[(&str, &str)]) -> Self {
        Self::with_flags(mode, env, &[]).await
    }

    /// With variables of the environment and flags.
    pub async fn with_flags(mode: Mode, env: &[(&str, &str)], flags: &[&str]) -> Self {
        let owned = |text: &str| text.to_owned();
        let env = env.iter().map(|(name, value)| (owned(name), owned(value))).collect();
        let setting = Setting { mode, env, flags: flags.iter().copied().map(owned).collect() };
        Self::on(Arc::new(TestDb::new().await), setting, Span(0)).await
    }

    /// Another server like this one on the same database, with nothing in common but that.
    pub async fn beside(&self) -> Self {
        Self::on(Arc::clone(&self.db), self.setting.clone(), self.app.clock.offset()).await
    }

    async fn on(db: Arc<TestDb>, setting: Setting, ahead: Span) -> Self {
        run::choose_tls();
        let data = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let listen = listener.local_addr().expect("bound").to_string();
        let config = configuration(&setting, &listen, data.path().to_str().expect("plain"));
        let app = App::new(config, db.pool(), Clock::new(ahead), Secrets::new(&[7; 32]).expect("32 bytes"));
        let more = match setting.mode {
            Mode::Serve => Router::new(),
            Mode::Demo => demo::clock_routes(),
        };
        tokio::spawn(http::serve(Arc::clone(&app), listener, more));
        Self { app, base: format!("http://{listen}"), db, setting, _data: data }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Stops server and workers in order.
    pub async fn stop(self) {
        run::stop(&self.app).await;
        self.app.pool.close().await;
    }
}

/// A checked configuration.
fn configuration(setting: &Setting, listen: &str, data: &str) -> Config {
    let own = ["ciranda", "--listen", listen, "--data-dir", data];
    let given = own.into_iter().chain(setting.flags.iter().map(String::as_str));
    let cli = Cli::try_parse_from(given).expect("known flags");
    let lookup = |name: &str| setting.env.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    Config::check(setting.mode, &cli.settings, &lookup).expect("a good configuration")
}
