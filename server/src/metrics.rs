//! Counters, gauges and histograms in the text form that Prometheus reads.
//!
//! *Invariant:* labels are bounded (kinds, outcomes, codes); never an id, a name, a phone number or a text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A metric's name and meaning; declared as a `static` where it is counted.
pub struct Metric {
    pub name: &'static str,
    pub help: &'static str,
    pub kind: Kind,
}

/// What kind of number a metric is.
pub enum Kind {
    Counter,
    Gauge,
    /// Upper bounds of the buckets, ascending, in the metric's unit.
    Histogram(&'static [f64]),
}

/// Bounds for waits from a millisecond to ten seconds.
pub const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Labels of one series.
pub type Labels<'a> = &'a [(&'static str, &'a str)];

/// All numbers of this server.
#[derive(Default)]
pub struct Metrics {
    families: Mutex<BTreeMap<&'static str, Family>>,
}

struct Family {
    metric: &'static Metric,
    /// By the labels as they are written out.
    series: BTreeMap<String, Series>,
}

#[derive(Default, Clone)]
struct Series {
    value: f64,
    count: u64,
    buckets: Vec<u64>,
}

impl Metrics {
    /// Adds to a counter.
    #[allow(clippy::cast_precision_loss, reason = "exact to 2^53")]
    pub fn add(&self, metric: &'static Metric, labels: Labels<'_>, n: u64) {
        self.with(metric, labels, |series| series.value += n as f64);
    }

    /// Sets a gauge.
    pub fn set(&self, metric: &'static Metric, labels: Labels<'_>, value: f64) {
        self.with(metric, labels, |series| series.value = value);
    }

    /// Records one observation of a histogram.
    pub fn observe(&self, metric: &'static Metric, labels: Labels<'_>, value: f64) {
        let Kind::Histogram(bounds) = metric.kind else {
            return;
        };
        self.with(metric, labels, |series| {
            series.buckets.resize(bounds.len(), 0);
            for (bucket, bound) in series.buckets.iter_mut().zip(bounds) {
                *bucket += u64::from(value <= *bound);
            }
            series.count += 1;
            series.value += value;
        });
    }

    /// The value of one series, for checks; zero when nothing was recorded.
    #[must_use]
    pub fn value(&self, metric: &'static Metric, labels: Labels<'_>) -> f64 {
        let families = self.families();
        let series = families.get(metric.name).and_then(|family| family.series.get(&written(labels)));
        series.map_or(0.0, |series| series.value)
    }

    /// Everything as text, in a fixed order.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (name, family) in self.families().iter() {
            let kind = match family.metric.kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram(_) => "histogram",
            };
            let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} {kind}", family.metric.help);
            for (labels, series) in &family.series {
                series.write(&mut out, family.metric, labels);
            }
        }
        out
    }

    fn with(&self, metric: &'static Metric, labels: Labels<'_>, change: impl FnOnce(&mut Series)) {
        let mut families = self.families();
        let family = families.entry(metric.name).or_insert_with(|| Family { metric, series: BTreeMap::new() });
        change(family.series.entry(written(labels)).or_default());
    }

    fn families(&self) -> MutexGuard<'_, BTreeMap<&'static str, Family>> {
        self.families.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Series {
    fn write(&self, out: &mut String, metric: &Metric, labels: &str) {
        let name = metric.name;
        let Kind::Histogram(bounds) = metric.kind else {
            let _ = writeln!(out, "{name}{} {}", braced(labels), self.value);
            return;
        };
        let prefix = if labels.is_empty() { String::new() } else { format!("{labels},") };
        for (bucket, bound) in self.buckets.iter().zip(bounds) {
            let _ = writeln!(out, "{name}_bucket{{{prefix}le=\"{bound}\"}} {bucket}");
        }
        let _ = writeln!(out, "{name}_bucket{{{prefix}le=\"+Inf\"}} {}", self.count);
        let _ =
            writeln!(out, "{name}_sum{} {}\n{name}_count{} {}", braced(labels), self.value, braced(labels), self.count);
    }
}

fn braced(labels: &str) -> String {
    if labels.is_empty() { String::new() } else { format!("{{{labels}}}") }
}

fn written(labels: Labels<'_>) -> String {
    let mut out = String::new();
    for (name, value) in labels {
        let comma = if out.is_empty() { "" } else { "," };
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = write!(out, "{comma}{name}=\"{value}\"");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    static SEEN: Metric = Metric { name: "seen_total", help: "Things seen.", kind: Kind::Counter };
    static WAIT: Metric = Metric { name: "wait_seconds", help: "Time waited.", kind: Kind::Histogram(&[0.1, 1.0]) };

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.add(&SEEN, &[("kind", "a\"b")], 2);
        metrics.add(&SEEN, &[("kind", "a\"b")], 1);
        metrics.observe(&WAIT, &[], 0.5);
        metrics.observe(&WAIT, &[], 5.0);
        let expected = "# HELP seen_total Things seen.\n# TYPE seen_total counter\nseen_total{kind=\"a\\\"b\"} 3\n\
            # HELP wait_seconds Time waited.\n# TYPE wait_seconds histogram\n\
            wait_seconds_bucket{le=\"0.1\"} 0\nwait_seconds_bucket{le=\"1\"} 1\nwait_seconds_bucket{le=\"+Inf\"} 2\n\
            wait_seconds_sum 5.5\nwait_seconds_count 2\n";
        assert_eq!(metrics.text(), expected);
        assert!((metrics.value(&SEEN, &[("kind", "a\"b")]) - 3.0).abs() < f64::EPSILON);
    }
}
