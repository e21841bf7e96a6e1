//! What a core reaches in others' packages: no runtime, no network, no chance, no JSON.
//!
//! Read from `cargo tree`, which knows the features that are on; `cargo metadata` also lists what no
//! feature asks for.

#[cfg(test)]
mod tests;

use std::{path::Path, process::Command};

use anyhow::{Context as _, bail};

use crate::finding::Finding;

const BANNED: &[&str] = &["tokio", "hyper", "rand", "serde_json"];

/// The packages that the code of `core` reaches, one a line, its depth before its name.
pub(crate) fn read(root: &Path, core: &str) -> anyhow::Result<String> {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(["tree", "--package", core, "--edges", "normal,build", "--prefix", "depth"])
        .current_dir(root)
        .output()
        .context("cannot start `cargo tree`")?;
    if !output.status.success() {
        bail!("`cargo tree --package {core}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Looks for banned packages in such lines; says by which way each is reached first.
pub(crate) fn check(core: &str, tree: &str) -> Vec<Finding> {
    let (mut way, mut found, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for (depth, name) in tree.lines().filter_map(read_line) {
        way.truncate(depth);
        way.push(name);
        if BANNED.contains(&name) && !found.contains(&name) {
            found.push(name);
            let message = format!("is a core and reaches {name}: {}", way.join(" → "));
            let remedy = "switch the feature off or choose another library";
            findings.push(Finding::new(core, message, remedy));
        }
    }
    findings
}

/// `2serde v1.0.0 (*)`: depth and name.
fn read_line(line: &str) -> Option<(usize, &str)> {
    let start = line.find(|character: char| !character.is_ascii_digit())?;
    let (depth, package) = line.split_at(start);
    Some((depth.parse().ok()?, package.split(' ').next()?))
}
