//! `cargo xtask …`: what the project builds, checks and measures itself with. Not part of the product.

mod check;
mod e2e;
mod postgres;
mod replay;
mod run;
mod size;
mod sqlx;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, checks and measures Ciranda.")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the browser's end into target/site, which the server embeds.
    Web {
        /// Without wasm-opt and with light compression, as the demo and the tests use it.
        #[arg(long)]
        fast: bool,
    },
    /// Runs every check that needs no browser, or the named ones.
    Check {
        /// Which; all when none is named.
        parts: Vec<check::Part>,
    },
    /// Prints what the browser's modules weigh and compares it with docs/wasm-size.txt.
    Size {
        /// Makes today's sizes the baseline instead.
        #[arg(long)]
        write: bool,
    },
    /// Runs the journeys in a real browser against a demo server of their own.
    E2e {
        /// Handed to Playwright: names of files, `--project`, `--grep` and so on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Posts every webhook body below a folder, signed, and fails on any answer but 200.
    Replay(replay::Replay),
    /// Runs the seeded simulator of the sync protocol.
    Simulate {
        /// How many seeds.
        #[arg(long, default_value_t = 10_000)]
        seeds: u32,
    },
    /// Plays a story of arrivals, times and availability and tells how the circle dances.
    Dist {
        /// The story; xtask/dist/stories has some, xtask/dist/src/story.rs says how they are written.
        file: PathBuf,
    },
    /// Measures a release server one thing at a time: latency, overflow, memory, reconnecting.
    Bench {
        /// `reports` first measures the reports. The rest is handed to the measuring tool: --write puts the figures into docs/measurements.md, --brief is a quick look.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures a release server with two hundred attendants and a burst, beside what pgbench reaches.
    Load {
        /// As of bench.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Asks a throw-away PostgreSQL about every query and writes the answers to .sqlx.
    Sqlx {
        /// Only fails when .sqlx is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Starts this checkout's development database with fresh tables and prints its DATABASE_URL.
    Db {
        /// Stops and removes it instead.
        #[arg(long)]
        stop: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Web { fast } => web::build(if fast { web::Effort::Quick } else { web::Effort::Release }),
        Task::Check { parts } => check::check(&parts),
        Task::Size { write: true } => size::write(),
        Task::Size { write: false } => size::check(),
        Task::E2e { arguments } => e2e::e2e(&arguments),
        Task::Replay(task) => replay::replay(&task),
        Task::Simulate { seeds } => simulate(seeds),
        Task::Dist { file } => run::run(run::cargo().args(["run", "--quiet", "-p", "ciranda-dist", "--"]).arg(file)),
        Task::Bench { arguments } => match arguments.split_first() {
            Some((first, rest)) if first == "reports" => measure("reports", rest),
            _ => measure("bench", &arguments),
        },
        Task::Load { arguments } => measure("load", &arguments),
        Task::Sqlx { check: true } => sqlx::check(),
        Task::Sqlx { check: false } => sqlx::prepare(),
        Task::Db { stop: true } => postgres::stop_development(),
        Task::Db { stop: false } => postgres::development(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The simulator is a test of `ciranda-sync`, which reads the number of seeds from its environment.
fn simulate(seeds: u32) -> anyhow::Result<()> {
    let mut test = run::cargo();
    test.env("SIM_SEEDS", seeds.to_string());
    run::run(test.args(["test", "--release", "-p", "ciranda-sync", "--test", "simulator", "--", "--nocapture"]))
}

/// Builds what is released and has the measuring tool, a crate of its own that links the server, drive it.
fn measure(what: &str, arguments: &[String]) -> anyhow::Result<()> {
    web::build(web::Effort::Release)?;
    run::run(run::cargo().args(["build", "--release", "-p", "ciranda-server", "-p", "ciranda-load"]))?;
    run::run(run::command(run::root().join("target/release/ciranda-load")).arg(what).args(arguments))
}
