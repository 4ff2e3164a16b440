//! The files of the site and their manifest: names with hashes, placeholders filled, compressed copies written.
//! What the server reads is `manifest.json` and nothing else; `server/build.rs` documents the other end.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Module, css, files_below};

/// One file as the browser asks for it.
struct File {
    path: String,
    bytes: Vec<u8>,
    immutable: bool,
}

/// All files of the site, before they are written.
pub struct Site {
    files: Vec<File>,
    /// The address of each named thing, which the placeholders of `public/` stand for.
    names: BTreeMap<String, String>,
    modules: Vec<&'static str>,
}

/// The size of each module's code in brotli.
pub type Sizes = BTreeMap<&'static str, usize>;

/// Puts the site together in the order in which things name each other.
pub fn assemble(modules: &[Module]) -> Result<Site> {
    let root = crate::run::root();
    let public = root.join("public");
    let mut site = Site { files: Vec::new(), names: BTreeMap::new(), modules: Vec::new() };
    for module in modules {
        site.modules.push(module.name);
        let script = site.with_snippets(module)?;
        site.hashed(&format!("{}.wasm", module.name), module.wasm.clone());
        site.hashed(&format!("{}.js", module.name), script.into_bytes());
    }
    // `public/boot.js` fetches them where the page speaks English.
    site.hashed("english.txt", ciranda_text::fetched::english().into_bytes());
    site.hashed("main.css", css::bundle(&root.join("style"))?.into_bytes());
    site.hashed("icon.svg", fs::read(public.join("icon.svg")).context("could not read public/icon.svg")?);
    let boot = site.filled(&public.join("boot.js"))?;
    site.hashed("boot.js", boot.into_bytes());
    let index = site.filled(&public.join("index.html"))?;
    site.files.push(File { path: "/".to_owned(), bytes: index.into_bytes(), immutable: false });
    for file in files_below(&public)? {
        let name = file.strip_prefix(&public)?.to_string_lossy().into_owned();
        if !matches!(name.as_str(), "index.html" | "boot.js" | "icon.svg") {
            site.files.push(File { path: format!("/{name}"), bytes: fs::read(&file)?, immutable: false });
        }
    }
    Ok(site)
}

impl Site {
    /// Adds a file under a name that carries its hash.
    fn hashed(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let path = format!("/pkg/{stem}.{}.{ending}", &digest(&bytes)[..16]);
        self.names.insert(name.to_owned(), path.clone());
        self.files.push(File { path: path.clone(), bytes, immutable: true });
        path
    }

    /// A module's glue, importing its script pieces by their hashed addresses.
    fn with_snippets(&mut self, module: &Module) -> Result<String> {
        let mut script = module.script.clone();
        for (relative, text) in &module.snippets {
            if text.contains("from '.") || text.contains("from \".") {
                bail!(
                    "the script piece {relative} imports another by a relative path, which a hashed name would break"
                );
            }
            let path = self.hashed(&format!("{}-piece.js", module.name), text.clone().into_bytes());
            script = script.replace(relative.as_str(), &path);
        }
        Ok(script)
    }

    /// A text of `public/` with each `{{name}}` replaced by that thing's address.
    fn filled(&self, file: &Path) -> Result<String> {
        let mut text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
        for (name, path) in &self.names {
            text = text.replace(&format!("{{{{{name}}}}}"), path);
        }
        if let Some((_, rest)) = text.split_once("{{") {
            let name = rest.split("}}").next().unwrap_or_default();
            bail!("{} asks for {{{{{name}}}}}, which the build does not make", file.display());
        }
        Ok(text)
    }

    /// Writes files, compressed copies and the manifest, and takes away what an earlier build left.
    pub fn write(&self, out: &Path, quality: i32) -> Result<Sizes> {
        if out.is_dir() {
            fs::remove_dir_all(out).with_context(|| format!("could not clear {}", out.display()))?;
        }
        let mut rows = Vec::new();
        for file in &self.files {
            let name = if file.path == "/" { "index.html" } else { &file.path[1..] };
            rows.push(file.write(out, name, quality)?);
        }
        let mut sizes = Sizes::new();
        for module in &self.modules {
            sizes.insert(module, self.compressed(out, &format!("{module}.wasm"))?);
        }
        let manifest = json!({
            "files": rows,
            "wasm_bytes": { "brotli_quality": quality, "brotli": &sizes },
        });
        fs::write(out.join("manifest.json"), serde_json::to_string_pretty(&manifest)?)?;
        Ok(sizes)
    }

    fn compressed(&self, out: &Path, name: &str) -> Result<usize> {
        let path = self.names.get(name).with_context(|| format!("{name} was not built"))?;
        let file = out.join(format!("{}.br", &path[1..]));
        Ok(usize::try_from(fs::metadata(&file).with_context(|| format!("{} is not there", file.display()))?.len())?)
    }
}

impl File {
    /// Writes this file and the copies that are smaller than it; returns its row of the manifest.
    fn write(&self, out: &Path, name: &str, quality: i32) -> Result<serde_json::Value> {
        let target = out.join(name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, &self.bytes).with_context(|| format!("could not write {}", target.display()))?;
        let mut row =
            json!({ "path": self.path, "file": name, "type": media_type(name)?, "immutable": self.immutable });
        for (ending, bytes) in [("br", brotli(&self.bytes, quality)?), ("gz", gzip(&self.bytes)?)] {
            if bytes.len() < self.bytes.len() {
                let copy = format!("{name}.{ending}");
                fs::write(out.join(&copy), bytes)?;
                row[ending] = json!(copy);
            }
        }
        Ok(row)
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The bytes in brotli at the given quality (11 is the best).
pub fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).context("brotli failed")?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn media_type(name: &str) -> Result<&'static str> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    Ok(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ogg" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "txt" => "text/plain; charset=utf-8",
        _ => bail!("public/{name}: no media type is known for “.{ending}”; add it to xtask/src/web/site.rs"),
    })
}
