//! Tasks.

use crate::{
    read::MULTI_INSTANCE_TASK_TYPE,
    specification::{Creation, Expiry, Gate, Mapping, MultiInstance, Task, Timer, Trigger},
};

use super::{net::flows, review, sink::Sink};

pub(super) fn write(task: &Task, sink: &mut Sink) {
    let mut attributes = vec![("id", task.id.as_str())];
    if task.multi_instance.is_some() {
        attributes.push(("xsi:type", MULTI_INSTANCE_TASK_TYPE));
    }
    sink.nest("task", &attributes, |sink| {
        sink.optional("name", task.name.as_deref());
        sink.optional("documentation", task.documentation.as_deref());
        flows(&task.flows, sink);
        sink.empty("join", &[("code", code(task.join))]);
        sink.empty("split", &[("code", code(task.split))]);
        sink.raw(task.default_configuration.as_deref());
        sink.raw(task.configuration.as_deref());
        task.removes.iter().for_each(|id| sink.empty("removesTokens", &[("id", id)]));
        for (from, to) in &task.removes_from_flows {
            sink.nest("removesTokensFromFlow", &[], |sink| {
                sink.empty("flowSource", &[("id", from)]);
                sink.empty("flowDestination", &[("id", to)]);
            });
        }
        mappings("startingMappings", &task.starting, sink);
        mappings("completedMappings", &task.completed, sink);
        mappings("enablementMappings", &task.enablement, sink);
        if let Some(timer) = &task.timer {
            sink.nest("timer", &[], |sink| write_timer(timer, sink));
        }
        sink.raw(task.resourcing.as_deref());
        sink.optional("customForm", task.custom_form.as_deref());
        if let Some(id) = &task.decomposes_to {
            sink.empty("decomposesTo", &[("id", id)]);
        }
        if let Some(multi_instance) = &task.multi_instance {
            instances(multi_instance, sink);
        }
        if let Some(binding) = &task.binding {
            review::binding(binding, sink);
        }
    });
}

fn code(gate: Gate) -> &'static str {
    match gate {
        Gate::And => "and",
        Gate::Or => "or",
        Gate::Xor => "xor",
    }
}

fn mappings(element: &str, mappings: &[Mapping], sink: &mut Sink) {
    if mappings.is_empty() {
        return;
    }
    sink.nest(element, &[], |sink| {
        for mapping in mappings {
            sink.nest("mapping", &[], |sink| {
                sink.empty("expression", &[("query", &mapping.query)]);
                sink.leaf("mapsTo", &mapping.maps_to);
            });
        }
    });
}

fn write_timer(timer: &Timer, sink: &mut Sink) {
    match timer {
        Timer::Variable(name) => sink.leaf("netparam", name),
        Timer::Set { trigger, expiry, work_days } => {
            sink.leaf(
                "trigger",
                match trigger {
                    Trigger::OnEnabled => "OnEnabled",
                    Trigger::OnExecuting => "OnExecuting",
                },
            );
            match expiry {
                Expiry::At(milliseconds) => sink.leaf("expiry", &milliseconds.to_string()),
                Expiry::Duration(text) => sink.leaf("duration", text),
                Expiry::Ticks { count, interval } => sink.nest("durationparams", &[], |sink| {
                    sink.leaf("ticks", &count.to_string());
                    sink.leaf("interval", interval.as_str());
                }),
            }
            // Present means on: the reference never looks at the text.
            if *work_days {
                sink.leaf("workdays", "true");
            }
        }
    }
}

fn instances(multi: &MultiInstance, sink: &mut Sink) {
    sink.leaf("minimum", &multi.minimum);
    sink.leaf("maximum", &multi.maximum);
    sink.leaf("threshold", &multi.threshold);
    let creation = match multi.creation {
        Creation::Static => "static",
        Creation::Dynamic => "dynamic",
    };
    sink.empty("creationMode", &[("code", creation)]);
    sink.nest("miDataInput", &[], |sink| {
        sink.empty("expression", &[("query", &multi.input.query)]);
        sink.empty("splittingExpression", &[("query", &multi.input.splitting)]);
        sink.leaf("formalInputParam", &multi.input.formal_parameter);
    });
    if let Some(output) = &multi.output {
        sink.nest("miDataOutput", &[], |sink| {
            sink.empty("formalOutputExpression", &[("query", &output.formal_query)]);
            sink.empty("outputJoiningExpression", &[("query", &output.joining)]);
            sink.leaf("resultAppliedToLocalVariable", &output.variable);
        });
    }
}
