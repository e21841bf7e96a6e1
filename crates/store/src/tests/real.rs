//! The embedded store on a directory of this machine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{append, recover};
use crate::{Fault, Options, Position, Prepare, open};

const AHEAD: Options = Options { prepare: Prepare::Ahead, ..super::SMALL };

#[test]
fn a_directory_is_opened_once_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new").join("partition-0");
    let (opened, _, _) = recover(open(&path, AHEAD).unwrap()).unwrap();
    let second = open(&path, AHEAD).err().expect("it is locked");
    assert!(matches!(&second, Fault::Locked { directory } if *directory == path), "{second}");
    // Whoever may still write keeps the lock; readers do not.
    let crate::Opened { log, reader, snapshots, .. } = opened;
    drop(log);
    assert!(open(&path, AHEAD).is_err());
    drop(snapshots);
    assert!(open(&path, AHEAD).is_ok());
    drop(reader);
}

#[test]
fn records_survive_over_many_segments_made_ahead() {
    let directory = tempfile::tempdir().unwrap();
    let (mut opened, _, _) = recover(open(directory.path(), AHEAD).unwrap()).unwrap();
    for number in 0..200 {
        let text = format!("{number}-{}", "x".repeat(number * 7 % 900));
        append(opened.log.as_mut(), &[&text, "second"]).unwrap();
    }
    let before = opened.reader.read_from(Position(0), usize::MAX).unwrap();
    drop(opened);
    let (opened, _, tail) = recover(open(directory.path(), AHEAD).unwrap()).unwrap();
    assert_eq!(tail, before);
    assert_eq!(opened.log.next(), Position(400));
    // More segments than stay open: some are opened again.
    let names = std::fs::read_dir(directory.path()).unwrap().count();
    assert!(names > 20, "{names} files");
    for stored in &before {
        assert_eq!(opened.reader.read(stored.position).unwrap(), *stored);
    }
}

#[test]
fn readers_and_snapshots_work_while_the_log_grows() {
    let directory = tempfile::tempdir().unwrap();
    let (mut opened, _, _) = recover(open(directory.path(), AHEAD).unwrap()).unwrap();
    let done = AtomicBool::new(false);
    let (reader, mut snapshots) = (opened.reader, opened.snapshots);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Acquire) {
                let next = reader.next();
                for position in (seen..next.0).map(Position) {
                    let stored = reader.read(position).unwrap();
                    assert_eq!(stored.bytes, position.0.to_string().into_bytes());
                }
                seen = next.0;
                snapshots.write(next, &mut std::iter::once((1, vec![1; 100]))).unwrap();
            }
        });
        for number in (0..600).step_by(2) {
            let texts = [number.to_string(), (number + 1).to_string()];
            append(opened.log.as_mut(), &[&texts[0], &texts[1]]).unwrap();
        }
        done.store(true, Ordering::Release);
    });
    drop((opened.log, snapshots, reader));
    let (opened, _, tail) = recover(open(directory.path(), AHEAD).unwrap()).unwrap();
    let from = opened.report.snapshot.expect("at least one was written");
    assert_eq!((tail.len() as u64, opened.log.next()), (600 - from.0, Position(600)));
    let files = std::fs::read_dir(directory.path()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert!(names.filter(|name| name.starts_with("snapshot-")).count() <= 2);
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let fault = open("/proc/none/of/this".as_ref(), AHEAD).err().expect("not there");
    assert_eq!(fault.to_string(), "could not create /proc/none/of/this");
}
