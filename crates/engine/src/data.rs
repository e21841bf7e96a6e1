//! Data across the border of a task: what goes in, what comes out (`reference 4.3` to `4.5`).

use std::sync::Arc;

use model::{
    types::{SequenceId, Violation},
    xml,
};
use query::{Document, Query};

use crate::{
    command::Refusal,
    ids::{Path, VariableIndex},
    program::{Count, Input, Multi, Net, Task, wrap},
    step::Step,
};

/// A net's data, parsed once for all the queries of one step.
pub(crate) struct NetDocument<'t>(Document<'t>);

/// What an instance's result becomes, before it is stored.
pub(crate) struct Outcome {
    pub(crate) output: Arc<str>,
    pub(crate) writes: Vec<(VariableIndex, Arc<str>)>,
    pub(crate) grouped: Option<Arc<str>>,
}

impl<'t> NetDocument<'t> {
    pub(crate) fn parse(text: &'t str) -> Self {
        Self(Document::parse(text).expect("net data is made of elements that were parsed before"))
    }
}

impl Step<'_> {
    /// Whether a predicate holds over the net's data.
    pub(crate) fn predicate(
        &self,
        subject: &str,
        query: &Query,
        document: &NetDocument<'_>,
    ) -> Result<bool, Refusal> {
        query
            .evaluate_boolean(&document.0, self.inputs.now)
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

    /// Runs a query that must give one element.
    fn evaluate_element(
        &self,
        subject: &str,
        query: &Query,
        document: &Document<'_>,
    ) -> Result<xml::Element, Refusal> {
        let text = self.evaluate(subject, query, document)?;
        xml::parse(&text).map_err(|_| Refusal::Query {
            subject: subject.to_owned(),
            query: query.text().to_owned(),
            reason: format!("the result is not one element: {:?}", shorten(&text)),
        })
    }

    /// Input data for every instance that a task starts with: one, or as many as the split gives.
    pub(crate) fn instance_inputs(
        &self,
        path: &Path,
        task: &Task,
    ) -> Result<Vec<Arc<str>>, Refusal> {
        if task.decomposition.is_none() {
            return Ok(vec![Arc::from("")]);
        }
        let text = self.net_document(path);
        let document = NetDocument::parse(&text);
        let Some(multi) = &task.multi else {
            return Ok(vec![self.input(task, &document, None)?]);
        };
        let values = self.split(task, multi, &document)?;
        values.into_iter().map(|value| self.input(task, &document, Some(value))).collect()
    }

    /// The values of the formal parameter, one per instance (`reference 2.7`).
    fn split(
        &self,
        task: &Task,
        multi: &Multi,
        document: &NetDocument<'_>,
    ) -> Result<Vec<xml::Element>, Refusal> {
        let whole = self.evaluate_element(&task.id, &multi.query, &document.0)?.to_string();
        let whole =
            Document::parse(&whole).map_err(|error| failed(&task.id, &multi.query, &error))?;
        let list = self.evaluate(&task.id, &multi.splitting, &whole)?;
        let list = xml::parse(&format!("<root>{list}</root>"))?;
        let values: Vec<xml::Element> = list.into_elements().collect();
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
            Count::Query(_) => {
                let text = self.net_document(path);
                self.count(count, &NetDocument::parse(&text), stand_in)
            }
        }
    }

    /// A count of instances; the reference's stand-in where its query gives no number.
    fn count(&self, count: &Count, document: &NetDocument<'_>, stand_in: u32) -> u32 {
        match count {
            Count::Literal(number) => *number,
            Count::Query(query) => {
                let text = query.evaluate(&document.0, self.inputs.now).unwrap_or_default();
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
        document: &NetDocument<'_>,
        value: Option<xml::Element>,
    ) -> Result<Arc<str>, Refusal> {
        let formal = task.multi.as_ref().map(|multi| multi.parameter.as_str());
        let mut values = Vec::new();
        for input in &task.data.inputs {
            let element = match &value {
                Some(value) if formal == Some(input.name.as_str()) => Some(value.clone()),
                Some(_) | None => match &input.query {
                    Some(query) => Some(self.evaluate_element(&task.id, query, &document.0)?),
                    None => None,
                },
            };
            let Some(element) = element else { continue };
            let is_composite = matches!(task.kind, crate::program::Kind::Composite(_));
            if element.children.is_empty() && !input.required && !is_composite {
                continue;
            }
            values.push(self.checked_input(task, input, element)?);
        }
        Ok(wrap(&task.data.root, values.iter().map(String::as_str)).into())
    }

    /// What a task's item shows as soon as it is enabled; `None` without enablement mappings.
    pub(crate) fn enablement(
        &self,
        path: &Path,
        task: crate::ids::TaskIndex,
    ) -> Result<Option<Arc<str>>, Refusal> {
        let Some(task) = self.task_at(path, task).filter(|task| !task.data.enablement.is_empty())
        else {
            return Ok(None);
        };
        let text = self.net_document(path);
        let document = NetDocument::parse(&text);
        let mut values = Vec::new();
        for input in &task.data.enablement {
            let Some(query) = &input.query else { continue };
            let element = self.evaluate_element(&task.id, query, &document.0)?;
            values.push(self.checked_input(task, input, element)?);
        }
        Ok(Some(wrap(&task.data.root, values.iter().map(String::as_str)).into()))
    }

    /// A parameter's value as text without attributes, valid for its type.
    fn checked_input(
        &self,
        task: &Task,
        input: &Input,
        mut element: xml::Element,
    ) -> Result<String, Refusal> {
        element.strip_attributes();
        let value = element.to_string();
        if let Some(sequence) = input.sequence.filter(|_| !task.data.skips_input_validation) {
            let document = wrap(&task.data.root, std::iter::once(value.as_str()));
            let subject = || format!("input {} of task {}", input.name, task.id);
            self.validate(sequence, &document, subject)?;
        }
        Ok(value)
    }

    /// The value that a new instance gets for the formal parameter, checked (`reference 2.7`).
    pub(crate) fn added_input(
        &self,
        path: &Path,
        task: &Task,
        value: &str,
    ) -> Result<Arc<str>, Refusal> {
        let value = xml::parse(value)?;
        let text = self.net_document(path);
        self.input(task, &NetDocument::parse(&text), Some(value))
    }

    fn validate(
        &self,
        sequence: SequenceId,
        document: &str,
        subject: impl FnOnce() -> String,
    ) -> Result<(), Refusal> {
        self.program
            .types
            .validate(sequence, document)
            .map_err(|violations| invalid(subject(), violations))
    }

    /// Checks an instance's result and works out what it means for the net (`reference 4.5`).
    pub(crate) fn outcome(&self, path: &Path, task: &Task, data: &str) -> Result<Outcome, Refusal> {
        if task.decomposition.is_none() {
            return Ok(Outcome { output: Arc::from(""), writes: Vec::new(), grouped: None });
        }
        let mut output = xml::parse(data)?;
        output.strip_attributes();
        if task.data.checks_output {
            fill_defaults(task, &mut output);
        }
        let text = output.to_string();
        if let Some(sequence) = task.data.output_sequence.filter(|_| task.data.checks_output) {
            self.validate(sequence, &text, || format!("output of task {}", task.id))?;
        }
        let document = Document::parse(&text).expect("written by the XML tree");
        let net = self.net_at(path).expect("a task's net runs");
        let mut writes = Vec::new();
        for completion in &task.data.completions {
            let value = self.evaluate_element(&task.id, &completion.query, &document)?;
            writes
                .push((completion.variable, self.written(net, task, completion.variable, value)?));
        }
        let formal = task.multi.as_ref().and_then(|multi| multi.output.as_ref());
        let grouped = match formal {
            Some(formal) => {
                Some(self.evaluate_element(&task.id, &formal.formal, &document)?.to_string().into())
            }
            None => None,
        };
        Ok(Outcome { output: text.into(), writes, grouped })
    }

    /// A value for a net variable, checked against its type if it has any content.
    fn written(
        &self,
        net: &Net,
        task: &Task,
        variable: VariableIndex,
        mut value: xml::Element,
    ) -> Result<Arc<str>, Refusal> {
        value.strip_attributes();
        let text = value.to_string();
        let variable = net.variable(variable);
        if !value.is_empty() && self.program.schema_version.validates_data() {
            let document = wrap(&net.data_root, std::iter::once(text.as_str()));
            self.validate(variable.sequence, &document, || {
                format!("variable {} written by task {}", variable.name, task.id)
            })?;
        }
        Ok(text.into())
    }

    /// What the joining query makes of the instances' results, and for which variable.
    pub(crate) fn joined(
        &self,
        path: &Path,
        task_index: crate::ids::TaskIndex,
    ) -> Result<Option<(VariableIndex, Arc<str>)>, Refusal> {
        let (Some(net), Some(task), Some(busy)) =
            (self.net_at(path), self.task_at(path, task_index), self.busy(path, task_index))
        else {
            return Ok(None);
        };
        let Some(output) = task.multi.as_ref().and_then(|multi| multi.output.as_ref()) else {
            return Ok(None);
        };
        let grouped = wrap(&task.data.root, busy.grouped().iter().map(AsRef::as_ref));
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
            let element = xml::parse(&crate::program::element_of(&output.name, content))?;
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
        let mut given = xml::parse(data)?;
        if given.name != net.id && given.name != self.program.id.uri && given.name != net.data_root
        {
            return Err(Refusal::WrongRoot { found: given.name, expected: net.id.clone() });
        }
        given.strip_attributes();
        let inputs = &net.variables[..net.inputs];
        if let Some(missing) =
            inputs.iter().find(|input| input.mandatory && given.child(&input.name).is_none())
        {
            return Err(Refusal::Missing(missing.name.clone()));
        }
        if self.program.schema_version.validates_data() {
            self.validate(net.input_sequence, &given.to_string(), || {
                format!("launch of net {}", net.id)
            })?;
        }
        for element in given.elements() {
            if let Some(at) = inputs.iter().position(|input| input.name == element.name) {
                Arc::make_mut(&mut values)[at] = element.to_string().into();
            }
        }
        Ok(values)
    }

    /// A subnet's data from its composite task's input document.
    pub(crate) fn subnet_values(&self, net: &Net, input: &str) -> Arc<[Arc<str>]> {
        let mut values = net.initial.clone();
        let given = xml::parse(input).expect("input data was written by the engine");
        for element in given.elements() {
            if let Some(at) =
                net.variables.iter().position(|variable| variable.name == element.name)
            {
                Arc::make_mut(&mut values)[at] = element.to_string().into();
            }
        }
        values
    }
}

/// Default values for output parameters that are missing or empty, in the parameters' order.
fn fill_defaults(task: &Task, output: &mut xml::Element) {
    let mut added = false;
    for parameter in task.data.outputs.iter() {
        let Some(default) = parameter.default.as_deref().filter(|default| !default.is_empty())
        else {
            continue;
        };
        if output.child(&parameter.name).is_some_and(|element| !element.is_empty()) {
            continue;
        }
        let Ok(element) = xml::parse(&crate::program::element_of(&parameter.name, default)) else {
            continue;
        };
        output
            .children
            .retain(|node| !matches!(node, xml::Node::Element(it) if it.name == parameter.name));
        output.children.push(xml::Node::Element(element));
        added = true;
    }
    if added {
        order_outputs(task, output);
    }
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
