//! What one mapping costs: parse the net's data once, evaluate many queries over it.
//!
//! Closed loop, one thread: `cargo bench -p query`. On the 2-core reference machine `common_form` must stay below 6 µs and
//! `flwor` below 50 µs.

use std::hint::black_box;

use query::{Document, Now, Query};

/// The moment of the evaluation does not matter here.
const NOW: Now = Now { unix_ms: 1_795_242_600_000, offset_minutes: 0 };

fn main() {
    divan::main();
}

/// Net data of an order with ten lines, 1.5 KB.
fn data() -> String {
    let line = |i: u32| {
        format!(
            "<line><sku>p{i}</sku><qty>{}</qty><price>{i}.50</price><note>text of line {i}</note></line>",
            i % 4
        )
    };
    let lines: String = (0..10).map(line).collect();
    format!(
        "<Overall><POrder><Order><OrderNumber>4711</OrderNumber><Remarks>none &amp; nothing</Remarks><OrderLines>{lines}</OrderLines></Order></POrder><k>7</k></Overall>"
    )
}

fn evaluate(bencher: divan::Bencher<'_, '_>, text: &str) {
    let xml = data();
    let document = Document::of_compact(&xml);
    let query = Query::compile(text).expect("the query is valid");
    bencher.bench_local(|| black_box(&query).evaluate(black_box(&document), NOW));
}

#[divan::bench]
fn parse(bencher: divan::Bencher<'_, '_>) {
    let xml = data();
    bencher.bench_local(|| Document::parse(black_box(&xml)).is_ok());
}

#[divan::bench]
fn compile_common_form(bencher: divan::Bencher<'_, '_>) {
    bencher.bench_local(|| {
        Query::compile(black_box("<n>{/Overall/POrder/Order/OrderNumber/text()}</n>"))
    });
}

#[divan::bench]
fn common_form(bencher: divan::Bencher<'_, '_>) {
    evaluate(bencher, "<n>{/Overall/POrder/Order/OrderNumber/text()}</n>");
}

#[divan::bench]
fn common_form_with_children(bencher: divan::Bencher<'_, '_>) {
    evaluate(bencher, "<POrder>{/Overall/POrder/*}</POrder>");
}

#[divan::bench]
fn arithmetic(bencher: divan::Bencher<'_, '_>) {
    evaluate(bencher, "<k>{/Overall/k + 1}</k>");
}

#[divan::bench]
fn library_function(bencher: divan::Bencher<'_, '_>) {
    evaluate(bencher, "<n>{upper-case(/Overall/POrder/Order/Remarks)}</n>");
}

#[divan::bench]
fn flwor(bencher: divan::Bencher<'_, '_>) {
    evaluate(
        bencher,
        "<lines>{for $l in /Overall/POrder/Order/OrderLines/line where $l/qty > 1 order by $l/sku \
         return <line><sku>{$l/sku/text()}</sku><qty>{$l/qty + 1}</qty></line>}</lines>",
    );
}

#[divan::bench]
fn predicate_literal(bencher: divan::Bencher<'_, '_>) {
    predicate(bencher, "/Overall/k = 7 and /Overall/POrder/Order/OrderNumber = '4711'");
}

#[divan::bench]
fn predicate_arithmetic(bencher: divan::Bencher<'_, '_>) {
    predicate(bencher, "/Overall/k mod 3 = 1");
}

fn predicate(bencher: divan::Bencher<'_, '_>, text: &str) {
    let xml = data();
    let document = Document::of_compact(&xml);
    let query = Query::compile(text).expect("the query is valid");
    bencher.bench_local(|| black_box(&query).evaluate_boolean(black_box(&document), NOW));
}
