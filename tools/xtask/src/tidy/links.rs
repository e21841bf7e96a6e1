//! Relative links of Markdown files lead somewhere.

#[cfg(test)]
mod tests;

use super::Tree;
use crate::finding::Finding;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".md")) {
        for (index, line) in prose(text) {
            for target in targets(line).filter(|target| !leads_somewhere(tree, path, target)) {
                let place = format!("{path}:{}", index + 1);
                let message = format!("the link to `{target}` leads nowhere");
                findings.push(Finding::new(place, message, "correct the path or remove the link"));
            }
        }
    }
    findings
}

/// The lines outside fenced blocks, with their index.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_block = false;
    text.lines().enumerate().filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        !in_block && !is_fence
    })
}

/// What stands in the round brackets of `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

fn leads_somewhere(tree: &Tree, path: &str, target: &str) -> bool {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains(':') {
        // A place in the same file, or another site.
        return true;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            name => parts.push(name),
        }
    }
    parts.is_empty() || tree.has(&parts.join("/"))
}
