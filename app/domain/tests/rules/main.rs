//! The rules of the desk, tested from outside. Worked examples carry the name they have in the product's rules
//! (`w2_…`, `d3_…`), settled cases the number of the decision.

mod access;
mod calendar;
mod contact;
mod decisions;
mod distribution;
mod fixtures;
mod life;
mod permissions;
mod report;
mod settings;
mod window;
