//! Specifications from files, and their verdicts as text.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use engine::Program;
use model::{finding::Severity, specification::Specification};
use soundness::{Limit, Verdict, judge, verdict::show_summary};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All `.yawl` files right in a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder
        .read_dir()
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "yawl")).collect();
    files.sort();
    files
}

pub(crate) fn stem(file: &Path) -> String {
    file.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

/// The specifications of a file that can be loaded, or why there is none.
pub(crate) fn programs(file: &Path) -> Result<Vec<Program>, String> {
    let bytes = std::fs::read(file).expect("the file can be read");
    let set =
        model::read_bytes(&bytes).map_err(|findings| format!("not read: {}", findings[0].rule))?;
    set.specifications.iter().map(compiled).collect()
}

pub(crate) fn compiled(specification: &Specification) -> Result<Program, String> {
    let findings = model::verify(specification);
    let error = findings.iter().find(|finding| finding.severity == Severity::Error);
    if let Some(error) = error {
        return Err(format!("invalid: {}", error.rule));
    }
    Program::compile(specification)
        .map_err(|findings| format!("not compiled: {}", findings[0].rule))
}

/// A paragraph: the file's name, then a line per net and per finding.
pub(crate) fn report(name: &str, program: &Program, limit: Limit) -> (String, Verdict) {
    let verdict = judge(program, limit);
    let mut text = format!("{name}: {}\n", verdict.outcome().name());
    for net in &verdict.nets {
        writeln!(text, "  {}", show_summary(program.net(net.net), net))
            .expect("writing to a text cannot fail");
    }
    for finding in verdict.findings(program, Severity::Error) {
        writeln!(
            text,
            "  {}[{}] {}: {}",
            word(finding.severity),
            finding.rule,
            finding.element,
            finding.message
        )
        .expect("writing to a text cannot fail");
    }
    (text, verdict)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
