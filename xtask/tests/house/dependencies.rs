//! The dependency rule. A new edge is a decision: it is added here and to ARCHITECTURE.md in the same commit.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::root;

/// Which of our crates each of our crates may depend on.
const EDGES: [(&str, &[&str]); 15] = [
    ("ciranda-domain", &[]),
    ("ciranda-sync", &["ciranda-domain"]),
    ("ciranda-text", &["ciranda-domain", "ciranda-sync"]),
    ("ciranda-api", &["ciranda-domain", "ciranda-sync"]),
    ("ciranda-ui", &["ciranda-api", "ciranda-domain", "ciranda-sync", "ciranda-text"]),
    ("ciranda-frontend", &["ciranda-api", "ciranda-domain", "ciranda-sync", "ciranda-ui"]),
    ("ciranda-entry", &["ciranda-ui"]),
    ("ciranda-manage", &["ciranda-api", "ciranda-domain", "ciranda-sync", "ciranda-text", "ciranda-ui"]),
    ("ciranda-phone", &["ciranda-simulator-wire", "ciranda-text"]),
    ("ciranda-simulator", &["ciranda-simulator-wire"]),
    ("ciranda-simulator-wire", &[]),
    ("ciranda-server", &["ciranda-api", "ciranda-domain", "ciranda-simulator", "ciranda-sync", "ciranda-text"]),
    ("xtask", &["ciranda-text"]),
    ("ciranda-dist", &["ciranda-domain"]),
    ("ciranda-load", &["ciranda-domain", "ciranda-server", "ciranda-simulator", "ciranda-sync"]),
];

/// What reads a clock, draws numbers, does I/O or knows a browser; nothing pure links it, however indirectly.
const IMPURE: [&str; 20] = [
    "async-std",
    "axum",
    "chrono",
    "fastrand",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "hyper",
    "js-sys",
    "leptos",
    "rand",
    "rand_core",
    "reqwest",
    "sqlx",
    "sqlx-core",
    "time",
    "tokio",
    "wasm-bindgen",
    "web-sys",
    "web-time",
];

/// Features by which an otherwise pure crate would read a clock or draw numbers.
const IMPURE_FEATURES: [(&str, &[&str]); 2] = [
    ("uuid", &["v1", "v4", "v6", "v7", "js", "rng-getrandom", "rng-rand", "fast-rng"]),
    ("jiff", &["std", "js", "tz-system", "tzdb-zoneinfo", "tzdb-bundle-always"]),
];

#[test]
fn no_crate_of_ours_knows_another_that_the_dependency_rule_does_not_name() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    let mut new = Vec::new();
    for (package, dependencies) in our_edges() {
        let named = allowed.get(package.as_str()).copied().unwrap_or_default();
        assert!(allowed.contains_key(package.as_str()), "{package} is not in the dependency rule");
        new.extend(
            dependencies
                .iter()
                .filter(|name| !named.contains(&name.as_str()))
                .map(|name| format!("{package} → {name}")),
        );
    }
    assert_eq!(new, Vec::<String>::new(), "new edges between our crates");
}

#[test]
fn the_pure_crates_link_no_clock_no_chance_no_runtime_and_no_browser() {
    let mut found = Vec::new();
    for package in ["ciranda-domain", "ciranda-sync", "ciranda-text"] {
        let linked = linked(package);
        assert!(linked.contains_key("serde"), "the tree of {package} was read");
        found.extend(
            linked
                .iter()
                .flat_map(|(name, features)| faults(name, features))
                .map(|fault| format!("{package}: {fault}")),
        );
    }
    assert_eq!(found, Vec::<String>::new(), "what the pure crates must not link");
}

#[test]
fn an_impure_crate_or_feature_is_recognised() {
    let features = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(faults("tokio", &features(&[])), ["tokio"]);
    assert_eq!(faults("uuid", &features(&["serde", "v7"])), ["uuid with v7"]);
    assert!(faults("uuid", &features(&["serde"])).is_empty());
}

/// Why this crate with these features may not be linked by a pure one.
fn faults(name: &str, features: &BTreeSet<String>) -> Vec<String> {
    if IMPURE.contains(&name) {
        return vec![name.to_owned()];
    }
    let forbidden = IMPURE_FEATURES.iter().filter(|(of, _)| *of == name).flat_map(|(_, features)| features.iter());
    forbidden.filter(|feature| features.contains(**feature)).map(|feature| format!("{name} with {feature}")).collect()
}

/// Each of our crates with those of ours that it depends on, for tests and builds too.
fn our_edges() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked"]))
        .expect("invariant: cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("invariant: cargo metadata lists packages");
    let text = |value: &Value| value.as_str().expect("invariant: a package has a name").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let edges = packages.iter().map(|package| {
        let dependencies = package["dependencies"].as_array().expect("invariant: a package lists its dependencies");
        let names = dependencies.iter().map(|dependency| text(&dependency["name"])).filter(|name| ours.contains(name));
        (text(&package["name"]), names.collect())
    });
    edges.collect()
}

/// Every crate that ends up linked into one of ours on any platform, with its features as that crate alone asks for them.
fn linked(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let format = ["--prefix", "none", "--format", "{p}|{f}", "--locked"];
    let tree =
        cargo(&[&["tree", "-p", package, "-e", "normal,no-proc-macro", "--target", "all"][..], &format].concat());
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let (crate_of, features) = line.split_once('|').expect("invariant: the format has a bar");
        let name = crate_of.split(' ').next().unwrap_or_default().to_owned();
        let features = features.trim_end_matches("(*)").trim().split(',').filter(|name| !name.is_empty());
        found.entry(name).or_default().extend(features.map(str::to_owned));
    }
    found
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect("cargo can be started");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("invariant: cargo prints UTF-8")
}
