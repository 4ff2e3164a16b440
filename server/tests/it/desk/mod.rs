//! The desk through the database: what comes in, what people press, what the timers do.

pub mod arrange;
pub mod calls;
mod distribution;
mod engine;
mod explain;
mod faults;
mod messages;
mod notes;
mod preferred;
mod sight;
pub mod world;
