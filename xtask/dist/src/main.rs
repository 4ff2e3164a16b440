//! `cargo xtask dist FILE`: plays a story and prints how the circle dances.

use std::process::ExitCode;

use anyhow::{Context, Result};

fn main() -> ExitCode {
    match told() {
        Ok(told) => {
            print!("{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn told() -> Result<String> {
    let path = std::env::args_os().nth(1).context("name the file of a story; xtask/dist/stories has some")?;
    let script = std::fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    ciranda_dist::tell(&script).with_context(|| path.display().to_string())
}
