//! `flotilla conformance`: replays recordings of the reference engine and the traces of the control-flow patterns.

use std::{io::stdout, path::PathBuf};

use super::{DONE, FAILED};

/// Replays recordings of the reference engine, and the traces of the control-flow patterns, and compares every step.
///
/// Prints a row a family, the known defects of the reference that showed with their reasons, and what nothing explains.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 every step equal or a listed defect of the reference, 1 otherwise or where the folder cannot be read.

Example:
  flotilla conformance conformance"
)]
pub(super) struct Arguments {
    /// Folder with recordings (NAME.json) and traces (NAME.trace) beside their NAME.yawl, searched with all below it.
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let summary = conformance::run(&arguments.folder, &mut stdout().lock())?;
    Ok(if summary.is_explained() { DONE } else { FAILED })
}
