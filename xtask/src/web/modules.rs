//! The WebAssembly modules: compiled by cargo, linked to JavaScript by wasm-bindgen's library, made smaller by `wasm-opt`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Toolchain;
use crate::run::{self, command, run};

/// What rustc may emit that `wasm-opt` must be told about.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What `wasm-opt` does. Measured on the desk in brotli, which is what travels: -Oz leaves fewer bytes of code and a tenth
/// more of them to send; parameters that nobody reads, taken away between two rounds, save one in a hundred. Functions in
/// the order of their names save three more: what was made from one generic function stands together.
const PASSES: [&str; 6] = ["--reorder-functions-by-name", "-O1", "--dae-optimizing", "-O1", "--dae-optimizing", "-O1"];

/// Every module with the crate it is made from. A part of the page is loaded by its name, see `public/boot.js`.
pub const MODULES: [(&str, &str); 4] = [
    ("desk", "ciranda_frontend"),
    ("entry", "ciranda_entry"),
    ("manage", "ciranda_manage"),
    ("phone", "ciranda_phone"),
];

/// A module as the browser gets it: the glue, the code, and the script pieces that the glue imports, by relative path.
pub struct Module {
    /// One of [`MODULES`].
    pub name: &'static str,
    /// The script that instantiates the code.
    pub script: String,
    /// The code.
    pub wasm: Vec<u8>,
    /// Script pieces, by the relative path under which `script` imports them.
    pub snippets: BTreeMap<String, String>,
}

/// Whether and with which program the code is optimised after linking.
#[derive(Debug, Clone)]
pub enum Optimise {
    /// Left as the compiler made it.
    No,
    /// By the `wasm-opt` at this path.
    With(PathBuf),
}

/// The `wasm-opt` of the pinned npm package, else one on the path.
pub fn wasm_opt() -> Optimise {
    let pinned = run::root().join("end2end/node_modules/.bin/wasm-opt");
    let found = if pinned.exists() { Some(pinned) } else { run::on_path("wasm-opt") };
    found.map_or(Optimise::No, Optimise::With)
}

/// Compiles the crates in their size profile.
pub fn compile(toolchain: &Toolchain) -> Result<()> {
    let mut cargo = toolchain.cargo();
    cargo.args(["build", "--quiet", "--lib", "--target", "wasm32-unknown-unknown", "--profile", "wasm"]);
    for (_, crate_name) in MODULES {
        cargo.args(["-p", &crate_name.replace('_', "-")]);
    }
    run(&mut cargo)
}

/// Links every module.
pub fn link_all(optimise: &Optimise) -> Result<Vec<Module>> {
    MODULES.iter().map(|(name, crate_name)| link(name, crate_name, optimise)).collect()
}

/// Where cargo leaves a crate's module.
pub fn compiled(crate_name: &str) -> PathBuf {
    run::root().join(format!("target/wasm/wasm32-unknown-unknown/wasm/{crate_name}.wasm"))
}

/// Makes the glue for a compiled module and optimises its code.
fn link(name: &'static str, crate_name: &str, optimise: &Optimise) -> Result<Module> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled(crate_name))
        .out_name(name)
        .typescript(false)
        // `wasm-opt` goes by the names, and leaves them out of what it makes.
        .remove_name_section(matches!(optimise, Optimise::No))
        .remove_producers_section(true);
    let mut output = bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate_output())
        .with_context(|| format!("wasm-bindgen could not link {crate_name}"))?;
    if !output.npm_dependencies().is_empty() {
        bail!("{crate_name} asks for packages of npm at run time, which the desk never loads");
    }
    let snippets = snippets(&output);
    let script = output.js().to_owned();
    let mut wasm = output.wasm_mut().emit_wasm();
    if let Optimise::With(program) = optimise {
        wasm = optimised(name, &wasm, program)?;
    }
    Ok(Module { name, script, wasm, snippets })
}

fn snippets(output: &wasm_bindgen_cli_support::Output) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (crate_id, pieces) in output.snippets() {
        for (index, piece) in pieces.iter().enumerate() {
            found.insert(format!("./snippets/{crate_id}/inline{index}.js"), piece.clone());
        }
    }
    for (path, text) in output.local_modules() {
        found.insert(format!("./snippets/{path}"), text.clone());
    }
    found
}

fn optimised(name: &str, wasm: &[u8], program: &Path) -> Result<Vec<u8>> {
    let folder = run::root().join("target/wasm");
    let (before, after) = (folder.join(format!("{name}.before.wasm")), folder.join(format!("{name}.after.wasm")));
    fs::write(&before, wasm)?;
    run(command(program).args(PASSES).args(FEATURES).arg(&before).arg("-o").arg(&after))?;
    fs::read(&after).context("wasm-opt left no result")
}
