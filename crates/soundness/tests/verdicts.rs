//! The verdict on every example and every recorded specification stands in a file: a change shows.

mod common;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use common::{files, programs, report, root, stem};
use engine::Program;
use expect_test::expect_file;
use model::finding::Severity;
use soundness::{Limit, judge};

/// What an upload gets.
const LIMIT: Limit = Limit::UPLOAD;

#[test]
fn every_example_has_its_verdict() {
    let mut table = String::new();
    for file in files(&root().join("examples")) {
        for program in programs(&file).expect("the examples are valid") {
            table += &report(&stem(&file), &program, LIMIT).0;
        }
    }
    expect_file![root().join("testdata/verdicts/examples.txt")].assert_eq(&table);
}

/// `name: outcome, rules that it breaks`, one line per file.
fn lines(folder: &Path) -> String {
    let mut lines = String::new();
    for file in files(folder) {
        let said = programs(&file).map(|programs| {
            let said: Vec<String> = programs.iter().map(brief).collect();
            said.join("; ")
        });
        writeln!(lines, "{}: {}", stem(&file), said.unwrap_or_else(|reason| reason))
            .expect("writing to a text cannot fail");
    }
    lines
}

fn brief(program: &Program) -> String {
    let verdict = judge(program, LIMIT);
    let findings = verdict.findings(program, Severity::Error);
    let rules: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    [verdict.outcome().name()].into_iter().chain(rules).collect::<Vec<_>>().join(" ")
}

/// The whole collection, if it lies beside the project.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("FLOTILLA_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared")).join("conformance");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there; set FLOTILLA_SHARED", folder.display());
    None
}

#[test]
fn every_recorded_specification_has_its_verdict() {
    let Some(folder) = shared() else { return };
    let mut folders: Vec<PathBuf> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let text: String = folders.iter().map(|folder| lines(folder)).collect();
    expect_file![root().join("testdata/verdicts/recordings.txt")].assert_eq(&text);
}
