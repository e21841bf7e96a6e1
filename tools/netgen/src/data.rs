//! Variables, mappings and values: a handful of names, each always of one type.

use model::specification::{Specification, TypeRef, Variable};

use crate::random::Random;

/// The library of types.
pub(crate) const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:complexType name="ListType"><xs:sequence><xs:element name="n" type="xs:integer" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:schema>"#;

/// Variables beside `n`.
pub(crate) const RICH: [&str; 3] = ["flag", "note", "list"];

/// The variable that timers read.
pub(crate) const TIMER: &str = "when";

/// A variable of this name without a value.
pub(crate) fn variable(name: &str) -> Variable {
    let (type_name, is_built_in) = match name {
        "flag" => ("boolean", true),
        "note" => ("string", true),
        "list" => ("ListType", false),
        TIMER => ("YTimerType", false),
        _ => ("integer", true),
    };
    let namespace = is_built_in.then(|| "http://www.w3.org/2001/XMLSchema".to_owned());
    let type_ref = TypeRef::Named { name: type_name.to_owned(), namespace };
    Variable { name: name.to_owned(), type_ref, ..Variable::default() }
}

/// A variable of this name with a value.
pub(crate) fn valued(name: &str, random: &mut Random) -> Variable {
    Variable { initial_value: Some(value(name, random)), ..variable(name) }
}

/// A random valid content for a variable of this name.
pub fn value(name: &str, random: &mut Random) -> String {
    match name {
        "flag" => ["true", "false"][random.below(2)].to_owned(),
        "note" => ["", "a", "a < b & c", "\u{e9}"][random.below(4)]
            .replace('&', "&amp;")
            .replace('<', "&lt;"),
        "list" => (0..random.below(4)).map(|_| format!("<n>{}</n>", random.below(7))).collect(),
        TIMER => {
            let trigger = ["OnEnabled", "OnExecuting"][random.below(2)];
            format!("<trigger>{trigger}</trigger><expiry>PT1H</expiry>")
        }
        _ => random.below(7).to_string(),
    }
}

/// A valid output document for a work item of this decomposition.
pub fn result(specification: &Specification, decomposition: &str, random: &mut Random) -> String {
    let outputs = specification.decomposition(decomposition).map(|it| &it.head().outputs);
    let fields: String = outputs
        .into_iter()
        .flatten()
        .map(|output| format!("<{0}>{1}</{0}>", output.name, value(&output.name, random)))
        .collect();
    format!("<{decomposition}>{fields}</{decomposition}>")
}

/// A query over the data of the net `net` that gives an element for the parameter `name`.
pub(crate) fn input_query(net: &str, name: &str, random: &mut Random) -> String {
    let plain = plain_query(net, name);
    if !random.one_in(3) {
        return plain;
    }
    match name {
        "n" => format!("<n>{{(/{net}/n + 1) mod 7}}</n>"),
        "flag" => format!("<flag>{{if (/{net}/n > 2) then true() else false()}}</flag>"),
        "note" => format!("<note>{{substring(concat('x', /{net}/note), 1, 6)}}</note>"),
        "list" => format!(
            "<list>{{for $x in /{net}/list/n where $x > 1 return <n>{{$x/text()}}</n>}}</list>"
        ),
        _ => plain,
    }
}

/// The query that copies the element `name` of the document `root`.
pub(crate) fn plain_query(root: &str, name: &str) -> String {
    let inside = if matches!(name, "list" | TIMER) { "*" } else { "text()" };
    format!("<{name}>{{/{root}/{name}/{inside}}}</{name}>")
}

/// A predicate over the data of the net `net`, which has the variables `names`.
pub(crate) fn predicate(net: &str, names: &[String], random: &mut Random) -> String {
    match random.pick(names).as_str() {
        "flag" => format!("/{net}/flag = 'true'"),
        "note" => format!("string-length(/{net}/note) > 1"),
        "list" => format!("count(/{net}/list/n) > 1"),
        _ => match random.below(3) {
            0 => format!("/{net}/n = {}", random.below(7)),
            1 => format!("/{net}/n > {}", random.below(6)),
            _ => format!("/{net}/n mod 2 = 0"),
        },
    }
}
