//! The weight of the browser's modules: brotli 11 after the pinned `wasm-opt`, against a budget and a committed baseline.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::run::root;
use crate::web::{self, Optimise};

/// What the desk's module may weigh.
const BUDGET: usize = 350_000;
/// How much a module may grow, in hundredths, before somebody has to say that it is worth it.
const GROWTH: usize = 5;

const BASELINE: &str = "docs/wasm-size.txt";

/// Prints the sizes and makes them the baseline.
pub fn write() -> Result<()> {
    let sizes = measure()?;
    let mut text =
        "# Bytes of each module in brotli 11 after wasm-opt; written by `cargo xtask size --write`.\n".to_owned();
    for (name, bytes) in &sizes {
        text += &format!("{name} {bytes}\n");
    }
    fs::write(root().join(BASELINE), text).with_context(|| format!("could not write {BASELINE}"))
}

/// Fails on a module over its budget or grown too much since the baseline.
pub fn check() -> Result<()> {
    let (sizes, baseline) = (measure()?, baseline()?);
    let desk = sizes["desk"];
    if desk > BUDGET {
        bail!("the desk's module weighs {desk} bytes, its budget is {BUDGET}");
    }
    for (name, bytes) in &sizes {
        let Some(before) = baseline.get(*name) else {
            bail!("{BASELINE} has no line for {name}: run `cargo xtask size --write`")
        };
        if bytes * 100 > before * (100 + GROWTH) {
            bail!(
                "{name} grew from {before} to {bytes} bytes, more than {GROWTH} %: make it smaller, or run `cargo xtask size --write` and say why in the commit"
            );
        }
    }
    Ok(())
}

/// Compressed bytes by module.
fn measure() -> Result<BTreeMap<&'static str, usize>> {
    let optimise = web::wasm_opt();
    if matches!(optimise, Optimise::No) {
        bail!("wasm-opt is missing, and the size is only comparable with it: run script/bootstrap --test");
    }
    let mut sizes = BTreeMap::new();
    for module in web::release_modules(&optimise)? {
        let compressed = web::brotli(&module.wasm, 11)?.len();
        println!("{}: {} bytes, {compressed} in brotli 11", module.name, module.wasm.len());
        sizes.insert(module.name, compressed);
    }
    Ok(sizes)
}

fn baseline() -> Result<BTreeMap<String, usize>> {
    let text = fs::read_to_string(root().join(BASELINE))
        .with_context(|| format!("{BASELINE} is missing: run `cargo xtask size --write`"))?;
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let parsed = line.split_once(' ').and_then(|(name, bytes)| Some((name.to_owned(), bytes.trim().parse().ok()?)));
        let (name, bytes) = parsed.with_context(|| format!("{BASELINE} has a line that is no “name bytes”: {line}"))?;
        found.insert(name, bytes);
    }
    Ok(found)
}
