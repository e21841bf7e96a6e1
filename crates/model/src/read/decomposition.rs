//! Nets and gateways: what both have, and the gateway's services.

use std::collections::BTreeMap;

use super::{
    check::declared_type,
    document::{EXTENSION_NAMESPACE, Source, XSI_NAMESPACE},
    net, review, variable,
};
use crate::specification::{Decomposition, Gateway, Head, Interaction, LogPredicate, Service};

type Node<'n, 't> = roxmltree::Node<'n, 't>;

pub(super) fn decomposition(source: &mut Source<'_>, node: Node<'_, '_>) -> Decomposition {
    if declared_type(node) == Some("NetFactsType") {
        let mut net = net::net(source, node);
        // This very string: `1` is a boolean, too, but marks no root.
        net.is_root = node.attribute("isRootNet") == Some("true");
        Decomposition::Net(net)
    } else {
        Decomposition::Gateway(gateway(source, node))
    }
}

/// Beta 2 marks the root net by its element.
pub(super) fn root_net(source: &mut Source<'_>, node: Node<'_, '_>) -> Decomposition {
    let mut net = net::net(source, node);
    net.is_root = true;
    Decomposition::Net(net)
}

fn gateway(source: &mut Source<'_>, node: Node<'_, '_>) -> Gateway {
    let services = source
        .children(node, "yawlService")
        .map(|child| Service {
            uri: child.attribute("id").unwrap_or_default().trim().to_owned(),
            documentation: source.child_text(child, "documentation"),
            wsdl_location: source.child_token(child, "wsdlLocation"),
            operation: source.child_token(child, "operationName"),
        })
        .collect();
    Gateway {
        head: head(source, node),
        enablement: variable::list(source, node, "enablementParam"),
        services,
        capability: node
            .attribute((EXTENSION_NAMESPACE, "capability"))
            .map(|text| text.trim().to_owned()),
        review: review::terms(node).map(Box::new),
    }
}

/// What nets and gateways have in common.
pub(super) fn head(source: &mut Source<'_>, node: Node<'_, '_>) -> Head {
    let interaction = match source.child_token(node, "externalInteraction").as_deref() {
        Some("automated") => Interaction::Automated,
        Some(_) | None => Interaction::Manual,
    };
    let mut attributes = attributes(node);
    attributes.remove("id");
    attributes.remove("isRootNet");
    Head {
        id: node.attribute("id").unwrap_or_default().trim().to_owned(),
        name: source.child_text(node, "name"),
        documentation: source.child_text(node, "documentation"),
        inputs: variable::list(source, node, "inputParam"),
        outputs: variable::list(source, node, "outputParam"),
        output_expressions: source
            .children(node, "outputExpression")
            .map(|child| child.attribute("query").unwrap_or_default().to_owned())
            .collect(),
        log_predicate: log_predicate(source, node),
        interaction,
        codelet: source.child_token(node, "codelet"),
        attributes,
    }
}

pub(super) fn log_predicate(source: &Source<'_>, node: Node<'_, '_>) -> LogPredicate {
    let Some(child) = source.child(node, "logPredicate") else { return LogPredicate::default() };
    LogPredicate {
        start: source.child_text(child, "start"),
        completion: source.child_text(child, "completion"),
    }
}

/// The extended attributes by local name. One without a namespace goes before one with; those of
/// XML itself and of schema instances say nothing about the element; those of our extensions are read where they
/// belong.
pub(super) fn attributes(node: Node<'_, '_>) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    for attribute in node.attributes() {
        let (name, value) = (attribute.name().to_owned(), attribute.value().to_owned());
        match attribute.namespace() {
            None => {
                attributes.insert(name, value);
            }
            Some(XSI_NAMESPACE | EXTENSION_NAMESPACE | roxmltree::NS_XML_URI) => {}
            Some(_) => {
                attributes.entry(name).or_insert(value);
            }
        }
    }
    attributes
}
