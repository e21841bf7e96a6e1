//! Names and shapes of Rust that no lint looks at: nouns that say nothing, tests that are not apart,
//! glob re-exports, tests switched off without a reason (style 16, 20, 23, 41).

#[cfg(test)]
mod tests;

use super::Tree;
use crate::finding::Finding;

/// Endings of type names that say nothing.
const EMPTY_NOUNS: &[&str] = &["Manager", "Helper", "Util", "Utils", "Processor", "Impl"];
const TYPE_WORDS: &[&str] = &["struct", "enum", "trait", "type"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust() {
        for (index, line) in text.lines().enumerate() {
            if let Some((message, remedy)) = check_line(line.trim_start()) {
                findings.push(Finding::new(format!("{path}:{}", index + 1), message, remedy));
            }
        }
    }
    findings
}

fn check_line(line: &str) -> Option<(String, &'static str)> {
    if line.starts_with("mod tests {") {
        return Some(("tests stand inside the file".to_owned(), "move them to `NAME/tests.rs`"));
    }
    if line.starts_with("pub use ") && line.contains("::*") {
        return Some(("a glob re-export hides what is public".to_owned(), "name what you export"));
    }
    if line.starts_with("#[ignore]") {
        let message = "a test is switched off without a reason".to_owned();
        return Some((message, "write `#[ignore = \"issue N: why\"]`, or mend it"));
    }
    let name = type_name(line)?;
    let noun = EMPTY_NOUNS.iter().find(|noun| name.ends_with(**noun))?;
    Some((format!("`{name}`: `{noun}` says nothing"), "find the noun"))
}

/// The name of the type that this line declares.
fn type_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let mut word = words.next()?;
    while word.starts_with("pub") || word == "unsafe" {
        word = words.next()?;
    }
    if !TYPE_WORDS.contains(&word) {
        return None;
    }
    words.next()?.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}
