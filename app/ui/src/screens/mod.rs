//! The screens and their parts. Components are wiring: what they show is computed in [`crate::show`], what they do is in
//! [`crate::desk`].

mod bubble;
mod composer;
mod conclude;
mod considered;
mod contact;
mod entry;
mod frame;
mod gone;
mod head;
mod history;
mod keyboard;
mod list;
mod mention;
mod menu;
mod rail;
mod row;
mod shortcuts;
mod sign_out;
mod talk;
mod thread;
mod transfer;

pub use entry::Entry;
pub use frame::Frame;
