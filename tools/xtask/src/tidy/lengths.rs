//! Length of files, and how many functions may be too long: a ratchet, so that old tails only shrink
//! (style 23, 45). `ratchet.txt` holds the exceptions; an entry that is larger than the truth fails
//! too, so that what was won is kept.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Tree;
use crate::finding::Finding;

/// Lines of a file. More than this and nobody reads it whole.
const LINES_MAX: usize = 800;
/// Where exceptions stand.
const RATCHET: &str = "tools/xtask/ratchet.txt";
/// What a source says where it asks for a longer function than `clippy.toml` allows.
const LONG_FUNCTION: &str = concat!("clippy::too_many", "_lines");

/// In the first line of a file that a generator wrote.
const GENERATED: &str = "made from docs/openapi.json";

/// What is counted of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    Lines,
    LongFunctions,
}

impl Measure {
    const ALL: [Self; 2] = [Self::Lines, Self::LongFunctions];

    fn word(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::LongFunctions => "long-functions",
        }
    }

    /// What a file may have without an entry.
    fn limit(self) -> usize {
        match self {
            Self::Lines => LINES_MAX,
            Self::LongFunctions => 0,
        }
    }

    fn of(self, text: &str) -> usize {
        match self {
            Self::Lines => text.lines().count(),
            Self::LongFunctions => text.matches(LONG_FUNCTION).count(),
        }
    }
}

/// Exceptions: what is measured, the file, and how much it may have.
type Ratchet = BTreeMap<(Measure, String), usize>;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let (ratchet, mut findings) = read_ratchet(tree.text(RATCHET).unwrap_or_default());
    for (path, text) in tree.files().filter(|(path, text)| is_counted(path, text)) {
        for measure in Measure::ALL {
            let entry = ratchet.get(&(measure, path.to_owned())).copied();
            findings.extend(compare(path, measure, measure.of(text), entry));
        }
    }
    for (measure, path) in ratchet.keys() {
        if tree.text(path).is_none() {
            let message = format!("`{} {path}` names a file that is gone", measure.word());
            findings.push(Finding::new(RATCHET, message, "remove the entry"));
        }
    }
    findings
}

fn compare(path: &str, measure: Measure, is: usize, entry: Option<usize>) -> Option<Finding> {
    let (word, limit) = (measure.word(), measure.limit());
    match entry {
        None if is > limit => {
            let remedy = match measure {
                Measure::Lines => "split it by noun",
                Measure::LongFunctions => "split the function; an exception is no answer",
            };
            Some(Finding::new(path, format!("{is} {word}, {limit} at most"), remedy))
        }
        Some(allowed) if is > allowed => {
            let message = format!("{is} {word}, {allowed} at most by the ratchet");
            Some(Finding::new(path, message, "make it smaller again; the ratchet only shrinks"))
        }
        Some(_) if is <= limit => {
            Some(Finding::new(RATCHET, format!("`{word} {path}` is needless"), "remove the entry"))
        }
        Some(allowed) if is < allowed => {
            let message = format!("`{word} {path} {allowed}` is loose");
            Some(Finding::new(RATCHET, message, format!("write {is}: what was won is kept")))
        }
        None | Some(_) => None,
    }
}

fn read_ratchet(text: &str) -> (Ratchet, Vec<Finding>) {
    let (mut ratchet, mut findings) = (Ratchet::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match read_entry(line) {
            Some((key, value)) => drop(ratchet.insert(key, value)),
            None => findings.push(Finding::new(
                format!("{RATCHET}:{}", index + 1),
                format!("`{line}` is no entry"),
                "write `lines PATH COUNT` or `long-functions PATH COUNT`",
            )),
        }
    }
    (ratchet, findings)
}

fn read_entry(line: &str) -> Option<((Measure, String), usize)> {
    let mut words = line.split_whitespace();
    let (word, path, count) = (words.next()?, words.next()?, words.next()?);
    let measure = Measure::ALL.into_iter().find(|measure| measure.word() == word)?;
    let count = count.parse().ok()?;
    words.next().is_none().then(|| ((measure, path.to_owned()), count))
}

/// Tests are data and may be long; everything else that people write as code is counted.
fn is_counted(path: &str, text: &str) -> bool {
    let is_code = [".rs", ".ts", ".svelte", ".js", ".py"].iter().any(|end| path.ends_with(end));
    let is_test =
        path.ends_with("/tests.rs") || path.contains("/tests/") || path.contains("/test/");
    let is_generated = text.lines().next().is_some_and(|line| line.contains(GENERATED));
    is_code && !is_test && !is_generated
}
