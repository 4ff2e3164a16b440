//! The private PostgreSQL: made, started, watched and stopped.
//!
//! *Invariant:* one postmaster on a cluster. One that an earlier, killed server left is stopped before ours starts;
//! one that dies under us is started again.

use std::fs::{self, File, OpenOptions};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{ConnectOptions, Connection};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::Place;
use super::find::binaries;

/// Settings for a small machine; a commit is durable before anything is acknowledged.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "max_connections=50",
    "shared_buffers=128MB",
    "synchronous_commit=on",
    "max_wal_size=1GB",
    "random_page_cost=1.1",
    // Tables grow fast at first, and plans made for small ones must not be kept for long.
    "autovacuum_naptime=10s",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "logging_collector=off",
    "unix_socket_permissions=0700",
];

/// How long recovery after a crash may take before we call it a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// A log larger than this is put aside when PostgreSQL starts.
const LOG_BYTES: u64 = 8 * 1024 * 1024;

/// A running private cluster.
pub struct Cluster {
    place: Place,
    stop: CancellationToken,
    keeper: JoinHandle<()>,
}

impl Cluster {
    /// Makes the cluster at the first start, then runs it.
    ///
    /// # Errors
    /// With the end of PostgreSQL's own log when it does not start.
    pub async fn start(place: Place) -> Result<Self> {
        let bin = binaries()?;
        if !place.data().join("PG_VERSION").exists() {
            initialise(&bin, &place).await?;
        }
        stop_left_postmaster(&place).await?;
        let child = start_postmaster(&bin, &place).await?;
        let stop = CancellationToken::new();
        let keeper = tokio::spawn(keep(bin, place.clone(), child, stop.clone()));
        Ok(Self { place, stop, keeper })
    }

    /// Where it lives.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Stops it cleanly.
    pub async fn stop(self) {
        self.stop.cancel();
        if self.keeper.await.is_err() {
            tracing::error!("the keeper of the private PostgreSQL ended badly; the next start will stop what it left");
        }
        // Only an empty one goes, so a socket that is somehow still in use stays.
        fs::remove_dir(&self.place.run).ok();
    }
}

/// Makes a cluster beside its final place and renames it, so that a killed start leaves no half one.
async fn initialise(bin: &Path, place: &Place) -> Result<()> {
    let beside = place.home.join("cluster.new");
    if beside.exists() {
        fs::remove_dir_all(&beside).with_context(|| format!("could not remove {}", beside.display()))?;
    }
    tracing::info!(folder = %place.data().display(), "making the private PostgreSQL");
    let output = command(&bin.join("initdb"), place)
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--auth=trust", "--no-instructions", "-D"])
        .arg(&beside)
        .output()
        .await
        .context("could not run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&beside, place.data())?;
    Ok(())
}

fn command(program: &Path, place: &Place) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&place.home).stdin(Stdio::null());
    if let Some(owner) = place.owner {
        command.uid(owner.uid).gid(owner.gid);
    }
    command
}

/// Starts a postmaster and waits until it takes connections. After a kill, processes of the old one may hold its shared
/// memory a moment longer; PostgreSQL then refuses, and we try again.
async fn start_postmaster(bin: &Path, place: &Place) -> Result<Child> {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let mut child = spawn_postmaster(bin, place)?;
        match ready(&mut child, place, give_up).await? {
            Start::Ready => return Ok(child),
            Start::Ended(_)
                if log_end(place).contains("pre-existing shared memory block") && Instant::now() < give_up =>
            {
                sleep(Duration::from_millis(200)).await;
            }
            Start::Ended(status) => {
                bail!("PostgreSQL did not start ({status}); the end of {}:\n{}", place.log().display(), log_end(place))
            }
        }
    }
}

fn spawn_postmaster(bin: &Path, place: &Place) -> Result<Child> {
    let log = open_log(place)?;
    let mut command = command(&bin.join("postgres"), place);
    command.arg("-D").arg(place.data()).arg("-k").arg(&place.run);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    // A group of its own: Ctrl-C in the terminal is for the server, which then stops the cluster in order.
    command.process_group(0).stdout(log.try_clone()?).stderr(log);
    command.spawn().context("could not run postgres")
}

/// PostgreSQL's log goes on where it was, so that the reason of an earlier end is still there; a large one begins anew.
fn open_log(place: &Place) -> Result<File> {
    let path = place.log();
    if fs::metadata(&path).is_ok_and(|about| about.len() > LOG_BYTES) {
        fs::rename(&path, path.with_extension("log.old"))?;
    }
    Ok(OpenOptions::new().create(true).append(true).open(path)?)
}

enum Start {
    Ready,
    Ended(ExitStatus),
}

async fn ready(child: &mut Child, place: &Place, give_up: Instant) -> Result<Start> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Start::Ended(status));
        }
        if let Ok(connection) = place.connection("postgres").connect().await {
            connection.close().await?;
            return Ok(Start::Ready);
        }
        if Instant::now() > give_up {
            end(child).await;
            bail!(
                "PostgreSQL took no connection within a minute; the end of {}:\n{}",
                place.log().display(),
                log_end(place)
            );
        }
        sleep(Duration::from_millis(25)).await;
    }
}

/// Keeps a postmaster running until it is to stop.
async fn keep(bin: PathBuf, place: Place, mut child: Child, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return end(&mut child).await,
            status = child.wait() => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                tracing::error!(status, "the private PostgreSQL ended by itself; starting it again");
            }
        }
        loop {
            tokio::select! {
                // What was being started is nobody's child any more, but its pid file names it.
                () = stop.cancelled() => {
                    if let Err(error) = stop_left_postmaster(&place).await {
                        tracing::error!("the private PostgreSQL was left running: {error:#}");
                    }
                    return;
                }
                started = start_postmaster(&bin, &place) => match started {
                    Ok(started) => {
                        tracing::info!("the private PostgreSQL runs again");
                        child = started;
                        break;
                    }
                    Err(error) => tracing::error!("{error:#}"),
                }
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Stops a postmaster of ours: politely, then without waiting for its clients.
async fn end(child: &mut Child) {
    for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 5), (Signal::KILL, 5)] {
        let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) else {
            return;
        };
        let _ = kill_process(pid, signal);
        if timeout(Duration::from_secs(patience), child.wait()).await.is_ok() {
            return;
        }
    }
    tracing::error!("the private PostgreSQL does not end; the next start will try again");
}

/// Stops the postmaster that a killed server left on this cluster, and takes a pid file away whose number now belongs
/// to another process, which PostgreSQL would mistake for a running server.
async fn stop_left_postmaster(place: &Place) -> Result<()> {
    let file = place.data().join("postmaster.pid");
    let Some(pid) = first_line(&file).and_then(|line| line.parse().ok()).and_then(Pid::from_raw) else {
        return Ok(());
    };
    if !alive(pid) {
        return Ok(());
    }
    if !runs_on(pid, place) {
        return fs::remove_file(&file).with_context(|| format!("could not remove the stale {}", file.display()));
    }
    tracing::info!(pid = pid.as_raw_nonzero().get(), "stopping the PostgreSQL that an earlier server left");
    for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 10)] {
        let _ = kill_process(pid, signal);
        let give_up = Instant::now() + Duration::from_secs(patience);
        while Instant::now() < give_up {
            if !alive(pid) || !file.exists() {
                return Ok(());
            }
            sleep(Duration::from_millis(25)).await;
        }
    }
    bail!("a PostgreSQL of an earlier server (process {}) does not stop; end it by hand", pid.as_raw_nonzero())
}

fn alive(pid: Pid) -> bool {
    // A process of another user answers with a refusal, which also means that it is there.
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// Whether that process is a postmaster of this cluster: PostgreSQL works in its data folder. Where a process's folder
/// cannot be read, an answering socket tells it.
fn runs_on(pid: Pid, place: &Place) -> bool {
    match fs::read_link(format!("/proc/{}/cwd", pid.as_raw_nonzero())) {
        Ok(folder) => folder == place.data(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && Path::new("/proc/self").exists() => false,
        Err(_) => UnixStream::connect(place.run.join(".s.PGSQL.5432")).is_ok(),
    }
}

fn first_line(file: &Path) -> Option<String> {
    Some(fs::read_to_string(file).ok()?.lines().next()?.trim().to_owned())
}

/// The last lines of PostgreSQL's log.
fn log_end(place: &Place) -> String {
    let text = fs::read_to_string(place.log()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
