//! `cargo xtask check`: the rules that need no compiler first, then formatting and lints.

use std::path::Path;

use anyhow::bail;

use crate::{finding::Finding, step, tidy, workspace};

/// How far a check goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Tidy rules and the workspace's walls: a second.
    Fast,
    /// Formatting and lints too.
    Full,
}

pub(crate) fn run(root: &Path, depth: Depth) -> anyhow::Result<()> {
    let mut outcomes = vec![
        step::time("tidy", || report(tidy::check(root)?)),
        step::time("workspace", || report(workspace::check(root)?)),
    ];
    if depth == Depth::Full {
        outcomes.push(step::time("format", || step::cargo(root, &["fmt", "--all", "--check"])));
        outcomes.push(step::time("lints", || step::cargo(root, CLIPPY)));
    }
    print!("{}", step::summary(&outcomes));
    if outcomes.iter().any(|outcome| outcome.result.is_err()) {
        bail!("the check failed; what to do stands above, per finding");
    }
    Ok(())
}

const CLIPPY: &[&str] =
    &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"];

fn report(mut findings: Vec<Finding>) -> anyhow::Result<()> {
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings", findings.len());
    }
    Ok(())
}
