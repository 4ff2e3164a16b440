//! The papers' links: each leads to a file, or to a heading, that is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

#[test]
fn every_relative_link_of_the_papers_leads_somewhere() {
    let mut broken = Vec::new();
    let mut checked = 0;
    for paper in papers() {
        for link in links(&read(&paper)).into_iter().filter(|link| !link.target.contains("://")) {
            checked += 1;
            if !exists(&paper, &link.target) {
                broken.push(format!("{}: [{}]({})", paper.display(), link.text, link.target));
            }
        }
    }
    assert!(checked > 0, "the papers have links");
    assert_eq!(broken, Vec::<String>::new(), "links to nothing");
}

#[test]
fn the_three_places_are_two_links_from_the_top_of_the_architecture() {
    let paper = root().join("ARCHITECTURE.md");
    let text = read(&paper);
    let top = links(text.split("\n## ").next().unwrap_or_default());
    for place in ["the distribution rule", "the sight rule", "where a frame is applied"] {
        let link = top.iter().find(|link| link.text == place).unwrap_or_else(|| panic!("the top links to {place}"));
        let section = section(&text, &link.target).unwrap_or_else(|| panic!("{} is a section", link.target));
        let code = links(section).into_iter().find(|link| link.target.ends_with(".rs"));
        let code = code.unwrap_or_else(|| panic!("the section on {place} links to its file"));
        assert!(exists(&paper, &code.target), "{place}: {} is there", code.target);
    }
}

#[test]
fn links_are_read_and_headings_named_as_a_forge_does() {
    let text = "See [the `rule`](a.md#b), ![a picture](c.png).\n```\n[no](link)\n```\n";
    let targets: Vec<_> = links(text).into_iter().map(|link| link.target).collect();
    assert_eq!(targets, ["a.md#b", "c.png"]);
    assert_eq!(slug("Where a frame is applied, `app/ui` too"), "where-a-frame-is-applied-appui-too");
}

struct Link {
    text: String,
    target: String,
}

fn papers() -> Vec<PathBuf> {
    let mut found = vec![root().join("ARCHITECTURE.md"), root().join("README.md")];
    let docs = fs::read_dir(root().join("docs")).expect("docs is a folder");
    found.extend(
        docs.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "md")),
    );
    found.sort();
    found
}

fn read(paper: &Path) -> String {
    fs::read_to_string(paper).unwrap_or_else(|error| panic!("{}: {error}", paper.display()))
}

/// The text without its fenced blocks.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

/// All `[text](target)` outside fenced blocks.
fn links(text: &str) -> Vec<Link> {
    let prose = prose(text);
    let mut found = Vec::new();
    for (at, _) in prose.match_indices("](") {
        let text = prose[..at].rsplit('[').next().unwrap_or_default();
        let target = prose[at + 2..].split(')').next().unwrap_or_default();
        found.push(Link { text: text.to_owned(), target: target.to_owned() });
    }
    found
}

/// Whether a target, relative to the paper it stands in, is there.
fn exists(paper: &Path, target: &str) -> bool {
    let (file, heading) = target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let folder = paper.parent().expect("invariant: a paper lies in a folder");
    let file = if file.is_empty() { paper.to_owned() } else { folder.join(file) };
    file.exists() && heading.is_none_or(|heading| headings(&read(&file)).contains(heading))
}

fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| slug(line.trim_start_matches('#').trim()))
        .collect()
}

/// The part of a text from the heading that an anchor names to the next of its rank.
fn section<'a>(text: &'a str, anchor: &str) -> Option<&'a str> {
    text.split("\n## ")
        .skip(1)
        .find(|part| slug(part.lines().next().unwrap_or_default()) == anchor.trim_start_matches('#'))
}

/// A heading as an anchor: small letters, blanks as hyphens, other signs left out.
fn slug(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}
