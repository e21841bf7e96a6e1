//! Time to validate one value, to explain an invalid one, to make a sample, to compile a specification's types.
//!
//! Closed loop, one thread: `cargo bench -p model`. On the 2-core reference machine `valid` must stay below 3 µs.

use divan::{Bencher, black_box};
use model::{
    specification::TypeRef,
    types::{Field, SequenceId, Types, TypesBuilder},
};

fn main() {
    divan::main();
}

const SCHEMA: &str = include_str!("../../../testdata/order/types.xsd");
/// 304 bytes.
const VALUE: &str = include_str!("../../../testdata/order/value.xml").trim_ascii_end();

fn types() -> (Types, SequenceId) {
    let order = TypeRef::Named { name: "Order".to_owned(), namespace: None };
    let boolean = TypeRef::Named { name: "boolean".to_owned(), namespace: None };
    let fields = [
        Field { name: "order", type_ref: &order, optional: false },
        Field { name: "urgent", type_ref: &boolean, optional: false },
    ];
    let mut builder = TypesBuilder::new(Some(SCHEMA)).expect("a schema that compiles");
    let id = builder.sequence(&fields).expect("types that the schema defines");
    (builder.build().expect("a schema that compiles"), id)
}

#[divan::bench]
fn valid(bencher: Bencher<'_, '_>) {
    let (types, id) = types();
    bencher.bench_local(|| types.validate(id, black_box(VALUE)).is_ok());
}

/// The same value with a comment, which only the library reads: the ratio to `valid` is what the quick look saves.
#[divan::bench]
fn valid_by_library(bencher: Bencher<'_, '_>) {
    let (types, id) = types();
    let value = VALUE.replace("<order>", "<!----><order>");
    assert!(types.validate(id, &value).is_ok());
    bencher.bench_local(|| types.validate(id, black_box(&value)).is_ok());
}

#[divan::bench]
fn single_integer(bencher: Bencher<'_, '_>) {
    let integer = TypeRef::Named { name: "integer".to_owned(), namespace: None };
    let mut builder = TypesBuilder::new(None).expect("no schema");
    let id = builder
        .sequence(&[Field { name: "n", type_ref: &integer, optional: false }])
        .expect("a built-in type");
    let types = builder.build().expect("no schema");
    bencher.bench_local(|| types.validate(id, black_box("<Net><n>42</n></Net>")).is_ok());
}

#[divan::bench]
fn invalid_with_four_violations(bencher: Bencher<'_, '_>) {
    let (types, id) = types();
    let value = VALUE.replace("A123", "1").replace("EUR", "XXX").replace("false", "no");
    let value = value.replace("<price>4.25</price>", "");
    assert_eq!(types.validate(id, &value).map_err(|all| all.len()), Err(4));
    bencher.bench_local(|| types.validate(id, black_box(&value)).is_err());
}

#[divan::bench]
fn sample(bencher: Bencher<'_, '_>) {
    let (types, id) = types();
    let mut state = 1_u64;
    bencher.bench_local(|| {
        types.sample(id, "Approve", &mut |below| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            u32::try_from((state >> 33) % u64::from(below)).expect("below a u32")
        })
    });
}

#[divan::bench]
fn build(bencher: Bencher<'_, '_>) {
    bencher.bench_local(types);
}
