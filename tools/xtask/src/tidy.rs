//! Rules on the text of the repository's files: what a compiler does not look at.
//!
//! Each rule is one pure function from a [`Tree`] to findings, with a table of tests beside it.

mod headers;
mod lengths;
mod links;
mod names;
pub(crate) mod patterns;
mod provenance;
mod records;
mod tree;

use std::path::Path;

use crate::finding::Finding;

pub(crate) use tree::Tree;

/// Runs every rule over the checkout at `root`.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let tree = Tree::read(root)?;
    let mut findings = headers::check(&tree);
    findings.extend(lengths::check(&tree));
    findings.extend(links::check(&tree));
    findings.extend(names::check(&tree));
    findings.extend(patterns::check(&tree));
    findings.extend(provenance::check(&tree));
    findings.extend(records::check(&tree));
    if let Some(shared) = provenance::shared_directory(root) {
        findings.extend(provenance::check_copies(&tree, &Tree::read(&shared)?));
    }
    Ok(findings)
}
