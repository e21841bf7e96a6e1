//! SDKs in other languages: their types, generated from `docs/openapi.json`, and their tests.
//!
//! One submodule for each language: `types` writes its types anew, `test` fails when they are not what would be written.

pub(crate) mod python;
pub(crate) mod typescript;

use std::path::{Path, PathBuf};

/// What the types of every SDK are generated from.
const DESCRIPTION: &str = "docs/openapi.json";

/// Writes the types of every SDK anew.
pub(crate) fn types(root: &Path) -> anyhow::Result<()> {
    python::types(root)?;
    typescript::types(root)
}

/// Tests every SDK.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    python::test(root)?;
    typescript::test(root)
}

/// Where builds go: what the tests of an SDK need is made there, too.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// The server that the tests of an SDK talk to: the binary that the workspace's tests were built with.
fn server(root: &Path) -> PathBuf {
    target(root).join("debug/flotilla")
}
