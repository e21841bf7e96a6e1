//! Data types of the recorded specifications: every schema compiles, every sequence builds, every sample is valid.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use model::{
    specification::{Decomposition, Specification, TypeRef, Variable},
    types::{Field, SequenceId, Types, TypesBuilder},
};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
const SEEDS: u32 = 50;

/// A folder of the recordings: in `FLOTILLA_SHARED`, or beside the checkout.
fn recordings(family: &str) -> String {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var("FLOTILLA_SHARED").unwrap_or_else(|_| beside.to_owned());
    format!("{shared}/conformance/{family}")
}

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
    check_folder(&recordings("walks"));
}

#[test]
fn types_of_the_published_specifications_compile_and_their_samples_are_valid() {
    check_folder(&recordings("yawl"));
}

#[test]
fn types_of_our_examples_compile_and_their_samples_are_valid() {
    check_folder(EXAMPLES);
}

/// What becomes of each hostile schema: each within a second, as a refusal or as types that validate and give samples.
#[test]
fn every_hostile_schema_is_answered_within_a_second() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/hostile/schema");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut got = String::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let start = now();
        let answer = hostile(&text);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let took = start.elapsed();
        eprintln!("{name}: {took:?}");
        // Optimised and alone each takes less than a second; this build is neither.
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
        writeln!(got, "{name}: {answer}").unwrap();
    }
    expect_test::expect![[r#"
        ambiguous: refused, schema-invalid
        assertions: refused, schema-invalid
        attribute-groups-doubling: refused, schema-complexity
        choices-nested-repeated: refused, schema-complexity
        choices-nested-unbounded: refused, schema-complexity
        circle-attribute-group: refused, schema-invalid
        circle-group: refused, schema-invalid
        circle-simple: refused, schema-invalid
        circle-substitution: refused, schema-invalid
        circle-type: refused, schema-invalid
        deep: compiled, a sample of 38 bytes is valid, 504 violations
        deeper: refused, schema-xml
        digits-huge: compiled, a sample of 5014 bytes is valid, 504 violations
        empty: refused, schema-xml
        endless-choice: compiled, a sample of 974 bytes is invalid, 504 violations
        endless-value: compiled, a sample of 974 bytes is invalid, 504 violations
        entities: refused, schema-xml
        extensions-chain: refused, schema-complexity
        external-entity: refused, schema-xml
        groups-doubling-empty: refused, schema-complexity
        groups-doubling-unused: refused, schema-complexity
        groups-doubling: refused, schema-complexity
        import-url: refused, schema-elsewhere
        include-file: refused, schema-elsewhere
        keys-many: compiled
        lengths-beyond-numbers: refused, schema-invalid
        lengths-huge: compiled, a sample of 100014 bytes is invalid, 504 violations
        lists-of-thousands: compiled, a sample of 3913 bytes is invalid, 504 violations
        name-twice: refused, schema-invalid
        no-namespace: refused, schema-root
        no-schema: refused, schema-root
        not-closed: refused, schema-xml
        occurs-beyond-numbers: compiled, a sample of 33 bytes is invalid, 4 violations
        occurs-million-nested: compiled, a sample of 197813 bytes is invalid, 4 violations
        occurs-million: compiled, a sample of 197813 bytes is invalid, 4 violations
        occurs-negative: refused, schema-invalid
        own-file: refused, schema-invalid
        pattern-alternatives: compiled, a sample of 34 bytes is valid, 504 violations
        pattern-backreference: refused, schema-invalid
        pattern-class-huge: compiled, a sample of 16 bytes is valid, 502 violations
        pattern-counted-huge: compiled, a sample of 28 bytes is invalid, 504 violations
        pattern-counted: compiled, a sample of 21 bytes is valid, 503 violations
        pattern-empty: compiled, a sample of 15 bytes is valid, 504 violations
        pattern-nested: refused, schema-invalid
        pattern-optional: compiled, a sample of 50 bytes is valid, 504 violations
        pattern-plus-plus: compiled, a sample of 113 bytes is valid, 504 violations
        pattern-stars: compiled, a sample of 24 bytes is valid, 504 violations
        pattern-unclosed: refused, schema-invalid
        redefine-file: refused, schema-elsewhere
        substitutions-chain: refused, schema-invalid
        undeclared-prefix: refused, schema-invalid
        unions-doubling: refused, schema-complexity
    "#]]
    .assert_eq(&got);
}

fn hostile(schema: &str) -> String {
    let mut builder = match TypesBuilder::new(Some(schema)) {
        Ok(builder) => builder,
        Err(error) => return format!("refused, {}", error.rule()),
    };
    let type_ref = TypeRef::Named { name: "T".to_owned(), namespace: None };
    if !builder.knows(&type_ref) {
        return "compiled".to_owned();
    }
    let id =
        builder.sequence(&[Field { name: "v", type_ref: &type_ref, optional: false }]).unwrap();
    let types = builder.build().unwrap();
    let sample = types.sample(id, "R", &mut numbers(1));
    let verdict = if types.validate(id, &sample).is_ok() { "valid" } else { "invalid" };
    let mut wrong = 0;
    for text in [
        "a".repeat(5_000),
        "<a>1</a>".repeat(5_000),
        "<again>".repeat(200) + &"</again>".repeat(200),
    ] {
        wrong += types
            .validate(id, &format!("<R><v>{text}</v></R>"))
            .map_or_else(|all| all.len(), |()| 0);
    }
    format!("compiled, a sample of {} bytes is {verdict}, {wrong} violations", sample.len())
}

#[allow(clippy::disallowed_methods, reason = "the test measures real time")]
fn now() -> Instant {
    Instant::now()
}
