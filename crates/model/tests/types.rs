//! Data types of the recorded specifications: every schema compiles, every sequence builds, every sample is valid.

use std::{fs, path::Path};

use model::{
    specification::{Decomposition, Specification, Variable},
    types::{Field, SequenceId, Types, TypesBuilder},
};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
const SEEDS: u32 = 50;

/// Files `*.yawl` of a folder; a missing one is said, not failed.
fn specifications(folder: &str) -> Vec<(String, Specification)> {
    let Ok(entries) = fs::read_dir(Path::new(folder)) else {
        eprintln!("{folder} is absent: nothing to check there");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yawl"));
    let mut found = Vec::new();
    for path in paths {
        let set = model::read_bytes(&fs::read(&path).unwrap());
        let set = set.unwrap_or_else(|error| panic!("{}: {error:?}", path.display()));
        found.extend(set.specifications.into_iter().map(|one| (path.display().to_string(), one)));
    }
    found
}

/// Inputs, outputs and locals, and each variable alone, as the engine will ask for them.
fn sequences(specification: &Specification) -> Vec<Vec<&Variable>> {
    let mut sequences = Vec::new();
    for decomposition in &specification.decompositions {
        let head = decomposition.head();
        sequences.push(head.inputs.iter().collect());
        sequences.push(head.outputs.iter().collect());
        let mut variables: Vec<&Variable> = head.inputs.iter().chain(&head.outputs).collect();
        if let Decomposition::Net(net) = decomposition {
            variables.extend(&net.locals);
        }
        sequences.extend(variables.into_iter().map(|variable| vec![variable]));
    }
    sequences
}

fn build(name: &str, specification: &Specification) -> (Types, Vec<SequenceId>) {
    let mut builder = TypesBuilder::new(specification.schema.as_deref())
        .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut ids = Vec::new();
    for sequence in sequences(specification) {
        let fields = sequence.iter().map(|variable| Field {
            name: &variable.name,
            type_ref: &variable.type_ref,
            optional: variable.is_optional(),
        });
        let fields: Vec<Field<'_>> = fields.collect();
        ids.push(builder.sequence(&fields).unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    ids.sort_unstable();
    ids.dedup();
    (builder.build().unwrap_or_else(|error| panic!("{name}: {error:?}")), ids)
}

/// Numbers below a limit, the same for the same seed.
fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        u32::try_from((state >> 33) % u64::from(below.max(1))).unwrap()
    }
}

fn check_folder(folder: &str) {
    for (name, specification) in specifications(folder) {
        let (types, ids) = build(&name, &specification);
        for id in ids {
            for seed in 0..SEEDS {
                let value = types.sample(id, "R", &mut numbers(seed));
                assert_eq!(
                    types.validate(id, &value),
                    Ok(()),
                    "{name}, {id:?}, seed {seed}: {value}"
                );
                let again = types.sample(id, "R", &mut numbers(seed));
                assert_eq!(
                    value, again,
                    "{name}, {id:?}, seed {seed}: the same choices, another value"
                );
            }
        }
    }
}

#[test]
fn types_of_the_recorded_walks_compile_and_their_samples_are_valid() {
    check_folder(&format!("{RECORDINGS}/walks"));
}

#[test]
fn types_of_the_published_specifications_compile_and_their_samples_are_valid() {
    check_folder(&format!("{RECORDINGS}/yawl"));
}

#[test]
fn types_of_our_examples_compile_and_their_samples_are_valid() {
    check_folder(EXAMPLES);
}
