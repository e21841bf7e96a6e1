//! Framing a batch of records for the log. What the kernel does is not counted.

use std::{hint::black_box, path::PathBuf};

use store::{Durability, Options, Prepare, Record, open};

use crate::Path;

/// Records of one command each, as a partition writes them under load.
const RECORDS: usize = 16;
const RECORD_BYTES: usize = 160;

/// A directory for this process alone, removed with the path.
struct Directory(PathBuf);

impl Directory {
    fn new() -> anyhow::Result<Self> {
        let name = format!("flotilla-instructions-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // What cannot be removed stays: there is nobody to tell.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn append() -> anyhow::Result<Path> {
    let directory = Directory::new()?;
    // No thread beside this one: its instructions would be counted too.
    let options = Options {
        durability: Durability::None,
        prepare: Prepare::InTurn,
        segment_bytes: 8 * 1024 * 1024,
        ..Options::default()
    };
    let mut log = open(&directory.0, options)?.into_log()?.log;
    let bytes = vec![7; RECORD_BYTES];
    Ok(Box::new(move || {
        let records = [Record { tag: 1, bytes: &bytes }; RECORDS];
        let _ = black_box(log.append(black_box(&records)));
        // The log's files live as long as the path.
        let _ = &directory;
    }))
}
