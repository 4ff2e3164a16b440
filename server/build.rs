//! Embeds the browser's files: turns `manifest.json`, as `cargo xtask web` writes it, into a table of `include_bytes!`.
//!
//! The folder is `CIRANDA_SITE_DIR`, or `target/site` of the workspace. Where nothing was built yet, the table is empty
//! and the server says what to do; an empty manifest is left there, so that cargo has a file to watch.

use std::fmt::Write;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde_json::Value;

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=CIRANDA_SITE_DIR");
    let site =
        folder("CIRANDA_SITE_DIR").unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site"));
    let manifest = site.join("manifest.json");
    if !manifest.exists() {
        fs::create_dir_all(&site).expect("target/site can be made");
        fs::write(&manifest, "{\"files\": []}\n").expect("target/site can be written");
    }
    println!("cargo::rerun-if-changed={}", manifest.display());
    let text = fs::read_to_string(&manifest).expect("the manifest can be read");
    let parsed: Value = serde_json::from_str(&text).expect("the manifest is JSON");
    let files = parsed["files"].as_array().expect("the manifest lists files");
    let mut table = String::from("static FILES: &[Asset] = &[\n");
    for file in files {
        table.push_str(&row(&site.canonicalize().expect("the folder is there"), file));
    }
    table.push_str("];\n");
    let out = folder("OUT_DIR").expect("cargo names it").join("assets.rs");
    fs::write(out, table).expect("OUT_DIR can be written");
}

fn folder(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

fn row(site: &Path, file: &Value) -> String {
    let text = |key: &str| file[key].as_str().unwrap_or_else(|| panic!("a file of the manifest lacks {key}"));
    let plain = site.join(text("file"));
    let mut hasher = DefaultHasher::new();
    fs::read(&plain).unwrap_or_else(|error| panic!("{}: {error}", plain.display())).hash(&mut hasher);
    let mut out = String::from("    Asset {");
    let _ =
        write!(out, " path: {:?}, kind: {:?}, immutable: {},", text("path"), text("type"), file["immutable"] == true);
    let _ = write!(out, " etag: \"{:016x}\", plain: include_bytes!({plain:?}),", hasher.finish());
    for (field, key) in [("brotli", "br"), ("gzip", "gz")] {
        match file[key].as_str() {
            Some(copy) => {
                let _ = write!(out, " {field}: Some(include_bytes!({:?})),", site.join(copy));
            }
            None => {
                let _ = write!(out, " {field}: None,");
            }
        }
    }
    out.push_str(" },\n");
    out
}
