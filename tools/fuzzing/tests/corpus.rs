//! Replays every kept input of every target, and the hostile specifications. (Hostile queries have a test of
//! their own, which also holds them to a time.)

use std::{
    fs,
    path::{Path, PathBuf},
};

use fuzzing::TARGETS;

/// The repository's folder of this name.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Feeds every file of `from` to the target; gives how many there were.
fn replay(target: &str, from: &Path) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(from).expect("the folder is there") {
        let path = entry.expect("its entries can be read").path();
        // A panic tells its own story but not the file.
        println!("{target}: {}", path.display());
        fuzzing::feed(target, &fs::read(&path).expect("the file can be read"));
        count += 1;
    }
    count
}

#[test]
fn every_kept_input_is_taken_without_a_panic() {
    for (target, _) in TARGETS {
        let count = replay(target, &folder("testdata/fuzz").join(target));
        assert!(count > 0, "{target} has no corpus");
    }
}

#[test]
fn hostile_specifications_and_examples_are_taken_without_a_panic() {
    assert!(replay("specification", &folder("testdata/hostile/spec")) > 50);
    assert!(replay("specification", &folder("examples")) > 3);
}
