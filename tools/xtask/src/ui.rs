//! `cargo xtask ui`: builds the web UI, so that the server embeds it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::bail;

use crate::step;

/// Builds `ui/` into `ui/dist`.
pub(crate) fn build(root: &Path) -> anyhow::Result<()> {
    let directory = root.join("ui");
    if !directory.join("package.json").exists() {
        bail!("there is no ui/package.json; run this in a checkout that has the UI");
    }
    if !step::exists("node") || !step::exists("npm") {
        bail!("the UI needs node and npm (Debian: apt-get install nodejs npm)");
    }
    // Not `npm ci`: newer versions of npm refuse a lock file that lists no packages for other platforms.
    // `--no-save` keeps the lock file as it is; its versions and checksums hold here, too.
    step::run(&directory, "npm", &["install", "--no-save", "--no-audit", "--no-fund"])?;
    step::run(&directory, "npm", &["run", "build"])
}

/// Runs the UI's own tests: its types, its units, and its pages in a browser before our server.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    // The binary that the workspace's tests were built with: `cargo build` would choose other features
    // for shared dependencies and compile most of them again.
    step::cargo(root, &["test", "--workspace", "--no-run", "--quiet"])?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    for script in ["check", "test", "test:browser"] {
        let mut command = Command::new("npm");
        command.args(["run", script]).current_dir(root.join("ui"));
        command.env("FLOTILLA_BIN", target.join("debug/flotilla"));
        step::run_command(command)?;
    }
    Ok(())
}
