//! A specification made ready to run: dense ids, sorted flows, compiled queries, one set of data types.
//!
//! Compiled once per upload and shared by all cases. The order of nets, tasks and conditions follows
//! the document, so the same document always gives the same indices: stored events rely on it.

mod compile;

use std::{collections::BTreeMap, sync::Arc};

use model::{
    finding::Finding,
    specification::{
        Expiry, Gate, SchemaVersion, Specification, SpecificationId, Termination, Trigger,
    },
    types::{SequenceId, Types},
    xml,
};
use query::Query;

use crate::{
    case::{Case, Runner, TimerState},
    ids::{ConditionIndex, ItemKey, NetIndex, Path, TaskIndex, VariableIndex},
    or_join::OrJoins,
};

/// A compiled specification.
#[derive(Debug)]
pub struct Program {
    pub id: SpecificationId,
    pub schema_version: SchemaVersion,
    pub nets: Vec<Net>,
    pub root: NetIndex,
    pub types: Types,
}

/// A compiled net.
#[derive(Debug)]
pub struct Net {
    pub id: String,
    /// Name of the root element of its data: its id, or `data` before Beta 4.
    pub data_root: String,
    pub conditions: Vec<Condition>,
    pub tasks: Vec<Task>,
    pub input: ConditionIndex,
    pub output: ConditionIndex,
    /// Input parameters, then local variables.
    pub variables: Vec<Variable>,
    /// What a starting net holds: shared by all cases that have not written it.
    pub initial: Arc<[Arc<str>]>,
    /// How many of `variables` are input parameters.
    pub inputs: usize,
    /// Variables that make the net's output, in order.
    pub outputs: Vec<VariableIndex>,
    /// All input parameters in order: what launch data must be.
    pub input_sequence: SequenceId,
    pub termination: Termination,
    task_by_id: BTreeMap<String, TaskIndex>,
    pub(crate) or_joins: OrJoins,
}

#[derive(Debug)]
pub struct Condition {
    pub id: String,
    pub preset: Vec<TaskIndex>,
    pub postset: Vec<TaskIndex>,
}

#[derive(Debug)]
pub struct Variable {
    pub name: String,
    pub mandatory: bool,
    /// This variable alone.
    pub sequence: SequenceId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No decomposition: routes, makes no work item.
    Empty,
    Atomic,
    Composite(NetIndex),
}

#[derive(Debug)]
pub struct Task {
    pub id: String,
    /// The id where the document gives no name.
    pub name: String,
    pub kind: Kind,
    pub join: Gate,
    pub split: Gate,
    pub preset: Vec<ConditionIndex>,
    /// Conditions that it takes more than one token of, and how many more: an extension, as a rule none.
    pub takes_more: Vec<(ConditionIndex, u32)>,
    /// In the order in which a split looks at them.
    pub flows: Vec<Flow>,
    /// The cancellation set.
    pub removes_tasks: Vec<TaskIndex>,
    pub removes_conditions: Vec<ConditionIndex>,
    pub decomposition: Option<String>,
    pub data: TaskData,
    pub multi: Option<Multi>,
    pub timer: Option<Timer>,
    /// The decomposition is worked by a program: an expired timer is announced, nothing else.
    pub automated: bool,
}

#[derive(Debug)]
pub struct Flow {
    pub to: ConditionIndex,
    pub predicate: Option<Predicate>,
    pub is_default: bool,
    /// How many it carries: one, but for an extension.
    pub tokens: u32,
}

impl Flow {
    /// Where its tokens go, once for each.
    pub(crate) fn produced(&self) -> impl Iterator<Item = ConditionIndex> + use<> {
        std::iter::repeat_n(self.to, self.tokens as usize)
    }
}

/// `reference 2.5`.
#[derive(Debug)]
pub enum Predicate {
    Query(Query),
    /// `timer(Task) = 'state'`, or `!=` where `equal` is false. `None` is dormant.
    Timer {
        task: TaskIndex,
        state: Option<TimerState>,
        equal: bool,
    },
}

/// How data goes into and out of a task's decomposition.
#[derive(Debug, Default)]
pub struct TaskData {
    /// Name of the root element: the decomposition's id, or `data` before Beta 4.
    pub root: String,
    /// Data without a parameter, shared by all instances: `<root></root>`, nothing without a decomposition.
    pub(crate) empty_input: Arc<str>,
    /// The same as a result: `<root/>`.
    pub(crate) empty_output: Arc<str>,
    pub inputs: Vec<Input>,
    pub outputs: Vec<Output>,
    /// All output parameters in order; absent without a decomposition.
    pub output_sequence: Option<SequenceId>,
    /// Whether results are validated against it.
    pub checks_output: bool,
    pub completions: Vec<CompletionMapping>,
    /// What an enabled item already shows (`enablementMappings`).
    pub enablement: Vec<Input>,
    /// `skipOutboundSchemaValidation`.
    pub skips_input_validation: bool,
}

#[derive(Debug)]
pub struct Input {
    pub name: String,
    pub query: Option<Query>,
    /// This parameter alone; absent where data is not validated.
    pub sequence: Option<SequenceId>,
    /// Passed on even if empty.
    pub required: bool,
    /// Also an output parameter.
    pub is_output: bool,
}

#[derive(Debug)]
pub struct Output {
    pub name: String,
    pub default: Option<String>,
    /// What stands in for a missing value where there is no default: built-in types only.
    pub stand_in: Option<&'static str>,
}

#[derive(Debug)]
pub struct CompletionMapping {
    pub query: Query,
    pub variable: VariableIndex,
}

/// Multiple instances (WCP-12 to WCP-15, WCP-34 to WCP-36).
#[derive(Debug)]
pub struct Multi {
    pub minimum: Count,
    pub maximum: Count,
    pub threshold: Count,
    pub is_dynamic: bool,
    pub query: Query,
    pub splitting: Query,
    /// The parameter that each instance gets its own value of.
    pub parameter: String,
    pub output: Option<MultiOutput>,
}

#[derive(Debug)]
pub struct MultiOutput {
    pub formal: Query,
    pub joining: Query,
    pub variable: VariableIndex,
}

#[derive(Debug)]
pub enum Count {
    Literal(u32),
    Query(Query),
}

#[derive(Debug)]
pub enum Timer {
    Variable(VariableIndex),
    Set { trigger: Trigger, expiry: Expiry, work_days: bool },
}

impl Program {
    /// Compiles a verified specification. The findings are errors of its queries, types and timers.
    pub fn compile(specification: &Specification) -> Result<Self, Vec<Finding>> {
        compile::compile(specification)
    }

    pub fn net(&self, net: NetIndex) -> &Net {
        &self.nets[net.0 as usize]
    }

    pub fn root_net(&self) -> &Net {
        self.net(self.root)
    }

    /// The task that an item, an event or an incident names.
    pub fn task(&self, runner: &Runner, task: TaskIndex) -> &Task {
        self.net(runner.net).task(task)
    }

    /// A result for an item of `task` that is valid for its output parameters' types, made up from
    /// `choose`, which gives a number below its argument. For simulated agents and tests.
    pub fn sample_output(&self, task: &Task, choose: &mut dyn FnMut(u32) -> u32) -> String {
        match task.data.output_sequence {
            Some(sequence) => self.types.sample(sequence, &task.data.root, choose),
            None => format!("<{0}></{0}>", task.data.root),
        }
    }

    /// `C.2:A`; a task index without a running net that has it shows as a number.
    pub fn item_id(&self, case: &Case, key: &ItemKey) -> String {
        let path = key.path.show(&case.id);
        // A stale key of a subnet that is gone is looked for in the net above, which may have fewer tasks.
        let place = case.runner_of(key);
        let task =
            place.and_then(|(_, runner)| self.net(runner.net).tasks.get(key.task.0 as usize));
        match task {
            Some(task) => format!("{path}:{}", task.id),
            None => format!("{path}:#{}", key.task.0),
        }
    }

    /// Reads `C.2:A` for an item that the case could have. It need not exist.
    pub fn parse_item(&self, case: &Case, text: &str) -> Option<ItemKey> {
        let (identifier, task) = text.split_once(':')?;
        let path = Path::parse(identifier.strip_prefix(case.id.as_str())?)?;
        let parent = path.parent().map(|(parent, _)| parent);
        // The enabled item lies in the net at its own path, an instance in the net above.
        let places = [Some(path.clone()), parent];
        places.iter().flatten().find_map(|place| {
            let runner = case.runners.get(place)?;
            let key = ItemKey { path: path.clone(), task: self.net(runner.net).task_index(task)? };
            let is_here = *place == path || !case.runners.contains_key(&path);
            is_here.then_some(key)
        })
    }
}

impl Net {
    pub fn task(&self, task: TaskIndex) -> &Task {
        &self.tasks[task.0 as usize]
    }

    pub fn condition(&self, condition: ConditionIndex) -> &Condition {
        &self.conditions[condition.0 as usize]
    }

    pub fn task_index(&self, id: &str) -> Option<TaskIndex> {
        self.task_by_id.get(id).copied()
    }

    pub fn task_indices(&self) -> impl Iterator<Item = TaskIndex> + use<> {
        (0..u32::try_from(self.tasks.len()).unwrap_or(u32::MAX)).map(TaskIndex)
    }

    pub fn variable(&self, variable: VariableIndex) -> &Variable {
        &self.variables[variable.0 as usize]
    }

    /// The extensions that the net uses: an analysis that knows plain YAWL only must name them and not judge.
    pub fn extensions(&self) -> Vec<&'static str> {
        let takes_more = self.tasks.iter().any(|task| !task.takes_more.is_empty());
        let gives_more = self.tasks.iter().flat_map(|task| &task.flows).any(|flow| flow.tokens > 1);
        let used = [
            ("termination", self.termination == Termination::Implicit),
            ("tokens", takes_more || gives_more),
        ];
        used.iter().filter(|(_, is_used)| *is_used).map(|(name, _)| *name).collect()
    }

    /// Whether a net in this state has come to its end. With implicit termination tokens may gather there, but none
    /// may wait elsewhere.
    pub(crate) fn is_finished(&self, runner: &Runner) -> bool {
        let mut others = (0..).map(ConditionIndex).take(self.conditions.len());
        let is_reached = runner.tokens(self.output) > 0;
        match self.termination {
            Termination::Explicit => is_reached,
            Termination::Implicit => {
                is_reached && others.all(|at| at == self.output || runner.tokens(at) == 0)
            }
        }
    }

    /// The net's data document.
    pub fn document<T: AsRef<str>>(&self, data: &[T]) -> String {
        wrap(&self.data_root, data)
    }

    /// The net's output: its output parameters' values.
    pub fn output_document<T: AsRef<str>>(&self, data: &[T]) -> String {
        let values: Vec<&T> =
            self.outputs.iter().map(|variable| &data[variable.0 as usize]).collect();
        wrap(&self.data_root, &values)
    }
}

impl Case {
    /// The net that an item's task is of, with its path: at the item's own path for an enabled item,
    /// one above for an instance.
    pub fn runner_of(&self, key: &ItemKey) -> Option<(Path, &Runner)> {
        if let Some(runner) = self.runners.get(&key.path) {
            return Some((key.path.clone(), runner));
        }
        let (parent, _) = key.path.parent()?;
        self.runners.get(&parent).map(|runner| (parent, runner))
    }
}

impl Output {
    /// A value stands in for a missing or empty one at check-in.
    pub(crate) fn has_default(&self) -> bool {
        self.default.as_deref().is_some_and(|default| !default.is_empty())
    }
}

/// `<root>values</root>`.
pub(crate) fn wrap<T: AsRef<str>>(root: &str, values: &[T]) -> String {
    let length: usize = values.iter().map(|value| value.as_ref().len()).sum();
    let mut text = String::with_capacity(length + 2 * root.len() + "<></>".len());
    text.extend(["<", root, ">"]);
    text.extend(values.iter().map(AsRef::as_ref));
    text.extend(["</", root, ">"]);
    text
}

/// An element with this content: XML where it reads as XML, else text.
pub(crate) fn element_of(name: &str, content: &str) -> String {
    let as_xml = format!("<{name}>{content}</{name}>");
    match xml::parse(&as_xml) {
        Ok(mut element) => {
            element.strip_attributes();
            element.to_string()
        }
        Err(_) => xml::Element::with_text(name, content).to_string(),
    }
}
