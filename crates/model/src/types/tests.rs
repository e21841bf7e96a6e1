//! What is a valid value, what is refused, and how it is said.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

const XS: &str = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";

fn named(name: &str) -> TypeRef {
    TypeRef::Named { name: name.to_owned(), namespace: None }
}

/// Builds a sequence from `fields` (`name: type`, `name?: type`, `name: *` untyped, `name: <` element) and checks
/// each line of `values`, the content of an element `R`.
#[track_caller]
fn check(schema: &str, fields: &str, values: &str, want: Expect) {
    want.assert_eq(&answers(schema, fields, values).unwrap_or_else(|error| refusal(&error)));
}

fn refusal(error: &TypeError) -> String {
    let place = error.position().map(|position| format!(" at {position}")).unwrap_or_default();
    format!("refused [{}]{place}: {error} ({})\n", error.rule(), error.remedy())
}

fn answers(schema: &str, fields: &str, values: &str) -> Result<String, TypeError> {
    let schema = (!schema.is_empty()).then(|| format!("<xs:schema {XS}>{schema}</xs:schema>"));
    let mut builder = TypesBuilder::new(schema.as_deref())?;
    let id = add(&mut builder, fields)?;
    let types = builder.build()?;
    let mut got = String::new();
    for line in values.lines().map(str::trim).filter(|line| !line.is_empty()) {
        write!(got, "{line}:").unwrap();
        match types.validate(id, &format!("<R>{line}</R>")) {
            Ok(()) => got.push_str(" valid\n"),
            Err(violations) => {
                got.push('\n');
                for violation in violations {
                    writeln!(got, "  {violation} {:?}", violation.value).unwrap();
                }
            }
        }
    }
    Ok(got)
}

fn add(builder: &mut TypesBuilder, fields: &str) -> Result<SequenceId, TypeError> {
    let fields: Vec<(&str, TypeRef, bool)> = fields
        .split_whitespace()
        .map(|field| {
            let (name, type_name) = field.split_once(':').unwrap();
            let optional = name.ends_with('?');
            let name = name.trim_end_matches('?');
            let type_ref = match type_name {
                "*" => TypeRef::Untyped,
                "<" => TypeRef::Element(name.to_owned()),
                type_name => named(type_name),
            };
            (name, type_ref, optional)
        })
        .collect();
    let fields: Vec<Field<'_>> = fields
        .iter()
        .map(|(name, type_ref, optional)| Field { name, type_ref, optional: *optional })
        .collect();
    builder.sequence(&fields)
}

#[test]
fn a_sequence_is_strict_in_order_and_completeness() {
    check(
        "",
        "a:string b?:integer c:boolean",
        "<a/><b>1</b><c>true</c>
         <a>x</a><c>0</c>
         <a/> <b>1</b> <c>1</c>
         <b>1</b><a/><c>true</c>
         <a/><b>one</b><c>yes</c><d/>
         <a/><b/>
         text",
        expect![[r#"
            <a/><b>1</b><c>true</c>: valid
            <a>x</a><c>0</c>: valid
            <a/> <b>1</b> <c>1</c>: valid
            <b>1</b><a/><c>true</c>:
              /R/b: cvc-complex-type.2.4: the element is not allowed here: expected is a "1"
            <a/><b>one</b><c>yes</c><d/>:
              /R/b: cvc-datatype-valid: Invalid integer value 'one': invalid digit found in string "one"
              /R/c: cvc-datatype-valid: Invalid boolean value 'yes': Expected 'true', 'false', '1', or '0' "yes"
              /R/d: cvc-complex-type.2.4: the element is not allowed here: nothing more is expected ""
            <a/><b/>:
              /R/b: cvc-datatype-valid: Invalid integer value '': cannot parse integer from empty string ""
              /R: cvc-complex-type.2.4: the element is incomplete: expected is c ""
            text:
              /R: cvc-complex-type.2.3: Element 'R' has element-only content but non-whitespace text was found "text"
              /R: cvc-complex-type.2.4: the element is incomplete: expected is a "text"
        "#]],
    );
}
