//! What is wrong with a configuration, told all at once.

use std::fmt;

/// One fault: the setting, what is wrong with it and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub setting: &'static str,
    pub problem: String,
    pub remedy: String,
}

/// All faults that were found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Notes a fault.
    pub fn note(&mut self, setting: &'static str, problem: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Fault { setting, problem: problem.into(), remedy: remedy.into() });
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.len();
        writeln!(f, "the configuration has {n} fault{}:", if n == 1 { "" } else { "s" })?;
        for fault in &self.0 {
            writeln!(f, "  {}: {}\n    {}", fault.setting, fault.problem, fault.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
