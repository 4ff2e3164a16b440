//! The binary `ciranda` in a process of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// A running server; killed when it is dropped.
pub struct Binary {
    child: Child,
    /// For example `http://127.0.0.1:41234`.
    pub base: String,
}

impl Binary {
    /// Starts it on a data folder, with these variables, and waits until it answers.
    pub async fn start(data: &Path, env: &[(&str, &str)]) -> Self {
        Self::through(&[], Path::new(env!("CARGO_BIN_EXE_ciranda")), data, env).await
    }

    /// As [`Binary::start`], by way of a program that starts another one.
    pub async fn through(wrapper: &[&str], binary: &Path, data: &Path, env: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut command = match wrapper {
            [] => Command::new(binary),
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(binary);
                command
            }
        };
        let child = command
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(data)
            .env_remove("DATABASE_URL")
            .envs(env.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("it can be run");
        let mut binary = Self { child, base: format!("http://127.0.0.1:{port}") };
        let up = async {
            while reqwest::get(binary.url("/livez")).await.is_err() {
                if let Some(status) = binary.child.try_wait().expect("waited for") {
                    panic!("it ended by itself: {status}");
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(60), up).await.expect("it answers");
        binary
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().expect("running").cast_signed()).expect("not zero");
        kill_process(pid, signal).expect("ours to end");
    }

    /// Ends it without a word.
    pub async fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().await.expect("gone");
    }

    /// Asks it to stop.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        timeout(Duration::from_secs(60), self.child.wait()).await.expect("it ends").expect("waited for")
    }
}
