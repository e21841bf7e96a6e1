//! The text of a trace: a head, then remarks and commands with what must hold after each.

use std::fmt;

use anyhow::{Context as _, bail};

/// One pattern's trace, whole: it prints as it was read.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    head: Vec<String>,
    pub(super) name: String,
    support: String,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(super) enum Line {
    /// An empty line, or one that begins with `#`.
    Remark(String),
    Command {
        command: String,
        /// Indented lines, without their indentation.
        expected: String,
    },
}

const INDENT: &str = "    ";
const NOT_SUPPORTED: &str = "not supported";

impl Trace {
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let (head, body) = text.split_once("\n\n").unwrap_or_else(|| (text.trim_end(), ""));
        let head: Vec<String> = head.lines().map(str::to_owned).collect();
        let field = |name: &str| {
            let value = head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value.map(str::to_owned).with_context(|| format!("no line `{name}: ` in the head"))
        };
        let (name, support) = (field("name")?, field("support")?);
        let mut lines = Vec::new();
        for line in body.lines() {
            match (line.strip_prefix(INDENT), lines.last_mut()) {
                (Some(more), Some(Line::Command { expected, .. })) => {
                    expected.push_str(more);
                    expected.push('\n');
                }
                (Some(_), _) => bail!("{line:?} stands below no command"),
                (None, _) if line.is_empty() || line.starts_with('#') => {
                    lines.push(Line::Remark(line.to_owned()));
                }
                (None, _) => {
                    lines.push(Line::Command { command: line.to_owned(), expected: String::new() })
                }
            }
        }
        Ok(Self { head, name, support, lines })
    }

    pub(super) fn is_supported(&self) -> bool {
        self.support != NOT_SUPPORTED
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            writeln!(f, "{line}")?;
        }
        if !self.lines.is_empty() {
            writeln!(f)?;
        }
        for line in &self.lines {
            match line {
                Line::Remark(text) => writeln!(f, "{text}")?,
                Line::Command { command, expected } => {
                    writeln!(f, "{command}")?;
                    for line in expected.lines() {
                        writeln!(f, "{INDENT}{line}")?;
                    }
                }
            }
        }
        Ok(())
    }
}
