//! `flotilla verify`: what is wrong with a specification, without a server.

use std::{
    fs::File,
    io::{Read as _, Write, stdin, stdout},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use model::finding::{Finding, Severity};
use wire::{limits::SPECIFICATION_BYTES_MAX, specification::Verified};

use super::{DONE, INVALID};
use crate::{
    to_wire,
    verdict::{self, Verdict},
};

/// Verifies a YAWL specification: structure, data types, queries.
///
/// Prints each finding with the element, the rule and the remedy, then the verdict. Warnings do not
/// make a specification invalid.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 valid, 2 invalid, 1 the file cannot be read.

Examples:
  flotilla verify order.yawl
  flotilla verify --json order.yawl | jq '.findings[].rule'
  flotilla verify - < order.yawl")]
pub(super) struct Arguments {
    /// The .yawl file; - reads standard input.
    file: PathBuf,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let document = read(&arguments.file)?;
    let verdict = verdict::judge(&document);
    let mut out = stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &to_verified(&verdict))?;
        writeln!(out)?;
    } else {
        print(&verdict, &arguments.file, &mut out)?;
    }
    Ok(if verdict.is_valid() { DONE } else { INVALID })
}

/// Reads at most as much as an upload may have, so that `verify /dev/zero` ends.
fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(SPECIFICATION_BYTES_MAX).expect("a small limit") + 1;
    let mut document = Vec::new();
    let read = if file == Path::new("-") {
        stdin().lock().take(limit).read_to_end(&mut document)
    } else {
        File::open(file).and_then(|open| open.take(limit).read_to_end(&mut document))
    };
    read.with_context(|| {
        format!("{} cannot be read; give the path of a .yawl file", file.display())
    })?;
    anyhow::ensure!(
        document.len() <= SPECIFICATION_BYTES_MAX,
        "{} has more than {SPECIFICATION_BYTES_MAX} bytes; split the specification",
        file.display()
    );
    Ok(document)
}

fn to_verified(verdict: &Verdict) -> Verified {
    let word = if verdict.is_valid() {
        wire::specification::Verdict::Valid
    } else {
        wire::specification::Verdict::Invalid
    };
    Verified { verdict: word, findings: to_wire::findings(&verdict.findings) }
}

fn print(verdict: &Verdict, file: &Path, out: &mut impl Write) -> std::io::Result<()> {
    let file = file.display();
    for finding in &verdict.findings {
        write_finding(finding, &file.to_string(), out)?;
    }
    let count =
        |severity| verdict.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let word = if verdict.is_valid() { "valid" } else { "invalid" };
    let names = verdict.specifications.join(", ");
    let of = if names.is_empty() { String::new() } else { format!(" ({names})") };
    writeln!(out, "{file}: {word}{of}, {errors} error(s), {warnings} warning(s)")
}

fn write_finding(finding: &Finding, file: &str, out: &mut impl Write) -> std::io::Result<()> {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = finding.position.map(|position| format!(":{position}")).unwrap_or_default();
    writeln!(out, "{severity}: {}: {} [{}]", finding.element, finding.message, finding.rule)?;
    writeln!(out, "  at {file}{place}")?;
    if !finding.remedy.is_empty() {
        writeln!(out, "  try {}", finding.remedy)?;
    }
    Ok(())
}
