//! The mapping that most specifications use, and checking a value against its type.

use std::hint::black_box;

use anyhow::ensure;
use model::{
    specification::TypeRef,
    types::{Field, TypesBuilder},
};
use query::{Document, Now, Query};

use crate::Path;

const NOW: Now = Now { unix_ms: 1_795_242_600_000, offset_minutes: 0 };

/// One constructor around one absolute path.
pub(crate) fn mapping() -> anyhow::Result<Path> {
    let lines: String =
        (0..10).map(|i| format!("<line><sku>p{i}</sku><qty>{i}</qty></line>")).collect();
    let xml =
        format!("<Net><order><number>4711</number><lines>{lines}</lines></order><k>7</k></Net>");
    // It lives as long as the process, as the path does.
    let document = Document::of_compact(xml.leak());
    let query = Query::compile("<n>{/Net/order/number/text()}</n>")?;
    ensure!(query.evaluate(&document, NOW)? == "<n>4711</n>", "the query gives something else");
    Ok(Box::new(move || drop(black_box(black_box(&query).evaluate(black_box(&document), NOW)))))
}

const SCHEMA: &str = include_str!("../../../testdata/order/types.xsd");
/// 304 bytes.
const VALUE: &str = include_str!("../../../testdata/order/value.xml").trim_ascii_end();

pub(crate) fn validate() -> anyhow::Result<Path> {
    let order = TypeRef::Named { name: "Order".to_owned(), namespace: None };
    let boolean = TypeRef::Named { name: "boolean".to_owned(), namespace: None };
    let fields = [
        Field { name: "order", type_ref: &order, optional: false },
        Field { name: "urgent", type_ref: &boolean, optional: false },
    ];
    let mut builder = TypesBuilder::new(Some(SCHEMA))?;
    let id = builder.sequence(&fields)?;
    let types = builder.build()?;
    ensure!(types.validate(id, VALUE).is_ok(), "the value is not valid");
    Ok(Box::new(move || {
        let _ = black_box(types.validate(id, black_box(VALUE)));
    }))
}
