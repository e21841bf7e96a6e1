//! The TypeScript SDK: its types, and its tests with the package that users would install.

use std::{path::Path, process::Command};

use anyhow::bail;

use super::server;
use crate::step;

/// Where the SDK stands.
const DIRECTORY: &str = "sdk/typescript";

/// Writes the types anew.
pub(crate) fn types(root: &Path) -> anyhow::Result<()> {
    install(root)?;
    npm(root, &["run", "types"])
}

/// Holds the types against the description, and runs every check and test of the SDK.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    install(root)?;
    npm(root, &["run", "check"])?;
    npm(root, &["test"])
}

/// Brings what its tests need. Not `npm ci`, for the reason that `ui::build` gives.
fn install(root: &Path) -> anyhow::Result<()> {
    if !step::exists("node") || !step::exists("npm") {
        bail!("the TypeScript SDK needs node and npm (Debian: apt-get install nodejs npm)");
    }
    npm(root, &["install", "--no-save", "--no-audit", "--no-fund"])
}

fn npm(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root.join(DIRECTORY));
    command.env("FLOTILLA_BIN", server(root));
    step::run_command(command)
}
