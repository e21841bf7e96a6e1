//! Writes a specification set as a document of schema 4.0, indented, elements in the schema's order.
//!
//! Reading the text again gives an equal value but for `version`, which is 4.0 then, and
//! `schema_version`. The Beta schemas have meaning that no element of 4.0 carries: the data root is
//! `data` (Beta 2 and 3), Beta 2 validates nothing, the key is the uri. So that a rewritten Beta
//! document runs as before, its origin stands in a processing instruction before the root, which
//! every other reader passes over; reading gives it back as `schema_version`. Queries are never
//! rewritten. The output expressions of Beta 2 and 3 are kept, as elements that 4.0 does not know.

mod decomposition;
mod net;
mod review;
mod sink;
mod task;
mod variable;

#[cfg(test)]
mod tests;

use crate::{
    read::{EXTENSION_NAMESPACE, ORIGIN, XSI_NAMESPACE, YAWL_NAMESPACE},
    specification::{
        Decomposition, MetaData, Resourced, SchemaVersion, Specification, SpecificationSet,
        Termination,
    },
};

use self::sink::Sink;

/// Writes a document that [`crate::read()`] takes.
pub fn write(set: &SpecificationSet) -> String {
    let mut sink = Sink::default();
    sink.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    // All specifications of a document come from one schema version.
    let origin = set.specifications.iter().map(|specification| specification.schema_version).min();
    if let Some(origin) = origin.filter(|origin| origin.is_beta()) {
        sink.line(&format!("<?{ORIGIN} {}?>", origin.as_str()));
    }
    let location = format!("{YAWL_NAMESPACE} {YAWL_NAMESPACE}/YAWL_Schema4.0.xsd");
    let mut attributes = vec![
        ("xmlns", YAWL_NAMESPACE),
        ("xmlns:xsi", XSI_NAMESPACE),
        ("version", SchemaVersion::V4_0.as_str()),
        ("xsi:schemaLocation", location.as_str()),
    ];
    if set.specifications.iter().any(has_extensions) {
        attributes.push(("xmlns:ext", EXTENSION_NAMESPACE));
    }
    sink.nest("specificationSet", &attributes, |sink| {
        set.specifications.iter().for_each(|item| specification(item, sink));
        sink.raw(set.layout.as_deref());
    });
    sink.finish()
}

/// A plain document does not even declare the namespace of the extensions.
fn has_extensions(specification: &Specification) -> bool {
    specification.decompositions.iter().any(|decomposition| match decomposition {
        Decomposition::Gateway(gateway) => gateway.capability.is_some() || gateway.review.is_some(),
        Decomposition::Net(net) => {
            let conditions = net.conditions.iter().flat_map(|condition| &condition.flows);
            let mut flows = conditions.chain(net.tasks.iter().flat_map(|task| &task.flows));
            net.termination == Termination::Implicit
                || net.resourced != Resourced::WhereAsked
                || flows.any(|flow| flow.tokens.is_some())
        }
    })
}

fn specification(specification: &Specification, sink: &mut Sink) {
    sink.nest("specification", &[("uri", &specification.uri)], |sink| {
        sink.optional("name", specification.name.as_deref());
        sink.optional("documentation", specification.documentation.as_deref());
        sink.nest("metaData", &[], |sink| meta_data(&specification.meta, sink));
        sink.raw(specification.schema.as_deref());
        specification.decompositions.iter().for_each(|item| decomposition::write(item, sink));
    });
}

fn meta_data(meta: &MetaData, sink: &mut Sink) {
    sink.optional("title", meta.title.as_deref());
    meta.creators.iter().for_each(|creator| sink.leaf("creator", creator));
    meta.subjects.iter().for_each(|subject| sink.leaf("subject", subject));
    sink.optional("description", meta.description.as_deref());
    meta.contributors.iter().for_each(|contributor| sink.leaf("contributor", contributor));
    sink.optional("coverage", meta.coverage.as_deref());
    sink.optional("validFrom", meta.valid_from.as_deref());
    sink.optional("validUntil", meta.valid_until.as_deref());
    sink.optional("created", meta.created.as_deref());
    sink.leaf("version", &meta.version.to_string());
    sink.optional("status", meta.status.as_deref());
    sink.optional("persistent", meta.persistent.as_deref());
    sink.optional("identifier", meta.identifier.as_deref());
}
