//! Who is connected, and what they are told when an account's sequence moves.

/// The sockets of this server.
#[derive(Default)]
pub struct Hub {}
