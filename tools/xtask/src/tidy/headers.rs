//! Line 1 of every Rust file says what it is; line 1 of a crate says which kind it is (style 1, 32).

#[cfg(test)]
mod tests;

use super::Tree;
use crate::finding::Finding;

/// First word of a crate, in any case: `//! Core: ...`, `//! EDGE. ...`, `//! Edge tool: ...`.
const KINDS: &[&str] = &["core", "shell", "edge"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust().filter_map(|(path, text)| check_file(tree, path, text)).collect()
}

fn check_file(tree: &Tree, path: &str, text: &str) -> Option<Finding> {
    let line = text.lines().next().unwrap_or_default();
    if !line.starts_with("//! ") {
        let remedy = "begin the file with `//!` and one to six lines on what it is";
        return Some(Finding::new(path, "line 1 is no module comment", remedy));
    }
    if is_root(tree, path) && !KINDS.contains(&kind(line).as_str()) {
        let remedy =
            "begin with `//! Core: `, `//! Shell: ` or `//! Edge: ` and what the crate does";
        return Some(Finding::new(path, "line 1 does not say which kind of crate this is", remedy));
    }
    None
}

/// The first word after the comment's mark.
fn kind(line: &str) -> String {
    let words = line.trim_start_matches("//! ").split(|c: char| !c.is_alphabetic());
    words.take(1).collect::<String>().to_lowercase()
}

/// Whether the file is the root of a crate. A program beside a library belongs to the library.
fn is_root(tree: &Tree, path: &str) -> bool {
    let library = path.strip_suffix("src/main.rs").map(|crate_| format!("{crate_}src/lib.rs"));
    path.ends_with("src/lib.rs") || library.is_some_and(|library| !tree.has(&library))
}
