//! Distribution: the worked examples, the naive model, the properties.

mod examples;
mod golden;
mod model;
mod properties;
pub mod rig;
mod runs;
mod store;
mod told;
