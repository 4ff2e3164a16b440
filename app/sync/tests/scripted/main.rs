//! The client machine and the server's session, step by step: what the seeded runs reach only by chance, said once in
//! plain order.

mod connection;
mod fixture;
mod history;
mod lists;
mod outbox;
mod session;
