//! Writing and reading again gives an equal value: for generated sets, by property, of which every
//! part of the model has a share.

use std::collections::BTreeMap;

use model::limits::FLOW_TOKENS_MAX;
use model::specification::{
    AgentBinding, Condition, ConditionKind, Creation, Decomposition, Expiry, Flow, Gate, Gateway,
    Head, Interaction, Interval, LogPredicate, Mapping, MetaData, MultiInstance,
    MultiInstanceInput, MultiInstanceOutput, Net, Predicate, Resourced, ReviewTerms, SEVERITIES,
    STRATEGIES, SchemaVersion, Service, Specification, SpecificationSet, Task, Termination, Timer,
    Trigger, TypeRef, Variable, Version,
};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};

/// Any text that XML can carry, with what needs escaping more often than by chance.
fn text() -> BoxedStrategy<String> {
    let pieces = select(vec![
        "<",
        ">",
        "&",
        "\"",
        "'",
        "&amp;",
        "&lt;",
        "]]>",
        " ",
        "\n",
        "\t",
        "\r",
        "<a b='c'/>",
        "é",
        "🚢",
        "x",
        "YAWL",
        "${now}",
        "{/N/v/text()}",
    ]);
    vec(pieces, 0..6).prop_map(|pieces| pieces.concat()).boxed()
}

/// A text with something in it.
fn filled() -> BoxedStrategy<String> {
    text().prop_map(|text| format!("q{text}")).boxed()
}

fn name() -> BoxedStrategy<String> {
    "[A-Za-z_ü][A-Za-z0-9_.-]{0,5}".boxed()
}

/// What may not have white space around it.
fn token() -> BoxedStrategy<String> {
    "[a-z&<>\"']{1,8}".boxed()
}

fn maybe<T: std::fmt::Debug + Clone + 'static>(
    strategy: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Option<T>> {
    option::of(strategy).boxed()
}

fn log_predicate() -> BoxedStrategy<LogPredicate> {
    (maybe(filled()), maybe(filled()))
        .prop_map(|(start, completion)| LogPredicate { start, completion })
        .boxed()
}

fn attributes() -> BoxedStrategy<BTreeMap<String, String>> {
    btree_map(select(vec!["optional", "mandatory", "readOnly", "label"]), text(), 0..3)
        .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
        .boxed()
}

fn type_ref() -> BoxedStrategy<TypeRef> {
    let named =
        (name(), maybe(token())).prop_map(|(name, namespace)| TypeRef::Named { name, namespace });
    prop_oneof![3 => named, 1 => Just(TypeRef::Untyped), 1 => name().prop_map(TypeRef::Element)]
        .boxed()
}

/// What a kind of variable may have: the schema gives values of each sort to one kind only.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Input,
    Output,
    Local,
}

fn variables(kind: Kind) -> BoxedStrategy<Vec<Variable>> {
    let texts = (name(), maybe(text()), maybe(text()), maybe(text()));
    let rest =
        (type_ref(), any::<bool>(), any::<bool>(), any::<i32>(), log_predicate(), attributes());
    let variable = (texts, rest).prop_map(move |(texts, rest)| {
        let (name, documentation, initial_value, default_value) = texts;
        let (type_ref, mandatory, cut_through, ordering, log_predicate, attributes) = rest;
        let name = match &type_ref {
            TypeRef::Element(element) => element.clone(),
            TypeRef::Named { .. } | TypeRef::Untyped => name,
        };
        let is_output = kind == Kind::Output;
        Variable {
            name,
            type_ref,
            documentation,
            initial_value: initial_value.filter(|_| !is_output),
            default_value: default_value.filter(|_| is_output),
            mandatory: mandatory && kind != Kind::Local,
            cut_through: cut_through && is_output,
            ordering,
            log_predicate: if kind == Kind::Local {
                LogPredicate::default()
            } else {
                log_predicate
            },
            attributes,
        }
    });
    vec(variable, 0..4)
        .prop_map(|mut variables| {
            variables.sort_by(|a, b| a.name.cmp(&b.name));
            variables.dedup_by(|a, b| a.name == b.name);
            variables.sort_by_key(|variable| variable.ordering);
            variables
        })
        .boxed()
}

fn head() -> BoxedStrategy<Head> {
    let texts = (maybe(filled()), maybe(text()), maybe(token()));
    let data = (variables(Kind::Input), variables(Kind::Output), log_predicate(), attributes());
    (texts, data, any::<bool>())
        .prop_map(|((name, documentation, codelet), (inputs, outputs, log, attributes), auto)| {
            Head {
                id: String::new(),
                name,
                documentation,
                inputs,
                outputs,
                output_expressions: Vec::new(),
                log_predicate: log,
                interaction: if auto { Interaction::Automated } else { Interaction::Manual },
                codelet,
                attributes,
            }
        })
        .boxed()
}

fn flows() -> BoxedStrategy<Vec<Flow>> {
    let predicate =
        (filled(), maybe(any::<i64>())).prop_map(|(query, ordering)| Predicate { query, ordering });
    let tokens = maybe(1..=FLOW_TOKENS_MAX);
    let flow = (name(), maybe(predicate), any::<bool>(), maybe(text()), tokens).prop_map(
        |(target, predicate, is_default, documentation, tokens)| Flow {
            target,
            predicate,
            is_default,
            documentation,
            tokens,
        },
    );
    vec(flow, 1..4).boxed()
}

fn mappings() -> BoxedStrategy<Vec<Mapping>> {
    let mapping = (filled(), name()).prop_map(|(query, maps_to)| Mapping { query, maps_to });
    vec(mapping, 0..3).boxed()
}

fn timer() -> BoxedStrategy<Timer> {
    let expiry = prop_oneof![
        any::<i64>().prop_map(Expiry::At),
        select(vec!["P1D", "PT5S", "-P1Y2M3DT4H5M6.7S"])
            .prop_map(|text| Expiry::Duration(text.to_owned())),
        (any::<i64>(), select(Interval::ALL.to_vec()))
            .prop_map(|(count, interval)| Expiry::Ticks { count, interval }),
    ];
    let trigger = select(vec![Trigger::OnEnabled, Trigger::OnExecuting]);
    let set = (trigger, expiry, any::<bool>())
        .prop_map(|(trigger, expiry, work_days)| Timer::Set { trigger, expiry, work_days });
    prop_oneof![set, name().prop_map(Timer::Variable)].boxed()
}

fn multi_instance() -> BoxedStrategy<MultiInstance> {
    let input = (filled(), filled(), name()).prop_map(|(query, splitting, formal_parameter)| {
        MultiInstanceInput { query, splitting, formal_parameter }
    });
    let output = (filled(), filled(), name()).prop_map(|(formal_query, joining, variable)| {
        MultiInstanceOutput { formal_query, joining, variable }
    });
    let creation = select(vec![Creation::Static, Creation::Dynamic]);
    (filled(), filled(), filled(), creation, input, maybe(output))
        .prop_map(|(minimum, maximum, threshold, creation, input, output)| MultiInstance {
            minimum,
            maximum,
            threshold,
            creation,
            input,
            output,
        })
        .boxed()
}

fn task() -> BoxedStrategy<Task> {
    const YAWL: &str = "xmlns=\"http://www.yawlfoundation.org/yawlschema\"";
    let gate = || select(vec![Gate::And, Gate::Or, Gate::Xor]);
    let kept = move |element: &'static str| {
        maybe(Just(format!("<{element} {YAWL}> <!-- as it was --><rem value='&lt;'/></{element}>")))
    };
    let control = (maybe(text()), maybe(text()), flows(), gate(), gate());
    let removed = (vec(name(), 0..3), vec((name(), name()), 0..3));
    let data = (mappings(), mappings(), mappings(), maybe(timer()), maybe(multi_instance()));
    let resourcing = format!(
        "<resourcing {YAWL}><offer initiator='user'/><allocate initiator='user'/><!-- & --> <start initiator='system'/></resourcing>"
    );
    let parts = (maybe(Just(resourcing)), kept("configuration"), kept("defaultConfiguration"));
    let rest = (maybe(token()), maybe(name()), maybe(binding()));
    (control, removed, data, parts, rest)
        .prop_map(|(control, removed, data, parts, rest)| {
            let (name, documentation, flows, join, split) = control;
            let (starting, completed, enablement, timer, multi_instance) = data;
            let (resourcing, configuration, default_configuration) = parts;
            Task {
                id: String::new(),
                name,
                documentation,
                flows,
                join,
                split,
                removes: removed.0,
                removes_from_flows: removed.1,
                starting,
                completed,
                enablement,
                timer,
                resourcing,
                custom_form: rest.0,
                configuration,
                default_configuration,
                decomposes_to: rest.1,
                multi_instance,
                binding: rest.2.map(Box::new),
            }
        })
        .boxed()
}

/// What only a decomposition can say is left out of a binding.
fn binding() -> BoxedStrategy<AgentBinding> {
    (maybe(token()), maybe(token()), terms())
        .prop_map(|(agent_type, capability, terms)| {
            let (severity, confidence_min, votes_min, supermajority) = (None, None, None, None);
            let review =
                ReviewTerms { severity, confidence_min, votes_min, supermajority, ..terms };
            AgentBinding { agent_type, capability, review }
        })
        .boxed()
}

fn terms() -> BoxedStrategy<ReviewTerms> {
    let word =
        |words: &'static [&'static str]| maybe(select(words).prop_map(str::to_owned).boxed());
    let counts = (maybe((1..=100u16).boxed()), maybe((1..=100u16).boxed()));
    let words = (word(&STRATEGIES), word(&SEVERITIES), word(&["judge", "a@b/c"]));
    let shares = (word(&["0", "0.25", "1.0"]), word(&["0.6", "1"]), word(&["PT15M", "P1DT0.5S"]));
    (counts, words, shares, maybe(any::<bool>().boxed()))
        .prop_map(|((quorum, votes_min), words, shares, fallback_to_human)| {
            let (strategy, severity, arbiter) = words;
            let (confidence_min, supermajority, timeout) = shares;
            ReviewTerms {
                quorum,
                strategy,
                severity,
                confidence_min,
                votes_min,
                supermajority,
                arbiter,
                timeout,
                fallback_to_human,
            }
        })
        .boxed()
}

fn condition(kind: ConditionKind) -> BoxedStrategy<Condition> {
    (maybe(text()), maybe(text()), flows())
        .prop_map(move |(name, documentation, flows)| {
            let flows = if kind == ConditionKind::Output { Vec::new() } else { flows };
            Condition { id: String::new(), kind, name, documentation, flows }
        })
        .boxed()
}

fn net() -> BoxedStrategy<Decomposition> {
    let conditions = (
        condition(ConditionKind::Input),
        vec(condition(ConditionKind::Ordinary), 0..3),
        condition(ConditionKind::Output),
    );
    let termination = select(vec![Termination::Explicit, Termination::Implicit]);
    let resourced = select(vec![Resourced::WhereAsked, Resourced::Everywhere, Resourced::Nowhere]);
    let rest = (any::<bool>(), variables(Kind::Local), maybe(token()), termination, resourced);
    (head(), conditions, vec(task(), 0..3), rest)
        .prop_map(
            |(
                head,
                (input, mut conditions, output),
                mut tasks,
                (is_root, locals, gateway, termination, resourced),
            )| {
                conditions.insert(0, input);
                conditions.push(output);
                for (number, condition) in conditions.iter_mut().enumerate() {
                    condition.id = format!("c:{number}");
                }
                for (number, task) in tasks.iter_mut().enumerate() {
                    task.id = format!("t{number}");
                }
                let external_data_gateway = gateway;
                Decomposition::Net(Net {
                    head,
                    is_root,
                    locals,
                    conditions,
                    tasks,
                    external_data_gateway,
                    termination,
                    resourced,
                })
            },
        )
        .boxed()
}

fn gateway() -> BoxedStrategy<Decomposition> {
    let service = (token(), maybe(text()), maybe(token()), maybe(name())).prop_map(
        |(uri, documentation, wsdl_location, operation)| Service {
            uri,
            documentation,
            wsdl_location,
            operation,
        },
    );
    let asked = (maybe(token()), maybe(terms()));
    (head(), variables(Kind::Input), vec(service, 0..3), asked)
        .prop_map(|(head, enablement, services, (capability, review))| {
            let review = review.filter(|terms| !terms.is_empty()).map(Box::new);
            Decomposition::Gateway(Gateway { head, enablement, services, capability, review })
        })
        .boxed()
}

fn meta() -> BoxedStrategy<MetaData> {
    let people = (vec(text(), 0..3), vec(text(), 0..2), vec(text(), 0..2));
    let texts = (maybe(text()), maybe(text()), maybe(text()), maybe(text()));
    let date = || maybe(Just("2026-11-21".to_owned()));
    let rest = (date(), date(), date(), 0u32..9, 1u32..99, maybe(name()));
    (people, texts, rest)
        .prop_map(|((creators, subjects, contributors), texts, rest)| MetaData {
            title: texts.0,
            creators,
            subjects,
            description: texts.1,
            contributors,
            coverage: texts.2,
            valid_from: rest.0,
            valid_until: rest.1,
            created: rest.2,
            version: Version { major: rest.3, minor: rest.4 },
            status: texts.3,
            persistent: Some("false".to_owned()),
            identifier: rest.5,
        })
        .boxed()
}

fn specification() -> BoxedStrategy<Specification> {
    const SCHEMA: &str =
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n <!-- none --></xs:schema>";
    let texts = (token(), maybe(filled()), maybe(text()), maybe(Just(SCHEMA.to_owned())));
    (texts, meta(), vec(prop_oneof![net(), gateway()], 0..4))
        .prop_map(|((uri, name, documentation, schema), meta, mut decompositions)| {
            for (number, decomposition) in decompositions.iter_mut().enumerate() {
                let id = format!("d{number}");
                match decomposition {
                    Decomposition::Net(net) => net.head.id = id,
                    Decomposition::Gateway(gateway) => gateway.head.id = id,
                }
            }
            let schema_version = SchemaVersion::V4_0;
            Specification { uri, name, documentation, meta, schema_version, schema, decompositions }
        })
        .boxed()
}

fn set() -> BoxedStrategy<SpecificationSet> {
    const LAYOUT: &str = "<layout xmlns=\"http://www.yawlfoundation.org/yawlschema\"><locale language=\"en\"/></layout>";
    let origins = vec![SchemaVersion::V4_0, SchemaVersion::Beta2, SchemaVersion::Beta7_1];
    (vec(specification(), 1..3), maybe(Just(LAYOUT.to_owned())), select(origins))
        .prop_map(|(mut specifications, layout, origin)| {
            for (number, specification) in specifications.iter_mut().enumerate() {
                specification.uri = format!("{}{number}", specification.uri);
                specification.schema_version = origin;
                // In newer versions the identifier is the key.
                specification.meta.identifier =
                    specification.meta.identifier.take().map(|key| format!("{key}{number}"));
            }
            SpecificationSet { version: SchemaVersion::V4_0, specifications, layout }
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_equal(set in set()) {
        let text = model::write(&set);
        let read = model::read(&text);
        let read = read.map_err(|findings| TestCaseError::fail(format!("{}\n{text}", findings[0])))?;
        prop_assert_eq!(read, set);
    }
}
