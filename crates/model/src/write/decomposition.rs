//! Nets and gateways.

use crate::specification::{
    Decomposition, Gateway, Head, Interaction, LogPredicate, Net, Resourced, Service, Termination,
};

use super::{net, review, sink::Sink, variable};

pub(super) fn write(decomposition: &Decomposition, sink: &mut Sink) {
    let head = decomposition.head();
    let mut attributes = vec![("id", head.id.as_str())];
    let reviewed = match decomposition {
        Decomposition::Gateway(gateway) => gateway.review.as_deref().map(review::attributes),
        Decomposition::Net(_) => None,
    };
    let kind = match decomposition {
        Decomposition::Net(net) => {
            if net.is_root {
                attributes.push(("isRootNet", "true"));
            }
            if net.termination == Termination::Implicit {
                attributes.push(("ext:termination", "implicit"));
            }
            match net.resourced {
                Resourced::WhereAsked => {}
                Resourced::Everywhere => attributes.push(("ext:resourcing", "everywhere")),
                Resourced::Nowhere => attributes.push(("ext:resourcing", "nowhere")),
            }
            "NetFactsType"
        }
        Decomposition::Gateway(gateway) => {
            if let Some(capability) = &gateway.capability {
                attributes.push(("ext:capability", capability));
            }
            "WebServiceGatewayFactsType"
        }
    };
    let reviewed = reviewed.iter().flatten();
    attributes.extend(reviewed.map(|(name, value)| (*name, value.as_str())));
    attributes.push(("xsi:type", kind));
    attributes.extend(head.attributes.iter().map(|(name, value)| (&**name, &**value)));
    sink.nest("decomposition", &attributes, |sink| {
        write_head(head, sink);
        match decomposition {
            Decomposition::Net(net) => write_net(net, sink),
            Decomposition::Gateway(gateway) => write_gateway(gateway, sink),
        }
        sink.optional("codelet", head.codelet.as_deref());
        match (decomposition, head.interaction) {
            (Decomposition::Net(_) | Decomposition::Gateway(_), Interaction::Automated) => {
                sink.leaf("externalInteraction", "automated");
            }
            (Decomposition::Gateway(_), Interaction::Manual) => {
                sink.leaf("externalInteraction", "manual");
            }
            // The schema gives it to gateways only, and it is what absence means.
            (Decomposition::Net(_), Interaction::Manual) => {}
        }
    });
}

fn write_head(head: &Head, sink: &mut Sink) {
    sink.optional("name", head.name.as_deref());
    sink.optional("documentation", head.documentation.as_deref());
    head.inputs.iter().for_each(|input| variable::write("inputParam", input, sink));
    for query in &head.output_expressions {
        sink.empty("outputExpression", &[("query", query)]);
    }
    head.outputs.iter().for_each(|output| variable::write("outputParam", output, sink));
    log_predicate(&head.log_predicate, sink);
}

fn write_net(net: &Net, sink: &mut Sink) {
    net.locals.iter().for_each(|local| variable::write("localVariable", local, sink));
    sink.nest("processControlElements", &[], |sink| net::write(net, sink));
    sink.optional("externalDataGateway", net.external_data_gateway.as_deref());
}

fn write_gateway(gateway: &Gateway, sink: &mut Sink) {
    gateway.enablement.iter().for_each(|item| variable::write("enablementParam", item, sink));
    for Service { uri, documentation, wsdl_location, operation } in &gateway.services {
        sink.nest("yawlService", &[("id", uri)], |sink| {
            sink.optional("documentation", documentation.as_deref());
            sink.optional("wsdlLocation", wsdl_location.as_deref());
            sink.optional("operationName", operation.as_deref());
        });
    }
}

pub(super) fn log_predicate(predicate: &LogPredicate, sink: &mut Sink) {
    if *predicate == LogPredicate::default() {
        return;
    }
    sink.nest("logPredicate", &[], |sink| {
        sink.optional("start", predicate.start.as_deref());
        sink.optional("completion", predicate.completion.as_deref());
    });
}
