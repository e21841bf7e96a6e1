//! Each direct dependency has its line in `docs/dependencies.md`, and each line its dependency.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::finding::Finding;

/// Compares the packages that manifests name with the first cells of the page's tables.
pub(crate) fn check(wanted: &BTreeSet<String>, page: &str, path: &str) -> Vec<Finding> {
    let listed: BTreeSet<&str> = page.lines().filter_map(first_cell).collect();
    let missing = wanted.iter().filter(|name| !listed.contains(name.as_str()));
    let stale = listed.iter().filter(|name| !wanted.contains(**name));
    let missing = missing.map(|name| {
        let remedy = "add a row: name, why, seconds that it adds to a cold build";
        Finding::new(path, format!("`{name}` has no row"), remedy)
    });
    let stale = stale.map(|name| {
        Finding::new(path, format!("`{name}` is no direct dependency any more"), "remove its row")
    });
    missing.chain(stale).collect()
}

/// `name` of a row that begins with a name in code quotes: `| ⟨name⟩ | ...`.
fn first_cell(line: &str) -> Option<&str> {
    line.strip_prefix("| `")?.split_once("` |").map(|(name, _)| name)
}
