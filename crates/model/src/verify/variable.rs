//! Variables: names, types, values. Compiles the specification's schema, once.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::Finding,
    read::is_nc_name,
    rules,
    specification::{Decomposition, SchemaVersion, TypeRef, Variable},
    types::{self, Field, SequenceId, TypeError, Types, TypesBuilder},
    xml,
};

use super::{View, decomposition_name, report::Report, unset};

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for decomposition in &view.specification.decompositions {
        names(decomposition, report);
    }
    // Beta 2 validates nothing: its variables may carry types that nobody defined.
    if view.specification.schema_version == SchemaVersion::Beta2 {
        return;
    }
    let element = format!("Specification:{}", view.specification.uri);
    let mut builder = match TypesBuilder::new(view.specification.schema.as_deref()) {
        Ok(builder) => builder,
        Err(error) => return report.push(type_finding(&element, &error)),
    };
    let mut values = Vec::new();
    for decomposition in &view.specification.decompositions {
        let name = decomposition_name(decomposition);
        for (variable, is_output) in variables(decomposition) {
            match typed(&mut builder, variable) {
                Ok(id) => collect(variable, is_output, (id, &name), &mut values),
                Err(error) => report.push(type_finding(&name, &error)),
            }
        }
    }
    let empty = empty_elements(view, &mut builder);
    match builder.build() {
        Err(error) => report.push(type_finding(&element, &error)),
        Ok(types) => {
            values.iter().for_each(|value| value.check(&types, report));
            for graph in &view.nets {
                let refuses = |variable: &Variable| refuses_empty(&types, &empty, variable);
                unset::check(view, graph, refuses, report);
            }
        }
    }
}

/// All variables of a decomposition, and whether each is an output parameter.
fn variables(decomposition: &Decomposition) -> impl Iterator<Item = (&Variable, bool)> {
    let head = decomposition.head();
    let more = match decomposition {
        Decomposition::Net(net) => &net.locals,
        Decomposition::Gateway(gateway) => &gateway.enablement,
    };
    let inputs = head.inputs.iter().chain(more).map(|variable| (variable, false));
    inputs.chain(head.outputs.iter().map(|variable| (variable, true)))
}

fn names(decomposition: &Decomposition, report: &mut Report) {
    let name = decomposition_name(decomposition);
    let head = decomposition.head();
    for (variable, _) in variables(decomposition).filter(|(item, _)| !is_nc_name(&item.name)) {
        let message = format!("{:?} is no name for a variable", variable.name);
        report.push(rules::VARIABLE_NAME.found(&name, message));
    }
    for input in head.inputs.iter().filter(|input| input.mandatory && !unset::is_unset(input)) {
        let message = format!("the mandatory input parameter {} has an initial value", input.name);
        report.push(rules::VARIABLE_MANDATORY.found(&name, message));
    }
    let Decomposition::Net(net) = decomposition else { return };
    let inputs: BTreeSet<&str> = head.inputs.iter().map(|input| input.name.as_str()).collect();
    for local in net.locals.iter().filter(|local| inputs.contains(local.name.as_str())) {
        let message = format!("{} is an input parameter and a local variable", local.name);
        report.push(rules::VARIABLE_NAME.found(&name, message));
    }
}

/// The sequence of one value of the variable's type, if it has a value that needs checking.
fn typed(builder: &mut TypesBuilder, variable: &Variable) -> Result<Option<SequenceId>, TypeError> {
    let is_known = builder.knows(&variable.type_ref);
    let field_name = variable.name.clone();
    match &variable.type_ref {
        TypeRef::Named { name, .. } if !is_known => {
            return Err(TypeError::UnknownType { field: field_name, type_name: name.clone() });
        }
        TypeRef::Element(name) if !is_known => {
            return Err(TypeError::UnknownElement { field: field_name, element: name.clone() });
        }
        TypeRef::Named { .. } | TypeRef::Element(_) | TypeRef::Untyped => {}
    }
    let has_value = variable.initial_value.is_some() || variable.default_value.is_some();
    if is_string(&variable.type_ref) || !has_value {
        return Ok(None);
    }
    builder.sequence(&[field(&variable.type_ref)]).map(Some)
}

/// The field of a data document that holds a value of the variable's type. All variables share one
/// name, so that there are as many sequences as types; only a global element has its own.
fn field(type_ref: &TypeRef) -> Field<'_> {
    Field { name: field_name(type_ref), type_ref, optional: false }
}

fn field_name(type_ref: &TypeRef) -> &str {
    match type_ref {
        TypeRef::Element(name) => name,
        TypeRef::Named { .. } | TypeRef::Untyped => "value",
    }
}

fn is_string(type_ref: &TypeRef) -> bool {
    matches!(type_ref, TypeRef::Named { name, .. } if name == "string")
}

/// A value to check once the types are compiled.
struct Value<'a> {
    rule: &'static rules::Rule,
    /// The decomposition.
    element: String,
    variable: &'a Variable,
    text: &'a str,
    sequence: SequenceId,
}

fn collect<'a>(
    variable: &'a Variable,
    is_output: bool,
    (sequence, element): (Option<SequenceId>, &str),
    values: &mut Vec<Value<'a>>,
) {
    let Some(sequence) = sequence else { return };
    let initial = variable.initial_value.as_deref().map(|text| (&rules::VARIABLE_INITIAL, text));
    let default = variable.default_value.as_deref().filter(|_| is_output);
    let default = default.map(|text| (&rules::VARIABLE_DEFAULT, text));
    // An empty one is what an editor leaves behind: it gives no value.
    for (rule, text) in
        initial.into_iter().chain(default).filter(|(_, text)| !text.trim().is_empty())
    {
        values.push(Value { rule, element: element.to_owned(), variable, text, sequence });
    }
}

impl Value<'_> {
    fn check(&self, types: &Types, report: &mut Report) {
        let Err(violations) =
            types.validate(self.sequence, &document(&self.variable.type_ref, self.text))
        else {
            return;
        };
        let reasons: Vec<String> = violations.iter().map(ToString::to_string).collect();
        let message = format!("variable {}: {}", self.variable.name, reasons.join("; "));
        report.push(self.rule.found(&self.element, message));
    }
}

/// A data document with one value. A text that is no XML content is taken as plain text.
fn document(type_ref: &TypeRef, value: &str) -> String {
    let name = field_name(type_ref);
    let raw = format!("<data><{name}>{value}</{name}></data>");
    if !value.contains(['<', '&']) || xml::parse(&raw).is_ok() {
        return raw;
    }
    let mut escaped = String::new();
    xml::escape_text(value, &mut escaped);
    format!("<data><{name}>{escaped}</{name}></data>")
}

/// Sequences of the local variables whose type is the specification's own: whether an empty element
/// is valid for them shows only when they are compiled.
fn empty_elements<'a>(
    view: &View<'a>,
    builder: &mut TypesBuilder,
) -> BTreeMap<&'a TypeRef, SequenceId> {
    let mut empty = BTreeMap::new();
    for local in view.nets.iter().flat_map(|graph| &graph.net.locals) {
        let is_candidate = unset::is_unset(local) && !types::is_built_in(&local.type_ref);
        if is_candidate && let Ok(id) = builder.sequence(&[field(&local.type_ref)]) {
            empty.insert(&local.type_ref, id);
        }
    }
    empty
}

fn refuses_empty(
    types: &Types,
    empty: &BTreeMap<&TypeRef, SequenceId>,
    variable: &Variable,
) -> bool {
    if types::is_built_in(&variable.type_ref) {
        return true;
    }
    let id = empty.get(&variable.type_ref);
    id.is_some_and(|id| types.validate(*id, &document(&variable.type_ref, "")).is_err())
}

fn type_finding(element: &str, error: &TypeError) -> Finding {
    let rule =
        rules::by_code(error.rule()).expect("the rules of types are in the table, by a test");
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        message.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    let finding = rule.found(element, message).remedy(error.remedy());
    match error.position() {
        Some(position) => finding.at(position),
        None => finding,
    }
}
