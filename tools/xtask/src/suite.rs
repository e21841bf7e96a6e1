//! `cargo xtask test`: everything that must hold before a change is taken. CI runs this.

use std::path::Path;

use anyhow::bail;

use crate::{
    check,
    instructions::{self, Ratchet},
    sdk, step, ui,
};

/// Runs every step even when an earlier one failed, so that one run shows all there is to mend.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let outcomes = [
        // First: the server embeds what this builds.
        step::time("build the UI", || ui::build(root)),
        step::time("check", || check::run(root, check::Depth::Full)),
        step::time("tests", || step::cargo(root, &["test", "--workspace", "--no-fail-fast"])),
        step::time("tests of the UI", || ui::test(root)),
        step::time("tests of the Python SDK", || sdk::python::test(root)),
        step::time("tests of the TypeScript SDK", || sdk::typescript::test(root)),
        step::time("instructions", || instructions::run(root, Ratchet::Hold)),
    ];
    println!("\nsummary\n{}", step::summary(&outcomes));
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| outcome.result.is_err())
        .map(|outcome| outcome.name)
        .collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    println!("all steps passed");
    Ok(())
}
