//! Puts one account's commits into the order of their numbers.
//!
//! *Invariant:* what is handed on begins where the last one ended. Numbers are handed on once.

use std::collections::BTreeMap;

use ciranda_sync::filter::Commit;
use ciranda_sync::rows::Seq;

/// Commits kept for a hole to be filled; beyond it they are read from the log instead.
const EARLY: usize = 1024;

/// Where the telling stands and what waits for a hole to be filled.
#[derive(Default)]
pub struct Sequencer {
    told: Option<Seq>,
    early: BTreeMap<Seq, Commit>,
}

impl Sequencer {
    /// Takes a commit; answers those that can be told now, in order.
    pub fn take(&mut self, commit: Commit) -> Vec<Commit> {
        let known = self.told.is_some_and(|told| commit.to <= told);
        if !known && self.early.len() < EARLY {
            self.early.insert(commit.from, commit);
        }
        self.ready()
    }

    /// Begins at `head`, unless it has begun.
    pub fn begin(&mut self, head: Seq) -> Vec<Commit> {
        self.told.get_or_insert(head);
        self.ready()
    }

    /// Everything up to here was told.
    pub fn told(&self) -> Option<Seq> {
        self.told
    }

    /// Whether something waits for what comes before it.
    pub fn is_waiting(&self) -> bool {
        !self.early.is_empty()
    }

    fn ready(&mut self) -> Vec<Commit> {
        let Some(mut told) = self.told else { return Vec::new() };
        self.early.retain(|_, commit| commit.to > told);
        let mut ready = Vec::new();
        while let Some(commit) = self.early.remove(&told) {
            told = commit.to;
            ready.push(commit);
        }
        self.early.retain(|_, commit| commit.to > told);
        self.told = Some(told);
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(from: u64, to: u64) -> Commit {
        Commit {
            from: Seq(from),
            to: Seq(to),
            client: None,
            changes: Vec::new(),
            rights: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn ranges(commits: &[Commit]) -> Vec<(u64, u64)> {
        commits.iter().map(|commit| (commit.from.0, commit.to.0)).collect()
    }

    #[test]
    fn an_early_commit_waits_for_the_one_before_it() {
        let mut sequencer = Sequencer::default();
        assert!(sequencer.begin(Seq(4)).is_empty());
        assert!(sequencer.take(commit(6, 9)).is_empty());
        assert!(sequencer.is_waiting());
        assert_eq!(ranges(&sequencer.take(commit(4, 6))), [(4, 6), (6, 9)]);
        assert!(!sequencer.is_waiting());
    }

    #[test]
    fn what_was_read_from_the_log_is_not_told_again() {
        let mut sequencer = Sequencer::default();
        sequencer.begin(Seq(4));
        sequencer.take(commit(6, 9));
        assert_eq!(ranges(&sequencer.take(commit(4, 9))), [(4, 9)]);
        assert!(sequencer.take(commit(4, 6)).is_empty());
        assert_eq!(sequencer.told(), Some(Seq(9)));
        assert!(!sequencer.is_waiting());
    }

    #[test]
    fn what_comes_before_the_beginning_is_known_waits_and_is_told_from_there() {
        let mut sequencer = Sequencer::default();
        assert!(sequencer.take(commit(2, 3)).is_empty());
        assert!(sequencer.take(commit(3, 5)).is_empty());
        assert_eq!(ranges(&sequencer.begin(Seq(3))), [(3, 5)]);
    }
}
