//! Plays a story of members, arrivals, times and availability through the engine and tells the dance.
//!
//! *Invariant:* what is told is what the engine of production says, in words; nothing is decided here. A fault of the
//! story names its line.

mod play;
mod story;

pub use story::Story;

/// Plays the story in a script and tells it, a line for everything that happens.
///
/// # Errors
/// When a line of the script cannot be understood; the error names it.
pub fn tell(script: &str) -> anyhow::Result<String> {
    Ok(play::play(&Story::read(script)?))
}
