//! Which compiler builds for the browser: rustup's where its sysroot has the target, else Debian's `rustc-web` pair.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::run::{self, command};

/// A `cargo` that can build for `wasm32-unknown-unknown`, with the compiler it must be told to use.
pub struct Toolchain {
    cargo: PathBuf,
    rustc: Option<PathBuf>,
}

impl Toolchain {
    /// Finds one, or says which command installs it.
    pub fn find() -> Result<Self> {
        if has_target(Path::new("rustc")) {
            let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
            return Ok(Self { cargo, rustc: None });
        }
        let pair = (packaged("rustc-web", "rustc"), packaged("cargo-web", "cargo"));
        if let (Some(rustc), Some(cargo)) = pair
            && has_target(&rustc)
        {
            return Ok(Self { cargo, rustc: Some(rustc) });
        }
        bail!("no compiler here can build for the browser (wasm32-unknown-unknown): run script/bootstrap")
    }

    /// Whether this is the toolchain that also builds the server, so that its clippy knows the target too.
    pub fn is_native(&self) -> bool {
        self.rustc.is_none()
    }

    /// A cargo command that keeps its results apart from the native ones.
    pub fn cargo(&self) -> Command {
        let mut cargo = command(&self.cargo);
        cargo.env("CARGO_TARGET_DIR", run::root().join("target/wasm"));
        if let Some(rustc) = &self.rustc {
            cargo.env("RUSTC", rustc).env("RUSTDOC", rustc.with_file_name("rustdoc"));
            cargo.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC_WRAPPER");
        }
        cargo
    }
}

fn has_target(rustc: &Path) -> bool {
    let Ok(output) = command(rustc).args(["--print", "sysroot"]).output() else {
        return false;
    };
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let Ok(entries) = sysroot.join("lib/rustlib/wasm32-unknown-unknown/lib").read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// A program that a Debian package put into a `bin` folder.
fn packaged(package: &str, program: &str) -> Option<PathBuf> {
    let output = command("dpkg").args(["-L", package]).output().ok()?;
    let ending = format!("/bin/{program}");
    let listing = String::from_utf8_lossy(&output.stdout).into_owned();
    listing.lines().filter(|line| line.ends_with(&ending)).map(PathBuf::from).find(|file| file.is_file())
}
