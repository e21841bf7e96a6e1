//! No document makes the reader or the verifier panic, and what is read can be written and read.
//!
//! Real specifications of the repository's `examples`, with pieces cut out, doubled, swapped and
//! overwritten by other pieces of their own: most of the damage is to names, ids and nesting.

use std::{fs, path::PathBuf};

use proptest::{collection::vec, prelude::*, sample::Index};

/// The example specifications, by name.
fn seeds() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the repository has examples")
        .map(|entry| entry.expect("a folder that can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yawl"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: &PathBuf| fs::read_to_string(path).expect("a file that can be read");
    // The largest takes most of the time and shows nothing that the others do not.
    paths.iter().map(read).filter(|text| text.len() < 40_000).collect()
}

/// One piece of damage: where, how long, and what is put there.
#[derive(Clone, Debug)]
struct Damage {
    at: Index,
    length: usize,
    from: Index,
    copied: usize,
}

fn damage() -> impl Strategy<Value = Damage> {
    (any::<Index>(), 0usize..40, any::<Index>(), 0usize..40)
        .prop_map(|(at, length, from, copied)| Damage { at, length, from, copied })
}

/// Applies damage to the pieces of markup, so that much of it stays well-formed.
fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut pieces: Vec<&str> = text.split_inclusive(['>', '"']).collect();
    for Damage { at, length, from, copied } in damages {
        let at = at.index(pieces.len());
        let from = from.index(pieces.len());
        let copy: Vec<&str> = pieces.iter().skip(from).take(*copied).copied().collect();
        let end = (at + length).min(pieces.len());
        pieces.splice(at..end, copy);
        if pieces.is_empty() {
            break;
        }
    }
    pieces.concat()
}

/// The text with each value of a piece swapped for another of the same document: stays well-formed.
fn with_swapped_values(text: &str, swaps: &[(Index, Index)]) -> String {
    let mut parts: Vec<&str> = text.split('"').collect();
    let values = parts.len() / 2;
    for (left, right) in swaps {
        let (left, right) = (2 * left.index(values) + 1, 2 * right.index(values) + 1);
        parts[left] = parts[right];
    }
    parts.join("\"")
}

fn answers(text: &str) {
    let Ok(set) = model::read(text) else { return };
    set.specifications.iter().for_each(|specification| drop(model::verify(specification)));
    let written = model::write(&set);
    let again = model::read(&written).unwrap_or_else(|findings| panic!("{}", findings[0]));
    assert_eq!(again.specifications, {
        let mut specifications = set.specifications;
        for specification in &mut specifications {
            if !specification.schema_version.is_beta() {
                specification.schema_version = again.version;
            }
        }
        specifications
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_markup_is_answered(seed in any::<Index>(), damages in vec(damage(), 1..4)) {
        let seeds = seeds();
        answers(&damaged(&seeds[seed.index(seeds.len())], &damages));
    }

    #[test]
    fn swapped_values_are_answered(seed in any::<Index>(), swaps in vec(any::<(Index, Index)>(), 1..6)) {
        let seeds = seeds();
        answers(&with_swapped_values(&seeds[seed.index(seeds.len())], &swaps));
    }

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        prop_assert!(model::read_bytes(&bytes).is_err());
    }
}
