//! Parameters and local variables: name, type, values, order.

use super::{
    decomposition::{attributes, log_predicate},
    document::{Source, XSD_NAMESPACE, text},
    fragment,
    value::is_nc_name,
};
use crate::{
    rules,
    specification::{SchemaVersion, TypeRef, Variable},
    text::unescape,
};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

/// The variables of one kind, sorted by ordering. Of two with one name the last one counts, as in
/// the reference, which keeps them in a map.
pub(super) fn list(
    source: &mut Source<'_>,
    node: Node<'_, '_>,
    name: &'static str,
) -> Vec<Variable> {
    let nodes: Vec<Node<'_, '_>> = source.children(node, name).collect();
    let mut variables: Vec<Variable> = Vec::with_capacity(nodes.len());
    for (position, child) in nodes.into_iter().enumerate() {
        let Some(variable) = variable(source, child, position) else { continue };
        variables.retain(|earlier| earlier.name != variable.name);
        variables.push(variable);
    }
    variables.sort_by_key(|variable| variable.ordering);
    variables
}

fn variable(source: &mut Source<'_>, node: Node<'_, '_>, position: usize) -> Option<Variable> {
    let mut attributes = attributes(node);
    let is_beta2 = source.version == SchemaVersion::Beta2;
    let (name, type_ref) =
        if is_beta2 { beta2_type(source, node)? } else { type_of(source, node)? };
    if is_beta2 {
        attributes.remove("name");
        attributes.remove("type");
    }
    let ordering = match attributes.get("ordering").map(|text| text.trim().parse::<i32>()) {
        Some(Ok(ordering)) => ordering,
        Some(Err(_)) => {
            let message = "the attribute ordering is not a whole number of 32 bits";
            source.report(node, &rules::VALUE_INVALID, message);
            return None;
        }
        None => {
            let index = source.child_token(node, "index").and_then(|text| text.parse().ok());
            // A list has fewer than VARIABLES_MAX entries.
            index.unwrap_or_else(|| i32::try_from(position).unwrap_or(i32::MAX))
        }
    };
    let default_value = source.child(node, "defaultValue").map(|child| {
        match child.children().any(|inner| inner.is_element()) {
            true => fragment::inner_text_of(child),
            false => unescape(&text(child)),
        }
    });
    Some(Variable {
        name,
        type_ref,
        documentation: source.child_text(node, "documentation"),
        initial_value: source.child_text(node, "initialValue").map(|text| unescape(&text)),
        default_value,
        mandatory: source.child(node, "mandatory").is_some(),
        cut_through: source.child(node, "isCutThroughParam").is_some(),
        ordering,
        log_predicate: log_predicate(source, node),
        attributes,
    })
}

/// `name` with `type` or `isUntyped`, or `element`.
fn type_of(source: &mut Source<'_>, node: Node<'_, '_>) -> Option<(String, TypeRef)> {
    let name = source.child_token(node, "name");
    let element = source.child_token(node, "element");
    let type_name = source.child_token(node, "type");
    let untyped = source.child(node, "isUntyped").is_some();
    match (name, element, type_name, untyped) {
        (None, Some(element), None, false) => {
            if source.child(node, "namespace").is_none() {
                return Some((element.clone(), TypeRef::Element(element)));
            }
        }
        (Some(name), None, Some(type_name), false) => {
            if is_nc_name(&type_name) {
                let namespace = source.child_token(node, "namespace");
                return Some((name, TypeRef::Named { name: type_name, namespace }));
            }
            let message = format!("the type {type_name:?} is not a name without a prefix");
            let remedy = "write the local name in type and its namespace in namespace";
            source.report_with(node, &rules::VALUE_INVALID, (message, remedy));
            return None;
        }
        (Some(name), None, None, true) => {
            if source.child(node, "namespace").is_none() {
                return Some((name, TypeRef::Untyped));
            }
        }
        (None | Some(_), None | Some(_), None | Some(_), true | false) => {}
    }
    source.report(node, &rules::VARIABLE_FORM, "name and type do not go together");
    None
}

/// Beta 2: an attribute (or child) `name`, and a `type` such as `xs:string`. Any other than XML
/// Schema's is not a type there but says that the variable has none.
fn beta2_type(source: &mut Source<'_>, node: Node<'_, '_>) -> Option<(String, TypeRef)> {
    let read = |name: &'static str| {
        let attribute = node.attribute(name).map(|text| text.trim().to_owned());
        attribute.or_else(|| source.child_token(node, name))
    };
    let (name, type_name) = (read("name"), read("type"));
    let Some(name) = name.filter(|name| is_nc_name(name)) else {
        let message = "the name is missing, or is none";
        source.report_with(node, &rules::VARIABLE_FORM, (message, "add the attribute name"));
        return None;
    };
    let type_ref = match type_name.as_deref().and_then(|text| text.split_once(':')) {
        Some((prefix, local)) if prefix.starts_with("xs") && is_nc_name(local) => {
            TypeRef::Named { name: local.to_owned(), namespace: Some(XSD_NAMESPACE.to_owned()) }
        }
        Some(_) | None => TypeRef::Untyped,
    };
    Some((name, type_ref))
}
