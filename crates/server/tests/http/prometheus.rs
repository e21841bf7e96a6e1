//! A real Prometheus scrapes a server and evaluates what existing alerts ask, word for word.
//!
//! Needs `prometheus` and `promtool` (Debian's package `prometheus`); without them the test says so and passes.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::{
    fleet::{RESULT, become_, claim, launch, life, publish, register, renew, search},
    site::{Deadline, Site},
};

/// Prometheus may find its port taken by then: it is started again on another.
const STARTS_MAX: usize = 3;

/// What an expression must give on a node that is well.
#[derive(Clone, Copy, Debug)]
enum Gives {
    /// No series: the alert does not fire.
    Nothing,
    /// So many series, each a number.
    Numbers(usize),
    /// One series with this value.
    Value(f64),
}
use Gives::{Nothing, Numbers, Value as Exactly};

/// Alerts as they are written in the seeds (A18 to A38, those about M21 to M57), with and without their thresholds.
const EXPRESSIONS: &[(&str, &str, Gives)] = &[
    (
        "A18",
        "histogram_quantile(0.95, sum(rate(yawl_heartbeat_latency_ms_bucket[5m])) by (le)) > 1e9",
        Nothing,
    ),
    (
        "A18",
        "histogram_quantile(0.95, sum(rate(yawl_heartbeat_latency_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    (
        "A19",
        "(sum(rate(yawl_heartbeat_renewal_success{outcome=\"success\"}[5m])) / sum(rate(yawl_heartbeat_renewal_success[5m]))) < 0.995",
        Nothing,
    ),
    (
        "A19",
        "sum(rate(yawl_heartbeat_renewal_success{outcome=\"success\"}[5m])) / sum(rate(yawl_heartbeat_renewal_success[5m]))",
        Exactly(1.0),
    ),
    (
        "A20",
        "histogram_quantile(0.95, sum(rate(yawl_marketplace_query_latency_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    (
        "A21",
        "(yawl_marketplace_live_agents_count / (yawl_marketplace_live_agents_count offset 10m)) < 0.95",
        Nothing,
    ),
    ("M28", "yawl_marketplace_live_agents_count", Exactly(2.0)),
    ("A22", "yawl_discovery_backoff_cycles > 5", Nothing),
    ("M54", "yawl_discovery_backoff_cycles", Exactly(1.0)),
    ("A23", "rate(yawl_agent_reconnect_count[5m]) > (1000000/300)", Nothing),
    ("M35", "rate(yawl_agent_reconnect_count[5m])", Numbers(3)),
    (
        "A24",
        "histogram_quantile(0.95, sum(rate(yawl_etcd_query_latency_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    (
        "D5.1",
        "histogram_quantile(0.99, sum(rate(yawl_etcd_query_latency_ms_bucket[5m])) by (le, query_type))",
        Numbers(4),
    ),
    ("A25", "yawl_etcd_replication_lag_ms{member_role=\"follower\"} > 500", Nothing),
    ("A34", "yawl_etcd_replication_lag_ms > 500", Nothing),
    ("M48", "yawl_etcd_replication_lag_ms", Exactly(0.0)),
    ("A26", "etcd_server_has_leader == 0", Nothing),
    ("M52", "etcd_server_has_leader", Exactly(1.0)),
    ("A29", "yawl_http_client_connections_pending > 500", Nothing),
    ("M42", "yawl_http_client_connections_pending", Exactly(0.0)),
    ("M45", "yawl_http_client_pool_utilization_percent", Exactly(0.0)),
    ("A32", "yawl_agent_backoff_level > 5", Nothing),
    ("A33", "rate(yawl_http_client_connection_timeout_count[5m]) > 0.1", Nothing),
    // rate() of a gauge, as it was written: it loads, and says little.
    ("A35", "rate(yawl_discovery_polling_load_reduction_percent[1m]) > 80", Nothing),
    ("A35 meant", "yawl_discovery_polling_load_reduction_percent > 80", Nothing),
    ("M56", "yawl_discovery_polling_load_reduction_percent", Exactly(50.0)),
    ("A37", "yawl_heartbeat_executor_queue_depth > 1000", Nothing),
    ("M21", "yawl_heartbeat_executor_queue_depth", Exactly(0.0)),
    ("M22", "yawl_heartbeat_executor_active_threads", Numbers(1)),
    (
        "A38",
        "histogram_quantile(0.95, sum(rate(yawl_marketplace_index_sync_time_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    (
        "A39",
        "histogram_quantile(0.95, sum(rate(yawl_agent_state_duration_ms_bucket{state=\"DISCOVERING\"}[5m])) by (le))",
        Numbers(1),
    ),
    ("M24", "rate(yawl_heartbeat_throughput_per_sec[5m])", Numbers(1)),
    ("M26", "rate(yawl_heartbeat_executor_task_count[1m])", Numbers(1)),
    ("M30", "rate(yawl_marketplace_publish_count[5m])", Numbers(2)),
    ("M31", "yawl_marketplace_unpublish_count", Exactly(1.0)),
    // One metric, asked for in both ways.
    (
        "M32",
        "histogram_quantile(0.95, sum(rate(yawl_marketplace_liveness_filter_duration_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    ("M32", "yawl_marketplace_liveness_filter_duration_ms{quantile=\"0.95\"}", Numbers(1)),
    ("M33-M34", "yawl_agent_created_total - yawl_agent_stopped_total", Exactly(2.0)),
    ("M37", "yawl_agent_discovery_attempts{outcome=\"no_work\"}", Exactly(2.0)),
    (
        "M39-M40",
        "sum(yawl_agent_work_item_checkout_count) - sum(yawl_agent_work_item_checkin_count)",
        Exactly(0.0),
    ),
    ("M50", "yawl_etcd_watch_stream_count", Exactly(0.0)),
    ("M51", "yawl_etcd_db_size_bytes > 0", Numbers(1)),
    (
        "M53",
        "histogram_quantile(0.99, sum(rate(yawl_discovery_backoff_sleep_time_ms_bucket[5m])) by (le))",
        Numbers(1),
    ),
    (
        "M53",
        "count(yawl_discovery_backoff_sleep_time_ms_count{agent_id_sample=~\"[0-9]+\"})",
        Exactly(8.0),
    ),
    ("M55", "yawl_discovery_agents_in_backoff", Exactly(1.0)),
    ("M57", "yawl_discovery_empty_result_consecutive", Exactly(2.0)),
    ("M68", "up{job=\"yawl-engine\"}", Exactly(1.0)),
];

#[test]
fn literal_expressions_of_existing_alerts_evaluate() {
    let Some(version) = version_of("prometheus").and_then(|_| version_of("promtool")) else {
        eprintln!("skipped: no prometheus or promtool in PATH; apt-get install prometheus");
        return;
    };
    eprintln!("with {version}");
    let directory = tempfile::tempdir().unwrap();
    let site = Site::with_examples();
    check_rules(directory.path());
    site.run(register(&site.node(), &["ann", "bob"]));
    let prometheus = Prometheus::start(&site, directory.path());
    // A rate needs what comes between two scrapes.
    prometheus.until("count_over_time(up[5m]) >= 2");
    drive(&site);
    let scraped = "yawl_agent_work_item_checkin_count{outcome=\"success\"} == 1";
    prometheus.until(scraped);
    prometheus.until("changes(yawl_agent_state_duration_ms_count{state=\"DISCOVERING\"}[5m]) >= 1");
    for (id, expression, gives) in EXPRESSIONS {
        let got = prometheus.query(expression);
        let values: Vec<f64> = got.iter().map(value).collect();
        let is_right = match gives {
            Nothing => values.is_empty(),
            Numbers(series) => values.len() == *series,
            Exactly(wanted) => values == [*wanted],
        };
        assert!(is_right, "{id}: {expression} gives {values:?} of {got:?}, not {gives:?}");
    }
    prometheus.rules_are_well();
}

/// A little of everything that the expressions ask for.
fn drive(site: &Site) {
    let node = site.node();
    for agent in ["ann", "bob"] {
        site.run(publish(&node, life(&node, agent))).unwrap();
    }
    assert_eq!(site.run(renew(&node, vec![life(&node, "ann"), life(&node, "bob")])), 2);
    assert_eq!(search(&node), 2);
    site.run(node.unpublish(life(&node, "bob"))).unwrap();
    launch(site, 1);
    let held = site.run(claim(&node, "ann", 0)).items.pop().unwrap();
    let case = node::case_of_item(&held.item).unwrap();
    let command =
        node::Command::CompleteHeld { item: held.item, data: RESULT.to_owned(), epoch: held.epoch };
    site.run(node.command(&case, None, command)).unwrap();
    for _ in 0..2 {
        site.run(claim(&node, "bob", 0));
    }
    for state in
        [agents::registry::AgentState::Discovering, agents::registry::AgentState::Processing]
    {
        site.run(become_(&node, "ann", state));
    }
}

fn version_of(program: &str) -> Option<String> {
    let Output { stdout, stderr, .. } = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    text.lines().next().map(str::to_owned)
}

/// Every expression as a rule, for `promtool` and for the server that reads it.
fn check_rules(directory: &Path) {
    let rules: Vec<Value> = EXPRESSIONS
        .iter()
        .enumerate()
        .map(|(number, (_, expression, _))| json!({ "alert": format!("Rule{number}"), "expr": expression }))
        .collect();
    let file = directory.join("rules.yml");
    // JSON is YAML.
    let text = json!({ "groups": [{ "name": "contract", "rules": rules }] }).to_string();
    fs::write(&file, text).unwrap();
    let checked = Command::new("promtool").args(["check", "rules"]).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{said}{}", String::from_utf8_lossy(&checked.stderr));
    assert!(said.contains(&format!("{} rules found", EXPRESSIONS.len())), "{said}");
}

fn value(series: &Value) -> f64 {
    series["value"][1].as_str().unwrap().parse().unwrap()
}

/// A running Prometheus. Killed when dropped.
struct Prometheus {
    child: Child,
    address: String,
}

impl Prometheus {
    fn start(site: &Site, directory: &Path) -> Self {
        let config = json!({
            "global": { "scrape_interval": "200ms", "evaluation_interval": "1s" },
            "rule_files": [directory.join("rules.yml")],
            "scrape_configs": [{
                "job_name": "yawl-engine",
                "metrics_path": "/actuator/prometheus",
                "static_configs": [{ "targets": [site.addresses.management.to_string()] }],
            }],
        });
        fs::write(directory.join("prometheus.yml"), config.to_string()).unwrap();
        (0..STARTS_MAX)
            .find_map(|attempt| Self::try_start(directory, attempt))
            .expect("prometheus starts on a free port")
    }

    fn try_start(directory: &Path, attempt: usize) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let log = fs::File::create(directory.join(format!("log-{attempt}"))).unwrap();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", directory.join("prometheus.yml").display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                directory.join(format!("data-{attempt}")).display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .current_dir(directory)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut prometheus = Self { child, address };
        let deadline = Deadline::begin();
        while prometheus.child.try_wait().unwrap().is_none() {
            if prometheus.get("/-/ready", &[]).is_some() {
                return Some(prometheus);
            }
            assert!(!deadline.is_over(), "prometheus is not ready");
        }
        None
    }

    fn get(&self, path: &str, query: &[(&str, &str)]) -> Option<String> {
        let url = format!("http://{}{path}", self.address);
        let mut answer = ureq::get(url).query_pairs(query.iter().copied()).call().ok()?;
        answer.body_mut().read_to_string().ok()
    }

    /// The series that an expression gives now.
    fn query(&self, expression: &str) -> Vec<Value> {
        let text = self.get("/api/v1/query", &[("query", expression)]);
        let text = text.unwrap_or_else(|| panic!("{expression} is refused"));
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        answer["data"]["result"].as_array().unwrap().clone()
    }

    #[track_caller]
    fn until(&self, expression: &str) {
        let deadline = Deadline::begin();
        while self.query(expression).is_empty() {
            assert!(!deadline.is_over(), "{expression} gives nothing");
        }
    }

    /// The rules were read, and none that was evaluated had an error.
    fn rules_are_well(&self) {
        let answer: Value = serde_json::from_str(&self.get("/api/v1/rules", &[]).unwrap()).unwrap();
        let rules = answer["data"]["groups"][0]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), EXPRESSIONS.len());
        for rule in rules {
            assert_ne!(rule["health"], "err", "{rule}");
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
