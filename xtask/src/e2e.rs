//! `cargo xtask e2e`: the journeys of `end2end/` in a real browser, against what `script/server` would start.
//! The server has a port and a data folder of its own, so that a running demo is not disturbed.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, on_path, root, run};
use crate::web;

/// Builds, starts, runs the journeys (all, or what `arguments` say to Playwright), stops.
pub fn e2e(arguments: &[String]) -> Result<()> {
    let browser = browser()?;
    web::build(web::Effort::Quick)?;
    run(cargo().args(["build", "--quiet", "--profile", "quick", "-p", "ciranda-server"]))?;
    let server = Server::start()?;
    let playwright = root().join("end2end/node_modules/.bin/playwright");
    if !playwright.exists() {
        bail!("Playwright is not installed: run script/bootstrap --test");
    }
    let mut journeys = command(playwright);
    journeys.current_dir(root().join("end2end")).arg("test").args(arguments);
    journeys.env("CIRANDA_URL", &server.url).env("CIRANDA_BROWSER", browser);
    run(&mut journeys).with_context(|| format!("the server's log is in {}", server.log))
}

/// The demo on a free port, stopped when this value goes away.
struct Server {
    process: Child,
    url: String,
    log: String,
}

impl Server {
    fn start() -> Result<Self> {
        let folder = root().join("target/e2e");
        fs::create_dir_all(&folder)?;
        let data = folder.join("data");
        if data.exists() {
            fs::remove_dir_all(&data).context("could not clear target/e2e/data")?;
        }
        let log = folder.join("server.log");
        let port = free_port()?;
        let mut demo = command(root().join("target/quick/ciranda"));
        demo.arg("demo").env("CIRANDA_LISTEN", format!("127.0.0.1:{port}")).env("CIRANDA_DATA_DIR", &data);
        demo.env_remove("DATABASE_URL").stdin(Stdio::null());
        let file = File::create(&log)?;
        demo.stdout(file.try_clone()?).stderr(file);
        let process = demo.spawn().context("could not start target/quick/ciranda")?;
        let mut server = Self { process, url: format!("http://127.0.0.1:{port}"), log: log.display().to_string() };
        server.wait_until_ready(&log)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let ready = format!("{}/readyz", self.url);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status} before it was ready:\n{}", tail(log));
            }
            if ureq::get(&ready).call().is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("the server was not ready after a minute:\n{}", tail(log))
    }
}

impl Drop for Server {
    /// Asks it to stop as an operator would, so that its PostgreSQL stops with it.
    fn drop(&mut self) {
        let pid = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        let start = Instant::now();
        while asked.is_ok() && start.elapsed() < Duration::from_secs(20) {
            if matches!(self.process.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        eprintln!("the server {pid} did not stop in 20 s and is killed");
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait()) {
            eprintln!("the server {pid} is still there: {error}");
        }
    }
}

fn browser() -> Result<String> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path);
    let found = found.context("Chromium is not installed: run script/bootstrap --test")?;
    Ok(found.to_string_lossy().into_owned())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
