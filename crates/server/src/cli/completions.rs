//! `flotilla completions`: a script that makes a shell complete this command's words.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::DONE;

/// Prints a completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  flotilla completions bash > /etc/bash_completion.d/flotilla")]
pub(super) struct Arguments {
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let mut command = super::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "flotilla", &mut std::io::stdout());
    Ok(DONE)
}
