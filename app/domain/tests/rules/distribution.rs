//! Distribution: the worked examples, the naive model, the properties.

mod examples;
mod model;
mod properties;
pub mod rig;
mod runs;
