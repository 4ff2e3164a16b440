//! Meta in and out, against a real database and a Graph API that answers as it is told.

pub mod graph;
mod ingress;
mod outbox;
mod simulated;
mod world;
