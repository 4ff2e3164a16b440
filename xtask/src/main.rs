//! `cargo xtask …`: what the project builds, checks and measures itself with. Not part of the product.

mod run;
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
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Web { fast } => web::build(if fast {
            web::Effort::Quick
        } else {
            web::Effort::Release
        }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
