//! `flotilla verify`: what is wrong with a specification, and whether its cases can go wrong, without a server.

use std::{
    fs::File,
    io::{Read as _, Write, stdin, stdout},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use model::finding::{Finding, Severity};
use soundness::{Limit, Outcome};
use wire::limits::SPECIFICATION_BYTES_MAX;

use super::{DONE, INVALID, UNSOUND};
use crate::{
    to_wire,
    verdict::{self, Soundness, Verdict, worst},
};

/// Verifies a YAWL specification: structure, data types, queries, soundness.
///
/// Prints each finding with the element, the rule and the remedy, then the verdict. Warnings do not
/// make a specification invalid. A valid one is then searched for ways in which a case can deadlock,
/// run for ever or leave work behind, and for tasks that can never start; each comes with the walk
/// that leads there. Predicates count as free to be true and false.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 valid, and no case is known to go wrong; 2 invalid; 3 valid but unsound;
1 the file cannot be read.

Examples:
  flotilla verify order.yawl
  flotilla verify --json order.yawl | jq '.findings[].rule'
  flotilla verify - < order.yawl"
)]
pub(super) struct Arguments {
    /// The .yawl file; - reads standard input.
    file: PathBuf,
    /// States that the search for ways to go wrong may look at, per net.
    #[arg(long, value_name = "STATES", default_value_t = Limit::VERIFY.0)]
    limit: usize,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let document = read(&arguments.file)?;
    let verdict = verdict::judge(&document);
    let soundness = match verdict.is_valid() {
        true => verdict.soundness(Limit(arguments.limit)),
        false => Vec::new(),
    };
    let mut out = stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &to_wire::verified(&verdict, &soundness))?;
        writeln!(out)?;
    } else {
        print(&verdict, &soundness, &arguments.file, &mut out)?;
    }
    Ok(match worst(&soundness) {
        None => INVALID,
        Some(Outcome::Unsound) => UNSOUND,
        Some(Outcome::Sound | Outcome::Undecided) => DONE,
    })
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

fn print(
    verdict: &Verdict,
    soundness: &[Soundness],
    file: &Path,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let file = file.display();
    let of_soundness = soundness.iter().flat_map(|one| &one.findings);
    let findings: Vec<&Finding> = verdict.findings.iter().chain(of_soundness).collect();
    for finding in &findings {
        write_finding(finding, &file.to_string(), out)?;
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let word = if verdict.is_valid() { "valid" } else { "invalid" };
    let word = match worst(soundness) {
        Some(outcome) => format!("{word}, {}", outcome.name()),
        None => word.to_owned(),
    };
    let names = verdict.specifications.join(", ");
    let of = if names.is_empty() { String::new() } else { format!(" ({names})") };
    writeln!(out, "{file}: {word}{of}, {errors} error(s), {warnings} warning(s)")?;
    soundness.iter().flat_map(|one| &one.nets).try_for_each(|net| writeln!(out, "  net {net}"))
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
