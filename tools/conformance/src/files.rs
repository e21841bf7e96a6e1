//! Finding files below a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// All files below `folder` whose name ends in `.extension`, by path.
pub(crate) fn find(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    find_into(folder, extension, &mut files)?;
    files.sort();
    Ok(files)
}

fn find_into(folder: &Path, extension: &str, into: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("reading the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_into(&path, extension, into)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            into.push(path);
        }
    }
    Ok(())
}
