//! Every exported metric, its name and its source. The names are a contract; `docs/metrics.md` lists them with their
//! meaning, and a test holds the list against what is exported.

mod agents;
mod client;

use std::time::Duration;

use node::telemetry::{Gauge, Telemetry};
use tokio::time::timeout;

use super::{
    exposition::{Family, Sample},
    process::Process,
};
use crate::app::App;

/// How long the desk may take to say how discovery fares: a scrape must not hang on it.
const DISCOVERY_WAIT: Duration = Duration::from_secs(2);

/// All families, in the order in which they are shown.
pub(super) async fn families(app: &App) -> Vec<Family> {
    let telemetry = app.node.telemetry();
    let discovery = timeout(DISCOVERY_WAIT, app.node.discovery()).await;
    let discovery = discovery.ok().and_then(Result::ok);
    let mut families = contract(telemetry);
    families.extend(agents::families(app, discovery.as_ref()));
    families.extend(client::families(&app.outgoing));
    families.extend(partitions(telemetry));
    families.extend(edge(app));
    families.extend(Process::read().iter().flat_map(process));
    families
}

fn contract(telemetry: &Telemetry) -> Vec<Family> {
    vec![
        Family::gauge(
            "yawl_active_cases",
            "Cases that have not ended.",
            number(telemetry.cases_active.get()),
        ),
        Family::histogram(
            "yawl_case_create_duration_ms",
            "From the request for a case to its durable answer.",
            telemetry.case_create_ms.read(),
        ),
        Family::counter(
            "yawl_cases_created_total",
            "Cases created.",
            number(telemetry.cases_created.get()),
        ),
        Family::histogram(
            "yawl_work_item_checkout_duration_ms",
            "From the request for a work item to its durable answer.",
            telemetry.checkout_ms.read(),
        ),
    ]
}

fn partitions(telemetry: &Telemetry) -> Vec<Family> {
    let counters = [
        ("yawl_cases_ended_total", "Cases ended, however.", &telemetry.cases_ended),
        ("yawl_commands_total", "Commands decided, refused ones included.", &telemetry.commands),
        ("yawl_command_refusals_total", "Commands refused by the rules.", &telemetry.refusals),
        (
            "yawl_commands_overloaded_total",
            "Commands turned away at a full inbox.",
            &telemetry.overloaded,
        ),
        (
            "yawl_commands_repeated_total",
            "Commands answered by their known id.",
            &telemetry.repeated,
        ),
        ("yawl_items_claimed_total", "Work items handed out.", &telemetry.items_claimed),
        ("yawl_leases_expired_total", "Leases that nobody renewed.", &telemetry.leases_expired),
        ("yawl_timers_fired_total", "Timers fired.", &telemetry.timers_fired),
        ("yawl_log_bytes_total", "Bytes appended to the logs.", &telemetry.bytes_appended),
        ("yawl_log_records_total", "Records appended to the logs.", &telemetry.records_appended),
        ("yawl_snapshots_total", "Snapshots written.", &telemetry.snapshots),
        ("yawl_cases_evicted_total", "Cases moved out of memory.", &telemetry.cases_evicted),
        ("yawl_cases_reloaded_total", "Cases read back from the log.", &telemetry.cases_reloaded),
    ];
    let mut families: Vec<_> = counters
        .into_iter()
        .map(|(name, help, counter)| Family::counter(name, help, number(counter.get())))
        .collect();
    families.push(Family::histogram(
        "yawl_work_item_checkin_duration_ms",
        "From a result to its durable answer.",
        telemetry.checkin_ms.read(),
    ));
    families.push(Family::histogram(
        "yawl_log_append_duration_ms",
        "One write to a log with its fsync.",
        telemetry.append_ms.read(),
    ));
    families.push(Family::histogram(
        "yawl_log_batch_records",
        "Records under one fsync.",
        telemetry.batch_records.read(),
    ));
    families.push(Family::gauge(
        "yawl_cases_hot",
        "Cases in memory.",
        number(telemetry.cases_hot.get()),
    ));
    families.push(Family::gauges(
        "yawl_inbox_depth",
        "Commands that wait, by partition.",
        telemetry.inbox_depth.iter().enumerate().map(by_partition).collect(),
    ));
    families
}

fn by_partition((index, gauge): (usize, &Gauge)) -> Sample<f64> {
    Sample::of("partition", index.to_string(), number(gauge.get()))
}

fn edge(app: &App) -> Vec<Family> {
    let streams = app.streams.open() + app.session_streams.open();
    vec![
        Family::gauge("yawl_event_streams_open", "Event streams that are open.", number(streams)),
        Family::gauge(
            "yawl_start_duration_seconds",
            "How long recovery took at start-up.",
            app.recovered.took.as_secs_f64(),
        ),
    ]
}

fn process(process: &Process) -> Vec<Family> {
    let Process { cpu_seconds, resident_bytes, open_fds, max_fds, threads, started } = *process;
    vec![
        Family::counter("process_cpu_seconds_total", "User and system CPU time.", cpu_seconds),
        Family::gauge("process_resident_memory_bytes", "Resident memory.", resident_bytes),
        Family::gauge("process_open_fds", "Open file descriptors.", open_fds),
        Family::gauge("process_max_fds", "Limit of open file descriptors.", max_fds),
        Family::gauge("process_threads", "Threads.", threads),
        Family::gauge("process_start_time_seconds", "Start, in seconds since 1970.", started),
    ]
}

#[allow(
    clippy::cast_precision_loss,
    reason = "Prometheus numbers are floats; counts beyond 2^53 lose digits"
)]
fn number(count: u64) -> f64 {
    count as f64
}
