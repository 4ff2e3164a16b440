//! The server that is measured: the released binary in a process of its own, in a folder that is thrown away.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// Signs the webhooks of a run.
pub const APP_SECRET: &str = "measured-app-secret";

/// A running server with its database.
pub struct Rig {
    pub address: String,
    pub http: reqwest::Client,
    /// The database, as its owner, for seeding and counting.
    pub database: PgPool,
    pub folder: TempDir,
    binary: PathBuf,
    graph_url: String,
    child: Child,
}

impl Rig {
    /// Starts a server on a free port and an empty database.
    ///
    /// # Errors
    /// When the binary is missing or does not become ready within a minute.
    pub async fn start(binary: &Path, graph_url: &str) -> Result<Self> {
        ensure!(binary.exists(), "{} is not built; `cargo xtask bench` and `load` build it", binary.display());
        let folder = TempDir::with_prefix("ciranda-load-")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let child = spawn(binary, &address, folder.path(), graph_url)?;
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        wait_ready(&http, &address).await?;
        let database = connect(folder.path()).await?;
        Ok(Self { address, http, database, folder, binary: binary.to_owned(), graph_url: graph_url.to_owned(), child })
    }

    /// The server's address as browsers name it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where webhooks go.
    #[must_use]
    pub fn webhook(&self) -> String {
        format!("{}/webhooks/meta", self.url())
    }

    /// Ends the server without a word, waits, and starts it again on the same data.
    ///
    /// # Errors
    /// When it does not become ready again.
    pub async fn kill_and_restart(&mut self, pause: Duration) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        sleep(pause).await;
        self.child = spawn(&self.binary, &self.address, self.folder.path(), &self.graph_url)?;
        wait_ready(&self.http, &self.address).await?;
        self.database = connect(self.folder.path()).await?;
        Ok(())
    }

    /// The server's own resident memory, PostgreSQL apart, in bytes.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kb: u64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
            .context("the process has no resident memory")?;
        Ok(kb * 1024)
    }

    /// Stops the server in order, its database with it.
    pub async fn stop(mut self) {
        self.database.close().await;
        Command::new("kill").arg(self.child.id().to_string()).status().ok();
        for _ in 0..300 {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        self.child.kill().ok();
    }
}

fn spawn(binary: &Path, address: &str, folder: &Path, graph_url: &str) -> Result<Child> {
    let log = fs::File::options().create(true).append(true).open(folder.join("server.log"))?;
    Command::new(binary)
        .arg("serve")
        .env("CIRANDA_LISTEN", address)
        .env("CIRANDA_PUBLIC_URL", format!("http://{address}"))
        .env("CIRANDA_DATA_DIR", folder.join("data"))
        .env("CIRANDA_META_GRAPH_URL", graph_url)
        .env("CIRANDA_META_APP_SECRET", APP_SECRET)
        .env("CIRANDA_META_VERIFY_TOKEN", "measured-verify-token")
        .env_remove("DATABASE_URL")
        .env("RUST_LOG", "warn")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("the server did not start")
}

async fn wait_ready(http: &reqwest::Client, address: &str) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if let Ok(answer) = http.get(format!("http://{address}/readyz")).send().await
            && answer.status().is_success()
        {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("the server was not ready within 60 s; see its log in the data folder")
}

async fn connect(folder: &Path) -> Result<PgPool> {
    let place = ciranda_server::postgres::place(&folder.join("data"))?;
    PgPoolOptions::new()
        .max_connections(4)
        .connect_with(place.connection("ciranda"))
        .await
        .context("the server's database could not be opened beside it")
}
