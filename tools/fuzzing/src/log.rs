//! The log reader: a directory whose one segment is arbitrary, or a good one with arbitrary damage.

use std::{
    fs,
    path::{Path, PathBuf},
};

use store::{Durability, Fault, Keep, Options, Prepare, Record, Stored, open};

const SEGMENT: &str = "log-00000000000000000000.seg";

const OPTIONS: Options = Options {
    segment_bytes: 4096,
    durability: Durability::None,
    prepare: Prepare::InTurn,
    keep: Keep::All,
};

/// The first byte says which. Recovery gives a fault or records; the same ones the second time, since it
/// cut what was torn; and of a good log nothing that was not written.
pub(crate) fn recover(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let path = &directory();
    recover_in(path, *kind, rest);
    let _ = fs::remove_dir_all(path);
}

fn recover_in(path: &Path, kind: u8, rest: &[u8]) {
    let written = written();
    if kind.is_multiple_of(2) {
        fs::write(path.join(SEGMENT), rest).expect("a temporary file can be written");
    } else {
        damage(path, &written, rest);
    }
    let Ok(first) = records(path) else { return };
    let again = records(path).expect("what was recovered once can be recovered again");
    assert_eq!(first, again);
    if kind % 2 == 1 {
        let found: Vec<&[u8]> = first.iter().map(|record| record.bytes.as_slice()).collect();
        assert!(written.starts_with_all(&found), "recovered what was not written: {found:?}");
    }
}

/// An empty directory of this thread's own, used again for each input.
fn directory() -> PathBuf {
    let (process, thread) = (std::process::id(), std::thread::current().id());
    // In memory where Linux has it: a disk takes a tenth of the inputs.
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let path = place.join(format!("flotilla-fuzzing-{process}-{thread:?}"));
    // It is not there the first time.
    let _ = fs::remove_dir_all(&path);
    fs::create_dir(&path).expect("the temporary directory can be written to");
    path
}

/// Records of a good log, in batches.
struct Written(Vec<Vec<Vec<u8>>>);

impl Written {
    fn starts_with_all(&self, found: &[&[u8]]) -> bool {
        let all = self.0.iter().flatten();
        found.len() <= self.0.iter().flatten().count() && all.zip(found).all(|(it, at)| it == at)
    }
}

fn written() -> Written {
    let record = |batch: u8, number: u8| vec![batch ^ number; usize::from(batch) * 20 + 5];
    Written((1..5).map(|batch| (0..batch).map(|number| record(batch, number)).collect()).collect())
}

/// Writes a good log and changes bytes of its segment: two for the place, one for the byte.
fn damage(path: &Path, written: &Written, changes: &[u8]) {
    let opened = open(path, OPTIONS).and_then(store::Recovery::into_log);
    let mut log = opened.expect("an empty directory can be opened").log;
    for batch in &written.0 {
        let records: Vec<Record<'_>> = batch.iter().map(|bytes| Record { tag: 1, bytes }).collect();
        log.append(&records).expect("a temporary log can be appended to");
    }
    drop(log);
    let file = path.join(SEGMENT);
    let mut bytes = fs::read(&file).expect("the segment is there");
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        bytes[at] = change[2];
    }
    fs::write(&file, bytes).expect("a temporary file can be written");
}

fn records(path: &Path) -> Result<Vec<Stored>, Fault> {
    let mut recovery = open(path, OPTIONS)?;
    let mut records = Vec::new();
    recovery.snapshot(&mut |_, _| Ok(()))?;
    recovery.tail(&mut |stored| {
        records.push(stored);
        Ok(())
    })?;
    recovery.into_log()?;
    Ok(records)
}
