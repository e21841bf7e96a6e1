//! Rules on the workspace as Cargo sees it: walls between crates, licences, a reason per dependency.
//!
//! Each rule is one pure function over a [`Graph`] or a text, with a table of tests beside it.

mod closure;
mod graph;
mod licences;
mod packages;
mod reasons;
mod requirements;
mod walls;

use std::{fs, path::Path};

use anyhow::Context as _;

use crate::finding::Finding;

pub(crate) use graph::Graph;

/// Where each direct dependency has its line.
const REASONS: &str = "docs/dependencies.md";
/// Where packages of npm are used; each has its lock file.
const PACKAGES: &[&str] = &["ui", "sdk/typescript"];
/// What the Python SDK asks pip for.
const REQUIREMENTS: &str = "sdk/python/pyproject.toml";

/// Runs every rule over the workspace at `root`.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let graph = Graph::read(root)?;
    let reasons =
        fs::read_to_string(root.join(REASONS)).with_context(|| format!("cannot read {REASONS}"))?;
    let mut findings = walls::check(&graph, walls::HOUSE);
    for core in walls::cores() {
        findings.extend(closure::check(core, &closure::read(root, core)?));
    }
    findings.extend(licences::check(&graph));
    let mut wanted = graph.external_direct();
    for place in PACKAGES {
        let file = root.join(place).join("package-lock.json");
        if file.exists() {
            let lock = packages::read(place, &fs::read_to_string(file)?)?;
            findings.extend(packages::check(&lock));
            wanted.extend(lock.direct);
        }
    }
    wanted.extend(requirements::direct(&fs::read_to_string(root.join(REQUIREMENTS))?));
    findings.extend(reasons::check(&wanted, &reasons, REASONS));
    Ok(findings)
}
