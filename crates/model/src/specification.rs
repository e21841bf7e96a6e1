//! The specification as its author wrote it: nets, tasks, conditions, flows, data, in document order.
//!
//! Element ids are the document's own strings. A flow from task to task stays a flow here; the engine
//! makes the implicit condition between them. Texts are kept as written, so that writing and reading
//! again gives the same value.

mod review;

use std::{collections::BTreeMap, fmt};

pub use self::review::{AgentBinding, ReviewTerms, SEVERITIES, STRATEGIES};

/// One `.yawl` file.
#[derive(Clone, Debug, PartialEq)]
pub struct SpecificationSet {
    /// The schema version that the document declares. Writing always gives [`SchemaVersion::V4_0`].
    pub version: SchemaVersion,
    pub specifications: Vec<Specification>,
    /// The `layout` element for the picture, as its own XML text, namespaces declared.
    pub layout: Option<String>,
}

/// The ten schema versions, oldest first, so that they compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SchemaVersion {
    Beta2,
    Beta3,
    Beta4,
    Beta6,
    Beta7_1,
    V2_0,
    V2_1,
    V2_2,
    V3_0,
    V4_0,
}

impl SchemaVersion {
    /// Beta 2 and Beta 3: the net's data document is rooted at `data`, not at the net's id.
    pub fn uses_simple_root_data(self) -> bool {
        self <= Self::Beta3
    }

    /// Everything but Beta 2 validates data at run time.
    pub fn validates_data(self) -> bool {
        self > Self::Beta2
    }

    /// Beta 2 to Beta 7.1: the specification's key is its uri.
    pub fn is_beta(self) -> bool {
        self <= Self::Beta7_1
    }
}

/// `major.minor`, compared major first. Absent means 0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
}

impl Default for Version {
    fn default() -> Self {
        Self { major: 0, minor: 1 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// What a specification is known by: key and version. The key is the identifier, or the uri where
/// there is none (always so in the Beta versions).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecificationId {
    pub identifier: Option<String>,
    pub version: Version,
    pub uri: String,
}

impl SpecificationId {
    /// The identifier, else the uri.
    pub fn key(&self) -> &str {
        self.identifier.as_deref().unwrap_or(&self.uri)
    }
}

impl fmt::Display for SpecificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} - version {}", self.uri, self.version)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Specification {
    pub uri: String,
    pub name: Option<String>,
    pub documentation: Option<String>,
    pub meta: MetaData,
    /// The schema version of the document that it came from: it decides on data roots and validation.
    pub schema_version: SchemaVersion,
    /// The `xs:schema` element as its own XML text, every namespace that it uses declared on it.
    pub schema: Option<String>,
    pub decompositions: Vec<Decomposition>,
}

impl Specification {
    pub fn id(&self) -> SpecificationId {
        let identifier =
            if self.schema_version.is_beta() { None } else { self.meta.identifier.clone() };
        SpecificationId { identifier, version: self.meta.version, uri: self.uri.clone() }
    }

    /// The net marked as root, if there is one.
    pub fn root_net(&self) -> Option<&Net> {
        self.nets().find(|net| net.is_root)
    }

    pub fn nets(&self) -> impl Iterator<Item = &Net> {
        self.decompositions.iter().filter_map(|decomposition| match decomposition {
            Decomposition::Net(net) => Some(net),
            Decomposition::Gateway(_) => None,
        })
    }

    pub fn decomposition(&self, id: &str) -> Option<&Decomposition> {
        self.decompositions.iter().find(|decomposition| decomposition.head().id == id)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetaData {
    pub title: Option<String>,
    pub creators: Vec<String>,
    pub subjects: Vec<String>,
    pub description: Option<String>,
    pub contributors: Vec<String>,
    pub coverage: Option<String>,
    /// `yyyy-MM-dd`, as written.
    pub valid_from: Option<String>,
    pub valid_until: Option<String>,
    pub created: Option<String>,
    pub version: Version,
    pub status: Option<String>,
    pub persistent: Option<String>,
    pub identifier: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Decomposition {
    Net(Net),
    Gateway(Gateway),
}

impl Decomposition {
    /// What both kinds have.
    pub fn head(&self) -> &Head {
        match self {
            Self::Net(net) => &net.head,
            Self::Gateway(gateway) => &gateway.head,
        }
    }
}

/// What a net and a gateway have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    pub id: String,
    pub name: Option<String>,
    pub documentation: Option<String>,
    /// Sorted by ordering; one per name, the last one written wins.
    pub inputs: Vec<Variable>,
    pub outputs: Vec<Variable>,
    /// Queries of `outputExpression`, before Beta 4.
    pub output_expressions: Vec<String>,
    pub log_predicate: LogPredicate,
    pub interaction: Interaction,
    pub codelet: Option<String>,
    /// Every attribute other than `id`, `xsi:type` and `isRootNet`.
    pub attributes: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interaction {
    #[default]
    Manual,
    Automated,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPredicate {
    pub start: Option<String>,
    pub completion: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Net {
    pub head: Head,
    pub is_root: bool,
    /// Sorted by ordering.
    pub locals: Vec<Variable>,
    /// Input, output and explicit conditions, in document order.
    pub conditions: Vec<Condition>,
    pub tasks: Vec<Task>,
    /// Name of the plug-in that supplies the case's data (read on the root net only).
    pub external_data_gateway: Option<String>,
    pub termination: Termination,
    /// Counts on the root net only.
    pub resourced: Resourced,
}

/// When a net is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Termination {
    /// When its output condition is marked: what else is under way is cancelled (WCP-43).
    #[default]
    Explicit,
    /// Extension: when nothing is enabled or busy (WCP-11).
    Implicit,
}

/// Which tasks of the specification go to participants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resourced {
    /// Those that have `resourcing`; agents claim the others.
    #[default]
    WhereAsked,
    /// Extension: all. Those without `resourcing` are offered to every participant, as YAWL does.
    Everywhere,
    /// Extension: none. `resourcing` is kept and shown, and agents claim every task.
    Nowhere,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gateway {
    pub head: Head,
    /// Enablement parameters: given to whoever is told that the task is enabled.
    pub enablement: Vec<Variable>,
    /// Service URIs; the last one is *the* service.
    pub services: Vec<Service>,
    /// Extension: what an agent must be able to do. The decomposition's id where there is none.
    pub capability: Option<String>,
    /// Extension: how results are reviewed, for all tasks that use it.
    pub review: Option<Box<ReviewTerms>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    pub uri: String,
    pub documentation: Option<String>,
    pub wsdl_location: Option<String>,
    pub operation: Option<String>,
}

/// A parameter or a local variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// The `name`, or the `element` name for a variable typed by a global element.
    pub name: String,
    pub type_ref: TypeRef,
    pub documentation: Option<String>,
    /// XML text or plain text, unescaped once.
    pub initial_value: Option<String>,
    /// Output parameters only. XML text or plain text, unescaped once.
    pub default_value: Option<String>,
    /// `mandatory` as a child element.
    pub mandatory: bool,
    pub cut_through: bool,
    /// `index` of the document, or the document position, or the `ordering` attribute.
    pub ordering: i32,
    pub log_predicate: LogPredicate,
    pub attributes: BTreeMap<String, String>,
}

impl Variable {
    /// The element may be absent from a data document.
    pub fn is_optional(&self) -> bool {
        self.attributes.get("optional").is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// An empty value is still passed on to a task (`reference 4.3`).
    pub fn is_required(&self) -> bool {
        let by_attribute =
            self.attributes.get("mandatory").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        !self.is_optional() && (self.mandatory || by_attribute)
    }
}

/// How a variable names its type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeRef {
    /// `name` + `type` [+ `namespace`]. The type is a local name: a built-in where `namespace` is XML
    /// Schema's, else a YAWL internal type or one of the specification's schema.
    Named { name: String, namespace: Option<String> },
    /// `isUntyped`: any content.
    #[default]
    Untyped,
    /// `element`: a global element of the specification's schema, of this name.
    Element(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub id: String,
    pub kind: ConditionKind,
    pub name: Option<String>,
    pub documentation: Option<String>,
    pub flows: Vec<Flow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    Input,
    Output,
    Ordinary,
}

/// One `flowsInto`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Id of the next element.
    pub target: String,
    pub predicate: Option<Predicate>,
    pub is_default: bool,
    /// The edge's label.
    pub documentation: Option<String>,
    /// Extension: how many tokens it carries, where that is written (WCP-41, WCP-42). Else one.
    pub tokens: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    pub query: String,
    pub ordering: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    And,
    Or,
    Xor,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: String,
    pub name: Option<String>,
    pub documentation: Option<String>,
    pub flows: Vec<Flow>,
    pub join: Gate,
    pub split: Gate,
    /// Ids in `removesTokens`.
    pub removes: Vec<String>,
    /// Source and destination in `removesTokensFromFlow`: the implicit condition between the two.
    pub removes_from_flows: Vec<(String, String)>,
    /// Parameter of the decomposition ← query over the net's data.
    pub starting: Vec<Mapping>,
    /// Variable of the net ← query over the decomposition's output.
    pub completed: Vec<Mapping>,
    pub enablement: Vec<Mapping>,
    pub timer: Option<Timer>,
    /// `resourcing` as its own XML text.
    pub resourcing: Option<String>,
    /// A URL, as written.
    pub custom_form: Option<String>,
    /// `configuration` and `defaultConfiguration` as their own XML texts: kept, never run.
    pub configuration: Option<String>,
    pub default_configuration: Option<String>,
    pub decomposes_to: Option<String>,
    pub multi_instance: Option<MultiInstance>,
    pub binding: Option<Box<AgentBinding>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub query: String,
    pub maps_to: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Name of a net variable of type `YTimerType`.
    Variable(String),
    Set {
        trigger: Trigger,
        expiry: Expiry,
        work_days: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    OnEnabled,
    OnExecuting,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Milliseconds since 1970-01-01T00:00Z.
    At(i64),
    /// An `xs:duration`, as written.
    Duration(String),
    Ticks {
        count: i64,
        interval: Interval,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl Interval {
    /// All of them, longest first.
    pub const ALL: [Self; 8] = [
        Self::Year,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Millisecond,
    ];

    /// As the document has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Year => "YEAR",
            Self::Month => "MONTH",
            Self::Week => "WEEK",
            Self::Day => "DAY",
            Self::Hour => "HOUR",
            Self::Minute => "MIN",
            Self::Second => "SEC",
            Self::Millisecond => "MSEC",
        }
    }
}

/// What makes a task a multiple-instance task. Counts are integers or queries, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiInstance {
    pub minimum: String,
    pub maximum: String,
    pub threshold: String,
    pub creation: Creation,
    pub input: MultiInstanceInput,
    pub output: Option<MultiInstanceOutput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    Static,
    Dynamic,
}

/// `miDataInput`. The expression is not repeated in [`Task::starting`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiInstanceInput {
    /// Over the net's data: gives the element to split.
    pub query: String,
    /// Over that element: gives one element per instance.
    pub splitting: String,
    pub formal_parameter: String,
}

/// `miDataOutput`. The expression is not repeated in [`Task::completed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiInstanceOutput {
    /// Over one instance's output.
    pub formal_query: String,
    /// Over all of those results.
    pub joining: String,
    /// Variable of the net that takes the joined result.
    pub variable: String,
}
