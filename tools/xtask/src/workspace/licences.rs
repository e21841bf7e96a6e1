//! Every package that is compiled has a licence that we may pass on.

#[cfg(test)]
mod tests;

use super::Graph;
use crate::finding::Finding;

/// Permissive licences, and the one with file-wise copyleft that asks nothing of our own files.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Zlib",
];

pub(crate) fn check(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &graph.packages {
        let licence = package.licence.as_deref().unwrap_or_default();
        if !is_accepted(licence, &[]) {
            let place = format!("{} {}", package.name, package.version);
            let message = format!("licence `{licence}` is not among the accepted ones");
            findings.push(Finding::new(place, message, "choose another package"));
        }
    }
    findings
}

/// Whether an SPDX expression can be met with accepted licences, or with those in `also`.
pub(crate) fn is_accepted(expression: &str, also: &[&str]) -> bool {
    // `/` is how older packages write OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, also };
    reader.any() == Some(true) && reader.words.is_empty()
}

/// Reads an expression and decides it. `None` where it is no expression.
struct Reader<'a> {
    words: &'a [&'a str],
    also: &'a [&'a str],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.words.first() == Some(&word);
        if is_next {
            self.words = &self.words[1..];
        }
        is_next
    }

    fn any(&mut self) -> Option<bool> {
        let mut is_met = self.all()?;
        while self.take("OR") {
            is_met |= self.all()?;
        }
        Some(is_met)
    }

    fn all(&mut self) -> Option<bool> {
        let mut is_met = self.one()?;
        while self.take("AND") {
            is_met &= self.one()?;
        }
        Some(is_met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let is_met = self.any()?;
            return self.take(")").then_some(is_met);
        }
        let licence = self.next()?;
        if self.take("WITH") {
            // An exception only grants more.
            self.next()?;
        }
        Some(ACCEPTED.contains(&licence) || self.also.contains(&licence))
    }
}
