//! Runs other programs, one named step after the other, and keeps how long each took.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

/// What became of one step.
pub(crate) struct Outcome {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    pub(crate) result: anyhow::Result<()>,
}

/// Runs `work` as a step that has a name in the summary.
#[expect(clippy::disallowed_methods, reason = "the summary of a test run says what took long")]
pub(crate) fn time(name: &'static str, work: impl FnOnce() -> anyhow::Result<()>) -> Outcome {
    println!("==> {name}");
    let start = Instant::now();
    let result = work();
    if let Err(error) = &result {
        println!("{error:#}");
    }
    Outcome { name, took: start.elapsed(), result }
}

/// Runs a program in `directory`, its output passed on, its input closed.
pub(crate) fn run(directory: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    run_command(command)
}

/// Runs a command that was put together before, its output passed on, its input closed.
pub(crate) fn run_command(mut command: Command) -> anyhow::Result<()> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let status = command
        .stdin(std::process::Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs the cargo that started us, so that a toolchain override holds.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(root, &cargo, arguments)
}

/// Whether a program of this name can be started.
pub(crate) fn exists(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// One line per step: name, seconds, verdict.
pub(crate) fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let verdict = if outcome.result.is_ok() { "ok" } else { "FAILED" };
        let seconds = outcome.took.as_secs_f64();
        text.push_str(&format!("  {:<24} {seconds:>7.1} s  {verdict}\n", outcome.name));
    }
    text
}
