//! `cargo xtask …`: what the project builds, checks and measures itself with. Not part of the product.

mod check;
mod postgres;
mod run;
mod size;
mod sqlx;
mod web;

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
