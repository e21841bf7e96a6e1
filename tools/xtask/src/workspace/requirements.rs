//! The packages that the Python SDK's `pyproject.toml` names: those of users, of tests, and of the build.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

/// Sections and keys whose arrays hold requirements; `*` is every key.
const LISTS: &[(&str, &str)] = &[
    ("[build-system]", "requires"),
    ("[project]", "dependencies"),
    ("[project.optional-dependencies]", "*"),
];

/// Names in all lists of requirements. Reads what people write: one array after the other, texts in double quotes.
pub(crate) fn direct(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut section, mut is_list) = ("", false);
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            (section, is_list) = (line, false);
            continue;
        }
        if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains('"')) {
            is_list =
                LISTS.iter().any(|(of, name)| *of == section && (*name == "*" || *name == key));
        }
        if is_list {
            names.extend(line.split('"').skip(1).step_by(2).map(name));
        }
    }
    names
}

/// The name in front of extras, versions and conditions.
fn name(requirement: &str) -> String {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    requirement.chars().take_while(is_part).collect()
}
