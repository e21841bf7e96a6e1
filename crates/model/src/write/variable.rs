//! Parameters and local variables.

use crate::{
    specification::{TypeRef, Variable},
    text::escape,
};

use super::{decomposition::log_predicate, sink::Sink};

pub(super) fn write(element: &str, variable: &Variable, sink: &mut Sink) {
    let attributes: Vec<(&str, &str)> =
        variable.attributes.iter().map(|(name, value)| (&**name, &**value)).collect();
    sink.nest(element, &attributes, |sink| {
        sink.leaf("index", &variable.ordering.to_string());
        sink.optional("documentation", variable.documentation.as_deref());
        match &variable.type_ref {
            TypeRef::Named { name, namespace } => {
                sink.leaf("name", &variable.name);
                sink.leaf("type", name);
                sink.optional("namespace", namespace.as_deref());
            }
            TypeRef::Untyped => {
                sink.leaf("name", &variable.name);
                sink.empty("isUntyped", &[]);
            }
            TypeRef::Element(name) => sink.leaf("element", name),
        }
        // Reading unescapes values once more than any other text.
        sink.optional("initialValue", variable.initial_value.as_deref().map(escape).as_deref());
        sink.optional("defaultValue", variable.default_value.as_deref().map(escape).as_deref());
        sink.mark("mandatory", variable.mandatory);
        sink.mark("isCutThroughParam", variable.cut_through);
        log_predicate(&variable.log_predicate, sink);
    });
}
