//! The simulator over real HTTP: a desk of a few lines on one side, the page's client on the other.

mod common;
mod meta;
mod phone;
