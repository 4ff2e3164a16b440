//! Measures a release server on this machine and prints what each budget came to.
//!
//! *Invariant:* everything stays on loopback, is bounded in count and time, and stops by itself; the server that is
//! measured is the released binary in a process of its own, on a database of its own that is thrown away.
//!
//! `cargo xtask bench` measures one thing at a time, `cargo xtask bench reports` the reports over a year of data;
//! `cargo xtask load` what many at once come to.

mod attendant;
mod figures;
mod graph;
mod parts;
mod pgbench;
mod rig;
mod seed;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use figures::Figures;

#[derive(Parser)]
#[command(name = "ciranda-load", about = "Measures a release server on this machine.")]
struct Arguments {
    /// What to measure.
    what: What,
    /// The server's binary.
    #[arg(long, default_value = "target/release/ciranda")]
    server: PathBuf,
    /// Writes the figures into docs/measurements.md as well.
    #[arg(long)]
    write: bool,
    /// A tenth of the time, to see that everything works; its figures are not written.
    #[arg(long)]
    brief: bool,
    /// Of reports: prints the plan of what costs most.
    #[arg(long)]
    explain: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// One thing at a time: latency, overflow, memory, reconnecting.
    Bench,
    /// Many at once: rates, bursts, two hundred attendants, the database's own limit.
    Load,
    /// Reports over half a million conversations.
    Reports,
}

/// How long each part may take, as a share of the full run.
#[derive(Clone, Copy)]
pub struct Effort {
    pub brief: bool,
}

impl Effort {
    /// Of so many seconds or repetitions, how many this run makes.
    #[must_use]
    pub fn of(self, full: u32) -> u32 {
        if self.brief { (full / 10).max(1) } else { full }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    rustls::crypto::ring::default_provider().install_default().ok();
    let effort = Effort { brief: arguments.brief };
    let mut figures = Figures::default();
    match arguments.what {
        What::Bench => parts::bench(&arguments.server, effort, &mut figures).await?,
        What::Load => parts::load(&arguments.server, effort, &mut figures).await?,
        What::Reports => {
            parts::reports::measure(&arguments.server, effort, arguments.explain, &mut figures).await?;
        }
    }
    let title = match arguments.what {
        What::Bench => "bench",
        What::Load => "load",
        What::Reports => "reports",
    };
    println!("\n{}", figures.table());
    if arguments.write && !arguments.brief {
        figures.write(title)?;
    }
    Ok(())
}
