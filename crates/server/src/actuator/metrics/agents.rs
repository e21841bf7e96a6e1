//! M21 to M57 of the reference: heartbeats, marketplace, life of agents, registry, discovery.
//!
//! The names were made for a heap of threads, an etcd and a pool of pollers. `docs/metrics.md` says what each means
//! here; what has no meaning on one node is exported as what is true of it, such as a replication lag of nothing.

use agents::registry::AgentState;
use node::{
    Discovery, Handle,
    telemetry::{AgentTelemetry, Counter, Histogram},
};

use super::{
    super::exposition::{Family, Sample},
    number,
};
use crate::app::App;

/// What is counted of agents. Without `discovery` the desk did not answer, and what only it knows is left out: a gap
/// is true, an old value is not.
pub(super) fn families(app: &App, discovery: Option<&Discovery>) -> Vec<Family> {
    let telemetry = &app.node.telemetry().agents;
    let mut families = heartbeat(&app.node, telemetry);
    families.extend(marketplace(&app.node, telemetry));
    families.extend(life(telemetry, discovery));
    families.extend(registry(app, telemetry, discovery));
    families.extend(sleeps(telemetry));
    families.extend(discovery.into_iter().flat_map(lull));
    families
}

fn heartbeat(node: &Handle, telemetry: &AgentTelemetry) -> Vec<Family> {
    let (renewed, refused) = (telemetry.renewed.get(), telemetry.renewals_refused.get());
    let outcomes = [
        ("success", &telemetry.renewed),
        ("timeout", &telemetry.renewals_unanswered),
        ("error", &telemetry.renewals_refused),
    ];
    vec![
        Family::gauge(
            "yawl_heartbeat_executor_queue_depth",
            "Messages that wait at the desk.",
            number(node.desk_depth() as u64),
        ),
        Family::gauge(
            "yawl_heartbeat_executor_active_threads",
            "Threads of the desk that decide or write right now.",
            number(telemetry.threads_at_work.get()),
        ),
        Family::histogram(
            "yawl_heartbeat_latency_ms",
            "From a renewal to its durable answer.",
            telemetry.renewal_ms.read(),
        ),
        Family::counter(
            "yawl_heartbeat_throughput_per_sec",
            "Agents and sessions renewed; its rate is the throughput.",
            number(renewed),
        ),
        by("yawl_heartbeat_renewal_success", "Renewals by how they ended.", ("outcome", &outcomes)),
        Family::counter(
            "yawl_heartbeat_executor_task_count",
            "Renewals worked on, refused ones included.",
            number(renewed + refused),
        ),
    ]
}

fn marketplace(node: &Handle, telemetry: &AgentTelemetry) -> Vec<Family> {
    let (_, live, _) = node.agent_counts();
    let published =
        [("success", &telemetry.published), ("stale_check_fail", &telemetry.publish_refused)];
    vec![
        Family::histogram(
            "yawl_marketplace_query_latency_ms",
            "One query of the marketplace.",
            telemetry.query_ms.read(),
        ),
        Family::gauge(
            "yawl_marketplace_live_agents_count",
            "Registered agents that are live.",
            f64::from(live),
        ),
        Family::histogram(
            "yawl_marketplace_index_sync_time_ms",
            "Bringing the indexes up to what became durable, or making them anew.",
            telemetry.index_sync_ms.read(),
        ),
        by("yawl_marketplace_publish_count", "Listings published.", ("outcome", &published)),
        Family::counter(
            "yawl_marketplace_unpublish_count",
            "Listings taken back.",
            number(telemetry.unpublished.get()),
        ),
        Family::histogram_with_quantiles(
            "yawl_marketplace_liveness_filter_duration_ms",
            "One look that tells the live from the stale; queries read live lists only.",
            telemetry.liveness_ms.read(),
        ),
    ]
}

fn life(telemetry: &AgentTelemetry, discovery: Option<&Discovery>) -> Vec<Family> {
    let reconnects = [
        ("heartbeat_miss", &telemetry.reconnects_heartbeat_miss),
        ("discovery_restart", &telemetry.reconnects_discovery_restart),
        ("manual", &telemetry.reconnects_manual),
    ];
    // Nobody leaves STOPPED: the contract has no series for it.
    let states = telemetry.state_ms.iter().filter(|(state, _)| *state != AgentState::Stopped);
    let states =
        states.map(|(state, held)| Sample::of("state", state.as_str(), held.read())).collect();
    let attempts = [
        ("success", &telemetry.discovery.success),
        ("timeout", &telemetry.discovery.timeout),
        ("no_work", &telemetry.discovery.no_work),
    ];
    let checkins = [("success", &telemetry.checkins), ("error", &telemetry.checkin_errors)];
    let mut families = vec![
        Family::counter(
            "yawl_agent_created_total",
            "Lives of agents begun, those found at start-up included.",
            number(telemetry.created.get()),
        ),
        Family::counter(
            "yawl_agent_stopped_total",
            "Lives of agents ended: deregistered, dead, replaced.",
            number(telemetry.stopped.get()),
        ),
        by("yawl_agent_reconnect_count", "Agents that came back.", ("reason", &reconnects)),
        Family::histograms(
            "yawl_agent_state_duration_ms",
            "How long agents were in a state that they left.",
            states,
        ),
        by("yawl_agent_discovery_attempts", "Claims by how they ended.", ("outcome", &attempts)),
    ];
    families.extend(discovery.map(|discovery| {
        Family::gauge(
            "yawl_agent_backoff_level",
            "Mean back-off level of the agents that found nothing.",
            discovery.lull.level,
        )
    }));
    families.extend([
        Family::counter(
            "yawl_agent_work_item_checkout_count",
            "Work items handed out under a lease.",
            number(telemetry.checkouts.get()),
        ),
        by(
            "yawl_agent_work_item_checkin_count",
            "Holds by how they ended.",
            ("outcome", &checkins),
        ),
    ]);
    families
}

/// The registry is our own; the names are those of the etcd that others keep it in.
fn registry(app: &App, telemetry: &AgentTelemetry, discovery: Option<&Discovery>) -> Vec<Family> {
    let queries: [(&str, &Histogram); 4] = [
        ("heartbeat", &telemetry.renewal_ms),
        ("discovery", &telemetry.query_ms),
        ("publish", &telemetry.publish_ms),
        ("unpublish", &telemetry.unpublish_ms),
    ];
    let queries = queries.map(|(kind, took)| Sample::of("query_type", kind, took.read()));
    let member = vec![("member_id", app.member.clone()), ("member_role", "leader".to_owned())];
    let mut families = vec![
        Family::histograms(
            "yawl_etcd_query_latency_ms",
            "Operations of the registry, each to its durable answer.",
            queries.into(),
        ),
        Family::gauges(
            "yawl_etcd_replication_lag_ms",
            "How far this member is behind the leader: not at all, it is the leader.",
            vec![Sample { labels: member, value: 0.0 }],
        ),
        Family::counter(
            "yawl_etcd_leader_changes",
            "Changes of the leader: none, there is one member.",
            0.0,
        ),
    ];
    families.extend(discovery.map(|discovery| {
        Family::gauge(
            "yawl_etcd_watch_stream_count",
            "Subscriptions: claims that wait for work, and open event streams.",
            number(discovery.waiting as u64 + app.streams.open() + app.session_streams.open()),
        )
    }));
    families.extend(app.node.agents_bytes().map(|bytes| {
        let help = "Files of registry and marketplace, room kept for the log included.";
        Family::gauge("yawl_etcd_db_size_bytes", help, number(bytes))
    }));
    let has_leader = discovery.is_some() && app.node.fault().is_none();
    families.push(Family::gauge(
        "etcd_server_has_leader",
        "Whether the registry answers and no part of the node has failed.",
        f64::from(u8::from(has_leader)),
    ));
    families
}

fn sleeps(telemetry: &AgentTelemetry) -> [Family; 1] {
    // Samples are counted from 1.
    let samples = (1..).zip(&telemetry.backoff_sleep_ms);
    let sample = |(sample, sleeps): (u32, &Histogram)| {
        Sample::of("agent_id_sample", sample.to_string(), sleeps.read())
    };
    [Family::histograms(
        "yawl_discovery_backoff_sleep_time_ms",
        "Sleeps advised to agents that found nothing, by eighths of the agents.",
        samples.map(sample).collect(),
    )]
}

fn lull(discovery: &Discovery) -> [Family; 4] {
    let lull = &discovery.lull;
    [
        Family::gauge(
            "yawl_discovery_backoff_cycles",
            "Doublings of the sleep so far, mean over the agents that found nothing.",
            lull.level,
        ),
        Family::gauge(
            "yawl_discovery_agents_in_backoff",
            "Agents whose last claim found nothing.",
            number(lull.agents),
        ),
        Family::gauge(
            "yawl_discovery_polling_load_reduction_percent",
            "Claims that do not come because agents stay away longer than the base.",
            lull.reduction_percent,
        ),
        Family::gauge(
            "yawl_discovery_empty_result_consecutive",
            "Empty answers in a row, mean over the agents that found nothing.",
            lull.empties,
        ),
    ]
}

/// A counter in parts under the values of one label.
fn by(
    name: &'static str,
    help: &'static str,
    (label, parts): (&'static str, &[(&'static str, &Counter)]),
) -> Family {
    let sample = |(value, counter): &(&'static str, &Counter)| {
        Sample::of(label, *value, number(counter.get()))
    };
    Family::counters(name, help, parts.iter().map(sample).collect())
}
