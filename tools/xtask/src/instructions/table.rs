//! Counts by path: reading and writing the ratchet, comparing, reading valgrind's report.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use anyhow::Context as _;

/// How far a count may be from the ratchet, either way, in per mille. What library maps and the
/// linker's layout change is well below.
const DRIFT_PER_MILLE: u64 = 30;

const HEAD: &str = "\
# Instructions per round of the hot paths (tools/instructions), held by `cargo xtask instructions`.
# More than 3 % above fails; more than 3 % below fails, too, so that what was won is kept:
# `cargo xtask instructions --record` writes the file anew.
";

/// Path → instructions per round.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table(BTreeMap<String, u64>);

impl Table {
    pub(crate) fn insert(&mut self, name: &str, count: u64) {
        self.0.insert(name.to_owned(), count);
    }

    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (name, count) = line.split_once(' ').with_context(|| format!("line {line:?}"))?;
            table.insert(name, count.trim().parse().with_context(|| format!("line {line:?}"))?);
        }
        Ok(table)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        self.0.iter().try_for_each(|(name, count)| writeln!(f, "{name:<24}{count:>9}"))
    }
}

/// What a comparison says, a line per path.
pub(crate) struct Verdict {
    pub(crate) text: String,
    pub(crate) is_ok: bool,
}

pub(crate) fn compare(ratchet: &Table, counted: &Table) -> Verdict {
    let mut verdict = Verdict { text: String::new(), is_ok: true };
    for (name, count) in &counted.0 {
        let word = word(ratchet.0.get(name).copied(), *count);
        verdict.is_ok &= word.starts_with("ok");
        writeln!(verdict.text, "  {name:<24}{count:>9}  {word}").expect("a string");
    }
    for name in ratchet.0.keys().filter(|name| !counted.0.contains_key(*name)) {
        verdict.is_ok = false;
        writeln!(verdict.text, "  {name:<24}     gone  remove its line").expect("a string");
    }
    verdict
}

fn word(allowed: Option<u64>, count: u64) -> String {
    let Some(allowed) = allowed else {
        return "new: write it down with --record".to_owned();
    };
    let drift = count.abs_diff(allowed) * 1000 / allowed.max(1);
    if drift <= DRIFT_PER_MILLE {
        return format!("ok, {allowed} allowed");
    }
    let per_cent = drift / 10;
    match count > allowed {
        true => {
            format!("{per_cent} % more than {allowed}: make it cheaper, or say why and --record")
        }
        false => format!("{per_cent} % less than {allowed}: keep what was won with --record"),
    }
}

/// The count in cachegrind's report: `==123== I   refs:      1,234,567`.
pub(crate) fn instructions(report: &str) -> Option<u64> {
    let line = report.lines().find(|line| line.contains("refs:") && line.contains(" I "))?;
    let digits: String = line.rsplit(':').next()?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}
