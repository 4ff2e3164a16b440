//! What was measured, as a table beside its budget.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

const PAPER: &str = "docs/measurements.md";

/// The rows of a run.
#[derive(Default)]
pub struct Figures {
    rows: Vec<[String; 3]>,
}

impl Figures {
    /// Adds a row and prints it at once.
    pub fn add(&mut self, what: &str, budget: &str, measured: String) {
        println!("{what}: {measured} (budget: {budget})");
        self.rows.push([what.to_owned(), budget.to_owned(), measured]);
    }

    /// The rows as a Markdown table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = String::from("| what | budget | measured |\n| --- | --- | --- |\n");
        for [what, budget, measured] in &self.rows {
            table.push_str(&format!("| {what} | {budget} | {measured} |\n"));
        }
        table
    }

    /// Replaces the part of docs/measurements.md between the markers of this run.
    ///
    /// # Errors
    /// When the paper has no such markers.
    pub fn write(&self, run: &str) -> Result<()> {
        let (begin, end) = (format!("<!-- {run} -->\n"), format!("<!-- /{run} -->"));
        let paper = fs::read_to_string(PAPER)?;
        let (head, rest) = paper.split_once(&begin).with_context(|| format!("{PAPER} has no {begin}"))?;
        let (_, tail) = rest.split_once(&end).with_context(|| format!("{PAPER} has no {end}"))?;
        let body = format!("{}\n\n{}\n", machine()?, self.table());
        fs::write(PAPER, format!("{head}{begin}{body}{end}{tail}"))?;
        Ok(())
    }
}

/// Day, cores, processor and memory of this machine.
fn machine() -> Result<String> {
    #[allow(clippy::disallowed_methods, reason = "a measurement is dated with the day it was made")]
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let cores = std::thread::available_parallelism()?;
    let processor = fs::read_to_string("/proc/cpuinfo")?
        .lines()
        .find_map(|line| {
            line.strip_prefix("model name").map(|rest| rest.trim_start_matches(['\t', ' ', ':']).to_owned())
        })
        .unwrap_or_else(|| "unknown processor".to_owned());
    let memory_kb: u64 = fs::read_to_string("/proc/meminfo")?
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
        .unwrap_or(0);
    Ok(format!(
        "Measured on {day}: {cores} cores ({processor}), {} GiB; server, database and senders on the same machine.",
        memory_kb / 1_048_576
    ))
}

/// Latencies of one part.
#[derive(Default)]
pub struct Latencies(Vec<Duration>);

impl Latencies {
    /// Takes one in.
    pub fn push(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The latency below which this share (0 to 1) of them lies.
    pub fn at(&mut self, share: f64) -> Duration {
        self.0.sort_unstable();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index into the list"
        )]
        let index = ((self.0.len() as f64 - 1.0) * share).round().max(0.0) as usize;
        self.0.get(index).copied().unwrap_or_default()
    }

    /// Median, p95, p99 and the longest, in words.
    pub fn summary(&mut self) -> String {
        format!(
            "p50 {}, p95 {}, p99 {}, max {} (n {})",
            milliseconds(self.at(0.5)),
            milliseconds(self.at(0.95)),
            milliseconds(self.at(0.99)),
            milliseconds(self.at(1.0)),
            self.len()
        )
    }
}

/// With one decimal.
#[must_use]
pub fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
