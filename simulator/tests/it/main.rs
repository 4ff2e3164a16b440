//! The simulator over real HTTP: a desk of a few lines on one side, the page's client on the other.

#[cfg(test)]
mod common;
#[cfg(test)]
mod meta;
#[cfg(test)]
mod phone;
