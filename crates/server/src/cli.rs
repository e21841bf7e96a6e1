//! The `flotilla` command: one file per subcommand. Answers on stdout, everything else on stderr.

mod agents;
mod completions;
mod conformance;
mod demo;
mod logging;
mod run;
mod serve;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Done, or a specification is valid.
const DONE: u8 = 0;
/// It could not be done; stderr says why and what to do.
const FAILED: u8 = 1;
/// A specification is invalid.
const INVALID: u8 = 2;
/// A specification is valid and unsound.
const UNSOUND: u8 = 3;
/// The command line cannot be read. As in sysexits.h, so that 2 keeps its meaning.
const USAGE: u8 = 64;

const EXIT_CODES: &str = "Exit codes:
  0   done; for verify: the specification is valid
  1   it could not be done; stderr says why and what to do
  2   verify: the specification is invalid
  3   verify: the specification is valid, but a case of it can go wrong
  64  the command line cannot be read

Examples:
  flotilla demo                         an example at work, to look at in the browser
  flotilla serve --data /var/lib/flotilla
  flotilla verify order.yawl            what is wrong with a specification, and where";

/// Runs YAWL workflows for fleets of agents.
#[derive(Debug, Parser)]
#[command(name = "flotilla", version, after_help = EXIT_CODES, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Demo(demo::Arguments),
    Run(run::Arguments),
    Agents(agents::Arguments),
    Verify(verify::Arguments),
    Conformance(conformance::Arguments),
    Completions(completions::Arguments),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe behind --help is no error of ours.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { DONE });
        }
    };
    let done = match arguments.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Agents(arguments) => agents::run(arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        // Whoever read our output has read enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Runs an asynchronous command. Its threads only move bytes: deciding happens on the node's own.
fn run_async<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Ends when the process is asked to end, by Ctrl-C or by SIGTERM.
async fn asked_to_end() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
