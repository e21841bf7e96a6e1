//! The set, its specifications and their meta data.

use std::collections::BTreeSet;

use super::{
    decomposition,
    document::{Source, XSD_NAMESPACE, namespace, text, token},
    fragment,
    tables::SCHEMA,
    value,
};
use crate::{
    rules,
    specification::{MetaData, Specification, SpecificationSet},
};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

/// Takes the checked document apart.
pub(super) fn set(source: &mut Source<'_>) -> SpecificationSet {
    let root = source.root;
    let nodes: Vec<Node<'_, '_>> = source.children(root, "specification").collect();
    let specifications: Vec<_> = nodes.iter().map(|node| specification(source, *node)).collect();
    let mut seen = BTreeSet::new();
    for (specification, node) in specifications.iter().zip(nodes) {
        let id = specification.id();
        if !seen.insert((id.key().to_owned(), id.version)) {
            let message = format!("{} {} is in the set twice", id.key(), id.version);
            let remedy = "give it another identifier, uri or version";
            source.report_with(node, &rules::SPECIFICATION_DUPLICATE, (message, remedy));
        }
    }
    let layout = source.child(root, "layout").map(fragment::text_of);
    SpecificationSet { version: source.version, specifications, layout }
}

fn specification(source: &mut Source<'_>, node: Node<'_, '_>) -> Specification {
    let meta = source.child(node, "metaData").map(|node| meta_data(source, node));
    let schema = node.children().find(|child| {
        let is_theirs = namespace(*child).is_none_or(|uri| uri == XSD_NAMESPACE);
        child.tag_name().name() == SCHEMA && is_theirs
    });
    let mut decompositions = Vec::new();
    for child in node.children() {
        match child.tag_name().name() {
            "rootNet" => decompositions.push(decomposition::root_net(source, child)),
            "decomposition" => decompositions.push(decomposition::decomposition(source, child)),
            _ => continue,
        }
        let id = &decompositions[decompositions.len() - 1].head().id;
        if decompositions[..decompositions.len() - 1].iter().any(|other| other.head().id == *id) {
            let message = format!("there are two decompositions with the id {id:?}");
            source.report(child, &rules::ID_DUPLICATE, message);
        }
    }
    Specification {
        uri: node.attribute("uri").unwrap_or_default().trim().to_owned(),
        name: source.child_text(node, "name"),
        documentation: source.child_text(node, "documentation"),
        meta: meta.unwrap_or_default(),
        schema_version: source.origin,
        schema: schema.map(fragment::text_of),
        decompositions,
    }
}

fn meta_data(source: &Source<'_>, node: Node<'_, '_>) -> MetaData {
    let people = |name| source.children(node, name).map(|child| person(source, child)).collect();
    MetaData {
        title: source.child_text(node, "title"),
        creators: people("creator"),
        subjects: source.children(node, "subject").map(text).collect(),
        description: source.child_text(node, "description"),
        contributors: people("contributor"),
        coverage: source.child_text(node, "coverage"),
        valid_from: source.child_token(node, "validFrom"),
        valid_until: source.child_token(node, "validUntil"),
        created: source.child_token(node, "created"),
        version: source
            .child_token(node, "version")
            .and_then(|text| value::version(&text))
            .unwrap_or_default(),
        status: source.child_text(node, "status"),
        persistent: source.child_token(node, "persistent"),
        identifier: source.child_token(node, "identifier"),
    }
}

/// Before Beta 6 a person is an element with a name, an address and so on; since then a text.
fn person(source: &Source<'_>, node: Node<'_, '_>) -> String {
    source.child(node, "name").map_or_else(|| text(node), token)
}
