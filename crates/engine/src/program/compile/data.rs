//! The data side of a task: mappings, parameters, multiple instances, timers.

use model::{
    finding::Finding,
    specification::{self as doc, Decomposition, Expiry},
};

use super::{
    super::{CompletionMapping, Count, Input, Multi, MultiOutput, Output, TaskData, Timer},
    Compiler, Places, stand_in,
};
use crate::{calendar, ids::VariableIndex};

impl<'s> Compiler<'s> {
    pub(super) fn task_data(
        &mut self,
        element: &str,
        task: &doc::Task,
        decomposition: &doc::Decomposition,
        places: &Places<'s>,
    ) -> Option<TaskData> {
        let version = self.specification.schema_version;
        let head = decomposition.head();
        let inputs: Option<Vec<Input>> =
            head.inputs.iter().map(|it| self.input(element, it, (task, head))).collect();
        let outputs: Vec<&doc::Variable> = head.outputs.iter().collect();
        let output_sequence = Some(self.sequence(element, &outputs)?);
        let mut completions = Vec::new();
        for mapping in &task.completed {
            completions.push(CompletionMapping {
                query: self.query(element, &mapping.query)?,
                variable: self.variable(element, &mapping.maps_to, places)?,
            });
        }
        if let Some(output) = single_instance(task).and_then(|multi| multi.output.as_ref()) {
            completions.push(CompletionMapping {
                query: self.query(element, &output.formal_query)?,
                variable: self.variable(element, &output.variable, places)?,
            });
        }
        let skips = head.attributes.get("skipOutboundSchemaValidation");
        let root =
            if version.uses_simple_root_data() { "data".to_owned() } else { head.id.clone() };
        Some(TaskData {
            empty_input: format!("<{root}></{root}>").into(),
            empty_output: format!("<{root}/>").into(),
            root,
            inputs: inputs?,
            outputs: outputs.into_iter().map(output).collect(),
            output_sequence,
            // Beta 2 and Beta 3 do not check what comes out of a task (`reference 4.5`).
            checks_output: !version.uses_simple_root_data(),
            completions,
            enablement: self.enablement(element, task, decomposition)?,
            skips_input_validation: skips.is_some_and(|text| text.eq_ignore_ascii_case("true"))
                || matches!(decomposition, Decomposition::Net(_)) && !version.validates_data(),
        })
    }

    /// The parameters that an enabled item shows, with their queries.
    fn enablement(
        &mut self,
        element: &str,
        task: &doc::Task,
        decomposition: &doc::Decomposition,
    ) -> Option<Vec<Input>> {
        let Decomposition::Gateway(gateway) = decomposition else { return Some(Vec::new()) };
        let mut inputs = Vec::new();
        for mapping in &task.enablement {
            let named = gateway.enablement.iter().find(|it| it.name == mapping.maps_to);
            let sequence = match named {
                Some(parameter) if self.specification.schema_version.validates_data() => {
                    Some(self.sequence(element, &[parameter])?)
                }
                Some(_) | None => None,
            };
            inputs.push(Input {
                name: mapping.maps_to.clone(),
                query: Some(self.query(element, &mapping.query)?),
                sequence,
                required: true,
                is_output: false,
            });
        }
        Some(inputs)
    }

    fn input(
        &mut self,
        element: &str,
        parameter: &doc::Variable,
        (task, head): (&doc::Task, &doc::Head),
    ) -> Option<Input> {
        let formal = single_instance(task).map(|multi| &multi.input);
        let mapped = task.starting.iter().find(|mapping| mapping.maps_to == parameter.name);
        let text = mapped.map(|mapping| &mapping.query).or_else(|| {
            formal
                .filter(|input| input.formal_parameter == parameter.name)
                .map(|input| &input.query)
        });
        let query = match text {
            Some(text) => Some(self.query(element, text)?),
            None => None,
        };
        let sequence = match self.specification.schema_version.validates_data() {
            true => Some(self.sequence(element, &[parameter])?),
            false => None,
        };
        Some(Input {
            name: parameter.name.clone(),
            query,
            sequence,
            required: parameter.is_required(),
            is_output: head.outputs.iter().any(|output| output.name == parameter.name),
        })
    }

    fn variable(
        &mut self,
        element: &str,
        name: &str,
        places: &Places<'s>,
    ) -> Option<VariableIndex> {
        let variable = places.variables.get(name).copied();
        if variable.is_none() {
            let message = format!("{name:?} is no variable of net {:?}", places.net.head.id);
            let finding = Finding::error(element, "mapping-target", message);
            self.findings
                .push(finding.remedy("map to a local variable or an input parameter of the net"));
        }
        variable
    }

    /// `None` inside where the maximum is the literal 1: one instance, no splitting.
    #[allow(clippy::option_option, reason = "the outer level is failure, the inner one absence")]
    pub(super) fn multi(
        &mut self,
        element: &str,
        multi: &doc::MultiInstance,
        places: &Places<'s>,
    ) -> Option<Option<Multi>> {
        if !is_multiple(multi) {
            return Some(None);
        }
        let output = match &multi.output {
            Some(output) => Some(MultiOutput {
                formal: self.query(element, &output.formal_query)?,
                joining: self.query(element, &output.joining)?,
                variable: self.variable(element, &output.variable, places)?,
            }),
            None => None,
        };
        Some(Some(Multi {
            minimum: self.count(element, &multi.minimum)?,
            maximum: self.count(element, &multi.maximum)?,
            threshold: self.count(element, &multi.threshold)?,
            is_dynamic: multi.creation == doc::Creation::Dynamic,
            query: self.query(element, &multi.input.query)?,
            splitting: self.query(element, &multi.input.splitting)?,
            parameter: multi.input.formal_parameter.clone(),
            output,
        }))
    }

    fn count(&mut self, element: &str, text: &str) -> Option<Count> {
        if let Ok(count) = text.trim().parse::<u64>() {
            return Some(Count::Literal(u32::try_from(count).unwrap_or(u32::MAX)));
        }
        self.query(element, text).map(Count::Query)
    }

    pub(super) fn timer(
        &mut self,
        element: &str,
        timer: &doc::Timer,
        places: &Places<'s>,
    ) -> Option<Timer> {
        match timer {
            doc::Timer::Variable(name) => self.variable(element, name, places).map(Timer::Variable),
            doc::Timer::Set { trigger, expiry, work_days } => {
                if let Expiry::Duration(text) = expiry
                    && let Err(error) = calendar::Duration::parse(text)
                {
                    let finding = Finding::error(element, "timer-duration", error.to_string());
                    self.findings.push(finding.remedy("write an xs:duration such as P2DT12H"));
                    return None;
                }
                Some(Timer::Set {
                    trigger: *trigger,
                    expiry: expiry.clone(),
                    work_days: *work_days,
                })
            }
        }
    }
}

/// The multiple-instance part of a task that never has more than one instance.
fn single_instance(task: &doc::Task) -> Option<&doc::MultiInstance> {
    task.multi_instance.as_ref().filter(|multi| !is_multiple(multi))
}

/// `reference 2.7`: multiple only if the maximum is a query or a literal above 1.
fn is_multiple(multi: &doc::MultiInstance) -> bool {
    multi.maximum.trim().parse::<u64>() != Ok(1)
}

fn output(parameter: &doc::Variable) -> Output {
    Output {
        name: parameter.name.clone(),
        default: parameter.default_value.clone(),
        stand_in: stand_in(&parameter.type_ref),
    }
}
