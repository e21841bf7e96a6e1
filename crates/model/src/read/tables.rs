//! Every element of a YAWL document: its attributes, its children in order, its text.
//!
//! In our own words; versions say since when and until when a child is known. Constraints between
//! elements (a variable has a type or an element, a timer has a trigger and an end) are not here but
//! where the element is read.

use super::{
    resourcing::RESOURCING,
    review::AGENT_BINDING,
    shape::{
        Body, Shape, allowed, bare, child, extension, kept, leaf, many, nest, one, optional,
        required, some,
    },
    value::Value,
};
use crate::{
    limits::{
        DECOMPOSITIONS_MAX, ENTRIES_MAX, FLOWS_MAX, NET_ELEMENTS_MAX, SPECIFICATIONS_MAX,
        VARIABLES_MAX,
    },
    specification::{SEVERITIES, STRATEGIES, SchemaVersion as V},
};

const TEXT: Shape = leaf(Value::Any);
const NAME: Shape = leaf(Value::Filled);
const KEY: Shape = leaf(Value::Key);
const MARK: Shape = leaf(Value::Any);
const QUERY: Shape = leaf(Value::Query);
const NC_NAME: Shape = leaf(Value::NcName);
const NM_TOKEN: Shape = leaf(Value::NmToken);
const EXPRESSION: Shape = bare(&[required("query", Value::Query)]);
const REFERENCE: Shape = bare(&[required("id", Value::NmToken)]);
const GATE: Shape = bare(&[required("code", Value::OneOf(&["and", "or", "xor"]))]);

/// The root element.
pub(super) const SET: Shape = Shape {
    attributes: &[allowed("version", Value::Any)],
    open: false,
    children: &[
        some("specification", &SPECIFICATION, SPECIFICATIONS_MAX),
        kept("layout").since(V::V2_0),
    ],
    text: Value::Nothing,
};

/// The name that [`SPECIFICATION`] gives to the element `schema` of another namespace.
pub(super) const SCHEMA: &str = "schema";

const SPECIFICATION: Shape = Shape {
    attributes: &[required("uri", Value::Key)],
    open: false,
    children: &[
        optional("name", &NAME),
        optional("documentation", &TEXT),
        one("metaData", &META_DATA),
        kept("import").until(V::Beta7_1),
        kept(SCHEMA),
        optional("rootNet", &NET).until(V::Beta2),
        child("decomposition", DECOMPOSITION, 0, DECOMPOSITIONS_MAX),
        child("importedNet", Body::Kept, 0, ENTRIES_MAX),
    ],
    text: Value::Nothing,
};

const META_DATA: Shape = nest(&[
    optional("title", &TEXT),
    child("creator", Body::Kept, 0, ENTRIES_MAX),
    many("subject", &TEXT, ENTRIES_MAX),
    optional("description", &TEXT),
    kept("publisher").until(V::Beta7_1),
    child("contributor", Body::Kept, 0, ENTRIES_MAX),
    optional("coverage", &TEXT),
    kept("rights").until(V::Beta7_1),
    child("replaces", Body::Kept, 0, ENTRIES_MAX).until(V::Beta7_1),
    child("modification", Body::Kept, 0, ENTRIES_MAX).until(V::Beta7_1),
    optional("validFrom", &DATE),
    optional("validUntil", &DATE),
    optional("created", &DATE),
    optional("version", &VERSION),
    optional("status", &TEXT),
    optional("persistent", &BOOLEAN),
    optional("identifier", &NC_NAME).since(V::V2_0),
]);
const DATE: Shape = leaf(Value::Date);
const VERSION: Shape = leaf(Value::Version);
const BOOLEAN: Shape = leaf(Value::Boolean);

const DECOMPOSITION: Body = Body::ByType {
    types: &[("NetFactsType", &NET), ("WebServiceGatewayFactsType", &GATEWAY)],
    fallback: None,
};

const NET: Shape = Shape {
    attributes: &[
        required("id", Value::DecompositionId),
        allowed("isRootNet", Value::Boolean),
        extension("termination", Value::OneOf(&["explicit", "implicit"])),
        extension("resourcing", Value::OneOf(&["where-asked", "everywhere", "nowhere"])),
    ],
    open: true,
    children: &[
        optional("name", &NAME),
        optional("documentation", &TEXT),
        many("inputParam", &INPUT, VARIABLES_MAX),
        many("outputExpression", &EXPRESSION, ENTRIES_MAX).until(V::Beta3),
        many("outputParam", &OUTPUT, VARIABLES_MAX),
        optional("logPredicate", &LOG_PREDICATE).since(V::V2_0),
        many("localVariable", &LOCAL, VARIABLES_MAX),
        one("processControlElements", &CONTROL),
        optional("externalDataGateway", &KEY).since(V::V2_1),
        optional("codelet", &KEY).since(V::V2_0),
        optional("externalInteraction", &INTERACTION).since(V::V2_0),
    ],
    text: Value::Nothing,
};

const GATEWAY: Shape = Shape {
    attributes: &[
        required("id", Value::DecompositionId),
        allowed("isRootNet", Value::Boolean),
        extension("capability", Value::Key),
        extension("review", Value::Quorum),
        extension("review-strategy", Value::OneOf(&STRATEGIES)),
        extension("review-severity", Value::OneOf(&SEVERITIES)),
        extension("review-confidence", Value::Share),
        extension("review-votes", Value::Quorum),
        extension("review-supermajority", Value::Share),
        extension("review-arbiter", Value::AgentName),
        extension("review-timeout", Value::ReviewTimeout),
        extension("review-human", Value::Boolean),
    ],
    open: true,
    children: &[
        optional("name", &NAME),
        optional("documentation", &TEXT),
        many("inputParam", &INPUT, VARIABLES_MAX),
        many("outputExpression", &EXPRESSION, ENTRIES_MAX).until(V::Beta3),
        many("outputParam", &OUTPUT, VARIABLES_MAX),
        optional("logPredicate", &LOG_PREDICATE).since(V::V2_0),
        many("enablementParam", &INPUT, VARIABLES_MAX).since(V::Beta6),
        many("yawlService", &SERVICE, ENTRIES_MAX),
        optional("codelet", &KEY).since(V::V2_0),
        optional("externalInteraction", &INTERACTION).since(V::V2_0),
    ],
    text: Value::Nothing,
};
const INTERACTION: Shape = leaf(Value::OneOf(&["manual", "automated"]));
const SERVICE: Shape = Shape {
    attributes: &[required("id", Value::Any)],
    open: false,
    children: &[
        optional("documentation", &TEXT),
        optional("wsdlLocation", &TEXT),
        optional("operationName", &NM_TOKEN),
    ],
    text: Value::Nothing,
};
const LOG_PREDICATE: Shape = nest(&[optional("start", &NAME), optional("completion", &NAME)]);

/// A parameter or local variable. Which of its children go together is checked where it is read.
const fn variable(children: &'static [super::shape::Child]) -> Shape {
    // Beta 2 gives name and type as attributes; later ones take any attribute.
    Shape { attributes: &[], open: true, children, text: Value::Nothing }
}

const INPUT: Shape = variable(&[
    optional("index", &INDEX).since(V::V2_1),
    optional("documentation", &TEXT),
    optional("name", &NC_NAME),
    optional("type", &TEXT),
    optional("namespace", &TEXT),
    optional("isUntyped", &MARK),
    optional("element", &NC_NAME),
    optional("initialValue", &TEXT),
    optional("mandatory", &MARK).beside(),
    optional("logPredicate", &LOG_PREDICATE).since(V::V2_0),
]);
const OUTPUT: Shape = variable(&[
    optional("index", &INDEX).since(V::V2_1),
    optional("documentation", &TEXT),
    optional("name", &NC_NAME),
    optional("type", &TEXT),
    optional("namespace", &TEXT),
    optional("isUntyped", &MARK),
    optional("element", &NC_NAME),
    kept("defaultValue").since(V::V2_0),
    optional("mandatory", &MARK),
    optional("isCutThroughParam", &MARK).since(V::Beta4),
    optional("logPredicate", &LOG_PREDICATE).since(V::V2_0),
]);
const LOCAL: Shape = variable(&[
    optional("index", &INDEX).since(V::V2_1),
    optional("documentation", &TEXT),
    optional("name", &NC_NAME),
    optional("type", &TEXT),
    optional("namespace", &TEXT),
    optional("isUntyped", &MARK),
    optional("element", &NC_NAME),
    optional("initialValue", &TEXT),
]);
const INDEX: Shape = leaf(Value::Index);

const CONTROL: Shape = nest(&[
    one("inputCondition", &CONDITION),
    child("task", TASK_BY_TYPE, 0, NET_ELEMENTS_MAX),
    many("condition", &CONDITION, NET_ELEMENTS_MAX).beside(),
    one("outputCondition", &OUTPUT_CONDITION),
]);
const CONDITION: Shape = Shape {
    attributes: &[required("id", Value::NmToken)],
    open: false,
    children: &[
        optional("name", &TEXT),
        optional("documentation", &TEXT),
        some("flowsInto", &FLOW, FLOWS_MAX),
    ],
    text: Value::Nothing,
};
const OUTPUT_CONDITION: Shape = Shape {
    attributes: &[required("id", Value::NmToken)],
    open: false,
    children: &[optional("name", &TEXT), optional("documentation", &TEXT)],
    text: Value::Nothing,
};
const FLOW: Shape = Shape {
    attributes: &[extension("tokens", Value::Tokens)],
    open: false,
    children: &[
        one("nextElementRef", &REFERENCE),
        optional("predicate", &PREDICATE),
        optional("isDefaultFlow", &NOTHING),
        optional("documentation", &TEXT).since(V::Beta7_1),
    ],
    text: Value::Nothing,
};
const PREDICATE: Shape = Shape {
    attributes: &[allowed("ordering", Value::Integer)],
    open: false,
    children: &[],
    text: Value::Query,
};
const NOTHING: Shape = leaf(Value::Nothing);

const TASK_BY_TYPE: Body = Body::ByType {
    types: &[(MULTI_INSTANCE_TASK_TYPE, &MULTI_INSTANCE_TASK), ("ExternalTaskFactsType", &TASK)],
    fallback: Some(&TASK),
};
/// The `xsi:type` of a task with several instances.
pub(crate) const MULTI_INSTANCE_TASK_TYPE: &str = "MultipleInstanceExternalTaskFactsType";

const TASK: Shape = Shape {
    attributes: &[required("id", Value::NmToken)],
    open: false,
    children: &[
        optional("name", &TEXT),
        optional("documentation", &TEXT),
        some("flowsInto", &FLOW, FLOWS_MAX),
        one("join", &GATE),
        one("split", &GATE),
        kept("defaultConfiguration").since(V::V2_0),
        kept("configuration").since(V::V2_0),
        many("removesTokens", &REFERENCE, NET_ELEMENTS_MAX),
        many("removesTokensFromFlow", &FLOW_REFERENCE, NET_ELEMENTS_MAX),
        optional("startingMappings", &MAPPINGS),
        optional("completedMappings", &MAPPINGS),
        optional("enablementMappings", &MAPPINGS).since(V::Beta6),
        optional("timer", &TIMER).since(V::V2_0),
        optional("resourcing", &RESOURCING).since(V::V2_0),
        optional("customForm", &TEXT).since(V::V2_0),
        optional("decomposesTo", &DECOMPOSES_TO),
        optional("agentBinding", &AGENT_BINDING).since(V::V2_0),
    ],
    text: Value::Nothing,
};
const MULTI_INSTANCE_TASK: Shape = Shape {
    attributes: &[required("id", Value::NmToken)],
    open: false,
    children: &[
        optional("name", &TEXT),
        optional("documentation", &TEXT),
        some("flowsInto", &FLOW, FLOWS_MAX),
        one("join", &GATE),
        one("split", &GATE),
        kept("defaultConfiguration").since(V::V2_0),
        kept("configuration").since(V::V2_0),
        many("removesTokens", &REFERENCE, NET_ELEMENTS_MAX),
        many("removesTokensFromFlow", &FLOW_REFERENCE, NET_ELEMENTS_MAX),
        optional("startingMappings", &MAPPINGS),
        optional("completedMappings", &MAPPINGS),
        optional("enablementMappings", &MAPPINGS).since(V::Beta6),
        optional("timer", &TIMER).since(V::V2_0),
        optional("resourcing", &RESOURCING).since(V::V2_0),
        optional("customForm", &TEXT).since(V::V2_0),
        optional("decomposesTo", &DECOMPOSES_TO),
        one("minimum", &QUERY),
        one("maximum", &QUERY),
        one("threshold", &QUERY),
        one("creationMode", &CREATION_MODE),
        one("miDataInput", &INSTANCE_INPUT),
        optional("miDataOutput", &INSTANCE_OUTPUT),
        optional("agentBinding", &AGENT_BINDING).since(V::V2_0),
    ],
    text: Value::Nothing,
};
const DECOMPOSES_TO: Shape = bare(&[required("id", Value::DecompositionId)]);
const FLOW_REFERENCE: Shape =
    nest(&[one("flowSource", &REFERENCE), one("flowDestination", &REFERENCE)]);
const MAPPINGS: Shape = nest(&[some("mapping", &MAPPING, VARIABLES_MAX)]);
const MAPPING: Shape = nest(&[one("expression", &EXPRESSION), one("mapsTo", &NM_TOKEN)]);
const CREATION_MODE: Shape = bare(&[required("code", Value::OneOf(&["static", "dynamic"]))]);
const INSTANCE_INPUT: Shape = nest(&[
    one("expression", &EXPRESSION),
    one("splittingExpression", &EXPRESSION),
    one("formalInputParam", &NM_TOKEN),
]);
const INSTANCE_OUTPUT: Shape = nest(&[
    one("formalOutputExpression", &EXPRESSION),
    one("outputJoiningExpression", &EXPRESSION),
    one("resultAppliedToLocalVariable", &NM_TOKEN),
]);

const TIMER: Shape = nest(&[
    optional("netparam", &TEXT),
    optional("trigger", &TRIGGER),
    optional("expiry", &INTEGER),
    optional("duration", &DURATION),
    optional("durationparams", &TICKS),
    optional("workdays", &MARK).since(V::V4_0),
]);
const TRIGGER: Shape = leaf(Value::OneOf(&["OnEnabled", "OnExecuting"]));
const INTEGER: Shape = leaf(Value::Integer);
const DURATION: Shape = leaf(Value::Duration);
const TICKS: Shape = nest(&[one("ticks", &INTEGER), one("interval", &INTERVAL)]);
const INTERVAL: Shape =
    leaf(Value::OneOf(&["YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MIN", "SEC", "MSEC"]));
