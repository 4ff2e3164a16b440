//! An open-loop sender of signed webhooks, for load runs on this machine.
//!
//! *Invariant:* each message leaves at its own instant whatever became of those before it, and its latency counts from
//! that instant, so a desk that falls behind is seen to. Loopback only; rate, time and flight are bounded.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use reqwest::{StatusCode, Url};
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep_until, timeout};

use crate::config::{Clock, SimCustomer, SimNumber};
use crate::envelope::{self, News};
use crate::people::Person;
use crate::signature;
use ciranda_simulator_wire::CustomerId;

const MAX_MESSAGES: u64 = 1_000_000;
const MAX_IN_FLIGHT: usize = 4096;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What to send, and how fast.
#[derive(Clone)]
pub struct Load {
    /// The desk's webhook address; it must be a loopback one.
    pub webhook_url: String,
    pub app_secret: String,
    pub number: SimNumber,
    /// Messages a second.
    pub rate: u32,
    pub seconds: u32,
    /// Among how many customers the messages go round.
    pub customers: u32,
    /// Tells the runs apart: a desk drops ids that it has seen.
    pub run: u64,
    pub clock: Clock,
}

/// One message of a load, as the desk will know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shot {
    pub index: u64,
    /// Meta's id.
    pub wamid: String,
    /// The customer's phone.
    pub wa_id: String,
    /// The text; it names run and index, so that a listener finds it again.
    pub text: String,
}

/// What became of a load.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    pub sent: u64,
    /// Answered 200.
    pub taken: u64,
    /// Answered otherwise.
    pub refused: u64,
    /// Not answered at all.
    pub failed: u64,
    /// From the planned instant to the 200.
    pub latency: Latency,
    /// From the first planned instant to the last answer.
    pub elapsed: Duration,
}

/// Percentiles of what was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Latency {
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
    pub max: Duration,
}

enum Outcome {
    Taken(Duration),
    Refused,
    Failed,
}

impl Load {
    /// The message of this index.
    #[must_use]
    pub fn shot(&self, index: u64) -> Shot {
        let customer = index % u64::from(self.customers);
        Shot {
            index,
            wamid: format!("wamid.carga.{:x}.{index}", self.run),
            wa_id: format!("55119{:08}", 10_000_000 + customer),
            text: format!("carga {:x} {index}", self.run),
        }
    }

    fn body(&self, shot: &Shot) -> Bytes {
        let customer = SimCustomer {
            name: format!("Cliente {}", &shot.wa_id[5..]),
            wa_id: Some(shot.wa_id.clone()),
            username: None,
        };
        let person = Person::new(CustomerId(0), customer);
        let message = json!({
            "from": shot.wa_id,
            "from_user_id": person.user_id,
            "id": shot.wamid,
            "timestamp": (self.clock)().div_euclid(1000).to_string(),
            "type": "text",
            "text": { "body": shot.text },
        });
        envelope::webhook(&self.number, Some(&person), News::Message(message)).into()
    }

    fn check(&self) -> anyhow::Result<u64> {
        let url: Url = self.webhook_url.parse().with_context(|| format!("{} is no address", self.webhook_url))?;
        let loopback = match url.host_str() {
            Some("localhost") => true,
            Some(host) => host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
            None => false,
        };
        ensure!(loopback, "a load is only ever sent to this machine: {url} is another one");
        ensure!(self.rate > 0 && self.seconds > 0 && self.customers > 0, "rate, seconds and customers must be above 0");
        let messages = u64::from(self.rate) * u64::from(self.seconds);
        if messages > MAX_MESSAGES {
            bail!("{messages} messages are more than the {MAX_MESSAGES} of one run: lower the rate or the seconds");
        }
        Ok(messages)
    }
}

/// Sends the load and waits for every answer; `planned` hears of each message at its instant.
///
/// # Errors
/// When the load is out of its bounds or the address is not on this machine.
pub async fn run(load: &Load, mut planned: impl FnMut(&Shot, Instant)) -> anyhow::Result<Report> {
    let messages = load.check()?;
    let http = crate::http_client()?;
    let flight = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
    let (outcomes, mut results) = mpsc::unbounded_channel();
    let start = Instant::now() + Duration::from_millis(50);
    for index in 0..messages {
        let due = start + Duration::from_secs_f64(index as f64 / f64::from(load.rate));
        sleep_until(due).await;
        let shot = load.shot(index);
        planned(&shot, due);
        let body = load.body(&shot);
        let request = http
            .post(&load.webhook_url)
            .header("Content-Type", "application/json")
            .header(signature::HEADER, signature::sign(&load.app_secret, &body))
            .body(body);
        // With everything in flight the sender waits here, and the wait counts as the desk's latency.
        let permit = flight.clone().acquire_owned().await?;
        let outcomes = outcomes.clone();
        tokio::spawn(async move {
            let outcome = match timeout(ANSWER_WITHIN, request.send()).await {
                Ok(Ok(response)) if response.status() == StatusCode::OK => Outcome::Taken(due.elapsed()),
                Ok(Ok(_)) => Outcome::Refused,
                Ok(Err(_)) | Err(_) => Outcome::Failed,
            };
            drop(permit);
            // The receiver lives until every sender is gone.
            let _ = outcomes.send(outcome);
        });
    }
    drop(outcomes);
    let mut report = Report { sent: messages, ..Report::default() };
    let mut latencies = Vec::with_capacity(usize::try_from(messages).unwrap_or_default());
    while let Some(outcome) = results.recv().await {
        match outcome {
            Outcome::Taken(latency) => latencies.push(latency),
            Outcome::Refused => report.refused += 1,
            Outcome::Failed => report.failed += 1,
        }
    }
    report.elapsed = start.elapsed();
    report.taken = latencies.len() as u64;
    report.latency = percentiles(&mut latencies);
    Ok(report)
}

/// Exact percentiles: a run is bounded, so its samples fit in memory.
#[must_use]
pub fn percentiles(samples: &mut [Duration]) -> Latency {
    samples.sort_unstable();
    let at = |percent: usize| {
        let rank = (samples.len() * percent).div_ceil(100).saturating_sub(1);
        samples.get(rank).copied().unwrap_or_default()
    };
    Latency { p50: at(50), p95: at(95), p99: at(99), max: at(100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        let mut samples: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        let latency = percentiles(&mut samples);
        assert_eq!(latency.p50, Duration::from_millis(100));
        assert_eq!(latency.p95, Duration::from_millis(190));
        assert_eq!(latency.p99, Duration::from_millis(198));
        assert_eq!(latency.max, Duration::from_millis(200));
        assert_eq!(percentiles(&mut []), Latency::default());
    }
}
