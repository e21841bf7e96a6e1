//! Which parts of a schema a shape repeats in full. All else makes it a rough one: good enough to write a value, not to
//! judge one.

use roxmltree::Node;

use super::super::XML_SCHEMA;

/// Nothing stands directly at this node that the reader passes over.
pub(super) fn is_understood(node: Node<'_, '_>) -> bool {
    let Some((_, attributes, children)) =
        UNDERSTOOD.iter().find(|(name, ..)| *name == node.tag_name().name())
    else {
        return false;
    };
    let knows_attribute = |attribute: roxmltree::Attribute<'_, '_>| {
        let is_count = !attribute.name().ends_with("Occurs")
            || attribute.value() == "unbounded"
            || attribute.value().trim().parse::<u32>().is_ok();
        is_count && attribute.namespace().is_none() && attributes.contains(&attribute.name())
    };
    let knows_child = |child: Node<'_, '_>| {
        let name = child.tag_name();
        name.namespace() == Some(XML_SCHEMA)
            && (name.name() == "annotation" || children.contains(&name.name()))
    };
    node.attributes().all(knows_attribute)
        && node.children().filter(Node::is_element).all(knows_child)
}

/// Name of a component, its attributes, what may stand in it. Optional attributes of values are none of it: who judges by
/// shapes sees no value with attributes.
const UNDERSTOOD: [(&str, &[&str], &[&str]); 13] = [
    (
        "complexType",
        &["name"],
        &["sequence", "choice", "all", "group", "attribute", "simpleContent", "complexContent"],
    ),
    ("simpleContent", &[], &["extension", "restriction"]),
    ("complexContent", &[], &["extension", "restriction"]),
    ("extension", &["base"], &["sequence", "choice", "all", "group", "attribute"]),
    ("restriction", &["base"], &RESTRICTION),
    ("sequence", &OCCURS, &["sequence", "choice", "all", "group", "element"]),
    ("choice", &OCCURS, &["sequence", "choice", "all", "group", "element"]),
    ("all", &OCCURS, &["element"]),
    ("group", &["name", "ref", "minOccurs", "maxOccurs"], &["sequence", "choice", "all"]),
    (
        "element",
        &["name", "ref", "type", "minOccurs", "maxOccurs", "nillable", "form"],
        &["simpleType", "complexType"],
    ),
    ("simpleType", &["name"], &["restriction"]),
    ("list", &["itemType"], &["simpleType"]),
    ("union", &["memberTypes"], &["simpleType"]),
];

const OCCURS: [&str; 2] = ["minOccurs", "maxOccurs"];

const RESTRICTION: [&str; 18] = [
    "sequence",
    "choice",
    "all",
    "group",
    "attribute",
    "simpleType",
    "enumeration",
    "pattern",
    "minInclusive",
    "minExclusive",
    "maxInclusive",
    "maxExclusive",
    "minLength",
    "maxLength",
    "length",
    "totalDigits",
    "fractionDigits",
    "annotation",
];
