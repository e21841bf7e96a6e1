//! Nothing of others is copied into the repository: no vendored sources, no minified scripts, no
//! schema or specification of the YAWL Foundation, no file of the shared notes beside the checkout.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::Tree;
use crate::finding::Finding;

const DIRECTORIES: &[&str] = &["vendor", "third_party", "third-party", "shared"];
const ENDINGS: &[&str] = &[".min.js", ".min.css", ".min.mjs"];
/// The language's own schema declares this. A specification does not: it only uses the namespace.
const SCHEMA_OF_YAWL: &str = "targetNamespace=\"http://www.yawlfoundation.org/yawlschema\"";
/// Files below this many bytes are equal by chance.
const COPY_BYTES_MIN: usize = 200;
/// Recorded walks of our own generator: the only shared files that may be test data here.
const OURS: &str = "conformance/walks/";

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files().filter_map(|(path, text)| check_file(path, text)).collect()
}

fn check_file(path: &str, text: &str) -> Option<Finding> {
    let mut directories = path.split('/').rev().skip(1);
    if let Some(directory) = directories.find(|part| DIRECTORIES.contains(part)) {
        let message = format!("stands under `{directory}/`, where copies of others' files stand");
        return Some(Finding::new(path, message, "depend on the package instead"));
    }
    if ENDINGS.iter().any(|ending| path.ends_with(ending)) {
        return Some(Finding::new(path, "is minified", "build it from its package instead"));
    }
    if !path.ends_with(".rs") && text.contains(SCHEMA_OF_YAWL) {
        let remedy = "write what the reader accepts as our own rules and tests";
        return Some(Finding::new(path, "is a schema of the YAWL Foundation", remedy));
    }
    None
}

/// Where the shared notes are, if they are here: `FLOTILLA_SHARED`, or beside the checkout.
pub(crate) fn shared_directory(root: &Path) -> Option<PathBuf> {
    let named = std::env::var_os("FLOTILLA_SHARED").map(PathBuf::from);
    named.or_else(|| Some(root.parent()?.join("shared"))).filter(|path| path.is_dir())
}

/// Finds the files of `tree` that are files of `shared`, byte by byte.
pub(crate) fn check_copies(tree: &Tree, shared: &Tree) -> Vec<Finding> {
    let originals: BTreeMap<&str, &str> = shared
        .files()
        .filter(|(path, text)| !path.starts_with(OURS) && text.len() >= COPY_BYTES_MIN)
        .map(|(path, text)| (text, path))
        .collect();
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        if let Some(original) = originals.get(text) {
            let message = format!("is a copy of shared {original}");
            findings.push(Finding::new(path, message, "read it from there, or write our own"));
        }
    }
    findings
}
