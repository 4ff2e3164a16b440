//! What ARCHITECTURE.md promises about the house as a whole: which crate may know which, what the pure crates never link,
//! and that its links lead somewhere.

#[path = "house/dependencies.rs"]
mod dependencies;
#[path = "house/links.rs"]
mod links;

use std::path::PathBuf;

/// The folder of the workspace.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("invariant: xtask lies in the workspace").to_owned()
}
