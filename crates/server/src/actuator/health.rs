//! Whether the process lives, takes work, and is well, component by component.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{admin, app::App, problem::Failure};

/// A full inbox refuses work anyway; from this share of it on, a balancer should prefer others.
const INBOX_SHARE_MAX: f64 = 0.95;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Up,
    Down,
}

/// The answer: the whole is up if all components are.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: Status,
    components: BTreeMap<&'static str, Component>,
}

#[derive(Debug, Serialize)]
struct Component {
    status: Status,
    details: Value,
}

impl Health {
    fn of(components: impl IntoIterator<Item = (&'static str, Component)>) -> Self {
        let components: BTreeMap<_, _> = components.into_iter().collect();
        let all_up = components.values().all(|component| component.status == Status::Up);
        Self { status: status(all_up), components }
    }

    pub(super) fn is_up(&self) -> bool {
        self.status == Status::Up
    }
}

fn status(up: bool) -> Status {
    if up { Status::Up } else { Status::Down }
}

/// A restart would help if this is down.
pub(super) fn liveness(app: &App) -> Health {
    Health::of([("partitions", partitions(app))])
}

/// No new work should be sent here while this is down.
pub(super) fn readiness(app: &App) -> Health {
    Health::of([
        ("partitions", partitions(app)),
        ("accepting", accepting(app)),
        ("inbox", inbox(app)),
    ])
}

/// Everything, with details.
pub(super) fn whole(app: &App) -> Health {
    Health::of([
        ("partitions", partitions(app)),
        ("accepting", accepting(app)),
        ("inbox", inbox(app)),
        ("recovery", recovery(app)),
    ])
}

/// Whether agents may ask for work: down while the circuit breaker of a class of clients is open.
pub(super) async fn discovery(app: &App) -> Result<Health, Failure> {
    let discovery = app.node.discovery().await?;
    let details = admin::show_discovery(&discovery, app.node.telemetry());
    let status = status(admin::circuit(&discovery) != "OPEN");
    Ok(Health::of([("discovery-backoff", Component { status, details })]))
}

fn partitions(app: &App) -> Component {
    let fault = app.node.fault();
    let details = json!({
        "count": app.node.telemetry().partitions(),
        "fault": fault.as_ref().map(ToString::to_string),
    });
    Component { status: status(fault.is_none()), details }
}

fn accepting(app: &App) -> Component {
    let stopping = app.node.is_stopping() || *app.stop.borrow();
    Component { status: status(!stopping), details: json!({ "stopping": stopping }) }
}

fn inbox(app: &App) -> Component {
    let depths: Vec<u64> =
        app.node.telemetry().inbox_depth.iter().map(|gauge| gauge.get()).collect();
    let deepest = depths.iter().copied().max().unwrap_or(0);
    #[allow(clippy::cast_precision_loss, reason = "a share does not need the last digits")]
    let share = deepest as f64 / app.inbox_max as f64;
    let details = json!({ "depth": depths, "max": app.inbox_max });
    Component { status: status(share < INBOX_SHARE_MAX), details }
}

/// Always up: a node that could not recover did not start.
fn recovery(app: &App) -> Component {
    let recovered = &app.recovered;
    let details = json!({
        "cases": recovered.cases,
        "open_cases": recovered.open_cases,
        "specifications": recovered.specifications,
        "records": recovered.records,
        "torn_bytes": recovered.torn_bytes,
        "snapshots_rejected": recovered.snapshots_rejected,
        "took_ms": u64::try_from(recovered.took.as_millis()).unwrap_or(u64::MAX),
    });
    Component { status: Status::Up, details }
}
