//! The files of a checkout as a value: what rules read, and what their tests build.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, bail};

/// Files of a checkout. Bounds a run over a folder that is not one.
const FILES_MAX: usize = 20_000;
/// Directories that hold what tools made, never what people wrote.
const SKIPPED: &[&str] = &[".git", "node_modules", "dist", "target"];

/// Text by path, `/` between the parts. What is not UTF-8 is kept with replacement characters.
#[derive(Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut tree = Self::default();
        tree.read_directory(root, "")?;
        Ok(tree)
    }

    fn read_directory(&mut self, directory: &Path, prefix: &str) -> anyhow::Result<()> {
        let entries = fs::read_dir(directory)
            .with_context(|| format!("cannot read {}", directory.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let (path, kind) = (format!("{prefix}{name}"), entry.file_type()?);
            if kind.is_dir() && !is_skipped(&name) {
                self.read_directory(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file() {
                let bytes =
                    fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
                self.files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
            }
            if self.files.len() > FILES_MAX {
                bail!("more than {FILES_MAX} files under {}", directory.display());
            }
        }
        Ok(())
    }

    /// Path and text of each file, sorted by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Our Rust sources.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(path, _)| path.ends_with(".rs"))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether a file or a directory stands at `path`.
    pub(crate) fn has(&self, path: &str) -> bool {
        let directory = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&directory))
    }
}

fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name) || name.starts_with("target-")
}

#[cfg(test)]
impl Tree {
    /// A tree out of paths and texts.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self { files: files.iter().map(own).collect() }
    }
}
