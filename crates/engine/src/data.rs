//! Data across the border of a task: what goes in, what comes out (`reference 4.3` to `4.5`).

use std::{borrow::Cow, sync::Arc};

use model::{
    types::{SequenceId, Violation},
    xml,
};
use plain::{Child, Children};
use query::{Document, Query};
use smallvec::{SmallVec, smallvec};

use crate::{
    command::Refusal,
    event::Writes,
    ids::{Path, TaskIndex, VariableIndex},
    program::{Count, Input, Kind, Multi, Net, Output, Task, Variable, element_of, wrap},
    step::Step,
};

/// What an instance's result becomes, before it is stored.
pub(crate) struct Outcome {
    pub(crate) output: Arc<str>,
    pub(crate) writes: Writes,
    pub(crate) grouped: Option<Arc<str>>,
}

impl Step<'_> {
    /// Whether a predicate holds over the net's data.
    pub(crate) fn predicate(
        &self,
        subject: &str,
        query: &Query,
        document: &Document<'_>,
    ) -> Result<bool, Refusal> {
        query
            .evaluate_boolean(document, self.inputs.now)
            .map_err(|error| failed(subject, query, &error))
    }

    fn evaluate(
        &self,
        subject: &str,
        query: &Query,
        document: &Document<'_>,
    ) -> Result<String, Refusal> {
        query.evaluate(document, self.inputs.now).map_err(|error| failed(subject, query, &error))
    }

    /// Runs a query that must give one element, and drops attributes.
    fn evaluate_element(
        &self,
        subject: &str,
        query: &Query,
        document: &Document<'_>,
    ) -> Result<String, Refusal> {
        let text = self.evaluate(subject, query, document)?;
        match xml::compact(&text) {
            Ok(Cow::Borrowed(same)) if same.len() == text.len() => Ok(text),
            Ok(other) => Ok(other.into_owned()),
            Err(_) => Err(not_an_element(subject, query, &text)),
        }
    }

    /// The same with attributes, for the queries of multiple instances that read it.
    fn evaluate_tree(
        &self,
        subject: &str,
        query: &Query,
        document: &Document<'_>,
    ) -> Result<xml::Element, Refusal> {
        let text = self.evaluate(subject, query, document)?;
        xml::parse(&text).map_err(|_| not_an_element(subject, query, &text))
    }

    /// A net's data for queries.
    fn net_document(&self, path: &Path) -> Document<'_> {
        match self.running(path) {
            Some((runner, net)) => Document::of_elements(&net.data_root, &runner.data),
            None => Document::of_elements("", &[]),
        }
    }

    /// Input data for every instance that a task starts with: one, or as many as the split gives.
    pub(crate) fn instance_inputs(
        &self,
        path: &Path,
        task: &Task,
    ) -> Result<SmallVec<[Arc<str>; 1]>, Refusal> {
        if task.decomposition.is_none() {
            return Ok(smallvec![task.data.empty_input.clone()]);
        }
        let document = self.net_document(path);
        let Some(multi) = &task.multi else {
            return Ok(smallvec![self.input(task, &document, None)?]);
        };
        let values = self.split(task, multi, &document)?;
        values.iter().map(|value| self.input(task, &document, Some(value))).collect()
    }

    /// The values of the formal parameter, one per instance (`reference 2.7`).
    fn split(
        &self,
        task: &Task,
        multi: &Multi,
        document: &Document<'_>,
    ) -> Result<Vec<String>, Refusal> {
        let whole = self.evaluate_tree(&task.id, &multi.query, document)?.to_string();
        let whole =
            Document::parse(&whole).map_err(|error| failed(&task.id, &multi.query, &error))?;
        let list = self.evaluate(&task.id, &multi.splitting, &whole)?;
        let list = xml::parse(&format!("<root>{list}</root>"))?;
        let strip = |mut value: xml::Element| {
            value.strip_attributes();
            value.to_string()
        };
        let values: Vec<String> = list.into_elements().map(strip).collect();
        let minimum = self.count(&multi.minimum, document, 1);
        let maximum = self.count(&multi.maximum, document, 2);
        if values.len() < minimum as usize || values.len() > maximum as usize {
            return Err(Refusal::InstanceCount {
                task: task.id.clone(),
                count: values.len(),
                minimum,
                maximum,
            });
        }
        Ok(values)
    }

    /// A count of instances by the net's data as it is now. A literal needs no look at them.
    pub(crate) fn count_now(&self, path: &Path, count: &Count, stand_in: u32) -> u32 {
        match count {
            Count::Literal(number) => *number,
            Count::Query(_) => self.count(count, &self.net_document(path), stand_in),
        }
    }

    /// A count of instances; the reference's stand-in where its query gives no number.
    fn count(&self, count: &Count, document: &Document<'_>, stand_in: u32) -> u32 {
        match count {
            Count::Literal(number) => *number,
            Count::Query(query) => {
                let text = query.evaluate(document, self.inputs.now).unwrap_or_default();
                let text = xml::parse(&text).map_or(text, |element| element.text());
                text.trim()
                    .parse::<f64>()
                    .ok()
                    .filter(|number| *number >= 0.0)
                    .map_or(stand_in, |number| number as u32)
            }
        }
    }

    /// One instance's input document (`reference 4.3`).
    pub(crate) fn input(
        &self,
        task: &Task,
        document: &Document<'_>,
        value: Option<&str>,
    ) -> Result<Arc<str>, Refusal> {
        let formal = task.multi.as_ref().map(|multi| multi.parameter.as_str());
        let is_composite = matches!(task.kind, Kind::Composite(_));
        let mut values = Vec::with_capacity(task.data.inputs.len());
        for input in &task.data.inputs {
            let element = match (value, &input.query) {
                (Some(value), _) if formal == Some(input.name.as_str()) => value.to_owned(),
                (_, Some(query)) => self.evaluate_element(&task.id, query, document)?,
                (_, None) => continue,
            };
            if content(&element).is_empty() && !input.required && !is_composite {
                continue;
            }
            self.check_input(task, input, &element)?;
            values.push(element);
        }
        if values.is_empty() {
            return Ok(task.data.empty_input.clone());
        }
        Ok(wrap(&task.data.root, &values).into())
    }

    /// What a task's item shows as soon as it is enabled; `None` without enablement mappings.
    pub(crate) fn enablement(&self, path: &Path, task: &Task) -> Result<Option<Arc<str>>, Refusal> {
        if task.data.enablement.is_empty() {
            return Ok(None);
        }
        let document = self.net_document(path);
        let mut values = Vec::new();
        for input in &task.data.enablement {
            let Some(query) = &input.query else { continue };
            let element = self.evaluate_element(&task.id, query, &document)?;
            self.check_input(task, input, &element)?;
            values.push(element);
        }
        Ok(Some(wrap(&task.data.root, &values).into()))
    }

    /// Whether a parameter's value is valid for its type.
    fn check_input(&self, task: &Task, input: &Input, value: &str) -> Result<(), Refusal> {
        match input.sequence.filter(|_| !task.data.skips_input_validation) {
            Some(sequence) => self.validate(sequence, (&task.data.root, value), || {
                format!("input {} of task {}", input.name, task.id)
            }),
            None => Ok(()),
        }
    }

    /// The value that a new instance gets for the formal parameter, checked (`reference 2.7`).
    pub(crate) fn added_input(
        &self,
        path: &Path,
        task: &Task,
        value: &str,
    ) -> Result<Arc<str>, Refusal> {
        self.input(task, &self.net_document(path), Some(&xml::compact(value)?))
    }

    /// Checks the content of a document whose root element has this name.
    fn validate(
        &self,
        sequence: SequenceId,
        (root, content): (&str, &str),
        subject: impl FnOnce() -> String,
    ) -> Result<(), Refusal> {
        self.program
            .types
            .validate_content(sequence, root, content)
            .map_err(|violations| invalid(subject(), violations))
    }

    /// Checks an instance's result and works out what it means for the net (`reference 4.5`).
    pub(crate) fn outcome(&self, path: &Path, task: &Task, data: &str) -> Result<Outcome, Refusal> {
        if task.decomposition.is_none() {
            let output = task.data.empty_output.clone();
            return Ok(Outcome { output, writes: Writes::new(), grouped: None });
        }
        let output = received(task, data)?;
        if let Some(sequence) = task.data.output_sequence.filter(|_| task.data.checks_output) {
            self.validate(sequence, parts(&output), || format!("output of task {}", task.id))?;
        }
        let document = Document::of_compact(&output);
        let net = self.net_at(path).expect("a task's net runs");
        let mut writes = Writes::with_capacity(task.data.completions.len());
        for completion in &task.data.completions {
            let value = self.evaluate_element(&task.id, &completion.query, &document)?;
            let value = self.written(net, task, completion.variable, value)?;
            writes.push((completion.variable, value));
        }
        let formal = task.multi.as_ref().and_then(|multi| multi.output.as_ref());
        let grouped = match formal {
            Some(formal) => Some(self.evaluate_tree(&task.id, &formal.formal, &document)?),
            None => None,
        };
        let grouped = grouped.map(|element| element.to_string().into());
        Ok(Outcome { output, writes, grouped })
    }

    /// A value for a net variable, checked against its type if it has any content.
    fn written(
        &self,
        net: &Net,
        task: &Task,
        variable: VariableIndex,
        value: String,
    ) -> Result<Arc<str>, Refusal> {
        let variable = net.variable(variable);
        if !is_blank(content(&value)) && self.program.schema_version.validates_data() {
            self.validate(variable.sequence, (&net.data_root, &value), || {
                format!("variable {} written by task {}", variable.name, task.id)
            })?;
        }
        Ok(value.into())
    }

    /// What the joining query makes of the instances' results, and for which variable.
    pub(crate) fn joined(
        &self,
        path: &Path,
        task_index: TaskIndex,
    ) -> Result<Option<(VariableIndex, Arc<str>)>, Refusal> {
        let Some((runner, net)) = self.running(path) else { return Ok(None) };
        let task = net.task(task_index);
        let output = task.multi.as_ref().and_then(|multi| multi.output.as_ref());
        let (Some(output), Some(busy)) = (output, runner.busy.get(&task_index)) else {
            return Ok(None);
        };
        let grouped = wrap(&task.data.root, busy.grouped());
        let document =
            Document::parse(&grouped).map_err(|error| failed(&task.id, &output.joining, &error))?;
        let joined = self.evaluate_element(&task.id, &output.joining, &document)?;
        Ok(Some((output.variable, self.written(net, task, output.variable, joined)?)))
    }

    /// Output data for an item that nobody answers: skipped, forced or failed (`reference 3.5`).
    pub(crate) fn mapped_output(&self, task: &Task, data: &str) -> Result<String, Refusal> {
        if task.data.outputs.is_empty() {
            return Ok(format!("<{0}></{0}>", task.data.root));
        }
        let mut given = xml::parse(data)?;
        given.strip_attributes();
        let is_input_only = |name: &str| {
            task.data.inputs.iter().any(|input| input.name == name && !input.is_output)
        };
        let mut values = xml::Element::new(given.name.clone());
        for element in given.into_elements().filter(|element| !is_input_only(&element.name)) {
            values.children.push(xml::Node::Element(element));
        }
        for output in &task.data.outputs {
            if values.child(&output.name).is_some() {
                continue;
            }
            let content = output.default.as_deref().or(output.stand_in).ok_or_else(|| {
                Refusal::NoDefault { task: task.id.clone(), parameter: output.name.clone() }
            })?;
            let element = xml::parse(&element_of(&output.name, content))?;
            values.children.push(xml::Node::Element(element));
        }
        order_outputs(task, &mut values);
        Ok(values.to_string())
    }

    /// The root net's data from what the caller gave at launch (`reference 2.2`).
    pub(crate) fn launch_values(
        &self,
        net: &Net,
        data: Option<&str>,
    ) -> Result<Arc<[Arc<str>]>, Refusal> {
        let mut values = net.initial.clone();
        let Some(data) = data.filter(|data| !data.trim().is_empty()) else { return Ok(values) };
        let given = xml::compact(data)?;
        let (root, content) = parts(&given);
        if root != net.id && root != self.program.id.uri && root != net.data_root {
            return Err(Refusal::WrongRoot { found: root.to_owned(), expected: net.id.clone() });
        }
        let inputs = &net.variables[..net.inputs];
        let is_given = |input: &Variable| elements(content).any(|(name, _)| name == input.name);
        if let Some(missing) = inputs.iter().find(|input| input.mandatory && !is_given(input)) {
            return Err(Refusal::Missing(missing.name.clone()));
        }
        if self.program.schema_version.validates_data() {
            self.validate(net.input_sequence, (root, content), || {
                format!("launch of net {}", net.id)
            })?;
        }
        assign(&mut values, inputs, content);
        Ok(values)
    }

    /// A subnet's data from its composite task's input document.
    pub(crate) fn subnet_values(&self, net: &Net, input: &str) -> Arc<[Arc<str>]> {
        let mut values = net.initial.clone();
        assign(&mut values, &net.variables, content(input));
        values
    }
}

/// Puts the elements of `content` in place of the values of the variables of their names.
fn assign(values: &mut Arc<[Arc<str>]>, variables: &[Variable], content: &str) {
    for (name, text) in elements(content) {
        if let Some(at) = variables.iter().position(|variable| variable.name == name) {
            Arc::make_mut(values)[at] = text.into();
        }
    }
}

/// An instance's result in compact form, defaults filled in.
fn received(task: &Task, data: &str) -> Result<Arc<str>, Refusal> {
    let has_defaults = task.data.checks_output && task.data.outputs.iter().any(Output::has_default);
    if has_defaults {
        return Ok(with_defaults(task, &xml::compact(data)?)?.into());
    }
    if data == &*task.data.empty_output || data == &*task.data.empty_input {
        return Ok(task.data.empty_output.clone());
    }
    Ok(xml::compact(data)?.into())
}

/// Name and content of a compact element.
fn parts(element: &str) -> (&str, &str) {
    match Child::of_element(element) {
        Child::Element { name, content, .. } => (name, content),
        Child::Text(_) => ("", ""),
    }
}

fn content(element: &str) -> &str {
    parts(element).1
}

/// The child elements in a compact content, texts left out: name and text of each.
fn elements(content: &str) -> impl Iterator<Item = (&str, &str)> {
    Children::of(content).filter_map(|child| match child {
        Child::Element { name, text, .. } => Some((name, text)),
        Child::Text(_) => None,
    })
}

/// No element and no text but white space.
fn is_blank(content: &str) -> bool {
    !content.contains('<') && plain::resolve(content).trim().is_empty()
}

/// An output with default values for parameters that are missing or empty, in the parameters' order.
fn with_defaults(task: &Task, output: &str) -> Result<String, Refusal> {
    let mut output = xml::parse(output)?;
    let mut added = false;
    for parameter in task.data.outputs.iter().filter(|parameter| parameter.has_default()) {
        if output.child(&parameter.name).is_some_and(|element| !element.is_empty()) {
            continue;
        }
        let default = parameter.default.as_deref().unwrap_or_default();
        let Ok(element) = xml::parse(&element_of(&parameter.name, default)) else { continue };
        output
            .children
            .retain(|node| !matches!(node, xml::Node::Element(it) if it.name == parameter.name));
        output.children.push(xml::Node::Element(element));
        added = true;
    }
    if added {
        order_outputs(task, &mut output);
    }
    Ok(output.to_string())
}

/// Brings the elements into the parameters' order; unknown ones stay behind them.
fn order_outputs(task: &Task, output: &mut xml::Element) {
    let place = |node: &xml::Node| match node {
        xml::Node::Element(element) => {
            task.data.outputs.iter().position(|it| it.name == element.name).unwrap_or(usize::MAX)
        }
        xml::Node::Text(_) => usize::MAX,
    };
    output.children.sort_by_key(place);
}

fn invalid(subject: String, violations: Vec<Violation>) -> Refusal {
    let first =
        violations.first().map(|it| format!("{}: {}", it.path, it.message)).unwrap_or_default();
    Refusal::Invalid { subject, first, violations }
}

fn not_an_element(subject: &str, query: &Query, result: &str) -> Refusal {
    failed(subject, query, &format!("the result is not one element: {:?}", shorten(result)))
}

fn failed(subject: &str, query: &Query, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::Query {
        subject: subject.to_owned(),
        query: query.text().to_owned(),
        reason: error.to_string(),
    }
}

fn shorten(text: &str) -> String {
    const SHOWN_MAX: usize = 200;
    text.chars().take(SHOWN_MAX).collect()
}
