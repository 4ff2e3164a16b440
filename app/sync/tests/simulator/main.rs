//! The seeded simulator: one authority and many clients through drops, duplicates, late and lost frames, crashes between
//! commit and publish, reloads, changed rights and a moved clock. Afterwards every replica must equal a fresh snapshot
//! for its person, every outbox must be empty, and no frame may ever have carried what its session may not see.
//!
//! `SIM_SEEDS=5000` runs more seeds than the 200 of every day, `SIM_SEED=7` only that one. A seed that failed once is
//! kept in `seeds.txt` and runs first.

mod authority;
mod desk;
mod desktop;
mod leaks;
mod network;
mod organisation;
mod plan;
mod quiescence;
mod server;
mod world;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use world::World;

/// Acts in a run.
const ACTS: usize = 400;

#[test]
fn every_replica_converges_through_every_fault() {
    let failed_before = include_str!("seeds.txt").lines().filter(|line| !line.starts_with('#'));
    let failed_before = failed_before.map(|seed| seed.parse().expect("a number a line"));
    let seeds: Vec<u64> = match number("SIM_SEED") {
        Some(seed) => vec![seed],
        None => failed_before.chain(0..number("SIM_SEEDS").unwrap_or(200)).collect(),
    };
    for seed in seeds {
        let outcome = catch_unwind(AssertUnwindSafe(|| run(seed)));
        if let Err(panic) = outcome {
            eprintln!("seed {seed} fails: replay it with SIM_SEED={seed}, and add it to tests/simulator/seeds.txt");
            resume_unwind(panic);
        }
    }
}

fn run(seed: u64) {
    let mut world = World::new(seed);
    world.live(ACTS);
    world.quiesce();
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
