//! `cargo xtask e2e`: the journeys of `end2end/` in a real browser, against what `script/server` would start.
//! Each journey starts the server itself, with a port and a data folder of its own (end2end/support/demo.ts).

use anyhow::{Context, Result, bail};

use crate::run::{cargo, command, on_path, root, run};
use crate::web;

/// Builds, then runs the journeys: all, or what `arguments` say to Playwright.
pub fn e2e(arguments: &[String]) -> Result<()> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path);
    let browser = found.context("Chromium is not installed: run script/bootstrap --test")?;
    let folder = root().join("end2end");
    let playwright = folder.join("node_modules/.bin/playwright");
    if !playwright.exists() {
        bail!("Playwright is not installed: run script/bootstrap --test");
    }
    web::build(web::Effort::Quick)?;
    run(cargo().args(["build", "--quiet", "--profile", "quick", "-p", "ciranda-server"]))?;
    let mut journeys = command(playwright);
    journeys.current_dir(folder).arg("test").args(arguments);
    run(journeys.env("CIRANDA_BINARY", root().join("target/quick/ciranda")).env("CIRANDA_BROWSER", browser))
}
