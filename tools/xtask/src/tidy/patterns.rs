//! `docs/patterns.md` says of the 43 control-flow patterns what the heads of their traces say.

#[cfg(test)]
mod tests;

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context as _;

use super::Tree;
use crate::finding::Finding;

const FOLDER: &str = "conformance/patterns/";
const PAGE: &str = "docs/patterns.md";
/// Patterns of the catalogue.
const COUNT: usize = 43;
const NOT_SUPPORTED: &str = "not supported";
/// What a trace's `support:` may say, and what it means.
const SUPPORT: &[(&str, &str)] = &[
    ("direct", "one construct of YAWL, or a few put together as its authors mean them"),
    (
        "extra elements",
        "plain YAWL, with places and tasks that the pattern itself does not speak of",
    ),
    ("extension", "an attribute or a command of ours that a specification asks for"),
    ("partial", "not all that the pattern demands; its line says what is missing"),
    (NOT_SUPPORTED, "cannot be said; its line says what happens instead"),
];

/// The head of one trace.
struct Pattern<'t> {
    /// Path without the extension.
    path: &'t str,
    number: usize,
    name: &'t str,
    yawl: &'t str,
    support: &'t str,
    how: &'t str,
}

impl<'t> Pattern<'t> {
    fn read(path: &'t str, text: &'t str) -> Result<Self, String> {
        let field = |name: &str| {
            let mut lines = text.lines().take_while(|line| !line.is_empty());
            let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.ok_or_else(|| format!("the head has no line `{name}: `"))
        };
        let number = field("number")?;
        Ok(Self {
            path: path.strip_suffix(".trace").unwrap_or(path),
            number: number.parse().map_err(|_| format!("`{number}` is no number"))?,
            name: field("name")?,
            yawl: field("yawl")?,
            support: field("support")?,
            how: field("how")?,
        })
    }

    fn faults(&self, tree: &Tree, expected: usize) -> Vec<String> {
        let mut faults = Vec::new();
        let start = format!("{FOLDER}{:02}_", self.number);
        if self.number != expected || !self.path.starts_with(&start) {
            faults.push(format!("its name should begin with {FOLDER}{expected:02}_"));
        }
        if !SUPPORT.iter().any(|(word, _)| *word == self.support) {
            faults.push(format!("`{}` is no kind of support", self.support));
        }
        if tree.has(&self.specification()) == (self.support == NOT_SUPPORTED) {
            faults.push("a specification stands beside what is supported, and only there".into());
        }
        faults
    }

    fn specification(&self) -> String {
        format!("{}.yawl", self.path)
    }
}

/// Every pattern has its trace, and the page is the one that these give.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let (patterns, mut findings) = read(tree);
    for (index, pattern) in patterns.iter().enumerate() {
        let place = format!("{}.trace", pattern.path);
        let remedy = "see conformance/patterns/README.md";
        let faults = pattern.faults(tree, index + 1);
        findings.extend(faults.into_iter().map(|it| Finding::new(place.clone(), it, remedy)));
    }
    if patterns.len() != COUNT {
        let message = format!("{} traces, the catalogue has {COUNT} patterns", patterns.len());
        findings.push(Finding::new(FOLDER, message, "one trace for each pattern"));
    }
    if tree.text(PAGE) != Some(&page(&patterns)) {
        let remedy = "run `cargo xtask patterns`";
        findings.push(Finding::new(PAGE, "is not what the traces say", remedy));
    }
    findings
}

/// Writes the page anew.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    let text = page(&read(&tree).0);
    fs::write(root.join(PAGE), text).with_context(|| format!("cannot write {PAGE}"))
}

fn read(tree: &Tree) -> (Vec<Pattern<'_>>, Vec<Finding>) {
    let (mut patterns, mut findings) = (Vec::new(), Vec::new());
    let files = tree.files().filter(|(path, _)| path.starts_with(FOLDER));
    for (path, text) in files.filter(|(path, _)| path.ends_with(".trace")) {
        match Pattern::read(path, text) {
            Ok(pattern) => patterns.push(pattern),
            Err(what) => findings.push(Finding::new(path, what, "complete the head")),
        }
    }
    (patterns, findings)
}

fn page(patterns: &[Pattern<'_>]) -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("\n| support | patterns | meaning |\n|---|---|---|\n");
    for (word, meaning) in SUPPORT {
        let count = patterns.iter().filter(|pattern| pattern.support == *word).count();
        writeln!(text, "| {word} | {count} | {meaning} |").expect("a string");
    }
    text.push_str("\n| no. | pattern | YAWL | Flotilla | how | specification |\n");
    text.push_str("|---|---|---|---|---|---|\n");
    for Pattern { path, number, name, yawl, support, how } in patterns {
        let link = match *support {
            NOT_SUPPORTED => "–".to_owned(),
            _ => format!("[net](../{path}.yawl), [trace](../{path}.trace)"),
        };
        writeln!(text, "| {number} | {name} | {yawl} | {support} | {how} | {link} |")
            .expect("a string");
    }
    text
}

const INTRODUCTION: &str = "\
# The control-flow patterns

The [workflow patterns catalogue](http://www.workflowpatterns.com/patterns/control/) numbers and names 43 patterns of control
flow. For each there is a specification of our own in [conformance/patterns](../conformance/patterns/README.md) and a
trace: commands, and what must hold after each. `cargo test -p conformance` and `flotilla conformance conformance`
run them all. Column YAWL is the rating that YAWL's own authors give it (*Modern Business Process Automation*, table 2.5):
`+` direct, `o` partial, `-` none. Column Flotilla is ours, for what the trace beside it shows.

This page is written by `cargo xtask patterns` from the heads of the traces.
";
