//! The sync protocol, pure: rows, frames, mutations, the per-session filter, the client machine and its replica.
//!
//! *Invariant:* no I/O, no clock, no randomness. Bytes, instants and ids go in, bytes and change sets come out, so one
//! seeded simulator can drive a server and many clients through every fault.
//!
//! Read in this order: [`rows`], [`frames`], [`calls`], [`wire`]; then what the server runs: [`horizon`], [`filter`],
//! [`serve`]; then the browser: [`replica`], [`mutate`], [`view`], [`machine`].

pub mod calls;
pub mod filter;
pub mod frames;
pub mod horizon;
pub mod machine;
pub mod mutate;
pub mod replica;
pub mod rows;
pub mod serve;
pub mod view;
pub mod wire;
