//! `cargo xtask check`: every check but the browser's, one part after the other, each with its minutes.
//! Invariant: no invocation of cargo builds `ui` and `server` together, since their features of `api` and leptos exclude each other.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::run::{cargo, run};
use crate::web::Toolchain;
use crate::{size, sqlx};

/// One part; `cargo xtask check fmt tests` runs the named ones only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The formatting of all code.
    Fmt,
    /// `.sqlx` against a fresh database.
    Sqlx,
    /// Clippy on everything that runs natively.
    Clippy,
    /// Clippy on what runs in the browser.
    ClippyWeb,
    /// All tests of the native crates, and those of the browser's that need no browser.
    Tests,
    /// The documentation of the code.
    Doc,
    /// The size of the browser's modules.
    Size,
    /// Bans, licences and sources of dependencies, where cargo-deny is installed.
    Deny,
    /// Dependencies that nothing uses, where cargo-machete is installed.
    Machete,
}

/// The crates that only the browser's end builds. `api` takes the features of that end with them.
const WEB: [&str; 14] = [
    "-p",
    "ciranda-ui",
    "-p",
    "ciranda-frontend",
    "-p",
    "ciranda-phone",
    "-p",
    "ciranda-entry",
    "-p",
    "ciranda-manage",
    "-p",
    "ciranda-api",
    "--features",
    "ciranda-api/csr",
];

/// Runs the given parts, or all of them; a failing one does not keep the others from running.
pub fn check(parts: &[Part]) -> Result<()> {
    let parts = if parts.is_empty() { Part::value_variants() } else { parts };
    let mut report = Vec::new();
    for part in parts {
        let start = Instant::now();
        println!("-- {part:?} …");
        let result = part.run();
        if let Err(error) = &result {
            println!("-- {part:?} failed: {error:#}");
        }
        report.push((*part, start.elapsed(), result));
    }
    println!("\npart        minutes");
    for (part, time, result) in &report {
        let outcome = match result {
            Ok(Outcome::Passed) => "",
            Ok(Outcome::NotInstalled) => "not run: its tool is not installed",
            Err(_) => "FAILED",
        };
        println!("{:<12}{:>7.2}  {outcome}", format!("{part:?}"), minutes(*time));
    }
    let failed: Vec<_> =
        report.iter().filter(|(_, _, result)| result.is_err()).map(|(part, ..)| format!("{part:?}")).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

enum Outcome {
    Passed,
    NotInstalled,
}

impl Part {
    fn run(self) -> Result<Outcome> {
        match self {
            Part::Fmt => run(cargo().args(["fmt", "--all", "--check"]))?,
            Part::Sqlx => sqlx::check()?,
            Part::Clippy => run(cargo().args(["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]))?,
            Part::ClippyWeb => clippy_web()?,
            Part::Tests => tests()?,
            Part::Doc => doc()?,
            Part::Size => size::check()?,
            Part::Deny => return optional("deny", &["check", "bans", "licenses", "sources"]),
            Part::Machete => return optional("machete", &[]),
        }
        Ok(Outcome::Passed)
    }
}

/// For the browser's own target where our clippy has it, else natively; the modules' build compiles that target in any case.
fn clippy_web() -> Result<()> {
    let toolchain = Toolchain::find()?;
    let mut clippy = if toolchain.is_native() { toolchain.cargo() } else { cargo() };
    clippy.args(["clippy", "--quiet"]).args(WEB);
    if toolchain.is_native() {
        clippy.args(["--target", "wasm32-unknown-unknown"]);
    } else {
        clippy.arg("--all-targets");
    }
    run(clippy.args(["--", "-D", "warnings"]))
}

fn tests() -> Result<()> {
    // The examples in the documentation of the pure crates, which nextest does not run.
    run(cargo().args([
        "test",
        "--quiet",
        "--doc",
        "-p",
        "ciranda-domain",
        "-p",
        "ciranda-sync",
        "-p",
        "ciranda-text",
    ]))?;
    run(test_runner().args(["--no-fail-fast"]).args(WEB))?;
    run(test_runner().args(["--no-fail-fast"]))
}

/// nextest where it is installed, else cargo's own.
fn test_runner() -> Command {
    let mut command = cargo();
    if installed("nextest") {
        command.args(["nextest", "run", "--no-tests=pass", "--status-level=fail"]);
    } else {
        command.arg("test");
    }
    command
}

fn doc() -> Result<()> {
    for crates in [&[][..], &WEB] {
        run(cargo().env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--quiet", "--no-deps"]).args(crates))?;
    }
    Ok(())
}

fn optional(tool: &str, arguments: &[&str]) -> Result<Outcome> {
    if !installed(tool) {
        return Ok(Outcome::NotInstalled);
    }
    run(cargo().arg(tool).args(arguments))?;
    Ok(Outcome::Passed)
}

fn installed(tool: &str) -> bool {
    cargo().args([tool, "--version"]).output().is_ok_and(|output| output.status.success())
}

fn minutes(time: Duration) -> f64 {
    time.as_secs_f64() / 60.0
}
