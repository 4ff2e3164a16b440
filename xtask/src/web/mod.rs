//! `cargo xtask web`: from the browser crates, `style/` and `public/` to `target/site/`, which the server embeds.
//! Invariant: every file under `/pkg/` carries its content's hash in its name, so it may be cached for ever.

mod css;
mod modules;
mod site;
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};

use modules::MODULES;
pub use modules::{Module, Optimise, wasm_opt};
pub use site::{brotli, digest};
pub use toolchain::Toolchain;

/// How much time to spend on making the files small.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For the demo and the tests: no `wasm-opt`, light compression.
    Quick,
    /// For a release: `wasm-opt` where it is found, the best compression.
    Release,
}

impl Effort {
    fn brotli_quality(self) -> i32 {
        match self {
            Effort::Quick => 5,
            Effort::Release => 11,
        }
    }
}

/// Builds the browser's end into `target/site/`; does nothing when no input has changed.
pub fn build(effort: Effort) -> Result<()> {
    let start = Instant::now();
    let toolchain = Toolchain::find()?;
    modules::compile(&toolchain)?;
    let optimise = match effort {
        Effort::Quick => Optimise::No,
        Effort::Release => wasm_opt(),
    };
    let out = crate::run::root().join("target/site");
    let stamp_file = out.join(".stamp");
    let stamp = stamp(effort, &optimise)?;
    if out.join("manifest.json").is_file() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        println!("web: unchanged ({:.1} s)", start.elapsed().as_secs_f64());
        return Ok(());
    }
    let site = site::assemble(&modules::link_all(&optimise)?)?;
    let sizes = site.write(&out, effort.brotli_quality())?;
    fs::write(&stamp_file, stamp).context("could not write target/site/.stamp")?;
    let told: Vec<_> = sizes.iter().map(|(name, bytes)| format!("{name} {bytes} bytes")).collect();
    println!("web: {} in brotli ({:.1} s)", told.join(", "), start.elapsed().as_secs_f64());
    Ok(())
}

/// Builds and optimises the modules as a release would, without touching `target/site/`.
pub fn release_modules(optimise: &Optimise) -> Result<Vec<Module>> {
    modules::compile(&Toolchain::find()?)?;
    modules::link_all(optimise)
}

/// One digest over everything that the site is made from, this program included.
fn stamp(effort: Effort, optimise: &Optimise) -> Result<String> {
    let root = crate::run::root();
    let mut inputs: Vec<PathBuf> = MODULES.iter().map(|(_, crate_name)| modules::compiled(crate_name)).collect();
    inputs.extend(files_below(&root.join("style"))?);
    inputs.extend(files_below(&root.join("public"))?);
    let mut text = format!("{} {optimise:?}\n", effort.brotli_quality());
    for file in inputs {
        let bytes = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        text += &format!("{} {}\n", file.display(), digest(&bytes));
    }
    let program = fs::metadata(std::env::current_exe()?)?;
    text += &format!("{} {:?}\n", program.len(), program.modified()?);
    Ok(digest(text.as_bytes()))
}

/// All files below a folder in a fixed order; none when it is not there.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let mut entries =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
