//! What Ajustes says and computes, apart from any screen: plain functions, natively tested.

pub mod audit;
pub mod changes;
pub mod faults;
pub mod merge;
pub mod names;
pub mod opening;
pub mod place;
pub mod summary;
