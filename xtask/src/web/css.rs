//! The style sheet: `style/main.css` with the files it imports put in place, comments and needless blanks taken out.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Reads `main.css` of a folder as one sheet.
pub fn bundle(folder: &Path) -> Result<String> {
    let file = folder.join("main.css");
    let main = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let mut sheet = String::new();
    for line in main.lines() {
        match imported(line) {
            Some((name, layer)) => {
                let part = folder.join(name);
                let text =
                    fs::read_to_string(&part).with_context(|| format!("style/main.css imports {}", part.display()))?;
                sheet += &layer.map_or(text.clone(), |layer| format!("@layer {layer} {{\n{text}\n}}"));
            }
            None => sheet += line,
        }
        sheet.push('\n');
    }
    Ok(minified(&sheet))
}

/// The file, and the layer if any, of a line `@import "file.css" layer(name);`.
fn imported(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix("@import")?.trim();
    let rest = rest.strip_prefix("url(").unwrap_or(rest).strip_prefix('"')?;
    let (name, rest) = rest.split_once('"')?;
    let layer = rest.split_once("layer(").and_then(|(_, rest)| rest.split_once(')')).map(|(layer, _)| layer.trim());
    Some((name, layer))
}

/// Without comments, and with every run of blanks as short as the grammar allows; strings stay as they are.
fn minified(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            blank(&mut out);
        } else if next == '"' || next == '\'' {
            let end = string_end(rest, next);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if next.is_whitespace() {
            rest = rest.trim_start();
            blank(&mut out);
        } else {
            if matches!(next, '{' | '}' | ';' | ',') && out.ends_with(' ') {
                out.pop();
            }
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// One blank, unless the text before it needs none.
fn blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',']) {
        out.push(' ');
    }
}

/// Where a quoted string ends, its closing quote included.
fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if letter == quote && !escaped {
            return at + letter.len_utf8();
        }
        escaped = letter == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_names_its_file_and_its_layer() {
        assert_eq!(imported("@import \"tokens.css\";"), Some(("tokens.css", None)));
        assert_eq!(imported("@import url(\"row.css\") layer(parts);"), Some(("row.css", Some("parts"))));
        assert_eq!(imported("body { margin: 0 }"), None);
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        let sheet = "/* why */\n.a  .b > p {\n  width: calc(1px + 2px);\n  content: \"a  { b\";\n}\n@media (width < 40em) { p { margin : 0 } }\n";
        assert_eq!(
            minified(sheet),
            ".a .b > p{width: calc(1px + 2px);content: \"a  { b\";}@media (width < 40em){p{margin : 0}}"
        );
    }
}
