//! `cargo xtask sqlx`: what PostgreSQL says about every query, written to `.sqlx/` so that builds need no database.
//! The query macros write those files themselves when they may ask a live database; here they get one with the migrations applied.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::postgres::Throwaway;
use crate::run::{cargo, command, root, run};

/// Query files by name.
type Answers = BTreeMap<String, Vec<u8>>;

/// Writes `.sqlx/` anew.
pub fn prepare() -> Result<()> {
    let fresh = ask()?;
    let folder = root().join(".sqlx");
    for name in answers(&folder)?.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    fs::create_dir_all(&folder)?;
    for (name, text) in &fresh {
        fs::write(folder.join(name), text)?;
    }
    println!(".sqlx holds {} queries", fresh.len());
    Ok(())
}

/// Fails when `.sqlx/` is not what `prepare` would write.
pub fn check() -> Result<()> {
    let (fresh, committed) = (ask()?, answers(&root().join(".sqlx"))?);
    let missing = fresh.keys().filter(|name| !committed.contains_key(*name)).count();
    let left_over = committed.keys().filter(|name| !fresh.contains_key(*name)).count();
    let changed = fresh.iter().filter(|(name, text)| committed.get(*name).is_some_and(|old| old != *text)).count();
    if missing + left_over + changed > 0 {
        bail!(
            ".sqlx is out of date ({missing} missing, {left_over} left over, {changed} changed): run `cargo xtask sqlx` and commit it"
        );
    }
    println!(".sqlx is up to date ({} queries)", fresh.len());
    Ok(())
}

/// Compiles the server against a database of its own and returns what the macros wrote.
fn ask() -> Result<Answers> {
    let database = Throwaway::start()?;
    let url = database.migrated("ciranda")?;
    let folder = root().join("target/sqlx");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    // Cargo does not know that the answers may differ, so it is told that the crate has changed.
    run(command("touch").args(["server/src/lib.rs", "server/src/main.rs"]).args(server_tests()?))?;
    let mut check = cargo();
    check.args(["check", "--quiet", "-p", "ciranda-server", "--all-targets"]);
    run(check.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &folder).env("DATABASE_URL", &url))?;
    answers(&folder)
}

/// The files of the server's integration tests: each is a crate of its own with queries of its own.
fn server_tests() -> Result<Vec<PathBuf>> {
    let folder = root().join("server/tests");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect())
}

fn answers(folder: &Path) -> Result<Answers> {
    let mut found = Answers::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned())
            && name.starts_with("query-")
        {
            found.insert(name, fs::read(&path).with_context(|| format!("could not read {}", path.display()))?);
        }
    }
    Ok(found)
}
