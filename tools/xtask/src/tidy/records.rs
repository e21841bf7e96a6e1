//! Decision records under `docs/adr`: numbered without gaps, short, and in four parts (style 44).

#[cfg(test)]
mod tests;

use super::Tree;
use crate::finding::Finding;

const DIRECTORY: &str = "docs/adr/";
/// Lines of a record: what does not fit is not one decision.
const LINES_MAX: usize = 60;
const PARTS: &[&str] = &["## Context", "## Decision", "## Rejected", "## Consequences"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let records = tree.files().filter(|(path, _)| path.starts_with(DIRECTORY));
    for (index, (path, text)) in records.enumerate() {
        let number = format!("{DIRECTORY}{:04}-", index + 1);
        if !path.starts_with(&number) {
            let message = format!("the next record is {number}*.md");
            findings.push(Finding::new(path, message, "number records in order, without gaps"));
        }
        let lines = text.lines().count();
        if lines > LINES_MAX {
            let message = format!("{lines} lines, {LINES_MAX} at most");
            findings.push(Finding::new(path, message, "say less, or write two records"));
        }
        for part in PARTS.iter().filter(|part| !text.lines().any(|line| line == **part)) {
            findings.push(Finding::new(path, format!("`{part}` is missing"), "add the part"));
        }
    }
    findings
}
