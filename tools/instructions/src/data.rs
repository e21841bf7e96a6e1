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

const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:complexType name="Order"><xs:sequence>
    <xs:element name="number" type="Code"/><xs:element name="date" type="xs:date"/>
    <xs:element name="currency" type="Currency"/><xs:element name="remarks" type="xs:string" minOccurs="0"/>
    <xs:element name="line" type="Line" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType>
  <xs:complexType name="Line"><xs:sequence>
    <xs:element name="item" type="xs:string"/><xs:element name="quantity" type="xs:positiveInteger"/>
    <xs:element name="price" type="xs:decimal"/>
  </xs:sequence></xs:complexType>
  <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]\d{3}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Currency"><xs:restriction base="xs:string">
    <xs:enumeration value="AUD"/><xs:enumeration value="EUR"/></xs:restriction></xs:simpleType>
</xs:schema>"#;

/// 303 bytes.
const VALUE: &str = "<Approve><order><number>A123</number><date>2026-11-21</date><currency>EUR</currency>\
    <remarks>by ship</remarks><line><item>amber lantern</item><quantity>3</quantity><price>19.90</price></line>\
    <line><item>linen</item><quantity>12</quantity><price>4.25</price></line></order><urgent>false</urgent></Approve>";

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
