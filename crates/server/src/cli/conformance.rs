//! `flotilla conformance`: replays recordings of the reference engine.

use std::{io::stdout, path::PathBuf};

use super::{DONE, FAILED};

/// Replays recordings of the reference engine and compares every step.
///
/// Prints a table family → walks, steps, equal, first difference.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 all equal, 1 a difference or the folder cannot be read.

Example:
  flotilla conformance conformance/walks")]
pub(super) struct Arguments {
    /// Folder with recordings (NAME.json beside NAME.yawl), searched with all below it.
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let summary = conformance::run(&arguments.folder, &mut stdout().lock())?;
    Ok(if summary.is_equal() { DONE } else { FAILED })
}
