//! The control-flow patterns: a specification of our own for each, beside a trace of what must happen.
//!
//! `09_structured_discriminator.trace` begins with lines `number:`, `name:`, `yawl:`, `support:` and `how:`, then an empty
//! line, then commands at the left margin, each with what must hold after it indented below. A pattern that is not
//! supported has no commands and no specification. `conformance/patterns/README.md` describes both for readers.

mod script;
mod state;
mod trace;

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::{Difference, Family};

use script::Script;
use trace::{Line, Trace};

/// The name under which the patterns stand in a table of families.
pub(crate) const FAMILY: &str = "patterns";

/// Runs the trace in `file` on the specification beside it and adds it to `family`.
pub(crate) fn replay(file: &Path, family: &mut Family) -> anyhow::Result<()> {
    let text = read(file)?;
    let trace = Trace::parse(&text).with_context(|| format!("reading {}", file.display()))?;
    let got = run(&trace, file)?;
    family.walks += 1;
    let (mut first, mut step) = (None, 0);
    for (want, got) in trace.lines.iter().zip(&got.lines) {
        let (Line::Command { expected, .. }, Line::Command { command, expected: answer }) =
            (want, got)
        else {
            continue;
        };
        step += 1;
        if expected == answer {
            family.equal += 1;
        } else {
            first.get_or_insert_with(|| Difference {
                walk: trace.name.clone(),
                step,
                command: command.clone(),
                what: format!("expected\n{expected}got\n{answer}"),
            });
        }
    }
    family.steps += step;
    family.differences.extend(first);
    Ok(())
}

/// The text of the trace in `file` with what holds on this engine after each command.
pub fn rewrite(file: &Path) -> anyhow::Result<String> {
    let trace = Trace::parse(&read(file)?)?;
    Ok(run(&trace, file)?.to_string())
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// The same trace with this engine's answers.
fn run(trace: &Trace, file: &Path) -> anyhow::Result<Trace> {
    let mut got = trace.clone();
    if !trace.is_supported() {
        if trace.lines.iter().any(|line| matches!(line, Line::Command { .. })) {
            bail!("{}: commands for a pattern that is not supported", file.display());
        }
        return Ok(got);
    }
    let specification = file.with_extension("yawl");
    let mut script = Script::new(&read(&specification)?)
        .with_context(|| format!("reading {}", specification.display()))?;
    for line in &mut got.lines {
        if let Line::Command { command, expected } = line {
            *expected =
                script.run(command).with_context(|| format!("{}: {command}", file.display()))?;
        }
    }
    Ok(got)
}
